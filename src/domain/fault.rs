//! The one form in which anything that went wrong reaches a person or a script.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of thing went wrong; decides the exit code of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// What was asked for does not make sense. Exit 2.
    User,
    /// Configuration, storage, vault or a lock. Exit 6.
    Config,
    /// Somebody has to sign in (again). Exit 3. Never the same as *try again*.
    SignIn,
    /// The network failed before the server could answer. Exit 1.
    Network,
    /// The server answered, with a failure. Exit 1.
    Server,
    /// A permission forbids it, or nobody allowed it. Exit 4.
    Denied,
    /// No such connector, function, resource, prompt or call. Exit 5.
    NotFound,
    /// What answered is not a working MCP server. Exit 7.
    NotMcp,
    /// A fault of callboard's own. Exit 70.
    Internal,
}

impl FaultKind {
    /// The exit code that the command line ends with (`docs/cli.md`).
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Network | Self::Server => 1,
            Self::User => 2,
            Self::SignIn => 3,
            Self::Denied => 4,
            Self::NotFound => 5,
            Self::Config => 6,
            Self::NotMcp => 7,
            Self::Internal => 70,
        }
    }
}

/// One thing that went wrong: a sentence, and what mends it.
///
/// The message is already fit to be shown: where it quotes a server, the quote
/// went through the sanitiser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// One sentence that says what happened, without a full stop at its end.
    pub message: String,
    /// What mends it, each naming a key or a command.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Whether the same thing may work if it is tried again unchanged.
    #[serde(default)]
    pub retry: bool,
    /// When the server said how long to wait, in milliseconds.
    #[serde(default)]
    pub retry_after_ms: Option<u64>,
}

impl Fault {
    /// A fault of the given kind.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
            retry: false,
            retry_after_ms: None,
        }
    }

    /// What was asked for does not make sense.
    pub fn user(message: impl Into<String>) -> Self {
        Self::new(FaultKind::User, message)
    }

    /// Configuration or storage stands in the way.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Config, message)
    }

    /// Not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(FaultKind::NotFound, message)
    }

    /// Forbidden.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Denied, message)
    }

    /// A fault of callboard's own.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Internal, message)
    }

    /// Adds what mends it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says that trying again may work.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retry = true;
        self
    }

    /// Says how long the server wants to be left alone, in milliseconds.
    #[must_use]
    pub fn retry_after(mut self, milliseconds: u64) -> Self {
        self.retry = true;
        self.retry_after_ms = Some(milliseconds);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
