//! The whole interface without a terminal and without a board: keys are typed,
//! messages are given, the screen is looked at.

mod board;
mod connectors;
mod custom;
mod dock;
mod edit;
mod filter;
mod functions;
mod hostile;
mod keys;
mod lost;
mod manners;
mod mouse;
mod options;
mod overlay;
mod rebound;
mod retry;
mod run;
mod runner;
mod said;
mod undo;

/// What the interface knows before it knows anything.
pub(super) fn blank() -> super::model::Model {
    runner::Runner::blank(80, 24).model
}
