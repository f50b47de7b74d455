//! Wants a sign-in, and a further consent for one of its functions.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::doorkeeper::Allowed;
use super::script::{Performance, Run, Script, fails, says, shows, text, unknown};

/// What a sign-in begins with.
const READ: &str = "cast:read";
/// What flowers need.
const SEND: &str = "flowers:send";

/// Dressing rooms: who is in which.
const ROOMS: [(&str, &str); 4] = [
    ("1", "the Ghost"),
    ("2", "Ophelia"),
    ("3", "two gravediggers"),
    ("4", "nobody; the door creaks"),
];

/// The way to the dressing rooms.
#[derive(Default)]
pub(super) struct StageDoor {
    flowers: Mutex<Vec<(String, String)>>,
}

impl StageDoor {
    fn knock(&self, room: &str) -> Value {
        let Some((_, who)) = ROOMS.iter().find(|(number, _)| *number == room) else {
            return fails(format!("there is no room {room}"));
        };
        let flowers = self.flowers.lock().unwrap_or_else(PoisonError::into_inner);
        let there = flowers.iter().filter(|(one, _)| one == room).count();
        says(match there {
            0 => format!("Behind the door of room {room}: {who}."),
            1 => format!("Behind the door of room {room}: {who}, and a bunch of flowers."),
            _ => format!("Behind the door of room {room}: {who}, and {there} bunches of flowers."),
        })
    }

    fn send(&self, room: &str, card: &str) -> Value {
        if !ROOMS.iter().any(|(number, _)| *number == room) {
            return fails(format!("there is no room {room}"));
        }
        let mut flowers = self.flowers.lock().unwrap_or_else(PoisonError::into_inner);
        flowers.push((room.to_owned(), card.chars().take(200).collect()));
        says(format!(
            "the flowers stand before room {room}; {} today",
            flowers.len()
        ))
    }
}

/// What the doorkeeper knows of who calls.
fn pass(run: &Run) -> Value {
    let Some(pass) = &run.pass else {
        return fails("nobody has a pass here");
    };
    let left = pass.ends.saturating_duration_since(Instant::now());
    shows(json!({
        "client": pass.client,
        "scopes": pass.scopes,
        "renewed": pass.renewed,
        "seconds_left": left.as_secs(),
    }))
}

impl Script for StageDoor {
    fn name(&self) -> &'static str {
        "stage-door"
    }

    fn scopes(&self) -> &'static [Allowed] {
        &[
            (READ, "see who is in, and knock"),
            (SEND, "send flowers in your name"),
        ]
    }

    fn scope(&self, name: &str) -> Option<&'static str> {
        Some(if name == "send_flowers" { SEND } else { READ })
    }

    fn tools(&self) -> Vec<Value> {
        let reads = json!({ "readOnlyHint": true });
        let rooms: Vec<&str> = ROOMS.iter().map(|(number, _)| *number).collect();
        let room = json!({ "type": "string", "enum": rooms });
        vec![
            json!({ "name": "show_pass",
                "description": "What you signed in for, how often that was renewed, and how long it lasts.",
                "annotations": reads, "inputSchema": { "type": "object", "properties": {} } }),
            json!({ "name": "knock", "description": "Knocks at a dressing room.",
                "annotations": reads, "inputSchema": { "type": "object",
                    "properties": { "room": room }, "required": ["room"] } }),
            json!({ "name": "send_flowers",
                "description": "Sends flowers to a dressing room. Needs a further consent.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object",
                    "properties": { "room": room, "card": { "type": "string", "maxLength": 200 } },
                    "required": ["room"] } }),
        ]
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        run: Run,
    ) -> Performance<'a> {
        Box::pin(async move {
            let room = text(&arguments, "room");
            match name {
                "show_pass" => pass(&run),
                "knock" => self.knock(room),
                "send_flowers" => self.send(room, text(&arguments, "card")),
                _ => unknown(name),
            }
        })
    }
}
