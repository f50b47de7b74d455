//! Calls of agents.

use std::time::Duration;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::agents::Presence;
use super::{Engine, Steps};
use crate::domain::{ConnectorId, Fault, FaultKind, QuestionId};
use crate::protocol::{Call, CallAnswer, CallStep};

/// What an agent wants run.
#[derive(Clone, Debug)]
pub struct AgentCall {
    /// Of which connector.
    pub connector: ConnectorId,
    /// Which function, as the server spells it.
    pub function: String,
    /// With what.
    pub arguments: Map<String, Value>,
    /// `_meta` of the request, without what belongs to the agent's own connection.
    pub meta: Map<String, Value>,
}

/// How long an agent waits on the line for the operator; `None`: for as long as it
/// lives.
pub type Patience = Option<Duration>;

/// What an agent is told.
#[derive(Clone, Debug)]
pub enum AgentAnswer {
    /// The function answered.
    Done(CallAnswer),
    /// It was not run. The words are for the model.
    Refused(String),
    /// The operator was not there in time; the call waits on, and may be repeated.
    Waiting(QuestionId),
}

impl Engine {
    /// Runs a function for an agent, as far as permissions let it.
    ///
    /// # Errors
    /// What became of a call that was let through and failed.
    pub async fn agent_call(
        &self,
        _agent: &Presence,
        call: AgentCall,
        _patience: Patience,
        steps: Steps<CallStep>,
        cancel: CancellationToken,
    ) -> Result<AgentAnswer, Fault> {
        let name = self.board.view(&call.connector)?.name.to_string();
        let call = Call {
            name,
            function: call.function,
            arguments: call.arguments,
            approved_digest: None,
            ask_back: false,
        };
        match self.call(call, steps, cancel).await {
            Ok(answer) => Ok(AgentAnswer::Done(answer)),
            Err(fault) if fault.kind == FaultKind::Denied => {
                Ok(AgentAnswer::Refused(fault.message))
            }
            Err(fault) => Err(fault),
        }
    }
}
