//! What is searched for: some letters, upper and lower case alike.

use std::ops::Range;

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needle {
    letters: Vec<char>,
    /// As it was typed.
    pub(super) typed: String,
}

fn fold(letter: char) -> char {
    if letter.is_ascii() {
        letter.to_ascii_lowercase()
    } else {
        letter.to_lowercase().next().unwrap_or(letter)
    }
}

impl Needle {
    /// `None` where nothing was typed.
    pub(super) fn new(typed: &str) -> Option<Self> {
        let letters: Vec<char> = typed.chars().map(fold).collect();
        (!letters.is_empty()).then(|| Self {
            letters,
            typed: typed.to_owned(),
        })
    }

    /// How long the match is that begins a text.
    fn begins(&self, text: &str) -> Option<usize> {
        let mut rest = text.chars();
        for letter in &self.letters {
            if fold(rest.next()?) != *letter {
                return None;
            }
        }
        Some(text.len().saturating_sub(rest.as_str().len()))
    }

    /// The first match that begins at this byte or behind it.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let first = *self.letters.first()?;
        let tail = text.get(from..)?;
        tail.char_indices()
            .filter(|(_, letter)| fold(*letter) == first)
            .find_map(|(at, _)| self.at(text, from.saturating_add(at)))
    }

    /// The last match that begins before this byte.
    pub(super) fn find_back(&self, text: &str, before: usize) -> Option<Range<usize>> {
        let first = *self.letters.first()?;
        text.get(..before.min(text.len()))?
            .char_indices()
            .rev()
            .filter(|(_, letter)| fold(*letter) == first)
            .find_map(|(at, _)| self.at(text, at))
    }

    fn at(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let length = self.begins(text.get(at..)?)?;
        Some(at..at.saturating_add(length))
    }

    /// Whether a text has it.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// A line in which what was searched for is set apart.
    pub(super) fn light(&self, line: Line<'static>) -> Line<'static> {
        let mut lit = Vec::with_capacity(line.spans.len());
        for span in line.spans {
            let text = span.content.as_ref();
            let mut from = 0;
            while let Some(found) = self.find(text, from) {
                let plain = text.get(from..found.start).unwrap_or_default();
                let hit = text.get(found.clone()).unwrap_or_default();
                lit.push(Span::styled(plain.to_owned(), span.style));
                let style = span.style.add_modifier(Modifier::REVERSED);
                lit.push(Span::styled(hit.to_owned(), style));
                from = found.end;
            }
            let rest = text.get(from..).unwrap_or_default();
            lit.push(Span::styled(rest.to_owned(), span.style));
        }
        Line::from(lit).style(line.style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_in_either_case_and_direction() {
        let needle = Needle::new("Ölig").unwrap();
        let text = "x ölig ÖLIG x";
        let first = needle.find(text, 0).unwrap();
        assert_eq!(text.get(first.clone()), Some("ölig"));
        let second = needle.find(text, first.end).unwrap();
        assert_eq!(text.get(second.clone()), Some("ÖLIG"));
        assert_eq!(needle.find(text, second.end), None);
        assert_eq!(needle.find_back(text, second.start), Some(first));
        assert!(Needle::new("").is_none());
    }

    #[test]
    fn matches_are_set_apart_in_a_line() {
        let needle = Needle::new("an").unwrap();
        let lit = needle.light(Line::from("Banana"));
        let texts: Vec<&str> = lit.spans.iter().map(|span| span.content.as_ref()).collect();
        assert_eq!(texts, ["B", "an", "", "an", "a"]);
    }
}
