//! Setting permissions, and accepting what changed.

use std::collections::BTreeSet;

use super::listing::only_reads;
use super::{chosen, connector, look, view};
use crate::domain::{ConnectorId, Fault, FunctionState, Permission};
use crate::protocol::{Accept, Permit, Selection};
use crate::tui::dock::{Several, ask_several};
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::model::{Model, Purpose};
use crate::tui::update::load_functions;

/// Permissions that are being set, at one connector or at several.
#[derive(Debug)]
pub(super) struct Bulk {
    /// Those that have not answered yet.
    waiting: BTreeSet<ConnectorId>,
    /// What is set, or kept by an acceptance.
    permission: Permission,
    /// How many functions have it.
    set: usize,
    /// The permission that a function had, where its definition is accepted.
    accepting: Option<Permission>,
    /// Connectors that did not do it, and the fault of the first.
    failed: Vec<String>,
    fault: Option<Fault>,
}

/// Sets the permission of the marked functions, or else of the chosen one. One that is
/// chosen is set for exactly the definition that is on the screen.
pub(super) fn set(model: &mut Model, permission: Permission) -> Vec<Effect> {
    if model.tabs.functions.marks.is_empty() {
        return set_one(model, permission);
    }
    let (several, unread) = marked(model, permission);
    if several.count() == 0 {
        return vec![model.say("none of the marked ones is listed here now; nothing was set")];
    }
    // What may run is accepted as it is, so it has to have been read: several at
    // once must not let a change slip through.
    if unread > 0 && permission != Permission::Block {
        let fault = Fault::user(format!("{unread} of the marked ones are new or changed"))
            .hint("set each of those by itself, with its definition on the screen");
        return vec![model.complain(&fault)];
    }
    if permission == Permission::Always && several.count() > 1 {
        return ask_several(model, several);
    }
    send(model, several)
}

fn set_one(model: &mut Model, permission: Permission) -> Vec<Effect> {
    let (Some(function), Some(connector)) = (chosen(model), connector(model)) else {
        return vec![model.say("there is no function here")];
    };
    // Whoever lets it run accepts it as it is now. Blocking needs no reading.
    let unread = function.state() != FunctionState::Accepted && !look::is_read(model);
    if unread && permission != Permission::Block {
        return read_first(model, "read it first; then set it");
    }
    let permit = Permit {
        name: connector.name.as_str().to_owned(),
        functions: Selection::Named(vec![function.raw_name().to_owned()]),
        permission,
        seen_digest: Some(function.digest()),
    };
    let id = connector.id.clone();
    begin(model, [&id], permission, None);
    vec![model.ask(Purpose::Permit(id), Ask::Permit(permit))]
}

/// The marked functions by connector, in the servers' order, so that the journal reads
/// like the list; and how many of them nobody has accepted.
fn marked(model: &Model, permission: Permission) -> (Several, usize) {
    let state = &model.tabs.functions;
    let mut several = Several::new(permission);
    let mut unread = 0_usize;
    for (owner, function) in state.listing.functions(&model.mirror) {
        if !state.marks.contains(&owner.id, function.raw_name()) {
            continue;
        }
        several.add(&owner.id, &owner.name, function);
        if function.state() != FunctionState::Accepted {
            unread = unread.saturating_add(1);
        }
    }
    (several, unread)
}

/// Asks whether everything that a connector says only reads is to run without asking:
/// the connector of the chosen row, where all are shown. What nobody has accepted is
/// left out.
pub(super) fn always_reading(model: &mut Model) -> Vec<Effect> {
    let Some(connector) = connector(model) else {
        return vec![model.say("there is no function here")];
    };
    let mut several = Several::new(Permission::Always);
    let mut already = 0_usize;
    for function in model.mirror.functions_of(&connector.id).iter() {
        match (
            only_reads(function),
            function.state(),
            function.permission(),
        ) {
            (false, _, _) => {}
            (true, FunctionState::New | FunctionState::Changed, _) => several.left_out += 1,
            (true, FunctionState::Accepted, Permission::Always) => already += 1,
            (true, FunctionState::Accepted, _) => {
                several.add(&connector.id, connector.name.as_str(), function);
            }
        }
    }
    if several.count() == 0 {
        let name = &connector.name;
        let why = match (already, several.left_out) {
            (0, 0) => format!("none of {name} says that it only reads; nothing was set"),
            (_, 0) => format!("all of {name} that say they only read are on always already"),
            _ => format!(
                "those of {name} that say they only read are new or changed: read each first"
            ),
        };
        return vec![model.say(why)];
    }
    ask_several(model, several)
}

/// It was said yes to.
pub(in crate::tui) fn confirmed(model: &mut Model, several: Several) -> Vec<Effect> {
    send(model, several)
}

fn send(model: &mut Model, several: Several) -> Vec<Effect> {
    let permission = several.permission;
    begin(model, several.of.iter().map(|of| &of.id), permission, None);
    several
        .of
        .into_iter()
        .map(|of| {
            // What changed since it was seen is not accepted.
            let names = of.functions.iter().map(|name| name.raw().to_owned());
            let permit = Permit {
                name: of.name,
                functions: Selection::Seen(names.zip(of.digests).collect()),
                permission,
                seen_digest: None,
            };
            model.ask(Purpose::Permit(of.id), Ask::Permit(permit))
        })
        .collect()
}

fn begin<'a>(
    model: &mut Model,
    at: impl IntoIterator<Item = &'a ConnectorId>,
    permission: Permission,
    accepting: Option<Permission>,
) {
    model.tabs.functions.bulk = Some(Bulk {
        waiting: at.into_iter().cloned().collect(),
        permission,
        set: 0,
        accepting,
        failed: Vec::new(),
        fault: None,
    });
}

/// Whether the chosen function is one that nobody has accepted.
pub(super) fn is_unread(model: &Model) -> bool {
    chosen(model).is_some_and(|function| function.state() != FunctionState::Accepted)
}

/// Accepts the definition of the chosen function, once it has been on the screen with
/// what changed.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let (Some(function), Some(connector)) = (chosen(model), connector(model)) else {
        return vec![];
    };
    if function.state() == FunctionState::Accepted {
        let text = "it is what you accepted; {always}, {ask} and {block} set its permission";
        let text = model.words(text);
        return vec![model.say(text)];
    }
    if !look::is_read(model) {
        return read_first(model, "read it first; then {accept-change} accepts it");
    }
    let accept = Accept {
        name: connector.name.as_str().to_owned(),
        function: function.raw_name().to_owned(),
        seen_digest: function.digest(),
    };
    let (id, before) = (connector.id.clone(), function.permission());
    begin(model, [&id], before, Some(before));
    vec![model.ask(Purpose::Permit(id), Ask::Accept(accept))]
}

/// Shows what has to be read before anything is done to it.
fn read_first(model: &mut Model, why: &'static str) -> Vec<Effect> {
    if !view::shows_detail(model) {
        model.focus = Focus::FunctionDetail;
    }
    let mut effects = look::look(model);
    let why = model.words(why);
    effects.push(model.say(why));
    effects
}

/// The permissions of a connector were set, or not.
pub(in crate::tui) fn permitted(
    model: &mut Model,
    id: &ConnectorId,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    let name = model.mirror.connector(id).map(|it| it.name.to_string());
    let mut effects = Vec::new();
    if result.is_ok() {
        model.tabs.functions.marks.forget(id);
    }
    let bulk = model.tabs.functions.bulk.as_mut();
    match (bulk.filter(|bulk| bulk.waiting.contains(id)), result) {
        (Some(bulk), result) => bulk.take(id, name, result),
        // Another one was begun before this one was answered.
        (None, Ok(Answer::Permitted(permitted))) => {
            let (count, word) = (permitted.functions.len(), permitted.permission.word());
            effects.push(model.say_undoable(on_now(count, word), ""));
        }
        (None, Ok(_)) => {}
        (None, Err(fault)) => effects.push(model.complain(&fault)),
    }
    let done = |bulk: &mut Bulk| bulk.waiting.is_empty();
    if let Some(bulk) = model.tabs.functions.bulk.take_if(done) {
        effects.push(tell(model, &bulk));
    }
    effects.extend(load_functions(model, id));
    effects
}

impl Bulk {
    fn take(&mut self, id: &ConnectorId, name: Option<String>, result: Result<Answer, Fault>) {
        self.waiting.remove(id);
        match result {
            Ok(Answer::Permitted(permitted)) => {
                self.set = self.set.saturating_add(permitted.functions.len());
                self.permission = permitted.permission;
            }
            Ok(_) => {}
            Err(fault) => {
                self.failed.extend(name);
                self.fault.get_or_insert(fault);
            }
        }
    }
}

fn on_now(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 function is on {word} now"),
        _ => format!("{count} functions are on {word} now"),
    }
}

/// Says what came of it; what was not done, by name.
fn tell(model: &mut Model, bulk: &Bulk) -> Effect {
    let word = bulk.permission.word();
    let done = match (bulk.set, bulk.accepting) {
        (1, Some(before)) if before == bulk.permission => {
            format!("accepted; it stays on {word}")
        }
        (1, Some(_)) => format!("accepted; it says now that it destroys, so it is on {word}"),
        (count, _) => on_now(count, word),
    };
    let Some(fault) = &bulk.fault else {
        return match bulk.set {
            0 => model.say(done),
            _ => model.say_undoable(done, ""),
        };
    };
    if bulk.set == 0 && bulk.failed.len() < 2 {
        return model.complain(fault);
    }
    let told = Fault {
        message: format!(
            "{done}; nothing was set at {}: {}",
            bulk.failed.join(", "),
            fault.message
        ),
        ..fault.clone()
    };
    model.complain(&told)
}
