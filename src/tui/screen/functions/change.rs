//! What changed in a definition, word by word, old beside new.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::domain::Untrusted;
use crate::guard::diff::{Change, Changes, Piece, Pieces};
use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// From so many cells on, old and new stand side by side; below, one under the other.
const SIDE_BY_SIDE: usize = 52;

/// Longest text that is shown whole, in characters; of a longer one that did not
/// change the middle is left out.
const UNCHANGED_LIMIT: usize = 240;

/// The changes as lines.
pub(super) fn lines(theme: Theme, changes: &Changes, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let heading = match changes.told.len().saturating_add(changes.more) {
        0 => "Nothing differs but how it is written".to_owned(),
        1 => "What changed".to_owned(),
        count => format!("What changed, in {count} places"),
    };
    lines.push(Line::styled(heading, theme.style(Role::Strong)));
    let side_by_side = width >= SIDE_BY_SIDE;
    if side_by_side && !changes.told.is_empty() {
        let column = column(width);
        lines.push(Line::styled(
            format!("{:<column$}   now", "accepted"),
            theme.style(Role::Quiet),
        ));
    }
    for change in &changes.told {
        lines.push(place(theme, change, width));
        let (old, new) = halves(theme, change);
        if side_by_side {
            beside(theme, &old, &new, width, &mut lines);
        } else {
            let mut under = |word: &'static str, half: &Half| {
                lines.push(Line::styled(word, theme.style(Role::Quiet)));
                lines.extend(half.lines(theme, width));
            };
            under("- accepted", &old);
            under("+ now", &new);
        }
    }
    if changes.more > 0 {
        let text = format!(
            "and {} places more; `callboard function` with --json has all",
            changes.more
        );
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, "  "));
    }
    lines
}

/// The cells of one of two columns.
fn column(width: usize) -> usize {
    width.saturating_sub(3) / 2
}

/// Where it changed, in callboard's words as far as there are some.
fn place(theme: Theme, change: &Change, width: usize) -> Line<'static> {
    let what = match change.pieces {
        Pieces::Added(_) => " is new",
        Pieces::Removed(_) => " is gone",
        Pieces::Changed(_) => "",
    };
    let (word, rest) = change.about();
    let Some(rest) = rest else {
        return Line::styled(word, theme.style(Role::Key));
    };
    let room = width.saturating_sub(word.len() + what.len() + 2);
    let name = server::quoted(theme, &rest, room);
    Line::from(vec![
        Span::styled(format!("{word}{name}"), theme.style(Role::Key)),
        Span::styled(what, theme.style(Role::Warn)),
    ])
}

/// One side of a change.
enum Half {
    /// There is nothing.
    Nothing,
    /// Texts with their looks.
    Text(Vec<(Untrusted, Style)>),
}

impl Half {
    fn lines(&self, theme: Theme, width: usize) -> Vec<Line<'static>> {
        match self {
            Self::Nothing => vec![Line::styled("  not there", theme.style(Role::Quiet))],
            Self::Text(pieces) => {
                let pieces = pieces.iter().map(|(text, style)| (text, *style));
                server::pieces_behind_gutter(theme, pieces, width)
            }
        }
    }
}

/// Looks of what differs: underlined, so that it is told without colours too.
fn apart(theme: Theme, role: Role) -> Style {
    theme
        .style(role)
        .add_modifier(Modifier::UNDERLINED | Modifier::BOLD)
}

fn halves(theme: Theme, change: &Change) -> (Half, Half) {
    let plain = theme.style(Role::Server);
    let (old, new) = (apart(theme, Role::Bad), apart(theme, Role::Good));
    let one = |text: &Untrusted, style| Half::Text(vec![(text.clone(), style)]);
    match &change.pieces {
        Pieces::Added(text) => (Half::Nothing, one(text, new)),
        Pieces::Removed(text) => (one(text, old), Half::Nothing),
        Pieces::Changed(pieces) => {
            let (mut before, mut now) = (Vec::new(), Vec::new());
            let last = pieces.len().saturating_sub(1);
            for (number, piece) in pieces.iter().enumerate() {
                match piece {
                    Piece::Same(text) => {
                        let text = shortened(theme, text, number == 0, number == last);
                        before.push((text.clone(), plain));
                        now.push((text, plain));
                    }
                    Piece::Old(text) => before.push((text.clone(), old)),
                    Piece::New(text) => now.push((text.clone(), new)),
                }
            }
            (Half::Text(before), Half::Text(now))
        }
    }
}

/// A text that did not change, without its middle where it is long; what stands near
/// a change stays.
fn shortened(theme: Theme, text: &Untrusted, first: bool, last: bool) -> Untrusted {
    let count = text.raw().chars().count();
    if count <= UNCHANGED_LIMIT {
        return text.clone();
    }
    let side = UNCHANGED_LIMIT / 2;
    let head: String = text.raw().chars().take(side).collect();
    let tail: String = text.raw().chars().skip(count - side).collect();
    let gap = theme.ellipsis();
    Untrusted::from(match (first, last) {
        (true, false) => format!("{gap}{tail}"),
        (false, true) => format!("{head}{gap}"),
        _ => format!("{head}{gap}{tail}"),
    })
}

fn beside(theme: Theme, old: &Half, new: &Half, width: usize, lines: &mut Vec<Line<'static>>) {
    let column = column(width);
    let left = old.lines(theme, column);
    let right = new.lines(theme, column);
    let blank = Line::default();
    for row in 0..left.len().max(right.len()) {
        let old = left.get(row).unwrap_or(&blank);
        let new = right.get(row).unwrap_or(&blank);
        let used: usize = old
            .spans
            .iter()
            .map(|it| sanitise::width(&it.content))
            .sum();
        let mut spans: Vec<Span<'static>> = with_style(old);
        spans.push(Span::raw(" ".repeat(column.saturating_sub(used) + 3)));
        spans.extend(with_style(new));
        lines.push(Line::from(spans));
    }
}

/// The spans of a line, each with the line's style in its own.
fn with_style(line: &Line<'static>) -> Vec<Span<'static>> {
    line.spans
        .iter()
        .map(|span| Span::styled(span.content.clone(), line.style.patch(span.style)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::diff::definitions;
    use crate::tui::theme::{Palette, Signs};
    use serde_json::json;

    fn theme() -> Theme {
        Theme {
            palette: Palette::Plain,
            contrast: crate::tui::theme::Contrast::Usual,
            pictures: crate::tui::theme::Pictures::None,
            signs: Signs::Unicode,
            calm: true,
        }
    }

    fn text(width: usize) -> String {
        let old =
            json!({ "description": "Reads an issue.", "annotations": { "readOnlyHint": true } });
        let new = json!({ "description": "Reads or deletes an issue.", "_meta": "x\u{200b}" });
        let lines = lines(theme(), &definitions(&old, &new), width);
        let lines = lines
            .iter()
            .map(|line| line.to_string().trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn old_stands_beside_new_where_there_is_room() {
        insta::assert_snapshot!(text(60), @r#"
        What changed, in 3 places
        accepted                       now
        "description"
        │ Reads an issue.              │ Reads or deletes an issue.
        "_meta" is new
          not there                    │ x⟨U+200B⟩
        claim "readOnlyHint" is gone
        │ true                           not there
        "#);
    }

    #[test]
    fn old_stands_above_new_where_there_is_not() {
        insta::assert_snapshot!(text(40), @r#"
        What changed, in 3 places
        "description"
        - accepted
        │ Reads an issue.
        + now
        │ Reads or deletes an issue.
        "_meta" is new
        - accepted
          not there
        + now
        │ x⟨U+200B⟩
        claim "readOnlyHint" is gone
        - accepted
        │ true
        + now
          not there
        "#);
    }

    #[test]
    fn words_that_differ_are_told_without_colours_too() {
        let change = &definitions(&json!({ "a": "b c" }), &json!({ "a": "b d" })).told[0];
        let (Half::Text(old), Half::Text(new)) = halves(theme(), change) else {
            panic!("nothing there");
        };
        assert!(!old[0].1.add_modifier.contains(Modifier::UNDERLINED));
        assert!(old[1].1.add_modifier.contains(Modifier::UNDERLINED));
        assert!(new[1].1.add_modifier.contains(Modifier::UNDERLINED));
    }
}
