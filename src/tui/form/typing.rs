//! Keys and pastes into the field that has them.

use super::Form;
use super::node::{Content, Name, Node, Pick, Stance};
use super::rows::{Part, Place};
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::input::{Code, Key};
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::Typed;

impl Form {
    /// Takes a key that types, moves the cursor, ticks or searches. What is left
    /// goes to the table of actions.
    pub(in crate::tui) fn key(&mut self, key: Key) -> Typed {
        if self.here.part == Part::Add {
            if key.typed() == Some(' ') {
                self.act(Action::AddItem);
                return Typed::Changed;
            }
            return Typed::NotMine;
        }
        if self.here.part == Part::Key {
            let typed = match self.key_here_mut() {
                Some(field) => field.key(key),
                None => Typed::NotMine,
            };
            return self.after(typed);
        }
        let fixed = self.node_here().is_none_or(Node::is_fixed);
        let Some(node) = self.node_here_mut() else {
            return Typed::NotMine;
        };
        let typed = match &mut node.content {
            Content::Text(field) | Content::Number { field, .. } => field.key(key),
            Content::Secret(field) => field.key(key),
            Content::Long(editor) | Content::Json(editor, _) => lines(editor, key),
            Content::Pick(pick) => pick.key(key, fixed),
            Content::Ticks(ticks) => match key.typed() {
                Some(' ') => {
                    if let Some(tick) = ticks.ticked.get_mut(ticks.at) {
                        *tick = !*tick;
                    }
                    Typed::Changed
                }
                _ => Typed::NotMine,
            },
            Content::Variants(_) if key.typed() == Some(' ') => {
                self.act(Action::ChoiceAfter);
                return Typed::Changed;
            }
            Content::List(_) | Content::Group(_) if key.typed() == Some(' ') => {
                self.toggle_fold();
                return Typed::Taken;
            }
            _ => Typed::NotMine,
        };
        self.after(typed)
    }

    fn after(&mut self, typed: Typed) -> Typed {
        if typed == Typed::Changed {
            self.changed();
        }
        typed
    }

    /// Takes a paste. Returns what is to be said of it, where it is not as it was.
    pub(in crate::tui) fn paste(&mut self, text: &str) -> Option<&'static str> {
        let trimmed = text.trim_matches(['\n', ' ', '\t', '\r']);
        let several = trimmed.contains('\n');
        match self.here.part {
            Part::Add => return self.paste_items(trimmed),
            Part::Key => {
                let said = self.key_here_mut()?.paste(text);
                self.changed();
                return said;
            }
            Part::Value => {}
        }
        let node = self.node_here_mut()?;
        let said = match &mut node.content {
            Content::Text(field) if several => {
                // One line would not be what was pasted.
                let mut editor = Editor::at_end(field.text());
                editor.paste(trimmed);
                node.content = Content::Long(editor);
                None
            }
            Content::Text(field) | Content::Number { field, .. } => field.paste(text),
            Content::Secret(field) => field.paste(text),
            Content::Long(editor) | Content::Json(editor, _) => {
                let before = editor.clone();
                editor.paste(text);
                (before == *editor && !text.is_empty())
                    .then_some("what was pasted is too long; nothing was pasted")
            }
            Content::Pick(pick) if pick.is_searched() => {
                trimmed.chars().take(80).for_each(|letter| {
                    if !letter.is_control() {
                        pick.search.push(letter);
                    }
                });
                pick.find();
                None
            }
            _ => return Some("nothing is typed here; nothing was pasted"),
        };
        self.changed();
        said
    }

    /// A paste on the line that adds: each line of it becomes an item.
    fn paste_items(&mut self, text: &str) -> Option<&'static str> {
        let here = self.here.clone();
        let holds_texts = |form: &Self| {
            let node = form.node_here();
            matches!(node.map(|node| &node.content), Some(Content::Text(_)))
        };
        let mut said = None;
        for (place, line) in text.lines().enumerate() {
            if place > 0 {
                self.here.clone_from(&here);
            }
            self.act(Action::AddItem);
            if place == 0 && !holds_texts(self) {
                self.act(Action::RemoveItem);
                self.here = here;
                self.settle();
                return Some("only into a list of texts can items be pasted");
            }
            if self.here == here {
                return Some("the form takes 200 items; the rest was not pasted");
            }
            if let Some(why) = self.paste(line) {
                said = Some(why);
            }
        }
        said
    }

    pub(super) fn key_here_mut(&mut self) -> Option<&mut crate::tui::widget::field::Field> {
        let (place, above) = self.here.path.split_last()?;
        match &mut self.top.at_mut(above)?.content {
            Content::Group(group) => Some(&mut group.extra_mut(*place)?.key),
            _ => None,
        }
    }

    /// Puts a text into a field as if it had been typed: what was half typed when a
    /// form was left.
    pub(super) fn put(&mut self, path: &[usize], text: &str) {
        let Some(node) = self.top.at_mut(path) else {
            return;
        };
        match &mut node.content {
            Content::Number { field, .. } => {
                *field = crate::tui::widget::field::Field::with(text);
            }
            Content::Json(editor, _) => *editor = Editor::with(text),
            _ => return,
        }
        node.stance = Stance::Auto;
        if matches!(node.about.name, Name::Item | Name::Free) {
            node.stance = Stance::Given;
        }
        let before = std::mem::replace(
            &mut self.here,
            Place {
                path: path.to_vec(),
                part: Part::Value,
            },
        );
        self.changed();
        self.here = before;
    }
}

/// A key in a text of several lines: above its first and below its last line the
/// arrows leave it.
fn lines(editor: &mut Editor, key: Key) -> Typed {
    let leaves = match key.code {
        Code::Tab => true,
        Code::Up => editor.line() == 0 || key.mods.alt,
        Code::Down => editor.line().saturating_add(1) >= editor.lines().len() || key.mods.alt,
        _ => false,
    };
    if leaves {
        return Typed::NotMine;
    }
    editor.key(key)
}

impl Pick {
    fn key(&mut self, key: Key, fixed: bool) -> Typed {
        let found = match (key.typed(), key.code) {
            (Some(' '), _) if self.switch => {
                self.chosen = match self.chosen {
                    Some(0) => Some(1),
                    _ => Some(0),
                };
                return Typed::Changed;
            }
            (Some(' '), _) if !self.is_searched() => {
                self.chosen = self.next(true, !fixed);
                return Typed::Changed;
            }
            (Some(letter), _)
                if self.is_searched() && (letter != ' ' || !self.search.is_empty()) =>
            {
                if self.search.chars().count() < 80 {
                    self.search.push(letter);
                }
                true
            }
            (None, Code::Backspace) if !self.search.is_empty() => {
                self.search.pop();
                true
            }
            (None, Code::Backspace | Code::Delete) if !fixed => {
                self.chosen = None;
                return Typed::Changed;
            }
            _ => false,
        };
        if !found {
            return Typed::NotMine;
        }
        self.find();
        Typed::Changed
    }

    /// Takes the first that has the letters, those that begin with them first.
    fn find(&mut self) {
        if self.search.is_empty() {
            return;
        }
        if let Some(first) = self.matches().first() {
            self.chosen = Some(*first);
        }
    }

    /// The places of those that have the letters typed, in their order; all where
    /// none were.
    pub(super) fn matches(&self) -> Vec<usize> {
        let wanted = self.search.to_lowercase();
        let has = |place: &usize| {
            let choice = self.choices.get(*place)?;
            let title = choice.title.as_ref().map(Untrusted::raw);
            let value = match &choice.value {
                serde_json::Value::String(text) => text.clone(),
                other => sanitise::json_ascii_safe(other),
            };
            [title.unwrap_or_default(), &value]
                .iter()
                .filter_map(|text| text.to_lowercase().find(&wanted))
                .min()
        };
        let mut found: Vec<(bool, usize)> = (0..self.choices.len())
            .filter_map(|place| Some((has(&place)? > 0, place)))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, place)| place).collect()
    }
}
