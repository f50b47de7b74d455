//! What of this form is there again at the next start: all that was typed but secrets,
//! and never that a server is trusted.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::KeptClient;
use super::detect;
use super::form::{AuthChoice, Look, Slot, State};
use crate::domain::{AuthKind, ConnectorId};
use crate::protocol::EventKind;
use crate::tui::effect::Effect;
use crate::tui::mend;
use crate::tui::model::Model;
use crate::tui::place::{as_value, of_value};
use crate::tui::tab::Tab;
use crate::tui::widget::field::Field;

/// The form as a value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// The connector that is edited; `None`: a new one.
    editing: Option<ConnectorId>,
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
    /// The new form that an edit has taken the place of.
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
        if let Some(wanted) = &self.wanted {
            return Some((**wanted).clone());
        }
        let parked = self.parked.as_ref().and_then(|form| form.kept());
        // A server of the directory is opened from there again.
        if self.entry.is_some() || !self.touched {
            return parked;
        }
        let text = |field: &Field| field.text().to_owned();
        Some(Kept {
            editing: self.editing.as_ref().map(|editing| editing.id.clone()),
            program: self.program,
            name: text(&self.name),
            url: bare(self.url.text()),
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
        self.touched = true;
        self.program = kept.program;
        self.name = Field::with(&kept.name);
        self.url = Field::with(&kept.url);
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

/// What was filled in.
pub(in crate::tui) fn keep(model: &mut Model) -> Value {
    model
        .tabs
        .custom
        .kept()
        .map_or(Value::Null, |it| as_value(&it))
}

/// Takes that up again. An edit waits until its connector is known.
pub(in crate::tui) fn recall(model: &mut Model, kept: &Value) {
    let mut kept: Kept = of_value(kept);
    let mut form = State::default();
    if kept.editing.is_some() {
        if let Some(parked) = &kept.parked {
            form = form.fill_in(parked);
        }
        form.wanted = Some(Box::new(kept));
    } else {
        kept.parked = None;
        form = form.fill_in(&kept);
    }
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
    if let Some(kept) = model.tabs.custom.wanted.take() {
        let id = kept.editing.as_ref();
        if let Some(connector) = id.and_then(|id| model.mirror.connector(id)) {
            let edit = State::of(connector).fill_in(&kept);
            let before = std::mem::replace(&mut model.tabs.custom, edit);
            model.tabs.custom.parked = Some(Box::new(before));
        }
    }
    if model.tab == Tab::Custom {
        return opened(model);
    }
    vec![]
}

/// The form is looked at again: so is the server whose address stands in it.
pub(in crate::tui) fn opened(model: &mut Model) -> Vec<Effect> {
    let form = &model.tabs.custom;
    let looks = matches!(form.look, Look::Nothing) && form.touched && !form.is_edit();
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
