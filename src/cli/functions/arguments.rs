//! The arguments that a schema names, one line for each.

use serde_json::Value;

use crate::cli::table::Table;
use crate::domain::Untrusted;
use crate::guard::arguments::{ArgumentRow, summary};
use crate::guard::sanitise::{self, Form};

/// Longest name, longest list of choices and longest description, in characters.
const NAME_LIMIT: usize = 64;
const CHOICES_LIMIT: usize = 80;
const TEXT_LIMIT: usize = 160;

/// A table of the arguments; what the server says about each stands in quotes.
pub(super) fn table(schema: &Value, form: Form) -> Table {
    let mut table = Table::default();
    for row in summary(schema) {
        let said = row.description.as_ref().map_or(String::new(), |text| {
            format!("\"{}\"", sanitise::line_as(text, TEXT_LIMIT, form))
        });
        table.row(vec![
            format!("  {}", sanitise::line_as(&row.path, NAME_LIMIT, form)).into(),
            kind(&row, form).into(),
            said.into(),
        ]);
    }
    table
}

fn kind(row: &ArgumentRow, form: Form) -> String {
    // Where there are choices, they say what it is.
    let mut kind = match row.choices.as_slice() {
        [] => row.type_words.clone(),
        choices => {
            let several = choices.len() > 1;
            let choices: Vec<String> = choices.iter().map(sanitise::json_ascii_safe).collect();
            let choices = Untrusted::from(choices.join(", "));
            let choices = sanitise::line_as(&choices, CHOICES_LIMIT, form);
            match several {
                true => format!("one of {choices}"),
                false => choices,
            }
        }
    };
    if row.required {
        kind.push_str(", required");
    }
    if let Some(default) = &row.default {
        let default = Untrusted::from(sanitise::json_ascii_safe(default));
        kind.push_str(&format!(
            ", else {}",
            sanitise::line_as(&default, NAME_LIMIT, form)
        ));
    }
    kind
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_argument_has_its_line() {
        let schema = json!({
            "type": "object",
            "properties": {
                "repo": {"type": "string", "description": "owner/name"},
                "state": {"type": "string", "enum": ["open", "closed"], "default": "open"},
            },
            "required": ["repo"],
        });
        let lines = table(&schema, Form::Unicode).lines(None);
        assert!(lines.contains("required"), "{lines}");
        assert!(lines.contains("\"owner/name\""), "{lines}");
        assert!(lines.contains("one of \"open\", \"closed\""), "{lines}");
        assert_eq!(lines.matches("closed").count(), 1, "{lines}");
        assert!(lines.contains("else \"open\""), "{lines}");
    }

    #[test]
    fn a_schema_that_is_none_has_no_arguments() {
        for schema in [json!(null), json!(true), json!({"properties": 3})] {
            assert_eq!(table(&schema, Form::Unicode).lines(None), "");
        }
    }
}
