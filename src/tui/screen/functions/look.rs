//! Whose details are shown, and what the board remembers of it.
//!
//! Beside the list, details follow when the keys have rested on a row: going down
//! a long list costs two rows on the line each time, not a whole page.

use std::time::Duration;

use ratatui::text::Line;

use super::{Key, connector, details, function, view};
use crate::domain::{ConnectorId, Fault, JournalEntry, Untrusted};
use crate::protocol::{FunctionOf, FunctionView};
use crate::tui::effect::{Answer, Ask, Effect, Timer};
use crate::tui::focus::Focus;
use crate::tui::model::{Model, Purpose};
use crate::tui::tab::Tab;
use crate::tui::theme::Theme;
use crate::tui::widget::server;

/// How long the keys rest on a row before its details are shown.
const REST: Duration = Duration::from_millis(120);

/// How long what changed must have been there before it counts as read, in
/// milliseconds: a key that was meant for the one before does not accept this one.
const IN_SIGHT: u64 = 500;

/// How many last calls are kept.
const LAST_CALLS: usize = 5;

/// What the board remembers of a function.
#[derive(Debug)]
pub(super) struct Seen {
    key: Key,
    /// The definition that it was asked for.
    digest: String,
    /// `None`: it is on its way.
    pub(super) view: Option<Result<Box<FunctionView>, Fault>>,
    /// When it came, in milliseconds of the face's clock.
    since: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// The row whose details stand beside the list.
    beside: Option<Key>,
    /// The last timer that was set for it.
    rest: u64,
    seen: Option<Seen>,
    /// Another number after each change of what is remembered.
    stamp: u64,
    sheet: Sheet,
}

/// Details as lines, made once for all that they depend on.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    of: Option<Source>,
    pub(super) title: String,
    pub(super) lines: Vec<Line<'static>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Source {
    key: Key,
    version: u64,
    stamp: u64,
    width: usize,
    theme: Theme,
}

impl Look {
    /// What was made of the row that is looked at.
    pub(super) fn sheet(&self) -> &Sheet {
        &self.sheet
    }
}

/// Whether the keys are in the list while details may stand beside it.
fn in_list(model: &Model) -> bool {
    !view::in_detail(model)
}

/// The row whose details are shown.
fn target(model: &Model) -> Option<&Key> {
    let state = &model.tabs.functions;
    let beside = state.look.beside.as_ref().filter(|_| in_list(model));
    let there = |key: &&Key| key.function.is_none() || function(model, key).is_some();
    beside.filter(there).or(state.chosen.as_ref())
}

/// Whether the details on the screen are those of the chosen function, with what the
/// board remembers of it, and have been there for a moment.
pub(super) fn is_read(model: &Model) -> bool {
    let since = model.tabs.functions.look.seen.as_ref().map(|it| it.since);
    shown(model).is_some()
        && since.is_some_and(|since| model.clock.now >= since.saturating_add(IN_SIGHT))
}

/// What the board remembers of the chosen function, where its details are on the screen.
pub(super) fn shown(model: &Model) -> Option<&FunctionView> {
    let state = &model.tabs.functions;
    let seen = state.look.seen.as_ref()?;
    let in_sight = model.tab == Tab::Functions
        && view::shows_detail(model)
        && target(model) == state.chosen.as_ref()
        && Some(&seen.key) == state.chosen.as_ref();
    match &seen.view {
        Some(Ok(view)) if in_sight => Some(view),
        _ => None,
    }
}

/// The keys went to another row: its details follow when they rest.
pub(super) fn moved(model: &mut Model) -> Vec<Effect> {
    if model.focus == Focus::FunctionDetail || !view::shows_detail(model) {
        return look(model);
    }
    let number = model.number();
    model.tabs.functions.look.rest = number;
    vec![Effect::Timer(Timer::Rest(number), REST)]
}

/// The keys have rested.
pub(in crate::tui) fn rested(model: &mut Model, number: u64) -> Vec<Effect> {
    if model.tabs.functions.look.rest != number {
        return vec![];
    }
    look(model)
}

/// Looks at the chosen row, and asks what the board remembers of it.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.tabs.functions;
    state.look.rest = 0;
    state.look.beside.clone_from(&state.chosen);
    if model.tab != Tab::Functions || !view::shows_detail(model) {
        return vec![];
    }
    let Some(key) = model.tabs.functions.chosen.clone() else {
        return vec![];
    };
    let (Some(function), Some(connector)) = (function(model, &key), connector(model)) else {
        return vec![];
    };
    let (name, digest) = (function.name(), function.digest());
    let known = |seen: &Seen| {
        seen.key == key && seen.digest == digest && !matches!(seen.view, Some(Err(_)))
    };
    if model.tabs.functions.look.seen.as_ref().is_some_and(known) {
        return vec![];
    }
    let request = FunctionOf {
        name: connector.name.as_str().to_owned(),
        function: name.raw().to_owned(),
    };
    let purpose = Purpose::Function(key.connector.clone(), name);
    model
        .tasks
        .under_way
        .retain(|_, other| !matches!(other, Purpose::Function(..)));
    let look = &mut model.tabs.functions.look;
    look.stamp = look.stamp.wrapping_add(1);
    look.seen = Some(Seen {
        key,
        digest,
        view: None,
        since: 0,
    });
    vec![model.ask(purpose, Ask::Function(request))]
}

/// The board said what it remembers.
pub(in crate::tui) fn seen(
    model: &mut Model,
    id: &ConnectorId,
    name: &Untrusted,
    result: Result<Answer, Fault>,
) {
    let now = model.clock.now;
    let look = &mut model.tabs.functions.look;
    let Some(seen) = &mut look.seen else {
        return;
    };
    if seen.key.connector != *id || seen.key.function.as_deref() != Some(name.raw()) {
        return;
    }
    look.stamp = look.stamp.wrapping_add(1);
    seen.since = now;
    seen.view = Some(match result {
        Ok(Answer::Function(view)) if view.function.digest == seen.digest => Ok(view),
        // The list that has it is on its way too.
        Ok(_) => Err(Fault::denied("the server changed it just now").retryable()),
        Err(fault) => Err(fault),
    });
}

/// A line was written: it may be a call of the function that is looked at.
pub(super) fn written_down(model: &mut Model, entry: &JournalEntry) {
    let mirror = &model.mirror;
    let look = &mut model.tabs.functions.look;
    let Some(Seen {
        key,
        view: Some(Ok(view)),
        ..
    }) = &mut look.seen
    else {
        return;
    };
    let connector = mirror.connector(&key.connector);
    let same = connector.is_some_and(|it| entry.connector.as_deref() == Some(it.name.as_str()))
        && entry.function.as_ref().map(Untrusted::raw) == key.function.as_deref();
    let known = view.last_calls.first().map_or(0, |last| last.seq);
    if same && entry.ends_a_call() && entry.seq > known {
        view.last_calls.insert(0, entry.clone());
        view.last_calls.truncate(LAST_CALLS);
        look.stamp = look.stamp.wrapping_add(1);
    }
}

/// How many lines the details have, and how many fit.
pub(super) fn size(model: &Model) -> (usize, usize) {
    let lines = model.tabs.functions.look.sheet.lines.len();
    (lines, usize::from(view::detail_area(model).height))
}

/// Makes the details anew where anything that they are made of differs.
pub(super) fn settle(model: &mut Model) {
    let width = usize::from(view::detail_area(model).width);
    let key = target(model).cloned();
    let source = key.map(|key| Source {
        key,
        version: model.mirror.functions.version(),
        stamp: model.tabs.functions.look.stamp,
        width,
        theme: model.theme,
    });
    let key_of = |source: &Option<Source>| source.as_ref().map(|source| source.key.clone());
    let before = &model.tabs.functions.look.sheet.of;
    // How a connector fares is no part of the version.
    let of_function = source
        .as_ref()
        .is_some_and(|source| source.key.function.is_some());
    if *before != source || !of_function {
        let another = key_of(before) != key_of(&source);
        let sheet = make(model, source);
        model.tabs.functions.look.sheet = sheet;
        if another {
            model.tabs.functions.scroll = 0;
        }
    }
    let (lines, height) = size(model);
    let last = lines.saturating_sub(height);
    model.tabs.functions.scroll = model.tabs.functions.scroll.min(last);
}

fn make(model: &Model, of: Option<Source>) -> Sheet {
    let Some(source) = &of else {
        return Sheet::default();
    };
    let width = source.width;
    let Some(function) = function(model, &source.key) else {
        let connector = model.mirror.connector(&source.key.connector);
        return Sheet {
            title: connector.map_or_else(String::new, |it| it.name.as_str().to_owned()),
            lines: connector.map_or_else(Vec::new, |it| details::of_connector(model, it, width)),
            of,
        };
    };
    let function = function.whole();
    let seen = model.tabs.functions.look.seen.as_ref();
    let seen = seen.filter(|seen| seen.key == source.key && seen.digest == function.digest);
    Sheet {
        title: server::quoted(model.theme, &function.name, width.saturating_sub(2)),
        lines: details::lines(model, &function, seen, width),
        of,
    }
}
