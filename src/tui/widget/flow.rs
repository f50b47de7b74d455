//! Words of several looks, made into lines.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::guard::sanitise;

/// Takes words one after the other and breaks the line where it is full. Text that is
/// pushed is fit to be shown already.
#[derive(Debug)]
pub(in crate::tui) struct Flow {
    room: usize,
    lines: Vec<Vec<Span<'static>>>,
    line: Vec<Span<'static>>,
    used: usize,
    /// The word that is not over yet: the next text may go on with it.
    word: Vec<Span<'static>>,
}

impl Flow {
    /// Lines of so many cells.
    pub(in crate::tui) fn new(room: usize) -> Self {
        Self {
            room: room.max(2),
            lines: Vec::new(),
            line: Vec::new(),
            used: 0,
            word: Vec::new(),
        }
    }

    /// Takes text.
    pub(in crate::tui) fn push(&mut self, text: &str, style: Style) {
        for word in text.split_inclusive(' ') {
            self.word.push(Span::styled(word.to_owned(), style));
            if word.ends_with(' ') {
                self.flush();
            }
        }
    }

    /// Ends the line here.
    pub(in crate::tui) fn end_line(&mut self) {
        self.flush();
        self.full();
    }

    /// All lines.
    pub(in crate::tui) fn lines(mut self) -> Vec<Vec<Span<'static>>> {
        self.end_line();
        self.lines
    }

    /// The line is done. A blank that hangs over its edge goes.
    fn full(&mut self) {
        if self.used > self.room
            && let Some(last) = self.line.last_mut()
            && let Some(text) = last.content.strip_suffix(' ')
        {
            *last = Span::styled(text.to_owned(), last.style);
        }
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
    }

    fn flush(&mut self) {
        let word = std::mem::take(&mut self.word);
        let cells: usize = word.iter().map(|span| sanitise::width(&span.content)).sum();
        // The blank behind a word may hang over the edge: it is not drawn there.
        let blank = word.last().is_some_and(|span| span.content.ends_with(' '));
        let needed = cells.saturating_sub(usize::from(blank));
        if self.used > 0 && self.used.saturating_add(needed) > self.room {
            self.full();
        }
        if needed <= self.room {
            self.used = self.used.saturating_add(cells);
            self.line.extend(word);
            return;
        }
        for span in word {
            self.split(&span);
        }
    }

    /// Breaks what is longer than a line wherever it is full.
    fn split(&mut self, span: &Span<'static>) {
        let mut piece = String::new();
        for grapheme in span.content.graphemes(true) {
            let cells = sanitise::width(grapheme);
            if self.used > 0 && self.used.saturating_add(cells) > self.room {
                let full = std::mem::take(&mut piece);
                self.line.push(Span::styled(full, span.style));
                self.full();
            }
            piece.push_str(grapheme);
            self.used = self.used.saturating_add(cells);
        }
        self.line.push(Span::styled(piece, span.style));
    }
}

/// A line that is too long, as several.
pub(in crate::tui) fn wrapped(line: Line<'static>, width: usize) -> Vec<Line<'static>> {
    if line.width() <= width {
        return vec![line];
    }
    let mut flow = Flow::new(width);
    for span in line.spans {
        flow.push(&span.content, span.style);
    }
    flow.lines().into_iter().map(Line::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flowed(texts: &[&str], room: usize) -> Vec<String> {
        let mut flow = Flow::new(room);
        for text in texts {
            flow.push(text, Style::new());
        }
        let lines = flow.lines().into_iter().map(Line::from);
        lines.map(|line| line.to_string()).collect()
    }

    #[test]
    fn lines_break_between_words_and_not_between_looks() {
        assert_eq!(flowed(&["one two"], 7), ["one two"]);
        assert_eq!(flowed(&["one two three"], 7), ["one two", "three"]);
        assert_eq!(flowed(&["ab cd", "ef gh"], 6), ["ab ", "cdef ", "gh"]);
    }

    #[test]
    fn what_is_longer_than_a_line_breaks_anywhere() {
        assert_eq!(flowed(&["x", "abcdefgh"], 4), ["xabc", "defg", "h"]);
        assert_eq!(flowed(&["漢漢漢"], 5), ["漢漢", "漢"]);
    }
}
