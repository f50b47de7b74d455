mod client;

use super::board::{all_kinds, connector, snapshot};
use super::runner::{Runner, pictures};
use crate::domain::{
    AuthKind, Confidence, Detection, Era, Evidence, Fault, FaultKind, Status, Transport, VaultKind,
};
use crate::protocol::{AddStep, AuthWanted, EventKind, SecretName, Step, StepState, TargetWanted};
use crate::tui::effect::{Answer, Ask, Effect, Timer, Work, WorkEnd, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

fn empty_board(width: u16, height: u16) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(vec![]));
    runner.keys("c");
    runner
}

fn evidence() -> Evidence {
    Evidence {
        request: "POST /mcp server/discover".to_owned(),
        answer: "401, WWW-Authenticate: Bearer realm=\"wiki\"".into(),
        means: "it wants a Bearer token, and names no OAuth metadata".to_owned(),
    }
}

fn detection(auth: AuthKind) -> Detection {
    Detection {
        url: "https://wiki.example.com/mcp".to_owned(),
        transport: Some(Transport::StreamableHttp),
        protocol: Some("2026-07-28".to_owned()),
        era: Some(Era::Modern),
        auth,
        confidence: Confidence::Certain,
        evidence: vec![evidence()],
        oauth: None,
        server: None,
    }
}

/// Name and URL typed; the timer of the look is returned.
fn typed(runner: &mut Runner) -> Timer {
    runner.keys("wiki<tab>https://wiki.example.com/mcp");
    last_timer(runner)
}

fn last_timer(runner: &mut Runner) -> Timer {
    runner
        .wanted()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Timer(timer @ Timer::Detect(_), _) => Some(timer),
            _ => None,
        })
        .next_back()
        .expect("no look is due")
}

/// A form filled in as far as detection goes.
pub(super) fn detected(width: u16, height: u16, auth: AuthKind) -> Runner {
    let mut runner = empty_board(width, height);
    let timer = typed(&mut runner);
    runner.timer(timer);
    let (ticket, _) = runner.worked();
    let found = WorkEnd::Detection(Box::new(detection(auth)));
    runner.end(ticket, Ok(found));
    runner
}

/// From the URL on: description, authentication, token, trust ticked.
const TO_THE_END: &str = "<tab>Team wiki<tab><tab>s3cret<tab><tab> ";

#[test]
fn what_the_form_looks_like() {
    pictures!("custom_empty", empty_board);
    pictures!("custom_wrong_input", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(vec![connector("wiki")]));
        runner.keys("cWIKI<tab>http://192.168.1.7/mcp<tab>");
        runner
    });
    pictures!("custom_looking", |w, h| {
        let mut runner = empty_board(w, h);
        let timer = typed(&mut runner);
        runner.timer(timer);
        let (ticket, _) = runner.worked();
        runner.step(ticket, WorkStep::Evidence(evidence()));
        runner
    });
    pictures!("custom_detected", |w, h| {
        let mut runner = detected(w, h, AuthKind::Bearer);
        runner.keys(TO_THE_END);
        runner
    });
    pictures!("custom_not_mcp", |w, h| {
        let mut runner = empty_board(w, h);
        let timer = typed(&mut runner);
        runner.timer(timer);
        let (ticket, _) = runner.worked();
        let fault = Fault::new(
            FaultKind::NotMcp,
            "a web page answers there, not an MCP server",
        )
        .hint("many servers have their MCP address under /mcp or /sse");
        runner.end(ticket, Err(fault));
        runner
    });
    pictures!("custom_connecting", |w, h| {
        let mut runner = detected(w, h, AuthKind::Bearer);
        runner.keys(TO_THE_END);
        runner.keys("<alt-enter>");
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
        runner
    });
    pictures!("custom_local_program", |w, h| {
        let mut runner = empty_board(w, h);
        runner.keys("<shift-tab>   <tab>files<tab>npx -y 'server");
        runner
    });
    pictures!("custom_edit", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("je");
        runner
    });
}

#[test]
fn a_look_begins_only_when_the_url_has_rested() {
    let mut runner = empty_board(80, 24);
    runner.keys("wiki<tab>https://wiki.example.com/mc");
    let early = last_timer(&mut runner);
    runner.keys("p");
    let late = last_timer(&mut runner);
    runner.timer(early);
    assert!(runner.wanted().is_empty(), "the early timer is stale");
    runner.timer(late);
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Detect(look) if look.url == "https://wiki.example.com/mcp"));
}

#[test]
fn another_url_stops_the_look_at_the_one_before() {
    let mut runner = empty_board(80, 24);
    let timer = typed(&mut runner);
    runner.timer(timer);
    let (ticket, _) = runner.worked();
    runner.keys("2");
    assert!(
        runner
            .wanted()
            .iter()
            .any(|effect| matches!(effect, Effect::Cancel(of) if *of == ticket))
    );
    runner.end(
        ticket,
        Ok(WorkEnd::Detection(Box::new(detection(AuthKind::Basic)))),
    );
    runner.hides("detected: HTTP Basic");
}

#[test]
fn a_name_that_is_taken_or_wrong_is_named_at_its_field() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("wiki")]));
    runner.keys("cmy wiki");
    runner.shows("a name has no spaces; there is one at place 3");
    runner.keys("<ctrl-u>WIKI");
    runner.shows("there is a connector wiki already");
}

#[test]
fn digits_are_typed_into_fields_and_change_tabs_elsewhere() {
    let mut runner = empty_board(80, 24);
    runner.keys("a1");
    assert_eq!(runner.model.tab, Tab::Custom);
    runner.shows("[ a1");
    runner.keys("<esc>1");
    assert_eq!(runner.model.tab, Tab::Connectors);
    runner.keys("3");
    runner.shows("[ a1");
    runner.keys("<alt-1>");
    assert_eq!(runner.model.tab, Tab::Connectors);
}

#[test]
fn connecting_sends_what_was_typed_and_ends_on_the_functions() {
    let mut runner = detected(80, 24, AuthKind::Bearer);
    runner.keys(TO_THE_END);
    runner.keys("<alt-enter>");
    let (ticket, work) = runner.worked();
    let Work::Add(add, None) = work else {
        panic!("not an addition of a server");
    };
    assert_eq!(add.name.as_str(), "wiki");
    assert_eq!(add.description, "Team wiki");
    assert!(
        matches!(&add.target, TargetWanted::Http { url } if url == "https://wiki.example.com/mcp")
    );
    assert_eq!(add.auth, AuthWanted::Auto);
    assert_eq!(add.secrets[0].0, SecretName::Token);
    assert_eq!(add.secrets[0].1.0.expose(), "s3cret");
    assert!(add.trust && add.connect);
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(connector("wiki")))));
    assert_eq!(runner.model.tab, Tab::Functions);
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.shows("everything on ask: review what it may do");
    let (_, ask) = runner.asked();
    assert!(matches!(ask, Ask::Functions(request) if request.name == "wiki"));
}

#[test]
fn a_fault_loses_nothing_that_was_typed() {
    let mut runner = detected(80, 24, AuthKind::Bearer);
    runner.keys(TO_THE_END);
    runner.keys("<alt-enter>");
    let (ticket, _) = runner.worked();
    let fault = Fault::new(FaultKind::SignIn, "the server refused the token").hint("paste another");
    runner.end(ticket, Err(fault));
    runner.shows("the server refused the token");
    runner.shows("wiki.example.com/mcp");
    runner.shows("Team wiki");
    runner.keys("<alt-enter>");
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Add(add, None) if add.secrets[0].1.0.expose() == "s3cret"));
}

#[test]
fn nothing_is_added_without_trust_or_with_a_field_missing() {
    let mut runner = detected(80, 24, AuthKind::Bearer);
    runner.keys("<alt-enter>");
    assert!(runner.wanted().is_empty());
    runner.shows("type or paste the token");
    runner.keys("tok<alt-enter>");
    assert!(runner.wanted().is_empty());
    runner.shows("nothing is connected that you do not trust");
    runner.keys(" <alt-enter>");
    assert!(matches!(runner.worked().1, Work::Add(..)));
}

#[test]
fn another_url_takes_the_trust_back() {
    let mut runner = detected(80, 24, AuthKind::None);
    runner.keys("<tab><tab><tab><tab> ");
    runner.shows("[x] I trust wiki.example.com");
    runner.keys("<up><up><up><up><backspace>");
    runner.shows("[ ] I trust wiki.example.com");
}

#[test]
fn connecting_is_cancelled_with_ctrl_c_and_the_form_stays() {
    let mut runner = detected(80, 24, AuthKind::None);
    runner.keys("<tab><tab><tab><tab> <alt-enter>");
    let (ticket, _) = runner.worked();
    runner.keys("<ctrl-c>");
    assert!(matches!(runner.wanted()[..], [Effect::Cancel(of)] if of == ticket));
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(connector("wiki")))));
    assert_eq!(runner.model.tab, Tab::Custom, "a late end is dropped");
    runner.shows("[ wiki");
}

#[test]
fn a_secret_is_never_shown_and_goes_when_the_form_is_left() {
    let mut runner = detected(80, 24, AuthKind::Bearer);
    runner.keys(TO_THE_END);
    runner.shows("••••••");
    runner.hides("s3cret");
    assert!(!format!("{:?}", runner.model).contains("s3cret"));
    runner.keys("<alt-1>");
    runner.shows("the secret in the form was wiped");
    runner.keys("3");
    runner.hides("••••••");
    runner.shows("Team wiki");
}

#[test]
fn a_vault_is_chosen_before_the_first_secret_is_sent() {
    let mut board = snapshot(vec![]);
    board.vault.kind = None;
    let mut runner = Runner::on(80, 24, board.clone());
    runner.keys("cwiki<tab>https://wiki.example.com/mcp<tab><tab><right><right>");
    runner.keys("<tab>s3cret<tab><tab> <alt-enter>");
    runner.shows("Where is its key to be?");
    runner.keys("<enter>");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::ProbeKeyring(_)));
    let mut state = board.vault;
    state.why = "no keyring answers on this machine".to_owned();
    runner.answer(ticket, Ok(Answer::Vault(state.clone())));
    runner.shows("no keyring answers on this machine");
    runner.keys("<enter>pass phrase<enter>pass phrase<enter>");
    let (ticket, ask) = runner.asked();
    let Ask::ChooseVault(choice) = ask else {
        panic!("no vault chosen");
    };
    assert_eq!(choice.kind, VaultKind::Passphrase);
    assert_eq!(choice.passphrase.unwrap().0.expose(), "pass phrase");
    state.kind = Some(VaultKind::Passphrase);
    runner.answer(ticket, Ok(Answer::Vault(state)));
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Add(add, None) if add.secrets.len() == 1));
}

#[test]
fn an_edit_renames_first_and_leaves_the_secret_in_the_vault() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("je<end>2<alt-enter>");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Rename(rename) if rename.to.as_str() == "github2"));
    let mut renamed = all_kinds().remove(0);
    renamed.name = crate::domain::ConnectorName::parse("github2").unwrap();
    runner.answer(ticket, Ok(Answer::Connector(Box::new(renamed))));
    let (ticket, work) = runner.worked();
    let Work::Edit(edit) = work else {
        panic!("no edit");
    };
    assert_eq!(edit.name, "github2");
    assert!(edit.secrets.is_empty() && edit.url.is_none() && edit.auth.is_none());
    runner.end(
        ticket,
        Ok(WorkEnd::Connector(Box::new(all_kinds().remove(0)))),
    );
    assert_eq!(runner.model.tab, Tab::Connectors);
}

#[test]
fn a_server_that_wants_oauth_is_added_and_says_what_it_needs() {
    let mut runner = detected(80, 24, AuthKind::Oauth);
    runner.shows("OAuth 2.1: a sign-in in a browser");
    runner.keys("<tab><tab><tab><tab><tab> <alt-enter>");
    let (ticket, _) = runner.worked();
    let mut linear = all_kinds().remove(1);
    linear.status = Status::SignIn;
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(linear))));
    assert_eq!(runner.model.focus, Focus::ConnectorDetail);
    runner.shows("s signs in at its server; Sign-in says how");
    runner.keys("<tab><tab><tab>");
    runner.shows("What a sign-in needs, as the server describes it");
}

#[test]
fn a_program_is_sent_as_words() {
    let mut runner = empty_board(80, 24);
    runner.keys("<shift-tab> <tab>files<tab>npx -y 'a b'<tab><tab><tab> <alt-enter>");
    let (_, work) = runner.worked();
    let Work::Add(add, Some(words)) = work else {
        panic!("no program");
    };
    assert_eq!(words, ["npx", "-y", "a b"]);
    assert_eq!(add.auth, AuthWanted::Auto);
}
