//! Functions that ask back while they run (MCP elicitation): by requests of the
//! server's own in the legacy era, by results in the modern one.

use std::sync::Arc;

use serde_json::{Value, json};

use super::conversation::success;
use super::record::Request;
use super::shared::{Outlet, Shared};
use super::{Act, Function};

/// What a function asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// One form.
    Form,
    /// One page.
    Url,
    /// So many forms, one after the other.
    Rounds(usize),
    /// A form with an object in it.
    WrongSchema,
    /// Two forms at once.
    TwiceAtOnce,
    /// As many forms at once as nobody is asked.
    Flood,
    /// A form that it takes back when it is released; then it goes on without.
    Withdraws,
    /// It refuses every other call until a page was visited (legacy: -32042).
    PageFirst,
}

/// How many forms [`Ask::Flood`] sends.
pub const FLOOD: usize = 12;

impl Function {
    /// One function for each way to ask.
    pub fn asking() -> Vec<Self> {
        [
            ("form", Ask::Form),
            ("page", Ask::Url),
            ("rounds", Ask::Rounds(3)),
            ("wrong", Ask::WrongSchema),
            ("twice", Ask::TwiceAtOnce),
            ("flood", Ask::Flood),
            ("withdraws", Ask::Withdraws),
            ("page-first", Ask::PageFirst),
        ]
        .into_iter()
        .map(|(name, ask)| Self {
            definition: json!({
                "name": name,
                "description": "Asks back",
                "inputSchema": { "type": "object", "properties": {} }
            }),
            act: Act::Ask(ask),
        })
        .collect()
    }
}

impl Ask {
    /// The parameters of everything that is asked in one round.
    fn round(self, round: usize) -> Vec<Value> {
        let last = match self {
            Self::Rounds(rounds) => rounds,
            _ => 1,
        };
        if round >= last {
            return Vec::new();
        }
        match self {
            Self::Form | Self::Withdraws => vec![form("Where do you fly to?")],
            Self::Rounds(_) => vec![form(&format!("Stop {}?", round + 1))],
            Self::Url | Self::PageFirst => vec![page()],
            Self::TwiceAtOnce => vec![form("The first?"), form("The second?")],
            Self::Flood => (0..FLOOD).map(|n| form(&format!("Number {n}?"))).collect(),
            Self::WrongSchema => vec![json!({
                "message": "Who are you?",
                "requestedSchema": {
                    "type": "object",
                    "properties": { "person": {
                        "type": "object",
                        "properties": { "name": { "type": "string" } }
                    } }
                }
            })],
        }
    }
}

/// A form with a required field, a choice with a default, and an optional number.
fn form(message: &str) -> Value {
    json!({
        "message": message,
        "requestedSchema": {
            "type": "object",
            "properties": {
                "city": { "type": "string", "minLength": 2, "description": "Any city" },
                "seat": {
                    "type": "string", "enum": ["window", "aisle"],
                    "enumNames": ["Window", "Aisle"], "default": "aisle"
                },
                "bags": { "type": "integer", "minimum": 0, "maximum": 3 }
            },
            "required": ["city"]
        }
    })
}

fn page() -> Value {
    json!({
        "mode": "url",
        "message": "Pay the fee",
        "url": "https://pay.example/fee?ticket=7",
        "elicitationId": "pay-7"
    })
}

/// Asks a legacy client during a call. What came back, results and errors alike;
/// `None` where the call was cancelled.
pub async fn legacy(
    shared: &Arc<Shared>,
    request: &Request,
    session: &str,
    outlet: &Outlet,
    ask: Ask,
) -> Option<Vec<Value>> {
    let id = &request.body["id"];
    let mut answers = Vec::new();
    if ask == Ask::PageFirst {
        return Some(answers);
    }
    for round in 0.. {
        let asked = ask.round(round);
        if asked.is_empty() {
            break;
        }
        let mut waiting = Vec::new();
        let mut ids = Vec::new();
        for params in asked {
            let (id, answer) = shared.ask(outlet, &params);
            ids.push(id);
            waiting.push(answer);
        }
        if ask == Ask::Withdraws {
            shared.note(|record| record.waiting += 1);
            shared.gate.acquire().await.unwrap().forget();
            shared.note(|record| record.waiting -= 1);
            let taken_back = json!({
                "jsonrpc": "2.0", "method": "notifications/cancelled",
                "params": { "requestId": ids[0], "reason": "found it" }
            });
            let _ = outlet.send(taken_back.to_string());
            break;
        }
        for answer in waiting {
            let answer = tokio::select! {
                answer = answer => answer.ok()?,
                () = shared.cancelled(session, id) => return None,
                () = outlet.closed() => return None,
            };
            answers.push(answer);
        }
    }
    Some(answers)
}

/// What a modern function answers in this round.
pub fn modern(id: &Value, params: &Value, ask: Ask) -> Value {
    let capabilities = &params["_meta"]["io.modelcontextprotocol/clientCapabilities"];
    if !capabilities["elicitation"].is_object() {
        return super::conversation::failure(id, -32021, "elicitation is needed");
    }
    let state: Value = params["requestState"].as_str().map_or_else(
        || json!({ "round": 0, "answers": [] }),
        |state| serde_json::from_str(state).unwrap(),
    );
    let round = usize::try_from(state["round"].as_u64().unwrap()).unwrap();
    let mut answers = state["answers"].as_array().unwrap().clone();
    if let Some(responses) = params["inputResponses"].as_object() {
        answers.extend(responses.values().cloned());
    }
    let asked = ask.round(round);
    if asked.is_empty() {
        return success(id, super::modern::complete(result(&answers), false));
    }
    let requests: serde_json::Map<String, Value> = asked
        .into_iter()
        .enumerate()
        .map(|(place, mut params)| {
            params.as_object_mut().unwrap().remove("elicitationId");
            let request = json!({ "method": "elicitation/create", "params": params });
            (format!("ask-{place}"), request)
        })
        .collect();
    let state = json!({ "round": round + 1, "answers": answers }).to_string();
    success(
        id,
        json!({
            "resultType": "input_required",
            "inputRequests": requests,
            "requestState": state
        }),
    )
}

/// The error of [`Ask::PageFirst`].
pub fn page_first(id: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": {
        "code": -32042, "message": "a page has to be visited first",
        "data": { "elicitations": [page()] }
    } })
}

/// The result of a function that was answered.
pub fn result(answers: &[Value]) -> Value {
    let answers = json!(answers);
    json!({
        "content": [{ "type": "text", "text": answers.to_string() }],
        "structuredContent": { "answers": answers }
    })
}
