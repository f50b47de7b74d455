//! A server's words on the screen: always in quotes or behind a gutter, and what
//! they hide set apart.

use ratatui::style::Style;
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
    pieces_behind_gutter(theme, [(text, theme.style(Role::Server))], width)
}

/// The same for a text of pieces, each with its looks. What is hidden is set apart in
/// all of them.
pub(in crate::tui) fn pieces_behind_gutter<'a>(
    theme: Theme,
    pieces: impl IntoIterator<Item = (&'a Untrusted, Style)>,
    width: usize,
) -> Vec<Line<'static>> {
    let mut gutter = Gutter::new(theme, width);
    for (text, style) in pieces {
        for (number, spans) in sanitise::spans_as(text, theme.form())
            .into_iter()
            .enumerate()
        {
            if number > 0 {
                gutter.end();
            }
            for span in spans {
                let style = match span.kind {
                    SpanKind::Plain => style,
                    SpanKind::Hidden => theme.style(Role::Hidden),
                };
                words(&span.text).for_each(|word| gutter.word(word, style));
            }
        }
    }
    gutter.end();
    gutter.lines
}

/// Lines behind a gutter, while they are filled.
struct Gutter {
    begin: Span<'static>,
    room: usize,
    line: Vec<Span<'static>>,
    used: usize,
    lines: Vec<Line<'static>>,
}

impl Gutter {
    fn new(theme: Theme, width: usize) -> Self {
        let gutter = theme.gutter();
        let begin = Span::styled(gutter, theme.style(Role::Focus));
        Self {
            room: width.saturating_sub(sanitise::width(gutter)).max(8),
            line: vec![begin.clone()],
            begin,
            used: 0,
            lines: Vec::new(),
        }
    }

    fn end(&mut self) {
        let next = vec![self.begin.clone()];
        let line = std::mem::replace(&mut self.line, next);
        self.lines.push(Line::from(line));
        self.used = 0;
    }

    fn word(&mut self, word: &str, style: Style) {
        let cells = sanitise::width(word);
        if self.used > 0 && self.used.saturating_add(cells) > self.room {
            self.end();
        }
        if cells <= self.room {
            if self.used > 0 || !word.trim().is_empty() || self.line.len() == 1 {
                self.line.push(Span::styled(word.to_owned(), style));
                self.used = self.used.saturating_add(cells);
            }
            return;
        }
        for piece in sanitise::wrap(word, self.room) {
            if self.used > 0 {
                self.end();
            }
            self.used = sanitise::width(&piece);
            self.line.push(Span::styled(piece, style));
        }
    }
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
