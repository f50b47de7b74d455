//! The tab that says how a connector signs in, and signing out.

use super::*;
use crate::domain::{
    Exchange, ManualRegistration, SignIn, SignInReport, SignInStage, SignInState, SignInStep,
    Timestamp,
};
use crate::protocol::{LoggedOut, Revocation};

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn signed_in() -> ConnectorView {
    let mut view = linear();
    view.status = Status::Connected;
    view.oauth = all_kinds().remove(1).oauth;
    view.sign_in = Some(SignIn {
        account: Some("oct\u{202e}ocat".into()),
        issuer: "https://linear.example".into(),
        resource: "https://linear.example.com/mcp".to_owned(),
        registration: Registration::Dynamic,
        client_id: "callboard-7f2a".into(),
        redirect_url: Some("http://127.0.0.1:41763/callback".to_owned()),
        scopes_asked: vec![
            scope("read", Some("read your data")),
            scope("write", Some("change your data")),
        ],
        scopes: vec![
            scope("read", Some("read your data")),
            scope("profile", None),
        ],
        expires_at: Some(time("2026-11-22T15:00:00Z")),
        refreshable: true,
        signed_in_at: time("2026-11-20T09:00:00Z"),
        refreshed_at: Some(time("2026-11-22T13:00:00Z")),
    });
    view
}

fn exchange(request: &str, answer: &str, means: &str) -> Exchange {
    Exchange {
        request: request.to_owned(),
        answer: answer.into(),
        means: means.to_owned(),
        curl: format!("curl -sS -i -X {}", request.replacen(' ', " '", 1) + "'"),
    }
}

fn step(stage: SignInStage, state: SignInState, exchanges: Vec<Exchange>) -> SignInStep {
    SignInStep {
        stage,
        state,
        exchanges,
        cause: None,
        cure: None,
    }
}

fn report() -> SignInReport {
    let resource = exchange(
        "GET https://linear.example.com/.well-known/oauth-protected-resource/mcp",
        "200, authorization_servers: https://linear.example",
        "the server names its authorization server",
    );
    let mut token = step(
        SignInStage::Token,
        SignInState::Failed,
        vec![exchange(
            "POST https://linear.example/token",
            "400, {\"error\":\"invalid_grant\u{1b}[2J\"}",
            "the code was used before, is too old, or is another client's",
        )],
    );
    token.cause = Some("The code is too old: it was pasted after its minute.".to_owned());
    token.cure = Some("sign in again, and paste at once".to_owned());
    SignInReport {
        at: wall().before(Duration::from_secs(300)),
        fault: closed::fault(),
        steps: vec![
            step(SignInStage::Resource, SignInState::Done, vec![resource]),
            step(SignInStage::Issuer, SignInState::Done, vec![]),
            step(SignInStage::Consent, SignInState::Done, vec![]),
            token,
        ],
        by_hand: None,
    }
}

fn failed() -> ConnectorView {
    let mut view = linear();
    view.sign_in_report = Some(report());
    view
}

fn shown(width: u16, height: u16, connector: ConnectorView) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(vec![connector]));
    runner.keys("<enter><tab><tab><tab>");
    runner
}

#[test]
fn what_the_sign_in_tab_shows() {
    pictures!("sign_in_tab_signed_in", |w, h| shown(w, h, signed_in()));
    pictures!("sign_in_tab_failed", |w, h| shown(w, h, failed()));
    pictures!("sign_in_tab_failed_further", |w, h| {
        let mut runner = shown(w, h, failed());
        runner.keys("G");
        runner
    });
    pictures!("sign_in_tab_by_hand", |w, h| {
        let mut view = failed();
        let report = view.sign_in_report.as_mut().unwrap();
        report.fault = Fault::new(
            FaultKind::SignIn,
            "linear.example registers no clients by itself",
        );
        report.steps.truncate(2);
        report.by_hand = Some(Box::new(ManualRegistration {
            issuer: "https://linear.example".into(),
            documentation: Some("https://linear.example/docs/oauth".to_owned()),
            redirect_url: Some("http://127.0.0.1:41763/callback".to_owned()),
            grants: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
            scopes: vec![scope("read", Some("read your data"))],
        }));
        shown(w, h, view)
    });
    pictures!("sign_in_signs_out", |w, h| {
        let mut runner = shown(w, h, signed_in());
        runner.keys("o");
        runner
    });
}

#[test]
fn what_was_asked_for_and_not_granted_is_set_apart() {
    let runner = shown(120, 40, signed_in());
    runner.shows("asked for and not granted: \"write\"");
    runner.shows("granted without being asked for: \"profile\"");
}

#[test]
fn the_line_that_repeats_the_failed_request_is_copied() {
    let mut runner = shown(80, 24, failed());
    runner.shows("y copy curl");
    runner.wanted();
    runner.keys("y");
    let curl = "curl -sS -i -X POST 'https://linear.example/token'";
    assert_eq!(copied(&mut runner).as_deref(), Some(curl));
    let mut runner = shown(80, 24, signed_in());
    runner.hides("copy curl");
    runner.keys("y");
    assert_eq!(copied(&mut runner), None);
}

#[test]
fn a_server_s_answer_in_a_report_controls_nothing() {
    let mut runner = shown(120, 40, failed());
    runner.keys("G");
    assert!(!runner.screen().contains('\u{1b}'));
}

#[test]
fn signing_out_is_asked_first_and_says_what_the_server_did() {
    let mut runner = shown(80, 24, signed_in());
    runner.wanted();
    runner.keys("o");
    assert_eq!(runner.model.focus, Focus::DockLogout);
    runner.keys("<esc>");
    assert!(runner.asks().is_empty());
    runner.keys("oy");
    let asks = runner.asks();
    let [(ticket, Ask::Logout(sent))] = &asks[..] else {
        panic!("{asks:?}");
    };
    assert_eq!(sent.name, "linear");
    let answer = LoggedOut {
        revocation: Revocation::NotOffered,
        connector: linear(),
    };
    runner.answer(*ticket, Ok(Answer::LoggedOut(Box::new(answer))));
    runner.shows("signed out of linear: the server offers no way to take tokens back");
    runner.keys("o");
    runner.shows("nobody is signed in");
}

#[test]
fn keys_of_a_sign_in_are_offered_where_there_is_one() {
    let mut runner = on(120, 40, vec![]);
    runner.shows("s sign in");
    runner.shows("sign-in needed; s signs in");
    runner.hides("o sign out");
    runner.keys("j");
    runner.hides("s sign in");
    runner.keys("s");
    runner.shows("plays signs in by nothing");
    let mut view = linear();
    view.oauth = all_kinds().remove(1).oauth.map(|mut needs| {
        needs.device = true;
        needs
    });
    let mut runner = Runner::on(120, 40, snapshot(vec![view]));
    runner.shows("d by device");
    runner.keys("d");
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Login(login) if login.device));
}
