//! Whether somebody is to be signed out of a connector's server.

use super::SignInWish;
use super::{Kind, close, open};
use crate::domain::ConnectorId;
use crate::domain::Fault;
use crate::protocol::{ConnectorView, LoggedOut, Logout};
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::model::{Model, Purpose};

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    id: ConnectorId,
    /// The connector's name.
    name: String,
}

impl Question {
    /// What stands in the frame.
    pub(super) fn title(&self) -> String {
        format!(" Sign out of {} ", self.name)
    }

    /// The question.
    pub(super) fn words(&self) -> String {
        let name = &self.name;
        format!(
            "Sign out of {name}? Its server is asked to take the tokens back, and they are \
             forgotten here. Its functions run for nobody until somebody signs in again."
        )
    }
}

/// Asks.
pub(in crate::tui) fn ask_logout(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    let question = Question {
        id: connector.id.clone(),
        name: connector.name.as_str().to_owned(),
    };
    open(model, Kind::Logout(question));
    vec![]
}

/// It was said yes to.
pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    let Some(Kind::Logout(Question { id, name })) = close(model).map(|prompt| prompt.kind) else {
        return vec![];
    };
    let purpose = Purpose::SignIn(SignInWish::Logout(id, name.clone()));
    vec![model.ask(purpose, Ask::Logout(Logout { name }))]
}

/// The board did it, or did not.
pub(super) fn done(model: &mut Model, name: &str, result: Result<Answer, Fault>) -> Vec<Effect> {
    match result {
        Ok(Answer::LoggedOut(answer)) => {
            let LoggedOut {
                revocation,
                connector,
            } = *answer;
            model.mirror.put(connector);
            vec![model.say(format!("signed out of {name}: {}", revocation.words()))]
        }
        Ok(_) => vec![],
        Err(fault) => vec![model.complain(&fault)],
    }
}
