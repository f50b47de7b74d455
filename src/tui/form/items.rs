//! Items of lists, and members with names of one's own: added, taken out, moved.

use super::build::Builder;
use super::moves::Done;
use super::node::{Content, Extra};
use super::rows::{Part, Place};
use super::schema::Source;
use super::{Form, Prefill, secret};
use crate::tui::widget::field::Field;

/// Items of a list, and free members of an object, that the form takes.
const MOST: usize = 200;

impl Form {
    /// Where another item would go: the list or group, and the place in it.
    pub(super) fn container(&self) -> Option<(Vec<usize>, usize)> {
        let mut path = self.here.path.clone();
        let mut below = None;
        loop {
            match &self.top.at(&path)?.content {
                Content::List(list) => {
                    let last = list.items.len();
                    let place = below.map_or(last, |place: usize| place.saturating_add(1));
                    return Some((path, place.min(last)));
                }
                Content::Group(group) if group.free.is_some() => {
                    return Some((path, group.extras.len()));
                }
                _ => {}
            }
            below = Some(path.pop()?);
        }
    }

    /// Adds an item, or a free member, behind the one that has the keys.
    pub(super) fn add(&mut self) -> Done {
        let Some((path, place)) = self.container() else {
            return Done::Said("there is no list here to add to");
        };
        let mut builder = Builder::new(&self.schema, Prefill::Required);
        let Some(node) = self.top.at_mut(&path) else {
            return Done::Moved;
        };
        let level = node.level;
        let (inside, part) = match &mut node.content {
            Content::List(list) if list.items.len() < MOST => {
                let item = builder.item(&list.of, level, None);
                let place = place.min(list.items.len());
                list.items.insert(place, item);
                list.open = true;
                (place, Part::Value)
            }
            Content::Group(group) if group.extras.len() < MOST => {
                let free = group.free.clone().unwrap_or_else(Source::anything);
                group.extras.push(Extra {
                    key: Field::default(),
                    named: false,
                    node: builder.extra("", &free, level, None),
                });
                group.open = true;
                (group.len().saturating_sub(1), Part::Key)
            }
            _ => return Done::Said("the form takes 200 of them; raw JSON takes more"),
        };
        self.leave();
        let mut path = path;
        path.push(inside);
        self.here = Place { path, part };
        self.changed();
        self.settle();
        Done::Changed
    }

    /// The name of the free member that has the keys may be another now: with that of a
    /// secret it is one. What was typed as a secret stays one.
    pub(super) fn rename(&mut self) {
        let Some(key) = self.key_here_mut().map(|field| field.text().to_owned()) else {
            return;
        };
        let (schema, prefill) = (&self.schema, self.prefill);
        let Some(node) = self.top.at_mut(&self.here.path) else {
            return;
        };
        if secret::named(&key) {
            node.hide();
        } else if matches!(&node.content, Content::Secret(field) if field.is_empty()) {
            let (source, level) = (node.source.clone(), node.level.saturating_sub(1));
            *node = Builder::new(schema, prefill).extra(&key, &source, level, None);
        }
    }

    /// The item or free member that the keys are in: its container's path, and its
    /// place there.
    pub(super) fn removable(&self) -> Option<(Vec<usize>, usize)> {
        let mut path = self.here.path.clone();
        while let Some(place) = path.pop() {
            match &self.top.at(&path)?.content {
                Content::List(_) => return Some((path, place)),
                Content::Group(group) if group.extra(place).is_some() => {
                    return Some((path, place));
                }
                _ => {}
            }
        }
        None
    }

    /// Takes out the item or free member that the keys are in.
    pub(super) fn remove(&mut self) -> Done {
        let Some((path, place)) = self.removable() else {
            return Done::Said(
                "only an item of a list, or a member with a name of yours, is taken out",
            );
        };
        let mut next = Place {
            path: path.clone(),
            part: Part::Add,
        };
        if let Some(node) = self.top.at_mut(&path) {
            match &mut node.content {
                Content::List(list) => {
                    if place < list.items.len() {
                        list.items.remove(place);
                    }
                    if let Some(last) = list.items.len().checked_sub(1) {
                        next.path.push(place.min(last));
                        next.part = Part::Value;
                    }
                }
                Content::Group(group) => {
                    let named = group.members.as_ref().map_or(0, Vec::len);
                    let extra = place.saturating_sub(named);
                    if extra < group.extras.len() {
                        group.extras.remove(extra);
                    }
                    if let Some(last) = group.extras.len().checked_sub(1) {
                        next.path.push(named.saturating_add(extra.min(last)));
                        next.part = Part::Key;
                    }
                }
                _ => {}
            }
        }
        self.here = next;
        self.settle();
        self.changed();
        Done::Changed
    }

    /// Moves the item that the keys are in.
    pub(super) fn shift(&mut self, down: bool) -> Done {
        let Some((path, place)) = self.removable() else {
            return Done::Said("only items of a list are moved");
        };
        let depth = path.len();
        let Some(Content::List(list)) = self.top.at_mut(&path).map(|node| &mut node.content) else {
            return Done::Said("only items of a list are moved");
        };
        let other = if down {
            place.saturating_add(1)
        } else {
            place.wrapping_sub(1)
        };
        if other >= list.items.len() || place >= list.items.len() {
            return Done::Moved;
        }
        list.items.swap(place, other);
        if let Some(step) = self.here.path.get_mut(depth) {
            *step = other;
        }
        self.changed();
        Done::Changed
    }
}
