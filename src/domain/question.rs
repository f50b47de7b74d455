//! Questions to the operator: whatever waits for an answer at the board.
//!
//! A question has an id and lives in the board until one answer wins. Every face
//! sees it opened and closed; a face that attaches late gets the open ones. No
//! answer, a lost connection or an end of the board means *no*.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ConnectorId, Timestamp, Untrusted};

/// What a question is answered by. Never given twice by one board.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(String);

impl QuestionId {
    /// Wraps an id that a board gave.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it is typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that waits for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it is answered by.
    pub id: QuestionId,
    /// When it was asked.
    pub opened_at: Timestamp,
    /// When it is answered with *no* by itself; `None`: when its asker goes.
    pub expires_at: Option<Timestamp>,
    /// Whose server asks.
    pub connector: ConnectorId,
    /// What that connector was called when it was asked.
    pub connector_name: String,
    /// During a call of this function; `None` where the server asks outside of one.
    pub function: Option<Untrusted>,
    /// What is asked.
    pub asked: Asked,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Asked {
    /// The server wants a form filled in (MCP elicitation, mode `form`).
    Form {
        /// The server's words.
        message: Untrusted,
        /// JSON Schema of the answer: one object of plain values, as the server
        /// sent it.
        schema: Value,
    },
    /// The server wants a page visited (MCP elicitation, mode `url`). Never opened
    /// unasked.
    Url {
        /// The server's words.
        message: Untrusted,
        /// The page, as the server sent it.
        url: Untrusted,
    },
}

/// How a question is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "lowercase")]
pub enum QuestionAnswer {
    /// With this; for a page, that it was agreed to.
    Accept {
        /// The form, filled in; empty for a page.
        #[serde(default)]
        content: Map<String, Value>,
    },
    /// With no.
    Decline,
    /// Not at all: the operator put it away.
    Cancel,
}

impl QuestionAnswer {
    /// What was done with the question, in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accepted",
            Self::Decline => "declined",
            Self::Cancel => "cancelled",
        }
    }
}

/// How a question ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum QuestionEnd {
    /// Somebody answered. The answer itself is nobody else's to read.
    Answered {
        /// `accepted`, `declined` or `cancelled`.
        answer: String,
        /// Who.
        by: String,
    },
    /// The asker took it back, or its call ended.
    Withdrawn,
    /// Its time ran out.
    Expired,
}
