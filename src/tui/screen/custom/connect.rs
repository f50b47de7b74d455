//! Connecting with what the form says.

use super::form::{AuthChoice, Editing, Look, Slot, State};
use super::{Next, check};
use crate::domain::{AuthKind, ConnectorId, ConnectorName, Fault, FaultKind, Status};
use crate::guard::address::read_address;
use crate::protocol::{
    Add, AddStep, AuthWanted, CarriedSecret, ConnectorView, Edit, Refresh, Rename, SecretName,
    StepState, TargetWanted,
};
use crate::tui::dock::{self, Then};
use crate::tui::effect::{Answer, Ask, Effect, Gathered, Ticket, Work, WorkEnd};
use crate::tui::focus::Focus;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::{connectors, functions};
use crate::tui::tab::Tab;

/// Connects, unless something is wrong or missing, which is then named.
pub(in crate::tui) fn connect(model: &mut Model) -> Vec<Effect> {
    let before = |it: &Purpose| matches!(it, Purpose::Rename | Purpose::Gather(Next::Connect));
    if model.tabs.custom.connecting.is_some() || model.is_under_way(before) {
        return vec![];
    }
    model.tabs.custom.tried = true;
    model.tabs.custom.fault = None;
    model.tabs.custom.reach.unread = None;
    model.tabs.custom.stages.clear();
    if let Some(slot) = check::first_wrong(model) {
        model.tabs.custom.go_to(slot);
        model.focus = Focus::Form;
        return vec![];
    }
    match model.tabs.custom.to_gather() {
        Some(wanted) => vec![model.gather(Next::Connect, wanted)],
        None => go_on(model, Gathered::default()),
    }
}

/// What was to be read is there: connects, or says what is wrong with it.
pub(super) fn gathered(model: &mut Model, gathered: Gathered) -> Vec<Effect> {
    if let Some(slot) = model.tabs.custom.note_unread(&gathered) {
        model.tabs.custom.go_to(slot);
        model.focus = Focus::Form;
        return vec![];
    }
    go_on(model, gathered)
}

fn go_on(model: &mut Model, gathered: Gathered) -> Vec<Effect> {
    match &model.tabs.custom.editing {
        None => add(model, gathered),
        Some(_) => edit(model, gathered),
    }
}

/// The secrets that the form sends, by their names.
fn secrets(form: &State) -> Vec<(SecretName, CarriedSecret)> {
    let (name, field) = match form.auth_in_force() {
        Some(AuthKind::Bearer) => (SecretName::Token, &form.token),
        Some(AuthKind::Basic) => (SecretName::Password, &form.password),
        Some(AuthKind::Header) => {
            let name = form.header_name.text().trim().to_owned();
            (SecretName::Header(name), &form.header_value)
        }
        Some(AuthKind::Oauth) => (SecretName::ClientSecret, &form.client.secret),
        _ => return vec![],
    };
    if form.program {
        return vec![];
    }
    let mut secrets = Vec::new();
    if !field.is_empty() {
        secrets.push((name, field.secret().into()));
    }
    if form.auth_in_force() == Some(AuthKind::Header) {
        let further = form.further_headers().into_iter();
        secrets.extend(
            further
                .map(|(name, field)| (SecretName::Header(name.to_owned()), field.secret().into())),
        );
    }
    secrets
}

/// These, and the values of variables that a program is to get.
fn all_secrets(form: &State, gathered: &Gathered) -> Vec<(SecretName, CarriedSecret)> {
    let mut secrets = secrets(form);
    for (name, value) in &gathered.variables {
        if let Some(value) = value {
            secrets.push((SecretName::Env(name.clone()), value.clone()));
        }
    }
    secrets
}

/// How it is to be authenticated, as the board is told.
fn auth(form: &State) -> AuthWanted {
    let kind = match (form.auth, form.auth_in_force()) {
        (AuthChoice::Given(kind), _) => Some(kind),
        // Detection cannot know what the header is called.
        (AuthChoice::Detected, Some(AuthKind::Header)) => Some(AuthKind::Header),
        // Whoever says how to sign in says that it is by OAuth.
        (AuthChoice::Detected, Some(AuthKind::Oauth)) if form.has_client() => Some(AuthKind::Oauth),
        (AuthChoice::Detected, _) => None,
    };
    kind.and_then(|kind| check::method(form, kind))
        .map_or(AuthWanted::Auto, AuthWanted::Given)
}

fn add(model: &mut Model, gathered: Gathered) -> Vec<Effect> {
    let form = &model.tabs.custom;
    let Ok(name) = ConnectorName::parse(form.name.text()) else {
        return vec![];
    };
    let user = form.user.text().trim();
    let basic = form.auth_in_force() == Some(AuthKind::Basic);
    let command = form
        .program
        .then(|| check::split_words(form.command.text()).unwrap_or_default());
    let request = Add {
        name,
        description: form.description.text().trim().to_owned(),
        target: TargetWanted::Http {
            url: form.address(),
        },
        auth: if form.program {
            AuthWanted::Auto
        } else {
            auth(form)
        },
        user: (basic && !user.is_empty()).then(|| user.to_owned()),
        secrets: all_secrets(form, &gathered),
        options: form.connection_options(gathered.authorities.and_then(Result::ok)),
        trust: form.trust,
        connect: true,
        sign_in: form.sign_in_options(),
    };
    if request.holds_secret()
        && let Some(asking) = dock::ask_vault(model, Then::Connect)
    {
        return asking;
    }
    model.tabs.custom.sent = Some(request.name.folded());
    let (ticket, effect) = model.work(Purpose::Connect, Work::Add(Box::new(request), command));
    model.tabs.custom.connecting = Some(ticket);
    vec![effect]
}

fn edit(model: &mut Model, gathered: Gathered) -> Vec<Effect> {
    let form = &model.tabs.custom;
    let Some(editing) = &form.editing else {
        return vec![];
    };
    let description = form.description.text().trim();
    let moved = form.needs_trust();
    let method = match auth(form) {
        AuthWanted::Given(method) if moved || method != editing.method => Some(method),
        AuthWanted::Given(_) | AuthWanted::Auto => None,
    };
    let secrets = all_secrets(form, &gathered);
    let options = form.connection_options(gathered.authorities.and_then(Result::ok));
    let sign_in = form.sign_in_options();
    // Elsewhere nothing of it holds but what stands in the form.
    let says_how = sign_in != editing.sign_in || (moved && form.has_client());
    let renamed = editing.name != form.name.text();
    let request = Edit {
        name: editing.name.clone(),
        description: (description != editing.description).then(|| description.to_owned()),
        url: moved.then(|| form.address()),
        auth: if form.program { None } else { method },
        secrets,
        options: (options != editing.options).then_some(options),
        trust: form.trust,
        sign_in: (says_how && form.signs_in()).then_some(sign_in),
    };
    if request.holds_secret()
        && let Some(asking) = dock::ask_vault(model, Then::Connect)
    {
        return asking;
    }
    if renamed {
        return rename(model);
    }
    let (ticket, effect) = model.work(Purpose::Connect, Work::Edit(Box::new(request)));
    model.tabs.custom.connecting = Some(ticket);
    vec![effect]
}

/// Gives the connector its new name first.
fn rename(model: &mut Model) -> Vec<Effect> {
    let form = &model.tabs.custom;
    let (Some(editing), Ok(to)) = (&form.editing, ConnectorName::parse(form.name.text())) else {
        return vec![];
    };
    let name = editing.name.clone();
    vec![model.ask(Purpose::Rename, Ask::Rename(Rename { name, to }))]
}

/// The connector has its new name; the rest of the edit follows.
pub(in crate::tui) fn renamed(model: &mut Model, result: Result<Answer, Fault>) -> Vec<Effect> {
    match result {
        Ok(answer) => {
            if let (Answer::Connector(connector), Some(editing)) =
                (&answer, &mut model.tabs.custom.editing)
            {
                editing.name = connector.name.as_str().to_owned();
            }
            model.take_connector(answer);
            if model.tabs.custom.editing.is_none() {
                return vec![];
            }
            connect(model)
        }
        Err(fault) => {
            model.tabs.custom.fault = Some(fault);
            model.tabs.custom.go_to(Slot::Name);
            vec![]
        }
    }
}

/// Connecting said a stage.
pub(super) fn stage(model: &mut Model, ticket: Ticket, step: AddStep) {
    if model.tabs.custom.connecting != Some(ticket) {
        return;
    }
    let first = model.tabs.custom.stages.take(step.name, step.state);
    if first && step.state == StepState::Started && step.evidence.is_none() {
        model.tabs.custom.evidence.clear();
    }
    if let Some(evidence) = step.evidence
        && !model.tabs.custom.evidence.contains(&evidence)
    {
        model.tabs.custom.evidence.push(evidence);
    }
}

/// Connecting ended.
pub(in crate::tui) fn connected(
    model: &mut Model,
    ticket: Ticket,
    result: Result<WorkEnd, Fault>,
) -> Vec<Effect> {
    if model.tabs.custom.connecting != Some(ticket) {
        return vec![];
    }
    model.tabs.custom.connecting = None;
    match result {
        Ok(WorkEnd::Connector(connector)) if model.tabs.custom.failed && !works(&connector) => {
            // Nothing was changed that has it connect anew.
            let name = connector.name.as_str().to_owned();
            model.mirror.put(*connector);
            let work = Work::Refresh(Refresh { name });
            let (ticket, effect) = model.work(Purpose::Connect, work);
            model.tabs.custom.failed = false;
            model.tabs.custom.connecting = Some(ticket);
            vec![effect]
        }
        Ok(WorkEnd::Connector(connector)) => arrived(model, *connector),
        Ok(_) => vec![],
        Err(fault) => {
            failed(model, fault);
            vec![]
        }
    }
}

/// Shows why it does not connect. Nothing that was typed is lost.
fn failed(model: &mut Model, fault: Fault) {
    let form = &mut model.tabs.custom;
    form.stages.fail();
    // The board keeps nothing that makes no sense.
    if matches!(
        fault.kind,
        FaultKind::User | FaultKind::NotMcp | FaultKind::NotFound
    ) {
        form.sent = None;
    }
    form.fault = Some(fault);
    form.failed = true;
    let id = form.editing.as_ref().map(|editing| editing.id.clone());
    if let Some(connector) = id.and_then(|id| model.mirror.connector(&id)) {
        model.tabs.custom.editing = Some(Editing::of(connector));
    }
    model.tabs.custom.go_to(Slot::Connect);
    go_to_client(model);
}

/// Where a client has to be registered by hand, what comes of that goes next.
fn go_to_client(model: &mut Model) {
    let editing = model.tabs.custom.editing.as_ref();
    if editing.is_some_and(|editing| editing.by_hand.is_some()) {
        model.tabs.custom.go_to(Slot::ClientId);
    }
}

/// Makes the form of an addition that the board has kept an edit of it.
pub(super) fn adopt(model: &mut Model) {
    let form = &model.tabs.custom;
    if form.connecting.is_some() || form.editing.is_some() {
        return;
    }
    let kept = form.sent.as_ref().and_then(|sent| {
        let mut connectors = model.mirror.connectors.iter();
        connectors.find(|connector| connector.name.folded() == *sent)
    });
    if let Some(editing) = kept.map(Editing::of) {
        model.tabs.custom.editing = Some(editing);
        model.tabs.custom.sent = None;
        model.tabs.custom.failed = true;
        model.tabs.custom.added = true;
        go_to_client(model);
        if model.tabs.custom.program
            && let Some(fault) = &mut model.tabs.custom.fault
        {
            fault.hints.push(
                "another command line is another connector: leave this form with {leave-edit}, then {remove} removes this one"
                    .to_owned(),
            );
        }
    }
}

fn works(connector: &ConnectorView) -> bool {
    matches!(connector.status, Status::Connected | Status::Changed)
}

/// The connector is there: its functions are the next thing to read, or what
/// keeps it from working.
fn arrived(model: &mut Model, connector: ConnectorView) -> Vec<Effect> {
    let was_new = model.tabs.custom.editing.is_none() || model.tabs.custom.added;
    let id: ConnectorId = connector.id.clone();
    let (name, status) = (connector.name.clone(), connector.status);
    let works = works(&connector);
    let fault = connector.fault.clone();
    model.mirror.put(connector);
    model.tabs.custom = model.tabs.custom.after_edit();
    model.places.remove(&Tab::Custom);
    connectors::choose(model, &id);
    if works && was_new {
        model.open_tab(Tab::Functions);
        let mut effects = functions::show(model, &id);
        effects.push(model.say(format!(
            "{name} is connected, everything on ask: review what it may do"
        )));
        return effects;
    }
    model.open_tab(Tab::Connectors);
    if works {
        model.focus = Focus::Connectors;
    } else {
        connectors::show_overview(model);
    }
    vec![match fault {
        Some(fault) => model.complain(&fault),
        None if status == Status::SignIn => {
            model.say(format!("{name} is kept; what it needs is in its details"))
        }
        None => model.say(format!("{name} is saved")),
    }]
}

/// Whether the form connects the connector of this name.
pub(in crate::tui) fn is_about(model: &Model, name: &ConnectorName) -> bool {
    let form = &model.tabs.custom;
    let edited = form.editing.as_ref().map(|editing| editing.name.as_str());
    form.connecting.is_some()
        && (form.sent.as_ref() == Some(&name.folded()) || edited == Some(name.as_str()))
}

/// Stops connecting, where it does.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let ticket = model.tabs.custom.connecting.take()?;
    model.tabs.custom.stages.fail();
    Some(vec![
        model.cancel(ticket),
        model.say("connecting was cancelled; the form is as it was"),
    ])
}

/// What the look found, in a line.
pub(super) fn conclusion(form: &State) -> Option<String> {
    let Look::Found(found) = &form.look else {
        return None;
    };
    let mut parts = Vec::new();
    if let Some(transport) = found.transport {
        parts.push(transport.word().to_owned());
    }
    if let Some(protocol) = &found.protocol {
        parts.push(format!("MCP {protocol}"));
    }
    if read_address(form.url.text(), true).is_ok_and(|url| url.as_str() != found.url) {
        parts.push(found.url.clone());
    }
    Some(parts.join(" · "))
}
