use super::board::{called, connector, function, functions, remembered, snapshot};
use super::runner::{Runner, pictures};
use super::several::seen;
use crate::domain::{
    DecidedBy, Decision, Fault, FaultKind, Function, JournalEvent, Permission, Untrusted,
};
use crate::protocol::{EventKind, Permitted, Selection};
use crate::tui::effect::{Answer, Ask};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

/// The functions of a connector, on the screen.
pub(super) fn showing(width: u16, height: u16, functions: Vec<Function>) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(vec![connector("github")]));
    runner.keys("f");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Functions(functions.into())));
    // What the board remembers of the first one is another matter.
    runner.effects.clear();
    runner
}

#[test]
fn what_the_tab_looks_like() {
    pictures!("functions", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("j");
        runner.rest();
        runner
    });
    pictures!("functions_details", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("j<enter>");
        let (ticket, _) = runner.asked();
        let mut denied = called(7, "2026-11-21T09:30:00Z", "create_issue");
        denied.event = JournalEvent::Decision;
        denied.agent = Some("codex".to_owned());
        denied.decision = Some(Decision::Denied);
        denied.by = Some(DecidedBy::Operator);
        denied.duration_ms = None;
        denied.outcome = None;
        let calls = vec![called(9, "2026-11-22T13:57:00Z", "create_issue"), denied];
        let view = remembered(&functions()[1], None, calls);
        runner.answer(ticket, Ok(Answer::Function(Box::new(view))));
        runner.keys("G");
        runner
    });
    pictures!("functions_marked_and_filtered", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("vv/issue");
        runner
    });
    pictures!("functions_loading", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(vec![connector("github")]));
        runner.keys("f");
        runner
    });
    pictures!("functions_picker", |w, h| {
        let mut runner = showing(w, h, functions());
        runner.keys("<esc>");
        runner
    });
    pictures!("functions_without_connectors", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(vec![]));
        runner.keys("4");
        runner
    });
}

#[test]
fn one_function_is_set_for_the_definition_on_the_screen() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jjs");
    let (ticket, ask) = runner.asked();
    let Ask::Permit(permit) = ask else {
        panic!("no permission");
    };
    assert_eq!(
        permit.functions,
        Selection::Named(vec!["delete_repo".to_owned()])
    );
    assert_eq!(permit.permission, Permission::Ask);
    assert_eq!(
        permit.seen_digest.as_deref(),
        Some("delete_repo-digest-0123456789abcdef")
    );
    let permitted = Permitted {
        functions: vec!["delete_repo".into()],
        permission: Permission::Ask,
    };
    runner.answer(ticket, Ok(Answer::Permitted(permitted)));
    runner.shows("1 function is on ask now");
    let (_, ask) = runner.asked();
    assert!(matches!(ask, Ask::Functions(_)), "the list is read again");
}

#[test]
fn several_are_marked_and_set_at_once() {
    let mut runner = showing(80, 24, functions());
    runner.keys("vvb");
    let (_, ask) = runner.asked();
    assert!(
        !runner.model.dock.is_open(),
        "less is allowed: nothing to ask"
    );
    let Ask::Permit(permit) = ask else {
        panic!("no permission");
    };
    assert_eq!(permit.functions, seen(&["get_issue", "create_issue"]));
    assert_eq!(permit.seen_digest, None);
}

#[test]
fn a_changed_function_is_never_accepted_among_others() {
    let mut runner = showing(80, 24, functions());
    runner.keys("jjvva");
    assert!(runner.wanted().is_empty());
    runner.shows("1 of the marked ones are new or changed");
}

#[test]
fn a_filter_takes_words_of_every_kind() {
    let mut runner = showing(80, 24, functions());
    for (filter, there, gone) in [
        ("block", "delete_repo", "get_issue"),
        ("reads", "get_issue", "delete_repo"),
        ("changed", "search_code", "get_issue"),
        ("issue writes", "create_issue", "get_issue"),
    ] {
        runner.keys("/<ctrl-u>");
        runner.keys(&filter.replace(' ', "<space>"));
        runner.keys("<enter>");
        runner.shows(there);
        runner.hides(gone);
    }
    runner.keys("/zzz<enter>");
    runner.shows("nothing matches");
    runner.keys("<esc>");
    runner.shows("delete_repo");
}

#[test]
fn the_chosen_function_stays_chosen_when_the_list_changes() {
    let mut runner = showing(80, 24, vec![function("b"), function("c")]);
    runner.keys("j");
    runner.event(EventKind::Functions {
        id: connector("github").id,
    });
    let (ticket, _) = runner.asked();
    let list = vec![function("a"), function("b"), function("c")];
    runner.answer(ticket, Ok(Answer::Functions(list.into())));
    runner.keys("<enter>");
    runner.shows("Does what c says.");
}

#[test]
fn only_the_latest_list_counts() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("f");
    let (old, _) = runner.asked();
    runner.event(EventKind::Functions {
        id: connector("github").id,
    });
    let (new, _) = runner.asked();
    runner.answer(new, Ok(Answer::Functions(vec![function("new_one")].into())));
    runner.answer(old, Ok(Answer::Functions(vec![function("old_one")].into())));
    runner.shows("new_one");
    runner.hides("old_one");
}

#[test]
fn a_list_that_cannot_be_had_says_why() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("f");
    let (ticket, _) = runner.asked();
    let fault = Fault::new(FaultKind::Network, "the server does not answer").hint("r tries again");
    runner.answer(ticket, Err(fault));
    runner.shows("the server does not answer");
}

#[test]
fn a_connector_that_is_removed_elsewhere_leaves_the_picker() {
    let mut runner = showing(80, 24, functions());
    runner.keys("<enter>");
    runner.event(EventKind::Removed {
        id: connector("github").id,
    });
    assert_eq!(runner.model.focus, Focus::Picker);
    assert_eq!(runner.model.tab, Tab::Functions);
    runner.shows("There is no connector yet");
}

#[test]
fn ten_thousand_functions_are_scrolled_in_their_window() {
    let many = (0..10_000).map(|n| function(&format!("f{n}"))).collect();
    let mut runner = showing(80, 24, many);
    runner.keys("G");
    runner.shows("f9999");
    runner.keys("<pgup><pgup>g");
    runner.shows("f0 ");
}

#[test]
fn a_very_long_name_stays_in_its_column() {
    let long = function(&"漢字".repeat(200));
    let mut other = function("other");
    other.description = Untrusted::new("");
    let runner = showing(80, 24, vec![long, other]);
    for line in runner.screen().lines() {
        assert!(crate::guard::sanitise::width(line) <= 80, "{line}");
    }
    runner.shows("other");
}

#[test]
fn a_name_that_looks_like_another_is_said_to() {
    let mut runner = showing(80, 24, vec![function("mir\u{430}ge"), function("mirage")]);
    runner.keys("<enter>");
    runner.shows("letters of another alphabet");
    runner.shows("U+0430");
    runner.keys("<esc>j<enter>");
    runner.hides("another alphabet");
}
