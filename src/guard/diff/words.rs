//! Two texts, word by word.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Piece;
use crate::domain::Untrusted;

/// Words of a text that are compared; of a longer one the rest is one word. The work
/// grows with the square of it.
const MOST_WORDS: usize = 3000;

/// What becomes of one text on its way to another: both can be read out of it.
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let (before, now) = (split(old), split(new));
    let steps = capture_diff_slices(Algorithm::Patience, &before, &now);
    let mut pieces = Vec::new();
    for step in steps {
        let text = |words: &[&str], from: usize, count: usize| -> Untrusted {
            let words = words.iter().skip(from).take(count);
            Untrusted::from(words.copied().collect::<String>())
        };
        match step {
            DiffOp::Equal { old_index, len, .. } => {
                pieces.push(Piece::Same(text(&before, old_index, len)));
            }
            DiffOp::Delete {
                old_index, old_len, ..
            } => pieces.push(Piece::Old(text(&before, old_index, old_len))),
            DiffOp::Insert {
                new_index, new_len, ..
            } => pieces.push(Piece::New(text(&now, new_index, new_len))),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => {
                pieces.push(Piece::Old(text(&before, old_index, old_len)));
                pieces.push(Piece::New(text(&now, new_index, new_len)));
            }
        }
    }
    pieces
}

/// What a character belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    /// Everything else stands alone.
    Mark,
}

fn kind(letter: char) -> Kind {
    if letter.is_alphanumeric() || letter == '_' {
        Kind::Word
    } else if letter == ' ' {
        Kind::Blank
    } else {
        Kind::Mark
    }
}

/// Words, runs of blanks, and each other character alone; joined they are the text.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before: Option<Kind> = None;
    for (at, letter) in text.char_indices() {
        if parts.len() >= MOST_WORDS {
            break;
        }
        let kind = kind(letter);
        if before.is_some_and(|before| before != kind || kind == Kind::Mark) {
            parts.extend(text.get(start..at));
            start = at;
        }
        before = Some(kind);
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Old words in brackets, new ones in braces.
    fn told(old: &str, new: &str) -> String {
        words(old, new)
            .iter()
            .map(|piece| match piece {
                Piece::Same(text) => text.raw().to_owned(),
                Piece::Old(text) => format!("[{}]", text.raw()),
                Piece::New(text) => format!("{{{}}}", text.raw()),
            })
            .collect()
    }

    #[test]
    fn only_the_words_that_differ_are_set_apart() {
        assert_eq!(
            told("Creates an issue.", "Creates an issue and pays."),
            "Creates an issue{ and pays}."
        );
        assert_eq!(told("reads files", "writes files"), "[reads]{writes} files");
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("", "new"), "{new}");
    }

    #[test]
    fn a_character_that_is_not_seen_is_a_change_too() {
        assert_eq!(told("ab", "ab\u{200b}"), "ab{\u{200b}}");
        assert_eq!(told("a  b", "a b"), "a[  ]{ }b");
    }

    #[test]
    fn a_text_of_megabytes_is_compared_only_so_far() {
        let old = "a b ".repeat(400_000);
        let new = "b a ".repeat(400_000);
        let pieces = words(&old, &new);
        assert!((2..6000).contains(&pieces.len()), "{}", pieces.len());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_out_of_it(old in "[a-c .\u{200b}é]{0,40}", new in "[a-c .\u{200b}é]{0,40}") {
            let (mut before, mut now) = (String::new(), String::new());
            for piece in words(&old, &new) {
                match piece {
                    Piece::Same(text) => {
                        before.push_str(text.raw());
                        now.push_str(text.raw());
                    }
                    Piece::Old(text) => before.push_str(text.raw()),
                    Piece::New(text) => now.push_str(text.raw()),
                }
            }
            prop_assert_eq!(before, old);
            prop_assert_eq!(now, new);
        }
    }
}
