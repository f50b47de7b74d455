use super::*;
use crate::domain::{Fault, FaultKind, Status};
use crate::protocol::{AddStep, Step, StepState};
use crate::tui::effect::{Ticket, WorkEnd, WorkStep};

fn stage(runner: &mut Runner, ticket: Ticket, name: Step, state: StepState) {
    let step = AddStep {
        name,
        state,
        evidence: None,
        sign_in: None,
    };
    runner.step(ticket, WorkStep::Stage(step));
}

fn reconnecting(width: u16, height: u16) -> (Runner, Ticket) {
    let mut crm = all_kinds().remove(3);
    crm.fault = None;
    crm.status = Status::Connecting;
    let mut runner = on(width, height, vec![crm]);
    runner.keys("<enter>r");
    let (ticket, work) = runner.worked();
    assert!(matches!(work, Work::Refresh(_)), "{work:?}");
    stage(&mut runner, ticket, Step::Reach, StepState::Started);
    stage(&mut runner, ticket, Step::Reach, StepState::Done);
    stage(&mut runner, ticket, Step::Negotiate, StepState::Started);
    runner.wait(3200);
    (runner, ticket)
}

#[test]
fn connecting_shows_its_stages() {
    pictures!("details_connecting", |w, h| {
        let (mut runner, _) = reconnecting(w, h);
        runner.keys("j");
        runner
    });
    let (mut runner, ticket) = reconnecting(80, 24);
    runner.keys("j");
    runner.shows("● reach  ◜ negotiate  ○ sign in");
    runner.shows("3 s · Ctrl-c cancels");
    let fault = Fault::new(FaultKind::Network, "nobody answers there");
    let mut failed = all_kinds().remove(3);
    failed.fault = Some(fault.clone());
    runner.event(EventKind::Connector(Box::new(failed)));
    runner.end(ticket, Err(fault));
    runner.shows("● reach  ✕ negotiate  ○ sign in");
    runner.hides("Ctrl-c cancels");
}

#[test]
fn what_is_well_again_shows_no_stages() {
    let (mut runner, ticket) = reconnecting(80, 24);
    let mut well = all_kinds().remove(3);
    well.fault = None;
    well.status = Status::Connected;
    runner.end(ticket, Ok(WorkEnd::Connector(Box::new(well))));
    runner.hides("negotiate");
}

#[test]
fn ctrl_c_cancels_connecting() {
    let (mut runner, ticket) = reconnecting(80, 24);
    runner.wanted();
    runner.keys("<ctrl-c>");
    let wanted = runner.wanted();
    assert!(cancels(&wanted, ticket), "{wanted:?}");
    runner.hides("negotiate");
}
