//! A practice MCP server on standard input and output, for the tests and for
//! trying callboard out: `stdio_server [MODE]`.
//!
//! | mode | what it does |
//! |---|---|
//! | `normal` | speaks MCP 2025-11-25 |
//! | `exits-at-once` | says why on stderr and exits with 3 |
//! | `exits-mid-call` | exits with 4 when a function is called |
//! | `exits-on-probe` | exits with 5 on any request before `initialize` |
//! | `garbage` | prints a banner and broken JSON among the messages |
//! | `floods-stderr` | writes 8 MiB to stderr before it answers `initialize` |
//! | `ignores-term` | survives SIGTERM and the end of its input |
//! | `grandchild` | starts `sleep 600`; its pid is the result of `grandchild` |
//! | `slow-start` | answers nothing for the first 2 s |
//! | `silent` | reads and never answers |
// Reading a member that a JSON value does not have gives null.
#![allow(clippy::indexing_slicing)]

use std::collections::HashSet;
use std::io::{self, BufRead, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// Ids of cancelled requests, and a bell for calls that wait.
type Cancels = Arc<(Mutex<HashSet<String>>, Condvar)>;

fn main() -> ExitCode {
    let mode = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "normal".to_owned());
    match serve(&mode) {
        Ok(code) => code,
        // The client closed its end.
        Err(_) => ExitCode::SUCCESS,
    }
}

fn serve(mode: &str) -> io::Result<ExitCode> {
    let mut grandchild = None;
    match mode {
        "exits-at-once" => {
            note("no configuration found");
            return Ok(ExitCode::from(3));
        }
        "garbage" => say("Practice server 1.0 is ready!")?,
        "grandchild" => grandchild = Some(sleeper()?),
        "slow-start" => std::thread::sleep(Duration::from_secs(2)),
        "ignores-term" => return ignore_term(mode),
        _ => {}
    }
    let code = talk(mode, grandchild.as_ref())?;
    Ok(code)
}

/// A handler for SIGTERM that does nothing takes the place of the default.
fn ignore_term(mode: &str) -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let _guard = runtime.enter();
    let _handled = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    // Broken pipes and the end of input are ignored too.
    let _ = talk(mode, None);
    loop {
        std::thread::park();
    }
}

fn sleeper() -> io::Result<Child> {
    Command::new("sleep")
        .arg("600")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

fn talk(mode: &str, grandchild: Option<&Child>) -> io::Result<ExitCode> {
    let cancels = Cancels::default();
    let mut initialized = false;
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?).unwrap_or_default();
        let method = request["method"].as_str().unwrap_or_default();
        let Some(id) = request.get("id") else {
            if method == "notifications/cancelled" {
                cancel(&cancels, &request["params"]["requestId"]);
            }
            continue;
        };
        match (mode, method) {
            ("silent", _) => continue,
            ("exits-on-probe", "initialize") => initialized = true,
            ("exits-on-probe", _) if !initialized => return Ok(ExitCode::from(5)),
            ("exits-mid-call", "tools/call") => {
                note("out of memory");
                return Ok(ExitCode::from(4));
            }
            ("floods-stderr", "initialize") => flood_stderr(),
            ("garbage", _) => say("{\"jsonrpc\": \"2.0\", \"id\": ")?,
            _ => {}
        }
        if method == "tools/call" && request["params"]["name"] == "slow" {
            let (request, cancels) = (request.clone(), Arc::clone(&cancels));
            std::thread::spawn(move || slow(&request, &cancels));
            continue;
        }
        say(&answer(id, method, &request["params"], grandchild).to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn answer(id: &Value, method: &str, params: &Value, grandchild: Option<&Child>) -> Value {
    let result = match method {
        "initialize" => json!({
            "protocolVersion": "2025-11-25",
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "practice", "version": "1.0.0" }
        }),
        "ping" => json!({}),
        "tools/list" => json!({ "tools": definitions() }),
        "tools/call" => match call(params, grandchild) {
            Some(text) => json!({ "content": [{ "type": "text", "text": text }] }),
            None => return failure(id, -32602, "Unknown tool"),
        },
        _ => return failure(id, -32601, "Method not found"),
    };
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

fn failure(id: &Value, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

fn definitions() -> Value {
    let text = json!({
        "type": "object",
        "properties": { "text": { "type": "string" } },
        "required": ["text"]
    });
    let steps = json!({ "type": "object", "properties": { "steps": { "type": "integer" } } });
    let nothing = json!({ "type": "object", "properties": {} });
    json!([
        { "name": "echo", "description": "Answers with what it was given", "inputSchema": text,
          "annotations": { "readOnlyHint": true } },
        { "name": "env", "description": "Its environment, one variable a line", "inputSchema": nothing },
        { "name": "where", "description": "Its working folder", "inputSchema": nothing },
        { "name": "grandchild", "description": "The pid of what it started", "inputSchema": nothing },
        { "name": "slow", "description": "Works for so many steps of 20 ms", "inputSchema": steps }
    ])
}

fn call(params: &Value, grandchild: Option<&Child>) -> Option<String> {
    match params["name"].as_str()? {
        "echo" => Some(params["arguments"]["text"].as_str()?.to_owned()),
        "env" => Some(environment()),
        "where" => Some(std::env::current_dir().ok()?.display().to_string()),
        "grandchild" => Some(grandchild.map_or(0, Child::id).to_string()),
        _ => None,
    }
}

fn environment() -> String {
    std::env::vars_os()
        .map(|(name, value)| format!("{}={}", name.to_string_lossy(), value.to_string_lossy()))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Works step by step, with progress, until it is done or cancelled.
fn slow(request: &Value, cancels: &Cancels) {
    let id = &request["id"];
    let params = &request["params"];
    let steps = params["arguments"]["steps"].as_u64().unwrap_or(50);
    let token = &params["_meta"]["progressToken"];
    let (cancelled, bell) = &**cancels;
    let mut cancelled = cancelled.lock().unwrap_or_else(PoisonError::into_inner);
    for step in 1..=steps {
        if cancelled.contains(&id.to_string()) {
            note(&format!("cancelled {id}"));
            return;
        }
        if !token.is_null() {
            let _ = say(&json!({
                "jsonrpc": "2.0",
                "method": "notifications/progress",
                "params": { "progressToken": token, "progress": step, "total": steps }
            })
            .to_string());
        }
        let waited = bell.wait_timeout(cancelled, Duration::from_millis(20));
        cancelled = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
    let result = json!({ "content": [{ "type": "text", "text": "done" }] });
    let _ = say(&json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string());
}

fn cancel(cancels: &Cancels, id: &Value) {
    let (cancelled, bell) = &**cancels;
    let mut cancelled = cancelled.lock().unwrap_or_else(PoisonError::into_inner);
    cancelled.insert(id.to_string());
    bell.notify_all();
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn flood_stderr() {
    let line = "x".repeat(1023);
    for _ in 0..8 * 1024 {
        note(&line);
    }
}
