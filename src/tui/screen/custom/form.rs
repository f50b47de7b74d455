//! What the form holds, and which of its slots are there.

use super::client::{Client, by_hand};
use super::entry::Entry;
use super::place::Kept;
use super::reach::Reach;
pub(super) use super::slot::{Slot, SlotKind};
use crate::domain::{
    AuthKind, AuthMethod, ConnectionOptions, ConnectorId, Detection, Evidence, Fault,
    ManualRegistration, SignInOptions, Target,
};
use crate::guard::address::read_address;
use crate::protocol::ConnectorView;
use crate::tui::effect::Ticket;
use crate::tui::focus::Focus;
use crate::tui::screen::connectors::lacks_secret;
use crate::tui::widget::field::{Field, SecretField};
use crate::tui::widget::stages::Stages;

/// How the server is to be authenticated to, as chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AuthChoice {
    /// As detection finds.
    #[default]
    Detected,
    /// Like this, whatever detection finds.
    Given(AuthKind),
}

/// The choices, in their order.
pub(super) const AUTH_CHOICES: &[AuthChoice] = &[
    AuthChoice::Detected,
    AuthChoice::Given(AuthKind::None),
    AuthChoice::Given(AuthKind::Bearer),
    AuthChoice::Given(AuthKind::Basic),
    AuthChoice::Given(AuthKind::Oauth),
    AuthChoice::Given(AuthKind::Header),
];

/// How far the look at the URL is.
#[derive(Debug, Default)]
pub(super) enum Look {
    /// There is nothing to look at.
    #[default]
    Nothing,
    /// It begins when the timer of this number runs out.
    Soon(u64),
    /// It is under way.
    Looking(Ticket),
    /// It found this.
    Found(Box<Detection>),
    /// It found out that it cannot be.
    Failed(Fault),
}

/// The connector that is edited.
#[derive(Clone, Debug)]
pub(super) struct Editing {
    pub(super) id: ConnectorId,
    pub(super) name: String,
    pub(super) url: Option<String>,
    pub(super) method: AuthMethod,
    /// The vault has no secret for it that its server takes.
    pub(super) lacks_secret: bool,
    pub(super) description: String,
    pub(super) options: ConnectionOptions,
    /// The variables that a local program gets.
    pub(super) variables: Vec<String>,
    /// How it signs in by OAuth 2.1.
    pub(super) sign_in: SignInOptions,
    /// What is to be registered by hand first.
    pub(super) by_hand: Option<Box<ManualRegistration>>,
}

/// See the module above.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    /// `None`: a new one.
    pub(super) editing: Option<Editing>,
    /// The server of the directory that it is about.
    pub(super) entry: Option<Entry>,
    /// Something was typed or chosen.
    pub(super) touched: bool,
    /// A local program instead of a server.
    pub(super) program: bool,
    pub(super) name: Field,
    pub(super) url: Field,
    pub(super) command: Field,
    pub(super) description: Field,
    pub(super) auth: AuthChoice,
    pub(super) token: SecretField,
    pub(super) user: Field,
    pub(super) password: SecretField,
    pub(super) header_name: Field,
    pub(super) header_value: SecretField,
    pub(super) plain_http: bool,
    pub(super) reach: Reach,
    pub(super) client: Client,
    pub(super) trust: bool,
    /// The slot that has the keys; `None`: the first.
    slot: Option<Slot>,
    /// First line on the screen.
    pub(super) top: usize,
    pub(super) look: Look,
    /// What the present or last look saw.
    pub(super) evidence: Vec<Evidence>,
    /// Connecting was tried: what is missing is named now.
    pub(super) tried: bool,
    /// What went wrong with connecting.
    pub(super) fault: Option<Fault>,
    /// Connecting is under way.
    pub(super) connecting: Option<Ticket>,
    /// Its stages so far.
    pub(super) stages: Stages,
    /// The name, folded, that an addition was sent with: the board may keep the
    /// connector though it does not connect.
    pub(super) sent: Option<String>,
    /// Connecting has failed once: saving tries again, whatever is changed.
    pub(super) failed: bool,
    /// What is edited was added here, and has not connected yet.
    pub(super) added: bool,
    /// Where an edit was asked for.
    pub(super) origin: Option<Focus>,
    /// The new form that an edit, or a server of the directory, has taken the place
    /// of.
    pub(super) parked: Option<Box<Self>>,
    /// What lay over it the last time, the uppermost first, until the connectors and
    /// servers that it is about are known.
    pub(super) wanted: Vec<Kept>,
}

impl Editing {
    /// A connector as it is now.
    pub(super) fn of(connector: &ConnectorView) -> Self {
        let (url, variables) = match &connector.target {
            Target::Http { url, .. } => (Some(url.clone()), vec![]),
            Target::Program { env, .. } => (None, env.clone()),
        };
        Self {
            id: connector.id.clone(),
            name: connector.name.as_str().to_owned(),
            url,
            method: connector.method.clone(),
            lacks_secret: lacks_secret(connector),
            description: connector.description.clone(),
            options: connector.options.clone(),
            variables,
            sign_in: connector.sign_in_options.clone(),
            by_hand: by_hand(connector).cloned().map(Box::new),
        }
    }
}

impl State {
    /// The form filled in with a connector. Its secrets stay in the vault.
    pub(super) fn of(connector: &ConnectorView) -> Self {
        let url = match &connector.target {
            Target::Http { url, .. } => Some(url.clone()),
            Target::Program { .. } => None,
        };
        let (mut user, mut header) = ("", "");
        match &connector.method {
            AuthMethod::Basic { user: name } => user = name,
            AuthMethod::Header { names } => header = names.first().map_or("", String::as_str),
            AuthMethod::None | AuthMethod::Bearer | AuthMethod::Oauth => {}
        }
        Self {
            program: url.is_none(),
            name: Field::with(connector.name.as_str()),
            url: Field::with(url.as_deref().unwrap_or_default()),
            command: Field::with(&connector.url),
            description: Field::with(&connector.description),
            auth: AuthChoice::Given(connector.method.kind()),
            user: Field::with(user),
            header_name: Field::with(header),
            plain_http: connector.options.plain_http,
            reach: Reach::of(connector),
            client: Client::of(connector),
            evidence: connector.evidence.clone(),
            slot: Some(match by_hand(connector) {
                Some(_) => Slot::ClientId,
                None => Slot::Name,
            }),
            editing: Some(Editing::of(connector)),
            ..Self::default()
        }
    }

    /// The slot that has the keys.
    pub(super) fn here(&self) -> Slot {
        self.slot.unwrap_or(Slot::Name)
    }

    /// Gives a slot the keys.
    pub(super) fn go_to(&mut self, slot: Slot) {
        self.reach.open |= self.options().contains(&slot);
        self.client.open |= self.client_slots().contains(&slot);
        self.slot = Some(slot);
    }

    /// Goes to the next slot, or the one before.
    pub(super) fn step(&mut self, forward: bool) {
        let slots = self.slots();
        let place = slots.iter().position(|slot| *slot == self.here());
        let place = place.unwrap_or(0);
        let next = if forward {
            place.saturating_add(1)
        } else {
            place.saturating_add(slots.len()).saturating_sub(1)
        };
        self.slot = slots.get(next % slots.len().max(1)).copied();
    }

    /// What a look found holds no more: nobody waits for its end.
    pub(super) fn forget_look(&mut self) {
        if !matches!(self.look, Look::Found(_)) {
            self.look = Look::Nothing;
        }
    }

    /// Leaves a slot that is not there any more.
    pub(super) fn settle_slot(&mut self) {
        if !self.slots().contains(&self.here()) {
            self.slot = Some(Slot::Auth).filter(|slot| self.slots().contains(slot));
        }
    }

    /// Whether a connector that is there is changed.
    pub(in crate::tui) fn is_edit(&self) -> bool {
        self.editing.is_some()
    }

    /// Whether it has taken the place of a new form: an edit, or a server of the
    /// directory.
    pub(super) fn took_a_place(&self) -> bool {
        self.is_edit() || self.entry.is_some()
    }

    /// What the tab shows once an edit is over: the new form, as it was left.
    pub(super) fn after_edit(&mut self) -> Self {
        let mut form = self.parked.take().map_or_else(Self::default, |form| *form);
        if form.wanted.is_empty() {
            form.wanted = std::mem::take(&mut self.wanted);
        }
        form
    }

    /// Whether keys with a character are typed into it.
    pub(in crate::tui) fn is_typing(&self) -> bool {
        matches!(self.here().kind(), SlotKind::Text | SlotKind::Secret)
    }

    /// Whether a choice is to be made.
    pub(in crate::tui) fn is_choosing(&self) -> bool {
        self.here().kind() == SlotKind::Choice
    }

    /// The slots that are there now, from above.
    pub(super) fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::with_capacity(10);
        if self.editing.is_none() && self.entry.is_none() {
            slots.push(Slot::Kind);
        }
        slots.push(Slot::Name);
        if self.program {
            if self.editing.is_none() {
                slots.push(Slot::Command);
            }
            slots.push(Slot::Description);
        } else {
            slots.extend(self.entry_slots());
            if !self.is_url_made() {
                slots.push(Slot::Url);
            }
            if self.plain_http || self.wants_plain_http() {
                slots.push(Slot::PlainHttp);
            }
            slots.extend([Slot::Description, Slot::Auth]);
            match self.auth_in_force() {
                Some(AuthKind::Bearer) => slots.push(Slot::Token),
                Some(AuthKind::Basic) => slots.extend([Slot::User, Slot::Password]),
                Some(AuthKind::Header) => {
                    slots.extend([Slot::HeaderName, Slot::HeaderValue]);
                    slots.extend(self.more_headers());
                }
                Some(AuthKind::Oauth) => {
                    slots.push(Slot::SignIn);
                    if self.client.open {
                        slots.extend(self.client_slots());
                    }
                }
                _ => {}
            }
        }
        slots.push(Slot::Options);
        if self.reach.open {
            slots.extend(self.options());
        }
        if self.needs_trust() {
            slots.push(Slot::Trust);
        }
        slots.push(Slot::Connect);
        slots
    }

    /// How it will be authenticated, as far as that is known.
    pub(super) fn auth_in_force(&self) -> Option<AuthKind> {
        match (self.auth, &self.look) {
            (AuthChoice::Given(kind), _) => Some(kind),
            (AuthChoice::Detected, Look::Found(found)) => Some(found.auth),
            (AuthChoice::Detected, _) => None,
        }
    }

    /// Whether where it points is new, so that trust has to be said anew.
    pub(super) fn needs_trust(&self) -> bool {
        match &self.editing {
            None => true,
            Some(editing) => editing
                .url
                .as_ref()
                .is_some_and(|url| !same_address(url, self.url.text().trim())),
        }
    }

    /// Takes the next choice of a slot, or the one before.
    pub(super) fn choose(&mut self, slot: Slot, forward: bool) {
        if slot != Slot::Kind && slot != Slot::Auth {
            self.choose_of_entry(slot, forward);
            return;
        }
        if slot == Slot::Kind {
            self.program = !self.program;
            self.trust = false;
            return;
        }
        let count = AUTH_CHOICES.len();
        let place = AUTH_CHOICES.iter().position(|choice| *choice == self.auth);
        let step = if forward { 1 } else { count.saturating_sub(1) };
        let next = place.unwrap_or(0).saturating_add(step) % count.max(1);
        self.auth = AUTH_CHOICES.get(next).copied().unwrap_or_default();
    }

    /// The text of a slot.
    pub(super) fn field(&self, slot: Slot) -> Option<&Field> {
        Some(match slot {
            Slot::Name => &self.name,
            Slot::Url => &self.url,
            Slot::Command => &self.command,
            Slot::Description => &self.description,
            Slot::User => &self.user,
            Slot::HeaderName => &self.header_name,
            Slot::Variable(_) => return self.entry_field(slot),
            _ => return self.client.field(slot).or_else(|| self.reach.field(slot)),
        })
    }

    /// The text of a slot, to be typed into.
    pub(super) fn field_mut(&mut self, slot: Slot) -> Option<&mut Field> {
        Some(match slot {
            Slot::Name => &mut self.name,
            Slot::Url => &mut self.url,
            Slot::Command => &mut self.command,
            Slot::Description => &mut self.description,
            Slot::User => &mut self.user,
            Slot::HeaderName => &mut self.header_name,
            Slot::Variable(_) => return self.entry_field_mut(slot),
            _ if self.client.field(slot).is_some() => return self.client.field_mut(slot),
            _ => return self.reach.field_mut(slot),
        })
    }

    /// The secret of a slot.
    pub(super) fn secret(&self, slot: Slot) -> Option<&SecretField> {
        Some(match slot {
            Slot::Token => &self.token,
            Slot::Password => &self.password,
            Slot::HeaderValue => &self.header_value,
            Slot::ClientSecret => &self.client.secret,
            _ => return self.entry_secret(slot),
        })
    }

    /// The secret of a slot, to be typed into.
    pub(super) fn secret_mut(&mut self, slot: Slot) -> Option<&mut SecretField> {
        Some(match slot {
            Slot::Token => &mut self.token,
            Slot::Password => &mut self.password,
            Slot::HeaderValue => &mut self.header_value,
            Slot::ClientSecret => &mut self.client.secret,
            _ => return self.entry_secret_mut(slot),
        })
    }

    /// Wipes the secrets. Returns whether there was one.
    pub(super) fn wipe_secrets(&mut self) -> bool {
        let secrets = [
            &mut self.token,
            &mut self.password,
            &mut self.header_value,
            &mut self.client.secret,
        ];
        let mut any = false;
        for secret in secrets {
            any |= !secret.is_empty();
            secret.wipe();
        }
        any |= self.reach.wipe_password();
        any |= self.wipe_entry();
        any
    }
}

/// Whether a typed address is the one that is kept, however it is written.
fn same_address(kept: &str, typed: &str) -> bool {
    kept == typed || read_address(typed, true).is_ok_and(|url| url.as_str() == kept)
}
