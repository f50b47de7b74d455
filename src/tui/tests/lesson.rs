//! The guided path of the demo: a lesson stays until all that it teaches was done.

use super::board::{connector, functions, snapshot};
use super::functions::showing;
use super::runner::{Runner, pictures, wall};
use crate::domain::{JournalEntry, JournalEvent, Untrusted};
use crate::protocol::EventKind;
use crate::tui::lesson::{Lesson, State};

fn begin(runner: &mut Runner) {
    runner.model.lesson = Some(State::of(Lesson {
        name: "ledger".to_owned(),
        url: "http://127.0.0.1:41234/mcp".to_owned(),
        token: "practice".to_owned(),
    }));
}

/// The path on a board of two, at this lesson.
fn at(lesson: usize, width: u16, height: u16) -> Runner {
    let connectors = vec![connector("plays"), connector("rehearsal")];
    let mut runner = Runner::on(width, height, snapshot(connectors));
    begin(&mut runner);
    for _ in 1..lesson {
        runner.keys("<alt-g>");
    }
    runner
}

fn written(runner: &mut Runner, event: JournalEvent, function: &str, rule: Option<&str>) {
    runner.event(EventKind::Journal(Box::new(JournalEntry {
        seq: 1,
        at: wall(),
        event,
        agent: None,
        connector: Some("rehearsal".to_owned()),
        function: Some(Untrusted::from(function)),
        decision: None,
        by: None,
        rule: rule.map(str::to_owned),
        duration_ms: None,
        outcome: None,
        arguments_digest: None,
        result_bytes: None,
    })));
}

#[test]
fn every_lesson_fits_and_says_what_is_to_be_done() {
    pictures!("lesson_adding", |width, height| at(2, width, height));
    pictures!("lesson_permitting", |width, height| at(3, width, height));
    for lesson in 1..=7 {
        let runner = at(lesson, 80, 24);
        runner.shows(&format!("Lesson {lesson} of 8"));
        runner.hides("…");
    }
}

#[test]
fn a_lesson_is_over_when_all_its_steps_were_done() {
    let mut runner = at(1, 80, 24);
    runner.keys("<enter>");
    runner.shows("✓ Enter opens");
    runner.shows("○ j k move");
    runner.keys("<esc>j");
    runner.shows("Lesson 1 of 8");
    runner.keys("?");
    runner.keys("<esc>");
    runner.shows("Lesson 2 of 8");
}

#[test]
fn one_permission_is_not_all_of_the_lesson_about_them() {
    let mut runner = showing(80, 24, functions());
    begin(&mut runner);
    runner.keys("<alt-g><alt-g>");
    let set = JournalEvent::Permission;
    written(&mut runner, set, "one", Some("permission always"));
    runner.shows("✓ a always");
    runner.shows("○ b block");
    written(&mut runner, set, "one", Some("permission block"));
    written(&mut runner, set, "one", Some("permission ask"));
    written(&mut runner, JournalEvent::Undone, "one", None);
    runner.shows("Lesson 3 of 8");
    runner.keys("v");
    runner.shows("Lesson 4 of 8");
}

#[test]
fn a_change_is_to_be_looked_at_and_decided_before_its_lesson_ends() {
    let mut runner = at(5, 80, 24);
    written(&mut runner, JournalEvent::Call, "rewrite_script", None);
    runner.shows("✓ rewrite_script has run");
    let set = JournalEvent::Permission;
    written(&mut runner, set, "read_line", Some("permission ask"));
    runner.shows("○ what changed is shown");
    runner.shows("Lesson 5 of 8");
}

#[test]
fn a_lesson_can_be_gone_back_to_and_stays() {
    let mut runner = at(2, 80, 24);
    runner.keys("<alt-p>");
    runner.shows("Lesson 1 of 8");
    runner.keys("<enter>j?<esc>");
    // Here all that it teaches is done, and it is over.
    runner.keys("<esc><enter>");
    runner.shows("Lesson 2 of 8");
    runner.keys("<alt-p>");
    runner.shows("✓ j k move");
    runner.keys("<esc>jk");
    runner.shows("Lesson 1 of 8");
    runner.keys("<alt-p>");
    runner.shows("Lesson 1 of 8");
    runner.keys("<alt-g>");
    runner.shows("Lesson 2 of 8");
}

#[test]
fn the_fields_that_the_lesson_names_are_those_of_the_form() {
    let mut runner = at(2, 120, 40);
    runner.keys("c");
    runner.shows("✓ c opens the form");
    for name in ["Connector name", "Connection server"] {
        let shown = runner.screen();
        assert_eq!(shown.matches(name).count(), 2, "{name}\n{shown}");
    }
}
