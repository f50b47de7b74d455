//! One line of the journal whole, with what was sent and what came back where the
//! board still has it: that is looked at in the viewer, below what the line says.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use serde_json::Value;

use super::{Wish, told, view};
use crate::domain::{CallOutcome, Fault, JournalEntry, JournalEvent};
use crate::guard::sanitise;
use crate::protocol::{CallRecord, ConnectorView, WholeCall};
use crate::tui::action::Action;
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::form::mask_secrets;
use crate::tui::mirror::{Known, Listed};
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::Click;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::tab::Tab;
use crate::tui::theme::{Role, Theme};
use crate::tui::update::load_functions;
use crate::tui::viewer::{self, Viewer};
use crate::tui::widget::cursor::{scroll, wheel};
use crate::tui::widget::{rows, server};

/// Width of the labels.
const LABELS: usize = 10;

/// From so many rows on, all that the line says stands above the viewer.
const TALL: u16 = 26;

/// Where a call is looked at.
pub(in crate::tui) const VIEWER: viewer::Place = viewer::Place {
    get: |model| model.tabs.activity.opened.as_ref()?.viewer.as_deref(),
    get_mut: |model| model.tabs.activity.opened.as_mut()?.viewer.as_deref_mut(),
    area: viewer_area,
    focus: Focus::Viewer(Tab::Activity),
    open: viewer::Place::opens_nothing,
};

/// The line that is shown whole.
#[derive(Debug)]
pub(super) struct Opened {
    /// Its place in the journal.
    pub(super) seq: i64,
    entry: JournalEntry,
    /// What the board still has of it.
    record: Record,
    /// The same, to be looked at.
    viewer: Option<Box<Viewer>>,
    /// Its lines, and what they were made for.
    lines: Vec<Line<'static>>,
    made_for: Option<(Rect, Theme)>,
}

/// What the board still has of a call.
#[derive(Debug)]
enum Record {
    /// That is on its way, or there is nothing to be had.
    Unknown,
    /// This, secrets and all: it is not shown like that.
    Here(Box<CallRecord>),
    /// It is in the viewer, or there is nothing for one. Whether there were arguments
    /// and a result.
    Shown(bool, bool),
    /// It could not be had.
    Missing(Fault),
}

impl Opened {
    /// A line, before the board said what it has of it.
    fn new(entry: JournalEntry) -> Self {
        Self {
            seq: entry.seq,
            entry,
            record: Record::Unknown,
            viewer: None,
            lines: Vec::new(),
            made_for: None,
        }
    }

    /// What is shown above the viewer, or alone.
    pub(super) fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    /// What came, to be looked at.
    pub(super) fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_deref()
    }
}

/// Shows a line whole.
pub(super) fn open(model: &mut Model, entry: JournalEntry) -> Vec<Effect> {
    let (seq, is_call) = (entry.seq, told::is_call(&entry));
    let connector = connector(model, &entry).map(|connector| connector.id.clone());
    model.tabs.activity.opened = Some(Opened::new(entry));
    model.tabs.activity.scroll = 0;
    if !is_call {
        model.focus = Focus::ActivityDetail;
        return vec![];
    }
    model.focus = VIEWER.focus;
    let wish = Purpose::Activity(Wish::Call(seq));
    let mut effects = vec![model.ask(wish, Ask::WholeCall(WholeCall { seq }))];
    // The function says which of its arguments are secrets.
    if let Some(id) = connector.filter(|id| !model.mirror.functions.contains_key(id)) {
        effects.extend(load_functions(model, &id));
    }
    effects
}

/// What the board still has of a call came, or did not.
pub(super) fn came(model: &mut Model, seq: i64, result: Result<Answer, Fault>) {
    let opened = model.tabs.activity.opened.as_mut();
    let Some(opened) = opened.filter(|opened| opened.seq == seq) else {
        return;
    };
    opened.record = match result {
        Ok(Answer::WholeCall(record)) => Record::Here(record),
        Ok(_) => Record::Missing(Fault::internal("the board answered something else")),
        Err(fault) => Record::Missing(fault),
    };
    opened.made_for = None;
}

/// The connector that a line is about, if it is there still.
fn connector<'a>(model: &'a Model, entry: &JournalEntry) -> Option<&'a ConnectorView> {
    let name = entry.connector.as_deref()?;
    let mut all = model.mirror.connectors.iter();
    all.find(|connector| connector.name.as_str() == name)
}

/// What the arguments of a call were to look like, as far as that can be known.
/// `None`: it will be known in a moment.
fn schema(model: &Model, entry: &JournalEntry) -> Option<Value> {
    let Some(connector) = connector(model, entry) else {
        return Some(Value::Null);
    };
    match model.mirror.functions.get(&connector.id) {
        Some(Known::Here(functions)) => {
            let name = entry.function.as_ref();
            let function = name.and_then(|name| functions.named(name.raw()));
            let schema = |function: Listed<'_>| function.whole().input_schema.value();
            Some(function.map_or(Value::Null, schema))
        }
        Some(Known::Missing(_)) => Some(Value::Null),
        Some(Known::Loading) => None,
        None => Some(Value::Null),
    }
}

/// Puts into the viewer what came, but for secrets.
fn look(model: &mut Model) {
    let Some(opened) = &model.tabs.activity.opened else {
        return;
    };
    if !matches!(opened.record, Record::Here(_)) {
        return;
    }
    let Some(schema) = schema(model, &opened.entry) else {
        return;
    };
    let anew = is_from_before(model, &opened.entry);
    let dot = model.theme.dot();
    let Some(opened) = &mut model.tabs.activity.opened else {
        return;
    };
    opened.made_for = None;
    let Record::Here(record) = std::mem::replace(&mut opened.record, Record::Unknown) else {
        return;
    };
    let mut arguments = record.arguments;
    let (sent, came) = (arguments.is_some(), record.result.is_some());
    opened.record = Record::Shown(sent, came);
    if !sent && !came {
        return;
    }
    let mut notes = Vec::new();
    if !sent {
        notes.push(format!("arguments {}", no_arguments(anew)));
    }
    if arguments.as_mut().map_or(0, |it| mask_secrets(it, &schema)) > 0 {
        notes.push("secrets are not shown".to_owned());
    }
    if !came {
        notes.push(format!("result: {}", no_result(&opened.entry, anew)));
    }
    let mut viewer = Viewer::of_call(arguments, record.result).with_note(notes.join(dot));
    if let Some(function) = &opened.entry.function {
        viewer = viewer.named(function);
    }
    opened.viewer = Some(Box::new(viewer));
}

/// Whether the board was started after this was written.
fn is_from_before(model: &Model, entry: &JournalEntry) -> bool {
    let board = model.mirror.board.as_ref();
    board.is_some_and(|board| board.started_at > entry.at)
}

/// How many lines there are, and how many fit.
fn size(model: &Model) -> (usize, usize) {
    let opened = model.tabs.activity.opened.as_ref();
    let lines = opened.map_or(0, |opened| opened.lines.len());
    (lines, usize::from(view::detail_area(model).height))
}

/// Where the viewer is: below the lines.
pub(super) fn viewer_area(model: &Model) -> Rect {
    let area = view::detail_area(model);
    let opened = model.tabs.activity.opened.as_ref();
    let lines = opened.map_or(0, |opened| opened.lines.len());
    let above = u16::try_from(lines).unwrap_or(u16::MAX);
    // However long they are, something of it is to be seen.
    let above = above.min(area.height.saturating_sub(6));
    Rect {
        y: area.y.saturating_add(above),
        height: area.height.saturating_sub(above),
        ..area
    }
}

/// Makes what is shown where it is not, and keeps the place in it.
pub(super) fn settle(model: &mut Model) {
    look(model);
    let area = view::detail_area(model);
    let wanted = (Rect::new(0, 0, area.width, area.height), model.theme);
    let Some(opened) = &model.tabs.activity.opened else {
        return;
    };
    if opened.made_for != Some(wanted) {
        let lines = lines(model, opened, area);
        if let Some(opened) = &mut model.tabs.activity.opened {
            opened.lines = lines;
            opened.made_for = Some(wanted);
        }
    }
    let (lines, height) = size(model);
    let state = &mut model.tabs.activity;
    state.scroll = state.scroll.min(lines.saturating_sub(height));
    if state.opened.as_ref().is_some_and(|it| it.viewer.is_some()) {
        state.scroll = 0;
    }
}

/// Whether the keys are in what is shown whole.
pub(super) fn has(focus: Focus) -> bool {
    matches!(
        focus,
        Focus::ActivityDetail
            | Focus::Viewer(Tab::Activity)
            | Focus::ViewerSearch(Tab::Activity)
            | Focus::ViewerPath(Tab::Activity)
    )
}

/// Does what a key stands for, but for what the viewer does.
pub(super) fn act(model: &mut Model, action: Action) {
    let (lines, height) = size(model);
    if !scroll(&mut model.tabs.activity.scroll, action, lines, height) && action == Action::Back {
        model.focus = Focus::Activity;
        model.tabs.activity.opened = None;
    }
}

/// Takes the mouse.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let opened = model.tabs.activity.opened.as_ref();
    if opened.is_some_and(|opened| opened.viewer.is_some()) {
        return viewer::clicked(model, click);
    }
    let (lines, height) = size(model);
    wheel(&mut model.tabs.activity.scroll, click, lines, height);
    vec![]
}

fn lines(model: &Model, opened: &Opened, area: Rect) -> Vec<Line<'static>> {
    let theme = model.theme;
    let entry = &opened.entry;
    let width = usize::from(area.width);
    if opened.viewer.is_some() && area.height < TALL {
        let mut lines = short_facts(model, entry, width);
        lines.push(Line::raw(""));
        return lines;
    }
    let mut lines = facts(model, entry, width);
    if !told::is_call(entry) {
        return lines;
    }
    lines.push(Line::raw(""));
    match opened.record {
        // The viewer says the rest.
        Record::Shown(sent, came) if sent || came => {}
        Record::Shown(..) => {
            let anew = is_from_before(model, entry);
            for (heading, why) in [
                ("Arguments", no_arguments(anew)),
                ("Result", no_result(entry, anew)),
            ] {
                lines.push(Line::styled(heading, theme.style(Role::Strong)));
                lines.extend(rows::wrapped(theme, Role::Quiet, why, width, ""));
                lines.push(Line::raw(""));
            }
        }
        Record::Missing(ref fault) => lines.extend(fault_lines(model, fault, width)),
        Record::Unknown | Record::Here(_) => {
            let text = "asking the board what it still has of it";
            lines.push(Line::styled(text, theme.style(Role::Quiet)));
        }
    }
    lines
}

/// Why there are no arguments to be shown.
fn no_arguments(anew: bool) -> &'static str {
    if anew {
        "not kept: the board has been started anew since"
    } else {
        "not kept any more: the board keeps those of the last calls, in memory alone"
    }
}

/// Why there is no result to be shown.
fn no_result(entry: &JournalEntry, anew: bool) -> &'static str {
    match (entry.event, entry.outcome) {
        (JournalEvent::Decision, _) if entry.begins_a_call() => "no answer came yet",
        (JournalEvent::Decision, _) => "there is none: it was not run",
        (_, Some(CallOutcome::Ok | CallOutcome::Error)) if anew => {
            "not kept: the board has been started anew since"
        }
        (_, Some(CallOutcome::Ok | CallOutcome::Error)) => {
            "not kept any more, or too large to be kept"
        }
        _ => "there is none: no answer came",
    }
}

/// What a line of the journal says: a label, words, and their looks.
type Fact = (&'static str, String, Role);

/// When it was.
fn when(model: &Model, entry: &JournalEntry) -> String {
    let local = model.zone.local(entry.at);
    let zone = model.zone.name_at(entry.at);
    format!("{} {} {zone}", local.date, local.time)
}

/// Who did it.
fn who(theme: Theme, entry: &JournalEntry, width: usize) -> String {
    let who = told::who(theme, entry, width);
    match (&entry.agent, who.is_empty()) {
        (Some(_), _) => format!("{who}, as it calls itself"),
        (None, true) => "the server, by itself".to_owned(),
        (None, false) => who,
    }
}

/// What was decided, and by which rule.
fn decided(entry: &JournalEntry) -> Option<String> {
    let decision = entry.decision?;
    let rule = told::by_which_rule(entry);
    let rule = rule.map_or_else(String::new, |rule| format!(" ({rule})"));
    Some(format!("{}{rule}", told::decision(decision, entry.by)))
}

/// How it ended.
fn ended(theme: Theme, entry: &JournalEntry) -> (String, Role) {
    let (sign, role, how) = told::ending(theme, entry);
    (format!("{sign} {how}").trim_start().to_owned(), role)
}

/// What a line of the journal says, each with a label.
pub(in crate::tui) fn facts(
    model: &Model,
    entry: &JournalEntry,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut facts: Vec<Fact> = vec![
        ("When", when(model, entry), Role::Text),
        ("Who", who(theme, entry, width / 2), Role::Text),
    ];
    if let Some(connector) = &entry.connector {
        facts.push(("Connector", sanitise::cut(connector, width), Role::Strong));
    }
    if let Some(function) = &entry.function {
        let name = server::quoted(theme, function, width.saturating_sub(LABELS + 1));
        facts.push(("Function", name, Role::Strong));
    }
    if let Some(decided) = decided(entry) {
        facts.push(("Decision", decided, Role::Text));
    }
    let (how, role) = ended(theme, entry);
    let label = if told::is_call(entry) {
        "Outcome"
    } else {
        "What"
    };
    facts.push((label, how, role));
    if let Some(took) = entry.duration_ms {
        facts.push(("Took", told::duration(took), Role::Text));
    }
    if let Some(size) = entry.result_bytes {
        let size = format!("{}, {size} bytes", told::size(size));
        facts.push(("Result", size, Role::Text));
    }
    if let Some(digest) = &entry.arguments_digest {
        let digest: String = digest.chars().filter(char::is_ascii_hexdigit).collect();
        facts.push(("Arguments", format!("SHA-256 {digest}"), Role::Quiet));
    }
    let line = format!("line {} of the journal", entry.seq);
    facts.push(("Written", line, Role::Quiet));
    labelled(theme, facts, width)
}

/// The same about a call in few lines, where the viewer needs the others.
fn short_facts(model: &Model, entry: &JournalEntry, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let dot = theme.dot();
    let mut when = when(model, entry);
    if let Some(took) = entry.duration_ms {
        when.push_str(&format!("{dot}took {}", told::duration(took)));
    }
    if let Some(size) = entry.result_bytes {
        when.push_str(&format!("{dot}{}", told::size(size)));
    }
    let mut function = entry
        .connector
        .as_deref()
        .map_or_else(String::new, |name| sanitise::cut(name, width / 3));
    if let Some(name) = &entry.function {
        function.push(' ');
        function.push_str(&server::quoted(theme, name, width / 2));
    }
    let (mut how, role) = ended(theme, entry);
    if let Some(decided) = decided(entry) {
        how.push_str(dot);
        how.push_str(&decided);
    }
    let facts = vec![
        ("When", when, Role::Text),
        ("Who", who(theme, entry, width / 2), Role::Text),
        ("Function", function, Role::Strong),
        ("Outcome", how, role),
    ];
    labelled(theme, facts, width)
}

fn labelled(theme: Theme, facts: Vec<Fact>, width: usize) -> Vec<Line<'static>> {
    let room = width.saturating_sub(LABELS + 1).max(16);
    let mut lines = Vec::new();
    for (label, value, role) in facts {
        for (place, text) in sanitise::wrap(&value, room).into_iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            let value = vec![Span::styled(text, theme.style(role))];
            lines.push(rows::labelled(theme, label, LABELS, value));
        }
    }
    lines
}
