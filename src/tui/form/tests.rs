//! Forms filled in by keys, and what comes out of them.

mod both_ways;
mod errors;
mod fields;
mod hostile;
mod properties;

use serde_json::{Map, Value, json};

use super::{Brush, Done, Filling, Keys, Prefill};
use crate::tui::action::by_the_table;
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::keymap::Keymap;
use crate::tui::theme::{Palette, Signs, Theme};
use crate::tui::widget::field::Typed;

const THEME: Theme = Theme {
    palette: Palette::Sixteen,
    contrast: crate::tui::theme::Contrast::Usual,
    pictures: crate::tui::theme::Pictures::None,
    signs: Signs::Unicode,
    calm: false,
};

pub(super) const BRUSH: Brush<'static> = Brush {
    theme: THEME,
    say: &by_the_table,
};

/// A form, and what it said last.
pub(super) struct Desk {
    pub(super) filling: Filling,
    pub(super) said: Option<&'static str>,
    keymap: Keymap,
}

impl Desk {
    pub(super) fn new(schema: &Value) -> Self {
        Self::with(Filling::new(schema, Prefill::Required))
    }

    pub(super) fn with(filling: Filling) -> Self {
        Self {
            filling,
            said: None,
            keymap: Keymap::of_the_table(),
        }
    }

    /// An object of these members, those named required.
    pub(super) fn of(members: Value, required: &[&str]) -> Self {
        Self::new(&object(members, required))
    }

    /// Types, as the interface would pass it on: `"jj<enter>wiki<tab>"`.
    pub(super) fn keys(&mut self, text: &str) -> &mut Self {
        let mut rest = text.chars();
        while let Some(letter) = rest.next() {
            let key = match letter {
                '<' => Key::parse(
                    &rest
                        .by_ref()
                        .take_while(|it| *it != '>')
                        .collect::<String>(),
                ),
                ' ' => Key::parse("space"),
                letter => Key::parse(&letter.to_string()),
            };
            self.press(key.expect(text));
        }
        self
    }

    pub(super) fn press(&mut self, key: Key) {
        if self.filling.key(key) != Typed::NotMine {
            return;
        }
        let focus = match self.filling.shown() {
            super::Shown::Form => Focus::Arguments,
            super::Shown::Raw => Focus::ArgumentsRaw,
        };
        if let Some(action) = self.keymap.find(focus, key)
            && let Done::Said(why) = self.filling.act(action)
        {
            self.said = Some(why);
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> &mut Self {
        self.said = self.filling.paste(text);
        self
    }

    /// The value, which must be right.
    #[track_caller]
    pub(super) fn value(&mut self) -> Value {
        match self.filling.submit() {
            Some(value) => Value::Object(value),
            None => panic!("not right:\n{}", self.screen(70)),
        }
    }

    /// What is shown, the value being wrong.
    #[track_caller]
    pub(super) fn wrong(&mut self) -> String {
        if let Some(value) = self.filling.submit() {
            panic!("right: {value:?}");
        }
        match self.filling.raw() {
            Some((_, wrong)) => wrong.unwrap_or_default().to_owned(),
            None => self.screen(70),
        }
    }

    /// The form as text.
    pub(super) fn screen(&self, width: usize) -> String {
        let sheet = self.filling.painted(BRUSH, width, Keys::Here);
        let lines: Vec<String> = sheet.lines.iter().map(ToString::to_string).collect();
        lines.join("\n")
    }

    #[track_caller]
    pub(super) fn shows(&self, text: &str) -> &Self {
        let screen = self.screen(70);
        assert!(screen.contains(text), "no {text:?} in\n{screen}");
        self
    }

    #[track_caller]
    pub(super) fn hides(&self, text: &str) -> &Self {
        let screen = self.screen(70);
        assert!(!screen.contains(text), "{text:?} in\n{screen}");
        self
    }
}

pub(super) fn object(members: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": members, "required": required })
}

pub(super) fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}
