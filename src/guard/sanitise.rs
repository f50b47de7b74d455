//! Makes text from outside fit to be shown.
//!
//! This is the one way from [`Untrusted`] to something that may be drawn or printed.
//! What a terminal would obey or a reader would not see is written out instead:
//!
//! | in the text | shown as |
//! |---|---|
//! | a control, bidirectional mark, zero-width or any other unseen character | `⟨U+202E⟩`, four or more alike `⟨U+200B ×400⟩` |
//! | a run of tag characters | `⟨tag "what they say"⟩` |
//! | a newline, a tab, a CR before a newline, where one line is asked for | `⏎`, `⇥`, `␍` |
//! | many blanks in a row | `⟨×400 spaces⟩` |
//! | a `⟨` that could be taken for one of these | `⟨U+27E8⟩` |
//!
//! Nothing is dropped: from what is shown, the text as it came can be told again (a
//! tab aside, which [`spans`] and [`block`] draw as four spaces, and what is cut off).
//! A combining mark that has no letter to stand on, or would be the fifth on one, is
//! written out too. So are the joiners and variation selectors of emoji and their
//! skin tones, since terminals disagree about how wide such sequences are; letters of
//! any script pass as they are.

mod cells;
mod judge;
mod pieces;
mod safe_json;
#[cfg(test)]
mod tests;

use crate::domain::Untrusted;

pub use cells::{cut, width, wrap};
pub use pieces::Form;
pub use safe_json::{SafeFormatter, json_ascii_safe, json_ascii_safe_pretty};

use judge::Judge;
use pieces::{Piece, Pieces, Shape};

/// Blanks in a row that one line still shows as they are.
const LINE_BLANKS: usize = 8;
/// Blanks in a row that text of several lines still shows as they are: wider than
/// any indentation, narrower than what pushes words off a screen.
const BLOCK_BLANKS: usize = 64;

/// A stretch of text that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What to show.
    pub text: String,
    /// What it is.
    pub kind: SpanKind,
}

/// Where a span comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpanKind {
    /// It stands in the text like this.
    Plain,
    /// The text has something here that would not have been seen; faces set it apart.
    Hidden,
}

/// The text as one line of at most `max_chars` characters, cut with `…`.
pub fn line(text: &Untrusted, max_chars: usize) -> String {
    line_as(text, max_chars, Form::Unicode)
}

/// [`line()`], in the form the terminal can take.
pub fn line_as(text: &Untrusted, max_chars: usize, form: Form) -> String {
    let ellipsis = form.ellipsis();
    let room = max_chars.saturating_sub(ellipsis.chars().count());
    let mut shown = String::new();
    let mut chars = 0;
    // Where the text can be cut so that the ellipsis still fits: never inside an
    // escape, nor between a letter and its marks.
    let mut cut_at = 0;
    for piece in Pieces::new(text.raw(), Shape::line(LINE_BLANKS, form)) {
        if chars <= room && !piece.is_mark() {
            cut_at = shown.len();
        }
        chars += piece.text().chars().count();
        if chars > max_chars {
            shown.truncate(cut_at);
            shown.extend(ellipsis.chars().take(max_chars));
            return shown;
        }
        shown.push_str(piece.text());
    }
    shown
}

/// The text as lines of spans: a newline breaks the line, a tab is four spaces.
pub fn spans(text: &Untrusted) -> Vec<Vec<Span>> {
    spans_as(text, Form::Unicode)
}

/// [`spans`], in the form the terminal can take.
pub fn spans_as(text: &Untrusted, form: Form) -> Vec<Vec<Span>> {
    let mut lines = Vec::new();
    let mut current: Vec<Span> = Vec::new();
    for piece in Pieces::new(text.raw(), Shape::lines(BLOCK_BLANKS, form)) {
        let kind = match piece {
            Piece::Break => {
                lines.push(std::mem::take(&mut current));
                continue;
            }
            Piece::Plain(_) => SpanKind::Plain,
            Piece::Marked(_) => SpanKind::Hidden,
        };
        match current.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(piece.text()),
            _ => current.push(Span {
                text: piece.text().to_owned(),
                kind,
            }),
        }
    }
    lines.push(current);
    lines
}

/// The text with its line breaks, for the command line.
pub fn block(text: &Untrusted) -> String {
    block_as(text, Form::Unicode)
}

/// [`block`], in the form the terminal can take.
pub fn block_as(text: &Untrusted, form: Form) -> String {
    Pieces::new(text.raw(), Shape::lines(BLOCK_BLANKS, form)).fold(
        String::new(),
        |mut shown, piece| {
            shown.push_str(piece.text());
            shown
        },
    )
}

/// How many characters of the text would not have been seen. Newlines and tabs are
/// none of them.
pub fn hidden(text: &Untrusted) -> usize {
    let mut judge = Judge::default();
    let mut chars = text.raw().chars().peekable();
    let mut count = 0;
    while let Some(c) = chars.next() {
        let ordinary = matches!(c, '\n' | '\t') || (c == '\r' && chars.peek() == Some(&'\n'));
        if !judge.is_seen(c) && !ordinary {
            count += 1;
        }
    }
    count
}
