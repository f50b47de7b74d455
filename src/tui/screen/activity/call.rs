//! One line of the journal whole, with what was sent and what came back where the
//! board still has it.

use ratatui::text::{Line, Span};
use serde_json::Value;

use super::{told, view};
use crate::domain::{CallOutcome, Fault, JournalEntry, JournalEvent, Untrusted};
use crate::guard::sanitise;
use crate::protocol::CallRecord;
use crate::tui::model::Model;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Width of the labels.
const LABELS: usize = 10;

/// Longest value that is shown, in characters; the rest is counted.
const SHOWN: usize = 40_000;

/// The line that is shown whole.
#[derive(Debug)]
pub(super) struct Opened {
    /// Its place in the journal.
    pub(super) seq: i64,
    entry: JournalEntry,
    /// What the board still has of it; `None`: that is on its way, or there is
    /// nothing to be had.
    record: Option<Result<Box<CallRecord>, Fault>>,
    /// Its lines, and what they were made for.
    lines: Vec<Line<'static>>,
    made_for: Option<(usize, Theme)>,
}

impl Opened {
    /// A line, before the board said what it has of it.
    pub(super) fn new(entry: JournalEntry) -> Self {
        Self {
            seq: entry.seq,
            entry,
            record: None,
            lines: Vec::new(),
            made_for: None,
        }
    }

    /// Takes in what the board still has.
    pub(super) fn take(&mut self, record: Result<Box<CallRecord>, Fault>) {
        self.record = Some(record);
        self.made_for = None;
    }

    /// What is shown.
    pub(super) fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }
}

/// How many lines it has, and how many fit.
pub(super) fn size(model: &Model) -> (usize, usize) {
    let opened = model.tabs.activity.opened.as_ref();
    let lines = opened.map_or(0, |opened| opened.lines.len());
    (lines, usize::from(view::detail_area(model).height))
}

/// Makes the lines where they are not, and keeps the place among them.
pub(super) fn settle(model: &mut Model) {
    let wanted = (usize::from(view::detail_area(model).width), model.theme);
    let Some(opened) = &model.tabs.activity.opened else {
        return;
    };
    if opened.made_for != Some(wanted) {
        let lines = lines(model, opened, wanted.0);
        if let Some(opened) = &mut model.tabs.activity.opened {
            opened.lines = lines;
            opened.made_for = Some(wanted);
        }
    }
    let (lines, height) = size(model);
    let state = &mut model.tabs.activity;
    state.scroll = state.scroll.min(lines.saturating_sub(height));
}

fn lines(model: &Model, opened: &Opened, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let entry = &opened.entry;
    let mut lines = facts(model, entry, width);
    if !told::is_call(entry) {
        return lines;
    }
    let record = match &opened.record {
        Some(Ok(record)) => record,
        Some(Err(fault)) => {
            lines.push(Line::raw(""));
            lines.extend(fault_lines(model, fault, width));
            return lines;
        }
        None => {
            lines.push(Line::raw(""));
            let text = "asking the board what it still has of it";
            lines.push(Line::styled(text, theme.style(Role::Quiet)));
            return lines;
        }
    };
    let anew = model
        .mirror
        .board
        .as_ref()
        .is_some_and(|board| board.started_at > entry.at);
    part(
        theme,
        "Arguments",
        record.arguments.as_ref(),
        width,
        &mut lines,
        || {
            if anew {
                "not kept: the board has been started anew since".to_owned()
            } else {
                "not kept any more: the board keeps those of the last calls, in memory alone"
                    .to_owned()
            }
        },
    );
    part(
        theme,
        "Result",
        record.result.as_ref(),
        width,
        &mut lines,
        || no_result(entry, anew).to_owned(),
    );
    lines
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

/// What a line of the journal says, each with a label.
pub(in crate::tui) fn facts(
    model: &Model,
    entry: &JournalEntry,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    let mut fact = |label: &str, value: String, role: Role| {
        let room = width.saturating_sub(LABELS + 1).max(16);
        for (place, text) in sanitise::wrap(&value, room).into_iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            let value = vec![Span::styled(text, theme.style(role))];
            lines.push(rows::labelled(theme, label, LABELS, value));
        }
    };
    let local = model.zone.local(entry.at);
    let zone = model.zone.name_at(entry.at);
    let when = format!("{} {} {zone}", local.date, local.time);
    fact("When", when, Role::Text);
    let who = told::who(theme, entry, width / 2);
    let who = match (&entry.agent, who.is_empty()) {
        (Some(_), _) => format!("{who}, as it calls itself"),
        (None, true) => "the server, by itself".to_owned(),
        (None, false) => who,
    };
    fact("Who", who, Role::Text);
    if let Some(connector) = &entry.connector {
        fact("Connector", sanitise::cut(connector, width), Role::Strong);
    }
    if let Some(function) = &entry.function {
        let name = server::quoted(theme, function, width.saturating_sub(LABELS + 1));
        fact("Function", name, Role::Strong);
    }
    if let Some(decision) = entry.decision {
        let rule = told::by_which_rule(entry);
        let rule = rule.map_or_else(String::new, |rule| format!(" ({rule})"));
        let decided = told::decision(decision, entry.by);
        fact("Decision", format!("{decided}{rule}"), Role::Text);
    }
    let (sign, role, how) = told::ending(theme, entry);
    let label = if told::is_call(entry) {
        "Outcome"
    } else {
        "What"
    };
    let how = format!("{sign} {how}").trim_start().to_owned();
    fact(label, how, role);
    if let Some(took) = entry.duration_ms {
        fact("Took", told::duration(took), Role::Text);
    }
    if let Some(size) = entry.result_bytes {
        let size = format!("{}, {size} bytes", told::size(size));
        fact("Result", size, Role::Text);
    }
    if let Some(digest) = &entry.arguments_digest {
        let digest: String = digest.chars().filter(char::is_ascii_hexdigit).collect();
        fact("Arguments", format!("SHA-256 {digest}"), Role::Quiet);
    }
    let line = format!("line {} of the journal", entry.seq);
    fact("Written", line, Role::Quiet);
    lines
}

/// A value behind a gutter, or why there is none.
fn part(
    theme: Theme,
    heading: &'static str,
    value: Option<&Value>,
    width: usize,
    lines: &mut Vec<Line<'static>>,
    why_not: impl FnOnce() -> String,
) {
    lines.push(Line::raw(""));
    lines.push(Line::styled(heading, theme.style(Role::Strong)));
    let Some(value) = value else {
        let why = why_not();
        lines.extend(rows::wrapped(theme, Role::Quiet, &why, width, ""));
        return;
    };
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let head: String = text.chars().take(SHOWN).collect();
    lines.extend(server::behind_gutter(theme, &Untrusted::new(head), width));
    let more = text.chars().count().saturating_sub(SHOWN);
    if more > 0 {
        let text = format!("{more} characters more are not shown");
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, ""));
    }
}
