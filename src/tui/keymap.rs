//! Which key does what where, resolved once from the table of actions and what the
//! configuration says.

mod rebound;

use std::collections::HashMap;

use super::action::{ACTIONS, Action, ActionSpec, Context};
use super::focus::Focus;
use super::input::Key;
use crate::config::Settings;
use crate::domain::Fault;

/// The keys in force.
#[derive(Clone, Debug)]
pub(super) struct Keymap {
    /// What a key does in a place.
    actions: HashMap<(Context, Key), Action>,
    /// The keys of an action in a place, the one to show first; none where the palette
    /// alone has it.
    keys: HashMap<(Context, Action), Vec<Key>>,
}

/// Says whether the keys that the settings bind can be bound.
///
/// # Errors
/// `config`, with the place in the file, where one cannot.
pub fn check_keys(settings: &Settings) -> Result<(), Fault> {
    Keymap::rebound(settings.keys()).map(drop)
}

impl Keymap {
    /// The keys of the table.
    pub(super) fn of_the_table() -> Self {
        Self::of(keys_of_the_table())
    }

    fn of(keys: HashMap<(Context, Action), Vec<Key>>) -> Self {
        let mut actions = HashMap::new();
        for ((context, action), bound) in &keys {
            for key in bound {
                actions.insert((*context, *key), *action);
            }
        }
        Self { actions, keys }
    }

    /// What a key does where the focus is.
    pub(super) fn find(&self, focus: Focus, key: Key) -> Option<Action> {
        focus
            .contexts()
            .iter()
            .find_map(|context| self.actions.get(&(*context, key)).copied())
    }

    /// The keys of an action in one place.
    pub(super) fn keys_in(&self, context: Context, action: Action) -> &[Key] {
        self.keys.get(&(context, action)).map_or(&[], Vec::as_slice)
    }

    /// The keys of an action where the focus is; of the first place where it counts,
    /// if it does not count here.
    pub(super) fn keys(&self, focus: Focus, spec: &ActionSpec) -> &[Key] {
        let here = focus.contexts().iter();
        let context = here
            .chain(spec.contexts)
            .find(|context| spec.contexts.contains(context));
        context.map_or(&[], |context| self.keys_in(*context, spec.action))
    }
}

fn keys_of_the_table() -> HashMap<(Context, Action), Vec<Key>> {
    let mut keys = HashMap::new();
    for spec in ACTIONS {
        let bound: Vec<Key> = spec
            .keys
            .iter()
            .filter_map(|text| Key::parse(text))
            .collect();
        for context in spec.contexts {
            keys.insert((*context, spec.action), bound.clone());
        }
    }
    keys
}

/// Keys as they are shown, one behind the other.
pub(super) fn shown(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(Key::to_string).collect();
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
            let bare = spec.keys.is_empty();
            assert_eq!(bare, spec.action.is_of_the_palette(), "{}", spec.name);
            for text in spec.keys {
                let key = Key::parse(text);
                assert!(key.is_some(), "{}: {text}", spec.name);
                let lost = key.is_some_and(Key::is_lost_on_the_way);
                assert!(!lost, "{}: {text} never arrives", spec.name);
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
