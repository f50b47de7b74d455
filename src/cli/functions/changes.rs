//! What changed in a definition, old above new, with the words that differ marked
//! below each line: told without colours too.

use std::fmt::Write;

use super::view::bar;
use crate::domain::Untrusted;
use crate::guard::diff::{Changes, Piece, Pieces};
use crate::guard::sanitise::{self, Form};

/// Longest place that is named whole, in characters.
const PLACE_LIMIT: usize = 128;

/// The cells that stand before a text: blanks, the sign of its side, the gutter.
const BEFORE: usize = 8;

/// A text with what stands in it on one side of a change only.
type Side = Vec<(Untrusted, bool)>;

/// The changes as lines, cut to a width where there is one.
pub(super) fn text(changes: &Changes, form: Form, width: Option<usize>) -> String {
    let mut text = match changes.told.len().saturating_add(changes.more) {
        0 => return "nothing differs but how it is written\n".to_owned(),
        1 => "what changed since it was accepted:\n".to_owned(),
        count => format!("what changed since it was accepted, in {count} places:\n"),
    };
    for change in &changes.told {
        let (word, rest) = change.about();
        let what = match change.pieces {
            Pieces::Added(_) => " is new",
            Pieces::Removed(_) => " is gone",
            Pieces::Changed(_) => "",
        };
        let name = match &rest {
            Some(rest) => format!("\"{}\"", sanitise::line_as(rest, PLACE_LIMIT, form)),
            None => String::new(),
        };
        // Writing to a string has no way to fail.
        let _ = writeln!(text, "  {word}{name}{what}");
        let (old, new) = sides(&change.pieces);
        side(&mut text, '-', &old, form, width);
        side(&mut text, '+', &new, form, width);
    }
    if changes.more > 0 {
        let _ = writeln!(
            text,
            "  and {} places more; --json has both definitions whole",
            changes.more
        );
    }
    text
}

fn sides(pieces: &Pieces) -> (Side, Side) {
    match pieces {
        Pieces::Added(text) => (vec![], vec![(text.clone(), false)]),
        Pieces::Removed(text) => (vec![(text.clone(), false)], vec![]),
        Pieces::Changed(pieces) => {
            let (mut old, mut new) = (Side::new(), Side::new());
            for piece in pieces {
                match piece {
                    Piece::Same(text) => {
                        old.push((text.clone(), false));
                        new.push((text.clone(), false));
                    }
                    Piece::Old(text) => old.push((text.clone(), true)),
                    Piece::New(text) => new.push((text.clone(), true)),
                }
            }
            (old, new)
        }
    }
}

/// One side of a change: each line behind its sign and the gutter, and below it a line
/// of marks where only words of it differ.
fn side(text: &mut String, sign: char, side: &Side, form: Form, width: Option<usize>) {
    let letters: Vec<(char, bool)> = side
        .iter()
        .flat_map(|(piece, differs)| {
            let shown = sanitise::block_as(piece, form);
            shown
                .chars()
                .map(|letter| (letter, *differs))
                .collect::<Vec<_>>()
        })
        .collect();
    let bar = bar(form);
    for line in letters.split(|(letter, _)| *letter == '\n') {
        if side.is_empty() {
            break;
        }
        let whole: String = line.iter().map(|(letter, _)| *letter).collect();
        let rows = match width {
            Some(columns) => sanitise::wrap(&whole, columns.saturating_sub(BEFORE + 1).max(8)),
            None => vec![whole],
        };
        let mut left = line.iter();
        for row in rows {
            let mut marks = String::new();
            for letter in row.chars() {
                // Wrapping leaves out blanks alone, and changes no letter.
                let differs = left
                    .by_ref()
                    .find(|(at, _)| *at == letter)
                    .is_some_and(|(_, differs)| *differs);
                let mark = if differs { "^" } else { " " };
                marks.push_str(&mark.repeat(sanitise::width(letter.encode_utf8(&mut [0; 4]))));
            }
            let _ = writeln!(text, "    {sign} {bar} {row}");
            let marks = marks.trim_end();
            if !marks.is_empty() {
                let _ = writeln!(text, "{}{marks}", " ".repeat(BEFORE));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::guard::diff::definitions;

    fn shown(width: Option<usize>) -> String {
        let old = json!({ "description": "Reads a line aloud.",
            "annotations": { "readOnlyHint": true } });
        let new = json!({ "description": "Reads a line aloud, and sends it to the prompter.",
            "inputSchema": { "properties": { "who": { "type": "string\u{1b}[2J" } } } });
        text(&definitions(&old, &new), Form::Unicode, width)
    }

    #[test]
    fn old_stands_above_new_and_what_differs_is_marked() {
        let expected = [
            "what changed since it was accepted, in 3 places:",
            "  \"description\"",
            "    - │ Reads a line aloud.",
            "    + │ Reads a line aloud, and sends it to the prompter.",
            &format!("{}{}", " ".repeat(26), "^".repeat(30)),
            "  argument \"who.type\" is new",
            "    + │ string⟨U+001B⟩[2J",
            "  claim \"readOnlyHint\" is gone",
            "    - │ true",
        ];
        let shown = shown(None);
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_narrow_terminal_gets_whole_lines() {
        let shown = shown(Some(30));
        assert!(
            shown
                .lines()
                .filter(|line| line.starts_with("    "))
                .all(|line| sanitise::width(line) <= 30),
            "{shown}"
        );
        assert!(shown.contains("prompter"), "{shown}");
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
}
