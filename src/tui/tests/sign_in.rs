//! Signing in: the box that waits, what it sends, and what becomes of it.

mod account;
mod closed;
mod links;
mod step_up;

use std::time::Duration;

use super::board::{all_kinds, connector, snapshot};
use super::runner::{Runner, pictures, wall};
use crate::domain::{
    AuthKind, AuthMethod, Consent, ConsentId, DeviceCode, Fault, FaultKind, Registration, Scope,
    Status,
};
use crate::protocol::{
    AddStep, ConnectorView, ConsentEnd, ConsentView, EventKind, SnapshotView, Step, StepState,
};
use crate::tui::effect::{Answer, Ask, Effect, Timer, Work, WorkEnd, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::theme::Signs;

/// What a browser ends at; the code in it is worth something.
const PASTED: &str = "http://127.0.0.1:41763/callback?code=canary-code-4711&state=s";

fn scope(name: &str, words: Option<&str>) -> Scope {
    Scope {
        name: name.into(),
        words: words.map(str::to_owned),
    }
}

fn address() -> String {
    format!(
        "https://linear.example/oauth/authorize?response_type=code&client_id=callboard-7f2a\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A41763%2Fcallback&scope=read+write\
         &state={}&code_challenge={}&code_challenge_method=S256\
         &resource=https%3A%2F%2Flinear.example.com%2Fmcp",
        "s".repeat(43),
        "c".repeat(43)
    )
}

/// A consent of `linear`, with four minutes left.
pub(super) fn consent(id: &str) -> ConsentView {
    let linear = connector("linear");
    ConsentView {
        id: ConsentId::new(id),
        connector: linear.id,
        name: linear.name,
        consent: Consent {
            id: ConsentId::new(id),
            url: Some(address()),
            host: "linear.example".to_owned(),
            issuer: "https://linear.example".into(),
            scopes: vec![
                scope("read", Some("read your data")),
                scope("write", Some("change your data")),
            ],
            added: vec![],
            redirect_url: Some("http://127.0.0.1:41763/callback".to_owned()),
            callback_port: Some(41763),
            device: None,
            registration: Registration::Dynamic,
            unadvertised_pkce: false,
            since: wall(),
            expires_at: wall().after(Duration::from_secs(230)),
        },
        steps: vec![],
        refused: None,
    }
}

fn with_device(mut view: ConsentView) -> ConsentView {
    view.consent.device = Some(DeviceCode {
        code: "WDJB-MJHT".into(),
        url: "https://linear.example/device".to_owned(),
        url_with_code: Some("https://linear.example/device?user_code=WDJB-MJHT".to_owned()),
        expires_at: view.consent.expires_at,
    });
    view
}

fn only_device() -> ConsentView {
    let mut view = with_device(consent("c-1"));
    view.consent.url = None;
    view.consent.redirect_url = None;
    view.consent.callback_port = None;
    view
}

fn linear() -> ConnectorView {
    let mut linear = connector("linear");
    linear.auth = AuthKind::Oauth;
    linear.method = AuthMethod::Oauth;
    linear.status = Status::SignIn;
    linear
}

fn board(consents: Vec<ConsentView>) -> SnapshotView {
    let mut board = snapshot(vec![linear(), connector("plays")]);
    board.consents = consents;
    board
}

fn on(width: u16, height: u16, consents: Vec<ConsentView>) -> Runner {
    Runner::on(width, height, board(consents))
}

fn one() -> Runner {
    let mut runner = on(80, 24, vec![consent("c-1")]);
    runner.keys("!");
    runner.wanted();
    runner
}

fn copied(runner: &mut Runner) -> Option<String> {
    runner.wanted().into_iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text),
        _ => None,
    })
}

fn refused() -> Fault {
    Fault::user("this is the address of the consent page, not of the page that it ends at")
        .hint("approve there first, then paste where the browser is then")
}

#[test]
fn what_a_sign_in_that_waits_looks_like() {
    pictures!("sign_in_waits_elsewhere", |w, h| on(
        w,
        h,
        vec![consent("c-1")]
    ));
    pictures!("sign_in_waits", |w, h| {
        let mut runner = on(w, h, vec![consent("c-1")]);
        runner.keys("!");
        runner
    });
    pictures!("sign_in_pasted_wrong", |w, h| {
        let mut runner = on(w, h, vec![consent("c-1")]);
        runner.keys("!");
        runner.paste(&address());
        runner.keys("<enter>");
        let (ticket, _) = runner.asked();
        runner.answer(ticket, Err(refused()));
        runner
    });
    pictures!("sign_in_device_too", |w, h| {
        let mut runner = on(w, h, vec![with_device(consent("c-1"))]);
        runner.keys("!");
        runner
    });
    pictures!("sign_in_device", |w, h| {
        let mut runner = on(w, h, vec![only_device()]);
        runner.keys("!");
        runner
    });
    pictures!("sign_in_more_scopes", |w, h| {
        let mut view = consent("c-1");
        view.consent.added = vec![scope("admin", Some("administer"))];
        view.consent.unadvertised_pkce = true;
        view.consent.callback_port = None;
        let mut runner = on(w, h, vec![view]);
        runner.keys("!");
        runner
    });
    pictures!("sign_in_qr", |w, h| {
        let mut runner = on(w, h, vec![consent("c-1")]);
        runner.keys("!Q");
        runner
    });
    pictures!("sign_in_qr_device", |w, h| {
        let mut runner = on(w, h, vec![with_device(consent("c-1"))]);
        runner.keys("!Q");
        runner
    });
    pictures!("sign_in_expired", |w, h| {
        let mut runner = on(w, h, vec![consent("c-1")]);
        runner.keys("!");
        runner.event(closed::of(ConsentEnd::Expired));
        runner
    });
    pictures!("sign_in_failed", |w, h| {
        let mut runner = on(w, h, vec![consent("c-1")]);
        runner.keys("!");
        runner.event(closed::of(ConsentEnd::Failed(closed::fault())));
        runner
    });
}

#[test]
fn plain_signs_are_enough_for_the_box_and_its_code() {
    let mut runner = on(120, 40, vec![with_device(consent("c-1"))]);
    runner.model.theme.signs = Signs::Ascii;
    runner.keys("!");
    let screen = runner.screen();
    assert!(screen.is_ascii(), "{screen}");
    runner.keys("Q");
    assert!(runner.screen().is_ascii());
    runner.shows("The address for another device");
    // The address itself is too large for blanks two by two.
    runner.keys("Q");
    runner.shows("needs");
    runner.shows("by");
    runner.keys("Q");
    runner.shows("Open this address");
}

#[test]
fn a_sign_in_begun_elsewhere_takes_no_keys_until_it_is_gone_to() {
    let mut runner = on(80, 24, vec![]);
    runner.event(EventKind::ConsentOpened(Box::new(consent("c-1"))));
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.shows("Waits for your yes at linear.example: 4 min left");
    runner.shows("! goes to this sign-in");
    runner.keys("!");
    assert_eq!(runner.model.focus, Focus::DockConsent);
    runner.keys("x");
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.shows("! goes to this sign-in");
    runner.keys("!<esc>");
    assert_eq!(runner.model.focus, Focus::Connectors);
    assert!(runner.asks().is_empty(), "leaving it ends nothing");
}

#[test]
fn a_sign_in_begun_here_shows_its_box_with_the_keys() {
    let mut runner = on(80, 24, vec![]);
    runner.keys("s");
    let (ticket, work) = runner.worked();
    let Work::Login(login) = work else {
        panic!("{work:?}");
    };
    assert_eq!((login.name.as_str(), login.device), ("linear", false));
    runner.shows("signing in");
    runner.event(EventKind::ConsentOpened(Box::new(consent("c-1"))));
    assert_eq!(runner.model.focus, Focus::DockConsent);
    runner.keys("x");
    // The same key goes back to it, and begins no other.
    runner.wanted();
    runner.keys("s");
    assert_eq!(runner.model.focus, Focus::DockConsent);
    assert!(
        runner
            .wanted()
            .iter()
            .all(|it| !matches!(it, Effect::Work(..)))
    );
    let mut signed_in = linear();
    signed_in.status = Status::Connected;
    runner.event(closed::of(ConsentEnd::SignedIn));
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(signed_in))));
    runner.shows("signed in");
    assert_eq!(runner.model.focus, Focus::Connectors);
}

/// The form connects a server that wants a sign-in, whose box is open.
fn from_the_form(width: u16, height: u16) -> Runner {
    let mut runner = super::custom::detected(width, height, AuthKind::Oauth);
    runner.keys("<tab>Team wiki<tab><tab><tab><tab> <alt-enter>");
    let (ticket, _) = runner.worked();
    for (name, state) in [
        (Step::Reach, StepState::Done),
        (Step::Negotiate, StepState::Done),
        (Step::SignIn, StepState::Started),
    ] {
        let step = AddStep {
            name,
            state,
            evidence: None,
            sign_in: None,
        };
        runner.step(ticket, WorkStep::Stage(step));
    }
    let mut view = consent("c-1");
    view.connector = connector("wiki").id;
    view.name = connector("wiki").name;
    runner.event(EventKind::ConsentOpened(Box::new(view)));
    runner
}

#[test]
fn the_form_that_connects_shows_its_stages_and_the_box() {
    pictures!("sign_in_from_the_form", from_the_form);
    let mut runner = from_the_form(120, 40);
    assert_eq!(runner.model.focus, Focus::DockConsent);
    runner.shows("sign in  ");
    let runner_80 = from_the_form(80, 24);
    runner_80.shows("wiki  wiki.example.com");
    runner_80.shows("● reach  ● negotiate");
    runner_80.shows("goes on with your answer below");
    runner.keys("x");
    runner.shows("Team wiki");
}

#[test]
fn whoever_types_meanwhile_keeps_the_keys() {
    let mut runner = on(80, 24, vec![]);
    runner.keys("s/pl");
    runner.event(EventKind::ConsentOpened(Box::new(consent("c-1"))));
    assert_eq!(runner.model.focus, Focus::ConnectorFilter);
}

#[test]
fn the_address_is_whole_copied_and_opened_as_it_is() {
    let runner = one();
    let screen = runner.screen();
    let joined: String = screen
        .lines()
        .map(|line| line.trim_matches(['┃', ' ']))
        .collect();
    assert!(joined.contains(&address()), "{screen}");
    let mut runner = one();
    runner.keys("c");
    assert_eq!(copied(&mut runner), Some(address()));
    runner.keys("s");
    let line = "ssh -L 41763:127.0.0.1:41763 you@this-host";
    assert_eq!(copied(&mut runner).as_deref(), Some(line));
    runner.keys("o");
    let wanted = runner.wanted();
    let Some(Effect::Browse(ticket, url)) = wanted.first() else {
        panic!("{wanted:?}");
    };
    assert_eq!(*url, address());
    let none = Fault::user("there is no browser here").hint("{copy-address} copies the address");
    runner.answer(*ticket, Err(none));
    runner.shows("there is no browser here");
    runner.shows("c copies the address");
}

#[test]
fn what_is_pasted_is_sent_once_and_stays_where_it_was_wrong() {
    let mut runner = one();
    runner.paste(PASTED);
    assert_eq!(runner.model.focus, Focus::DockPaste);
    runner.keys("<enter><enter>");
    let asks = runner.asks();
    let [(ticket, Ask::PasteLogin(sent))] = &asks[..] else {
        panic!("{asks:?}");
    };
    assert_eq!(sent.name, "linear");
    assert_eq!(sent.text.0.expose(), PASTED);
    runner.answer(*ticket, Err(refused()));
    runner.shows("this is the address of the consent page");
    runner.shows("approve there first");
    runner.shows("canary-code-4711");
    // Letters are typed, and no key of the box.
    runner.keys("oxX");
    assert!(runner.wanted().is_empty());
    runner.keys("<enter>");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Done));
    runner.shows("that is the answer");
}

#[test]
fn nothing_pasted_is_said_without_asking_the_board() {
    let mut runner = one();
    runner.keys("p<enter>");
    assert!(runner.asks().is_empty());
    runner.shows("nothing is pasted yet");
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::DockConsent);
}

#[test]
fn a_paste_answers_no_other_prompt() {
    let page = super::asked::page("https://pay.example/");
    let mut board = board(vec![consent("c-1")]);
    board.questions = vec![super::asked::question("q-1", page)];
    let mut runner = Runner::on(80, 24, board);
    runner.light();
    runner.keys("!");
    for _ in 0..2 {
        runner.light();
        if runner.model.focus == Focus::DockConsent {
            break;
        }
        runner.keys("<tab>");
    }
    runner.paste("y\ny");
    runner.keys("y<enter>");
    let asks = runner.asks();
    assert!(matches!(asks[..], [(_, Ask::PasteLogin(_))]), "{asks:?}");
}

#[test]
fn what_was_pasted_is_in_nothing_that_is_kept() {
    let mut runner = one();
    runner.paste(PASTED);
    runner.keys("<enter>");
    runner.shows("canary-code-4711");
    let kept = crate::tui::place::keep(&mut runner.model);
    assert!(!kept.contains("canary"), "{kept}");
    assert!(!kept.contains("linear.example/oauth"), "{kept}");
}

#[test]
fn the_minutes_are_counted_while_the_box_is_on_the_screen() {
    let mut runner = on(80, 24, vec![]);
    runner.event(EventKind::ConsentOpened(Box::new(consent("c-1"))));
    let wanted = runner.wanted();
    let minutes = |wanted: &[Effect]| {
        let timers = wanted.iter().filter_map(|effect| match effect {
            Effect::Timer(Timer::Minute(number), after) => Some((*number, *after)),
            _ => None,
        });
        timers.collect::<Vec<_>>()
    };
    // 3:50 are left: the fourth minute ends in fifty seconds.
    let [(number, after)] = minutes(&wanted)[..] else {
        panic!("{wanted:?}");
    };
    assert_eq!(after, Duration::from_secs(50));
    runner.keys("j");
    assert!(minutes(&runner.wanted()).is_empty(), "one timer is enough");
    runner.timer(Timer::Minute(number));
    assert_eq!(minutes(&runner.wanted()).len(), 1);
    runner.event(closed::of(ConsentEnd::SignedIn));
    runner.timer(Timer::Minute(number));
    assert!(minutes(&runner.wanted()).is_empty());
}

#[test]
fn hostile_words_stay_in_quotes_and_nothing_of_them_reaches_the_terminal() {
    let mut view = with_device(consent("c-1"));
    view.consent.scopes = vec![scope(
        "x\u{1b}]52;c;aGk=\u{7}\u{202e}\" Host good.example",
        None,
    )];
    view.consent.host = "xn--pypal-4ve.example".to_owned();
    if let Some(device) = &mut view.consent.device {
        device.code = "A\u{1b}[2J\u{200b}B".into();
    }
    let mut runner = on(120, 40, vec![view]);
    runner.keys("!");
    let screen = runner.screen();
    assert!(
        !screen.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}']),
        "{screen}"
    );
    runner.shows("asks for: \"x");
    runner.shows("letters that may look like others");
}

#[test]
fn what_came_to_the_port_and_was_no_answer_is_said() {
    let mut runner = one();
    let mut view = consent("c-1");
    view.refused = Some(Fault::new(
        FaultKind::User,
        "something came with another state",
    ));
    runner.event(EventKind::ConsentChanged(Box::new(view)));
    runner.shows("something came with another state");
}

#[test]
fn a_device_code_alone_has_no_line_to_paste_into() {
    let mut runner = on(80, 24, vec![only_device()]);
    runner.keys("!");
    runner.hides("p paste the answer");
    runner.paste(PASTED);
    runner.keys("p");
    assert_eq!(runner.model.focus, Focus::DockConsent);
    runner.keys("c");
    let link = "https://linear.example/device?user_code=WDJB-MJHT";
    assert_eq!(copied(&mut runner).as_deref(), Some(link));
}
