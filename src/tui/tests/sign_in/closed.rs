//! Consents that are over.

use super::*;

pub(super) fn of(end: ConsentEnd) -> EventKind {
    EventKind::ConsentClosed {
        id: ConsentId::new("c-1"),
        connector: connector("linear").id,
        end,
    }
}

pub(super) fn fault() -> Fault {
    Fault::new(
        FaultKind::SignIn,
        "the authorization server refused the code: invalid_grant",
    )
    .hint("begin the sign-in anew; a code counts once, and for a minute")
}

#[test]
fn what_is_over_elsewhere_goes_with_a_word() {
    for (end, said) in [
        (ConsentEnd::SignedIn, "signed in to linear"),
        (ConsentEnd::Cancelled, "was stopped elsewhere"),
        (ConsentEnd::Replaced, "took the place of this one"),
        (ConsentEnd::Stopped, "ended with the board"),
    ] {
        let mut runner = one();
        runner.event(of(end));
        runner.shows(said);
        runner.hides("Open this address");
        assert_eq!(runner.model.focus, Focus::Connectors);
    }
}

#[test]
fn a_sign_in_that_nobody_answered_is_seen_and_begun_anew() {
    let mut runner = one();
    runner.paste("typed before");
    runner.event(of(ConsentEnd::Expired));
    runner.shows("Nobody answered in time");
    // The letters of the live box do nothing any more.
    runner.keys("ocQpX");
    assert!(runner.wanted().is_empty());
    runner.keys("<enter>");
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Login(login) if login.name == "linear"));
    runner.hides("Nobody answered in time");
    let mut runner = one();
    runner.event(of(ConsentEnd::Expired));
    runner.keys("<esc>");
    runner.hides("Nobody answered in time");
}

#[test]
fn a_sign_in_that_failed_says_why_and_shows_its_steps() {
    let mut runner = on(80, 24, vec![]);
    runner.keys("s");
    let (ticket, _) = runner.worked();
    runner.event(EventKind::ConsentOpened(Box::new(consent("c-1"))));
    runner.event(of(ConsentEnd::Failed(fault())));
    // Said once, where it can be read.
    runner.end(ticket, Err(fault()));
    assert!(runner.model.notice.is_none());
    runner.shows("refused the code: invalid_grant");
    runner.keys("v");
    runner.shows("Signs in by OAuth 2.1");
    runner.hides("it failed");
}

#[test]
fn a_sign_in_that_fails_before_it_asks_anybody_is_said() {
    let mut runner = on(80, 24, vec![]);
    runner.keys("s");
    let (ticket, _) = runner.worked();
    runner.end(ticket, Err(Fault::new(FaultKind::SignIn, "no PKCE")));
    runner.shows("no PKCE");
}

#[test]
fn stopping_ends_it_at_the_board_and_says_so_once() {
    let mut runner = one();
    runner.keys("X");
    let asks = runner.asks();
    let [(ticket, Ask::CancelLogin(sent))] = &asks[..] else {
        panic!("{asks:?}");
    };
    assert_eq!(sent.name, "linear");
    runner.event(of(ConsentEnd::Cancelled));
    assert!(runner.model.notice.is_none());
    runner.answer(*ticket, Ok(Answer::Done));
    runner.shows("the sign-in to linear was stopped");
}

#[test]
fn cancelling_what_was_begun_here_ends_it_at_the_board_too() {
    let mut runner = on(80, 24, vec![]);
    runner.keys("s<ctrl-c>");
    let wanted = runner.wanted();
    let stops = wanted
        .iter()
        .any(|effect| matches!(effect, Effect::Ask(_, Ask::CancelLogin(_))));
    let leaves = wanted.iter().any(|it| matches!(it, Effect::Cancel(_)));
    assert!(stops && leaves, "{wanted:?}");
}

#[test]
fn a_board_that_no_longer_knows_it_takes_it_away() {
    let mut runner = one();
    runner.event(EventKind::Snapshot(Box::new(board(vec![]))));
    runner.hides("Sign in to linear");
    runner.event(EventKind::Snapshot(Box::new(board(vec![consent("c-2")]))));
    runner.shows("Sign in to linear");
    let connector = connector("linear").id;
    runner.event(EventKind::Removed { id: connector });
    runner.hides("Sign in to linear");
}

#[test]
fn what_was_stopped_here_was_not_stopped_elsewhere_whichever_is_heard_first() {
    for answer_first in [true, false] {
        let mut runner = one();
        runner.keys("X");
        let (ticket, ask) = runner.asked();
        assert!(matches!(ask, Ask::CancelLogin(_)));
        if answer_first {
            runner.answer(ticket, Ok(Answer::Done));
        }
        runner.event(of(ConsentEnd::Cancelled));
        if !answer_first {
            runner.answer(ticket, Ok(Answer::Done));
        }
        runner.shows("the sign-in to linear was stopped");
        runner.hides("elsewhere");
    }
}
