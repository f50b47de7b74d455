//! One of several: values, ticks, forms.

use serde_json::Value;

use super::build::Builder;
use super::moves::{Done, fold};
use super::node::{Content, Pick, Ticks, Variants};
use super::rows::Part;
use super::{Form, Prefill};

impl Form {
    /// Takes the next choice, or the one before; folds and unfolds.
    pub(super) fn choose(&mut self, forward: bool) -> Done {
        if self.here.part != Part::Value {
            return Done::Moved;
        }
        let optional = self.node_here().is_some_and(|node| !node.is_fixed());
        let (schema, prefill) = (&self.schema, self.prefill);
        let Some(node) = self.top.at_mut(&self.here.path) else {
            return Done::Moved;
        };
        let done = match &mut node.content {
            Content::Pick(pick) => {
                pick.chosen = pick.next(forward, optional);
                Done::Changed
            }
            Content::Ticks(ticks) => {
                ticks.turn(forward);
                Done::Moved
            }
            Content::Variants(variants) => {
                let next = next_of(variants.forms.len(), variants.chosen, forward, optional);
                variants.choose(next, schema, prefill, node.level);
                Done::Changed
            }
            Content::List(_) | Content::Group(_) => {
                fold(node, schema, prefill, forward);
                Done::Moved
            }
            _ => Done::Moved,
        };
        if done == Done::Changed {
            self.changed();
        }
        self.settle();
        done
    }
}

/// The next of so many, none among them where that is allowed.
fn next_of(count: usize, chosen: Option<usize>, forward: bool, none: bool) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match (chosen, forward) {
        (None, true) => Some(0),
        (None, false) => Some(last),
        (Some(place), true) if place < last => Some(place.saturating_add(1)),
        (Some(0), false) | (Some(_), true) if none => None,
        (Some(_), true) => Some(0),
        (Some(0), false) => Some(last),
        (Some(place), false) => Some(place.saturating_sub(1)),
    }
}

impl Pick {
    /// The next of those that the letters typed find.
    pub(super) fn next(&self, forward: bool, none: bool) -> Option<usize> {
        let matches = self.matches();
        if self.search.is_empty() || matches.is_empty() {
            return next_of(self.choices.len(), self.chosen, forward, none);
        }
        let at = self
            .chosen
            .and_then(|chosen| matches.iter().position(|place| *place == chosen));
        let next = next_of(matches.len(), at, forward, false)?;
        matches.get(next).copied()
    }
}

impl Ticks {
    fn turn(&mut self, forward: bool) {
        let next = next_of(self.choices.len(), Some(self.at), forward, false);
        self.at = next.unwrap_or(0);
    }
}

impl Variants {
    fn choose(&mut self, next: Option<usize>, schema: &Value, prefill: Prefill, level: usize) {
        self.chosen = next;
        let Some(place) = next else {
            return;
        };
        if let (Some((_, source)), Some(slot @ None)) =
            (self.forms.get(place), self.nodes.get_mut(place))
        {
            *slot = Some(Builder::new(schema, prefill).form(source, level, None));
        }
    }
}
