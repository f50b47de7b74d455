//! Where secrets are kept: chosen once, and opened where that takes a passphrase.

use super::{Kind, Prompt, close, open};
use crate::domain::{ConnectorId, Fault, FaultKind, VaultKind, VaultState};
use crate::protocol::{ChooseVault, ProbeKeyring, Unlock};
use crate::tui::action::Action;
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::mend;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::{connectors, custom};
use crate::tui::widget::field::{SecretField, Typed};

/// The places, the best first.
pub(super) const PLACES: &[(VaultKind, &str, &str)] = &[
    (
        VaultKind::Keyring,
        "system keyring",
        "The key store of this machine's desktop. It is tried now, and taken only if it keeps a test entry and gives it back.",
    ),
    (
        VaultKind::Passphrase,
        "passphrase",
        "The key is made from words of yours. You type them once each time the board starts; whoever forgets them loses the secrets.",
    ),
    (
        VaultKind::File,
        "key file",
        "! The key lies in a file beside the vault, readable by you alone. It opens by itself, and whoever can read your files can read the secrets too.",
    ),
    (
        VaultKind::Memory,
        "memory only",
        "Secrets are written nowhere. They are gone when the board ends, and you type them again.",
    ),
];

/// The rows of the list; the keyring is the last where it failed its test.
pub(super) fn places(model: &Model) -> Vec<&'static (VaultKind, &'static str, &'static str)> {
    let mut places: Vec<_> = PLACES.iter().collect();
    if model.dock.no_keyring.is_some() {
        places.rotate_left(1);
    }
    places
}

/// What follows when the vault is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Then {
    /// Nothing.
    Nothing,
    /// The form connects.
    Connect,
    /// Somebody signs in to this connector's server, by a device code if so said.
    SignIn(ConnectorId, bool),
}

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) stage: Stage,
    /// What went wrong with the last answer.
    pub(super) fault: Option<Fault>,
    /// Whether an answer is under way.
    pub(super) waiting: bool,
    then: Then,
}

/// How far the asking is.
#[derive(Debug)]
pub(super) enum Stage {
    /// Which place; the row of the list.
    Place(usize),
    /// A new passphrase, twice.
    New {
        first: SecretField,
        second: SecretField,
        on_second: bool,
    },
    /// The passphrase of the vault there is.
    Unlock(SecretField),
}

impl Question {
    /// Where the keys go.
    pub(super) fn focus(&self) -> Focus {
        match self.stage {
            Stage::Place(_) => Focus::DockVault,
            Stage::New { .. } | Stage::Unlock(_) => Focus::DockPassphrase,
        }
    }

    fn field(&mut self) -> Option<&mut SecretField> {
        match &mut self.stage {
            Stage::Place(_) => None,
            Stage::New {
                second,
                on_second: true,
                ..
            } => Some(second),
            Stage::New { first, .. } => Some(first),
            Stage::Unlock(field) => Some(field),
        }
    }

    /// Takes a key that types. Returns whether it did.
    pub(super) fn key(&mut self, key: Key) -> bool {
        self.field()
            .is_some_and(|field| field.key(key) != Typed::NotMine)
    }

    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(field) = self.field()
            && let Some(why) = field.paste(text)
        {
            self.fault = Some(Fault::user(why));
        }
    }
}

/// Asks where secrets are to be kept, or for the passphrase, whichever stands in
/// the way. Returns `None` where nothing does.
pub(in crate::tui) fn ask_vault(model: &mut Model, then: Then) -> Option<Vec<Effect>> {
    let vault = model.mirror.vault.as_ref()?;
    let stage = match (vault.kind, vault.locked) {
        (None, _) => {
            let wish = model.dock.vault_wish;
            let row = places(model)
                .iter()
                .position(|(kind, ..)| Some(*kind) == wish);
            show(model, Stage::Place(row.unwrap_or(0)), then, false);
            // The settings have said it already.
            return Some(wish.map_or_else(Vec::new, |kind| choose(model, kind)));
        }
        (Some(VaultKind::Passphrase), true) => Stage::Unlock(SecretField::default()),
        (Some(_), true) => {
            let ask = Ask::Unlock(Unlock::default());
            show(model, Stage::Unlock(SecretField::default()), then, true);
            return Some(vec![model.ask(Purpose::Vault, ask)]);
        }
        (Some(_), false) => return None,
    };
    show(model, stage, then, false);
    Some(vec![])
}

/// Asks for the passphrase of a vault that is locked.
pub(in crate::tui) fn ask_unlock(model: &mut Model) -> Vec<Effect> {
    match ask_vault(model, Then::Nothing) {
        Some(effects) => effects,
        None => vec![model.say("the vault is open")],
    }
}

fn show(model: &mut Model, stage: Stage, then: Then, waiting: bool) {
    let question = Question {
        stage,
        fault: None,
        waiting,
        then,
    };
    open(model, Kind::Vault(question));
}

fn question(model: &mut Model) -> Option<&mut Question> {
    match model.dock.prompts.front_mut() {
        Some(Prompt {
            kind: Kind::Vault(question),
            ..
        }) => Some(question),
        _ => None,
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(question) = question(model) else {
        return vec![];
    };
    if question.waiting {
        return vec![];
    }
    let last = PLACES.len().saturating_sub(1);
    match (&mut question.stage, action) {
        (Stage::Place(row), Action::PlaceUp) => *row = row.saturating_sub(1),
        (Stage::Place(row), Action::PlaceDown) => *row = row.saturating_add(1).min(last),
        (Stage::Place(row), Action::ChoosePlace) => {
            let row = *row;
            let place = places(model).get(row).map(|place| place.0);
            return choose(model, place.unwrap_or(VaultKind::Passphrase));
        }
        (Stage::New { .. } | Stage::Unlock(_), Action::PassphraseNext) => {
            return passphrase(model);
        }
        _ => {}
    }
    vec![]
}

fn choose(model: &mut Model, kind: VaultKind) -> Vec<Effect> {
    let Some(question) = question(model) else {
        return vec![];
    };
    question.fault = None;
    let ask = match kind {
        VaultKind::Passphrase => {
            question.stage = Stage::New {
                first: SecretField::default(),
                second: SecretField::default(),
                on_second: false,
            };
            return vec![];
        }
        VaultKind::Keyring => Ask::ProbeKeyring(ProbeKeyring {}),
        VaultKind::File | VaultKind::Memory => Ask::ChooseVault(ChooseVault {
            kind,
            passphrase: None,
        }),
    };
    question.waiting = true;
    vec![model.ask(Purpose::Vault, ask)]
}

fn passphrase(model: &mut Model) -> Vec<Effect> {
    let Some(question) = question(model) else {
        return vec![];
    };
    let ask = match &mut question.stage {
        Stage::New {
            first, on_second, ..
        } if !*on_second => {
            if first.is_empty() {
                question.fault = Some(Fault::user("the passphrase is empty"));
            } else {
                question.fault = None;
                *on_second = true;
            }
            return vec![];
        }
        Stage::New {
            first,
            second,
            on_second,
        } => {
            if !first.same(second) {
                first.wipe();
                second.wipe();
                *on_second = false;
                question.fault = Some(Fault::user("the two were not the same; type it again"));
                return vec![];
            }
            Ask::ChooseVault(ChooseVault {
                kind: VaultKind::Passphrase,
                passphrase: Some(first.secret().into()),
            })
        }
        Stage::Unlock(field) => Ask::Unlock(Unlock {
            passphrase: Some(field.secret().into()),
        }),
        Stage::Place(_) => return vec![],
    };
    question.waiting = true;
    question.fault = None;
    vec![model.ask(Purpose::Vault, ask)]
}

/// Esc: one stage back, or not now.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    let passphrase_row = usize::from(model.dock.no_keyring.is_none());
    if let Some(question) = question(model)
        && matches!(question.stage, Stage::New { .. })
        && !question.waiting
    {
        question.stage = Stage::Place(passphrase_row);
        question.fault = None;
        return vec![];
    }
    close(model);
    vec![]
}

/// The board answered about the vault.
pub(in crate::tui) fn vault_answered(
    model: &mut Model,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    let state: VaultState = match result {
        Ok(Answer::Vault(state)) => state,
        Ok(_) => return vec![],
        Err(fault) => {
            let Some(question) = question(model) else {
                return vec![model.complain(&fault)];
            };
            question.waiting = false;
            // The board never saw it: it stays as it was typed.
            if fault.kind == FaultKind::Network {
                question.fault = Some(fault);
                return vec![];
            }
            let mut fault = fault;
            // What opens the vault is this very question.
            if mend::is_for_the_vault(&fault) {
                fault.hints.clear();
            }
            question.fault = Some(fault);
            if let Some(field) = question.field() {
                field.wipe();
            }
            if let Stage::New {
                first, on_second, ..
            } = &mut question.stage
            {
                first.wipe();
                *on_second = false;
            }
            return vec![];
        }
    };
    let open = state.kind.is_some() && !state.locked;
    let why = state.why.clone();
    model.mirror.vault = Some(state);
    let Some(question) = question(model) else {
        return vec![];
    };
    question.waiting = false;
    if !open {
        // The keyring did not pass its test: the next best place is offered.
        let tested = why.clone();
        question.fault = Some(Fault::config(why));
        if let Stage::Place(row) = &mut question.stage {
            *row = 0;
            model.dock.no_keyring = Some(tested);
        }
        return vec![];
    }
    let then = question.then.clone();
    close(model);
    match then {
        Then::Nothing => vec![model.say("the vault is open")],
        Then::Connect => custom::connect(model),
        Then::SignIn(id, by_device) => connectors::sign_in(model, &id, by_device),
    }
}
