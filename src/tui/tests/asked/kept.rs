//! Nothing that was typed into a form of a server is lost.

use super::*;
use crate::domain::{Fault, FaultKind};
use crate::tui::dock;
use crate::tui::effect::Answer;
use crate::tui::place;
use crate::tui::tab::Tab;

/// A form of a server, half filled in.
fn half_filled() -> Runner {
    let mut runner = one(seat());
    runner.keys("!<right><tab>7x<tab>Ann");
    runner.shows("7x");
    runner
}

#[test]
fn what_was_typed_into_a_form_is_there_when_it_is_come_back_to() {
    let mut runner = half_filled();
    // Another tab, whose list is looked through.
    runner.keys("<esc>4");
    assert_eq!(runner.model.tab, Tab::Functions);
    runner.keys("jjk!");
    assert_eq!(runner.model.focus, Focus::DockForm);
    runner.shows("7x");
    runner.shows("Ann");
    // Help, and what else is asked meanwhile.
    runner.keys("<f1><esc>");
    let other = Box::new(question("q-2", pay()));
    runner.event(EventKind::QuestionOpened(other));
    runner.keys("<ctrl-n>");
    runner.shows("pay.example");
    runner.keys("<tab>");
    runner.shows("7x");
    // The board goes and comes back.
    runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone")));
    runner.event(EventKind::Snapshot(Box::new(board(vec![
        question("q-1", seat()),
        question("q-2", pay()),
    ]))));
    runner.shows("7x");
    runner.shows("Ann");
    // It is typed on where it was left.
    runner.keys("<shift-tab><backspace>");
    runner.light();
    runner.keys("<alt-enter>");
    let sent = answers(&mut runner);
    let [QuestionAnswer::Accept { content }] = &sent[..] else {
        panic!("{sent:?}\n{}", runner.screen());
    };
    let wanted = json!({ "row": "A", "seat": 7, "name": "Ann" });
    assert_eq!(json!(content), wanted);
}

#[test]
fn an_answer_that_was_not_taken_keeps_the_form() {
    let mut runner = one(seat());
    runner.keys("!<right><tab>7");
    runner.light();
    runner.keys("<alt-enter>");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Err(Fault::user("the seat is no seat")));
    runner.shows("the seat is no seat");
    runner.shows("7");
    runner.keys("1<alt-enter>");
    assert_eq!(answers(&mut runner).len(), 1);
}

#[test]
fn what_was_typed_for_a_call_that_ended_is_there_when_it_is_asked_again() {
    let mut runner = half_filled();
    runner.event(EventKind::QuestionClosed {
        id: QuestionId::new("q-1"),
        end: QuestionEnd::Withdrawn,
    });
    runner.shows("what you typed is kept");
    // Another question of the same server is not filled in.
    let other = form("Which seat?", json!({ "name": { "type": "string" } }), &[]);
    runner.event(EventKind::QuestionOpened(Box::new(question("q-8", other))));
    runner.keys("!");
    runner.hides("Ann");
    runner.keys("<alt-d>");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Done));
    runner.event(EventKind::QuestionOpened(Box::new(question("q-9", seat()))));
    runner.keys("!");
    runner.shows("7x");
    runner.shows("Ann");
    assert!(answers(&mut runner).is_empty());
}

#[test]
fn what_waits_in_forms_can_be_written_down_but_for_secrets() {
    let asked = form(
        "Sign in",
        json!({ "user": { "type": "string" }, "pin": { "type": "string", "format": "password" } }),
        &[],
    );
    let mut runner = one(asked.clone());
    assert!(
        dock::drafts(&runner.model).is_empty(),
        "nothing is typed yet"
    );
    runner.keys("!ann<tab>hunter2");
    let written = serde_json::to_string(&dock::drafts(&runner.model)).unwrap();
    assert!(
        written.contains("q-1") && written.contains("ann"),
        "{written}"
    );
    assert!(!written.contains("hunter2"), "{written}");
    let kept = place::keep(&mut runner.model);
    assert!(!kept.contains("hunter2"), "{kept}");
    let mut runner = Runner::blank(80, 24);
    place::recall(&mut runner.model, &kept).unwrap();
    let kept = place::keep(&mut runner.model);
    assert!(
        kept.contains("ann"),
        "not forgotten before the board answers"
    );
    let board = board(vec![question("q-1", asked)]);
    runner.event(EventKind::Snapshot(Box::new(board)));
    runner.keys("!");
    runner.shows("ann");
    runner.hides("•");
}
