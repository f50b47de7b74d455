//! Which functions are listed, in which order, and what is said of each.

use super::{all, view};
use crate::domain::{Function, FunctionState, Hints, Untrusted};
use crate::tui::model::Model;

/// The functions that the filter lets through, in the server's order.
pub(super) fn shown(model: &Model) -> Vec<&Function> {
    let filter = model.tabs.functions.filter.text().to_lowercase();
    let words: Vec<&str> = filter.split_whitespace().collect();
    all(model)
        .iter()
        .filter(|function| words.iter().all(|word| matches(function, word)))
        .collect()
}

/// Whether a word of the filter is in a function: its name, title, permission,
/// hints or state.
fn matches(function: &Function, word: &str) -> bool {
    let has = |text: &Untrusted| text.raw().to_lowercase().contains(word);
    has(&function.name)
        || function.title.as_ref().is_some_and(has)
        || function.permission.word().contains(word)
        || (function.state != FunctionState::Accepted && function.state.word().contains(word))
        || hint_word(function.hints).is_some_and(|hint| hint.contains(word))
}

/// How many rows fit.
pub(super) fn height(model: &Model) -> usize {
    usize::from(view::list_area(model).height)
}

/// What the server claims, in a word; `None` where it claims nothing of use.
pub(in crate::tui) fn hint_word(hints: Hints) -> Option<&'static str> {
    // Read-only together with destructive is a contradiction: the worse counts.
    match (hints.read_only, hints.destructive) {
        (_, Some(true)) => Some("destroys"),
        (Some(true), _) => Some("reads"),
        (Some(false), _) | (None, Some(false)) => Some("writes"),
        (None, None) => None,
    }
}

/// Everything that the server claims, in words.
pub(super) fn claims(hints: Hints) -> String {
    let mut words: Vec<&str> = hint_word(hints).into_iter().collect();
    match hints.idempotent {
        Some(true) => words.push("twice is the same as once"),
        Some(false) => words.push("twice is not the same as once"),
        None => {}
    }
    match hints.open_world {
        Some(true) => words.push("reaches beyond the server"),
        Some(false) => words.push("stays within the server"),
        None => {}
    }
    if words.is_empty() {
        return "nothing".to_owned();
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_claims_counts() {
        let both = Hints {
            read_only: Some(true),
            destructive: Some(true),
            ..Hints::default()
        };
        assert_eq!(hint_word(both), Some("destroys"));
        assert_eq!(hint_word(Hints::default()), None);
        assert_eq!(claims(Hints::default()), "nothing");
    }
}
