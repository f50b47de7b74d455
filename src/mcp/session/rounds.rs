//! Calls that take several rounds.
//!
//! A server of 2026-07-28 asks back by a result (`resultType: "input_required"`):
//! the same call is sent again with the answers and the server's own state. One of
//! 2025-11-25 may refuse a call until a page was visited (error -32042): it is sent
//! again once somebody says so.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use rmcp::model::{CallToolRequestParams, ErrorCode, ErrorData};
use serde_json::{Map, Value};

use super::asks::{AskBack, result};
use super::fault;
use crate::domain::{Asked, Fault, FaultKind, QuestionAnswer, Untrusted};
use crate::guard::{question, sanitise};

/// Rounds after the first; other clients stop there too.
pub(super) const MAX_ROUNDS: usize = 10;
/// Questions of one round.
const MAX_ASKED: usize = 16;
/// Largest state of a server that is sent back, in bytes.
const MAX_STATE: usize = 1024 * 1024;
/// MCP 2025-11-25, client/elicitation, *URL Elicitation Required Error*.
const URL_REQUIRED: ErrorCode = ErrorCode(-32042);
/// Pauses before a round that answers nothing: the server only wants time.
const FIRST_PAUSE: Duration = Duration::from_millis(if cfg!(test) { 1 } else { 50 });
const LONGEST_PAUSE: Duration = Duration::from_millis(if cfg!(test) { 4 } else { 1000 });

/// One call as it is sent, round after round.
pub(super) struct Wanted {
    name: String,
    arguments: Map<String, Value>,
    responses: BTreeMap<String, Value>,
    state: Option<String>,
    /// Rounds in a row that answered nothing.
    idle: u32,
}

/// What a server wants before it goes on.
#[derive(Debug)]
pub(super) enum Wants {
    /// Answers, and its state back.
    Input {
        /// By the names that the server gave.
        asked: Vec<(String, Result<Asked, &'static str>)>,
        /// To be sent back as it is.
        state: Option<String>,
    },
    /// Pages visited; else the call ends with this.
    Pages {
        /// Which.
        asked: Vec<Asked>,
        /// What the server said.
        fault: Fault,
    },
}

impl Wanted {
    /// The first round.
    pub(super) fn new(name: &str, arguments: Map<String, Value>) -> Self {
        Self {
            name: name.to_owned(),
            arguments,
            responses: BTreeMap::new(),
            state: None,
            idle: 0,
        }
    }

    /// What this round sends.
    pub(super) fn params(&self) -> CallToolRequestParams {
        let mut params =
            CallToolRequestParams::new(self.name.clone()).with_arguments(self.arguments.clone());
        if !self.responses.is_empty() {
            params = params.with_input_responses(self.responses.clone());
        }
        if let Some(state) = &self.state {
            params = params.with_request_state(state.clone());
        }
        params
    }

    /// Gets what the server wants, and makes the next round of it.
    ///
    /// # Errors
    /// Where there will be none.
    pub(super) async fn satisfy(&mut self, wants: Wants, asks: &dyn AskBack) -> Result<(), Fault> {
        match wants {
            Wants::Input { asked, state } => {
                self.state = state;
                if asked.is_empty() {
                    self.responses.clear();
                    let pause = FIRST_PAUSE.saturating_mul(2u32.saturating_pow(self.idle));
                    self.idle = self.idle.saturating_add(1);
                    tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
                    return Ok(());
                }
                self.idle = 0;
                let answers = asked
                    .into_iter()
                    .map(|(name, asked)| answer(asks, name, asked));
                self.responses = join_all(answers).await.into_iter().collect();
                Ok(())
            }
            Wants::Pages { asked, fault } => {
                let answers = asked.into_iter().map(|page| asks.ask(page, true));
                let agreed = join_all(answers)
                    .await
                    .iter()
                    .all(|answer| matches!(answer, QuestionAnswer::Accept { .. }));
                if agreed { Ok(()) } else { Err(fault) }
            }
        }
    }
}

async fn answer(
    asks: &dyn AskBack,
    name: String,
    asked: Result<Asked, &'static str>,
) -> (String, Value) {
    let (answer, page) = match asked {
        Ok(asked) => {
            let page = matches!(asked, Asked::Url { .. });
            (asks.ask(asked, true).await, page)
        }
        // A result has no room for an error of ours.
        Err(why) => {
            asks.refused(why);
            (QuestionAnswer::Decline, false)
        }
    };
    (name, result(&answer, page))
}

/// Reads a result that asks for input (MCP 2026-07-28, `InputRequiredResult`).
///
/// # Errors
/// It asks for what callboard did not offer, or makes no sense.
pub(super) fn input(result: &Value) -> Result<Wants, Fault> {
    let server = |message: &str| Fault::new(FaultKind::Server, message);
    let state = match result.get("requestState") {
        None | Some(Value::Null) => None,
        Some(Value::String(state)) if state.len() <= MAX_STATE => Some(state.clone()),
        Some(_) => {
            return Err(server(
                "the function's state between two rounds cannot be kept",
            ));
        }
    };
    let requests = match result.get("inputRequests") {
        None | Some(Value::Null) => None,
        Some(Value::Object(requests)) => Some(requests),
        Some(_) => {
            return Err(server(
                "the function asks for input in a way that makes no sense",
            ));
        }
    };
    if requests.is_none_or(Map::is_empty) && state.is_none() {
        return Err(server("the function asks for input and does not say which"));
    }
    let mut asked = Vec::new();
    for (name, request) in requests.into_iter().flatten() {
        if asked.len() == MAX_ASKED {
            return Err(server("the function asks for too much at once"));
        }
        let method = request.get("method").and_then(Value::as_str);
        if method != Some("elicitation/create") {
            let method = Untrusted::from(method.unwrap_or_default());
            return Err(server(&format!(
                "the function asks for something that callboard does not offer: \"{}\"",
                sanitise::line(&method, 40)
            )));
        }
        let params = request.get("params").unwrap_or(&Value::Null);
        asked.push((name.clone(), question::read(params)));
    }
    Ok(Wants::Input { asked, state })
}

/// Reads an error that wants pages visited first, if it is one.
pub(super) fn pages(error: &ErrorData) -> Option<Wants> {
    if error.code != URL_REQUIRED {
        return None;
    }
    let pages = error.data.as_ref()?.get("elicitations")?.as_array()?;
    let asked: Vec<Asked> = pages
        .iter()
        .take(MAX_ASKED)
        .map(question::read)
        .collect::<Result<_, _>>()
        .ok()?;
    if asked.is_empty() || !asked.iter().all(|one| matches!(one, Asked::Url { .. })) {
        return None;
    }
    let fault = fault::from_rpc(error)
        .hint("the server wants a page visited first; run it where you can be asked");
    Some(Wants::Pages { asked, fault })
}

/// The call asks and asks.
pub(super) fn too_many() -> Fault {
    Fault::new(
        FaultKind::Server,
        format!("the function asked for input more than {MAX_ROUNDS} times and was given up"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Value {
        json!({
            "message": "m",
            "requestedSchema": { "type": "object", "properties": { "a": { "type": "string" } } }
        })
    }

    #[test]
    fn what_a_round_asks_is_read_under_its_names() {
        let result = json!({
            "resultType": "input_required",
            "inputRequests": {
                "one": { "method": "elicitation/create", "params": form() },
                "two": { "method": "elicitation/create", "params": { "message": "m" } },
            },
            "requestState": "s",
        });
        let Ok(Wants::Input { asked, state }) = input(&result) else {
            panic!("it is sound");
        };
        assert_eq!(state.as_deref(), Some("s"));
        assert!(
            matches!(&asked[..], [(one, Ok(_)), (two, Err(_))] if one == "one" && two == "two")
        );
    }

    #[test]
    fn what_makes_no_sense_or_was_not_offered_ends_the_call() {
        for (result, words) in [
            (json!({}), "does not say which"),
            (json!({ "inputRequests": {} }), "does not say which"),
            (json!({ "inputRequests": [] }), "no sense"),
            (json!({ "requestState": 7 }), "cannot be kept"),
            (
                json!({ "inputRequests": { "a": { "method": "sampling/createMessage" } } }),
                "does not offer: \"sampling/createMessage\"",
            ),
            (
                json!({ "inputRequests": { "a": 7 } }),
                "does not offer: \"\"",
            ),
        ] {
            let fault = input(&result).unwrap_err();
            assert!(fault.message.contains(words), "{result}: {}", fault.message);
        }
    }

    #[test]
    fn only_the_one_error_names_pages() {
        let error = |code, data| ErrorData::new(ErrorCode(code), "m", Some(data));
        let page = json!({ "mode": "url", "url": "https://x.example", "message": "m" });
        let good = json!({ "elicitations": [page] });
        assert!(pages(&error(-32042, good.clone())).is_some());
        assert!(pages(&error(-32603, good)).is_none());
        for data in [
            json!({}),
            json!({ "elicitations": [] }),
            json!({ "elicitations": [form()] }),
            json!({ "elicitations": [{ "mode": "url", "url": "javascript:1", "message": "m" }] }),
        ] {
            assert!(pages(&error(-32042, data.clone())).is_none(), "{data}");
        }
    }
}
