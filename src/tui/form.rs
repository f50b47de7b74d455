//! Forms made from JSON Schema, without a terminal: fields to be filled in, keys and
//! pastes taken, lines to be drawn, a value or what is wrong with it.
//!
//! A [`Form`] is the fields alone; a [`Filling`] is a form together with its raw
//! JSON, one of which is on the screen. Whoever uses one
//!
//! - gives it keys ([`Filling::key`]) and what the table of actions makes of them
//!   ([`Filling::act`]; the actions of [`crate::tui::action::Context::Fill`]),
//! - draws [`Filling::painted`] and keeps the chosen field on the screen with
//!   [`Sheet::top`],
//! - asks for the value with [`Filling::submit`], which says what is wrong at the
//!   fields and gives the first of them the keys,
//! - keeps a [`Draft`] of it: a plain value, without secrets.
//!
//! The schema and every word in it come from a server. They are drawn behind a
//! gutter or in quotes, and what it can cost is bounded: a part that is too deep, too
//! large or too odd for fields becomes a field of JSON. A value that is given to a
//! form comes out of it again, whatever its schema says.

mod build;
mod check;
mod choosing;
mod draft;
mod filling;
mod items;
mod kind;
mod moves;
mod node;
mod rows;
mod schema;
mod secret;
mod sheet;
mod stance;
#[cfg(test)]
mod tests;
mod typing;
mod value;
mod words;

use serde_json::{Map, Value};

pub(in crate::tui) use draft::Draft;
pub(in crate::tui) use filling::{Filling, Shown};
pub(in crate::tui) use moves::Done;
pub(in crate::tui) use secret::{mask as mask_secrets, places as secret_places};
pub(in crate::tui) use sheet::{Brush, Keys, Sheet};
pub(in crate::tui) use words::Unshown;

use build::{Builder, Spot};
use node::{Content, Name, Node};
use rows::Place;
use schema::Source;

/// Which fields a default of the schema is put into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) enum Prefill {
    /// None.
    Nothing,
    /// Those that must be given. The others say what the server takes instead.
    #[default]
    Required,
    /// All (MCP 2025-11-25, elicitation: defaults should be filled in).
    All,
}

/// See the module.
#[derive(Debug)]
pub(in crate::tui) struct Form {
    schema: Value,
    prefill: Prefill,
    top: Node,
    /// Where the keys are.
    here: Place,
    /// What is wrong with the whole.
    fault: Option<String>,
}

impl Form {
    /// An empty form.
    pub(in crate::tui) fn new(schema: &Value, prefill: Prefill) -> Self {
        Self::build(schema, prefill, None)
    }

    /// A form filled with a value. Defaults are not added to it.
    pub(in crate::tui) fn filled(
        schema: &Value,
        prefill: Prefill,
        value: Map<String, Value>,
    ) -> Self {
        Self::build(schema, prefill, Some(Value::Object(value)))
    }

    fn build(schema: &Value, prefill: Prefill, value: Option<Value>) -> Self {
        // A value is to come out as it went in.
        let filling = if value.is_some() {
            Prefill::Nothing
        } else {
            prefill
        };
        let spot = Spot {
            name: Name::Top,
            source: Source::document(),
            required: true,
            level: 0,
        };
        let mut top = Builder::new(schema, filling).node(spot, value);
        if let Content::Group(group) = &mut top.content {
            group.bare = true;
            // Who says nothing at all of arguments means that there are none.
            let view = schema::View::of(schema, &Source::document());
            let silent = view.get("additionalProperties").is_none()
                && view.get("patternProperties").is_none();
            if silent {
                group.free = None;
            }
        }
        let mut form = Self {
            schema: schema.clone(),
            prefill,
            top,
            here: Place::default(),
            fault: None,
        };
        form.settle();
        form
    }

    /// Whether there is nothing to fill in.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        rows::rows(&self.top).is_empty()
    }

    /// Empties it. Secrets are wiped.
    pub(in crate::tui) fn clear(&mut self) {
        *self = Self::new(&self.schema, self.prefill);
    }

    /// Whether letters are typed into the field that has the keys.
    pub(in crate::tui) fn is_typing(&self) -> bool {
        match self.here.part {
            rows::Part::Key => true,
            rows::Part::Add => false,
            rows::Part::Value => self
                .node_here()
                .is_some_and(|node| node.content.takes_text()),
        }
    }

    fn node_here(&self) -> Option<&Node> {
        self.top.at(&self.here.path)
    }

    fn node_here_mut(&mut self) -> Option<&mut Node> {
        self.top.at_mut(&self.here.path)
    }
}
