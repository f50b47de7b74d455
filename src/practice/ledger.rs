//! Wants a user and a password.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::script::{Performance, Run, Script, says, shows, text, unknown};

/// What was taken and spent.
#[derive(Default)]
pub(super) struct Ledger {
    entries: Mutex<Vec<(String, i64)>>,
}

impl Script for Ledger {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn tools(&self) -> Vec<Value> {
        vec![
            json!({ "name": "takings", "description": "Every entry, and what is in the till.",
                "annotations": { "readOnlyHint": true },
                "inputSchema": { "type": "object", "properties": {} } }),
            json!({ "name": "enter", "description": "Enters an amount into the book.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false },
                "inputSchema": { "type": "object",
                    "properties": {
                        "what": { "type": "string" },
                        "pence": { "type": "integer" },
                        "kind": { "type": "string", "enum": ["taken", "spent"], "default": "taken" }
                    },
                    "required": ["what", "pence"] } }),
        ]
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        _run: Run,
    ) -> Performance<'a> {
        Box::pin(async move {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            match name {
                "takings" => {
                    let till: i64 = entries.iter().map(|(_, pence)| pence).sum();
                    let row =
                        |(what, pence): &(String, i64)| json!({ "what": what, "pence": pence });
                    let rows: Vec<Value> = entries.iter().map(row).collect();
                    shows(json!({ "till": till, "entries": rows }))
                }
                "enter" => {
                    let pence = arguments.get("pence").and_then(Value::as_i64).unwrap_or(0);
                    let pence = match text(&arguments, "kind") {
                        "spent" => pence.saturating_neg(),
                        _ => pence,
                    };
                    entries.push((text(&arguments, "what").to_owned(), pence));
                    says("it is in the book")
                }
                _ => unknown(name),
            }
        })
    }
}
