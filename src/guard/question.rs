//! What a server asks back during a call (MCP elicitation), read strictly, and the
//! answer checked against what was asked.
//!
//! The form is the server's and no more trusted than its words: it is bounded, it
//! may ask for plain values alone, and an answer goes out only where it fits. An
//! address is looked at and never opened.

mod fields;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};
use url::Url;

use super::arguments::{self, ArgumentFault};
use super::sanitise;
use crate::domain::{Asked, Fault, QuestionAnswer, Untrusted};

pub use fields::{Choice, Field, FieldKind, fields};

/// Longest words of a question, in bytes.
const MESSAGE_BYTES: usize = 16 * 1024;
/// Longest address, in bytes.
const URL_BYTES: usize = 8 * 1024;
/// Largest form, in bytes of its JSON.
const FORM_BYTES: usize = 64 * 1024;
/// Fields of one form.
const MAX_FIELDS: usize = 100;
/// Forms within each other that one field may have.
const MAX_LEVELS: usize = 2;

/// Reads the parameters of an `elicitation/create` (MCP 2025-06-18 to 2026-07-28;
/// without `mode` it is a form).
///
/// # Errors
///
/// Why it is not asked, in words that follow *it was declined:*.
pub fn read(params: &Value) -> Result<Asked, &'static str> {
    let message = params
        .get("message")
        .and_then(Value::as_str)
        .ok_or("it says nothing")?;
    if message.len() > MESSAGE_BYTES {
        return Err("it says more than anybody reads");
    }
    let message = Untrusted::from(message);
    match params.get("mode").map(Value::as_str) {
        None | Some(Some("form")) => {
            let schema = params.get("requestedSchema").ok_or("it has no form")?;
            usable(schema)?;
            Ok(Asked::Form {
                message,
                schema: schema.clone(),
            })
        }
        Some(Some("url")) => {
            let url = params
                .get("url")
                .and_then(Value::as_str)
                .ok_or("it names no page")?;
            page(url)?;
            Ok(Asked::Url {
                message,
                url: Untrusted::from(url),
            })
        }
        Some(_) => Err("it is of a kind that callboard does not know"),
    }
}

/// Whether a form can be filled in: one object of plain values, or of lists of them
/// (MCP 2025-11-25, client/elicitation, *Requested Schema*).
fn usable(schema: &Value) -> Result<(), &'static str> {
    if schema.to_string().len() > FORM_BYTES {
        return Err("its form is too large");
    }
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err("its form is not an object");
    }
    let fields = schema
        .get("properties")
        .and_then(Value::as_object)
        .ok_or("its form has no fields")?;
    if fields.len() > MAX_FIELDS {
        return Err("its form has too many fields");
    }
    if !fields.values().all(|field| is_plain(field, true, 0)) {
        return Err("its form asks for more than plain values");
    }
    let tried = arguments::check(schema, &Map::new());
    match tried {
        Err(faults) if faults.iter().any(ArgumentFault::is_of_schema) => {
            Err("its form makes no sense")
        }
        _ => Ok(()),
    }
}

/// Whether a schema takes nothing but texts, numbers, truth values and null, or
/// lists of these.
fn is_plain(schema: &Value, lists: bool, level: usize) -> bool {
    let Some(keywords) = schema.as_object().filter(|_| level <= MAX_LEVELS) else {
        return false;
    };
    if ["$ref", "$dynamicRef", "properties", "patternProperties"]
        .iter()
        .any(|key| keywords.contains_key(*key))
    {
        return false;
    }
    let is_value = |value: &Value| !value.is_array() && !value.is_object();
    let forms = |key: &str| keywords.get(key).and_then(Value::as_array);
    if let Some(forms) = forms("oneOf").or_else(|| forms("anyOf")) {
        return !forms.is_empty()
            && forms
                .iter()
                .all(|form| is_plain(form, lists && level == 0, level + 1));
    }
    let is_type = |kind: &str| match kind {
        "string" | "number" | "integer" | "boolean" | "null" => true,
        "array" => {
            lists
                && keywords
                    .get("items")
                    .is_some_and(|items| is_plain(items, false, level))
        }
        _ => false,
    };
    match keywords.get("type") {
        Some(Value::String(kind)) => is_type(kind),
        Some(Value::Array(kinds)) => {
            !kinds.is_empty() && kinds.iter().all(|kind| kind.as_str().is_some_and(&is_type))
        }
        Some(_) => false,
        None => {
            forms("enum").is_some_and(|choices| choices.iter().all(is_value))
                || keywords.get("const").is_some_and(is_value)
        }
    }
}

/// Whether an address is one of the web, with nothing in it that misleads.
fn page(url: &str) -> Result<(), &'static str> {
    if url.len() > URL_BYTES {
        return Err("its address is too long");
    }
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("its address has blanks in it");
    }
    let parsed = Url::parse(url).map_err(|_| "its address is none")?;
    if !matches!(parsed.scheme(), "https" | "http") || parsed.host_str().is_none() {
        return Err("its address is not one of the web");
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err("its address hides its host behind a name");
    }
    Ok(())
}

/// The host of a page, as it is looked up: what a browser would show of it may be
/// letters of another script that look alike.
pub fn host(url: &Untrusted) -> Option<String> {
    let parsed = Url::parse(url.raw()).ok()?;
    let host = parsed.host_str()?;
    Some(match parsed.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Whether a host has letters of other scripts, which may look like another host.
pub fn looks_alike(host: &str) -> bool {
    host.split('.').any(|label| label.starts_with("xn--"))
}

/// Checks an answer against what was asked, before it goes anywhere.
///
/// # Errors
///
/// `user`: what does not fit, the first fault in the message. The question can be
/// answered again.
pub fn check(asked: &Asked, answer: &QuestionAnswer) -> Result<(), Fault> {
    match (asked, answer) {
        (_, QuestionAnswer::Decline | QuestionAnswer::Cancel) => Ok(()),
        (Asked::Url { .. }, QuestionAnswer::Accept { content }) if content.is_empty() => Ok(()),
        (Asked::Url { .. }, QuestionAnswer::Accept { .. }) => Err(Fault::user(
            "a page is agreed to or not; the answer has no fields",
        )),
        (Asked::Form { schema, .. }, QuestionAnswer::Accept { content }) => {
            check_form(schema, content).map_err(|faults| fault_of(&faults))
        }
    }
}

/// Checks a form that was filled in.
///
/// # Errors
///
/// What does not fit, and fields that the form has not.
pub fn check_form(schema: &Value, content: &Map<String, Value>) -> Result<(), Vec<ArgumentFault>> {
    let known = schema.get("properties").and_then(Value::as_object);
    let stranger = content
        .keys()
        .find(|name| !known.is_some_and(|known| known.contains_key(*name)));
    if let Some(name) = stranger {
        return Err(vec![ArgumentFault {
            place: sanitise::line(&Untrusted::from(name.as_str()), 80),
            message: "is no field of the form".to_owned(),
        }]);
    }
    arguments::check(schema, content)
}

/// What does not fit as one fault: the first in its message, the others as hints.
fn fault_of(faults: &[ArgumentFault]) -> Fault {
    let mut told = faults.iter().map(sentence);
    let first = told.next().unwrap_or_else(|| "it does not".to_owned());
    told.fold(
        Fault::user(format!("the answer does not fit: {first}")),
        |fault, other| fault.hint(format!("also: {other}")),
    )
}

/// One fault of an answer, in words.
pub fn sentence(fault: &ArgumentFault) -> String {
    if fault.is_of_schema() {
        return "the server's form cannot be used".to_owned();
    }
    match fault.is_of_the_whole() {
        true => format!("it {}", fault.message),
        false => format!("{} {}", fault.place, fault.message),
    }
}

/// The content with the form's defaults in the place of what is left out (MCP
/// 2025-11-25, `default`).
#[must_use]
pub fn with_defaults(schema: &Value, mut content: Map<String, Value>) -> Map<String, Value> {
    let fields = schema.get("properties").and_then(Value::as_object);
    for (name, field) in fields.into_iter().flatten() {
        if let (false, Some(default)) = (content.contains_key(name), field.get("default")) {
            content.insert(name.clone(), default.clone());
        }
    }
    content
}
