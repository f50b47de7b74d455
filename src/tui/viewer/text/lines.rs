//! Where the lines of a long text begin, without a list of them all.

use std::ops::Range;

/// Longest piece, in bytes: a longer line is laid out in several, each on a row of
/// its own, so that a line of a megabyte costs no more than another.
const PIECE: usize = 4096;

/// A place is kept for every so many pieces; the ones between are found from it.
const EVERY: usize = 16;

/// How far before the end of a long piece a blank is looked for to break it at.
const BLANK: usize = 256;

/// The pieces of a text: its lines, long ones in several.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// Where every sixteenth piece begins.
    marks: Vec<usize>,
    /// How many pieces there are.
    pub(super) pieces: usize,
    /// How many lines there are.
    pub(super) lines: usize,
}

/// A piece: its bytes, and where the next one begins.
struct Found {
    range: Range<usize>,
    next: Option<usize>,
    ends_line: bool,
}

fn piece_at(text: &str, from: usize) -> Found {
    let limit = text.floor_char_boundary(from.saturating_add(PIECE));
    let window = text.get(from..limit).unwrap_or_default();
    if let Some(at) = window.find('\n') {
        let end = from.saturating_add(at);
        let next = end.saturating_add(1);
        return Found {
            range: from..end,
            next: (next < text.len()).then_some(next),
            ends_line: true,
        };
    }
    if limit >= text.len() {
        return Found {
            range: from..text.len(),
            next: None,
            ends_line: true,
        };
    }
    let near = text.floor_char_boundary(limit.saturating_sub(BLANK));
    let end = text
        .get(near..limit)
        .and_then(|tail| tail.rfind(' '))
        .map_or(limit, |at| near.saturating_add(at).saturating_add(1));
    Found {
        range: from..end,
        next: Some(end),
        ends_line: text.get(end..).is_some_and(|rest| rest.starts_with('\n')),
    }
}

impl Lines {
    /// Goes through a text once.
    pub(super) fn of(text: &str) -> Self {
        let mut lines = Self::default();
        let mut from = 0;
        loop {
            if lines.pieces.is_multiple_of(EVERY) {
                lines.marks.push(from);
            }
            let found = piece_at(text, from);
            lines.pieces = lines.pieces.saturating_add(1);
            lines.lines = lines.lines.saturating_add(usize::from(found.ends_line));
            match found.next {
                Some(next) => from = next,
                None => return lines,
            }
        }
    }

    /// The bytes of a piece. The end of its line is not among them, but for a CR.
    pub(super) fn piece(&self, text: &str, piece: usize) -> Range<usize> {
        let mut from = self.marks.get(piece / EVERY).copied().unwrap_or(text.len());
        for _ in 0..piece % EVERY {
            match piece_at(text, from).next {
                Some(next) => from = next,
                None => break,
            }
        }
        piece_at(text, from).range
    }

    /// The piece that a byte stands in.
    pub(super) fn at(&self, text: &str, byte: usize) -> usize {
        let mark = self
            .marks
            .partition_point(|mark| *mark <= byte)
            .saturating_sub(1);
        let mut from = self.marks.get(mark).copied().unwrap_or(0);
        let mut piece = mark.saturating_mul(EVERY);
        while let Some(next) = piece_at(text, from).next {
            if next > byte {
                break;
            }
            from = next;
            piece = piece.saturating_add(1);
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        let lines = Lines::of(text);
        (0..lines.pieces)
            .map(|piece| text.get(lines.piece(text, piece)).unwrap())
            .collect()
    }

    #[test]
    fn lines_are_pieces_and_long_ones_are_several() {
        assert_eq!(pieces("a\nb\n\nc\n"), ["a", "b", "", "c"]);
        assert_eq!(pieces(""), [""]);
        let long = format!("{} {}\nend", "x".repeat(4000), "ä".repeat(4000));
        let found = pieces(&long);
        assert_eq!(found.len(), 4);
        assert!(found[0].ends_with("x "));
        assert!(found.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(Lines::of(&long).lines, 2);
    }

    #[test]
    fn a_text_of_sixteen_megabytes_keeps_few_places() {
        let text = "\n".repeat(1 << 20);
        let lines = Lines::of(&text);
        assert_eq!(lines.pieces, 1 << 20);
        assert_eq!(lines.marks.len(), (1 << 20) / EVERY);
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_and_each_is_found_again(
            text in proptest::collection::vec(
                prop_oneof![Just("\n".to_owned()), Just("wörter ".to_owned()), Just("x".repeat(5000)), Just("漢".repeat(1500))],
                0..60,
            ).prop_map(|words| words.concat())
        ) {
            let lines = Lines::of(&text);
            let mut joined = 0;
            for piece in 0..lines.pieces {
                let range = lines.piece(&text, piece);
                prop_assert!(range.start >= joined);
                prop_assert!(text.get(joined..range.start).unwrap().chars().all(|c| c == '\n'));
                prop_assert_eq!(lines.at(&text, range.start), piece);
                joined = range.end;
            }
            prop_assert!(text.get(joined..).unwrap().chars().all(|c| c == '\n'));
        }
    }
}
