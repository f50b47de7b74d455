//! The form of tab 3, filled in from the directory.

use super::board::{connector, snapshot};
use super::directory::{open, servers};
use super::runner::{Runner, pictures};
use crate::domain::{AuthKind, AuthMethod, Confidence, Detection, Evidence, Transport};
use crate::protocol::{Add, AuthWanted, SecretName, TargetWanted};
use crate::tui::effect::{Effect, Timer, Work, WorkEnd};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

/// The form filled in with the server whose title begins like this.
fn filled(width: u16, height: u16, title: &str) -> Runner {
    let mut runner = open(width, height, vec![connector("notes")], servers());
    runner.keys(&format!("/{title}<enter>a"));
    assert_eq!(runner.model.tab, Tab::Custom);
    runner
}

fn look_is_due(runner: &mut Runner) -> Option<Timer> {
    let mut timers = runner
        .wanted()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Timer(timer @ Timer::Detect(_), _) => Some(timer),
            _ => None,
        });
    timers.next_back()
}

/// The look is made and finds this.
fn found(runner: &mut Runner, auth: AuthKind) -> String {
    let timer = look_is_due(runner).expect("no look is due");
    runner.timer(timer);
    let (ticket, work) = runner.worked();
    let Work::Detect(look) = work else {
        panic!("no look");
    };
    let detection = Detection {
        // The board cuts a query before it says anything.
        url: look.url.split('?').next().unwrap().to_owned(),
        transport: Some(Transport::StreamableHttp),
        protocol: Some("2026-07-28".to_owned()),
        era: None,
        auth,
        confidence: Confidence::Certain,
        evidence: vec![Evidence {
            request: "POST /mcp server/discover".to_owned(),
            answer: "200".into(),
            means: "it answers".to_owned(),
        }],
        oauth: None,
        server: None,
    };
    runner.end(ticket, Ok(WorkEnd::Detection(Box::new(detection))));
    look.url
}

fn added(runner: &mut Runner) -> Add {
    let (_, work) = runner.worked();
    let Work::Add(add, None) = work else {
        panic!("not an addition of a server");
    };
    *add
}

fn url(add: &Add) -> &str {
    match &add.target {
        TargetWanted::Http { url } => url,
        TargetWanted::Program { .. } => panic!("a program"),
    }
}

#[test]
fn what_the_form_looks_like() {
    pictures!("from_directory", |w, h| {
        let mut runner = filled(w, h, "notes");
        found(&mut runner, AuthKind::Oauth);
        runner
    });
    pictures!("from_directory_with_variables", |w, h| {
        let mut runner = filled(w, h, "figures");
        runner.keys("acme<down> <down>s3cret");
        runner
    });
    pictures!("from_directory_with_headers", |w, h| {
        let mut runner = filled(w, h, "lookup");
        runner.keys("<alt-enter>");
        runner
    });
    pictures!("from_directory_with_a_token", |w, h| {
        let mut runner = filled(w, h, "deploy");
        found(&mut runner, AuthKind::None);
        runner
    });
}

#[test]
fn the_form_comes_filled_in_and_trust_is_still_to_be_said() {
    let mut runner = filled(80, 24, "notes");
    runner.shows("[ notes-2");
    runner.shows("https://notes.example.com/mcp");
    runner.shows("Search, read and write the pages");
    runner.shows("[ ] I trust notes.example.com");
    runner.shows("the directory says: OAuth 2.1");
    assert_eq!(
        found(&mut runner, AuthKind::Oauth),
        "https://notes.example.com/mcp"
    );
    runner.keys("<alt-enter>");
    assert!(runner.wanted().is_empty(), "nothing goes without trust");
    runner.keys(" <alt-enter>");
    let add = added(&mut runner);
    assert_eq!(add.name.as_str(), "notes-2");
    assert_eq!(add.auth, AuthWanted::Auto);
    assert!(add.trust && add.secrets.is_empty());
    assert_eq!(url(&add), "https://notes.example.com/mcp");
}

#[test]
fn another_address_of_the_server_is_a_choice_and_takes_trust_back() {
    let mut runner = filled(80, 24, "notes");
    runner.keys("<up><up> ");
    runner.shows("[x] I trust");
    runner.keys("<down><down><down>");
    runner.shows("(1 of 2) streamable-http");
    runner.keys("<right>");
    runner.shows("(2 of 2) sse");
    runner.shows("https://notes.example.com/sse");
    runner.shows("[ ] I trust notes.example.com");
}

#[test]
fn variables_are_fields_and_the_address_that_they_make_is_shown() {
    let mut runner = filled(100, 40, "figures");
    assert!(
        look_is_due(&mut runner).is_none(),
        "there is no address yet"
    );
    runner.shows("https://{tenant}.figures.example.com/{region}/mcp?key={key}");
    runner.keys("a b");
    runner.shows("letters, digits, - and . only");
    runner.keys("<ctrl-u>acme<down><right>");
    runner.shows("https://acme.figures.example.com/eu/mcp?key={key}");
    assert!(look_is_due(&mut runner).is_none());
    runner.keys("<right><down>s3cret&x=1");
    runner.shows("https://acme.figures.example.com/us/mcp?key=•••");
    runner.hides("s3cret");
    let looked = found(&mut runner, AuthKind::None);
    assert_eq!(
        looked,
        "https://acme.figures.example.com/us/mcp?key=s3cret%26x%3D1"
    );
    runner.keys("<alt-enter> <alt-enter>");
    runner.shows("[x] I trust acme.figures.example.com");
    let add = added(&mut runner);
    assert_eq!(url(&add), looked);
    assert!(!format!("{:?}", runner.model).contains("s3cret"));
}

#[test]
fn a_variable_that_is_missing_is_named_at_its_field() {
    let mut runner = filled(100, 40, "figures");
    runner.keys("<alt-enter>");
    runner.shows("✕ the address needs it");
    assert!(
        runner
            .wanted()
            .iter()
            .all(|it| !matches!(it, Effect::Work(..)))
    );
    runner.keys("acme");
    runner.shows("[ acme");
}

#[test]
fn headers_of_the_entry_have_their_names_already() {
    let mut runner = filled(100, 40, "lookup");
    runner.shows("[ X-Lookup-Key");
    runner.shows("\"An API key\"");
    runner.shows("X-Lookup-Org");
    runner.keys("<alt-enter>k3y<down>4711<alt-enter> <alt-enter>");
    let add = added(&mut runner);
    let names = ["X-Lookup-Key", "X-Lookup-Org"].map(str::to_owned).to_vec();
    assert_eq!(add.auth, AuthWanted::Given(AuthMethod::Header { names }));
    let secrets: Vec<(&SecretName, &str)> = add
        .secrets
        .iter()
        .map(|(name, value)| (name, value.0.expose()))
        .collect();
    assert_eq!(
        secrets,
        [
            (&SecretName::Header("X-Lookup-Key".to_owned()), "k3y"),
            (&SecretName::Header("X-Lookup-Org".to_owned()), "4711"),
        ]
    );
}

#[test]
fn a_header_that_nobody_needs_may_stay_empty() {
    let mut runner = filled(100, 40, "lookup");
    runner.keys("<alt-enter>k3y<alt-enter> <alt-enter>");
    let add = added(&mut runner);
    let names = vec!["X-Lookup-Key".to_owned()];
    assert_eq!(add.auth, AuthWanted::Given(AuthMethod::Header { names }));
    assert_eq!(add.secrets.len(), 1);
}

#[test]
fn the_entry_s_word_and_the_server_s_are_both_shown() {
    let mut runner = filled(100, 40, "deploy");
    runner.shows("(bearer)");
    runner.shows("callboard writes Bearer itself");
    runner.shows("· the directory says: HTTP Bearer token");
    found(&mut runner, AuthKind::None);
    runner.shows("! the directory says: HTTP Bearer token");
    runner.shows("detected: no authentication");
}

#[test]
fn a_form_that_was_begun_comes_back() {
    let mut runner = open(80, 24, vec![], servers());
    runner.keys("cmine<tab>https://half.example.com<esc>2/notes<enter>a");
    runner.hides("half.example.com");
    runner.keys("<esc>");
    runner.shows("Esc back to the directory");
    runner.keys("<esc>");
    assert_eq!(runner.model.tab, Tab::Directory);
    assert_eq!(runner.model.focus, Focus::Directory);
    runner.keys("3");
    runner.shows("half.example.com");
    runner.shows("[ mine");
}

#[test]
fn what_was_typed_about_one_server_survives_another() {
    let mut runner = open(80, 24, vec![], servers());
    runner.keys("/figures<enter>aacme<esc>2/<ctrl-u>notes<enter>a");
    runner.shows("notes.example.com");
    runner.keys("<esc><esc>3");
    runner.shows("https://acme.figures.example.com");
    // One that nobody typed about gives way without a trace.
    runner.keys("<esc><esc>/<ctrl-u>ledger<enter>a<esc>2/<ctrl-u>deploy<enter>a<esc><esc>3");
    runner.shows("Custom MCP Connector");
}

#[test]
fn the_same_server_again_finds_its_form_as_it_was() {
    let mut runner = filled(80, 24, "figures");
    runner.keys("acme<esc>2a");
    runner.shows("[ acme");
}

#[test]
fn leaving_wipes_the_secrets_of_a_variable() {
    let mut runner = filled(100, 40, "figures");
    runner.keys("acme<down><right><down>s3cret<alt-2>");
    runner.shows("the secret in the form was wiped");
    runner.keys("3");
    runner.shows("https://acme.figures.example.com/eu/mcp?key={key}");
}

#[test]
fn once_it_is_added_its_functions_are_shown_and_the_form_is_empty() {
    let mut runner = filled(80, 24, "ledger");
    runner.wanted();
    runner.keys("<alt-enter>ana<down>pa55<alt-enter> <alt-enter>");
    let (ticket, work) = runner.worked();
    let Work::Add(add, None) = work else {
        panic!("no addition");
    };
    assert_eq!(
        add.auth,
        AuthWanted::Given(AuthMethod::Basic {
            user: "ana".to_owned()
        })
    );
    runner.end(
        ticket,
        Ok(WorkEnd::Connector(Box::new(connector("ledger")))),
    );
    assert_eq!(runner.model.tab, Tab::Functions);
    runner.keys("3");
    runner.shows("Custom MCP Connector");
    runner.hides("ledger.example.com");
}

#[test]
fn a_name_is_made_that_no_connector_has() {
    let taken = vec![connector("figures"), connector("figures-2")];
    let mut runner = Runner::on(80, 24, snapshot(taken.clone()));
    runner.keys("2");
    let mut runner = open(80, 24, taken, servers());
    runner.keys("/figures<enter>a");
    runner.shows("[ figures-3");
}
