//! From field to field, and what the actions do to the one that has the keys.

use serde_json::Value;

use super::build::{Builder, Spot};
use super::kind::Why;
use super::node::{Content, Name, Node, Stance};
use super::rows::{Part, Place, rows};
use super::words::Wrong;
use super::{Form, Prefill, check};
use crate::tui::action::Action;
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::Field;

/// Fields that a page has.
const PAGE: isize = 8;

/// What became of an action.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::tui) enum Done {
    /// It is none of a form's.
    NotMine,
    /// Another field has the keys, or another part is shown.
    Moved,
    /// The value differs, or may.
    Changed,
    /// Nothing, and this is why.
    Said(&'static str),
}

impl Form {
    /// Does what a key stands for.
    pub(in crate::tui) fn act(&mut self, action: Action) -> Done {
        match action {
            Action::NextPane => self.step(1, true),
            Action::PreviousPane => self.step(-1, true),
            Action::FieldDown | Action::Down => self.step(1, false),
            Action::FieldUp | Action::Up => self.step(-1, false),
            Action::PageDown | Action::HalfDown => self.step(PAGE, false),
            Action::PageUp | Action::HalfUp => self.step(-PAGE, false),
            Action::First => self.step(isize::MIN, false),
            Action::Last => self.step(isize::MAX, false),
            Action::ChoiceBefore => self.choose(false),
            Action::ChoiceAfter => self.choose(true),
            Action::Press => self.press(),
            Action::GiveOrNot => self.give_or_not(),
            Action::AddItem => self.add(),
            Action::RemoveItem => self.remove(),
            Action::ItemUp => self.shift(false),
            Action::ItemDown => self.shift(true),
            Action::LongText => self.long_text(),
            Action::ClearForm => {
                self.clear();
                Done::Changed
            }
            _ => Done::NotMine,
        }
    }

    /// Whether an action has something to act on.
    pub(in crate::tui) fn offers(&self, action: Action) -> bool {
        let node = self.node_here();
        let content = node.map(|node| &node.content);
        match action {
            Action::AddItem => self.container().is_some(),
            Action::RemoveItem | Action::ItemUp | Action::ItemDown => self.removable().is_some(),
            Action::GiveOrNot => {
                node.is_some_and(|node| node.about.nullable || !node.is_fixed())
                    && self.here.part == Part::Value
            }
            Action::LongText => {
                matches!(content, Some(Content::Text(_) | Content::Long(_)))
                    && self.here.part == Part::Value
            }
            Action::ChoiceAfter => matches!(
                content,
                Some(Content::Pick(_) | Content::Ticks(_) | Content::Variants(_))
            ),
            _ => true,
        }
    }

    /// Goes so many fields on; round the end, or as far as there are some.
    fn step(&mut self, by: isize, round: bool) -> Done {
        let rows = rows(&self.top);
        let count = rows.len();
        let Some(last) = count.checked_sub(1) else {
            return Done::Moved;
        };
        let place = rows.iter().position(|row| row.place == self.here);
        let place = place.unwrap_or(0);
        let next = if by < 0 {
            match place.checked_sub(by.unsigned_abs()) {
                None if round => last,
                before => before.unwrap_or(0),
            }
        } else {
            match place.saturating_add(by.unsigned_abs()) {
                after if after > last && round => 0,
                after => after.min(last),
            }
        };
        let target = rows.get(next).map(|row| row.place.clone());
        if let Some(target) = target {
            self.go_to(target);
        }
        Done::Moved
    }

    /// Gives a place the keys; what is wrong with the one that is left is said.
    pub(super) fn go_to(&mut self, place: Place) {
        if place != self.here {
            self.leave();
            self.here = place;
        }
        self.settle();
    }

    /// Looks at a field that is left.
    pub(super) fn leave(&mut self) {
        let part = self.here.part;
        if part == Part::Key {
            self.rename();
        }
        let (schema, prefill) = (&self.schema, self.prefill);
        let Some(node) = self.top.at_mut(&self.here.path) else {
            return;
        };
        match &mut node.content {
            Content::Pick(pick) => pick.search.clear(),
            Content::Json(editor, Why::Misfit)
                if editor.text().trim().is_empty() && node.about.name != Name::Top =>
            {
                // Emptied, it is what the schema has there.
                let spot = Spot {
                    name: node.about.name.clone(),
                    source: node.source.clone(),
                    required: node.about.required,
                    level: node.level,
                };
                let nullable = node.about.nullable;
                *node = Builder::new(schema, prefill).node(spot, None);
                node.about.nullable |= nullable;
                if matches!(node.about.name, Name::Item | Name::Free) {
                    node.stance = Stance::Given;
                }
                return;
            }
            _ => {}
        }
        if part == Part::Value && node.content.is_typed() && node.content.is_filled() {
            node.wrong = check::leaf(schema, node).map(Wrong::Told);
        }
    }

    /// Keeps the keys at a place that there is.
    pub(super) fn settle(&mut self) {
        let rows = rows(&self.top);
        let there = |place: &Place| rows.iter().any(|row| row.place == *place);
        if there(&self.here) {
            return;
        }
        let mut path = self.here.path.clone();
        while !path.is_empty() {
            path.pop();
            let above = Place {
                path: path.clone(),
                part: Part::Value,
            };
            if there(&above) {
                self.here = above;
                return;
            }
        }
        self.here = rows
            .first()
            .map_or_else(Place::default, |row| row.place.clone());
    }

    /// Presses what has the keys: goes on, folds, adds, begins a line.
    fn press(&mut self) -> Done {
        match self.here.part {
            Part::Add => return self.add(),
            Part::Key => return self.step(1, true),
            Part::Value => {}
        }
        let Some(node) = self.top.at_mut(&self.here.path) else {
            return Done::Moved;
        };
        match &mut node.content {
            Content::Long(editor) | Content::Json(editor, _) => {
                editor.new_line();
                self.changed();
                Done::Changed
            }
            Content::List(list) if list.items.is_empty() => self.add(),
            Content::List(_) | Content::Group(_) => self.toggle_fold(),
            _ => self.step(1, true),
        }
    }

    /// Folds or unfolds what has the keys.
    pub(super) fn toggle_fold(&mut self) -> Done {
        let (schema, prefill) = (&self.schema, self.prefill);
        if let Some(node) = self.top.at_mut(&self.here.path) {
            let open = match &node.content {
                Content::List(list) => list.open,
                Content::Group(group) => group.open,
                _ => true,
            };
            fold(node, schema, prefill, !open);
        }
        self.settle();
        Done::Moved
    }

    /// Gives a text several lines, or one again.
    fn long_text(&mut self) -> Done {
        let Some(node) = self.node_here_mut() else {
            return Done::Moved;
        };
        match &node.content {
            Content::Text(field) => node.content = Content::Long(Editor::at_end(field.text())),
            Content::Long(editor) if editor.lines().len() <= 1 => {
                node.content = Content::Text(Field::with(&editor.text()));
            }
            Content::Long(_) => return Done::Said("it has several lines by now"),
            _ => return Done::Said("only a text can have several lines"),
        }
        Done::Moved
    }
}

/// Folds or unfolds. What is unfolded for the first time is read.
pub(super) fn fold(node: &mut Node, schema: &Value, prefill: Prefill, open: bool) {
    let level = node.level;
    match &mut node.content {
        Content::List(list) => list.open = open,
        Content::Group(group) => {
            group.open = open;
            if open && group.members.is_none() {
                let mut builder = Builder::new(schema, prefill);
                group.members = Some(builder.members(&node.source, level));
            }
        }
        _ => {}
    }
}
