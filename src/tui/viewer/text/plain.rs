//! Plain text behind the gutter, the short way.
//!
//! Most text is printable ASCII, in which nothing can hide: a character is a byte and a
//! cell. It is laid out without asking of each what it is. Everything else goes the
//! long way, by the sanitiser; a test holds the two to the same lines.

use ratatui::text::{Line, Span};

use crate::guard::sanitise::{self, Form};
use crate::tui::theme::{Role, Theme};

/// Blanks in a row that the sanitiser counts instead of showing them.
const BLANKS: usize = 65;

fn is_plain(text: &str, form: Form) -> bool {
    let mut blanks = 0_usize;
    text.bytes().all(|byte| {
        blanks = if byte == b' ' {
            blanks.saturating_add(1)
        } else {
            0
        };
        // In the ASCII form, what is written out stands in angle brackets.
        matches!(byte, b' '..=b'~') && blanks < BLANKS && (form == Form::Unicode || byte != b'<')
    })
}

/// The lines of one line of text. `None` where it has to go the long way.
pub(super) fn behind_gutter(theme: Theme, text: &str, width: usize) -> Option<Vec<Line<'static>>> {
    if !is_plain(text, theme.form()) {
        return None;
    }
    let room = width.saturating_sub(sanitise::width(theme.gutter())).max(8);
    let gutter = Span::styled(theme.gutter(), theme.style(Role::Focus));
    let style = theme.style(Role::Server);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut end = |line: &mut String| {
        let words = Span::styled(std::mem::take(line), style);
        lines.push(Line::from(vec![gutter.clone(), words]));
    };
    for word in text.split_inclusive(' ') {
        if !line.is_empty() && line.len().saturating_add(word.len()) > room {
            end(&mut line);
        }
        if word.len() <= room {
            line.push_str(word);
            continue;
        }
        let mut rest = word.strip_suffix(' ').unwrap_or(word);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at_checked(room).unwrap_or((rest, ""));
            if !line.is_empty() {
                end(&mut line);
            }
            line.push_str(piece);
            rest = after;
        }
    }
    end(&mut line);
    Some(lines)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Untrusted;
    use crate::tui::tests::theme;
    use crate::tui::theme::Signs;
    use crate::tui::widget::server;

    fn both(theme: Theme, text: &str, width: usize) -> (Option<Vec<String>>, Vec<String>) {
        let said = |lines: Vec<Line<'static>>| lines.iter().map(Line::to_string).collect();
        (
            behind_gutter(theme, text, width).map(said),
            said(server::behind_gutter(theme, &Untrusted::new(text), width)),
        )
    }

    #[test]
    fn what_can_hide_something_goes_the_long_way() {
        for text in ["a\tb", "a\u{1b}", "é", "a\nb", &" ".repeat(65)] {
            assert!(behind_gutter(theme(), text, 40).is_none(), "{text:?}");
        }
        let ascii = Theme {
            signs: Signs::Ascii,
            ..theme()
        };
        assert!(behind_gutter(ascii, "a <U+001B> b", 40).is_none());
    }

    proptest! {
        #[test]
        fn both_ways_come_to_the_same_lines(text in "[ -~]{0,60}|( {0,9}[a-z<]{0,30}){0,6}", width in 8usize..40) {
            let (short, long) = both(theme(), &text, width);
            prop_assert_eq!(short, Some(long));
        }
    }
}
