//! Which key does what where, resolved once from the table of actions.

use std::collections::HashMap;

use super::action::{ACTIONS, Action, ActionSpec, Context};
use super::focus::Focus;
use super::input::Key;

/// The keys in force.
#[derive(Clone, Debug)]
pub(super) struct Keymap {
    keys: HashMap<(Context, Key), Action>,
}

impl Keymap {
    /// The keys of the table.
    pub(super) fn of_the_table() -> Self {
        let mut keys = HashMap::new();
        for spec in ACTIONS {
            for key in spec.keys.iter().filter_map(|text| Key::parse(text)) {
                for context in spec.contexts {
                    keys.entry((*context, key)).or_insert(spec.action);
                }
            }
        }
        Self { keys }
    }

    /// What a key does where the focus is.
    pub(super) fn find(&self, focus: Focus, key: Key) -> Option<Action> {
        focus
            .contexts()
            .iter()
            .find_map(|context| self.keys.get(&(*context, key)).copied())
    }
}

/// All keys of an action as they are shown.
pub(super) fn shown_keys(spec: &ActionSpec) -> String {
    let keys: Vec<String> = spec
        .keys
        .iter()
        .filter_map(|text| Key::parse(text))
        .map(|key| key.to_string())
        .collect();
    keys.join(" ")
}

/// What the footer lists where the focus is, in order.
pub(super) fn footer(focus: Focus) -> Vec<&'static ActionSpec> {
    let mut specs: Vec<&ActionSpec> = here(focus).filter(|spec| spec.footer > 0).collect();
    specs.sort_by_key(|spec| spec.footer);
    specs
}

/// Every action that counts where the focus is, the nearest context first.
pub(super) fn here(focus: Focus) -> impl Iterator<Item = &'static ActionSpec> {
    focus.contexts().iter().flat_map(|context| {
        ACTIONS
            .iter()
            .filter(move |spec| spec.contexts.contains(context))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read() {
        for spec in ACTIONS {
            assert!(!spec.keys.is_empty(), "{} has no key", spec.name);
            for key in spec.keys {
                assert!(Key::parse(key).is_some(), "{}: {key}", spec.name);
            }
        }
    }

    #[test]
    fn no_key_does_two_things_in_one_place() {
        for focus in Focus::ALL {
            let mut taken: HashMap<Key, &str> = HashMap::new();
            for spec in here(*focus) {
                for key in spec.keys.iter().filter_map(|key| Key::parse(key)) {
                    let before = taken.insert(key, spec.name);
                    assert!(
                        before.is_none_or(|name| name == spec.name),
                        "{key} in {focus:?}: {} and {}",
                        spec.name,
                        before.unwrap_or_default()
                    );
                }
            }
        }
    }

    #[test]
    fn names_are_unique_and_every_action_has_a_line() {
        let names: BTreeSet<&str> = ACTIONS.iter().map(|spec| spec.name).collect();
        assert_eq!(names.len(), ACTIONS.len());
        for spec in ACTIONS {
            assert_eq!(spec.action.spec().map(|found| found.name), Some(spec.name));
            assert!(!spec.doc.ends_with('.'), "{}", spec.name);
        }
    }

    #[test]
    fn every_key_in_the_footer_works_there() {
        let keymap = Keymap::of_the_table();
        for focus in Focus::ALL {
            let listed = footer(*focus);
            assert!(!listed.is_empty(), "{focus:?} has an empty footer");
            for spec in listed {
                let key = Key::parse(spec.keys[0]).unwrap();
                assert_eq!(keymap.find(*focus, key), Some(spec.action), "{focus:?}");
            }
        }
    }

    #[test]
    fn enter_and_escape_never_allow_a_call() {
        let keymap = Keymap::of_the_table();
        for text in ["enter", "esc", "space", "alt-enter"] {
            let key = Key::parse(text).unwrap();
            assert_ne!(keymap.find(Focus::DockCall, key), Some(Action::AllowCall));
        }
    }
}
