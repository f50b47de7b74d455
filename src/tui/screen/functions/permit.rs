//! Setting permissions.

use super::{all, chosen, connector};
use crate::domain::{ConnectorId, Fault, FunctionState, Permission};
use crate::protocol::{Permit, Selection};
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::model::{Model, Purpose};
use crate::tui::update::load_functions;

/// Sets the permission of the marked functions, or else of the chosen one. One
/// that is chosen is set for exactly the definition that is on the screen.
pub(super) fn set(model: &mut Model, permission: Permission) -> Vec<Effect> {
    let marks = &model.tabs.functions.marks;
    let (names, seen_digest) = if marks.is_empty() {
        let Some(function) = chosen(model) else {
            return vec![model.say("there is no function here")];
        };
        let digest = function.digest.clone();
        (vec![function.name.raw().to_owned()], Some(digest))
    } else {
        // In the server's order, so that the journal reads like the list.
        let names: Vec<String> = all(model)
            .iter()
            .map(|function| function.name.raw().to_owned())
            .filter(|name| marks.contains(name))
            .collect();
        (names, None)
    };
    // What is set is accepted as it is, so it has to have been read: several at
    // once must not let a change slip through.
    if seen_digest.is_none() {
        let unread = all(model)
            .iter()
            .filter(|function| {
                function.state != FunctionState::Accepted
                    && names.iter().any(|name| name == function.name.raw())
            })
            .count();
        if unread > 0 {
            let fault = Fault::user(format!("{unread} of the marked ones are new or changed"))
                .hint("set each of those by itself, with its definition on the screen");
            return vec![model.complain(&fault)];
        }
    }
    send(model, Selection::Named(names), permission, seen_digest)
}

/// Sets what the server says only reads to *always*.
pub(super) fn always_reading(model: &mut Model) -> Vec<Effect> {
    send(model, Selection::Reading, Permission::Always, None)
}

fn send(
    model: &mut Model,
    functions: Selection,
    permission: Permission,
    seen_digest: Option<String>,
) -> Vec<Effect> {
    let Some(connector) = connector(model) else {
        return vec![];
    };
    let id = connector.id.clone();
    let permit = Permit {
        name: connector.name.as_str().to_owned(),
        functions,
        permission,
        seen_digest,
    };
    vec![model.ask(Purpose::Permit(id), Ask::Permit(permit))]
}

/// The permissions were set, or not.
pub(in crate::tui) fn permitted(
    model: &mut Model,
    id: &ConnectorId,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    match result {
        Ok(Answer::Permitted(permitted)) => {
            model.tabs.functions.marks.clear();
            let word = permitted.permission.word();
            effects.push(match permitted.functions.len() {
                0 => model.say("none says that it only reads; nothing was set"),
                1 => model.say_undoable(format!("1 function is on {word} now"), ""),
                count => model.say_undoable(format!("{count} functions are on {word} now"), ""),
            });
        }
        Ok(_) => {}
        Err(fault) => effects.push(model.complain(&fault)),
    }
    effects.extend(load_functions(model, id));
    effects
}
