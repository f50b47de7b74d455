//! One connection: request in, answer out.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::function::Act;
use super::record::Request;
use super::shared::{Outlet, Shared};
use super::wire::{After, Connection, Reply};
use super::{
    Answers, Era, Function, Misbehaviour, Wire, asks, auth, legacy, modern, oddities, rude,
};

/// What an honest server would send.
pub enum Answer {
    /// A whole HTTP response.
    Whole(Reply),
    /// A JSON-RPC message, as JSON or as the one event of a stream.
    Message {
        message: Value,
        headers: Vec<(String, String)>,
    },
    /// A call under way: its progress, its result, then the end of the stream.
    Running {
        messages: UnboundedReceiver<String>,
        headers: Vec<(String, String)>,
    },
    /// A stream that stays open.
    Listening {
        messages: UnboundedReceiver<String>,
        headers: Vec<(String, String)>,
    },
}

impl Answer {
    pub fn message(message: Value) -> Self {
        Self::Message {
            message,
            headers: Vec::new(),
        }
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let header = (name.to_owned(), value.to_owned());
        match &mut self {
            Self::Whole(Reply { headers, .. })
            | Self::Message { headers, .. }
            | Self::Running { headers, .. }
            | Self::Listening { headers, .. } => headers.push(header),
        }
        self
    }
}

/// Serves a connection until either side ends it.
pub async fn hold(mut connection: Connection, shared: &Arc<Shared>) -> io::Result<()> {
    if shared.misbehaviour() == Some(Misbehaviour::TlsGarbage) {
        connection
            .write(b"220 mail.example ESMTP ready\r\n")
            .await?;
        connection.closed().await;
        return Ok(());
    }
    while let Some(request) = connection.request().await? {
        shared.note(|record| record.requests.push(request.clone()));
        let after = match shared.bites(&request) {
            Some(misbehaviour) if rude::is_rude(misbehaviour) => {
                let honest = answer(shared, &request);
                rude::deliver(&mut connection, shared, misbehaviour, &request, honest).await?
            }
            _ => {
                let honest = answer(shared, &request);
                deliver(&mut connection, shared, &request, honest).await?
            }
        };
        if after == After::Close {
            break;
        }
    }
    Ok(())
}

fn answer(shared: &Arc<Shared>, request: &Request) -> Answer {
    let refusal = auth::well_known(shared, request).or_else(|| auth::refusal(shared, request));
    if let Some(reply) = refusal {
        return Answer::Whole(reply);
    }
    if shared.behaviour.wire == Wire::Sse {
        return legacy::answer_sse(shared, request);
    }
    // The longer path is that of an entry in the directory whose host is a variable.
    let known = ["/mcp", "/moved", "/api/v4/mcp"];
    if !known
        .iter()
        .any(|path| request.path.split('?').next() == Some(path))
    {
        return Answer::Whole(Reply::empty(404));
    }
    match shared.behaviour.era {
        Era::Modern => modern::answer(shared, request),
        Era::Both if modern::is_modern(request) => modern::answer(shared, request),
        Era::Legacy(_) | Era::Both => legacy::answer(shared, request),
    }
}

/// Sends an honest answer.
pub async fn deliver(
    connection: &mut Connection,
    shared: &Shared,
    request: &Request,
    answer: Answer,
) -> io::Result<After> {
    match answer {
        Answer::Whole(reply) => connection.answer(&reply).await,
        Answer::Message { message, headers } => {
            let text = oddities::text(shared.bites(request), request, message);
            if shared.behaviour.answers == Answers::Sse {
                connection.open_events(&headers).await?;
                connection.event(&text).await?;
                return connection.end_chunks().await;
            }
            let mut reply = Reply::text(200, "application/json", text);
            reply.headers.extend(headers);
            connection.answer(&reply).await
        }
        Answer::Running { messages, headers } => {
            run(connection, shared, request, messages, headers).await
        }
        Answer::Listening { messages, headers } => {
            connection.open_events(&headers).await?;
            shared.note(|record| record.listeners += 1);
            let ended = pump(connection, messages).await;
            shared.note(|record| record.listeners = record.listeners.saturating_sub(1));
            ended.map(|_| After::Close)
        }
    }
}

/// Streams a call; where the client closes first, says so in the record.
async fn run(
    connection: &mut Connection,
    shared: &Shared,
    request: &Request,
    mut messages: UnboundedReceiver<String>,
    headers: Vec<(String, String)>,
) -> io::Result<After> {
    if shared.behaviour.answers == Answers::Json && !streams(shared, request) {
        let text = messages.recv().await.unwrap_or_default();
        let mut reply = Reply::text(200, "application/json", text);
        reply.headers.extend(headers);
        return connection.answer(&reply).await;
    }
    connection.open_events(&headers).await?;
    if pump(connection, messages).await? {
        return connection.end_chunks().await;
    }
    let id = request.body["id"].clone();
    let modern = modern::is_modern(request);
    shared.note(|record| {
        record.abandoned.push(id.clone());
        if modern {
            record.cancelled.push(id);
        }
    });
    Ok(After::Close)
}

/// Sends messages as they come. Whether it was the server that ended.
async fn pump(
    connection: &mut Connection,
    mut messages: UnboundedReceiver<String>,
) -> io::Result<bool> {
    loop {
        let message = tokio::select! {
            biased;
            message = messages.recv() => message,
            () = connection.closed() => return Ok(false),
        };
        match message {
            None => return Ok(true),
            Some(message) => match message.strip_prefix("endpoint:") {
                Some(path) => {
                    let event = format!("event: endpoint\ndata: {path}\n\n");
                    connection.chunk(event.as_bytes()).await?;
                }
                None => connection.event(&message).await?,
            },
        }
    }
}

/// Whether a call is answered by a stream even by a server that answers JSON.
fn streams(shared: &Shared, request: &Request) -> bool {
    let slow = request.function().is_some_and(|name| {
        shared.functions.lock().unwrap().iter().any(|function| {
            let slow = matches!(function.act, Act::Slow | Act::Ask(_));
            function.name() == name && slow
        })
    });
    let slow = slow || request.body["params"]["uri"] == "note://slow";
    slow || shared.bites(request).is_some_and(oddities::needs_stream)
}

/// The function a call names, or the error to answer with.
pub fn call(shared: &Shared, request: &Request) -> Result<Function, Value> {
    let name = request.function().unwrap_or_default();
    let functions = shared.functions.lock().unwrap();
    functions
        .iter()
        .find(|function| function.name() == name)
        .cloned()
        .ok_or_else(|| {
            failure(
                &request.body["id"],
                -32602,
                &format!("Unknown tool: {name}"),
            )
        })
}

/// Starts a call. It goes on until it has its result or its stream is gone.
pub fn running(
    shared: &Arc<Shared>,
    request: &Request,
    session: &str,
    function: Function,
    modern: bool,
) -> Answer {
    let (outlet, messages) = tokio::sync::mpsc::unbounded_channel();
    let shared = Arc::clone(shared);
    let request = request.clone();
    let session = session.to_owned();
    tokio::spawn(async move {
        let id = request.body["id"].clone();
        let bites = shared.bites(&request);
        let cancelled =
            function.act == Act::Slow && !released(&shared, &request, &session, &outlet).await;
        if cancelled && bites != Some(Misbehaviour::ResultAfterCancel) {
            return;
        }
        let mut result = function.result(&request.body["params"]["arguments"]);
        if let Act::Ask(ask) = function.act {
            match asks::legacy(&shared, &request, &session, &outlet, ask).await {
                Some(answers) => result = asks::result(&answers),
                None => return,
            }
        }
        if modern {
            result = modern::complete(result, false);
        }
        let text = oddities::text(bites, &request, success(&id, result));
        oddities::send_result(bites, &request, &outlet, text);
    });
    Answer::Running {
        messages,
        headers: Vec::new(),
    }
}

/// Waits for the gate, with progress meanwhile. False where the client cancelled.
pub async fn released(shared: &Shared, request: &Request, session: &str, outlet: &Outlet) -> bool {
    let id = &request.body["id"];
    let token = &request.body["params"]["_meta"]["progressToken"];
    shared.note(|record| record.waiting += 1);
    let ticks = async {
        for step in 1_u64.. {
            if !token.is_null() {
                let _ = outlet.send(progress(token, step));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let released = tokio::select! {
        permit = shared.gate.acquire() => {
            permit.unwrap().forget();
            true
        }
        () = shared.cancelled(session, id) => false,
        () = outlet.closed() => false,
        () = ticks => false,
    };
    shared.note(|record| record.waiting = record.waiting.saturating_sub(1));
    released
}

pub fn progress(token: &Value, step: u64) -> String {
    json!({
        "jsonrpc": "2.0",
        "method": "notifications/progress",
        "params": { "progressToken": token, "progress": step, "message": format!("step {step}") }
    })
    .to_string()
}

/// A page of the list, as the cursor says.
pub fn list(shared: &Shared, request: &Request) -> Value {
    let functions = shared.functions.lock().unwrap();
    let cursor = request.body["params"]["cursor"].as_str();
    let from = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let page = shared.behaviour.page.unwrap_or(usize::MAX);
    let definitions: Vec<&Value> = functions
        .iter()
        .skip(from)
        .take(page)
        .map(|function| &function.definition)
        .collect();
    let mut result = json!({ "tools": definitions });
    let next = from.saturating_add(page);
    if next < functions.len() {
        result["nextCursor"] = json!(next.to_string());
    }
    result
}

/// A refusal where `Accept` or `Content-Type` are not what the protocol asks for.
pub fn wrong_media(request: &Request) -> Option<Reply> {
    let accept = request.header("accept").unwrap_or_default();
    if !(accept.contains("application/json") && accept.contains("text/event-stream")) {
        return Some(Reply::empty(406));
    }
    let sent = request.header("content-type").unwrap_or_default();
    (!sent.starts_with("application/json")).then(|| Reply::empty(415))
}

pub fn success(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

pub fn failure(id: &Value, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}
