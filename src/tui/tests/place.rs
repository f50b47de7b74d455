//! Leaving and coming back to the same place.

use serde_json::Value;

use super::board::{all_kinds, called, connector, function, functions, snapshot};
use super::directory::{listing, servers};
use super::runner::Runner;
use crate::domain::Function;
use crate::protocol::{ConnectorView, EventKind};
use crate::tui::effect::{Answer, Ask, Effect, Timer};
use crate::tui::focus::Focus;
use crate::tui::place::{keep, recall};
use crate::tui::tab::Tab;

/// The interface started again: nothing but what it kept is known.
fn started_again(runner: &mut Runner) -> Runner {
    let text = keep(&mut runner.model);
    let mut next = Runner::blank(runner.model.size.width, runner.model.size.height);
    recall(&mut next.model, &text).unwrap();
    next
}

/// The board answers.
fn attached(runner: &mut Runner, connectors: Vec<ConnectorView>) {
    runner.event(EventKind::Snapshot(Box::new(snapshot(connectors))));
}

fn with_functions(runner: &mut Runner, functions: Vec<Function>) {
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Functions(_)), "{ask:?}");
    runner.answer(ticket, Ok(Answer::Functions(functions.into())));
}

#[test]
fn the_open_tab_and_the_chosen_connector_are_there_before_the_board_is() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("jj");
    let name = super::super::screen::connectors::chosen(&runner.model).map(|it| it.name.clone());
    let mut next = started_again(&mut runner);
    // A frame is drawn, and the step is taken, before anything is known.
    next.keys("<esc>");
    next.screen();
    attached(&mut next, all_kinds());
    let again = super::super::screen::connectors::chosen(&next.model).map(|it| it.name.clone());
    assert_eq!(again, name);
    assert!(name.is_some());
    assert_eq!(next.model.tab, Tab::Connectors);
}

#[test]
fn details_and_filter_of_the_connectors_come_back() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("/git<enter><enter><tab>");
    assert_eq!(runner.model.focus, Focus::ConnectorFunctions);
    let mut next = started_again(&mut runner);
    attached(&mut next, all_kinds());
    assert_eq!(next.model.focus, Focus::ConnectorFunctions);
    assert_eq!(next.screen(), runner.screen());
}

#[test]
fn a_connector_that_is_gone_leaves_the_list_usable() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("j<enter>");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![connector("wiki")]);
    next.shows("wiki");
    let mut empty = started_again(&mut runner);
    attached(&mut empty, vec![]);
    assert_eq!(empty.model.focus, Focus::Connectors);
}

#[test]
fn the_chosen_function_and_the_filters_come_back() {
    let mut runner = super::functions::showing(80, 24, functions());
    runner.keys("/issue<enter>pj");
    let mut next = started_again(&mut runner);
    assert_eq!(next.model.tab, Tab::Functions);
    attached(&mut next, vec![connector("github")]);
    with_functions(&mut next, functions());
    next.effects.clear();
    runner.rest();
    next.rest();
    assert_eq!(next.screen(), runner.screen());
}

#[test]
fn half_filled_arguments_are_open_again() {
    let rich = vec![super::arguments::rich()];
    let mut runner = super::functions::showing(80, 24, rich.clone());
    runner.keys("thalf of it");
    assert_eq!(runner.model.focus, Focus::Arguments);
    runner.shows("half of it");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![connector("github")]);
    assert_eq!(next.model.focus, Focus::Functions);
    with_functions(&mut next, rich.clone());
    assert_eq!(next.model.focus, Focus::Arguments);
    next.shows("half of it");
    // And once more without the board ever having answered.
    let mut third = started_again(&mut started_again(&mut runner));
    attached(&mut third, vec![connector("github")]);
    with_functions(&mut third, rich);
    third.shows("half of it");
}

#[test]
fn arguments_do_not_open_under_the_keys_of_somebody_who_went_on() {
    let rich = vec![super::arguments::rich()];
    let mut runner = super::functions::showing(80, 24, rich.clone());
    runner.keys("thalf of it");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![connector("github")]);
    let (ticket, _) = next.asked();
    next.keys("1");
    next.answer(ticket, Ok(Answer::Functions(rich.into())));
    assert_eq!(next.model.focus, Focus::Connectors);
    next.keys("4");
    assert_eq!(next.model.focus, Focus::Functions);
    next.keys("t");
    next.shows("half of it");
}

#[test]
fn marks_come_back_with_their_connector_and_set_what_they_marked() {
    let mut runner = super::functions::showing(80, 24, functions());
    runner.keys("vv");
    runner.shows("2 marked");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![connector("github")]);
    next.keys("b");
    next.shows("none of the marked ones is listed here now");
    with_functions(&mut next, functions());
    next.shows("2 marked");
    next.keys("b");
    let seen = super::several::seen(&["get_issue", "create_issue"]);
    let asks = next.asks();
    assert!(
        asks.iter()
            .any(|(_, ask)| matches!(ask, Ask::Permit(permit) if permit.functions == seen)),
        "{asks:?}"
    );
    // Without the connector there is nothing left of them.
    let mut third = started_again(&mut runner);
    attached(&mut third, vec![connector("other")]);
    assert!(!crate::tui::screen::functions::has_marks(&third.model));
}

#[test]
fn the_last_arguments_outlive_a_restart_without_their_secrets() {
    let mut runner = super::functions::showing(80, 24, vec![super::arguments::rich()]);
    runner.keys("thalf of it<esc><esc>");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![connector("github")]);
    with_functions(&mut next, vec![super::arguments::rich()]);
    assert_eq!(next.model.focus, Focus::Functions);
    next.keys("t");
    next.shows("half of it");

    let mut secret = function("sign_in");
    secret.input_schema = serde_json::json!({ "type": "object", "properties": {
        "a": { "type": "string" },
        "password": { "type": "string", "format": "password" },
    } })
    .into();
    let mut runner = super::functions::showing(80, 24, vec![secret]);
    runner.keys("topen<tab>s3cr3t");
    let kept = keep(&mut runner.model);
    assert!(kept.contains("open"), "{kept}");
    assert!(!kept.contains("s3cr3t"), "{kept}");
}

#[test]
fn what_is_typed_into_the_form_comes_back_without_its_secrets() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("cwiki<tab>https://wiki.example.com/mcp?key=s3cr3t");
    let kept = keep(&mut runner.model);
    assert!(!kept.contains("s3cr3t"), "{kept}");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![]);
    assert_eq!(next.model.tab, Tab::Custom);
    next.shows("[ wiki");
    next.shows("[ https://wiki.example.com/mcp__");
    // What stands there is looked at as if it were typed just now.
    let looks = |effect: &Effect| matches!(effect, Effect::Timer(Timer::Detect(_), _));
    assert!(next.wanted().iter().any(looks));
}

#[test]
fn an_edit_is_there_again_with_the_new_form_behind_it() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("cnotes<esc>1je2");
    runner.shows("[ github2");
    let mut next = started_again(&mut started_again(&mut runner));
    attached(&mut next, all_kinds());
    next.shows("Edit github");
    next.shows("[ github2");
    next.keys("<esc><esc>3");
    next.shows("[ notes");
}

#[test]
fn an_edit_of_a_connector_that_is_gone_is_dropped() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.keys("cnotes<esc>1je2");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![]);
    next.shows("[ notes");
    next.hides("github2");
}

/// The directory answers, as it is wanted for what was kept.
fn with_directory(runner: &mut Runner, servers: Vec<Value>) {
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Directory(_)), "{ask:?}");
    runner.answer(ticket, Ok(Answer::Directory(Box::new(listing(servers)))));
}

#[test]
fn a_form_of_the_directory_comes_back_without_its_secrets() {
    let mut runner = super::directory::open(80, 24, vec![], servers());
    runner.keys("/figures<enter>aacme<down><right><down>s3cret");
    runner.shows("https://acme.figures.example.com/eu/mcp?key=•••");
    let kept = keep(&mut runner.model);
    assert!(!kept.contains("s3cret") && !kept.contains('•'), "{kept}");
    // Not even when the board never answered in between.
    let mut next = started_again(&mut started_again(&mut runner));
    assert_eq!(next.model.tab, Tab::Custom);
    attached(&mut next, vec![]);
    with_directory(&mut next, servers());
    next.shows("\"Figures\" from the directory");
    next.shows("[ acme");
    next.shows("https://acme.figures.example.com/eu/mcp?key={key}");
    next.shows("[ ] I trust");
    // The keys are where they were: in the field of the secret.
    next.keys("n3w");
    next.shows("https://acme.figures.example.com/eu/mcp?key=•••");
    next.keys("<esc><esc>");
    assert_eq!(next.model.tab, Tab::Directory);
}

#[test]
fn another_address_and_what_was_typed_over_the_entry_come_back() {
    let mut runner = super::directory::open(80, 24, vec![], servers());
    runner.keys("/notes<enter>a2<down><right><down>x");
    runner.shows("(2 of 2) sse");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![]);
    with_directory(&mut next, servers());
    next.shows("[ notes2");
    next.shows("(2 of 2) sse");
    next.shows("https://notes.example.com/ssex");
    // What stands there is looked at as if it were typed just now.
    let looks = |effect: &Effect| matches!(effect, Effect::Timer(Timer::Detect(_), _));
    assert!(next.wanted().iter().any(looks));
}

#[test]
fn forms_that_gave_way_to_one_of_the_directory_are_behind_it_again() {
    let mut runner = super::directory::open(80, 24, all_kinds(), servers());
    runner.keys("cmine<esc>2/figures<enter>aacme<esc>2/<ctrl-u>notes<enter>a");
    runner.keys("<esc>1je2");
    runner.shows("Edit github");
    let mut next = started_again(&mut runner);
    attached(&mut next, all_kinds());
    with_directory(&mut next, servers());
    next.shows("Edit github");
    next.shows("[ github2");
    // One that nobody typed about comes back too, and gives way without a trace.
    next.keys("<esc><esc>3");
    next.shows("\"Notes\" from the directory");
    next.keys("<esc><esc>3");
    next.shows("[ acme");
    next.keys("<esc><esc>3");
    next.shows("[ mine");
    next.shows("Custom MCP Connector");
}

#[test]
fn of_an_entry_that_is_gone_what_was_typed_stands_in_a_new_form() {
    let mut runner = super::directory::open(80, 24, vec![], servers());
    runner.keys("cmine<esc>2/ledger<enter>a2");
    runner.shows("[ ledger2");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![]);
    with_directory(&mut next, vec![]);
    next.shows("Custom MCP Connector");
    next.shows("[ ledger2");
    next.shows("https://ledger.example.com/mcp");
    next.shows("not in the directory any more");
    // The form behind it is not lost.
    let mut third = started_again(&mut next);
    attached(&mut third, vec![]);
    third.shows("[ ledger2");
    third.keys("<esc>x");
    third.shows("[ mine");
}

#[test]
fn a_form_whose_directory_does_not_come_is_kept_for_the_next_time() {
    let mut runner = super::directory::open(80, 24, vec![], servers());
    runner.keys("/figures<enter>aacme");
    let mut next = started_again(&mut runner);
    attached(&mut next, vec![]);
    let (ticket, _) = next.asked();
    next.answer(
        ticket,
        Err(crate::domain::Fault::internal("it does not come")),
    );
    next.keys("mine");
    let mut third = started_again(&mut next);
    attached(&mut third, vec![]);
    with_directory(&mut third, servers());
    third.shows("[ acme");
    third.keys("<esc><esc>3");
    third.shows("[ mine");
}

#[test]
fn search_and_entry_of_the_directory_come_back() {
    let mut runner = super::directory::open(80, 24, vec![], servers());
    runner.keys("j/e<enter>j");
    let before = runner.screen();
    let mut next = started_again(&mut started_again(&mut runner));
    attached(&mut next, vec![]);
    let (ticket, ask) = next.asked();
    assert!(matches!(ask, Ask::Directory(_)));
    next.answer(ticket, Ok(Answer::Directory(Box::new(listing(servers())))));
    assert_eq!(next.screen(), before);
}

#[test]
fn the_filters_of_the_journal_come_back() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("5/codex<enter>");
    let mut next = started_again(&mut runner);
    assert_eq!(next.model.tab, Tab::Activity);
    attached(&mut next, vec![connector("github")]);
    let (ticket, ask) = next.asked();
    assert!(matches!(ask, Ask::Journal(_)));
    let lines = vec![called(7, "2026-11-22T13:57:00Z", "create_issue")];
    next.answer(ticket, Ok(Answer::Journal(lines)));
    next.shows("/ codex");
}

#[test]
fn what_is_none_of_ours_is_left_out() {
    let mut blank = Runner::blank(80, 24);
    for text in ["", "{", "[]", "{\"version\":1}"] {
        let fault = recall(&mut blank.model, text).unwrap_err();
        assert!(fault.message.contains("damaged"), "{fault}");
    }
    // Of another version nothing is taken, of a part that is wrong nothing of it.
    let newer = r#"{"version":2,"tab":"Activity","tabs":{}}"#;
    recall(&mut blank.model, newer).unwrap();
    assert_eq!(blank.model.tab, Tab::Connectors);
    let odd = r#"{"version":1,"tab":"Nowhere","tabs":{"Functions":7,"Custom":[1],
        "Connectors":{"detail":"Nowhere"},"Activity":null,"More":{}}}"#;
    recall(&mut blank.model, odd).unwrap();
    attached(&mut blank, all_kinds());
    blank.screen();
    assert_eq!(blank.model.tab, Tab::Connectors);
}

#[test]
fn nothing_of_what_a_server_says_is_kept_but_names() {
    let mut runner = super::functions::showing(80, 24, functions());
    runner.keys("j");
    let kept: Value = serde_json::from_str(&keep(&mut runner.model)).unwrap();
    let text = kept.to_string();
    for function in functions() {
        assert!(!text.contains(function.description.raw()), "{text}");
    }
}
