//! Takes its time and says how far it is.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::script::{Performance, Run, Script, says, unknown};

/// How long one step takes.
const STEP: Duration = Duration::from_millis(400);

/// Sets the stage.
pub(super) struct Stagehand;

const PIECES: [&str; 8] = [
    "curtain",
    "trees",
    "moon",
    "bench",
    "balcony",
    "thunder sheet",
    "trapdoor",
    "lights",
];

impl Script for Stagehand {
    fn name(&self) -> &'static str {
        "stagehand"
    }

    fn tools(&self) -> Vec<Value> {
        vec![
            json!({ "name": "set_stage", "description": "Sets the stage piece by piece and says how far it is.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object",
                    "properties": { "pieces": { "type": "integer", "minimum": 1, "maximum": 200, "default": 20 } } } }),
            json!({ "name": "sweep", "description": "Sweeps until you stop it, and never says how much is left.",
                "annotations": { "readOnlyHint": false, "destructiveHint": false },
                "inputSchema": { "type": "object", "properties": {} } }),
        ]
    }

    fn call<'a>(
        &'a self,
        name: &'a str,
        arguments: Map<String, Value>,
        run: Run,
    ) -> Performance<'a> {
        Box::pin(async move {
            let pieces = arguments
                .get("pieces")
                .and_then(Value::as_u64)
                .unwrap_or(20);
            let total = match name {
                "set_stage" => Some(pieces),
                "sweep" => None,
                _ => return unknown(name),
            };
            let mut done = 0_u64;
            while total.is_none_or(|total| done < total) {
                let piece = PIECES.iter().cycle().nth((done % 8) as usize).copied();
                run.progress(done, total, piece.unwrap_or_default());
                if !run.rest(STEP).await {
                    return says(format!("stopped after {done}"));
                }
                done += 1;
            }
            run.progress(done, total, "ready");
            says(format!("the stage is set: {done} pieces"))
        })
    }
}
