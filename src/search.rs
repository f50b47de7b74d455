//! Ranks texts by a few letters that were typed: words in any order, letters with
//! gaps, as fzf and helix do it.

mod catalogue;

pub use catalogue::{Haystack, Words};

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What was typed, ready to be looked for.
pub struct Search {
    pattern: Pattern,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Search {
    /// Reads what was typed. Capitals count where there is one among them.
    pub fn new(typed: &str) -> Self {
        Self {
            pattern: Pattern::parse(typed, CaseMatching::Smart, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            letters: Vec::new(),
        }
    }

    /// How well a text fits, the higher the better; `None`: not at all. Where
    /// nothing was typed, every text fits alike.
    pub fn score(&mut self, text: &str) -> Option<u32> {
        let text = Utf32Str::new(text, &mut self.letters);
        self.pattern.score(text, &mut self.matcher)
    }

    /// The places of those that fit, the best first; what fits alike stays in its
    /// order.
    pub fn rank<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
        let mut found: Vec<(usize, u32)> = texts
            .into_iter()
            .enumerate()
            .filter_map(|(place, text)| Some((place, self.score(text)?)))
            .collect();
        found.sort_by_key(|(_, score)| std::cmp::Reverse(*score));
        found.into_iter().map(|(place, _)| place).collect()
    }
}

impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(typed: &str, texts: &[&str]) -> Vec<usize> {
        Search::new(typed).rank(texts.iter().copied())
    }

    #[test]
    fn letters_with_gaps_find_a_text_and_the_closest_comes_first() {
        assert_eq!(rank("gh", &["graph", "github", "wiki"]), [1, 0]);
        assert_eq!(rank("issue", &["i sue s e", "create issue"]), [1]);
    }

    #[test]
    fn words_count_in_any_order() {
        assert_eq!(rank("issue create", &["create_issue", "create"]), [0]);
    }

    #[test]
    fn nothing_typed_finds_everything_in_its_order() {
        assert_eq!(rank("", &["b", "a"]), [0, 1]);
    }
}
