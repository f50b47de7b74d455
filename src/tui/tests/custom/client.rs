//! The form where somebody says how to sign in by OAuth 2.1.

use super::*;
use crate::domain::{
    AuthMethod, ManualRegistration, SignInOptions, SignInReport, Target, Timestamp,
};
use crate::protocol::{ConnectorView, Edit};

/// The form of a server that wants OAuth, with the fields open and the keys in the first.
fn open(width: u16, height: u16) -> Runner {
    let mut runner = detected(width, height, AuthKind::Oauth);
    runner.keys("<tab>Team wiki<tab><tab> <tab>");
    runner
}

const FILLED_IN: &str =
    "my-client<tab>canary-s3cret<tab>read write<tab>41763<tab>http://127.0.0.1:41763/cb<tab>";

fn options() -> SignInOptions {
    SignInOptions {
        client_id: Some("my-client".to_owned()),
        scopes: vec!["read".to_owned(), "write".to_owned()],
        callback_port: Some(41763),
        redirect_url: Some("http://127.0.0.1:41763/cb".to_owned()),
        ..SignInOptions::default()
    }
}

/// A connector that has them.
fn wiki() -> ConnectorView {
    let mut wiki = connector("wiki");
    wiki.auth = AuthKind::Oauth;
    wiki.method = AuthMethod::Oauth;
    wiki.status = Status::SignIn;
    wiki.target = Target::Http {
        url: "https://wiki.example.com/mcp".to_owned(),
        query: false,
    };
    wiki.sign_in_options = options();
    wiki
}

fn to_be_registered() -> ConnectorView {
    let mut wiki = wiki();
    wiki.sign_in_options = SignInOptions::default();
    wiki.sign_in_report = Some(SignInReport {
        at: Timestamp::parse("2026-11-22T13:00:00Z").unwrap(),
        fault: Fault::new(
            FaultKind::SignIn,
            "“as.example” registers no clients by itself",
        )
        .hint("then give its id: --client-id ID, and a secret if it has one"),
        steps: vec![],
        by_hand: Some(Box::new(ManualRegistration {
            issuer: "https://as.example".into(),
            documentation: Some("https://as.example/docs".to_owned()),
            redirect_url: Some("http://127.0.0.1:41763/callback".to_owned()),
            grants: vec![],
            scopes: vec![],
        })),
    });
    wiki
}

#[track_caller]
fn edited(runner: &mut Runner) -> Edit {
    match runner.worked().1 {
        Work::Edit(edit) => *edit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_fields_of_a_sign_in_look_like() {
    pictures!("custom_sign_in_folded", |w, h| {
        let mut runner = detected(w, h, AuthKind::Oauth);
        runner.keys("<tab><tab><tab>");
        runner
    });
    pictures!("custom_sign_in_fields", |w, h| {
        let mut runner = open(w, h);
        runner.keys(FILLED_IN);
        runner
    });
    pictures!("custom_sign_in_by_hand", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(vec![to_be_registered()]));
        runner.keys("e");
        runner
    });
}

#[test]
fn they_are_there_only_where_the_sign_in_is_by_oauth() {
    let runner = detected(80, 24, AuthKind::Bearer);
    runner.hides("Sign-in");
    let mut runner = detected(80, 24, AuthKind::Oauth);
    runner.shows("Sign-in           as the server says");
    runner.hides("Client id");
    runner.keys("<tab><tab><tab> ");
    runner.shows("Client id");
    runner.keys("<tab>mine<up><up><left>");
    runner.hides("Client id");
}

#[test]
fn what_is_filled_in_is_what_the_flags_of_the_command_line_would_say() {
    let mut runner = open(120, 40);
    runner.keys(FILLED_IN);
    runner.hides("canary-s3cret");
    assert!(!format!("{:?}", runner.model).contains("canary"));
    runner.keys("<alt-enter>");
    runner.shows("nothing is connected that you do not trust");
    runner.keys(" <alt-enter>");
    let Work::Add(add, None) = runner.worked().1 else {
        panic!("no addition");
    };
    assert_eq!(add.sign_in, options());
    assert_eq!(add.auth, AuthWanted::Given(AuthMethod::Oauth));
    let [(SecretName::ClientSecret, secret)] = &add.secrets[..] else {
        panic!("{:?}", add.secrets);
    };
    assert_eq!(secret.0.expose(), "canary-s3cret");
}

#[test]
fn with_nothing_filled_in_it_is_left_to_the_server() {
    let mut runner = open(120, 40);
    runner.keys("<alt-enter> <alt-enter>");
    let Work::Add(add, None) = runner.worked().1 else {
        panic!("no addition");
    };
    assert_eq!(add.sign_in, SignInOptions::default());
    assert_eq!(add.auth, AuthWanted::Auto);
    assert!(add.secrets.is_empty());
}

#[test]
fn what_is_wrong_is_named_at_its_field_even_when_folded() {
    let mut runner = open(120, 40);
    runner.keys("<tab>s3cret<tab><tab>99999<tab>http://me.example/");
    runner.shows("a secret belongs to a client: its id is needed");
    runner.shows("a port, 1 to 65535");
    runner.shows("https, or http on this machine");
    for _ in 0..5 {
        runner.keys("<up>");
    }
    runner.keys(" ");
    runner.hides("Client id");
    runner.keys("<alt-enter> <alt-enter>");
    assert!(
        runner
            .wanted()
            .iter()
            .all(|it| !matches!(it, Effect::Work(..)))
    );
    runner.shows("its id is needed");
}

#[test]
fn an_edit_shows_what_is_set_and_sends_it_whole_where_it_differs() {
    let mut runner = Runner::on(120, 40, snapshot(vec![wiki()]));
    runner.keys("e");
    runner.shows("a client of yours, 2 scopes, port 41763, redirect URL");
    runner.keys("<alt-enter>");
    assert_eq!(edited(&mut runner).sign_in, None, "nothing differs");
    let mut runner = Runner::on(120, 40, snapshot(vec![wiki()]));
    runner.keys("e<tab><tab><tab><tab> <tab>2<tab><tab> admin");
    runner.shows("empty: what the vault has stays");
    runner.keys("<alt-enter>");
    let edit = edited(&mut runner);
    let mut wanted = options();
    wanted.client_id = Some("my-client2".to_owned());
    wanted.scopes.push("admin".to_owned());
    assert_eq!(edit.sign_in, Some(wanted));
    assert!(edit.secrets.is_empty() && edit.auth.is_none());
}

#[test]
fn to_register_a_client_by_hand_leads_to_the_fields() {
    let mut runner = Runner::on(120, 40, snapshot(vec![to_be_registered()]));
    runner.keys("<enter><tab><tab><tab>");
    runner.shows("takes its id and secret, under Sign-in");
    runner.shows("e opens the form");
    runner.hides("--client-id");
    runner.keys("e");
    runner.shows("register callboard with \"https://as.example\"");
    runner.shows("http://127.0.0.1:41763/callback");
    // The keys are in the field at once.
    runner.keys("given<tab>s3cret<alt-enter>");
    let edit = edited(&mut runner);
    assert_eq!(edit.sign_in.unwrap().client_id.as_deref(), Some("given"));
    assert_eq!(edit.secrets[0].0, SecretName::ClientSecret);
}

#[test]
fn left_and_come_back_to_it_is_all_there_but_the_secret() {
    let mut runner = open(120, 40);
    runner.keys(FILLED_IN);
    runner.keys("<alt-1>");
    runner.shows("the secret in the form was wiped");
    runner.keys("3");
    runner.shows("[ my-client");
    runner.shows("[ read write");
    runner.hides("•••");
    let kept = crate::tui::place::keep(&mut runner.model);
    assert!(!kept.contains("canary"), "{kept}");
    let mut again = Runner::blank(120, 40);
    crate::tui::place::recall(&mut again.model, &kept).unwrap();
    again.event(EventKind::Snapshot(Box::new(snapshot(vec![]))));
    again.keys("<alt-3>");
    // How it signs in is found out anew.
    for effect in again.wanted() {
        if let Effect::Timer(timer @ Timer::Detect(_), _) = effect {
            again.timer(timer);
        }
    }
    let (ticket, _) = again.worked();
    let found = WorkEnd::Detection(Box::new(detection(AuthKind::Oauth)));
    again.end(ticket, Ok(found));
    again.shows("a client of yours, 2 scopes, port 41763, redirect URL");
}
