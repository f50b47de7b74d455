//! What the validator found, in plain sentences.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use super::{ArgumentFault, THE_ARGUMENTS, quoted};
use crate::domain::Untrusted;
use crate::guard::sanitise;

/// Choices and names that one message lists.
const LISTED: usize = 8;

/// One fault of the arguments.
pub(super) fn fault(error: &ValidationError<'_>) -> ArgumentFault {
    ArgumentFault {
        place: place(error.instance_path()),
        message: message(error),
    }
}

/// Why the schema was not understood.
pub(super) fn of_schema(error: &ValidationError<'_>) -> String {
    let words = match error.kind() {
        ValidationErrorKind::Referencing(fault) => fault.to_string(),
        _ => error.masked().to_string(),
    };
    format!(
        "at {} {}",
        quoted(error.instance_path().as_str()),
        sanitise::line(&Untrusted::from(words), 120)
    )
}

fn place(location: &Location) -> String {
    let mut place = String::new();
    for segment in location {
        match segment {
            LocationSegment::Index(index) => place.push_str(&format!("[{index}]")),
            LocationSegment::Property(name) => {
                if !place.is_empty() {
                    place.push('.');
                }
                place.push_str(&name);
            }
        }
    }
    if place.is_empty() {
        return THE_ARGUMENTS.to_owned();
    }
    sanitise::line(&Untrusted::from(place), 80)
}

fn message(error: &ValidationError<'_>) -> String {
    use ValidationErrorKind as Kind;

    let found: &Value = error.instance();
    match error.kind() {
        Kind::Required { property } => match property.as_str() {
            Some(name) => format!("must have {}", quoted(name)),
            None => "lacks something that is required".to_owned(),
        },
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!(
                "must not have {}",
                list(unexpected.iter().map(|name| quoted(name)))
            )
        }
        Kind::Type { kind } => format!("must be {}, and is {}", types(kind), article(found)),
        Kind::Enum { options } => match options.as_array() {
            Some(options) => format!("must be one of {}", list(options.iter().map(shown))),
            None => "is none of the choices".to_owned(),
        },
        Kind::Constant { expected_value } => format!("must be {}", shown(expected_value)),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::MinLength { limit } => format!("must have at least {}", counted(*limit, "character")),
        Kind::MaxLength { limit } => format!("must have at most {}", counted(*limit, "character")),
        Kind::MinItems { limit } => format!("must have at least {}", counted(*limit, "item")),
        Kind::MaxItems { limit } => format!("must have at most {}", counted(*limit, "item")),
        Kind::AdditionalItems { limit } => {
            format!("must have at most {}", counted(*limit as u64, "item"))
        }
        Kind::MinProperties { limit } => {
            format!("must have at least {}", counted(*limit, "member"))
        }
        Kind::MaxProperties { limit } => format!("must have at most {}", counted(*limit, "member")),
        Kind::UnevaluatedItems { .. } => "has more items than it may have".to_owned(),
        Kind::UniqueItems => "must not have an item twice".to_owned(),
        Kind::Pattern { pattern } => format!("must match the pattern {}", quoted(pattern)),
        Kind::Format { format } => format!("is not in the form {}", quoted(format)),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            "takes too long to match against the pattern of the schema".to_owned()
        }
        Kind::FalseSchema => "must not be given".to_owned(),
        Kind::Contains => "lacks an item that must be among them".to_owned(),
        Kind::PropertyNames { .. } => "has a member with a name that is not allowed".to_owned(),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            format!(
                "is {}, which fits none of the forms it may have",
                shown(found)
            )
        }
        Kind::OneOfMultipleValid { .. } => {
            "fits more than one of the forms of which it may have one".to_owned()
        }
        Kind::Not { .. } => "has a form that is ruled out".to_owned(),
        Kind::ContentEncoding { content_encoding } => {
            format!("is not encoded as {}", quoted(content_encoding))
        }
        Kind::ContentMediaType { content_media_type } => {
            format!("is not of the type {}", quoted(content_media_type))
        }
        _ => format!("does not fit ({})", quoted(error.kind().keyword())),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => type_word(*kind).to_owned(),
        TypeKind::Multiple(kinds) => {
            let words: Vec<_> = kinds.iter().map(type_word).collect();
            words.join(" or ")
        }
    }
}

fn type_word(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a text",
    }
}

/// What kind of value it is, with its article.
pub(super) fn article(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value in a few characters.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(_) | Value::Object(_) => article(value).to_owned(),
        other => other.to_string(),
    }
}

/// The first few of many, and how many there are besides.
pub(super) fn list(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    let more = words.len().saturating_sub(LISTED);
    words.truncate(LISTED);
    match more {
        0 => words.join(", "),
        _ => format!("{} and {more} more", words.join(", ")),
    }
}

fn counted(count: u64, of: &str) -> String {
    match count {
        1 => format!("1 {of}"),
        _ => format!("{count} {of}s"),
    }
}
