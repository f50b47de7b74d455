//! Signing in to a connector's server, and out of it.

use super::{chosen, details};
use crate::domain::{AuthMethod, ConnectorId};
use crate::protocol::{CancelLogin, ConnectorView, Login};
use crate::tui::action::Action;
use crate::tui::dock::{self, SignInWish, Then};
use crate::tui::effect::{Ask, Effect, Ticket, Work};
use crate::tui::model::{Model, Purpose};
use crate::tui::tab::Tab;

/// What is under way for a connector that somebody signs in to.
pub(in crate::tui) const SIGNING_IN: &str = "signing in";

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    let Some(connector) = chosen(model).filter(|it| it.method == AuthMethod::Oauth) else {
        return false;
    };
    match action {
        Action::SignInByDevice => connector.oauth.as_ref().is_some_and(|it| it.device),
        Action::SignOut => connector.sign_in.is_some(),
        _ => true,
    }
}

/// Does what a key stands for on a connector.
pub(super) fn act(model: &mut Model, connector: &ConnectorView, action: Action) -> Vec<Effect> {
    if connector.method != AuthMethod::Oauth {
        let how = details::method(connector);
        let text = format!("{} signs in by {how}", connector.name);
        return vec![model.say(text)];
    }
    match action {
        Action::SignOut if connector.sign_in.is_none() => {
            vec![model.say("nobody is signed in")]
        }
        Action::SignOut => dock::ask_logout(model, connector),
        _ => sign_in(model, &connector.id, action == Action::SignInByDevice),
    }
}

/// Signs in, or goes to the sign-in that waits; the vault has to be open for what
/// comes of it.
pub(in crate::tui) fn sign_in(model: &mut Model, id: &ConnectorId, by_device: bool) -> Vec<Effect> {
    if !by_device && dock::show_consent(model, id) {
        return vec![];
    }
    let Some(connector) = model.mirror.connector(id) else {
        return vec![model.say("this connector is gone")];
    };
    let name = connector.name.as_str().to_owned();
    if let Some(effects) = dock::ask_vault(model, Then::SignIn(id.clone(), by_device)) {
        return effects;
    }
    let purpose = Purpose::Connector(id.clone(), SIGNING_IN);
    if model.is_under_way(|other| *other == purpose) && !by_device {
        return vec![model.say(format!("{name} is being signed in to"))];
    }
    details::begin(model, id);
    let login = Login {
        name,
        device: by_device,
        ..Login::default()
    };
    let (_, effect) = model.work(purpose, Work::Login(Box::new(login)));
    vec![effect]
}

/// Has the board end a sign-in.
pub(in crate::tui) fn stop_sign_in(model: &mut Model, name: String) -> Effect {
    let purpose = Purpose::SignIn(SignInWish::Stop(name.clone()));
    // Nobody here waits for its end any more.
    let of = model
        .mirror
        .connectors
        .iter()
        .find(|connector| connector.name.as_str() == name)
        .map(|connector| connector.id.clone());
    if let Some(id) = of {
        let ours = Purpose::Connector(id.clone(), SIGNING_IN);
        model.tasks.under_way.retain(|_, other| *other != ours);
        details::moved(model, &id, true);
    }
    model.ask(purpose, Ask::CancelLogin(CancelLogin { name }))
}

/// Ctrl-c, where this is what is under way: leaving it would not end it.
pub(super) fn cancelled(model: &mut Model, ticket: Ticket) -> Option<Vec<Effect>> {
    let Some(Purpose::Connector(id, SIGNING_IN)) = model.tasks.under_way.get(&ticket) else {
        return None;
    };
    let name = model.mirror.connector(id)?.name.as_str().to_owned();
    Some(vec![model.cancel(ticket), stop_sign_in(model, name)])
}

/// Shows how a connector signs in, and what became of it.
pub(in crate::tui) fn show_sign_in(model: &mut Model, id: &ConnectorId) {
    super::choose(model, id);
    model.open_tab(Tab::Connectors);
    details::show_sign_in(model);
}
