//! Running one function: its arguments, the question where it is on *ask*, the
//! progress, and what came of it.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::outcome::{Outcome, file_name};
use super::{cancel as cancel_tab, chosen, connector, listing, run_view, schema};
use crate::domain::{ConnectorId, Fault, FunctionState, Permission, Progress, Untrusted};
use crate::guard::arguments::{check, fault_of};
use crate::guard::json::{Limits, read_strict};
use crate::protocol::{Call, CallStep};
use crate::tui::action::Action;
use crate::tui::dock::{Question, ask_call, ask_unlock};
use crate::tui::effect::{Effect, Ticket, Work, WorkEnd, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::input::{Code, Key};
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::{self, Click};
use crate::tui::update::locked_here;
use crate::tui::widget::cursor::{scroll, wheel};
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::{Field, Typed};

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
    /// First line of the outcome on the screen.
    pub(super) top: usize,
    /// The name of the file, while it is typed.
    pub(super) saving: Option<Field>,
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
    Answered(Box<Outcome>),
    /// It did not.
    Failed(Fault),
}

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
        top: 0,
        saving: None,
    };
    let stopped = cancel_tab(model).unwrap_or_default();
    model.tabs.functions.run = Some(run);
    model.focus = Focus::Arguments;
    stopped
}

/// A key while the arguments or the file name have them.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Typed> {
    let run = model.tabs.functions.run.as_mut()?;
    if let Some(path) = &mut run.saving {
        // The cursor stands before the name that is offered: this takes all of it.
        if key.mods.ctrl && key.code == Code::Char('u') {
            *path = Field::default();
            return Some(Typed::Changed);
        }
        return Some(path.key(key));
    }
    // Tab leaves the pane with Shift only; alone it indents.
    let typed = run.editor.key(key);
    if typed == Typed::Changed {
        run.wrong = None;
        remember(model);
    }
    Some(typed)
}

/// A paste while the arguments or the file name have the keys.
pub(super) fn pasted(model: &mut Model, text: &str) -> Option<&'static str> {
    let run = model.tabs.functions.run.as_mut()?;
    match &mut run.saving {
        Some(path) => path.paste(text),
        None => {
            run.editor.paste(text);
            run.wrong = None;
            remember(model);
            None
        }
    }
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
    let area = layout::padded(run_view::area(model));
    let height = usize::from(run_view::outcome_area(model, area).height);
    let now = model.clock.now;
    let Some(run) = model.tabs.functions.run.as_mut() else {
        model.focus = Focus::Functions;
        return vec![];
    };
    if model.focus == Focus::Outcome
        && let Phase::Answered(outcome) = &run.phase
        && scroll(&mut run.top, action, outcome.lines().len(), height)
    {
        return vec![];
    }
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
        Action::ToggleView => {
            if let Phase::Answered(outcome) = &mut run.phase {
                outcome.toggle();
                run.top = 0;
            }
        }
        Action::Save => {
            if let Phase::Answered(outcome) = &run.phase {
                let name = file_name(&run.function, now, outcome.ending());
                run.saving = Some(Field::with(&name).at_start());
                model.focus = Focus::SavePath;
            }
        }
        Action::SaveNow => return save(model),
        Action::SaveNot => {
            run.saving = None;
            model.focus = Focus::Outcome;
        }
        Action::NextPane | Action::PreviousPane => model.focus = Focus::Functions,
        _ => {}
    }
    vec![]
}

/// The mouse over it: a click gives the keys to what is there, the wheel scrolls.
pub(super) fn clicked(model: &mut Model, click: Click) {
    let area = layout::padded(run_view::area(model));
    let height = usize::from(run_view::outcome_area(model, area).height);
    let Some(run) = model.tabs.functions.run.as_mut() else {
        return;
    };
    let focus = match &run.phase {
        _ if run.saving.is_some() => Focus::SavePath,
        Phase::Editing => Focus::Arguments,
        Phase::Running { .. } | Phase::Answered(_) | Phase::Failed(_) => Focus::Outcome,
    };
    if let Phase::Answered(outcome) = &run.phase {
        wheel(&mut run.top, click, outcome.lines().len(), height);
    }
    pointer::focus(model, click, focus);
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
        run.top = 0;
        model
            .places
            .insert(crate::tui::tab::Tab::Functions, Focus::Outcome);
        if model.tab == crate::tui::tab::Tab::Functions {
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

/// Whether there is an answer to be looked at.
pub(super) fn has_answer(model: &Model) -> bool {
    model
        .tabs
        .functions
        .run
        .as_ref()
        .is_some_and(|run| matches!(run.phase, Phase::Answered(_)))
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
        Ok(WorkEnd::Called(answer)) => Phase::Answered(Box::new(Outcome::of(*answer))),
        Ok(_) => Phase::Failed(Fault::internal("the board answered something else")),
        Err(fault) => Phase::Failed(fault),
    };
    if let Some(fault) = fault
        && locked_here(model, &fault)
    {
        return ask_unlock(model);
    }
    if model.tab == crate::tui::tab::Tab::Functions {
        return vec![];
    }
    vec![model.say("the function has answered: 4 shows it")]
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

fn save(model: &mut Model) -> Vec<Effect> {
    let Some(run) = model.tabs.functions.run.as_ref() else {
        return vec![];
    };
    let (Phase::Answered(outcome), Some(path)) = (&run.phase, &run.saving) else {
        return vec![];
    };
    let path = path.text().trim().to_owned();
    if path.is_empty() {
        return vec![];
    }
    let bytes = outcome.bytes();
    let ticket = Ticket(model.number());
    model.tasks.under_way.insert(ticket, Purpose::Save);
    vec![Effect::WriteFile(ticket, PathBuf::from(path), bytes)]
}

/// The file was written, or not.
pub(in crate::tui) fn saved(model: &mut Model, result: Result<(), Fault>) -> Vec<Effect> {
    match result {
        Ok(()) => {
            let name = model
                .tabs
                .functions
                .run
                .as_mut()
                .and_then(|run| run.saving.take())
                .map_or_else(String::new, |path| path.text().trim().to_owned());
            if model.focus == Focus::SavePath {
                model.focus = Focus::Outcome;
            }
            vec![model.say(format!("written to {name}"))]
        }
        Err(fault) => vec![model.complain(&fault)],
    }
}

/// Keeps the text and the cursor within the pane.
pub(super) fn settle(model: &mut Model) {
    let area = layout::padded(run_view::area(model));
    let editor = run_view::editor_area(area);
    let outcome = run_view::outcome_area(model, area);
    let theme = model.theme;
    let Some(run) = model.tabs.functions.run.as_mut() else {
        if matches!(
            model.focus,
            Focus::Arguments | Focus::Outcome | Focus::SavePath
        ) {
            model.focus = Focus::Functions;
        }
        return;
    };
    run.editor.settle(usize::from(editor.height));
    if let Phase::Answered(answer) = &mut run.phase {
        answer.wrap(theme, usize::from(outcome.width));
        let last = answer
            .lines()
            .len()
            .saturating_sub(usize::from(outcome.height));
        run.top = run.top.min(last);
    }
}

impl Run {
    /// Whether it belongs to the connector whose functions are shown.
    pub(super) fn connector_is_shown(&self, model: &Model) -> bool {
        model.tabs.functions.connector.as_ref() == Some(&self.connector)
    }
}
