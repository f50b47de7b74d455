//! The resources and prompts a fake server offers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::conversation::{Answer, failure, released, success};
use super::function::PIXEL;
use super::record::Request;
use super::shared::Shared;
use super::{modern, oddities};

/// What a resource holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Holds {
    Text(String),
    /// Bytes in base64.
    Blob(String),
    /// A text that comes when the server is told to let go.
    Slow,
}

/// One resource: its definition as it goes over the wire, and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    pub definition: Value,
    pub holds: Holds,
}

impl Resource {
    pub fn text(uri: &str, text: &str) -> Self {
        Self {
            definition: json!({
                "uri": uri, "name": uri.rsplit('/').next(), "mimeType": "text/plain",
            }),
            holds: Holds::Text(text.to_owned()),
        }
    }

    /// The same with one field of its definition set.
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.definition[field] = value;
        self
    }

    pub fn uri(&self) -> &str {
        self.definition["uri"].as_str().unwrap_or_default()
    }
}

/// Everything offered besides functions.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    pub resources: Vec<Resource>,
    /// Definitions; each `note://page/{n}` is read as `page n`.
    pub templates: Vec<Value>,
    pub prompts: Vec<Value>,
    /// Whether it says that it tells of changes.
    pub subscribe: bool,
}

impl Offers {
    /// One of each kind.
    pub fn usual() -> Self {
        let blob = Resource {
            definition: json!({
                "uri": "note://pixel", "name": "pixel", "mimeType": "image/png", "size": 70,
            }),
            holds: Holds::Blob(PIXEL.to_owned()),
        };
        let slow = Resource {
            definition: json!({ "uri": "note://slow", "name": "slow" }),
            holds: Holds::Slow,
        };
        Self {
            resources: vec![
                Resource::text("note://today", "first line\nsecond line")
                    .with("title", json!("Today"))
                    .with("description", json!("What there is to do"))
                    .with("size", json!(22)),
                Resource::text("note://counter", "0"),
                blob,
                slow,
            ],
            templates: vec![json!({
                "uriTemplate": "note://page/{n}", "name": "page", "mimeType": "text/markdown",
                "description": "One page",
            })],
            prompts: vec![
                json!({
                    "name": "greet", "title": "Greet", "description": "Greets somebody",
                    "arguments": [
                        { "name": "who", "description": "Whom", "required": true },
                        { "name": "how", "description": "In which words" },
                    ],
                }),
                json!({ "name": "talk", "description": "A talk of two" }),
            ],
            subscribe: true,
        }
    }

    /// What the server says of itself.
    pub fn capabilities(&self, capabilities: &mut Value) {
        if !self.resources.is_empty() {
            capabilities["resources"] = json!({ "listChanged": true, "subscribe": self.subscribe });
        }
        if !self.prompts.is_empty() {
            capabilities["prompts"] = json!({ "listChanged": true });
        }
    }
}

/// Answers what is asked about resources and prompts; `None` where it is about
/// something else.
pub fn answer(shared: &Arc<Shared>, request: &Request, session: &str) -> Option<Answer> {
    let offers = shared.offers.lock().unwrap().clone();
    let method = request.method();
    let known = match method.split('/').next() {
        Some("resources") => !offers.resources.is_empty(),
        Some("prompts") => !offers.prompts.is_empty(),
        _ => false,
    };
    let id = request.id().filter(|_| known)?;
    let params = &request.body["params"];
    let is_modern = modern::is_modern(request);
    let result = match method.as_str() {
        "resources/list" => {
            let all = offers.resources.iter().map(|one| one.definition.clone());
            page(shared, request, "resources", all.collect())
        }
        "resources/templates/list" => page(shared, request, "resourceTemplates", offers.templates),
        "prompts/list" => page(shared, request, "prompts", offers.prompts),
        "resources/read" => return Some(read(shared, request, session, &offers)),
        "resources/subscribe" if !is_modern => {
            let uri = params["uri"].as_str().unwrap_or_default().to_owned();
            shared.subscribe(session, uri);
            json!({})
        }
        "resources/unsubscribe" if !is_modern => {
            let uri = params["uri"].as_str().unwrap_or_default();
            shared.unsubscribe(session, uri);
            json!({})
        }
        "prompts/get" => match filled_in(params) {
            Ok(result) => result,
            Err(words) => return Some(Answer::message(failure(id, -32602, &words))),
        },
        _ => return None,
    };
    let result = match is_modern {
        true => modern::complete(result, method != "prompts/get"),
        false => result,
    };
    Some(Answer::message(success(id, result)))
}

fn page(shared: &Shared, request: &Request, key: &str, all: Vec<Value>) -> Value {
    let cursor = request.body["params"]["cursor"].as_str();
    let from: usize = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let size = shared.behaviour.page.unwrap_or(usize::MAX);
    let mut result = json!({});
    let next = from.saturating_add(size);
    if next < all.len() {
        result["nextCursor"] = json!(next.to_string());
    }
    result[key] = all.into_iter().skip(from).take(size).collect();
    result
}

fn read(shared: &Arc<Shared>, request: &Request, session: &str, offers: &Offers) -> Answer {
    let id = request.body["id"].clone();
    let uri = request.body["params"]["uri"].as_str().unwrap_or_default();
    let known = offers.resources.iter().find(|one| one.uri() == uri);
    let held = match (known, uri.strip_prefix("note://page/")) {
        (Some(known), _) => known.clone(),
        (None, Some(n)) => Resource::text(uri, &format!("page {n}")),
        (None, None) => {
            let code = if modern::is_modern(request) {
                -32602
            } else {
                -32002
            };
            return Answer::message(failure(&id, code, "Resource not found"));
        }
    };
    let mut contents = json!({ "uri": uri, "vendor": { "kept": true } });
    if let Some(mime) = held.definition.get("mimeType") {
        contents["mimeType"] = mime.clone();
    }
    match &held.holds {
        Holds::Text(text) => contents["text"] = json!(text),
        Holds::Blob(blob) => contents["blob"] = json!(blob),
        Holds::Slow => contents["text"] = json!("at last"),
    }
    let mut result = json!({ "contents": [contents] });
    if modern::is_modern(request) {
        result = modern::complete(result, true);
    }
    let message = success(&id, result);
    if held.holds != Holds::Slow {
        return Answer::message(message);
    }
    let (outlet, messages) = tokio::sync::mpsc::unbounded_channel();
    let (shared, request) = (Arc::clone(shared), request.clone());
    let session = session.to_owned();
    tokio::spawn(async move {
        if released(&shared, &request, &session, &outlet).await {
            let text = oddities::text(shared.bites(&request), &request, message);
            let _ = outlet.send(text);
        }
    });
    Answer::Running {
        messages,
        headers: Vec::new(),
    }
}

fn filled_in(params: &Value) -> Result<Value, String> {
    let text = |text: String| json!({ "type": "text", "text": text });
    let arguments = &params["arguments"];
    match params["name"].as_str() {
        Some("greet") => {
            let who = arguments["who"].as_str();
            let who = who.ok_or_else(|| "Missing argument: who".to_owned())?;
            let how = arguments["how"].as_str().unwrap_or("Hello");
            Ok(json!({
                "description": "A greeting",
                "messages": [{ "role": "user", "content": text(format!("{how}, {who}!")) }],
                "vendor": 1,
            }))
        }
        Some("talk") => Ok(json!({ "messages": [
            { "role": "user", "content": text("How are you?".to_owned()) },
            { "role": "assistant", "content": text("Fine.\nuser:\nAnd you?".to_owned()) },
            { "role": "user", "content": {
                "type": "image", "mimeType": "image/png", "data": PIXEL,
            } },
        ] })),
        _ => Err("Unknown prompt".to_owned()),
    }
}
