//! What is known of the server of the directory that the form is about: its addresses,
//! the variables of the one that is meant, the headers that it takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::form::Slot;
use crate::domain::{AuthKind, DirectoryEntry, DirectoryId, EntryInput, Remote, Untrusted};
use crate::guard::address::template::{Filling, Template};
use crate::tui::widget::field::{Field, SecretField};

/// The server that the form is about.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: DirectoryId,
    pub(super) title: Untrusted,
    /// How it authenticates, as its documentation says.
    pub(super) authentication: Option<AuthKind>,
    pub(super) remotes: Vec<Remote>,
    /// Which of its addresses is meant.
    pub(super) remote: usize,
    /// The address, where it has variables.
    pub(super) template: Option<Template>,
    /// What goes in their places.
    pub(super) values: Vec<Value>,
    /// Values of the headers of the address, by place. The one whose name is in the
    /// form's own field is not used.
    pub(super) headers: Vec<SecretField>,
}

/// The same as it is kept for the next start; never a secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeptEntry {
    pub(super) id: DirectoryId,
    /// The address that was meant, as the entry has it.
    remote: String,
    /// The variables that are no secrets, by their names.
    variables: BTreeMap<String, String>,
    /// Whether anything was typed or chosen.
    pub(super) touched: bool,
}

/// What goes in the place of a variable.
#[derive(Debug)]
pub(super) enum Value {
    Text(Field),
    Secret(SecretField),
    /// One of the choices, by place; `None`: none yet.
    Chosen(Option<usize>),
}

impl Entry {
    pub(super) fn new(entry: &DirectoryEntry) -> Self {
        let mut new = Self {
            id: entry.id.clone(),
            title: entry.title.clone(),
            authentication: entry.authentication,
            remotes: entry.remotes.clone(),
            remote: 0,
            template: None,
            values: Vec::new(),
            headers: Vec::new(),
        };
        new.take(0);
        new
    }

    /// Takes one of the addresses. Values of variables that it has too stay.
    pub(super) fn take(&mut self, place: usize) {
        let names: Vec<String> = self.variables().iter().map(|it| it.name.clone()).collect();
        let values = std::mem::take(&mut self.values);
        let mut before: Vec<(String, Value)> = names.into_iter().zip(values).collect();
        self.remote = place;
        let Some(remote) = self.remotes.get(place) else {
            return;
        };
        self.template = match Template::parse(remote.url.raw()) {
            Ok(template) if !remote.variables.is_empty() => Some(template),
            _ => None,
        };
        self.values = remote
            .variables
            .iter()
            .map(|input| {
                let known = before
                    .iter()
                    .position(|(name, value)| *name == input.name && value.suits(input));
                known.map_or_else(|| Value::of(input), |at| before.swap_remove(at).1)
            })
            .collect();
        self.headers = remote
            .headers
            .iter()
            .map(|_| SecretField::default())
            .collect();
    }

    /// What is kept of it.
    pub(super) fn kept(&self, touched: bool) -> KeptEntry {
        let values = self.values.iter().zip(self.variables());
        let plain = values.filter(|(value, _)| !matches!(value, Value::Secret(_)));
        KeptEntry {
            id: self.id.clone(),
            remote: self.remote().map_or("", |it| it.url.raw()).to_owned(),
            variables: plain
                .map(|(value, input)| (input.name.clone(), value.text(input).to_string()))
                .collect(),
            touched,
        }
    }

    /// Fills in what was kept, as far as the entry still has a place for it.
    pub(super) fn fill_in(&mut self, kept: &KeptEntry) {
        let remote = self
            .remotes
            .iter()
            .position(|it| it.url.raw() == kept.remote);
        if let Some(remote) = remote {
            self.take(remote);
        }
        let inputs = self.variables().to_vec();
        for (value, input) in self.values.iter_mut().zip(inputs) {
            let Some(text) = kept.variables.get(&input.name) else {
                continue;
            };
            match value {
                Value::Text(field) => *field = Field::with(text),
                Value::Chosen(at) => *at = input.choices.iter().position(|it| it.raw() == text),
                Value::Secret(_) => {}
            }
        }
    }

    /// The address that is meant.
    pub(super) fn remote(&self) -> Option<&Remote> {
        self.remotes.get(self.remote)
    }

    /// The variables of the address.
    pub(super) fn variables(&self) -> &[EntryInput] {
        match (self.remote(), &self.template) {
            (Some(remote), Some(_)) => &remote.variables,
            _ => &[],
        }
    }

    /// How many addresses there are, and which is meant, from 1.
    pub(super) fn counted(&self) -> (usize, usize) {
        (self.remote.saturating_add(1), self.remotes.len())
    }

    /// How messages travel to the address that is meant.
    pub(super) fn transport(&self) -> &'static str {
        self.remote().map_or("", |remote| remote.transport.word())
    }

    /// What the entry says of the variable of a slot.
    pub(super) fn variable(&self, slot: Slot) -> Option<&EntryInput> {
        self.variables().get(variable_place(slot)?)
    }

    /// The choice that is made in a slot, and which of how many that is, from 1.
    pub(super) fn chosen(&self, slot: Slot) -> Option<(Option<&Untrusted>, usize, usize)> {
        let Slot::ChosenVariable(place) = slot else {
            return None;
        };
        let place = usize::from(place);
        let choices = &self.variables().get(place)?.choices;
        let Value::Chosen(at) = self.values.get(place)? else {
            return None;
        };
        let number = at.map_or(0, |at| at.saturating_add(1));
        Some((at.and_then(|at| choices.get(at)), number, choices.len()))
    }

    /// What the entry says of the header of a slot.
    pub(super) fn header(&self, slot: Slot) -> Option<&EntryInput> {
        match slot {
            Slot::MoreHeader(place) => self.remote()?.headers.get(usize::from(place)),
            _ => None,
        }
    }

    /// What the entry says of a header, by its name.
    pub(super) fn header_named(&self, name: &str) -> Option<&EntryInput> {
        let mut headers = self.remote()?.headers.iter();
        headers.find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// The address with what is there filled in; a secret as dots, or as it is.
    pub(super) fn filled(&self, hide: bool) -> String {
        let Some(template) = &self.template else {
            let url = self.remote().map_or("", |remote| remote.url.raw());
            return url.to_owned();
        };
        let texts: Vec<Zeroizing<String>> = self
            .values
            .iter()
            .zip(self.variables())
            .map(|(value, input)| value.text(input))
            .collect();
        template.fill(|name| {
            let place = self.variables().iter().position(|it| it.name == name);
            let known = place.and_then(|at| Some((self.variables().get(at)?, texts.get(at)?)));
            match known {
                Some((input, text)) if text.is_empty() && input.required => Filling::Nothing,
                Some((input, text)) if hide && input.secret && !text.is_empty() => Filling::Hidden,
                Some((_, text)) => Filling::Value(text),
                None => Filling::Nothing,
            }
        })
    }

    /// What is wrong with the variable of a slot; `None`: nothing.
    pub(super) fn wrong(&self, place: usize) -> Option<String> {
        let (input, value) = (self.variables().get(place)?, self.values.get(place)?);
        let text = value.text(input);
        if text.is_empty() {
            return input.required.then(|| "the address needs it".to_owned());
        }
        let why = input.wrong(&text);
        let why = why.or_else(|| self.template.as_ref()?.wrong(&input.name, &text));
        why.map(|why| format!("it {why}"))
    }

    /// Whether every variable has what it needs.
    pub(super) fn is_whole(&self) -> bool {
        (0..self.values.len()).all(|place| self.wrong(place).is_none())
    }
}

impl Value {
    /// What a variable is unless somebody says otherwise.
    fn of(input: &EntryInput) -> Self {
        let default = input.default.as_ref().map_or("", Untrusted::raw);
        if input.secret {
            return Self::Secret(SecretField::default());
        }
        if input.choices.is_empty() {
            return Self::Text(Field::with(default));
        }
        Self::Chosen(input.choices.iter().position(|it| it.raw() == default))
    }

    /// Whether it can be that of another variable of the same name.
    fn suits(&self, input: &EntryInput) -> bool {
        match self {
            Self::Text(_) => !input.secret && input.choices.is_empty(),
            Self::Secret(_) => input.secret,
            Self::Chosen(_) => false,
        }
    }

    pub(super) fn text(&self, input: &EntryInput) -> Zeroizing<String> {
        let text = match self {
            Self::Text(field) => field.text().trim().to_owned(),
            Self::Secret(field) => field.secret().expose().to_owned(),
            Self::Chosen(at) => at
                .and_then(|at| input.choices.get(at))
                .map_or_else(String::new, |choice| choice.raw().to_owned()),
        };
        Zeroizing::new(text)
    }
}

/// The place of the variable that a slot stands for.
pub(super) fn variable_place(slot: Slot) -> Option<usize> {
    match slot {
        Slot::Variable(place) | Slot::SecretVariable(place) | Slot::ChosenVariable(place) => {
            Some(usize::from(place))
        }
        _ => None,
    }
}
