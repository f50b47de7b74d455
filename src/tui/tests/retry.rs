use super::board::{connector, snapshot};
use super::runner::Runner;
use crate::domain::{AuthKind, AuthMethod, Fault, FaultKind, Status};
use crate::protocol::{AddStep, ConnectorView, EventKind, Step, StepState};
use crate::tui::effect::{Ticket, Work, WorkEnd, WorkStep};
use crate::tui::tab::Tab;

const FILLED: &str = "cwiki<tab>https://wiki.example.com/mcp<tab>Team wiki<tab><right><right>\
                      <tab>s3cret<tab><tab> <alt-enter>";

fn kept() -> ConnectorView {
    let mut kept = connector("wiki");
    kept.auth = AuthKind::Bearer;
    kept.method = AuthMethod::Bearer;
    kept.status = Status::SignIn;
    kept
}

fn refused() -> Fault {
    Fault::new(FaultKind::SignIn, "the server refused the token")
        .hint("wiki is kept; mend it with `callboard edit wiki`")
}

fn said(runner: &mut Runner, ticket: Ticket, name: Step, state: StepState) {
    let step = AddStep {
        name,
        state,
        evidence: None,
        sign_in: None,
    };
    runner.step(ticket, WorkStep::Stage(step));
}

/// A first connection that failed at the sign-in; the board has kept it.
fn failed() -> Runner {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys(FILLED);
    let (ticket, work) = runner.worked();
    assert!(matches!(work, Work::Add(..)));
    runner.event(EventKind::Connector(Box::new(kept())));
    runner.hides("there is a connector");
    said(&mut runner, ticket, Step::Reach, StepState::Done);
    said(&mut runner, ticket, Step::Negotiate, StepState::Started);
    said(&mut runner, ticket, Step::SignIn, StepState::Failed);
    runner.end(ticket, Err(refused()));
    runner
}

#[test]
fn a_connector_that_was_kept_is_edited_in_the_same_form() {
    let mut runner = failed();
    runner.shows("Edit wiki");
    runner.shows("the server refused the token");
    runner.hides("there is a connector");
    runner.hides("callboard edit");
    runner.hides("✕ negotiate");
    runner.shows("✕ sign in");
    runner.shows("••••••");
    runner.keys("<alt-enter>");
    let (ticket, work) = runner.worked();
    let Work::Edit(edit) = work else {
        panic!("no edit: {}", runner.screen());
    };
    assert_eq!(edit.name, "wiki");
    assert_eq!(edit.secrets[0].1.0.expose(), "s3cret");
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(connector("wiki")))));
    assert_eq!(
        runner.model.tab,
        Tab::Functions,
        "it is reviewed as a new one is"
    );
}

#[test]
fn the_board_may_say_later_that_it_has_kept_it() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys(FILLED);
    let (ticket, _) = runner.worked();
    runner.end(ticket, Err(refused()));
    runner.shows("Custom MCP Connector");
    runner.event(EventKind::Connector(Box::new(kept())));
    runner.shows("Edit wiki");
}

#[test]
fn what_is_saved_unchanged_is_tried_again() {
    let mut runner = failed();
    runner.keys("<up><ctrl-u><alt-enter>");
    let (ticket, _) = runner.worked();
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(kept()))));
    let (ticket, work) = runner.worked();
    assert!(matches!(work, Work::Refresh(refresh) if refresh.name == "wiki"));
    runner.end(ticket, Err(refused()));
    runner.shows("Edit wiki");
    runner.shows("the server refused the token");
}

#[test]
fn what_the_board_has_not_kept_stays_an_addition() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys(FILLED);
    let (ticket, _) = runner.worked();
    runner.event(EventKind::Connector(Box::new(kept())));
    let fault = Fault::new(FaultKind::NotMcp, "a web page answers there");
    runner.end(ticket, Err(fault));
    runner.event(EventKind::Removed { id: kept().id });
    runner.shows("Custom MCP Connector");
    runner.keys("<alt-enter>");
    assert!(matches!(runner.worked().1, Work::Add(..)));
}

#[test]
fn what_was_kept_of_a_cancelled_addition_is_edited_too() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys(FILLED);
    runner.event(EventKind::Connector(Box::new(kept())));
    runner.keys("<ctrl-c>");
    runner.shows("Edit wiki");
}

#[test]
fn a_program_that_does_not_start_says_what_another_command_line_takes() {
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.keys("c<shift-tab> <tab>wiki<tab>npx srever<tab><tab><tab> <alt-enter>");
    let (ticket, _) = runner.worked();
    let mut program = kept();
    program.target = crate::domain::Target::Program {
        command: "/usr/bin/npx".to_owned(),
        args: vec!["srever".to_owned()],
        env: vec![],
        path: None,
        cwd: "/home/ann".to_owned(),
    };
    runner.event(EventKind::Connector(Box::new(program)));
    let fault = Fault::new(FaultKind::Server, "the program ended at once");
    runner.end(ticket, Err(fault));
    runner.shows("the program ended at once");
    runner.shows("another command line is another connector");
    runner.keys("<esc><esc>");
    runner.shows("wiki stays on the board as it was added");
}
