use super::board::{connector, functions, snapshot};
use super::functions::showing;
use super::runner::Runner;
use crate::domain::{Fault, Permission};
use crate::protocol::{Permitted, Undone};
use crate::tui::effect::{Answer, Ask, Effect, WorkEnd};
use crate::tui::focus::Focus;

fn undone(what: &str) -> Answer {
    Answer::Undone(Undone {
        what: what.to_owned(),
        connector: connector("github").id,
    })
}

#[test]
fn a_permission_is_taken_back_by_a_key_and_the_list_is_read_again() {
    let mut runner = showing(80, 24, functions());
    runner.keys("b");
    let (ticket, _) = runner.asked();
    let permitted = Permitted {
        functions: vec!["get_issue".into()],
        permission: Permission::Block,
    };
    runner.answer(ticket, Ok(Answer::Permitted(permitted)));
    runner.shows("1 function is on block now; u takes it back");
    let (read, _) = runner.asked();
    runner.answer(read, Ok(Answer::Functions(functions().into())));
    runner.keys("u");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Undo(_)));
    runner.answer(ticket, Ok(undone("get_issue of github is on ask again")));
    runner.shows("get_issue of github is on ask again");
    let (_, ask) = runner.asked();
    assert!(matches!(ask, Ask::Functions(_)), "{ask:?}");
}

#[test]
fn it_works_in_every_tab_where_changes_are_made_and_is_a_letter_in_a_field() {
    for keys in ["1", "3<esc>", "4", "f<enter>"] {
        let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
        runner.keys(keys);
        runner.wanted();
        runner.keys("u");
        let (_, ask) = runner.asked();
        assert!(matches!(ask, Ask::Undo(_)), "{keys}");
    }
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("3<tab>u");
    assert!(runner.wanted().is_empty());
    runner.shows("[ u");
}

#[test]
fn where_nothing_can_be_taken_back_the_board_says_so() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("u");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Err(Fault::user("nothing was changed yet")));
    runner.shows("nothing was changed yet");
}

#[test]
fn a_removal_says_what_comes_back_and_what_does_not() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("x");
    assert_eq!(runner.model.focus, Focus::DockRemove);
    runner.shows("u takes it");
    runner.shows("back, but its secrets are gone for good.");
    runner.hides("cannot be taken back");
    runner.keys("y");
    let (ticket, _) = runner.asked();
    runner.answer(ticket, Ok(Answer::Done));
    runner.shows("github is removed; u takes it back, without its secrets");
}

#[test]
fn switching_says_that_it_can_be_taken_back_and_reconnecting_says_nothing() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys(" ");
    let (ticket, _) = runner.asked();
    let mut off = connector("github");
    off.enabled = false;
    off.status = crate::domain::Status::Disabled;
    runner.answer(ticket, Ok(Answer::Connector(Box::new(off))));
    runner.shows("switched off; u takes it back");
    runner.keys(" ");
    let (ticket, _) = runner.worked();
    let on = || Ok(WorkEnd::Connector(Box::new(connector("github"))));
    runner.end(ticket, on());
    runner.shows("switched on; u takes it back");
    runner.keys("r");
    let (ticket, _) = runner.worked();
    runner.end(ticket, on());
    runner.hides("takes it back");
    assert!(!runner.effects.iter().any(|it| matches!(it, Effect::Leave)));
}
