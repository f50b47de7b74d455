//! The arguments of a run: filled in, remembered, changed in an editor, checked.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::listing;
use super::run::{Phase, send};
use crate::domain::{ConnectorId, Fault, Function, Permission};
use crate::guard::arguments::{check, fault_of};
use crate::tui::dock::{Question, ask_call};
use crate::tui::effect::{Edited, Effect, Ticket};
use crate::tui::focus::Focus;
use crate::tui::form::{Filling, Prefill, Shown, Unshown, secret_places};
use crate::tui::mirror::Listed;
use crate::tui::model::{Model, Purpose};

/// The arguments of a function as they were left, or empty.
pub(super) fn filling(model: &Model, key: &(ConnectorId, String), schema: &Value) -> Filling {
    match model.tabs.functions.drafts.get(key) {
        Some(draft) => Filling::of_draft(schema, Prefill::Required, draft),
        None => Filling::new(schema, Prefill::Required),
    }
}

/// Where the keys go in the arguments.
pub(super) fn focus(model: &Model) -> Focus {
    let run = model.tabs.functions.run.as_ref();
    run.map_or(Focus::Arguments, |run| focus_of(&run.filling))
}

/// Where they go in these.
pub(super) fn focus_of(filling: &Filling) -> Focus {
    match filling.shown() {
        Shown::Form => Focus::Arguments,
        Shown::Raw => Focus::ArgumentsRaw,
    }
}

/// Keeps the arguments for the next time, secrets left out.
pub(super) fn remember(model: &mut Model) {
    let Some(run) = &model.tabs.functions.run else {
        return;
    };
    let key = (run.connector.clone(), run.function.raw().to_owned());
    let draft = run.filling.draft();
    if draft.is_empty() {
        model.tabs.functions.drafts.remove(&key);
    } else {
        model.tabs.functions.drafts.insert(key, draft);
    }
}

/// Shows the form as JSON, or the JSON as a form.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let idle = model.focus == Focus::ArgumentsIdle;
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return vec![];
    };
    let toggled = run.filling.toggle();
    if !idle || toggled.is_err() {
        model.focus = focus(model);
    }
    match toggled {
        Ok(()) => vec![],
        Err(why) => vec![complain(model, &why)],
    }
}

/// Says what stands in the way of the other view.
fn complain(model: &mut Model, why: &Unshown) -> Effect {
    let why = why.said(&|text| model.words(text));
    model.complain(&Fault::user(why))
}

/// Has the arguments changed in an editor.
pub(super) fn edit_outside(model: &mut Model) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return vec![];
    };
    match run.filling.text() {
        Ok(text) => {
            let ticket = Ticket(model.number());
            model.tasks.under_way.insert(ticket, Purpose::EditOutside);
            vec![Effect::EditOutside(ticket, text)]
        }
        Err(why) => {
            model.focus = focus(model);
            vec![complain(model, &why)]
        }
    }
}

/// They came back from it, or there is none.
pub(in crate::tui) fn edited(model: &mut Model, edited: Edited) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return vec![];
    };
    match edited {
        Edited::Text(text) => match run.filling.take(&text) {
            None => {
                remember(model);
                vec![model.say("the arguments are as the editor left them")]
            }
            Some(why) => {
                model.focus = focus(model);
                let fault = Fault::user(format!("what the editor left is no arguments: {why}"));
                vec![model.complain(&fault)]
            }
        },
        Edited::Same => vec![model.say("nothing was changed")],
        Edited::NoEditor => {
            let raw = run.filling.shown() == Shown::Raw || run.filling.toggle().is_ok();
            if raw {
                model.focus = focus(model);
            }
            let text = "neither VISUAL nor EDITOR names an editor: change the JSON here; {raw-view} goes back to the form";
            let text = model.words(text);
            vec![model.say(text)]
        }
        Edited::Failed(fault) => vec![model.complain(&fault)],
    }
}

/// The function whose arguments are filled in, as the server lists it now.
fn function(model: &Model) -> Option<Function> {
    let run = model.tabs.functions.run.as_ref()?;
    let functions = model.mirror.functions_of(&run.connector);
    functions.named(run.function.raw()).map(Listed::whole)
}

/// Checks the arguments and runs the function, or asks first.
pub(super) fn check_and_run(model: &mut Model) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return vec![];
    };
    if !matches!(run.phase, Phase::Editing) {
        return vec![];
    }
    let Some(arguments) = run.filling.submit() else {
        // What is wrong stands where the keys are now.
        model.focus = focus(model);
        return vec![];
    };
    let question = Question {
        connector: run.connector.clone(),
        connector_name: run.connector_name.clone(),
        function: run.function.clone(),
        digest: run.digest.clone(),
        arguments,
        secrets: BTreeSet::new(),
        claims: String::new(),
    };
    remember(model);
    let Some(function) = function(model) else {
        let fault = Fault::not_found("the server does not list it any more");
        return vec![model.complain(&fault)];
    };
    // The form was made from the definition that was on the screen; the list may
    // have been read anew meanwhile.
    if let Err(fault) = still_fits(&function, &question.arguments) {
        return vec![model.complain(&fault)];
    }
    match (function.permission, function.hints) {
        (Permission::Always, _) => send(model, question, false),
        (Permission::Ask, hints) => {
            let claims = listing::claims(hints);
            let secrets = secret_places(&function.input_schema.value(), &question.arguments);
            let question = Question {
                claims,
                secrets,
                ..question
            };
            ask_call(model, question)
        }
        (Permission::Block, _) => {
            let fault = Fault::denied("it is on block by now, which never runs");
            vec![model.complain(&fault)]
        }
    }
}

fn still_fits(function: &Function, arguments: &Map<String, Value>) -> Result<(), Fault> {
    check(&function.input_schema.value(), arguments)
        .map_err(|faults| fault_of(&function.name, &faults))
}
