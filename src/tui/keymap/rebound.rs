//! Keys as the configuration binds them: checked whole before any counts.
//!
//! What is refused here would otherwise be a key that does nothing, one that does
//! something else than it says, or a question that is answered by habit.

use std::collections::{BTreeMap, HashMap};

use super::{Keymap, keys_of_the_table};
use crate::config::{BoundKey, Rebinding};
use crate::domain::Fault;
use crate::search::Search;
use crate::tui::action::{ACTIONS, Action, ActionSpec, Context, PLACES, Place};
use crate::tui::focus::Focus;
use crate::tui::input::{Code, Key};
use crate::tui::widget::field::{Field, Typed};

/// What the file says of an action in a place.
#[derive(Clone, Copy)]
struct Said<'a> {
    rebinding: &'a Rebinding,
    spec: &'static ActionSpec,
}

impl Keymap {
    /// The keys of the table with those of the configuration in their place.
    ///
    /// # Errors
    /// `config`, with line and column, for the first that cannot be bound.
    pub(in crate::tui) fn rebound(rebindings: &[Rebinding]) -> Result<Self, Fault> {
        let mut keys = keys_of_the_table();
        let mut said = BTreeMap::new();
        // What is said of one place wins over what is said of all.
        let (all, one): (Vec<_>, Vec<_>) = rebindings.iter().partition(|it| it.place.is_none());
        for rebinding in all.into_iter().chain(one) {
            let spec = action(rebinding)?;
            let contexts = places(rebinding, spec)?;
            let mut bound = Vec::new();
            for written in &rebinding.keys {
                let key = readable(written)?;
                fits(spec, &contexts, key).map_err(|why| refuse(written, key, &why))?;
                if !bound.contains(&key) {
                    bound.push(key);
                }
            }
            for context in contexts {
                keys.insert((context, spec.action), bound.clone());
                said.insert((context, spec.action), Said { rebinding, spec });
            }
        }
        essentials(&keys, &said)?;
        conflicts(&keys, &said)?;
        Ok(Self::of(keys))
    }
}

/// The action that is meant.
fn action(rebinding: &Rebinding) -> Result<&'static ActionSpec, Fault> {
    let wanted = &rebinding.action;
    let found = ACTIONS.iter().find(|spec| spec.name == wanted);
    found.ok_or_else(|| {
        let names = || ACTIONS.iter().map(|spec| spec.name);
        let near = Search::new(wanted).rank(names());
        let hint = match near.first().and_then(|place| names().nth(*place)) {
            Some(name) => format!("perhaps {name} is meant; docs/keys.md has every name"),
            None => "docs/keys.md has the name of every action".to_owned(),
        };
        let said = format!("there is no action {wanted:?}");
        rebinding.spot.fault(&said).hint(hint)
    })
}

/// Where the keys are to count.
fn places(rebinding: &Rebinding, spec: &'static ActionSpec) -> Result<Vec<Context>, Fault> {
    let Some((name, spot)) = &rebinding.place else {
        return Ok(spec.contexts.to_vec());
    };
    let named = |names: Vec<&str>| names.join(", ");
    let Some(place) = PLACES.iter().find(|place| place.name == name) else {
        let names = named(PLACES.iter().map(|place| place.name).collect());
        let said = format!("there is no place {name:?}");
        return Err(spot.fault(&said).hint(format!("the places are {names}")));
    };
    if spec.contexts.contains(&place.context) {
        return Ok(vec![place.context]);
    }
    let its = spec.contexts.iter().filter_map(|context| context.place());
    let names = named(its.map(|place| place.name).collect());
    let said = format!("{} does nothing in {}", spec.name, place.name);
    Err(rebinding
        .spot
        .fault(&said)
        .hint(format!("it counts in {names}")))
}

fn readable(written: &BoundKey) -> Result<Key, Fault> {
    let key = Key::parse(&written.text).ok_or_else(|| {
        written
            .spot
            .fault(&format!("{:?} is no key", written.text))
            .hint("keys are written like r, R, 5, ctrl-r, alt-enter, shift-tab, space, pgup, f5")
    })?;
    if key.is_lost_on_the_way() {
        let said = format!("most terminals have no way to send {key}");
        return Err(written.spot.fault(&said).hint("take another key"));
    }
    Ok(key)
}

/// Why a key cannot be bound to an action, and what mends it.
struct Why {
    said: String,
    hint: String,
}

fn refuse(written: &BoundKey, key: Key, why: &Why) -> Fault {
    written
        .spot
        .fault(&format!("{key} {}", why.said))
        .hint(why.hint.as_str())
}

/// Whether a key may be bound to an action and would ever do it.
fn fits(spec: &ActionSpec, contexts: &[Context], key: Key) -> Result<(), Why> {
    if spec.action.permits() && is_habit(key) {
        return Err(Why {
            said: format!("may not be {}: it is pressed out of habit", spec.name),
            hint: "take a letter".to_owned(),
        });
    }
    for context in contexts {
        let mut in_it = Focus::ALL
            .iter()
            .filter(|focus| focus.contexts().contains(context))
            .peekable();
        let known = in_it.peek().is_some();
        if known && in_it.all(|focus| is_taken_by_a_field(*focus, key)) {
            return Err(Why {
                said: format!("would never be {}: a field there takes it", spec.name),
                hint: "take a key with Ctrl or Alt, or a function key".to_owned(),
            });
        }
    }
    Ok(())
}

/// Keys that go on, go away or move, whatever is on the screen.
fn is_habit(key: Key) -> bool {
    match key.code {
        Code::Char(letter) => letter == ' ',
        Code::F(_) => false,
        _ => true,
    }
}

/// Whether a field has a use of its own for a key wherever this has the keys.
fn is_taken_by_a_field(focus: Focus, key: Key) -> bool {
    if focus.takes_text() {
        return Field::with("a").key(key) != Typed::NotMine;
    }
    focus.is_field() && key.typed().is_some()
}

/// Refuses to leave somebody without a way out.
fn essentials(
    keys: &HashMap<(Context, Action), Vec<Key>>,
    said: &BTreeMap<(Context, Action), Said<'_>>,
) -> Result<(), Fault> {
    for ((context, action), said) in said {
        let bound = keys.get(&(*context, *action));
        if action.is_essential() && bound.is_none_or(Vec::is_empty) {
            let text = format!("{} has to have a key", said.spec.name);
            let hint = "give it one, or take the line out and it keeps its own";
            return Err(said.rebinding.spot.fault(&text).hint(hint));
        }
    }
    Ok(())
}

/// Refuses a key that would do two things where the focus is.
fn conflicts(
    keys: &HashMap<(Context, Action), Vec<Key>>,
    said: &BTreeMap<(Context, Action), Said<'_>>,
) -> Result<(), Fault> {
    for focus in Focus::ALL {
        let mut taken: HashMap<Key, (Context, &ActionSpec)> = HashMap::new();
        for context in focus.contexts() {
            for spec in ACTIONS
                .iter()
                .filter(|spec| spec.contexts.contains(context))
            {
                let bound = keys.get(&(*context, spec.action));
                for key in bound.into_iter().flatten() {
                    let before = taken.insert(*key, (*context, spec));
                    if let Some((near, other)) = before
                        && other.action != spec.action
                    {
                        let both = [(near, other), (*context, spec)];
                        return Err(twice(*key, both, said));
                    }
                }
            }
        }
    }
    Ok(())
}

/// What is said of a key that would do two things; the nearer of both first.
fn twice(
    key: Key,
    both: [(Context, &ActionSpec); 2],
    said: &BTreeMap<(Context, Action), Said<'_>>,
) -> Fault {
    let [(near, one), (_, other)] = both;
    let place = near.place().map_or_else(String::new, Place::words);
    let text = format!(
        "{key} would do two things {place}: {} and {}",
        one.name, other.name
    );
    // The table has no key twice, so the file binds this one to one of them.
    let written = both
        .iter()
        .filter_map(|(context, spec)| {
            let said = said.get(&(*context, spec.action))?;
            let mut keys = said.rebinding.keys.iter();
            let written = keys.find(|written| Key::parse(&written.text) == Some(key))?;
            Some((spec.action, written))
        })
        .max_by_key(|(_, written)| written.spot.place());
    let Some((action, written)) = written else {
        return Fault::config(text);
    };
    let other = if action == one.action { other } else { one };
    written.spot.fault(&text).hint(format!(
        "take another key here, or give {} another one, or [] for none",
        other.name
    ))
}
