//! Looking at the URL while the form is filled in.

use std::time::Duration;

use super::form::Look;
use crate::domain::{ConnectionOptions, Evidence, Fault};
use crate::guard::address::read_address;
use crate::protocol::Detect;
use crate::tui::effect::{Effect, Ticket, Timer, Work, WorkEnd};
use crate::tui::model::{Model, Purpose};

/// How long the URL must have stopped changing.
const REST: Duration = Duration::from_millis(400);

/// The URL differs: what was found out holds no more, and a look is due soon.
pub(super) fn url_changed(model: &mut Model) -> Vec<Effect> {
    let mut effects: Vec<Effect> = stop(model).into_iter().collect();
    model.custom.evidence.clear();
    if read_address(model.custom.url.text(), model.custom.plain_http).is_err() {
        return effects;
    }
    let number = model.number();
    model.custom.look = Look::Soon(number);
    effects.push(Effect::Timer(Timer::Detect(number), REST));
    effects
}

/// Stops the look that is under way or due.
fn stop(model: &mut Model) -> Option<Effect> {
    match std::mem::take(&mut model.custom.look) {
        Look::Looking(ticket) => Some(model.cancel(ticket)),
        _ => None,
    }
}

/// The timer of this number ran out.
pub(in crate::tui) fn detect_now(model: &mut Model, number: u64) -> Vec<Effect> {
    if !matches!(model.custom.look, Look::Soon(due) if due == number) {
        return vec![];
    }
    let request = Detect {
        url: model.custom.url.text().trim().to_owned(),
        options: options(model),
    };
    model.custom.evidence.clear();
    let (ticket, effect) = model.work(Purpose::Detect, Work::Detect(request));
    model.custom.look = Look::Looking(ticket);
    vec![effect]
}

/// How the server is to be reached.
pub(super) fn options(model: &Model) -> ConnectionOptions {
    let form = &model.custom;
    ConnectionOptions {
        plain_http: form.plain_http,
        ..form
            .editing
            .as_ref()
            .map(|editing| editing.options.clone())
            .unwrap_or_default()
    }
}

/// The look saw something.
pub(super) fn seen(model: &mut Model, ticket: Ticket, evidence: Evidence) {
    if matches!(model.custom.look, Look::Looking(under_way) if under_way == ticket) {
        model.custom.evidence.push(evidence);
    }
}

/// The look ended.
pub(in crate::tui) fn detected(model: &mut Model, ticket: Ticket, result: Result<WorkEnd, Fault>) {
    if !matches!(model.custom.look, Look::Looking(under_way) if under_way == ticket) {
        return;
    }
    model.custom.look = match result {
        Ok(WorkEnd::Detection(found)) => {
            model.custom.evidence.clone_from(&found.evidence);
            Look::Found(found)
        }
        Ok(_) => Look::Failed(Fault::internal("the board answered something else")),
        Err(fault) => Look::Failed(fault),
    };
}

/// Stops looking, where it does.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let stopped = stop(model)?;
    Some(vec![stopped, model.say("stopped looking at the URL")])
}
