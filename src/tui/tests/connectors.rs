use super::board::{all_kinds, connector, snapshot};
use super::runner::{Runner, pictures};
use crate::domain::{Fault, FaultKind, Status};
use crate::protocol::EventKind;
use crate::tui::effect::{Answer, Ask, Effect, Msg, Timer, Work};
use crate::tui::focus::Focus;

#[test]
fn what_the_tab_looks_like() {
    pictures!("connectors_before_the_board_answers", |w, h| Runner::blank(
        w, h
    ));
    pictures!("connectors_empty", |w, h| Runner::on(
        w,
        h,
        snapshot(vec![])
    ));
    pictures!("connectors", |w, h| Runner::on(w, h, snapshot(all_kinds())));
    pictures!("connectors_details", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("j<enter>");
        runner
    });
    pictures!("connectors_sign_in_needed", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("jj<enter>");
        runner
    });
    pictures!("connectors_local_program", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("jjj<enter>");
        runner
    });
    pictures!("connectors_board_gone", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        let fault = Fault::new(FaultKind::Network, "the board is gone").retryable();
        runner.msg(Msg::Lost(fault));
        runner
    });
    pictures!("connectors_removal", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("x");
        runner
    });
    pictures!("connectors_help", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(all_kinds()));
        runner.keys("?");
        runner
    });
}

#[test]
fn a_screen_too_small_says_so_and_goes_on() {
    let mut runner = Runner::on(80, 24, snapshot(all_kinds()));
    runner.msg(Msg::Resized {
        width: 59,
        height: 20,
    });
    runner.shows("callboard needs 60 by 20 cells");
    runner.shows("this terminal has 59 by 20");
    runner.keys("x");
    runner.msg(Msg::Resized {
        width: 60,
        height: 20,
    });
    runner.shows("My Connectors");
    runner.hides("Forget");
}

#[test]
fn the_chosen_connector_stays_chosen_when_others_come_and_go() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("b"), connector("c")]));
    runner.keys("j");
    runner.event(EventKind::Connector(Box::new(connector("a"))));
    runner.keys("x");
    runner.shows("Remove c");
    runner.keys("<esc>");
    runner.event(EventKind::Removed {
        id: connector("c").id,
    });
    runner.keys("x");
    runner.shows("Remove b");
}

#[test]
fn space_switches_off_what_is_on_and_on_what_is_off() {
    let mut old = connector("old");
    old.enabled = false;
    old.status = Status::Disabled;
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a"), old]));
    runner.keys(" ");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Disable(request) if request.name == "a"));
    let mut off = connector("a");
    off.enabled = false;
    off.status = Status::Disabled;
    runner.answer(ticket, Ok(Answer::Connector(Box::new(off))));
    runner.shows("disabled");
    runner.keys("j ");
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Enable(request) if request.name == "old"));
}

#[test]
fn a_removal_is_asked_for_and_only_y_removes() {
    for keys in ["x<esc>", "x<enter>", "xn", "x <esc>"] {
        let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
        runner.keys(keys);
        let asked = runner.wanted();
        assert!(
            !asked.iter().any(|effect| matches!(effect, Effect::Ask(..))),
            "{keys} removed it"
        );
    }
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.keys("x");
    runner.paste("y");
    assert!(runner.model.dock.is_open(), "a paste answers nothing");
    runner.keys("y");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::Remove(request) if request.name == "a"));
    runner.answer(ticket, Ok(Answer::Done));
    runner.shows("a is removed");
    assert_eq!(runner.model.focus, Focus::Connectors);
}

#[test]
fn a_reconnection_turns_the_spinner_and_ctrl_c_stops_it() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.keys("r");
    let spins = runner
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Timer(Timer::Spin, _)));
    assert_eq!(spins.count(), 1);
    let (ticket, work) = runner.worked();
    assert!(matches!(work, Work::Refresh(_)));
    runner.shows("reconnecting…");
    runner.keys("<ctrl-c>");
    assert!(
        runner
            .wanted()
            .iter()
            .any(|effect| matches!(effect, Effect::Cancel(of) if *of == ticket))
    );
    runner.hides("reconnecting…");
}

#[test]
fn an_idle_board_sets_no_timer() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.keys("jkjk");
    assert!(runner.effects.is_empty(), "{:?}", runner.effects);
    runner.timer(Timer::Spin);
    assert!(runner.effects.is_empty(), "a late turn sets none either");
}

#[test]
fn a_board_that_is_gone_is_tried_again_later_and_later() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    let mut waits = Vec::new();
    for _ in 0..8 {
        runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone")));
        for effect in runner.wanted() {
            if let Effect::Timer(Timer::Attach, after) = effect {
                waits.push(after.as_millis());
            }
        }
        runner.timer(Timer::Attach);
        assert!(matches!(
            runner.wanted()[..],
            [Effect::Attach { start: false }]
        ));
    }
    assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![connector(
        "b",
    )]))));
    runner.hides("gone");
    runner.shows("● 1 up");
}

#[test]
fn q_leaves_and_ctrl_c_does_not() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("<ctrl-c>");
    assert!(runner.wanted().is_empty());
    runner.keys("q");
    assert!(matches!(runner.wanted()[..], [Effect::Leave]));
}

#[test]
fn help_lists_the_keys_of_what_had_the_focus() {
    let mut runner = Runner::on(100, 40, snapshot(all_kinds()));
    runner.keys("?");
    runner.shows("Forgets the connector, after asking");
    runner.keys("?");
    runner.hides("Forgets the connector");
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.keys("<enter>?<esc>");
    assert_eq!(runner.model.focus, Focus::ConnectorDetail);
}
