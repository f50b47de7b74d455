//! Looking at the URL while the form is filled in.

use std::time::Duration;

use super::Next;
use super::form::{Look, Slot};
use crate::domain::{Evidence, Fault};
use crate::guard::address::read_address;
use crate::protocol::Detect;
use crate::tui::effect::{Effect, Gathered, Ticket, Timer, Work, WorkEnd};
use crate::tui::model::{Model, Purpose};

/// How long the URL must have stopped changing.
const REST: Duration = Duration::from_millis(400);

/// How long an option must have, which is typed with more thought.
const OPTION_REST: Duration = Duration::from_millis(1_500);

/// The URL differs: what was found out holds no more, and a look is due soon.
pub(super) fn url_changed(model: &mut Model) -> Vec<Effect> {
    look_after(model, REST)
}

/// How the server is reached differs: it may look otherwise from there.
pub(super) fn options_changed(model: &mut Model) -> Vec<Effect> {
    if model.tabs.custom.program || model.tabs.custom.editing.is_some() {
        return vec![];
    }
    look_after(model, OPTION_REST)
}

fn look_after(model: &mut Model, rest: Duration) -> Vec<Effect> {
    let mut effects: Vec<Effect> = stop(model).into_iter().collect();
    model.tabs.custom.evidence.clear();
    let form = &model.tabs.custom;
    let address = read_address(form.url.text(), form.plain_http);
    let options = [Slot::Proxy, Slot::TimeOut];
    if address.is_err()
        || !form.is_url_whole()
        || options
            .iter()
            .any(|slot| form.option_wrong(*slot).is_some())
    {
        return effects;
    }
    let number = model.number();
    model.tabs.custom.look = Look::Soon(number);
    effects.push(Effect::Timer(Timer::Detect(number), rest));
    effects
}

/// Stops the look that is under way or due.
pub(super) fn stop(model: &mut Model) -> Option<Effect> {
    match std::mem::take(&mut model.tabs.custom.look) {
        Look::Looking(ticket) => Some(model.cancel(ticket)),
        _ => None,
    }
}

/// The timer of this number ran out.
pub(in crate::tui) fn detect_now(model: &mut Model, number: u64) -> Vec<Effect> {
    if !matches!(model.tabs.custom.look, Look::Soon(due) if due == number) {
        return vec![];
    }
    match model.tabs.custom.to_gather() {
        Some(wanted) => vec![model.gather(Next::Look(number), wanted)],
        None => look(model, None),
    }
}

/// What was to be read for the look of this number is there.
pub(super) fn gathered(model: &mut Model, number: u64, gathered: Gathered) -> Vec<Effect> {
    if !matches!(model.tabs.custom.look, Look::Soon(due) if due == number) {
        return vec![];
    }
    if model.tabs.custom.note_unread(&gathered).is_some() {
        model.tabs.custom.look = Look::Nothing;
        return vec![];
    }
    look(model, gathered.authorities.and_then(Result::ok))
}

fn look(model: &mut Model, authorities: Option<String>) -> Vec<Effect> {
    let request = Detect {
        url: model.tabs.custom.address(),
        options: model.tabs.custom.connection_options(authorities),
    };
    model.tabs.custom.evidence.clear();
    let (ticket, effect) = model.work(Purpose::Detect, Work::Detect(request));
    model.tabs.custom.look = Look::Looking(ticket);
    vec![effect]
}

/// The look saw something.
pub(super) fn seen(model: &mut Model, ticket: Ticket, evidence: Evidence) {
    if matches!(model.tabs.custom.look, Look::Looking(under_way) if under_way == ticket) {
        model.tabs.custom.evidence.push(evidence);
    }
}

/// The look ended.
pub(in crate::tui) fn detected(model: &mut Model, ticket: Ticket, result: Result<WorkEnd, Fault>) {
    if !matches!(model.tabs.custom.look, Look::Looking(under_way) if under_way == ticket) {
        return;
    }
    model.tabs.custom.look = match result {
        Ok(WorkEnd::Detection(found)) => {
            model.tabs.custom.evidence.clone_from(&found.evidence);
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
