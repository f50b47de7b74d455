//! MCP 2026-07-28: every request stands alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::conversation::{Answer, call, failure, list, running, success};
use super::offers;
use super::record::Request;
use super::shared::{Listener, Shared};
use super::wire::Reply;
use super::{Act, Era, Function};

const META: &str = "io.modelcontextprotocol/";

/// Whether a request is for a modern server.
pub fn is_modern(request: &Request) -> bool {
    request.header("mcp-protocol-version") == Some(Era::MODERN)
        || meta(request, "protocolVersion").is_some()
}

/// Answers a request to the endpoint.
pub fn answer(shared: &std::sync::Arc<Shared>, request: &Request) -> Answer {
    if request.verb != "POST" {
        return Answer::Whole(Reply::empty(405).with("allow", "POST"));
    }
    if let Some(refusal) = invalid(request) {
        return Answer::Whole(refusal);
    }
    let Some(id) = request.id().cloned() else {
        return Answer::Whole(Reply::empty(202));
    };
    match request.method().as_str() {
        "server/discover" => Answer::message(success(&id, discovered(shared))),
        "tools/list" => Answer::message(success(&id, complete(list(shared, request), true))),
        "tools/call" => match call(shared, request) {
            Ok(Function {
                act: Act::Ask(ask), ..
            }) => Answer::message(super::asks::modern(&id, &request.body["params"], ask)),
            Ok(function) => running(shared, request, "", function, true),
            Err(error) => Answer::message(error),
        },
        "subscriptions/listen" => listen(shared, request, id),
        _ => offers::answer(shared, request, "").unwrap_or_else(|| {
            Answer::Whole(Reply::json(404, &failure(&id, -32601, "Method not found")))
        }),
    }
}

/// Adds what every modern result has, and what a cacheable one has too.
pub fn complete(mut result: Value, cacheable: bool) -> Value {
    result["resultType"] = json!("complete");
    if cacheable {
        result["ttlMs"] = json!(0);
        result["cacheScope"] = json!("private");
    }
    result
}

fn discovered(shared: &Shared) -> Value {
    let mut versions = vec![Era::MODERN];
    versions.extend(shared.behaviour.era.legacy_version());
    let mut result = json!({
        "supportedVersions": versions,
        "capabilities": { "tools": { "listChanged": true } },
        "_meta": { "io.modelcontextprotocol/serverInfo": {
            "name": shared.behaviour.name, "version": "1.0.0"
        } }
    });
    shared
        .behaviour
        .offers
        .capabilities(&mut result["capabilities"]);
    if let Some(instructions) = &shared.behaviour.instructions {
        result["instructions"] = json!(instructions);
    }
    complete(result, true)
}

/// Answers with a stream that stays open and carries the changes that were asked for.
fn listen(shared: &Shared, request: &Request, id: Value) -> Answer {
    let wanted = request.body["params"]["notifications"].clone();
    let (outlet, messages) = tokio::sync::mpsc::unbounded_channel();
    let acknowledged = json!({
        "jsonrpc": "2.0",
        "method": "notifications/subscriptions/acknowledged",
        "params": {
            "notifications": wanted,
            "_meta": { "io.modelcontextprotocol/subscriptionId": id }
        }
    });
    let _ = outlet.send(acknowledged.to_string());
    super::oddities::greet_listener(shared.misbehaviour(), &outlet, Some(&id));
    shared.listeners.lock().unwrap().push(Listener {
        outlet,
        session: None,
        subscription: Some(id),
        filter: Some(wanted),
    });
    Answer::Listening {
        messages,
        headers: Vec::new(),
    }
}

fn meta<'a>(request: &'a Request, name: &str) -> Option<&'a Value> {
    request.body["params"]["_meta"].get(format!("{META}{name}"))
}

/// What is wrong with a request before its method counts: headers and `_meta`.
fn invalid(request: &Request) -> Option<Reply> {
    let id = request.body.get("id").cloned().unwrap_or(Value::Null);
    let error = |code: i64, message: &str| Some(Reply::json(400, &failure(&id, code, message)));
    if let Some(refusal) = super::conversation::wrong_media(request) {
        return Some(refusal);
    }
    let Some(method) = request.body["method"].as_str() else {
        return error(-32600, "Invalid request");
    };
    if method == "initialize" {
        return Some(unsupported(&id, &request.body["params"]["protocolVersion"]));
    }
    let Some(header) = request.header("mcp-protocol-version") else {
        return error(-32020, "missing required MCP-Protocol-Version header");
    };
    if request.id().is_some() {
        let Some(version) = meta(request, "protocolVersion").and_then(Value::as_str) else {
            return error(-32602, "missing _meta protocolVersion");
        };
        if version != header {
            return error(-32020, "MCP-Protocol-Version does not match _meta");
        }
        if meta(request, "clientCapabilities").is_none() {
            return error(-32602, "missing _meta clientCapabilities");
        }
    }
    if header != Era::MODERN {
        return Some(unsupported(&id, &json!(header)));
    }
    if request.header("mcp-method") != Some(method) {
        return error(-32020, "Mcp-Method does not match the body");
    }
    let name = match method {
        "tools/call" | "prompts/get" => Some(&request.body["params"]["name"]),
        "resources/read" => Some(&request.body["params"]["uri"]),
        _ => None,
    };
    if let Some(name) = name
        && request.header("mcp-name").map(plain).as_deref() != name.as_str()
    {
        return error(-32020, "Mcp-Name does not match the body");
    }
    None
}

fn unsupported(id: &Value, requested: &Value) -> Reply {
    let mut error = failure(id, -32022, "Unsupported protocol version");
    error["error"]["data"] = json!({ "supported": [Era::MODERN], "requested": requested });
    Reply::json(400, &error)
}

/// Undoes `=?base64?…?=`.
fn plain(value: &str) -> String {
    value
        .strip_prefix("=?base64?")
        .and_then(|value| value.strip_suffix("?="))
        .and_then(|value| STANDARD.decode(value).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| value.to_owned())
}
