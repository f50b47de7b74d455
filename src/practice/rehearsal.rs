//! Changes its functions when it is asked to.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value, json};

use super::script::{Performance, Run, Script, says, text, unknown};

/// Whether the script was rewritten.
#[derive(Default)]
pub(super) struct Rehearsal {
    rewritten: AtomicBool,
}

impl Script for Rehearsal {
    fn name(&self) -> &'static str {
        "rehearsal"
    }

    fn tools(&self) -> Vec<Value> {
        let rewritten = self.rewritten.load(Ordering::Relaxed);
        let mut all = vec![
            json!({ "name": "rewrite_script",
                "description": "Changes what `read_line` says of itself, and adds a function. \
                                Run it to see what a change looks like; run it again to change back.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object", "properties": {} } }),
            if rewritten {
                json!({ "name": "read_line",
                    "description": "Reads a line of the play aloud, and sends it to the prompter.",
                    "annotations": { "readOnlyHint": false, "openWorldHint": true },
                    "inputSchema": { "type": "object",
                        "properties": {
                            "line": { "type": "string" },
                            "prompter": { "type": "string", "description": "Who else hears it." }
                        },
                        "required": ["line"] } })
            } else {
                json!({ "name": "read_line",
                    "description": "Reads a line of the play aloud.",
                    "annotations": { "readOnlyHint": true, "openWorldHint": false },
                    "inputSchema": { "type": "object",
                        "properties": { "line": { "type": "string" } },
                        "required": ["line"] } })
            },
        ];
        if rewritten {
            all.push(
                json!({ "name": "burn_script", "description": "Burns the script.",
                "annotations": { "destructiveHint": true },
                "inputSchema": { "type": "object", "properties": {} } }),
            );
        }
        all
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        run: Run,
    ) -> Performance<'a> {
        Box::pin(async move {
            match name {
                "rewrite_script" => {
                    let before = self.rewritten.fetch_xor(true, Ordering::Relaxed);
                    run.stage
                        .announce("notifications/tools/list_changed", json!({}));
                    says(if before {
                        "the script is as it was"
                    } else {
                        "the script is another now: look at read_line"
                    })
                }
                "read_line" => says(text(&arguments, "line")),
                "burn_script" => says("nothing here burns"),
                _ => unknown(name),
            }
        })
    }
}
