//! What a command has at hand.

use super::output::Output;
use super::terminal::Terminal;
use crate::config::{Environment, Home, Settings};
use crate::domain::Fault;
use crate::link::Client;

/// What a command has at hand: where things are, the environment, the terminal,
/// and where results go.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) home: Home,
    pub(super) environment: Environment,
    pub(super) terminal: Terminal,
    pub(super) output: Output,
}

impl Context {
    /// The board, started if none runs.
    pub(super) async fn board(&self) -> Result<Client, Fault> {
        Client::attach_or_start(&self.home).await
    }

    /// The board, if one runs.
    pub(super) async fn running_board(&self) -> Result<Client, Fault> {
        Client::attach(&self.home).await
    }

    /// The settings in force.
    pub(super) fn settings(&self) -> Result<Settings, Fault> {
        Settings::load(&self.home, &self.environment)
    }

    /// Whether results are for a script.
    pub(super) fn json(&self) -> bool {
        self.output.json()
    }
}
