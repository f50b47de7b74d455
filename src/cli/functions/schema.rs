//! A schema of arguments as people read it: one line for each argument.

use serde_json::Value;

use crate::cli::table::Table;
use crate::domain::Untrusted;
use crate::guard::sanitise::{self, Form};

/// Longest name and longest description on a line, in characters.
const NAME_LIMIT: usize = 64;
const TEXT_LIMIT: usize = 160;

/// The arguments at the top of a schema; nested ones are in the JSON.
pub(super) fn arguments(schema: &Value, form: Form) -> Table {
    let mut table = Table::default();
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, argument) in properties.into_iter().flatten() {
        let mut kind = kind(argument, form);
        if required.contains(&name.as_str()) {
            kind.push_str(", required");
        }
        table.row(vec![
            format!("  {}", line(name, NAME_LIMIT, form)).into(),
            kind.into(),
            description(argument, form).into(),
        ]);
    }
    table
}

fn kind(argument: &Value, form: Form) -> String {
    if let Some(choices) = argument.get("enum").and_then(Value::as_array) {
        let choices: Vec<String> = choices.iter().take(8).map(Value::to_string).collect();
        return format!("one of {}", line(&choices.join(", "), TEXT_LIMIT, form));
    }
    match argument.get("type") {
        Some(Value::String(kind)) if kind == "array" => match argument.pointer("/items/type") {
            Some(Value::String(items)) => format!("list of {}", line(items, NAME_LIMIT, form)),
            _ => "list".to_owned(),
        },
        Some(Value::String(kind)) => line(kind, NAME_LIMIT, form),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            line(&kinds.join(" or "), NAME_LIMIT, form)
        }
        _ => "anything".to_owned(),
    }
}

fn description(argument: &Value, form: Form) -> String {
    match argument.get("description").and_then(Value::as_str) {
        Some(text) => format!("\"{}\"", line(text, TEXT_LIMIT, form)),
        None => String::new(),
    }
}

fn line(text: &str, limit: usize, form: Form) -> String {
    sanitise::line_as(&Untrusted::from(text), limit, form)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_argument_has_its_line() {
        let schema = json!({
            "properties": {
                "repo": {"type": "string", "description": "owner/name"},
                "labels": {"type": "array", "items": {"type": "string"}},
                "state": {"enum": ["open", "closed"]},
                "limit": {"type": ["integer", "null"]},
                "more": true,
            },
            "required": ["repo"],
        });
        assert_eq!(
            arguments(&schema, Form::Unicode).lines(None),
            "  repo    string, required         \"owner/name\"\n\
             \u{20} labels  list of string\n\
             \u{20} state   one of \"open\", \"closed\"\n\
             \u{20} limit   integer or null\n\
             \u{20} more    anything\n"
        );
    }

    #[test]
    fn a_schema_that_is_none_has_no_arguments() {
        for schema in [json!(null), json!(true), json!({"properties": 3})] {
            assert_eq!(arguments(&schema, Form::Unicode).lines(None), "");
        }
    }
}
