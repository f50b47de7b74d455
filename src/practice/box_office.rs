//! Wants a Bearer token.

use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Map, Value, json};

use super::script::{Performance, Run, Script, fails, says, shows, unknown};

/// Seats that can be had.
pub(super) struct BoxOffice {
    free: AtomicI64,
}

impl Default for BoxOffice {
    fn default() -> Self {
        Self {
            free: AtomicI64::new(112),
        }
    }
}

impl Script for BoxOffice {
    fn name(&self) -> &'static str {
        "box-office"
    }

    fn tools(&self) -> Vec<Value> {
        vec![
            json!({ "name": "seats_free", "description": "How many seats are left tonight.",
                "annotations": { "readOnlyHint": true },
                "inputSchema": { "type": "object", "properties": {} } }),
            json!({ "name": "buy_seats", "description": "Buys seats for tonight.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object",
                    "properties": {
                        "count": { "type": "integer", "minimum": 1, "maximum": 8, "default": 2 },
                        "names": { "type": "array", "items": { "type": "string" }, "maxItems": 8 },
                        "payment": { "oneOf": [
                            { "title": "Cash", "type": "object",
                              "properties": { "kind": { "const": "cash" } }, "required": ["kind"] },
                            { "title": "Card", "type": "object",
                              "properties": { "kind": { "const": "card" },
                                  "number": { "type": "string", "pattern": "^[0-9]{16}$" },
                                  "secret_code": { "type": "string", "format": "password" } },
                              "required": ["kind", "number"] }
                        ] }
                    },
                    "required": ["count", "payment"] } }),
        ]
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        _run: Run,
    ) -> Performance<'a> {
        Box::pin(async move {
            match name {
                "seats_free" => shows(json!({ "free": self.free.load(Ordering::Relaxed) })),
                "buy_seats" => {
                    let count = arguments.get("count").and_then(Value::as_i64).unwrap_or(1);
                    let bought =
                        self.free
                            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| {
                                (count >= 1 && free >= count).then(|| free - count)
                            });
                    match bought {
                        Ok(before) => says(format!("{count} bought; {} are left", before - count)),
                        Err(left) => fails(format!("only {left} are left")),
                    }
                }
                _ => unknown(name),
            }
        })
    }
}
