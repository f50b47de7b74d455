//! Ranks things that have a name, an id and a description: letters with gaps count in
//! the name, whole pieces of a word in the others. A description is long enough to
//! have the letters of almost anything in it.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::domain::DirectoryEntry;

/// What a letter of a word counts that stands whole in a name: more than the matcher
/// ever gives letters with gaps.
const WHOLE: usize = 32;

/// What it counts besides that a name, or a word of it, begins there.
const BEGINS_NAME: usize = 24;
const BEGINS_WORD: usize = 16;

/// What it counts in an id or a description: more than the matcher mostly gives
/// letters with gaps, 16 and some more where a word begins.
const IN_ABOUT: usize = 22;

/// Where many publishers have their namespace: it says nothing about one of them.
const SHARED_NAMESPACE: &str = "io.github.";

/// What a thing is found by, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Haystack {
    name: String,
    id: String,
    about: String,
}

impl Haystack {
    /// The words of its name, the most important first, its id in reverse-DNS form, and
    /// what is said about it.
    pub fn new(names: &[&str], id: &str, about: &str) -> Self {
        Self {
            name: names.join(" ").to_lowercase(),
            id: id.to_lowercase(),
            about: about.to_lowercase(),
        }
    }

    /// Whether a word stands in id or description.
    fn mentions(&self, word: &str) -> bool {
        let own = self.id.strip_prefix(SHARED_NAMESPACE);
        // Whoever types an id types it from its beginning.
        let id = match own {
            Some(own) if !word.contains(['.', '/']) => own,
            _ => &self.id,
        };
        self.about.contains(word) || id.contains(word)
    }
}

impl From<&DirectoryEntry> for Haystack {
    fn from(entry: &DirectoryEntry) -> Self {
        let about = entry.description.raw();
        Self::new(&entry.names(), entry.id.as_str(), about)
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
            let in_name = match whole(&haystack.name, word) {
                Some(score) => Some(score),
                None => {
                    let name = Utf32Str::new(&haystack.name, &mut self.letters);
                    atom.score(name, &mut self.matcher).map(usize::from)
                }
            };
            let in_about = haystack
                .mentions(word)
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

/// What a word counts that stands whole in a name. Most that fit do, and the matcher
/// need not be asked.
fn whole(name: &str, word: &str) -> Option<usize> {
    let (before, _) = name.split_once(word)?;
    let begins = match before.chars().next_back() {
        None => BEGINS_NAME,
        Some(letter) if letter.is_alphanumeric() => 0,
        Some(_) => BEGINS_WORD,
    };
    Some(word.chars().count() * WHOLE + begins)
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
            Haystack::new(&["Notion"], "com.notion/mcp", "Search and write pages"),
            Haystack::new(&["Hub", "Git"], "io.github.hub/a", "Wiki pages and code"),
            Haystack::new(&["DeepWiki"], "com.deepwiki/mcp", "Ask of repositories"),
            Haystack::new(&["Lineär"], "io.github.lin/quux", "Issues and projects"),
        ];
        Words::new(typed).rank(things.iter().enumerate())
    }

    #[test]
    fn a_name_comes_before_a_description() {
        assert_eq!(rank("wiki"), [2, 1]);
        assert_eq!(rank("pages"), [0, 1]);
    }

    #[test]
    fn the_beginning_of_a_name_comes_before_the_middle_of_one() {
        let names =
            ["legit", "the git", "git hub", "g i t"].map(|name| Haystack::new(&[name], "", ""));
        let ranked = Words::new("git").rank(names.iter().enumerate());
        assert_eq!(ranked, [2, 1, 0, 3]);
    }

    #[test]
    fn letters_with_gaps_are_found_in_names_alone() {
        assert_eq!(rank("hbgt"), [1]);
        assert_eq!(rank("wrt"), Vec::<usize>::new());
    }

    #[test]
    fn every_word_counts_wherever_it_stands_and_capitals_do_not() {
        assert_eq!(rank("Wiki GIT"), [1]);
        assert_eq!(rank("issues nothing-of-it"), Vec::<usize>::new());
        assert_eq!(rank("linear"), [3]);
    }

    #[test]
    fn an_id_is_found_whole_and_by_its_own_part() {
        assert_eq!(rank("io.github.lin/quux"), [3]);
        assert_eq!(rank("quux"), [3]);
        assert_eq!(rank("github"), Vec::<usize>::new());
    }

    #[test]
    fn nothing_typed_finds_everything_in_its_order() {
        assert_eq!(rank("  "), [0, 1, 2, 3]);
    }
}
