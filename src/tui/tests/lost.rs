//! Without the vault, and without the board.

use super::board::{connector, functions, snapshot};
use super::functions::showing;
use super::runner::{Runner, pictures};
use crate::domain::{Fault, FaultKind, Status, VaultKind};
use crate::protocol::{EventKind, SnapshotView};
use crate::tui::effect::{Answer, Ask, Effect, Msg, Timer, Work};
use crate::tui::focus::Focus;

fn locked() -> SnapshotView {
    let mut board = snapshot(vec![connector("a"), connector("b")]);
    board.vault.kind = Some(VaultKind::Passphrase);
    board.vault.locked = true;
    board.connectors[0].status = Status::Locked;
    board.connectors[0].fault =
        Some(Fault::config("the vault is locked").hint("run `callboard unlock`"));
    board
}

fn gone() -> Msg {
    Msg::Lost(Fault::new(FaultKind::Network, "the board is gone").retryable())
}

#[test]
fn what_a_locked_connector_looks_like() {
    pictures!("connectors_locked", |w, h| {
        let mut runner = Runner::on(w, h, snapshot(locked().connectors));
        runner.model.mirror.vault = Some(locked().vault);
        runner.keys("<enter>");
        runner
    });
}

#[test]
fn a_locked_row_names_the_key_that_opens_the_vault() {
    let mut runner = Runner::on(80, 24, locked());
    runner.shows("◊ a");
    runner.shows("U opens the vault");
    runner.shows("U unlock");
    runner.keys("<enter>");
    runner.hides("callboard unlock");
    runner.keys("U");
    assert_eq!(runner.model.focus, Focus::DockPassphrase);
    runner.keys("right<enter>");
    let (ticket, _) = runner.asked();
    let mut vault = locked().vault;
    vault.locked = false;
    runner.answer(ticket, Ok(Answer::Vault(vault)));
    runner.hides("U unlock");
}

#[test]
fn a_wrong_passphrase_is_said_in_the_prompt_which_stays() {
    let mut runner = Runner::on(80, 24, locked());
    runner.keys("Uwrong<enter>");
    let (ticket, _) = runner.asked();
    let fault = Fault::config("the passphrase does not open the vault")
        .hint("try again with `callboard unlock`");
    runner.answer(ticket, Err(fault));
    assert_eq!(runner.model.focus, Focus::DockPassphrase);
    runner.shows("the passphrase does not open the vault");
    runner.hides("callboard unlock");
}

#[test]
fn a_call_that_fails_for_the_lock_asks_for_the_passphrase() {
    let mut runner = showing(80, 24, functions());
    runner.keys("t<alt-enter>");
    let (ticket, work) = runner.worked();
    assert!(matches!(work, Work::Call(_)));
    runner.model.mirror.vault = Some(locked().vault);
    let fault = Fault::config("the vault is locked").hint("run `callboard unlock`");
    runner.end(ticket, Err(fault));
    assert_eq!(runner.model.focus, Focus::DockPassphrase);
}

#[test]
fn every_tab_says_that_the_board_is_gone_and_a_key_starts_it() {
    for keys in ["1", "3<esc>", "4"] {
        let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
        runner.keys(keys);
        runner.msg(gone());
        runner.shows("no board answers: S starts it");
        runner.shows("S start the board");
        runner.wanted();
        runner.keys("S");
        assert!(matches!(
            runner.wanted()[..],
            [Effect::Attach { start: true }]
        ));
    }
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.keys("3S");
    runner.shows("[ S");
    runner.msg(gone());
    runner.shows("Alt-s starts it");
    runner.wanted();
    runner.keys("<alt-s>");
    assert!(matches!(
        runner.wanted()[..],
        [Effect::Attach { start: true }]
    ));
}

#[test]
fn a_passphrase_that_the_board_never_saw_is_kept() {
    let mut runner = Runner::on(80, 24, locked());
    runner.keys("Uright");
    runner.msg(gone());
    runner.keys("<enter>");
    let (ticket, _) = runner.asked();
    let fault = Fault::new(FaultKind::Network, "the board does not answer").retryable();
    runner.answer(ticket, Err(fault));
    runner.keys("<alt-s>");
    runner.shows("•••••");
    runner.keys("<enter>");
    let (_, ask) = runner.asked();
    let Ask::Unlock(unlock) = ask else {
        panic!("no passphrase");
    };
    assert_eq!(unlock.passphrase.unwrap().0.expose(), "right");
}

#[test]
fn what_failed_for_want_of_the_board_names_the_key_that_starts_it_and_goes_with_its_return() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    runner.msg(gone());
    let fault = Fault::new(FaultKind::Network, "the board does not answer")
        .hint("`callboard status` says whether it runs; every command starts it again")
        .retryable();
    runner.model.complain(&fault);
    runner.msg(Msg::Painted);
    runner.shows("the board does not answer · ");
    runner.hides("callboard status");
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![connector(
        "a",
    )]))));
    runner.hides("does not answer");
}

#[test]
fn a_face_that_somebody_sits_at_looks_for_the_board_every_second() {
    let delay = |runner: &mut Runner| {
        let mut longest = std::time::Duration::ZERO;
        for _ in 0..8 {
            runner.msg(gone());
        }
        for effect in runner.wanted() {
            if let Effect::Timer(Timer::Attach, delay) = effect {
                longest = longest.max(delay);
            }
        }
        longest.as_millis()
    };
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("a")]));
    assert_eq!(delay(&mut runner), 8_000);
    runner.keys("j");
    assert_eq!(delay(&mut runner), 1_000);
    runner.pass(61_000);
    assert_eq!(delay(&mut runner), 8_000);
}
