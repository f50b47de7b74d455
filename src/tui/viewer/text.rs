//! What came as text: all texts one below the other, and a line for everything else.

mod lines;
mod plain;
mod raw;

pub(super) use raw::json;

use std::ops::Range;

use ratatui::text::Line;

use super::needle::Needle;
use super::node::{Node, written};
use super::pages::{Pages, Paper};
use super::parts::{Origin, Part, Parts};
use crate::domain::Untrusted;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{flow, rows, server};
use lines::Lines;

/// Longest arguments of a call that stand above its result, in bytes of JSON.
const ARGUMENTS: usize = 16 * 1024;

/// One stretch of it.
#[derive(Clone, Debug)]
enum Segment {
    /// Room.
    Blank,
    /// Words of callboard's.
    Own(String, Role),
    /// What a part is.
    Heading(Part),
    /// The text of a part.
    Body(Part, Lines),
    /// A text that stands by itself.
    Whole(Lines),
    /// A text that was made from what came.
    Made(String, Lines),
}

/// Where something was found, and where the screen was put for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hit {
    segment: usize,
    range: Range<usize>,
    pages: Pages,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Text {
    segments: Vec<Segment>,
    /// The first piece of each.
    starts: Vec<usize>,
    pieces: usize,
    /// How many lines of text there are.
    pub(super) lines: usize,
    pub(super) pages: Pages,
    hit: Option<Hit>,
}

impl Text {
    /// The text of what came.
    pub(super) fn of(parts: &Parts, whole: &Node) -> Self {
        let mut segments = Vec::new();
        // A call that was refused has arguments and no result.
        let answered = parts.origin != Origin::Call || !whole.member("result").value().is_null();
        if parts.origin == Origin::Call {
            let arguments = whole.member("arguments");
            segments.push(Segment::Own("Arguments".to_owned(), Role::Strong));
            let text = written(arguments.value());
            if text.len() > ARGUMENTS {
                let said = "too long to stand here; they are shown as JSON".to_owned();
                segments.push(Segment::Own(said, Role::Quiet));
            } else {
                let lines = Lines::of(&text);
                segments.push(Segment::Made(text, lines));
            }
            if answered {
                segments.push(Segment::Blank);
                segments.push(Segment::Own("Result".to_owned(), Role::Strong));
            }
        }
        if let Some(text) = whole.value().as_str() {
            segments.push(Segment::Whole(Lines::of(text)));
        }
        for (place, part) in parts.list.iter().enumerate() {
            if place > 0 {
                segments.push(Segment::Blank);
            }
            if parts.needs_heading(*part) {
                segments.push(Segment::Heading(*part));
            }
            if let Some(lines) = parts.with_text(*part, Lines::of) {
                segments.push(Segment::Body(*part, lines));
            }
        }
        if parts.list.is_empty() && parts.origin != Origin::Value && answered {
            let nothing = match parts.origin {
                Origin::Contents => "The resource has nothing in it.",
                Origin::Messages => "The prompt has no messages.",
                _ => "It answered with nothing.",
            };
            segments.push(Segment::Own(nothing.to_owned(), Role::Quiet));
        }
        Self::with_segments(segments)
    }

    /// The JSON of what came, whatever it is, as text.
    pub(super) fn raw(whole: &Node) -> Self {
        let text = json(whole.value());
        let lines = Lines::of(&text);
        Self::with_segments(vec![Segment::Made(text, lines)])
    }

    fn with_segments(segments: Vec<Segment>) -> Self {
        let mut text = Self {
            segments,
            starts: Vec::new(),
            pieces: 0,
            lines: 0,
            pages: Pages::default(),
            hit: None,
        };
        for segment in &text.segments {
            text.starts.push(text.pieces);
            let (pieces, lines) = match segment {
                Segment::Body(_, lines) | Segment::Whole(lines) | Segment::Made(_, lines) => {
                    (lines.pieces, lines.lines)
                }
                _ => (1, 0),
            };
            text.pieces = text.pieces.saturating_add(pieces);
            text.lines = text.lines.saturating_add(lines);
        }
        text
    }

    /// The same, ready to be laid out.
    pub(super) fn paper<'a>(
        &'a self,
        source: (&'a Parts, &'a Node),
        look: (Theme, usize),
    ) -> TextPaper<'a> {
        TextPaper {
            text: self,
            parts: source.0,
            whole: source.1,
            theme: look.0,
            width: look.1,
        }
    }

    /// The segment that a piece belongs to, and its piece there.
    fn segment(&self, piece: usize) -> Option<(usize, usize)> {
        let place = self
            .starts
            .partition_point(|start| *start <= piece)
            .checked_sub(1)?;
        let start = self.starts.get(place)?;
        Some((place, piece.saturating_sub(*start)))
    }

    /// Goes to the next match, or the one before, round the end if need be. `None`
    /// where there is none; whether it went round otherwise.
    pub(super) fn seek(
        &mut self,
        source: (&Parts, &Node),
        look: (Theme, usize),
        height: usize,
        needle: &Needle,
        forward: bool,
    ) -> Option<bool> {
        let begin = self.begin(source, forward);
        let direct = self.matching(source, needle, begin, forward);
        let (hit, round) = match direct {
            Some(hit) => (hit, false),
            None => {
                let edge = if forward {
                    (0, 0)
                } else {
                    (self.segments.len(), usize::MAX)
                };
                (self.matching(source, needle, edge, forward)?, true)
            }
        };
        let (segment, range) = hit;
        let paper = self.paper(source, look);
        let (piece, row) = paper.place(segment, &range)?;
        let mut pages = self.pages;
        pages.show(piece, row, &paper, height);
        pages.settle(&paper, height);
        self.pages = pages;
        self.hit = Some(Hit {
            segment,
            range,
            pages,
        });
        Some(round)
    }

    /// Where a search begins: at the last match, unless the screen was moved since.
    fn begin(&self, source: (&Parts, &Node), forward: bool) -> (usize, usize) {
        match &self.hit {
            Some(hit) if hit.pages == self.pages => {
                let byte = if forward {
                    hit.range.end
                } else {
                    hit.range.start
                };
                (hit.segment, byte)
            }
            _ => {
                let (segment, piece) = self.segment(self.pages.piece).unwrap_or_default();
                let byte = self
                    .with(source, segment, |text, lines| {
                        lines.piece(text, piece).start
                    })
                    .unwrap_or(0);
                (segment, byte)
            }
        }
    }

    /// Runs something over the text of a segment.
    fn with<T>(
        &self,
        (parts, whole): (&Parts, &Node),
        segment: usize,
        with: impl FnOnce(&str, &Lines) -> T,
    ) -> Option<T> {
        match self.segments.get(segment)? {
            Segment::Body(part, lines) => parts.with_text(*part, |text| with(text, lines)),
            Segment::Whole(lines) => whole.value().as_str().map(|text| with(text, lines)),
            Segment::Made(text, lines) => Some(with(text, lines)),
            Segment::Blank | Segment::Own(..) | Segment::Heading(_) => None,
        }
    }

    /// The next match from a place, or the one before it.
    fn matching(
        &self,
        source: (&Parts, &Node),
        needle: &Needle,
        (segment, byte): (usize, usize),
        forward: bool,
    ) -> Option<(usize, Range<usize>)> {
        let here = |place: usize, byte: usize| {
            self.with(source, place, |text, _| {
                if forward {
                    needle.find(text, text.ceil_char_boundary(byte.min(text.len())))
                } else {
                    needle.find_back(text, text.floor_char_boundary(byte))
                }
            })
            .flatten()
            .map(|range| (place, range))
        };
        if let Some(hit) = here(segment, byte) {
            return Some(hit);
        }
        if forward {
            (segment.saturating_add(1)..self.segments.len()).find_map(|place| here(place, 0))
        } else {
            (0..segment).rev().find_map(|place| here(place, usize::MAX))
        }
    }
}

/// A text with all that it takes to lay it out.
pub(super) struct TextPaper<'a> {
    text: &'a Text,
    parts: &'a Parts,
    whole: &'a Node,
    theme: Theme,
    width: usize,
}

impl TextPaper<'_> {
    fn source(&self) -> (&Parts, &Node) {
        (self.parts, self.whole)
    }

    /// A server's words behind the gutter.
    fn body(&self, segment: usize, piece: usize) -> Vec<Line<'static>> {
        let laid = self.text.with(self.source(), segment, |text, lines| {
            let range = lines.piece(text, piece);
            let words = text.get(range).unwrap_or_default();
            self.behind_gutter(words)
        });
        laid.unwrap_or_default()
    }

    fn behind_gutter(&self, words: &str) -> Vec<Line<'static>> {
        if let Some(lines) = plain::behind_gutter(self.theme, words, self.width) {
            return lines;
        }
        // The CR of a line's end is known for what it is only before its newline.
        let (words, ends) = match words.strip_suffix('\r') {
            Some(_) => (format!("{words}\n"), true),
            None => (words.to_owned(), false),
        };
        let mut lines = server::behind_gutter(self.theme, &Untrusted::new(words), self.width);
        if ends {
            lines.pop();
        }
        lines
    }

    /// The piece of a match and its row there.
    fn place(&self, segment: usize, range: &Range<usize>) -> Option<(usize, usize)> {
        let (piece, before) = self.text.with(self.source(), segment, |text, lines| {
            let piece = lines.at(text, range.start);
            let start = lines.piece(text, piece).start;
            let before = text.get(start..range.start).unwrap_or_default().to_owned();
            (piece, before)
        })?;
        let row = self.behind_gutter(&before).len().saturating_sub(1);
        let start = self.text.starts.get(segment)?;
        Some((start.saturating_add(piece), row))
    }
}

impl Paper for TextPaper<'_> {
    fn pieces(&self) -> usize {
        self.text.pieces
    }

    fn lay(&self, piece: usize) -> Vec<Line<'static>> {
        let Some((place, piece)) = self.text.segment(piece) else {
            return vec![];
        };
        match self.text.segments.get(place) {
            None => vec![],
            Some(Segment::Blank) => vec![Line::raw("")],
            Some(Segment::Own(text, role)) => {
                rows::wrapped(self.theme, *role, text, self.width, "")
            }
            Some(Segment::Heading(part)) => {
                flow::wrapped(self.parts.words(self.theme, *part), self.width)
            }
            Some(_) => self.body(place, piece),
        }
    }
}

#[cfg(test)]
mod tests;
