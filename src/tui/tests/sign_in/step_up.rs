//! A server that wants more than was given.

use super::account::signed_in;
use super::*;
use crate::tui::tab::Tab;

fn wants() -> ConnectorView {
    let mut view = signed_in();
    view.status = Status::Connected;
    view.scopes_wanted = vec![
        scope("issues:write", Some("change issues")),
        scope("adm\u{202e}in", None),
    ];
    view
}

/// The server refuses a call while nothing waits.
fn asked(width: u16, height: u16) -> Runner {
    let mut runner = Runner::on(width, height, snapshot(vec![signed_in()]));
    runner.event(EventKind::Connector(Box::new(wants())));
    runner
}

#[test]
fn what_a_server_that_wants_more_looks_like() {
    pictures!("sign_in_wants_more_elsewhere", asked);
    pictures!("sign_in_wants_more", |w, h| {
        let mut runner = asked(w, h);
        runner.keys("!");
        runner
    });
}

#[test]
fn what_was_given_stands_beside_what_is_wanted_and_takes_no_keys() {
    let mut runner = asked(80, 24);
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.shows("linear wants more");
    runner.shows("! goes to this question");
    runner.keys("!");
    assert_eq!(runner.model.focus, Focus::DockStepUp);
    runner.shows("You gave  \"read\" (read your data)");
    runner.shows("It wants  \"issues:write\" (change issues)");
    assert!(!runner.screen().contains('\u{202e}'));
}

#[test]
fn signing_in_for_more_begins_a_sign_in_and_its_box_takes_the_place() {
    let mut runner = asked(80, 24);
    runner.wanted();
    runner.keys("!s");
    let (_, work) = runner.worked();
    // The board asks for what is wanted besides what there is.
    assert!(
        matches!(work, Work::Login(login) if login.name == "linear" && login.scopes.is_empty())
    );
    let mut view = consent("c-1");
    view.consent.added = wants().scopes_wanted;
    runner.event(EventKind::ConsentOpened(Box::new(view)));
    let mut running = wants();
    running.signing_in = true;
    runner.event(EventKind::Connector(Box::new(running)));
    assert_eq!(runner.model.focus, Focus::DockConsent);
    runner.shows("New among them: \"issues:write\" (change issues)");
    runner.event(closed::of(ConsentEnd::SignedIn));
    runner.event(EventKind::Connector(Box::new(signed_in())));
    runner.hides("wants more");
}

#[test]
fn a_no_is_told_to_the_board_which_remembers_it() {
    let mut runner = asked(80, 24);
    runner.wanted();
    runner.keys("!n");
    let (ticket, ask) = runner.asked();
    assert!(matches!(ask, Ask::CancelLogin(cancel) if cancel.name == "linear"));
    runner.answer(ticket, Ok(Answer::Done));
    runner.shows("linear keeps what it was given");
    runner.event(EventKind::Connector(Box::new(signed_in())));
    runner.hides("wants more");
}

#[test]
fn put_off_it_is_found_again_on_the_connector_and_is_not_asked_twice() {
    let mut runner = asked(80, 24);
    runner.keys("!<esc>");
    assert!(runner.asks().is_empty(), "Esc says no to nothing");
    runner.hides("goes to this question");
    // The same again is no news.
    runner.event(EventKind::Connector(Box::new(wants())));
    runner.hides("goes to this question");
    assert_eq!(runner.model.tab, Tab::Connectors);
    runner.keys("<enter><tab><tab><tab>");
    runner.shows("the server wants more than it was given: \"issues:write\"");
    runner.shows("s signs in for it");
    runner.keys("s");
    assert!(matches!(runner.worked().1, Work::Login(_)));
}

#[test]
fn a_face_that_attaches_late_is_asked_and_what_is_over_goes() {
    let mut runner = Runner::on(80, 24, snapshot(vec![wants()]));
    runner.shows("linear wants more");
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![signed_in()]))));
    runner.hides("linear wants more");
    runner.event(EventKind::Connector(Box::new(wants())));
    runner.shows("linear wants more");
    runner.event(EventKind::Removed { id: wants().id });
    runner.hides("linear wants more");
}
