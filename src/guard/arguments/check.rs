//! Arguments checked before anything is sent.

use std::thread;

use jsonschema::PatternOptions;
use serde_json::{Map, Value};

use super::{ArgumentFault, MAX_FAULTS, bounds, describe};

/// Room for the validator, whose recursion a server's schema drives. Only what is used
/// of it is ever taken.
const STACK: usize = 64 << 20;
/// Steps back that one pattern may take.
const BACKTRACKS: usize = 50_000;
/// Bytes that one compiled pattern may take.
const PATTERN_BYTES: usize = 2 << 20;

/// Checks the arguments of a call against the schema its function has.
///
/// The dialect is what `$schema` names, else JSON Schema 2020-12 (MCP, basic types).
/// Formats are asserted where they are known. References stay inside the schema.
///
/// # Errors
///
/// What does not fit, at most [`MAX_FAULTS`]; or one fault for which
/// [`ArgumentFault::is_of_schema`] holds, when the schema itself cannot be used.
pub fn check(schema: &Value, arguments: &Map<String, Value>) -> Result<(), Vec<ArgumentFault>> {
    let arguments = Value::Object(arguments.clone());
    let checked = thread::scope(|scope| {
        thread::Builder::new()
            .name("schema".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || validated(schema, &arguments))
            .ok()?
            .join()
            .ok()
    });
    match checked {
        Some(Ok(faults)) if faults.is_empty() => Ok(()),
        Some(Ok(faults)) => Err(faults),
        Some(Err(why)) => Err(vec![ArgumentFault::of_schema(why)]),
        None => Err(vec![ArgumentFault::of_schema(
            "the check did not come to an end",
        )]),
    }
}

fn validated(schema: &Value, arguments: &Value) -> Result<Vec<ArgumentFault>, String> {
    bounds::examine(schema, arguments)?;
    let validator = jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_pattern_options(
            PatternOptions::fancy_regex()
                .backtrack_limit(BACKTRACKS)
                .size_limit(PATTERN_BYTES)
                .dfa_size_limit(PATTERN_BYTES),
        )
        .build(schema)
        .map_err(|fault| describe::of_schema(&fault))?;
    let mut faults: Vec<ArgumentFault> = Vec::new();
    for fault in validator.iter_errors(arguments) {
        let fault = describe::fault(&fault);
        if !faults.contains(&fault) {
            faults.push(fault);
        }
        if faults.len() == MAX_FAULTS {
            break;
        }
    }
    Ok(faults)
}
