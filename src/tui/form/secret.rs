//! Which values are secrets: by what the schema says of them, or by their name.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::schema::{View, escaped};
use super::value::{Mode, Writer};
use super::{Form, Prefill};

/// Words that make a secret of whatever they are part of.
const ANYWHERE: &[&str] = &["password", "passwd", "passphrase", "secret"];
/// Words that do so at the end of a name.
const AT_THE_END: &[&str] = &["token", "credential", "credentials", "apikey", "pwd"];
/// What stands before *key* in the name of a secret.
const KEYS: &[&str] = &["api", "access", "private", "secret", "auth"];
/// Tokens that lead through pages and are no secret.
const NO_SECRET: &[&str] = &["page", "next", "continuation", "cursor", "sync", "resume"];

/// Characters of a text that are looked at.
const HEAD: usize = 1000;

/// Whether a text of this schema and name is a secret.
pub(super) fn is_secret(view: &View<'_>, name: &str) -> bool {
    view.says("writeOnly")
        || view.says("x-secret")
        || view.all("format").any(|format| format == "password")
        || named(name)
}

/// Whether a name is one of a secret: `apiKey`, `client_secret`, `access-token`.
pub(super) fn named(name: &str) -> bool {
    let words = words(name);
    let last = words.last().map_or("", String::as_str);
    let before = words.iter().rev().nth(1).map_or("", String::as_str);
    if words.iter().any(|word| NO_SECRET.contains(&word.as_str())) && last == "token" {
        return false;
    }
    words.iter().any(|word| ANYWHERE.contains(&word.as_str()))
        || AT_THE_END.contains(&last)
        || (last == "key" && KEYS.contains(&before))
        || last == "authorization"
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut small = false;
    for letter in name.chars().take(200) {
        if (!letter.is_alphanumeric() || (letter.is_uppercase() && small)) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        small = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Where the secrets stand in arguments (RFC 6901): those of the form that their
/// schema makes, and whatever has the name of one.
pub(in crate::tui) fn places(schema: &Value, arguments: &Map<String, Value>) -> BTreeSet<String> {
    let form = Form::filled(schema, Prefill::Nothing, shortened(arguments));
    let mut writer = Writer::new(Mode::Send);
    writer.node(&form.top);
    let mut found = writer.secrets_at;
    let whole = Value::Object(arguments.clone());
    named_places(&whole, "", false, &mut found);
    found
}

/// The same with the head of each text: what is too long for a field is a secret
/// nonetheless.
fn shortened(arguments: &Map<String, Value>) -> Map<String, Value> {
    fn shorten(value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some((end, _)) = text.char_indices().nth(HEAD) {
                    text.truncate(end);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(shorten),
            Value::Object(members) => members.values_mut().for_each(shorten),
            _ => {}
        }
    }
    let mut arguments = arguments.clone();
    arguments.values_mut().for_each(shorten);
    arguments
}

fn named_places(value: &Value, pointer: &str, secret: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if secret && !text.is_empty() => {
            found.insert(pointer.to_owned());
        }
        Value::Object(members) => {
            for (name, inside) in members {
                let place = format!("{pointer}/{}", escaped(name));
                named_places(inside, &place, named(name), found);
            }
        }
        Value::Array(items) => {
            for (place, inside) in items.iter().enumerate() {
                named_places(inside, &format!("{pointer}/{place}"), secret, found);
            }
        }
        _ => {}
    }
}

/// Takes out whatever has the name of a secret, at any depth.
pub(super) fn scrub(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, inside| !(inside.is_string() && named(name)));
            members.values_mut().for_each(scrub);
        }
        Value::Array(items) => items.iter_mut().for_each(scrub),
        _ => {}
    }
}

/// What stands in the place of a secret.
const MASKED: &str = "(a secret, not shown)";

/// Puts words in the place of whatever has the name of a secret, or is one by what a
/// schema says of that name, at any depth. Returns how many there were.
pub(in crate::tui) fn mask(value: &mut Value, schema: &Value) -> usize {
    let mut said = Vec::new();
    said_of(schema, &mut said);
    masked(value, &said, false)
}

/// The names of the properties that a schema says are secrets.
fn said_of<'a>(schema: &'a Value, names: &mut Vec<&'a str>) {
    let members = match schema {
        Value::Object(members) => members,
        Value::Array(items) => return items.iter().for_each(|item| said_of(item, names)),
        _ => return,
    };
    if let Some(Value::Object(properties)) = members.get("properties") {
        for (name, property) in properties {
            let yes = |key: &str| property.get(key) == Some(&Value::Bool(true));
            let format = property.get("format").and_then(Value::as_str);
            if yes("writeOnly") || yes("x-secret") || format == Some("password") {
                names.push(name);
            }
        }
    }
    members.values().for_each(|inside| said_of(inside, names));
}

fn masked(value: &mut Value, said: &[&str], inside: bool) -> usize {
    match value {
        Value::Object(members) => members
            .iter_mut()
            .map(|(name, value)| {
                let secret = inside || named(name) || said.contains(&name.as_str());
                masked(value, said, secret)
            })
            .sum(),
        Value::Array(items) => items
            .iter_mut()
            .map(|item| masked(item, said, inside))
            .sum(),
        Value::String(_) | Value::Number(_) if inside => {
            *value = Value::String(MASKED.to_owned());
            1
        }
        _ => 0,
    }
}

/// Whether a text that cannot be read may hold a secret: it has the name of one.
pub(super) fn may_hold(text: &str) -> bool {
    text.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '-')))
        .any(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in [
            "password",
            "userPassword",
            "API_KEY",
            "apiKey",
            "apikey",
            "x-access-token",
            "client_secret",
            "secretKey",
            "privateKey",
            "Authorization",
            "db.passwd",
        ] {
            assert!(named(name), "{name}");
        }
        for name in [
            "tokens",
            "max_tokens",
            "page_token",
            "nextPageToken",
            "key",
            "keyboard",
            "author",
            "tokenizer",
            "secretary",
            "",
        ] {
            assert!(!named(name), "{name}");
        }
    }

    #[test]
    fn secrets_are_taken_out_at_any_depth() {
        let mut value = serde_json::json!({
            "a": [{ "password": "x", "b": 1 }], "token": "y", "max_token": 5
        });
        scrub(&mut value);
        assert_eq!(
            value,
            serde_json::json!({ "a": [{ "b": 1 }], "max_token": 5 })
        );
    }

    #[test]
    fn the_places_of_secrets_are_known_by_schema_and_by_name() {
        let schema = serde_json::json!({ "type": "object", "properties": {
            "pin": { "type": "string", "format": "password" },
            "login": { "type": "object", "properties": {
                "a/b": { "type": "string", "writeOnly": true },
                "user": { "type": "string" } } },
            "list": { "type": "array", "items": { "type": "string", "x-secret": true } },
            "either": { "oneOf": [
                { "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"] },
                { "type": "object", "properties": {
                    "code": { "type": "string", "format": "password" } }, "required": ["code"] } ] },
        } });
        let arguments = serde_json::json!({
            "pin": "1\u{0}2".repeat(9000), "login": { "a/b": "s", "user": "ann" },
            "list": ["x", ""], "either": { "code": "c" },
            "more": [{ "apiKey": "k", "deep": { "password": ["p"] }, "token": 5 }],
        });
        let found = places(&schema, arguments.as_object().unwrap());
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(
            found,
            [
                "/either/code",
                "/list/0",
                "/login/a~1b",
                "/more/0/apiKey",
                "/more/0/deep/password/0",
                "/pin"
            ]
        );
    }

    #[test]
    fn secrets_are_masked_by_their_names_and_by_what_the_schema_says() {
        let schema = serde_json::json!({ "properties": {
            "pin": { "type": "string", "format": "password" },
            "note": { "writeOnly": true },
            "deep": { "anyOf": [{ "properties": { "mark": { "x-secret": true } } }] },
            "title": { "type": "string" },
        } });
        let mut value = serde_json::json!({
            "pin": 1234, "note": ["hunter1", { "x": "hunter2" }], "title": "t",
            "deep": [{ "mark": "hunter3", "client_secret": "hunter4", "n": 5 }],
            "password": null,
        });
        assert_eq!(mask(&mut value, &schema), 5);
        let shown = value.to_string();
        assert!(
            !shown.contains("hunter") && !shown.contains("1234"),
            "{shown}"
        );
        assert!(shown.contains("\"n\":5") && shown.contains("\"title\":\"t\""));
    }
}
