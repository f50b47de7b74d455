//! Given, left out, null: what is said about a value besides the value itself.

use serde_json::Value;

use super::Form;
use super::kind::Why;
use super::moves::{Done, fold};
use super::node::{Content, Name, Node, Stance};
use super::rows::Part;
use super::value::json;
use crate::tui::widget::field::SecretField;

impl Form {
    /// Gives what has the keys, leaves it out, or makes it null: in turn, as far as
    /// the schema lets it.
    pub(super) fn give_or_not(&mut self) -> Done {
        if self.here.part != Part::Value {
            return Done::Said("an item that is not wanted is taken out");
        }
        let (schema, prefill) = (&self.schema, self.prefill);
        let Some(node) = self.top.at_mut(&self.here.path) else {
            return Done::Moved;
        };
        let fixed = node.is_fixed();
        let filled = node.content.is_filled();
        let next = match (node.stance, node.is_given()) {
            (Stance::Null, _) if fixed => node.resting(),
            (Stance::Null, _) if filled => Stance::Left,
            (Stance::Null, _) => Stance::Auto,
            (_, true) if node.about.nullable => Stance::Null,
            (_, true) if !fixed && filled => Stance::Left,
            (Stance::Given, true) if !filled => node.resting(),
            (_, true) => return Done::Said("it must be given"),
            (_, false) if filled => Stance::Auto,
            (_, false) if node.content.may_be_empty() => Stance::Given,
            (_, false) if node.about.nullable => Stance::Null,
            (_, false) => {
                if let Content::Pick(pick) = &mut node.content {
                    pick.chosen = Some(0);
                    Stance::Auto
                } else {
                    return Done::Said("there is nothing to give yet: type it");
                }
            }
        };
        node.stance = next;
        node.wrong = None;
        if next == Stance::Given {
            fold(node, schema, prefill, true);
        }
        if next != Stance::Left && next != Stance::Auto {
            let depth = self.here.path.len().saturating_sub(1);
            let above = self.here.path.get(..depth).unwrap_or_default().to_vec();
            self.give_those_around(&above);
        }
        self.fault = None;
        Done::Changed
    }

    /// Takes note that what has the keys was changed: it is given, and so is all
    /// that it is in; what was wrong with them may be no more.
    pub(super) fn changed(&mut self) {
        let path = self.here.path.clone();
        self.give_those_around(&path);
        if let Some(node) = self.node_here_mut()
            && node.stance == Stance::Given
            && node.content.is_filled()
        {
            node.stance = node.resting();
        }
        self.fault = None;
    }

    fn give_those_around(&mut self, path: &[usize]) {
        self.top.on_the_way(path, &mut |node| {
            node.wrong = None;
            if matches!(node.stance, Stance::Left | Stance::Null) {
                node.stance = node.resting();
            }
        });
    }
}

impl Node {
    /// Whether it cannot be left out.
    pub(super) fn is_fixed(&self) -> bool {
        self.about.required || !matches!(self.about.name, Name::Member(_))
    }

    /// Whoever adds it means it, empty or not.
    pub(super) fn mean(&mut self) {
        if self.stance == Stance::Auto {
            self.stance = Stance::Given;
        }
    }

    /// Makes a secret of a text, or of a field for anything with no more than a text in
    /// it. What is longer than a secret may be stays as it is.
    pub(super) fn hide(&mut self) {
        let text = match &self.content {
            Content::Text(field) => field.text().to_owned(),
            Content::Long(editor) => editor.text(),
            Content::Json(editor, Why::Anything) if editor.text().trim().is_empty() => {
                String::new()
            }
            Content::Json(editor, Why::Anything) => match json(&editor.text()) {
                Ok(Value::String(text)) => text,
                _ => return,
            },
            _ => return,
        };
        let Some(field) = SecretField::with(&text) else {
            return;
        };
        if matches!(self.content, Content::Json(..)) {
            self.about.words = "text".to_owned();
        }
        self.content = Content::Secret(field);
    }

    /// What is said of it where nobody says anything.
    pub(super) fn resting(&self) -> Stance {
        match (&self.about.name, &self.content) {
            (Name::Item | Name::Free, _) => Stance::Given,
            (_, Content::Group(_)) if self.is_fixed() => Stance::Given,
            _ => Stance::Auto,
        }
    }
}

impl Content {
    /// Whether it can be given with nothing in it.
    fn may_be_empty(&self) -> bool {
        matches!(
            self,
            Self::Text(_)
                | Self::Long(_)
                | Self::Secret(_)
                | Self::Ticks(_)
                | Self::List(_)
                | Self::Group(_)
        )
    }
}
