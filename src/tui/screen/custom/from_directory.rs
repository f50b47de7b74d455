//! The form filled in with a server of the directory: what it brings, and what gives
//! way to it and comes back.

use super::detect;
use super::entry::{Entry, Value, variable_place};
use super::form::{AuthChoice, Slot, State};
use crate::domain::{ConnectorName, DirectoryEntry, EntryInput};
use crate::guard::address::read_address;
use crate::guard::sanitise;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::tab::Tab;
use crate::tui::widget::field::{Field, SecretField};

/// Longest description that is taken over, in characters.
const DESCRIPTION_LIMIT: usize = 200;

/// Opens the form filled in with a server of the directory. What was typed into the
/// form before comes back when this one is over.
pub(in crate::tui) fn begin_with(model: &mut Model, entry: &DirectoryEntry) -> Vec<Effect> {
    let form = &model.tabs.custom;
    if form.connecting.is_some() {
        let text = model.words("the form is connecting; {cancel} in {tab-custom} stops that");
        return vec![model.say(text)];
    }
    let origin = model.focus;
    let same = form.entry.as_ref().is_some_and(|it| it.id == entry.id);
    if !same || form.is_edit() {
        let mut effects: Vec<Effect> = detect::stop(model).into_iter().collect();
        let taken = |name: &str| {
            let mut connectors = model.mirror.connectors.iter();
            connectors.any(|it| it.name.folded() == name)
        };
        let name = ConnectorName::proposed(entry.title.raw(), taken);
        let before = std::mem::replace(&mut model.tabs.custom, State::filled(entry, &name));
        model.tabs.custom.parked = before.into_parked();
        model.tabs.custom.origin = Some(origin);
        open(model);
        effects.extend(detect::url_changed(model));
        return effects;
    }
    open(model);
    vec![]
}

fn open(model: &mut Model) {
    model.open_tab(Tab::Custom);
    model.focus = Focus::Form;
}

impl State {
    /// The form filled in with a server of the directory.
    pub(super) fn filled(entry: &DirectoryEntry, name: &ConnectorName) -> Self {
        let needed = entry
            .remotes
            .first()
            .and_then(|remote| entry.secret_needed(remote));
        let mut form = Self::default();
        form.name = Field::with(name.as_str());
        form.description = Field::with(&sanitise::line(&entry.description, DESCRIPTION_LIMIT));
        form.auth = needed.map_or(AuthChoice::Detected, AuthChoice::Given);
        form.entry = Some(Entry::new(entry));
        form.rewrite_url();
        form.propose_header();
        let first = form.entry_slots().into_iter().find(|slot| {
            let place = variable_place(*slot);
            place.is_some_and(|place| {
                form.entry
                    .as_ref()
                    .is_some_and(|it| it.wrong(place).is_some())
            })
        });
        form.go_to(first.unwrap_or(Slot::Name));
        form
    }

    /// The slots that a server of the directory brings, from above.
    pub(super) fn entry_slots(&self) -> Vec<Slot> {
        let Some(entry) = &self.entry else {
            return vec![];
        };
        let mut slots = Vec::new();
        if entry.remotes.len() > 1 {
            slots.push(Slot::Remote);
        }
        for (place, value) in entry.values.iter().enumerate() {
            let Ok(place) = u8::try_from(place) else {
                break;
            };
            slots.push(match value {
                Value::Text(_) => Slot::Variable(place),
                Value::Secret(_) => Slot::SecretVariable(place),
                Value::Chosen(_) => Slot::ChosenVariable(place),
            });
        }
        slots
    }

    /// Whether the address is made from variables, and not typed.
    pub(super) fn is_url_made(&self) -> bool {
        self.entry.as_ref().is_some_and(|it| it.template.is_some())
    }

    /// Whether a slot is that of the last variable of the address.
    pub(super) fn is_last_variable(&self, slot: Slot) -> bool {
        let count = self.entry.as_ref().map_or(0, |it| it.values.len());
        variable_place(slot).is_some_and(|place| place.saturating_add(1) == count)
    }

    /// Whether there is an address to look at.
    pub(super) fn is_url_whole(&self) -> bool {
        self.entry.as_ref().is_none_or(Entry::is_whole)
    }

    /// The address to send: secrets, which are not seen in the field, are in it.
    pub(super) fn address(&self) -> String {
        match &self.entry {
            Some(entry) if entry.template.is_some() => entry.filled(false),
            _ => self.url.text().trim().to_owned(),
        }
    }

    /// What is wrong with a variable of the address, or with what they make.
    pub(super) fn variable_wrong(&self, slot: Slot) -> Option<String> {
        let entry = self.entry.as_ref()?;
        let place = variable_place(slot)?;
        let value = entry.values.get(place)?;
        if let Some(why) = entry.wrong(place) {
            let empty = entry
                .variables()
                .get(place)
                .is_some_and(|it| value.text(it).is_empty());
            return (self.tried || !empty).then_some(why);
        }
        if !self.is_last_variable(slot) || !entry.is_whole() {
            return None;
        }
        read_address(self.url.text(), self.plain_http)
            .err()
            .map(|fault| fault.message)
    }

    /// Another address or another value of a variable: the URL is another.
    pub(super) fn rewrite_url(&mut self) {
        if let Some(entry) = &self.entry {
            self.url = Field::with(&entry.filled(true));
        }
    }

    /// Takes the next of a slot's choices, or the one before.
    pub(super) fn choose_of_entry(&mut self, slot: Slot, forward: bool) {
        let Some(entry) = &mut self.entry else {
            return;
        };
        let step = |now: usize, count: usize| {
            let step = if forward { 1 } else { count.saturating_sub(1) };
            now.saturating_add(step) % count.max(1)
        };
        match slot {
            Slot::Remote => {
                let next = step(entry.remote, entry.remotes.len());
                entry.take(next);
                self.propose_header();
            }
            Slot::ChosenVariable(place) => {
                let place = usize::from(place);
                let count = entry
                    .variables()
                    .get(place)
                    .map_or(0, |it| it.choices.len());
                if let Some(Value::Chosen(at)) = entry.values.get_mut(place) {
                    *at = Some(match *at {
                        Some(at) => step(at, count),
                        None if forward => 0,
                        None => count.saturating_sub(1),
                    });
                }
            }
            _ => return,
        }
        self.rewrite_url();
    }

    /// The headers that the address takes.
    fn headers(&self) -> &[EntryInput] {
        let remote = self.entry.as_ref().and_then(Entry::remote);
        remote.map_or(&[], |remote| &remote.headers)
    }

    /// The header that the server wants most has its name in the form.
    fn propose_header(&mut self) {
        let headers = self.headers();
        let needed = headers.iter().find(|it| it.secret && it.required);
        let first = needed.or_else(|| headers.iter().find(|it| it.secret));
        if let Some(header) = first {
            self.header_name = Field::with(&header.name);
        }
    }

    /// The slots of further headers that the address takes.
    pub(super) fn more_headers(&self) -> Vec<Slot> {
        let headers = self.headers();
        let own = self.header_name.text().trim();
        let others = headers.iter().enumerate();
        others
            .filter(|(_, it)| !it.name.eq_ignore_ascii_case(own))
            .filter_map(|(place, _)| Some(Slot::MoreHeader(u8::try_from(place).ok()?)))
            .collect()
    }

    /// Those of them that have a value, by their names.
    pub(super) fn further_headers(&self) -> Vec<(&str, &SecretField)> {
        let Some(entry) = &self.entry else {
            return vec![];
        };
        let slots = self.more_headers();
        let of = |slot: &Slot| Some((entry.header(*slot)?.name.as_str(), self.secret(*slot)?));
        slots
            .iter()
            .filter_map(of)
            .filter(|(_, field)| !field.is_empty())
            .collect()
    }

    /// The text of a variable's slot.
    pub(super) fn entry_field(&self, slot: Slot) -> Option<&Field> {
        match self.entry.as_ref()?.values.get(variable_place(slot)?)? {
            Value::Text(field) => Some(field),
            _ => None,
        }
    }

    /// The same, to be typed into.
    pub(super) fn entry_field_mut(&mut self, slot: Slot) -> Option<&mut Field> {
        match self.entry.as_mut()?.values.get_mut(variable_place(slot)?)? {
            Value::Text(field) => Some(field),
            _ => None,
        }
    }

    /// The secret of a variable's or header's slot.
    pub(super) fn entry_secret(&self, slot: Slot) -> Option<&SecretField> {
        let entry = self.entry.as_ref()?;
        if let Slot::MoreHeader(place) = slot {
            return entry.headers.get(usize::from(place));
        }
        match entry.values.get(variable_place(slot)?)? {
            Value::Secret(field) => Some(field),
            _ => None,
        }
    }

    /// The same, to be typed into.
    pub(super) fn entry_secret_mut(&mut self, slot: Slot) -> Option<&mut SecretField> {
        let entry = self.entry.as_mut()?;
        if let Slot::MoreHeader(place) = slot {
            return entry.headers.get_mut(usize::from(place));
        }
        match entry.values.get_mut(variable_place(slot)?)? {
            Value::Secret(field) => Some(field),
            _ => None,
        }
    }

    /// Wipes the secrets of variables and headers. Returns whether there was one.
    pub(super) fn wipe_entry(&mut self) -> bool {
        let Some(entry) = &mut self.entry else {
            return false;
        };
        let values = entry.values.iter_mut().filter_map(|value| match value {
            Value::Secret(field) => Some(field),
            Value::Text(_) | Value::Chosen(_) => None,
        });
        let mut any = false;
        for field in values.chain(&mut entry.headers) {
            any |= !field.is_empty();
            field.wipe();
        }
        if any && self.is_url_made() {
            self.rewrite_url();
        }
        any
    }

    /// What of a form that gives way to another is to come back.
    fn into_parked(mut self) -> Option<Box<Self>> {
        let gives_way = self.is_edit() || (self.entry.is_some() && !self.touched);
        if gives_way {
            return self.parked;
        }
        self.forget_look();
        Some(Box::new(self))
    }

    /// Whether it stands for a server of the directory that nobody has typed
    /// anything about.
    pub(super) fn is_untouched_entry(&self) -> bool {
        self.entry.is_some() && !self.touched && !self.is_edit()
    }
}
