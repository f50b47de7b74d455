//! What of this form is there again at the next start: all that was typed but secrets,
//! and never that a server is trusted.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::KeptClient;
use super::detect;
use super::entry::KeptEntry;
use super::form::{AuthChoice, Look, Slot, State};
use crate::domain::{AuthKind, ConnectorId, ConnectorName};
use crate::protocol::EventKind;
use crate::tui::effect::Effect;
use crate::tui::mend;
use crate::tui::model::Model;
use crate::tui::place::{as_value, of_value};
use crate::tui::screen::directory;
use crate::tui::tab::Tab;
use crate::tui::widget::field::Field;

/// The form as a value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// The connector that is edited; `None`: a new one.
    editing: Option<ConnectorId>,
    /// The server of the directory that it is about.
    entry: Option<KeptEntry>,
    program: bool,
    name: String,
    url: String,
    command: String,
    description: String,
    /// `None`: as detection finds.
    auth: Option<AuthKind>,
    user: String,
    header_name: String,
    plain_http: bool,
    authorities: String,
    proxy: String,
    time_out: String,
    variables: String,
    client: Option<KeptClient>,
    slot: Slot,
    /// The form that it has taken the place of.
    parked: Option<Box<Self>>,
}

/// An address without what may be a secret in it: who signs in, and the query.
fn bare(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let bare = address.get(..end).unwrap_or_default();
    let Some((scheme, rest)) = bare.split_once("://") else {
        return bare.to_owned();
    };
    let host = rest.split('/').next().unwrap_or_default();
    match host.rsplit_once('@') {
        Some((secret, _)) => {
            let rest = rest.get(secret.len()..).unwrap_or_default();
            format!("{scheme}://{}", rest.trim_start_matches('@'))
        }
        None => bare.to_owned(),
    }
}

impl State {
    fn kept(&self) -> Option<Kept> {
        let lowest = self.kept_of_it();
        let wanted = self.wanted.iter().rev().cloned();
        wanted.fold(lowest, |below, kept| {
            let parked = below.map(Box::new);
            Some(Kept { parked, ..kept })
        })
    }

    /// What is kept of what is filled in here, and of what it has taken the place of.
    fn kept_of_it(&self) -> Option<Kept> {
        let parked = self.parked.as_ref().and_then(|form| form.kept());
        if !self.touched && self.entry.is_none() {
            return parked;
        }
        let text = |field: &Field| field.text().to_owned();
        Some(Kept {
            editing: self.editing.as_ref().map(|editing| editing.id.clone()),
            entry: self.entry.as_ref().map(|it| it.kept(self.touched)),
            program: self.program,
            name: text(&self.name),
            url: if self.is_url_made() {
                // It is made again from what is kept of the entry.
                String::new()
            } else {
                bare(self.url.text())
            },
            command: text(&self.command),
            description: text(&self.description),
            auth: match self.auth {
                AuthChoice::Detected => None,
                AuthChoice::Given(kind) => Some(kind),
            },
            user: text(&self.user),
            header_name: text(&self.header_name),
            plain_http: self.plain_http,
            authorities: text(&self.reach.authorities),
            proxy: bare(self.reach.proxy.text()),
            time_out: text(&self.reach.time_out),
            // Names have no `=`; what was put behind one may be a secret.
            variables: {
                let names = self.reach.names().into_iter();
                let names: Vec<String> = names.filter(|name| !name.contains('=')).collect();
                names.join(" ")
            },
            client: Some(self.client.kept()),
            slot: self.here(),
            parked: parked.map(Box::new),
        })
    }

    /// Fills in what was kept, over what is there.
    fn fill_in(mut self, kept: &Kept) -> Self {
        self.touched = kept.entry.as_ref().is_none_or(|it| it.touched);
        self.program = kept.program;
        self.name = Field::with(&kept.name);
        self.fill_in_address(kept);
        self.command = Field::with(&kept.command);
        self.description = Field::with(&kept.description);
        self.auth = kept.auth.map_or(AuthChoice::Detected, AuthChoice::Given);
        self.user = Field::with(&kept.user);
        self.header_name = Field::with(&kept.header_name);
        self.plain_http = kept.plain_http;
        self.reach.authorities = Field::with(&kept.authorities);
        self.reach.proxy = Field::with(&kept.proxy);
        self.reach.time_out = Field::with(&kept.time_out);
        self.reach.variables = Field::with(&kept.variables);
        if let Some(client) = &kept.client {
            self.client.fill_in(client);
        }
        self.go_to(kept.slot);
        self.settle_slot();
        self
    }
}

impl State {
    /// The address, and what of a server of the directory it is made from.
    fn fill_in_address(&mut self, kept: &Kept) {
        if let (Some(entry), Some(known)) = (&mut self.entry, &kept.entry) {
            entry.fill_in(known);
            self.rewrite_url();
            // The entry's own, which may have a query, unless another one was typed.
            if self.is_url_made() || bare(self.url.text()) == kept.url {
                return;
            }
        }
        self.url = Field::with(&kept.url);
    }

    /// It takes the place of another form.
    fn over(mut self, below: Self) -> Self {
        if below.touched || below.parked.is_some() || below.took_a_place() {
            self.parked = Some(Box::new(below));
        }
        self
    }
}

impl Kept {
    /// Whether it is about nothing that has to be known first.
    fn is_new(&self) -> bool {
        self.editing.is_none() && self.entry.is_none()
    }

    /// It, and what it had taken the place of, from above.
    fn apart(self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut next = Some(self);
        while let Some(mut kept) = next {
            next = kept.parked.take().map(|parked| *parked);
            all.push(kept);
        }
        all
    }

    /// The form that it is to be filled into; `None`: what it is about is not there
    /// any more.
    fn form(&self, model: &Model) -> Option<State> {
        if let Some(id) = &self.editing {
            return model.mirror.connector(id).map(State::of);
        }
        let Some(kept) = &self.entry else {
            return Some(State::default());
        };
        let entry = directory::entry(model, &kept.id)?;
        let name = ConnectorName::proposed(entry.title.raw(), |_| false);
        Some(State::filled(entry, &name))
    }
}

/// What was filled in.
pub(in crate::tui) fn keep(model: &mut Model) -> Value {
    model
        .tabs
        .custom
        .kept()
        .map_or(Value::Null, |it| as_value(&it))
}

/// Takes that up again. What is about a connector or about a server of the directory
/// waits until those are known.
pub(in crate::tui) fn recall(model: &mut Model, kept: &Value) {
    let mut wanted = of_value::<Kept>(kept).apart();
    let mut form = State::default();
    while let Some(kept) = wanted.pop_if(|kept| kept.is_new()) {
        form = State::default().fill_in(&kept).over(form);
    }
    form.wanted = wanted;
    model.tabs.custom = form;
}

/// The board is there: the connector that was edited is, or is gone.
pub(in crate::tui) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    if !matches!(event, EventKind::Snapshot(_)) {
        return vec![];
    }
    // It was of no board's answering.
    let fault = &mut model.tabs.custom.fault;
    fault.take_if(|fault| mend::is_for_the_board(fault));
    taken_up(model)
}

/// The list of the directory came: the server that the form was about is in it, or is
/// not.
pub(in crate::tui) fn listed(model: &mut Model) -> Vec<Effect> {
    if model.tabs.custom.wanted.is_empty() {
        return vec![];
    }
    taken_up(model)
}

fn taken_up(model: &mut Model) -> Vec<Effect> {
    let mut effects = take_up(model);
    if model.tab == Tab::Custom {
        effects.extend(look_again(model));
    }
    effects
}

/// Takes up what has waited, if all that it is about is known.
fn take_up(model: &mut Model) -> Vec<Effect> {
    let wanted = &model.tabs.custom.wanted;
    if wanted.is_empty() || !model.mirror.is_up() {
        return vec![];
    }
    if wanted.iter().any(|it| it.entry.is_some()) && !directory::is_here(model) {
        return directory::opened(model);
    }
    let mut effects = Vec::new();
    let mut wanted = std::mem::take(&mut model.tabs.custom.wanted);
    while let Some(kept) = wanted.pop() {
        let form = match (kept.form(model), &kept.entry) {
            (Some(form), _) => form,
            // What was typed is not lost with the entry.
            (None, Some(entry)) if entry.touched => {
                let text = "that server is not in the directory any more; what you typed about it is in the form";
                effects.push(model.say(text));
                State::default()
            }
            (None, _) => continue,
        };
        let below = std::mem::take(&mut model.tabs.custom);
        model.tabs.custom = form.fill_in(&kept).over(below);
    }
    effects
}

/// The tab is opened.
pub(in crate::tui) fn opened(model: &mut Model) -> Vec<Effect> {
    let mut effects = take_up(model);
    effects.extend(look_again(model));
    effects
}

/// The form is looked at again: so is the server whose address stands in it.
fn look_again(model: &mut Model) -> Vec<Effect> {
    let form = &model.tabs.custom;
    let has_address = form.touched || form.entry.is_some();
    let looks = matches!(form.look, Look::Nothing) && has_address && !form.is_edit();
    if !looks || form.connecting.is_some() || form.fault.is_some() || !model.mirror.is_up() {
        return vec![];
    }
    detect::url_changed(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_its_secrets() {
        for (typed, kept) in [
            ("https://a.example/mcp", "https://a.example/mcp"),
            ("https://a.example/mcp?token=s", "https://a.example/mcp"),
            ("https://me:s@a.example/x@y#s", "https://a.example/x@y"),
            ("http://u@p@proxy:80", "http://proxy:80"),
            ("a.example", "a.example"),
            ("", ""),
        ] {
            assert_eq!(bare(typed), kept, "{typed}");
        }
    }
}
