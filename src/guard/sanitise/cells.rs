//! How much room shown text takes, and how it is made to fit.
//!
//! Widths are counted by grapheme, as ratatui draws them. They are what a terminal
//! takes for text that went through the sanitiser, save for the ligatures of Khmer,
//! Lisu and a few rare scripts, where terminals differ.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The cells that a shown text takes.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text, cut with `…` where it would take more than `cells`.
pub fn cut(text: &str, cells: usize) -> String {
    let mut used = 0;
    let mut fits = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if used < cells {
            fits = at;
        }
        used += grapheme.width();
        if used > cells {
            let mut short = text.get(..fits).unwrap_or_default().to_owned();
            if cells > 0 {
                short.push('…');
            }
            return short;
        }
    }
    text.to_owned()
}

/// The text as lines of at most `cells`, broken at blanks, between wide characters,
/// and inside what is longer than a line. A wide character still gets its two cells
/// where `cells` is 0 or 1.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        wrap_line(line, cells.max(1), &mut lines);
    }
    lines
}

fn wrap_line(line: &str, cells: usize, lines: &mut Vec<String>) {
    let mut filling = Filling {
        cells,
        ..Filling::default()
    };
    let mut word = String::new();
    for grapheme in line.graphemes(true) {
        let blank = grapheme.chars().all(char::is_whitespace);
        let alone = blank || grapheme.width() > 1;
        if alone {
            filling.word(&std::mem::take(&mut word), lines);
        }
        if blank {
            filling.blanks.push_str(grapheme);
        } else if alone {
            filling.word(grapheme, lines);
        } else {
            word.push_str(grapheme);
        }
    }
    filling.word(&word, lines);
    lines.push(filling.line);
}

/// A line while it is being filled.
#[derive(Default)]
struct Filling {
    cells: usize,
    line: String,
    used: usize,
    /// Blanks before the next word; those at the end of a line are not kept.
    blanks: String,
}

impl Filling {
    fn word(&mut self, word: &str, lines: &mut Vec<String>) {
        if word.is_empty() {
            return;
        }
        let blanks = std::mem::take(&mut self.blanks);
        let room = width(&blanks);
        let needed = width(word);
        if self.used + room + needed > self.cells && self.used > 0 {
            self.flush(lines);
        } else if self.used + room < self.cells {
            self.line.push_str(&blanks);
            self.used += room;
        }
        for grapheme in word.graphemes(true) {
            if grapheme.width() <= self.cells {
                self.part(grapheme, lines);
            } else {
                for c in grapheme.chars() {
                    self.part(c.encode_utf8(&mut [0; 4]), lines);
                }
            }
        }
    }

    fn part(&mut self, part: &str, lines: &mut Vec<String>) {
        let takes = part.width();
        if self.used + takes > self.cells && self.used > 0 {
            self.flush(lines);
        }
        self.line.push_str(part);
        self.used += takes;
    }

    fn flush(&mut self, lines: &mut Vec<String>) {
        lines.push(std::mem::take(&mut self.line));
        self.used = 0;
    }
}
