//! What is said of connectors that fare worse: once, and taking nothing away.

use super::asked::{question, seat};
use super::board::{connector, snapshot};
use super::runner::{Runner, pictures};
use crate::domain::{AuthKind, AuthMethod, Status};
use crate::protocol::{ConnectorView, EventKind};
use crate::tui::effect::Ask;
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

fn faring(name: &str, status: Status) -> ConnectorView {
    ConnectorView {
        status,
        ..connector(name)
    }
}

fn on(width: u16, height: u16) -> Runner {
    let all = vec![connector("github"), connector("plays"), connector("wiki")];
    Runner::on(width, height, snapshot(all))
}

fn becomes(runner: &mut Runner, name: &str, status: Status) {
    runner.event(EventKind::Connector(Box::new(faring(name, status))));
}

/// The definitions of `wiki` have changed, while the list has the keys.
fn changed(width: u16, height: u16) -> Runner {
    let mut runner = on(width, height);
    becomes(&mut runner, "wiki", Status::Changed);
    runner
}

#[test]
fn what_warnings_look_like() {
    pictures!("warning_waits", changed);
    pictures!("warning_changed", |w, h| {
        let mut runner = changed(w, h);
        runner.keys("!");
        runner
    });
    pictures!("warning_sign_in", |w, h| {
        let mut runner = on(w, h);
        let mut plays = faring("plays", Status::SignIn);
        plays.auth = AuthKind::Oauth;
        plays.method = AuthMethod::Oauth;
        runner.event(EventKind::Connector(Box::new(plays)));
        runner.keys("!");
        runner
    });
    pictures!("warning_secret", |w, h| {
        let mut runner = on(w, h);
        becomes(&mut runner, "plays", Status::SignIn);
        runner.keys("!");
        runner
    });
}

#[test]
fn a_warning_takes_no_keys_until_it_is_gone_to() {
    let mut runner = changed(80, 24);
    assert_eq!(runner.model.focus, Focus::Connectors);
    runner.keys("j");
    runner.paste("<enter>");
    assert_eq!(runner.model.tab, Tab::Connectors);
    runner.shows("wiki lists functions");
    runner.keys("!");
    assert_eq!(runner.model.focus, Focus::DockWarning);
    // Letters of other prompts mean nothing here.
    runner.keys("ynas ");
    assert_eq!(runner.model.focus, Focus::DockWarning);
    runner.shows("wiki lists functions");
    assert!(runner.asks().is_empty());
}

#[test]
fn looking_at_changed_functions_opens_them() {
    let mut runner = changed(80, 24);
    runner.keys("!<enter>");
    assert_eq!(runner.model.tab, Tab::Functions);
    let (_, ask) = runner.asked();
    assert!(matches!(ask, Ask::Functions(of) if of.name == "wiki"));
    assert!(!runner.model.dock.is_open());
}

#[test]
fn looking_at_a_lost_sign_in_opens_the_connector() {
    let mut runner = on(80, 24);
    runner.keys("5");
    becomes(&mut runner, "wiki", Status::SignIn);
    runner.keys("!<enter>");
    assert_eq!(runner.model.tab, Tab::Connectors);
    runner.keys("<enter>");
    runner.shows("wiki.example.com");
    assert!(!runner.model.dock.is_open());
}

#[test]
fn a_warning_that_was_put_away_is_not_said_again() {
    let mut runner = changed(80, 24);
    runner.keys("!<esc>");
    assert_eq!(runner.model.focus, Focus::Connectors);
    assert!(!runner.model.dock.is_open());
    becomes(&mut runner, "wiki", Status::Changed);
    assert!(!runner.model.dock.is_open());
    // But what happens anew is.
    becomes(&mut runner, "wiki", Status::Connected);
    becomes(&mut runner, "wiki", Status::Changed);
    assert!(runner.model.dock.is_open());
}

#[test]
fn a_warning_goes_by_itself_when_it_is_over() {
    let mut runner = changed(80, 24);
    becomes(&mut runner, "wiki", Status::Connected);
    assert!(!runner.model.dock.is_open());
    let mut runner = changed(80, 24);
    runner.keys("!");
    let id = connector("wiki").id;
    runner.event(EventKind::Removed { id });
    assert!(!runner.model.dock.is_open());
    assert_eq!(
        runner.model.focus,
        Focus::Connectors,
        "the keys are given back"
    );
    let mut runner = changed(80, 24);
    let board = snapshot(vec![connector("wiki")]);
    runner.event(EventKind::Snapshot(Box::new(board)));
    assert!(!runner.model.dock.is_open());
    let mut runner = changed(80, 24);
    let board = snapshot(vec![faring("wiki", Status::Changed)]);
    runner.event(EventKind::Snapshot(Box::new(board)));
    assert!(runner.model.dock.is_open());
}

#[test]
fn what_was_brought_about_here_and_what_the_network_does_is_no_warning() {
    let mut runner = on(80, 24);
    runner.keys("r");
    becomes(&mut runner, "github", Status::Changed);
    assert!(!runner.model.dock.is_open(), "somebody here reconnects it");
    for status in [Status::Failed, Status::Connecting] {
        becomes(&mut runner, "wiki", status);
        assert!(!runner.model.dock.is_open(), "{status:?}");
    }
    becomes(&mut runner, "unknown", Status::SignIn);
    assert!(!runner.model.dock.is_open(), "it was not known before");
}

#[test]
fn a_question_comes_before_what_is_merely_said() {
    let mut runner = changed(80, 24);
    becomes(&mut runner, "github", Status::SignIn);
    runner.event(EventKind::QuestionOpened(Box::new(question("q-1", seat()))));
    runner.keys("!");
    assert_eq!(runner.model.focus, Focus::DockForm);
    runner.keys("<ctrl-n>");
    assert_eq!(runner.model.focus, Focus::DockWarning);
    runner.shows("wiki lists functions");
    runner.keys("<tab>");
    runner.shows("github does not take its secret");
    // One that has the keys keeps its place, whatever comes.
    runner.event(EventKind::QuestionOpened(Box::new(question("q-2", seat()))));
    runner.shows("github does not take its secret");
    runner.keys("<esc>!");
    assert_eq!(runner.model.focus, Focus::DockForm);
}

#[test]
fn a_sign_in_that_never_was_is_not_lost() {
    let mut plays = faring("plays", Status::Connecting);
    plays.auth = AuthKind::Oauth;
    plays.method = AuthMethod::Oauth;
    let mut runner = Runner::on(80, 24, snapshot(vec![plays.clone()]));
    plays.status = Status::SignIn;
    runner.event(EventKind::Connector(Box::new(plays)));
    runner.hides("any more");
    runner.shows("s signs in");
}
