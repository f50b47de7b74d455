//! Whether a connector is to be forgotten.

use super::{Kind, close, open};
use crate::domain::{ConnectorId, Fault};
use crate::protocol::{ConnectorView, Remove, Revocation};
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::model::{Model, Purpose};

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    id: ConnectorId,
    /// Its name.
    pub(super) name: String,
}

/// Asks.
pub(in crate::tui) fn ask_removal(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    let question = Question {
        id: connector.id.clone(),
        name: connector.name.as_str().to_owned(),
    };
    open(model, Kind::Remove(question));
    vec![]
}

/// It was said yes to.
pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    let Some(prompt) = close(model) else {
        return vec![];
    };
    let Kind::Remove(Question { id, name }) = prompt.kind else {
        return vec![];
    };
    let said = model.say(format!("removing {name}, its secrets and its permissions"));
    let asked = model.ask(
        Purpose::Remove(id, name.clone()),
        Ask::Remove(Remove { name }),
    );
    vec![said, asked]
}

/// The board did it, or did not.
pub(in crate::tui) fn removed(
    model: &mut Model,
    name: &str,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    let revocation = match result {
        Ok(Answer::Forgotten(answer)) => answer.revocation,
        Ok(_) => None,
        Err(fault) => return vec![model.complain(&fault)],
    };
    let text = match revocation {
        None | Some(Revocation::NotSignedIn) => format!("{name} is removed"),
        Some(said) => format!("{name} is removed: {}", said.words()),
    };
    vec![model.say_undoable(text, ", without its secrets")]
}
