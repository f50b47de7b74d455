//! Running one function: its arguments, the question where it is on *ask*, the
//! progress, and what came of it.

use serde_json::{Map, Value};

use super::{cancel as cancel_tab, chosen, connector, listing, run_view, schema};
use crate::domain::{ConnectorId, Fault, FunctionState, Permission, Progress, Untrusted};
use crate::guard::arguments::{check, fault_of};
use crate::guard::json::{Limits, read_strict};
use crate::protocol::{Call, CallAnswer, CallStep};
use crate::tui::action::Action;
use crate::tui::dock::{Question, ask_call, ask_unlock};
use crate::tui::effect::{Effect, Ticket, Work, WorkEnd, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::tab::Tab;
use crate::tui::update::locked_here;
use crate::tui::viewer::{self, Viewer};
use crate::tui::widget::amount;
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::Typed;

/// Longest arguments that are sent, in bytes.
const ARGUMENTS_LIMIT: usize = 1 << 20;

/// A function and its arguments, and how far the run is.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) connector: ConnectorId,
    pub(super) connector_name: String,
    pub(super) function: Untrusted,
    /// The definition that was on the screen when it was begun.
    digest: String,
    pub(super) editor: Editor,
    /// What is wrong with the arguments.
    pub(super) wrong: Option<String>,
    pub(super) phase: Phase,
}

/// How far a run is.
#[derive(Debug)]
pub(super) enum Phase {
    /// The arguments are typed.
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
    let name = crate::tui::widget::server::quoted(model.theme, &function.name, 40);
    let refused = match (function.permission, function.state) {
        (_, FunctionState::New | FunctionState::Changed) => Some(
            Fault::denied(format!("{name} is not what you accepted"))
                .hint("read it, then a, s or b accepts it as it is shown"),
        ),
        (Permission::Block, _) => Some(
            Fault::denied(format!("{name} is on block, which never runs")).hint("s sets it to ask"),
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
            _ => Focus::Arguments,
        };
        if let Some(run) = &mut model.tabs.functions.run
            && !matches!(run.phase, Phase::Running { .. })
        {
            run.phase = Phase::Editing;
        }
        return vec![];
    }
    let run = Run {
        connector: connector.id.clone(),
        connector_name: connector.name.as_str().to_owned(),
        function: function.name.clone(),
        digest: function.digest.clone(),
        editor: match model.tabs.functions.drafts.get(&key) {
            Some(draft) => Editor::with(draft),
            None => Editor::with(&schema::draft(&function.input_schema)),
        },
        wrong: None,
        phase: Phase::Editing,
    };
    let stopped = cancel_tab(model).unwrap_or_default();
    model.tabs.functions.run = Some(run);
    model.focus = Focus::Arguments;
    stopped
}

/// A key while the arguments have them.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Typed> {
    let run = model.tabs.functions.run.as_mut()?;
    // Tab leaves the pane with Shift only; alone it indents.
    let typed = run.editor.key(key);
    if typed == Typed::Changed {
        run.wrong = None;
        remember(model);
    }
    Some(typed)
}

/// A paste while the arguments have the keys.
pub(super) fn pasted(model: &mut Model, text: &str) -> Option<&'static str> {
    let run = model.tabs.functions.run.as_mut()?;
    run.editor.paste(text);
    run.wrong = None;
    remember(model);
    None
}

/// Keeps the arguments for the next time.
fn remember(model: &mut Model) {
    if let Some(run) = &model.tabs.functions.run {
        let key = (run.connector.clone(), run.function.raw().to_owned());
        let text = run.editor.text();
        model.tabs.functions.drafts.insert(key, text);
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_mut() else {
        model.focus = Focus::Functions;
        return vec![];
    };
    match action {
        Action::RunCall => return check_and_run(model),
        Action::NewLine => {
            run.editor.new_line();
            remember(model);
        }
        Action::LeaveArguments | Action::Back => {
            model.focus = Focus::Functions;
            if !matches!(run.phase, Phase::Running { .. }) {
                model.tabs.functions.run = None;
            }
        }
        Action::RunAgain if !matches!(run.phase, Phase::Running { .. }) => {
            run.phase = Phase::Editing;
            model.focus = Focus::Arguments;
        }
        Action::NextPane | Action::PreviousPane => model.focus = Focus::Functions,
        _ => {}
    }
    vec![]
}

/// Checks the arguments and runs the function, or asks first.
fn check_and_run(model: &mut Model) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return vec![];
    };
    let text = run.editor.text();
    let arguments: Map<String, Value> =
        match read_strict(text.as_bytes(), Limits::bytes(ARGUMENTS_LIMIT)) {
            Ok(Value::Object(arguments)) => arguments,
            Ok(_) => {
                run.wrong = Some("the arguments are an object, in braces: { }".to_owned());
                return vec![];
            }
            Err(fault) => {
                if fault.line > 0 {
                    run.editor.go_to(fault.line, fault.column);
                }
                run.wrong = Some(fault.to_string());
                return vec![];
            }
        };
    run.wrong = None;
    let question = Question {
        connector: run.connector.clone(),
        connector_name: run.connector_name.clone(),
        function: run.function.clone(),
        digest: run.digest.clone(),
        arguments,
        claims: String::new(),
    };
    let function = model
        .mirror
        .functions_of(&question.connector)
        .iter()
        .find(|function| function.name == question.function);
    if let Some(function) = function
        && let Err(faults) = check(&function.input_schema, &question.arguments)
    {
        let fault = fault_of(&question.function, &faults);
        let mut wrong = fault.message;
        for hint in fault.hints {
            wrong.push_str("; ");
            wrong.push_str(&hint);
        }
        run.wrong = Some(wrong);
        return vec![];
    }
    match function.map(|function| (function.permission, function.hints)) {
        Some((Permission::Always, _)) => send(model, question, false),
        Some((Permission::Ask, hints)) => {
            let claims = listing::claims(hints);
            ask_call(model, Question { claims, ..question })
        }
        Some((Permission::Block, _)) => {
            let fault = Fault::denied("it is on block by now, which never runs");
            vec![model.complain(&fault)]
        }
        None => {
            let fault = Fault::not_found("the server does not list it any more");
            vec![model.complain(&fault)]
        }
    }
}

fn send(model: &mut Model, question: Question, approved: bool) -> Vec<Effect> {
    let call = Call {
        name: question.connector_name,
        function: question.function.raw().to_owned(),
        arguments: question.arguments,
        approved_digest: approved.then_some(question.digest),
        ask_back: false,
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
        *progress = Some(said);
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
    vec![model.say("the function has answered: 4 shows it")]
}

/// An answer, to be looked at.
fn answered(function: &Untrusted, answer: CallAnswer) -> Viewer {
    let bytes = usize::try_from(answer.bytes).unwrap_or(usize::MAX);
    let note = format!("{} ms, {}", answer.duration_ms, amount::bytes(bytes));
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
            .hint("t goes back to the arguments"),
    );
    Some(vec![model.cancel(ticket)])
}

/// Keeps the text and the cursor within the pane.
pub(super) fn settle(model: &mut Model) {
    let area = layout::padded(run_view::area(model));
    let editor = run_view::editor_area(area);
    let Some(run) = model.tabs.functions.run.as_mut() else {
        if matches!(
            model.focus,
            Focus::Arguments
                | Focus::Outcome
                | Focus::ViewerSearch(Tab::Functions)
                | Focus::ViewerPath(Tab::Functions)
        ) {
            model.focus = Focus::Functions;
        }
        return;
    };
    run.editor.settle(usize::from(editor.height));
}

impl Run {
    /// Whether it belongs to the connector whose functions are shown.
    pub(super) fn connector_is_shown(&self, model: &Model) -> bool {
        model.tabs.functions.connector.as_ref() == Some(&self.connector)
    }
}
