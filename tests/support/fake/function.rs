//! The functions a fake server offers, and what each does.

use serde_json::{Value, json};

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Answers `text` back.
    Echo,
    /// Adds `a` and `b`, as text and as structured content.
    Add,
    /// Sends progress until released or cancelled.
    Slow,
    /// Answers with `isError`.
    Fail,
    /// Answers with a small PNG.
    Binary,
    /// Answers with `bytes` letters.
    Big,
    /// Asks back, and answers with what came.
    Ask(super::Ask),
}

/// One function: its definition as it goes over the wire, and its act.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    pub definition: Value,
    pub act: Act,
}

/// A PNG of one pixel, in base64.
pub const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

impl Function {
    /// A function that echoes, with a description.
    pub fn new(name: &str, description: &str) -> Self {
        Self {
            definition: json!({
                "name": name,
                "description": description,
                "inputSchema": {
                    "type": "object",
                    "properties": { "text": { "type": "string" } },
                    "required": ["text"]
                }
            }),
            act: Act::Echo,
        }
    }

    /// A definition as it is, right or wrong.
    pub fn raw(definition: Value) -> Self {
        Self {
            definition,
            act: Act::Echo,
        }
    }

    /// `n` functions, `function-0` and so on.
    pub fn many(n: usize) -> Vec<Self> {
        (0..n)
            .map(|i| Self::new(&format!("function-{i}"), "One of many"))
            .collect()
    }

    /// One of each act, with hints of every kind.
    pub fn usual() -> Vec<Self> {
        let read = json!({ "readOnlyHint": true, "idempotentHint": true, "openWorldHint": false });
        vec![
            Self::new("echo", "Answers with what it was given").with("annotations", read.clone()),
            Self::add().with("annotations", read),
            Self::plain("slow", "Works until it is let go", Act::Slow)
                .with("annotations", json!({ "readOnlyHint": false })),
            Self::plain("fail", "Fails", Act::Fail).with(
                "annotations",
                json!({ "destructiveHint": true, "openWorldHint": true }),
            ),
            Self::plain("binary", "Answers with a picture", Act::Binary),
            Self::big(),
        ]
    }

    /// The same with one field of its definition set.
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.definition[field] = value;
        self
    }

    pub fn name(&self) -> &str {
        self.definition["name"].as_str().unwrap_or_default()
    }

    fn plain(name: &str, description: &str, act: Act) -> Self {
        let mut function = Self::new(name, description);
        function.definition["inputSchema"] = json!({ "type": "object", "properties": {} });
        function.act = act;
        function
    }

    fn add() -> Self {
        let number = json!({ "type": "number" });
        let mut function = Self::plain("add", "Adds two numbers", Act::Add);
        function.definition["title"] = json!("Add");
        function.definition["inputSchema"] = json!({
            "type": "object",
            "properties": { "a": number, "b": number },
            "required": ["a", "b"],
            "additionalProperties": false
        });
        function.definition["outputSchema"] = json!({
            "type": "object",
            "properties": { "sum": number },
            "required": ["sum"]
        });
        function
    }

    fn big() -> Self {
        let mut function = Self::plain("big", "Answers with as many bytes as asked", Act::Big);
        function.definition["inputSchema"] = json!({
            "type": "object",
            "properties": { "bytes": { "type": "integer", "minimum": 0 } },
            "required": ["bytes"]
        });
        function
    }

    /// The result of a call. `Slow` gets here when it was released.
    pub fn result(&self, arguments: &Value) -> Value {
        match self.act {
            Act::Echo => text(arguments["text"].as_str().unwrap_or_default()),
            Act::Add => {
                let sum = arguments["a"].as_f64().unwrap_or(f64::NAN)
                    + arguments["b"].as_f64().unwrap_or(f64::NAN);
                let mut result = text(&sum.to_string());
                result["structuredContent"] = json!({ "sum": sum });
                result
            }
            Act::Slow => text("done"),
            Act::Fail => {
                let mut result = text("it did not work");
                result["isError"] = json!(true);
                result
            }
            Act::Binary => json!({
                "content": [{ "type": "image", "data": PIXEL, "mimeType": "image/png" }]
            }),
            // Where nothing was asked.
            Act::Ask(_) => super::asks::result(&[]),
            Act::Big => {
                let bytes = arguments["bytes"].as_u64().unwrap_or(0);
                text(&"x".repeat(usize::try_from(bytes).unwrap_or(0)))
            }
        }
    }
}

fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}
