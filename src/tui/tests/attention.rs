//! `!`: to what needs you.

use super::board::{connector, function, functions, snapshot};
use super::runner::Runner;
use crate::domain::{FunctionState, Status};
use crate::protocol::{ConnectorView, EventKind};
use crate::tui::effect::Answer;
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

fn faring(name: &str, status: Status) -> ConnectorView {
    ConnectorView {
        status,
        ..connector(name)
    }
}

/// Two functions as they were accepted, and a third that is not.
fn with_a_change() -> Vec<crate::domain::Function> {
    let mut changed = function("rewrite");
    changed.state = FunctionState::Changed;
    vec![function("alone"), function("before"), changed]
}

fn chosen_row(runner: &Runner) -> String {
    let chosen = runner.screen();
    let row = chosen.lines().find(|line| line.contains("changed, review"));
    row.unwrap_or_default().to_owned()
}

#[test]
fn looking_at_a_change_shows_it_over_an_answer_and_a_filter() {
    let mut runner = super::run::answered(80, 24, serde_json::json!({ "content": [] }));
    assert_eq!(runner.model.focus, Focus::Outcome);
    runner.event(EventKind::Connector(Box::new(faring(
        "github",
        Status::Changed,
    ))));
    runner.shows("functions changed");
    runner.effects.clear();
    runner.event(EventKind::Functions {
        id: connector("github").id,
    });
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Functions(functions().into())));
    runner.keys("!<enter>");
    assert_eq!(runner.model.focus, Focus::Functions);
    let unread = functions()
        .into_iter()
        .find(|it| it.state != FunctionState::Accepted)
        .unwrap();
    runner.keys("<enter>");
    runner.shows(unread.name.raw().split('\u{1b}').next().unwrap());
    runner.shows("accept");
}

#[test]
fn a_filter_of_before_hides_no_change_and_the_list_may_come_later() {
    let mut runner = super::functions::showing(80, 24, vec![function("alone")]);
    runner.keys("/alone<enter>");
    runner.event(EventKind::Connector(Box::new(faring(
        "github",
        Status::Changed,
    ))));
    runner.keys("!<enter>");
    runner.hides("/ alone");
    runner.effects.clear();
    runner.event(EventKind::Functions {
        id: connector("github").id,
    });
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Functions(with_a_change().into())));
    assert!(chosen_row(&runner).contains("rewrite"));
    runner.keys("<enter>");
    runner.shows("\"rewrite\"");
}

#[test]
fn without_a_prompt_it_goes_from_one_connector_that_needs_you_to_the_next() {
    let board = vec![
        faring("a", Status::Connected),
        faring("b", Status::Failed),
        faring("c", Status::Changed),
        faring("d", Status::SignIn),
    ];
    let mut runner = Runner::on(80, 24, snapshot(board));
    let chosen = |runner: &Runner| {
        let it = super::super::screen::connectors::chosen(&runner.model);
        it.map(|it| it.name.as_str().to_owned())
    };
    runner.keys("!");
    assert_eq!(chosen(&runner).as_deref(), Some("b"));
    assert_eq!(runner.model.focus, Focus::ConnectorDetail);
    runner.keys("!");
    assert_eq!(chosen(&runner).as_deref(), Some("c"));
    assert_eq!(runner.model.tab, Tab::Functions);
    runner.keys("!");
    assert_eq!(chosen(&runner).as_deref(), Some("d"));
    assert_eq!(runner.model.tab, Tab::Connectors);
    runner.keys("!");
    assert_eq!(chosen(&runner).as_deref(), Some("b"));
}

#[test]
fn where_nothing_needs_you_it_says_so() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.keys("!");
    runner.shows("nothing waits for you");
}

#[test]
fn what_needs_you_is_told_on_the_smallest_screen_too() {
    let board = vec![connector("a"), faring("b", Status::Failed)];
    let runner = Runner::on(60, 20, snapshot(board));
    let first = runner.screen();
    let first = first.lines().next().unwrap();
    assert!(first.contains("● 1") && first.contains("! 1"), "{first}");
    for name in ["1 Conn", "2 Dir", "3 Form", "4 Func", "5 Log"] {
        assert!(first.contains(name), "{first}");
    }
}
