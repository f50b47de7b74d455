//! A server's words on the screen: always in quotes or behind a gutter, and what
//! they hide set apart.

use ratatui::text::{Line, Span};

use crate::domain::Untrusted;
use crate::guard::sanitise::{self, SpanKind};
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::rows;

/// Longest text looked at for one line, in characters: more never fits a screen.
const LINE_LIMIT: usize = 400;

/// One line of a server's, without quotes, cut to so many cells. For columns whose
/// heading says whose words they are.
pub(in crate::tui) fn name(theme: Theme, text: &Untrusted, cells: usize) -> String {
    sanitise::cut(&sanitise::line_as(text, LINE_LIMIT, theme.form()), cells)
}

/// One line in quotes, cut to so many cells with them.
pub(in crate::tui) fn quoted(theme: Theme, text: &Untrusted, cells: usize) -> String {
    let line = sanitise::line_as(text, LINE_LIMIT, theme.form());
    format!("\"{}\"", rows::cut_at_word(&line, cells.saturating_sub(2)))
}

/// A request of evidence as it is shown: at the server itself, its path alone.
pub(in crate::tui) fn request(request: &str, url: &str) -> String {
    let origin = url.split_once("://").map(|(scheme, rest)| {
        format!(
            "{scheme}://{}",
            rest.split(['/', '?']).next().unwrap_or(rest)
        )
    });
    match origin {
        Some(origin) => request.replacen(&format!(" {origin}/"), " /", 1),
        None => request.to_owned(),
    }
}

/// All lines, wrapped, each behind a gutter.
pub(in crate::tui) fn behind_gutter(
    theme: Theme,
    text: &Untrusted,
    width: usize,
) -> Vec<Line<'static>> {
    let gutter = theme.gutter();
    let room = width.saturating_sub(sanitise::width(gutter)).max(8);
    let begin = || vec![Span::styled(gutter, theme.style(Role::Focus))];
    let mut lines = Vec::new();
    for spans in sanitise::spans_as(text, theme.form()) {
        let mut line = begin();
        let mut used = 0_usize;
        for span in spans {
            let role = match span.kind {
                SpanKind::Plain => Role::Server,
                SpanKind::Hidden => Role::Hidden,
            };
            for word in words(&span.text) {
                let cells = sanitise::width(word);
                if used > 0 && used.saturating_add(cells) > room {
                    lines.push(Line::from(std::mem::replace(&mut line, begin())));
                    used = 0;
                }
                if cells <= room {
                    if used > 0 || !word.trim().is_empty() || line.len() == 1 {
                        line.push(Span::styled(word.to_owned(), theme.style(role)));
                        used = used.saturating_add(cells);
                    }
                    continue;
                }
                for piece in sanitise::wrap(word, room) {
                    if used > 0 {
                        lines.push(Line::from(std::mem::replace(&mut line, begin())));
                    }
                    used = sanitise::width(&piece);
                    line.push(Span::styled(piece, theme.style(role)));
                }
            }
        }
        lines.push(Line::from(line));
    }
    lines
}

/// Words, each with the blanks behind it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_at_the_server_itself_is_shown_by_its_path() {
        let url = "https://a.example/mcp?x=1";
        assert_eq!(
            request("GET https://a.example/.well-known/x", url),
            "GET /.well-known/x"
        );
        let other = "GET https://b.example/.well-known/x";
        assert_eq!(request(other, url), other);
        assert_eq!(
            request("GET https://a.example.evil/x", url),
            "GET https://a.example.evil/x"
        );
    }
}
