//! An open server: things to read, to add, to look at. What its functions say of
//! themselves never changes; that is `rehearsal`'s part.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::script::{Performance, Run, Script, fails, says, shows, text, unknown};

/// A picture of an empty stage.
const PICTURE: &[u8] = include_bytes!("../../assets/practice/stage.png");

/// The address of the list of plays.
const BILL: &str = "play://bill";

/// A few plays, as long as the demo lasts.
pub(super) struct Plays {
    all: Mutex<Vec<Play>>,
}

#[derive(Clone)]
struct Play {
    title: String,
    author: String,
    year: i64,
    acts: i64,
    kind: String,
}

impl Default for Plays {
    fn default() -> Self {
        let all = [
            ("Hamlet", "William Shakespeare", 1601, 5, "tragedy"),
            ("The Misanthrope", "Molière", 1666, 5, "comedy"),
            ("A Doll's House", "Henrik Ibsen", 1879, 3, "other"),
            ("The Cherry Orchard", "Anton Chekhov", 1904, 4, "comedy"),
        ];
        let play = |(title, author, year, acts, kind): (&str, &str, i64, i64, &str)| Play {
            title: title.to_owned(),
            author: author.to_owned(),
            year,
            acts,
            kind: kind.to_owned(),
        };
        Self {
            all: Mutex::new(all.map(play).to_vec()),
        }
    }
}

impl Plays {
    fn with<T>(&self, look: impl FnOnce(&mut Vec<Play>) -> T) -> T {
        look(&mut self.all.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn rows(&self) -> Value {
        let row = |play: &Play| json!({ "title": play.title, "author": play.author, "year": play.year, "acts": play.acts, "kind": play.kind });
        self.with(|all| all.iter().map(row).collect())
    }

    fn find(&self, title: &str) -> Option<Play> {
        self.with(|all| all.iter().find(|play| play.title == title).cloned())
    }

    fn titles(&self) -> Vec<String> {
        self.with(|all| all.iter().map(|play| play.title.clone()).collect())
    }

    fn add(&self, arguments: &Map<String, Value>, run: &Run) -> Value {
        let title = text(arguments, "title");
        if title.trim().is_empty() {
            return fails("a play needs a title");
        }
        if self.find(title).is_some() {
            return fails(format!("{title} is on the bill already"));
        }
        let number =
            |name: &str, usual: i64| arguments.get(name).and_then(Value::as_i64).unwrap_or(usual);
        let play = Play {
            title: title.to_owned(),
            author: text(arguments, "author").to_owned(),
            year: number("year", 2026),
            acts: number("acts", 5),
            kind: Some(text(arguments, "kind"))
                .filter(|kind| !kind.is_empty())
                .unwrap_or("other")
                .to_owned(),
        };
        self.with(|all| all.push(play));
        run.stage
            .announce("notifications/resources/updated", json!({ "uri": BILL }));
        says(format!("{title} is on the bill"))
    }

    fn describe(&self, title: &str) -> Option<String> {
        let play = self.find(title)?;
        Some(format!(
            "# {}\n\nBy **{}**, {}.\n\n| Act | Curtain |\n|---|---|\n{}\n- bring a cloak\n- [the theatre](https://theatre.example/)\n",
            play.title,
            play.author,
            play.year,
            (1..=play.acts.clamp(1, 9))
                .map(|act| format!("| {act} | {}:{:02} |\n", 19 + act / 2, (act % 2) * 30))
                .collect::<String>(),
        ))
    }
}

impl Script for Plays {
    fn name(&self) -> &'static str {
        "plays"
    }

    fn instructions(&self) -> Option<&'static str> {
        Some("Read the bill before you add to it.")
    }

    fn tools(&self) -> Vec<Value> {
        let reads = json!({ "readOnlyHint": true });
        vec![
            json!({ "name": "list_plays", "description": "Every play on the bill.",
                "annotations": reads, "inputSchema": { "type": "object", "properties": {} } }),
            json!({ "name": "describe_play", "description": "One play, with its curtain times.",
                "annotations": reads, "inputSchema": { "type": "object",
                    "properties": { "title": a_title() },
                    "required": ["title"] } }),
            json!({ "name": "show_stage", "description": "A picture of the stage before the play.",
                "annotations": reads, "inputSchema": { "type": "object", "properties": {} } }),
            json!({ "name": "add_play", "description": "Puts a play on the bill.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object",
                    "properties": {
                        "title": { "type": "string", "minLength": 1, "maxLength": 80 },
                        "author": { "type": "string" },
                        "year": { "type": "integer", "minimum": -600, "maximum": 2100, "default": 2026 },
                        "acts": { "type": "integer", "minimum": 1, "maximum": 9, "default": 5 },
                        "kind": { "type": "string",
                            "enum": ["tragedy", "comedy", "history", "other"], "default": "other" },
                        "premiere": { "type": "string", "format": "date" },
                        "cast": { "type": "array", "items": { "type": "object",
                            "properties": { "role": { "type": "string" }, "actor": { "type": "string" } },
                            "required": ["role"] } }
                    },
                    "required": ["title", "author"] } }),
            json!({ "name": "remove_play", "description": "Takes a play off the bill for good.",
                "annotations": { "readOnlyHint": false, "destructiveHint": true },
                "inputSchema": { "type": "object",
                    "properties": { "title": a_title() },
                    "required": ["title"] } }),
            json!({ "name": "reserve_seat", "description": "Reserves a seat; asks which one while it runs.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object", "properties": {} } }),
        ]
    }

    fn resources(&self) -> Vec<Value> {
        let mut all = vec![json!({
            "uri": BILL, "name": "bill", "title": "The bill",
            "description": "Every play; says when one is added.", "mimeType": "application/json"
        })];
        all.extend(self.titles().into_iter().map(
            |title| json!({ "uri": uri_of(&title), "name": title, "mimeType": "text/markdown" }),
        ));
        all
    }

    fn templates(&self) -> Vec<Value> {
        vec![json!({ "uriTemplate": "play://{title}", "name": "play",
            "description": "A play by its title, with - for blanks." })]
    }

    fn read(&self, uri: &str) -> Option<Value> {
        if uri == BILL {
            return Some(json!({
                "uri": BILL, "mimeType": "application/json", "text": self.rows().to_string()
            }));
        }
        let title = self
            .titles()
            .into_iter()
            .find(|title| uri_of(title) == uri)?;
        let words = self.describe(&title)?;
        Some(json!({ "uri": uri, "mimeType": "text/markdown", "text": words }))
    }

    fn prompts(&self) -> Vec<Value> {
        vec![json!({ "name": "review", "title": "Review a play",
            "description": "Asks a model for a review.",
            "arguments": [
                { "name": "title", "description": "Which play.", "required": true },
                { "name": "mood", "description": "Kind, stern, or as you like." }
            ] })]
    }

    fn prompt(&self, name: &str, arguments: &Map<String, Value>) -> Option<Value> {
        if name != "review" {
            return None;
        }
        let title = text(arguments, "title");
        let mood = Some(text(arguments, "mood")).filter(|mood| !mood.is_empty());
        let words = format!(
            "Write a {} review of {title}, in three sentences.",
            mood.unwrap_or("fair")
        );
        Some(json!({ "description": "A review", "messages": [
            { "role": "user", "content": { "type": "text", "text": words } }
        ] }))
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        run: Run,
    ) -> Performance<'a> {
        Box::pin(async move {
            let title = text(&arguments, "title");
            match name {
                "list_plays" => shows(json!({ "plays": self.rows() })),
                "describe_play" => match self.describe(title) {
                    Some(words) => says(words),
                    None => fails(format!("{title} is not on the bill")),
                },
                "show_stage" => json!({ "content": [
                    { "type": "text", "text": "The stage, an hour before the play." },
                    { "type": "image", "mimeType": "image/png", "data": STANDARD.encode(PICTURE) },
                    { "type": "resource_link", "uri": BILL, "name": "bill" }
                ] }),
                "add_play" => self.add(&arguments, &run),
                "remove_play" => {
                    let before = self.titles().len();
                    self.with(|all| all.retain(|play| play.title != title));
                    run.stage
                        .announce("notifications/resources/updated", json!({ "uri": BILL }));
                    match self.titles().len() < before {
                        true => says(format!("{title} is off the bill")),
                        false => fails(format!("{title} is not on the bill")),
                    }
                }
                "reserve_seat" => reserve(&run).await,
                _ => unknown(name),
            }
        })
    }
}

/// The title of a play on the bill. No list of choices: the bill grows, and a function
/// that says something else then has changed.
fn a_title() -> Value {
    json!({ "type": "string", "minLength": 1, "description": "As list_plays has it.",
        "examples": ["Hamlet", "The Cherry Orchard"] })
}

fn uri_of(title: &str) -> String {
    let plain: String = title
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == ' ')
        .collect();
    format!("play://{}", plain.replace(' ', "-"))
}

/// Asks back while it runs.
async fn reserve(run: &Run) -> Value {
    let wanted = json!({ "type": "object",
        "properties": {
            "row": { "type": "string", "enum": ["A", "B", "C"], "title": "Row" },
            "seat": { "type": "integer", "minimum": 1, "maximum": 20, "title": "Seat" },
            "cushion": { "type": "boolean", "title": "With a cushion", "default": false }
        },
        "required": ["row", "seat"] });
    let Some(answer) = run.ask("Which seat would you like?", wanted).await else {
        return says("No seat was reserved.");
    };
    let part = |name: &str| answer.get(name).cloned().unwrap_or_default();
    let row = part("row").as_str().unwrap_or_default().to_owned();
    let cushion = match part("cushion") {
        Value::Bool(true) => ", with a cushion",
        _ => "",
    };
    says(format!(
        "Row {row}, seat {}{cushion}, is yours.",
        part("seat")
    ))
}
