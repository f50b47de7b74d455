//! What a practice server can do, apart from how it is spoken to.

use std::pin::Pin;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::doorkeeper::{Allowed, Pass};
use super::wire::Stage;

/// An answer that takes a while.
pub(super) type Performance<'a> = Pin<Box<dyn Future<Output = Value> + Send + 'a>>;

/// A practice server's part.
pub(super) trait Script: Send + Sync + 'static {
    /// What it calls itself, and a name for its connector.
    fn name(&self) -> &'static str;

    /// How it is to be used, where it says so.
    fn instructions(&self) -> Option<&'static str> {
        None
    }

    /// Its functions as they are now (MCP `Tool`).
    fn tools(&self) -> Vec<Value>;

    /// What it offers to be read (MCP `Resource`).
    fn resources(&self) -> Vec<Value> {
        Vec::new()
    }

    /// Families of that (MCP `ResourceTemplate`).
    fn templates(&self) -> Vec<Value> {
        Vec::new()
    }

    /// One of them (MCP `ResourceContents`); `None`: there is no such thing.
    fn read(&self, _uri: &str) -> Option<Value> {
        None
    }

    /// Its prompts (MCP `Prompt`).
    fn prompts(&self) -> Vec<Value> {
        Vec::new()
    }

    /// One filled in (MCP `GetPromptResult`).
    fn prompt(&self, _name: &str, _arguments: &Map<String, Value>) -> Option<Value> {
        None
    }

    /// Scopes there are, where it wants a sign-in; the first is what that begins with.
    fn scopes(&self) -> &'static [Allowed] {
        &[]
    }

    /// The scope that a function needs.
    fn scope(&self, _name: &str) -> Option<&'static str> {
        None
    }

    /// Runs a function (MCP `CallToolResult`).
    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        run: Run,
    ) -> Performance<'a>;
}

/// One running call, as its function sees it.
pub(super) struct Run {
    /// Where messages to the caller go while it runs.
    pub(super) outlet: UnboundedSender<Value>,
    /// What progress is said under, where the caller wants to hear it.
    pub(super) progress: Option<Value>,
    /// The caller took it back.
    pub(super) cancelled: CancellationToken,
    /// The server it runs on.
    pub(super) stage: Stage,
    /// What the caller signed in for, where the server wants that.
    pub(super) pass: Option<Pass>,
}

impl Run {
    /// Says how far it is.
    pub(super) fn progress(&self, done: u64, total: Option<u64>, words: &str) {
        let Some(token) = &self.progress else { return };
        let mut params = json!({ "progressToken": token, "progress": done, "message": words });
        if let (Some(total), Some(params)) = (total, params.as_object_mut()) {
            params.insert("total".to_owned(), total.into());
        }
        // A caller who is gone hears nothing.
        let _ = self.outlet.send(json!({
            "jsonrpc": "2.0", "method": "notifications/progress", "params": params
        }));
    }

    /// Waits; `false` where it was cancelled meanwhile.
    pub(super) async fn rest(&self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            () = self.cancelled.cancelled() => false,
        }
    }

    /// Asks the caller for a form; `None` where it is not filled in (MCP
    /// `elicitation/create`).
    pub(super) async fn ask(&self, message: &str, schema: Value) -> Option<Value> {
        let params = json!({ "mode": "form", "message": message, "requestedSchema": schema });
        let (id, answer) = self.stage.expect_answer();
        self.outlet
            .send(json!({
                "jsonrpc": "2.0", "id": id, "method": "elicitation/create", "params": params
            }))
            .ok()?;
        let answer = tokio::select! {
            answer = answer => answer.ok()?,
            () = self.cancelled.cancelled() => return None,
        };
        let result = answer.get("result")?;
        (result.get("action")?.as_str()? == "accept").then(|| result.get("content").cloned())?
    }
}

/// An answer of one text.
pub(super) fn says(text: impl Into<String>) -> Value {
    json!({ "content": [{ "type": "text", "text": text.into() }] })
}

/// An answer that something went wrong.
pub(super) fn fails(text: impl Into<String>) -> Value {
    json!({ "content": [{ "type": "text", "text": text.into() }], "isError": true })
}

/// An answer of data, with the same as text for those who read no data.
pub(super) fn shows(data: Value) -> Value {
    json!({ "content": [{ "type": "text", "text": data.to_string() }], "structuredContent": data })
}

/// An answer to a function that does not exist.
pub(super) fn unknown(name: &str) -> Value {
    fails(format!("there is no function {name} here"))
}

/// A text among the arguments.
pub(super) fn text<'a>(arguments: &'a Map<String, Value>, name: &str) -> &'a str {
    arguments
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
