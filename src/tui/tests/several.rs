//! Setting several functions to always: counted, asked about, and never by Enter.

use super::board::{connector, function, functions, snapshot};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::domain::{FunctionState, Permission};
use crate::protocol::{Permit, Selection};
use crate::tui::effect::Ask;
use crate::tui::focus::Focus;

fn permits(runner: &mut Runner) -> Vec<Permit> {
    let asks = runner.asks().into_iter();
    asks.filter_map(|(_, ask)| match ask {
        Ask::Permit(permit) => Some(permit),
        _ => None,
    })
    .collect()
}

/// Functions with the digests that the list has of them: what changed since it was
/// shown is not accepted unread.
pub(super) fn seen(names: &[&str]) -> Selection {
    let digest = |name: &&str| ((*name).to_owned(), function(name).digest);
    Selection::Seen(names.iter().map(digest).collect())
}

/// Two functions are marked and `a` is pressed.
fn asked(width: u16, height: u16) -> Runner {
    let mut runner = showing(width, height, functions());
    runner.keys("vva");
    runner
}

#[test]
fn what_the_question_looks_like() {
    pictures!("several_not_armed", asked);
    pictures!("several_armed", |w, h| {
        let mut runner = asked(w, h);
        runner.wait(2000);
        runner.wait(0);
        runner
    });
    pictures!("several_reading_ones", |w, h| {
        let mut list = functions();
        for name in ["list_issues", "list_repos"] {
            let mut reading = function(name);
            reading.hints.read_only = Some(true);
            list.push(reading);
        }
        let mut runner = showing(w, h, list);
        runner.keys("A");
        runner
    });
}

#[test]
fn several_run_without_asking_only_after_a_yes_that_was_not_typed_ahead() {
    let mut runner = asked(80, 24);
    assert_eq!(runner.model.focus, Focus::DockSeveral);
    runner.shows("Let 2 functions of github run without asking");
    runner.keys("y");
    assert!(permits(&mut runner).is_empty(), "typed ahead");
    runner.wait(2000);
    runner.keys("<enter>");
    assert!(permits(&mut runner).is_empty(), "Enter never permits");
    runner.wait(2000);
    runner.keys("y");
    let [permit] = permits(&mut runner).try_into().unwrap();
    assert_eq!(permit.functions, seen(&["get_issue", "create_issue"]));
    assert_eq!(permit.permission, Permission::Always);
}

#[test]
fn a_paste_never_answers() {
    let mut runner = asked(80, 24);
    runner.wait(2000);
    runner.wait(0);
    runner.paste("y");
    assert!(permits(&mut runner).is_empty());
}

#[test]
fn escape_leaves_them_as_they_are_and_marked() {
    let mut runner = asked(80, 24);
    runner.wait(2000);
    runner.keys("<esc>");
    assert!(permits(&mut runner).is_empty());
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.shows("2 marked");
}

#[test]
fn what_says_that_it_destroys_is_counted() {
    let mut runner = showing(80, 24, functions());
    runner.keys("vjva");
    runner.shows("1 of them says that it destroys");
}

#[test]
fn one_alone_is_not_asked_about() {
    let mut runner = showing(80, 24, functions());
    runner.keys("ja");
    let [permit] = permits(&mut runner).try_into().unwrap();
    assert!(permit.seen_digest.is_some());
}

#[test]
fn of_the_reading_ones_those_that_nobody_accepted_are_left_out() {
    let mut list = functions();
    let mut more = function("list_issues");
    more.hints.read_only = Some(true);
    list.push(more);
    let mut runner = showing(80, 24, list);
    runner.keys("A");
    runner.shows("Let 1 function of github run");
    runner.shows("1 more are new or changed and stay as they are");
    runner.wait(2000);
    runner.wait(0);
    runner.keys("y");
    let [permit] = permits(&mut runner).try_into().unwrap();
    // get_issue is on always already, search_code has changed.
    assert_eq!(permit.functions, seen(&["list_issues"]));
}

#[test]
fn where_no_reading_one_is_left_that_is_said() {
    let mut plain = function("write");
    plain.hints.read_only = Some(false);
    let mut runner = showing(80, 24, vec![plain]);
    runner.keys("A");
    runner.shows("none of github says that it only reads");
    let mut reads = function("read");
    reads.hints.read_only = Some(true);
    reads.permission = Permission::Always;
    runner = showing(80, 24, vec![reads.clone()]);
    runner.keys("A");
    runner.shows("are on always already");
    reads.state = FunctionState::Changed;
    runner = showing(80, 24, vec![reads]);
    runner.keys("A");
    runner.shows("are new or changed: read each first");
    assert!(!runner.model.dock.is_open());
}

#[test]
fn many_connectors_are_all_read_before_a_yes_counts() {
    let many: Vec<_> = (0..20).map(|n| connector(&format!("c{n}"))).collect();
    let mut runner = Runner::on(80, 24, snapshot(many));
    runner.keys("4<esc>g<enter>");
    loop {
        let lists: Vec<_> = runner
            .asks()
            .into_iter()
            .filter(|(_, ask)| matches!(ask, Ask::Functions(_)))
            .collect();
        if lists.is_empty() {
            break;
        }
        for (ticket, _) in lists {
            let list = vec![function("one"), function("two")];
            runner.answer(
                ticket,
                Ok(crate::tui::effect::Answer::Functions(list.into())),
            );
        }
    }
    runner.keys("Va");
    runner.shows("Let 40 functions of 20 connectors run without asking");
    runner.wait(2000);
    runner.wait(0);
    runner.keys("y");
    assert!(permits(&mut runner).is_empty(), "not all was on the screen");
    runner.shows("Space reads on");
    for _ in 0..6 {
        runner.keys(" ");
        runner.wait(500);
    }
    runner.wait(2000);
    runner.keys("y");
    assert_eq!(permits(&mut runner).len(), 20);
}
