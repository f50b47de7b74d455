//! What a field takes, and what would mend it, in callboard's words. What is quoted
//! from a schema goes through the sanitiser.

use serde_json::Value;

use super::kind::{Kind, Why};
use super::node::Content;
use super::schema::View;
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::action::Say;

/// Names of what is mostly longer than a line.
const LONG_NAMES: &[&str] = &[
    "body",
    "text",
    "content",
    "contents",
    "message",
    "prompt",
    "description",
    "comment",
    "code",
    "script",
    "markdown",
    "sql",
    "notes",
];
/// Formats of what is longer than a line. No standard has them; servers do.
const LONG_FORMATS: &[&str] = &["textarea", "multiline", "multi-line", "markdown"];
/// From this length on a text is taken to have several lines, in characters.
const LONG: u64 = 500;

/// Formats that are known, what they are called, and an example.
const FORMATS: &[(&str, &str, &str)] = &[
    ("date", "date", "2026-11-22"),
    ("date-time", "date and time", "2026-11-22T14:00:00Z"),
    ("time", "time of day", "14:00:00Z"),
    ("duration", "duration", "PT30M"),
    ("email", "e-mail address", "ann@example.com"),
    ("idn-email", "e-mail address", "ann@example.com"),
    ("uri", "address with its scheme", "https://example.com/a"),
    ("iri", "address with its scheme", "https://example.com/a"),
    ("uri-reference", "address", "/a?b=c"),
    ("hostname", "name of a host", "www.example.com"),
    ("ipv4", "IPv4 address", "192.0.2.1"),
    ("ipv6", "IPv6 address", "2001:db8::1"),
    ("uuid", "UUID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ("json-pointer", "JSON pointer", "/a/0"),
    ("regex", "regular expression", "^a+$"),
];

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wrong {
    /// In callboard's words alone; `{give-or-not}` stands for the key of that action.
    Known(&'static str),
    /// With something that was typed, or that a schema says: taken as it is.
    Told(String),
}

impl Wrong {
    /// In words, with the keys in force.
    pub(super) fn said(&self, say: Say<'_>) -> String {
        match self {
            Self::Known(words) => say(words),
            Self::Told(words) => words.clone(),
        }
    }
}

impl From<String> for Wrong {
    fn from(words: String) -> Self {
        Self::Told(words)
    }
}

/// Why a form cannot be shown as JSON: a field is no value yet, or the JSON is none.
#[derive(Debug, PartialEq)]
pub(in crate::tui) struct Unshown {
    /// The field, quoted; empty where it is none.
    pub(super) at: String,
    pub(super) why: Wrong,
}

impl Unshown {
    /// In words, with the keys in force.
    pub(in crate::tui) fn said(&self, say: Say<'_>) -> String {
        format!("{}{}", self.at, self.why.said(say))
    }
}

impl From<String> for Unshown {
    fn from(words: String) -> Self {
        Self {
            at: String::new(),
            why: Wrong::Told(words),
        }
    }
}

/// Whether a text is likely to have several lines.
pub(super) fn is_long(view: &View<'_>, name: &str) -> bool {
    let format = view.text("format");
    if format.is_some_and(|format| LONG_FORMATS.contains(&format)) {
        return true;
    }
    let most = view.count("maxLength");
    let media = view.text("contentMediaType");
    let bound =
        format.is_some() || view.get("pattern").is_some() || most.is_some_and(|it| it < LONG);
    let named = LONG_NAMES.contains(&name.to_lowercase().as_str());
    !bound && (named || most.is_some() || media.is_some())
}

/// What a field takes.
pub(super) fn about(view: &View<'_>, kind: &Kind) -> String {
    match kind {
        Kind::Text => text(view),
        Kind::Number { whole } => number(view, *whole),
        Kind::Switch => "true or false".to_owned(),
        Kind::Choice { choices, more } => match choices.len().saturating_add(*more) {
            1 => "nothing else is taken".to_owned(),
            count if *more > 0 => format!(
                "one of {count}; only the first {} are listed, and raw JSON takes any",
                choices.len()
            ),
            count => format!("one of {count}"),
        },
        Kind::Several(choices) => {
            bounded(view, format!("any of {}", choices.len()), "Items", "item")
        }
        Kind::List(_) => list(view),
        Kind::Group => bounded(view, "an object".to_owned(), "Properties", "member"),
        Kind::Variants(forms) => format!("one of {} forms", forms.len()),
        Kind::Json(why) => json(*why).to_owned(),
    }
}

fn json(why: Why) -> &'static str {
    match why {
        Why::Anything => "anything, as JSON: a text stands in quotes",
        Why::Odd => "as JSON: no form can be made from this part of the schema",
        Why::TooMuch => "as JSON: this part of the schema is too much for a form",
        Why::Misfit => "as JSON",
    }
}

/// The same where the value is nothing that the field takes.
pub(super) fn misfit(words: &str) -> String {
    format!("{words}; this is none, and stands here as JSON: emptied, it is a field again")
}

fn text(view: &View<'_>) -> String {
    let known = known_format(view);
    let what = match (known, view.text("format")) {
        (Some((_, what, example)), _) => format!("{what}, such as {example}"),
        (None, Some(format)) if !LONG_FORMATS.contains(&format) && format != "password" => {
            format!("text in the form {}", quoted(format))
        }
        _ => "text".to_owned(),
    };
    let what = bounded(view, what, "Length", "character");
    match view.text("pattern") {
        Some(pattern) => format!("{what}, matching {}", quoted(pattern)),
        None => what,
    }
}

fn known_format(view: &View<'_>) -> Option<(&'static str, &'static str, &'static str)> {
    let format = view.text("format")?;
    FORMATS.iter().find(|(name, _, _)| *name == format).copied()
}

/// What a value in a known form has to be.
pub(super) fn wanted_format(view: &View<'_>) -> Option<String> {
    known_format(view).map(|(_, what, example)| {
        let article = if what.starts_with(['a', 'e', 'i', 'I']) {
            "an"
        } else {
            "a"
        };
        format!("must be {article} {what}, such as {example}")
    })
}

fn number(view: &View<'_>, whole: bool) -> String {
    let mut words = if whole { "whole number" } else { "number" }.to_owned();
    let bound = |key: &str| view.get(key).filter(|it| it.is_number());
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => words.push_str(&format!(", {least} to {most}")),
        (Some(least), None) => words.push_str(&format!(", at least {least}")),
        (None, Some(most)) => words.push_str(&format!(", at most {most}")),
        (None, None) => {}
    }
    for (key, what) in [
        ("exclusiveMinimum", "more than"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "in steps of"),
    ] {
        if let Some(bound) = bound(key) {
            words.push_str(&format!(", {what} {bound}"));
        }
    }
    words
}

fn list(view: &View<'_>) -> String {
    // What the items are is said where they are; here one word is enough.
    let of = view
        .get("items")
        .and_then(|items| items.get("type"))
        .and_then(Value::as_str);
    let what = match of {
        Some("string") => "list of texts",
        Some("integer") => "list of whole numbers",
        Some("number") => "list of numbers",
        Some("object") => "list of objects",
        Some("array") => "list of lists",
        _ => "list",
    };
    let what = bounded(view, what.to_owned(), "Items", "item");
    if view.says("uniqueItems") {
        format!("{what}, none twice")
    } else {
        what
    }
}

/// Adds the bounds `min…` and `max…`.
fn bounded(view: &View<'_>, what: String, of: &str, unit: &str) -> String {
    let plural = |count: u64| match count {
        1 => unit.to_owned(),
        _ => format!("{unit}s"),
    };
    let least = view.count(&format!("min{of}")).filter(|count| *count > 0);
    match (least, view.count(&format!("max{of}"))) {
        (Some(least), Some(most)) => format!("{what}, {least} to {most} {}", plural(most)),
        (Some(least), None) => format!("{what}, at least {least} {}", plural(least)),
        (None, Some(most)) => format!("{what}, at most {most} {}", plural(most)),
        (None, None) => what,
    }
}

/// Why a text is no number.
pub(super) fn no_number(text: &str, whole: bool) -> String {
    let text = quoted(text);
    if whole {
        format!("must be a whole number, such as 3, and is {text}")
    } else {
        format!("must be a number, such as 3 or 2.5, and is {text}")
    }
}

/// What is to be done about a field that is required and not given.
pub(super) fn missing(content: &Content) -> Wrong {
    Wrong::Known(match content {
        Content::Text(_) | Content::Long(_) | Content::Secret(_) => {
            "must be given: type it; {give-or-not} gives it empty"
        }
        Content::Number { .. } => "must be given: type a number",
        Content::Pick(_) | Content::Variants(_) => "must be given: {choice-after} chooses",
        Content::Ticks(_) => "must be given: Space ticks, {give-or-not} gives it empty",
        Content::List(_) => "must be given: {press} adds an item, {give-or-not} gives it empty",
        Content::Group(_) => "must be given: {give-or-not} gives it",
        Content::Json(..) => "must be given: type it as JSON, a text in quotes",
    })
}

/// Words of a schema as a short quotation.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", sanitise::line(&Untrusted::from(text), 40))
}
