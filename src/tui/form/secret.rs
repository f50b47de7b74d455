//! Which values are secrets: by what the schema says of them, or by their name.

use serde_json::Value;

use super::schema::View;

/// Words that make a secret of whatever they are part of.
const ANYWHERE: &[&str] = &["password", "passwd", "passphrase", "secret"];
/// Words that do so at the end of a name.
const AT_THE_END: &[&str] = &["token", "credential", "credentials", "apikey", "pwd"];
/// What stands before *key* in the name of a secret.
const KEYS: &[&str] = &["api", "access", "private", "secret", "auth"];
/// Tokens that lead through pages and are no secret.
const NO_SECRET: &[&str] = &["page", "next", "continuation", "cursor", "sync", "resume"];

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
}
