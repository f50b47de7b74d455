//! One argument as it is shown before it is sent: all of it, but secrets, of which only
//! the length is told.

use std::collections::BTreeSet;

use ratatui::text::Line;
use serde_json::Value;

use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Longest value shown, in characters; the rest is counted.
const VALUE_LIMIT: usize = 1600;

/// Characters that no text of a value need have, to stand for secrets while it is
/// written: those for private use.
const MARKS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// The lines of a value that stands at `place`. Texts at the places in `secrets` are
/// masked.
pub(super) fn lines(
    theme: Theme,
    value: &Value,
    place: &str,
    secrets: &BTreeSet<String>,
    width: usize,
) -> Vec<Line<'static>> {
    let whole = serde_json::to_string_pretty(value).unwrap_or_default();
    let within = |one: &String| {
        let rest = one.strip_prefix(place);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if !secrets.iter().any(within) {
        return text(theme, &whole, None, &[], width);
    }
    let Some(mark) = MARKS.clone().find(|mark| !whole.contains(*mark)) else {
        let mask = Mask::of(&whole);
        return text(theme, "\u{e000}", Some('\u{e000}'), &[mask], width);
    };
    let mut masked = value.clone();
    let mut masks = Vec::new();
    mask(&mut masked, place, secrets, mark, &mut masks);
    let written = serde_json::to_string_pretty(&masked).unwrap_or_default();
    let written = written.replace(&format!("\"{mark}\""), &mark.to_string());
    text(theme, &written, Some(mark), &masks, width)
}

/// What is told of a secret.
struct Mask {
    length: usize,
    /// Characters in it that would not be seen even if it were shown.
    unseen: usize,
}

impl Mask {
    fn of(text: &str) -> Self {
        Self {
            length: text.chars().count(),
            unseen: sanitise::hidden(&Untrusted::new(text)),
        }
    }

    fn words(&self, theme: Theme) -> String {
        let dots = theme.pick("•", "*").repeat(6);
        let length = match self.length {
            1 => "1 character".to_owned(),
            length => format!("{length} characters"),
        };
        match self.unseen {
            0 => format!("{dots} ({length}, not shown)"),
            unseen => format!("{dots} ({length}, not shown; {unseen} of them invisible)"),
        }
    }
}

/// Puts a mark where a secret stands.
fn mask(
    value: &mut Value,
    place: &str,
    secrets: &BTreeSet<String>,
    mark: char,
    masks: &mut Vec<Mask>,
) {
    match value {
        Value::String(text) if secrets.contains(place) => {
            masks.push(Mask::of(text));
            *text = mark.to_string();
        }
        Value::Array(items) => {
            for (number, item) in items.iter_mut().enumerate() {
                mask(item, &format!("{place}/{number}"), secrets, mark, masks);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let place = place_of(place, name);
                mask(member, &place, secrets, mark, masks);
            }
        }
        _ => {}
    }
}

/// The place of a member (RFC 6901).
pub(super) fn place_of(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A text behind a gutter, with what stands for its marks, up to the limit.
fn text(
    theme: Theme,
    written: &str,
    mark: Option<char>,
    masks: &[Mask],
    width: usize,
) -> Vec<Line<'static>> {
    let total = written.chars().count();
    let head: String = written.chars().take(VALUE_LIMIT).collect();
    let mut pieces: Vec<(Untrusted, Role)> = Vec::new();
    let mut masks = masks.iter();
    for (number, piece) in head.split(|c| Some(c) == mark).enumerate() {
        if number > 0
            && let Some(mask) = masks.next()
        {
            let role = if mask.unseen > 0 {
                Role::Warn
            } else {
                Role::Quiet
            };
            pieces.push((Untrusted::new(mask.words(theme)), role));
        }
        if !piece.is_empty() {
            pieces.push((Untrusted::new(piece), Role::Server));
        }
    }
    let styled = pieces.iter().map(|(text, role)| (text, theme.style(*role)));
    let mut lines = server::pieces_behind_gutter(theme, styled, width);
    if total > VALUE_LIMIT {
        let rest = total.saturating_sub(VALUE_LIMIT);
        let text = format!("{rest} characters more, as you typed them");
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, ""));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::tests::theme;

    fn shown(value: &Value, secrets: &[&str]) -> String {
        let secrets = secrets.iter().map(|place| (*place).to_owned()).collect();
        let lines = lines(theme(), value, "/a", &secrets, 70);
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[test]
    fn a_secret_is_told_by_its_length_alone() {
        let value = serde_json::json!("hunter2");
        assert_eq!(shown(&value, &["/a"]), "│ •••••• (7 characters, not shown)");
        assert_eq!(shown(&value, &["/b", "/ab"]), "│ \"hunter2\"");
        let value = serde_json::json!("hun\u{200b}ter\u{1b}");
        let told = "│ •••••• (8 characters, not shown; 2 of them invisible)";
        assert_eq!(shown(&value, &["/a"]), told);
    }

    #[test]
    fn a_secret_inside_of_a_value_is_masked_where_it_stands() {
        let value = serde_json::json!({ "u~/": "x", "list": [{ "user": "ann", "key": "k" }],
            "mark": "\u{e000}" });
        let text = shown(&value, &["/a/u~0~1", "/a/list/0/key"]);
        assert!(
            text.contains("\"key\": •••••• (1 character, not shown)"),
            "{text}"
        );
        assert!(
            text.contains("\"u~/\": •••••• (1 character, not shown)"),
            "{text}"
        );
        assert!(text.contains("\"user\": \"ann\""), "{text}");
        // What looks like the mark stays what it is.
        assert!(text.contains("U+E000"), "{text}");
    }

    #[test]
    fn what_is_too_long_is_counted_and_no_secret_is_in_the_head() {
        let value = serde_json::json!(["s".repeat(5000), "x".repeat(5000)]);
        let text = shown(&value, &["/a/0"]);
        assert!(!text.contains("sss"), "{text}");
        assert!(text.contains("5000 characters, not shown"), "{text}");
        assert!(
            text.contains("characters more, as you typed them"),
            "{text}"
        );
    }
}
