//! Running one function: its arguments, the question where it is on *ask*, the
//! progress, and what came of it.

use super::{arguments, cancel as cancel_tab, chosen, connector, run_view};
use crate::domain::{ConnectorId, Fault, FunctionState, Permission, Progress, Untrusted, duration};
use crate::protocol::{Call, CallAnswer, CallStep};
use crate::tui::action::{Action, Say};
use crate::tui::dock::{Question, ask_unlock};
use crate::tui::effect::{Effect, Ticket, Work, WorkEnd, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::form::{Done, Filling, Shown};
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::{self, Click};
use crate::tui::tab::Tab;
use crate::tui::update::locked_here;
use crate::tui::viewer::{self, Viewer};
use crate::tui::widget::amount;
use crate::tui::widget::field::Typed;

/// A function and its arguments, and how far the run is.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) connector: ConnectorId,
    pub(super) connector_name: String,
    pub(super) function: Untrusted,
    /// The definition that was on the screen when it was begun.
    pub(super) digest: String,
    pub(super) filling: Filling,
    /// First line of the form on the screen.
    pub(super) form_top: usize,
    pub(super) phase: Phase,
}

/// How far a run is.
#[derive(Debug)]
pub(super) enum Phase {
    /// The arguments are filled in.
    Editing,
    /// It runs.
    Running {
        ticket: Ticket,
        /// Milliseconds of the face's clock.
        since: u64,
        progress: Option<Progress>,
    },
    /// It answered.
    Answered(Box<Viewer>),
    /// It did not.
    Failed(Fault),
}

/// Where the answer of a function is kept and shown.
pub(in crate::tui) const VIEWER: viewer::Place = viewer::Place {
    get: |model| match &model.tabs.functions.run.as_ref()?.phase {
        Phase::Answered(viewer) => Some(viewer),
        _ => None,
    },
    get_mut: |model| match &mut model.tabs.functions.run.as_mut()?.phase {
        Phase::Answered(viewer) => Some(viewer),
        _ => None,
    },
    area: |model| layout::padded(run_view::area(model)),
    focus: Focus::Outcome,
    open: viewer::Place::opens_nothing,
};

/// Opens the arguments of the chosen function.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    let (Some(function), Some(connector)) = (chosen(model), connector(model)) else {
        return vec![];
    };
    let function = function.whole();
    let name = crate::tui::widget::server::quoted(model.theme, &function.name, 40);
    let refused = match (function.permission, function.state) {
        (_, FunctionState::New | FunctionState::Changed) => Some(
            Fault::denied(format!("{name} is not what you accepted"))
                .hint("read it, then {always} or {ask} accepts it as it is shown"),
        ),
        (Permission::Block, _) => Some(
            Fault::denied(format!("{name} is on block, which never runs"))
                .hint("{ask} sets it to ask"),
        ),
        _ => None,
    };
    if let Some(fault) = refused {
        return vec![model.complain(&fault)];
    }
    let key = (connector.id.clone(), function.name.raw().to_owned());
    let same = |run: &Run| run.connector == key.0 && run.function.raw() == key.1;
    if model.tabs.functions.run.as_ref().is_some_and(same) {
        // What it answered last is there still.
        model.focus = match model.tabs.functions.run.as_ref().map(|run| &run.phase) {
            Some(Phase::Running { .. }) => Focus::Outcome,
            _ => arguments::focus(model),
        };
        if let Some(run) = &mut model.tabs.functions.run
            && !matches!(run.phase, Phase::Running { .. })
        {
            run.phase = Phase::Editing;
        }
        return vec![];
    }
    let filling = arguments::filling(model, &key, &function.input_schema.value());
    let run = Run {
        connector: connector.id.clone(),
        connector_name: connector.name.as_str().to_owned(),
        function: function.name.clone(),
        digest: function.digest,
        filling,
        form_top: 0,
        phase: Phase::Editing,
    };
    arguments::remember(model);
    let stopped = cancel_tab(model).unwrap_or_default();
    model.tabs.functions.run = Some(run);
    model.focus = arguments::focus(model);
    stopped
}

/// Goes back to the list. What was filled in is remembered, and what runs goes on.
pub(super) fn put_away(model: &mut Model) {
    arguments::remember(model);
    let running = |run: &Run| matches!(run.phase, Phase::Running { .. });
    let run = &mut model.tabs.functions.run;
    *run = run.take().filter(running);
    if model.tabs.functions.connector.is_some() || model.tabs.functions.all {
        model.places.insert(Tab::Functions, Focus::Functions);
        if model.tab == Tab::Functions {
            model.focus = Focus::Functions;
        }
    }
}

/// A key while the arguments have them.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Typed> {
    let through = model.is_let_through(key);
    let run = model.tabs.functions.run.as_mut()?;
    let typed = run.filling.key(key);
    let swallowed = typed == Typed::NotMine
        && model.focus == Focus::Arguments
        && key.typed().is_some()
        && !through;
    // Whoever takes a choice for a field must not leave by a letter.
    Some(if swallowed { Typed::Taken } else { typed })
}

/// A paste while the arguments have the keys.
pub(super) fn pasted(model: &mut Model, text: &str) -> Option<&'static str> {
    let run = model.tabs.functions.run.as_mut()?;
    run.filling.paste(text)
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_mut() else {
        model.focus = Focus::Functions;
        return vec![];
    };
    match action {
        Action::RunCall => return arguments::check_and_run(model),
        // Without arguments the keys rest on running it.
        Action::Press if run.takes_nothing() => return arguments::check_and_run(model),
        Action::RawView => return arguments::toggle(model),
        Action::EditOutside => return arguments::edit_outside(model),
        Action::LeaveField if !run.takes_nothing() => model.focus = Focus::ArgumentsIdle,
        Action::EnterField => model.focus = arguments::focus(model),
        Action::LeaveField | Action::LeaveArguments | Action::Back => {
            let running = matches!(run.phase, Phase::Running { .. });
            arguments::remember(model);
            model.focus = Focus::Functions;
            if !running {
                model.tabs.functions.run = None;
            }
        }
        Action::RunAgain if !matches!(run.phase, Phase::Running { .. }) => {
            run.phase = Phase::Editing;
            model.focus = arguments::focus(model);
        }
        // What is shown would be gone, and the next letter would mean something else.
        Action::NextPane | Action::PreviousPane if model.focus == Focus::Outcome => {
            let text = model.words("{view-back} goes back to the functions");
            return vec![model.say(text)];
        }
        action if matches!(run.phase, Phase::Editing) => return fill(model, action),
        _ => {}
    }
    vec![]
}

/// The mouse over it: a click gives the keys to what is there; an answer takes it
/// itself.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_ref() else {
        return vec![];
    };
    let focus = match &run.phase {
        Phase::Answered(_) => return viewer::clicked(model, click),
        Phase::Editing => arguments::focus_of(&run.filling),
        Phase::Running { .. } | Phase::Failed(_) => Focus::Outcome,
    };
    pointer::focus(model, click, focus);
    vec![]
}

/// Does what a key stands for in the arguments.
fn fill(model: &mut Model, action: Action) -> Vec<Effect> {
    let idle = model.focus == Focus::ArgumentsIdle;
    let steps = matches!(action, Action::NextPane | Action::PreviousPane);
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return vec![];
    };
    let done = run.filling.act(action);
    if (idle && steps) || action == Action::ClearForm {
        model.focus = arguments::focus(model);
    }
    match done {
        Done::Said(why) => vec![model.say(why)],
        Done::NotMine | Done::Moved | Done::Changed => vec![],
    }
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    let run = model.tabs.functions.run.as_ref();
    match model.focus {
        Focus::Arguments if run.is_some_and(Run::takes_nothing) => {
            matches!(action, Action::RunCall | Action::LeaveField)
        }
        Focus::Arguments => run.is_some_and(|run| run.filling.offers(action)),
        _ if action == Action::RunAgain => !run.is_some_and(Run::is_running),
        _ => true,
    }
}

/// Has the function run.
pub(super) fn send(model: &mut Model, question: Question, approved: bool) -> Vec<Effect> {
    let call = Call {
        name: question.connector_name,
        function: question.function.raw().to_owned(),
        arguments: question.arguments,
        approved_digest: approved.then_some(question.digest),
        ask_back: true,
    };
    let (ticket, effect) = model.work(Purpose::Call, Work::Call(Box::new(call)));
    let since = model.clock.now;
    if let Some(run) = model.tabs.functions.run.as_mut() {
        run.phase = Phase::Running {
            ticket,
            since,
            progress: None,
        };
        model.places.insert(Tab::Functions, Focus::Outcome);
        if model.tab == Tab::Functions {
            model.focus = Focus::Outcome;
        }
    }
    vec![effect]
}

/// The question was answered with yes.
pub(in crate::tui) fn approved(model: &mut Model, question: Question) -> Vec<Effect> {
    let same = model.tabs.functions.run.as_ref().is_some_and(|run| {
        run.connector == question.connector && run.function == question.function
    });
    if !same {
        return vec![model.say("the function was left meanwhile; nothing was run")];
    }
    send(model, question, true)
}

/// It was answered with no, or not at all.
pub(in crate::tui) fn denied(model: &mut Model) -> Vec<Effect> {
    vec![model.say("nothing was run; the arguments are kept")]
}

fn running(model: &mut Model, ticket: Ticket) -> Option<&mut Run> {
    model.tabs.functions.run.as_mut().filter(
        |run| matches!(run.phase, Phase::Running { ticket: under_way, .. } if under_way == ticket),
    )
}

/// A call said how far it is.
pub(in crate::tui) fn step(model: &mut Model, ticket: Ticket, step: WorkStep) {
    if let (Some(run), WorkStep::Call(CallStep::Progress(said))) = (running(model, ticket), step)
        && let Phase::Running { progress, .. } = &mut run.phase
    {
        // A stage lasts until the next is named.
        let stage = progress.take().and_then(|before| before.message);
        *progress = Some(Progress {
            message: said.message.or(stage),
            ..said
        });
    }
}

/// A call ended.
pub(in crate::tui) fn called(
    model: &mut Model,
    ticket: Ticket,
    result: Result<WorkEnd, Fault>,
) -> Vec<Effect> {
    let Some(run) = running(model, ticket) else {
        return vec![];
    };
    let fault = result.as_ref().err().cloned();
    run.phase = match result {
        Ok(WorkEnd::Called(answer)) => Phase::Answered(Box::new(answered(&run.function, *answer))),
        Ok(_) => Phase::Failed(Fault::internal("the board answered something else")),
        Err(fault) => Phase::Failed(fault),
    };
    if let Some(fault) = fault
        && locked_here(model, &fault)
    {
        return ask_unlock(model);
    }
    if model.tab == Tab::Functions {
        return vec![];
    }
    let text = model.words("the function has answered: {tab-functions} shows it");
    vec![model.say(text)]
}

/// An answer, to be looked at.
fn answered(function: &Untrusted, answer: CallAnswer) -> Viewer {
    let bytes = usize::try_from(answer.bytes).unwrap_or(usize::MAX);
    let note = format!(
        "{}, {}",
        duration(i64::try_from(answer.duration_ms).unwrap_or(i64::MAX)),
        amount::bytes(bytes)
    );
    Viewer::of_result(answer.result)
        .named(function)
        .with_note(note)
}

/// Stops the function that runs, at its server too.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let run = model.tabs.functions.run.as_mut()?;
    let Phase::Running { ticket, .. } = run.phase else {
        return None;
    };
    run.phase = Phase::Failed(
        Fault::user("you cancelled it while it ran; the server was told, and may have done it")
            .hint("{run-again} goes back to the arguments"),
    );
    Some(vec![model.cancel(ticket)])
}

/// Keeps the text and the cursor within the pane.
pub(super) fn settle(model: &mut Model) {
    let area = layout::padded(run_view::area(model));
    let editor = run_view::editor_area(area);
    let form = run_view::form_area(area);
    let say: Say<'_> = &|text| model.words(text);
    let run = model.tabs.functions.run.as_ref();
    let sheet = run
        .filter(|run| matches!(run.phase, Phase::Editing))
        .map(|run| {
            let keys = run_view::keys(model.focus);
            let brush = model.brush(say);
            run.filling.painted(brush, run_view::form_width(form), keys)
        });
    let Some(run) = model.tabs.functions.run.as_mut() else {
        if model.focus.in_run() {
            model.focus = Focus::Functions;
        }
        return;
    };
    run.filling.settle(usize::from(editor.height));
    if let Some(sheet) = sheet {
        run.form_top = sheet.top(run.form_top, usize::from(form.height));
    }
    if matches!(model.focus, Focus::Arguments | Focus::ArgumentsRaw) {
        model.focus = arguments::focus_of(&run.filling);
    }
}

impl Run {
    /// Whether it has not answered yet.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running { .. })
    }

    /// Whether there is nothing to fill in.
    pub(super) fn takes_nothing(&self) -> bool {
        self.filling.shown() == Shown::Form && self.filling.form().is_empty()
    }

    /// Whether letters are typed into its arguments.
    pub(super) fn is_typing(&self) -> bool {
        self.filling.is_typing()
    }

    /// Whether it belongs to the connector whose functions are shown.
    pub(super) fn connector_is_shown(&self, model: &Model) -> bool {
        model.tabs.functions.connector.as_ref() == Some(&self.connector)
    }
}
