//! Held calls: what faces ask for and how they answer.

use serde::{Deserialize, Serialize};

use super::request::Endpoint;
use crate::domain::{Agent, AgentId, HeldAnswer, HeldCall, QuestionId};

macro_rules! endpoint {
    ($request:ty => $answer:ty, $path:literal, $get:literal) => {
        impl Endpoint for $request {
            type Answer = $answer;
            const PATH: &'static str = $path;
            const ANSWERS_GET: bool = $get;
        }
    };
}

/// The held calls, in the order they came.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct HeldCalls {}
endpoint!(HeldCalls => Vec<HeldCall>, "/v1/held", true);

/// Answers a held call, and those that are identical with it. The first answer wins; a
/// later one is told who was first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerHeld {
    /// Which.
    pub id: QuestionId,
    /// With what.
    pub answer: HeldAnswer,
    /// The digest of the arguments that were on the screen, in hex: a yes to anything
    /// else is none.
    pub seen_digest: String,
}
endpoint!(AnswerHeld => (), "/v1/held/answer", false);

/// Denies everything that waits of one agent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DenyAgent {
    /// Whose calls.
    pub agent: AgentId,
    /// What the model reads.
    #[serde(default)]
    pub reason: Option<String>,
}
endpoint!(DenyAgent => DeniedCalls, "/v1/held/deny-agent", false);

/// What [`DenyAgent`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeniedCalls {
    /// How many calls waited.
    pub denied: usize,
}

/// The agents that are connected.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Agents {}
endpoint!(Agents => Vec<Agent>, "/v1/agents", true);
