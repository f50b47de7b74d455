//! Ranks things that have a name and a description: letters with gaps count in the
//! name, whole pieces of a word in the description. A description is long enough to
//! have the letters of almost anything in it.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What a letter of a word counts that stands in a description. Less than one in a
/// row in a name, which the matcher gives 16 and more.
const IN_ABOUT: usize = 14;

/// What a thing is found by, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Haystack {
    name: String,
    about: String,
}

impl Haystack {
    /// The words of its name, the most important first, and what is said about it.
    pub fn new(names: &[&str], about: &str) -> Self {
        Self {
            name: names.join(" ").to_lowercase(),
            about: about.to_lowercase(),
        }
    }
}

/// Words that were typed, each of which has to be found. Capitals do not count.
pub struct Words {
    words: Vec<(String, Atom)>,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Words {
    /// Reads what was typed.
    pub fn new(typed: &str) -> Self {
        let atom = |word: &str| {
            Atom::new(
                word,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
                false,
            )
        };
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        Self {
            words: typed
                .to_lowercase()
                .split_whitespace()
                .map(|word| (word.to_owned(), atom(word)))
                .collect(),
            matcher: Matcher::new(config),
            letters: Vec::new(),
        }
    }

    /// Whether nothing was typed, so that everything fits alike.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well something fits, the higher the better; `None`: not at all.
    pub fn score(&mut self, haystack: &Haystack) -> Option<usize> {
        let mut sum = 0;
        for (word, atom) in &self.words {
            let name = Utf32Str::new(&haystack.name, &mut self.letters);
            let in_name = atom.score(name, &mut self.matcher).map(usize::from);
            let in_about = haystack
                .about
                .contains(word.as_str())
                .then_some(word.chars().count() * IN_ABOUT);
            sum += in_name.max(in_about)?;
        }
        Some(sum)
    }

    /// The places of those that fit, the best first; what fits alike stays in its
    /// order.
    pub fn rank<'a>(
        &mut self,
        haystacks: impl IntoIterator<Item = (usize, &'a Haystack)>,
    ) -> Vec<usize> {
        if self.is_empty() {
            return haystacks.into_iter().map(|(place, _)| place).collect();
        }
        let mut found: Vec<(usize, usize)> = haystacks
            .into_iter()
            .filter_map(|(place, haystack)| Some((place, self.score(haystack)?)))
            .collect();
        found.sort_by_key(|(_, score)| Reverse(*score));
        found.into_iter().map(|(place, _)| place).collect()
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(typed: &str) -> Vec<usize> {
        let things = [
            Haystack::new(&["Notion", "com.notion/mcp"], "Search and write pages"),
            Haystack::new(&["GitHub", "io.github/mcp"], "Issues, wiki pages and code"),
            Haystack::new(&["DeepWiki", "com.deepwiki/mcp"], "Ask about repositories"),
            Haystack::new(&["Lineär", "app.linear/mcp"], "Issues and projects"),
        ];
        Words::new(typed).rank(things.iter().enumerate())
    }

    #[test]
    fn a_name_comes_before_a_description() {
        assert_eq!(rank("wiki"), [2, 1]);
        assert_eq!(rank("pages"), [0, 1]);
    }

    #[test]
    fn letters_with_gaps_are_found_in_names_alone() {
        assert_eq!(rank("gthb"), [1]);
        assert_eq!(rank("wrt"), Vec::<usize>::new());
    }

    #[test]
    fn every_word_counts_wherever_it_stands_and_capitals_do_not() {
        assert_eq!(rank("Issues GIT"), [1]);
        assert_eq!(rank("issues nothing-of-it"), Vec::<usize>::new());
        assert_eq!(rank("linear"), [3]);
    }

    #[test]
    fn nothing_typed_finds_everything_in_its_order() {
        assert_eq!(rank("  "), [0, 1, 2, 3]);
    }
}
