//! MCP 2024-11-05 to 2025-11-25: `initialize`, sessions, and the older HTTP+SSE.

use std::sync::Arc;

use serde_json::{Value, json};

use super::conversation::{Answer, call, failure, list, running, success, wrong_media};
use super::offers;
use super::record::Request;
use super::shared::{Listener, Shared};
use super::wire::Reply;
use super::{Act, Ask, Function, Misbehaviour, Wire};

const SESSION: &str = "mcp-session-id";

/// Answers a request to the endpoint of Streamable HTTP.
pub fn answer(shared: &Arc<Shared>, request: &Request) -> Answer {
    if request.verb == "POST" {
        if let Some(refusal) = wrong_media(request) {
            return Answer::Whole(refusal);
        }
        if request.body["method"] == "initialize" {
            let session = shared.new_session(None);
            return initialized(shared, request).with_header(SESSION, &shown(shared, &session));
        }
    }
    let Some(session) = request.header(SESSION) else {
        return bad(400, "Bad Request: no valid session ID");
    };
    if !knows(shared, session) {
        return bad(404, "Session not found");
    }
    let version = request.header("mcp-protocol-version");
    if version.is_some() && version != shared.behaviour.era.legacy_version() {
        return bad(400, "Bad Request: unsupported protocol version");
    }
    match request.verb.as_str() {
        "POST" => in_session(shared, request, session),
        "GET" => listen(shared, session),
        "DELETE" => {
            shared.end_session(session);
            shared.note(|record| record.deleted_sessions += 1);
            Answer::Whole(Reply::empty(204))
        }
        _ => Answer::Whole(Reply::empty(405).with("allow", "GET, POST, DELETE")),
    }
}

/// Answers a request of HTTP+SSE: `GET /sse` opens the stream, `POST /messages`
/// is taken with 202 and answered there.
pub fn answer_sse(shared: &Arc<Shared>, request: &Request) -> Answer {
    match (request.verb.as_str(), request.path.split('?').next()) {
        ("GET", Some("/sse")) => open_stream(shared),
        ("POST", Some("/messages")) => post_message(shared, request),
        (_, Some("/sse" | "/messages")) => Answer::Whole(Reply::empty(405)),
        _ => Answer::Whole(Reply::empty(404)),
    }
}

fn open_stream(shared: &Shared) -> Answer {
    let (outlet, messages) = tokio::sync::mpsc::unbounded_channel();
    let session = shared.new_session(Some(outlet.clone()));
    // The one event that is no JSON-RPC message; `deliver` knows it by its start.
    let _ = outlet.send(format!("endpoint:/messages?session={session}"));
    shared.listeners.lock().unwrap().push(Listener {
        outlet,
        session: Some(session),
        subscription: None,
        filter: None,
    });
    Answer::Listening {
        messages,
        headers: Vec::new(),
    }
}

fn post_message(shared: &Arc<Shared>, request: &Request) -> Answer {
    let session = request.path.split("session=").nth(1).unwrap_or_default();
    let stream = shared
        .sessions
        .lock()
        .unwrap()
        .get(session)
        .and_then(|session| session.stream.clone());
    let Some(stream) = stream else {
        return bad(404, "Session not found");
    };
    let answer = if request.body["method"] == "initialize" {
        initialized(shared, request)
    } else {
        in_session(shared, request, session)
    };
    match answer {
        Answer::Message { message, .. } => {
            let text = super::oddities::text(shared.bites(request), request, message);
            let _ = stream.send(text);
        }
        Answer::Running { mut messages, .. } => {
            tokio::spawn(async move {
                while let Some(message) = messages.recv().await {
                    if stream.send(message).is_err() {
                        return;
                    }
                }
            });
        }
        Answer::Whole(_) | Answer::Listening { .. } => {}
    }
    Answer::Whole(Reply::text(202, "text/plain", "Accepted"))
}

fn initialized(shared: &Shared, request: &Request) -> Answer {
    let Some(id) = request.id() else {
        return bad(400, "Bad Request");
    };
    let mut result = json!({
        "protocolVersion": shared.behaviour.era.legacy_version(),
        "capabilities": { "tools": { "listChanged": true }, "logging": {} },
        "serverInfo": { "name": shared.behaviour.name, "version": "1.0.0" }
    });
    shared
        .behaviour
        .offers
        .capabilities(&mut result["capabilities"]);
    if let Some(instructions) = &shared.behaviour.instructions {
        result["instructions"] = json!(instructions);
    }
    Answer::message(success(id, result))
}

fn in_session(shared: &Arc<Shared>, request: &Request, session: &str) -> Answer {
    let method = request.method();
    let Some(id) = request.id() else {
        if method == "notifications/cancelled" {
            shared.cancel(session, &request.body["params"]["requestId"]);
        } else if request.body.get("id").is_some() {
            shared.answered(&request.body);
        }
        return Answer::Whole(Reply::empty(202));
    };
    let answer = match method.as_str() {
        "ping" => Answer::message(success(id, json!({}))),
        "tools/list" => Answer::message(success(id, list(shared, request))),
        "tools/call" => match call(shared, request) {
            Ok(function) if is_refused(shared, &function) => {
                Answer::message(super::asks::page_first(id))
            }
            Ok(function) => running(shared, request, session, function, false),
            Err(error) => Answer::message(error),
        },
        "logging/setLevel" => Answer::message(success(id, json!({}))),
        _ => offers::answer(shared, request, session)
            .unwrap_or_else(|| Answer::message(failure(id, -32601, "Method not found"))),
    };
    match shared.misbehaviour() {
        Some(Misbehaviour::SessionDies) => {
            shared.end_session(session);
            answer
        }
        Some(Misbehaviour::SessionChanges) => {
            answer.with_header(SESSION, &shared.new_session(None))
        }
        _ => answer,
    }
}

/// Whether a function wants a page visited first: every other call.
fn is_refused(shared: &Shared, function: &Function) -> bool {
    let calls = || {
        let record = shared.record();
        let named = record.requests.iter();
        named
            .filter(|request| request.function() == Some(function.name()))
            .count()
    };
    function.act == Act::Ask(Ask::PageFirst) && calls() % 2 == 1
}

/// The stream of a GET.
fn listen(shared: &Shared, session: &str) -> Answer {
    let (outlet, messages) = tokio::sync::mpsc::unbounded_channel();
    super::oddities::greet_listener(shared.misbehaviour(), &outlet, None);
    shared.listeners.lock().unwrap().push(Listener {
        outlet,
        session: Some(session.to_owned()),
        subscription: None,
        filter: None,
    });
    Answer::Listening {
        messages,
        headers: Vec::new(),
    }
}

fn knows(shared: &Shared, session: &str) -> bool {
    shared.behaviour.wire == Wire::Streamable
        && shared.sessions.lock().unwrap().contains_key(session)
}

/// The session id as the client gets to see it.
fn shown(shared: &Shared, session: &str) -> String {
    match shared.misbehaviour() {
        // An obsolete line folding (RFC 9112 section 5.2) that smuggles a header
        // into whatever copies the value.
        Some(Misbehaviour::SessionHeaderInjection) => {
            format!("{session}\r\n authorization: Bearer injected")
        }
        _ => session.to_owned(),
    }
}

fn bad(status: u16, message: &str) -> Answer {
    Answer::Whole(Reply::json(status, &failure(&Value::Null, -32000, message)))
}
