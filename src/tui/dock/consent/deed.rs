//! What the keys of the box do.

use super::{Consenting, Shown, find, here};
use crate::domain::{ConnectorId, ConsentId, Fault, FaultKind, Secret};
use crate::protocol::PasteLogin;
use crate::tui::action::Action;
use crate::tui::clipboard;
use crate::tui::dock::{Kind, close, logout};
use crate::tui::effect::{Answer, Ask, Effect, Ticket};
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors;

/// What was asked for about a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum SignInWish {
    /// To take what the browser ended at.
    Paste(ConsentId),
    /// To end the sign-in of the connector of this name.
    Stop(String),
    /// To give the connector of this name no more than it has.
    NoMore(String),
    /// To sign out of a connector's server, of this name.
    Logout(ConnectorId, String),
    /// To open the address.
    Browse,
}

/// Whether an action is one of the box.
pub(in crate::tui::dock) fn is_of_the_box(action: Action) -> bool {
    matches!(
        action,
        Action::OpenAddress
            | Action::CopyAddress
            | Action::CopyTunnel
            | Action::QrCode
            | Action::PasteAnswer
            | Action::LeavePaste
            | Action::HandIn
            | Action::PutAway
            | Action::StopSignIn
            | Action::SignInAgain
            | Action::SeeReport
    )
}

/// Does what a key stands for in the box.
pub(in crate::tui::dock) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::OpenAddress => browse(model),
        Action::CopyAddress => copy_address(model),
        Action::CopyTunnel => copy_tunnel(model),
        Action::QrCode => {
            code(model);
            vec![]
        }
        Action::PasteAnswer => {
            type_into(model, true);
            vec![]
        }
        Action::LeavePaste => {
            type_into(model, false);
            vec![]
        }
        Action::HandIn => hand_in(model),
        Action::PutAway => back(model),
        Action::StopSignIn => stop(model),
        Action::SignInAgain => again(model),
        Action::SeeReport => see(model),
        _ => vec![],
    }
}

/// Esc: the QR code goes, or the box waits elsewhere. What is over goes for good.
fn back(model: &mut Model) -> Vec<Effect> {
    let Some(one) = here(model) else {
        return vec![];
    };
    if one.code.take().is_some() {
        return vec![];
    }
    if one.waits() {
        model.focus_tab();
    } else {
        close(model);
    }
    vec![]
}

fn type_into(model: &mut Model, typing: bool) {
    if let Some(one) = here(model).filter(|one| one.has_line()) {
        one.typing = typing;
        one.code = None;
    }
}

impl Consenting {
    /// The address that can be opened anywhere: the usual one, or else the one for
    /// another device, with its code.
    fn address(&self) -> Option<&str> {
        let consent = &self.view.consent;
        consent.url.as_deref().or_else(|| self.of_device())
    }

    fn of_device(&self) -> Option<&str> {
        let device = self.view.consent.device.as_ref()?;
        Some(device.url_with_code.as_deref().unwrap_or(&device.url))
    }

    /// What is shown as a QR code, where something is.
    pub(super) fn in_code(&self) -> Option<&str> {
        match self.code? {
            Shown::Address => self.view.consent.url.as_deref(),
            Shown::Device => self.of_device(),
        }
    }

    /// Whether that is the address for another device.
    pub(super) fn is_code_of_device(&self) -> bool {
        self.code == Some(Shown::Device)
    }

    /// Whether both can be shown.
    pub(super) fn has_both(&self) -> bool {
        self.view.consent.url.is_some() && self.of_device().is_some()
    }
}

fn browse(model: &mut Model) -> Vec<Effect> {
    let Some(url) = here(model).and_then(|one| one.address().map(str::to_owned)) else {
        return vec![];
    };
    if model.is_under_way(|it| *it == Purpose::SignIn(SignInWish::Browse)) {
        return vec![];
    }
    let ticket = Ticket(model.number());
    let purpose = Purpose::SignIn(SignInWish::Browse);
    model.tasks.under_way.insert(ticket, purpose);
    vec![Effect::Browse(ticket, url)]
}

fn copy_address(model: &mut Model) -> Vec<Effect> {
    let Some(url) = here(model).and_then(|one| one.address().map(str::to_owned)) else {
        return vec![];
    };
    clipboard::copy(model, "the address", &url, "select it with the mouse")
}

fn copy_tunnel(model: &mut Model) -> Vec<Effect> {
    let Some(port) = here(model).and_then(|one| one.view.consent.callback_port) else {
        return vec![model.say("nothing waits on a port here: the answer has to be pasted")];
    };
    let line = model.reach.tunnel(port);
    clipboard::copy(model, "the ssh line", &line, "select it with the mouse")
}

/// Shows a QR code, then the other one, then none. The one for another device comes
/// first: what it opens on a phone ends well there.
fn code(model: &mut Model) {
    let Some(one) = here(model) else {
        return;
    };
    let (url, device) = (one.view.consent.url.is_some(), one.of_device().is_some());
    one.code = match one.code {
        None if device => Some(Shown::Device),
        None | Some(Shown::Device) if url => Some(Shown::Address),
        _ => None,
    };
}

/// Sends what was pasted. It stays where it is until the board has taken it.
fn hand_in(model: &mut Model) -> Vec<Effect> {
    let Some(one) = here(model) else {
        return vec![];
    };
    if one.sending || !one.waits() {
        return vec![];
    }
    let text = one.paste.text().trim();
    if text.is_empty() {
        let why = "nothing is pasted yet: the address of the page that the browser ended at \
                   goes here";
        one.verdict = Some(Fault::user(why));
        return vec![];
    }
    let request = PasteLogin {
        name: one.view.name.as_str().to_owned(),
        text: Secret::new(text).into(),
    };
    one.sending = true;
    one.verdict = None;
    let purpose = Purpose::SignIn(SignInWish::Paste(one.view.id.clone()));
    vec![model.ask(purpose, Ask::PasteLogin(request))]
}

fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(one) = here(model) else {
        return vec![];
    };
    let name = one.view.name.as_str().to_owned();
    vec![connectors::stop_sign_in(model, name)]
}

/// Begins anew what is over.
fn again(model: &mut Model) -> Vec<Effect> {
    let Some(one) = here(model).filter(|one| !one.waits()) else {
        return vec![];
    };
    let id = one.view.connector.clone();
    let by_device = one.view.consent.url.is_none();
    close(model);
    connectors::sign_in(model, &id, by_device)
}

/// Shows the report of a sign-in that failed.
fn see(model: &mut Model) -> Vec<Effect> {
    let Some(id) = here(model).map(|one| one.view.connector.clone()) else {
        return vec![];
    };
    close(model);
    connectors::show_sign_in(model, &id);
    vec![]
}

/// The board, or a browser, answered.
pub(in crate::tui) fn answered(
    model: &mut Model,
    wish: SignInWish,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    match (wish, result) {
        (SignInWish::Logout(_, name), result) => logout::done(model, &name, result),
        (SignInWish::Paste(id), result) => handed_in(model, &id, result.map(drop)),
        (SignInWish::Stop(name), Ok(_)) => {
            for prompt in &mut model.dock.prompts {
                if let Kind::Consent(one) = &mut prompt.kind {
                    one.stopped |= one.view.name.as_str() == name;
                }
            }
            vec![model.say(format!("the sign-in to {name} was stopped"))]
        }
        (SignInWish::NoMore(name), Ok(_)) => vec![model.say(format!(
            "no: {name} keeps what it was given, and does not ask for that again"
        ))],
        // It was over already, as its own end says.
        (SignInWish::Stop(_) | SignInWish::NoMore(_), Err(fault))
            if fault.kind == FaultKind::NotFound =>
        {
            vec![]
        }
        (SignInWish::Browse, Ok(Answer::Opened(program))) => {
            vec![model.say(format!("{program} was given the address; approve there"))]
        }
        (SignInWish::Browse, Ok(_)) => vec![],
        (_, Err(fault)) => vec![model.complain(&fault)],
    }
}

fn handed_in(model: &mut Model, id: &ConsentId, result: Result<(), Fault>) -> Vec<Effect> {
    let Some(one) = find(model, id) else {
        return result
            .err()
            .map(|fault| model.complain(&fault))
            .into_iter()
            .collect();
    };
    one.sending = false;
    match result {
        Ok(()) => {
            one.typing = false;
            vec![model.say("that is the answer; the tokens are being fetched")]
        }
        Err(fault) => {
            one.verdict = Some(fault);
            vec![]
        }
    }
}
