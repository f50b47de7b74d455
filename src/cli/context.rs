//! What a command has at hand.

use super::output::Output;
use super::terminal::Terminal;
use crate::config::{Environment, Home, Settings};
use crate::domain::Fault;
use crate::link::Client;

/// Says whether the keys that the settings bind can be bound: what an action and a
/// key are only the interface knows, which no command may ask.
pub type CheckKeys = fn(&Settings) -> Result<(), Fault>;

/// What a command has at hand: where things are, the environment, the terminal,
/// and where results go.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) home: Home,
    pub(super) environment: Environment,
    pub(super) terminal: Terminal,
    pub(super) output: Output,
    pub(super) check_keys: CheckKeys,
}

impl Context {
    /// The board, started if none runs.
    ///
    /// # Errors
    /// Settings that cannot be read stop it here, before anything is done without
    /// them.
    pub(super) async fn board(&self) -> Result<Client, Fault> {
        self.settings()?;
        self.refuse_shared_board()?;
        let client = Client::attach_or_start(&self.home).await?;
        self.note_version(&client);
        Ok(client)
    }

    /// The board, if one runs.
    pub(super) async fn running_board(&self) -> Result<Client, Fault> {
        self.refuse_shared_board()?;
        let client = Client::attach(&self.home).await?;
        self.note_version(&client);
        Ok(client)
    }

    /// Whoever names a shared board must not get the personal one instead.
    fn refuse_shared_board(&self) -> Result<(), Fault> {
        match self.environment.get("CALLBOARD_BOARD") {
            None => Ok(()),
            Some(_) => Err(Fault::config(
                "CALLBOARD_BOARD names a shared board, and this callboard knows none",
            )
            .hint("unset CALLBOARD_BOARD to use the board of this home")),
        }
    }

    /// Says, beside the results, that the board is of another version.
    fn note_version(&self, client: &Client) {
        if let Some(note) = client.version_note() {
            self.terminal.say(&format!("note: {note}"));
        }
    }

    /// The settings in force.
    pub(super) fn settings(&self) -> Result<Settings, Fault> {
        Settings::load(&self.home, &self.environment)
    }

    /// The settings in force, with the keys of the interface checked.
    pub(super) fn settings_and_keys(&self) -> Result<Settings, Fault> {
        let settings = self.settings()?;
        (self.check_keys)(&settings)?;
        Ok(settings)
    }

    /// Whether results are for a script.
    pub(super) fn json(&self) -> bool {
        self.output.json()
    }
}
