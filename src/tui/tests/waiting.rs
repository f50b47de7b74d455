//! What is waited for, and how long it has been.

use super::board::{connector, snapshot};
use super::runner::Runner;
use crate::domain::Fault;
use crate::tui::effect::{Effect, Timer};
use crate::tui::model::Purpose;

/// The functions of a connector are asked for, and nothing has come.
fn asking() -> Runner {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    runner.keys("f");
    runner.shows("reading the functions");
    runner
}

/// The timers that were set since this was last asked.
fn timers(runner: &mut Runner) -> Vec<Timer> {
    let timers = runner.effects.drain(..).filter_map(|effect| match effect {
        Effect::Timer(timer, _) => Some(timer),
        _ => None,
    });
    timers.collect()
}

#[test]
fn how_long_it_has_been_is_shown_from_one_second_on() {
    let mut runner = asking();
    runner.pass(999);
    runner.timer(Timer::Spin);
    runner.hides("reading the functions ·");
    runner.pass(1);
    runner.timer(Timer::Spin);
    runner.shows("reading the functions · 1 s");
    runner.pass(124_000);
    runner.timer(Timer::Spin);
    runner.shows("reading the functions · 2:05");
}

#[test]
fn where_nothing_is_to_move_the_time_does_not_either() {
    let mut runner = asking();
    runner.model.theme.calm = true;
    runner.effects.clear();
    runner.pass(5000);
    runner.timer(Timer::Spin);
    runner.shows("reading the functions");
    runner.hides("reading the functions ·");
    assert_eq!(timers(&mut runner), []);
}

#[test]
fn the_time_goes_on_with_the_sign_that_turns_and_has_no_timer_of_its_own() {
    let mut runner = asking();
    assert_eq!(timers(&mut runner), [Timer::Spin]);
    for second in 1..4 {
        runner.pass(1000);
        runner.timer(Timer::Spin);
        assert_eq!(timers(&mut runner), [Timer::Spin], "{second}");
        runner.shows(&format!("reading the functions · {second} s"));
    }
    runner.keys("k");
    assert_eq!(timers(&mut runner), [], "one is enough");
}

#[test]
fn what_is_over_is_forgotten_and_the_next_counts_from_its_beginning() {
    let mut runner = asking();
    let (ticket, _) = runner.asked();
    runner.pass(5000);
    runner.answer(ticket, Err(Fault::user("not now")));
    runner.hides("reading the functions");
    runner.keys("1f");
    runner.shows("reading the functions");
    runner.hides("reading the functions ·");
    runner.pass(2000);
    runner.timer(Timer::Spin);
    runner.shows("reading the functions · 2 s");
}

#[test]
fn of_several_the_one_that_takes_longest_counts_and_no_other_kind() {
    let mut runner = asking();
    runner.pass(2000);
    runner.timer(Timer::Spin);
    let of_any = |purpose: &Purpose| matches!(purpose, Purpose::Functions(_));
    let other = |purpose: &Purpose| *purpose == Purpose::Undo;
    assert!(runner.model.waiting("a", of_any).ends_with("a · 2 s"));
    assert!(runner.model.waiting("a", other).ends_with(" a"));
    runner.keys("1u");
    runner.pass(1000);
    runner.timer(Timer::Spin);
    assert!(runner.model.waiting("a", |_| true).ends_with("a · 3 s"));
    assert!(runner.model.waiting("a", other).ends_with("a · 1 s"));
}
