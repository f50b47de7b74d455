//! Tab 5: calls and decisions as they happen.

mod call;
mod click;
mod log;
mod place;
mod rate;
mod rows;
mod sieve;
pub(in crate::tui) mod told;
mod view;

pub(in crate::tui) use call::{VIEWER, facts};
pub(in crate::tui) use click::clicked;
pub(in crate::tui) use log::Log;
pub(in crate::tui) use place::{keep, recall};
pub(in crate::tui) use view::view;

use call::Opened;
use rate::Rate;
use sieve::{Kind, Sieve};

use crate::domain::{Fault, JournalEntry};
use crate::protocol::{EventKind, Journal};
use crate::tui::action::Action;
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::model::{Model, Purpose};
use crate::tui::tab::Tab;
use crate::tui::widget::cursor::Cursor;
use crate::tui::widget::field::{Field, Typed};

/// Lines of the journal that are asked for at once.
const PAGE: u32 = 500;

/// Lines that are asked for without a key, so that the last hour is known.
const FOR_THE_HOUR: usize = 3000;

/// Older pages that one key looks through for lines that the filters let through.
const LOOKED_THROUGH: u8 = 5;

/// So many lines are kept while the newest are shown.
const KEPT: usize = 5000;

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    log: Log,
    past: Past,
    filter: Field,
    sieve: Sieve,
    /// Places of the lines that are shown, in order, and what they were made of.
    rows: Vec<i64>,
    made_of: Option<(u64, String, Sieve)>,
    cursor: Cursor,
    /// The line that is chosen; `None`: the newest, whichever that is.
    chosen: Option<i64>,
    /// The newest line when another one was chosen.
    left_at: i64,
    rate: Rate,
    /// The one page of the journal that is on its way.
    asked: Option<Wish>,
    /// Older pages that may still be looked through.
    patience: u8,
    /// The call that is shown whole.
    opened: Option<Opened>,
    /// First line of it on the screen.
    scroll: usize,
}

/// What is known of the time before.
#[derive(Debug, Default)]
enum Past {
    /// Nobody asked.
    #[default]
    Unknown,
    /// It was asked for.
    Asked,
    /// It is here, its newest part at least.
    Here,
    /// It cannot be had.
    Missing(Fault),
}

/// What it asked the board for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Wish {
    /// The newest lines.
    Newest,
    /// What came after a line.
    After(i64),
    /// What came between two lines.
    Between(i64, i64),
    /// What came before a line.
    Before(i64),
    /// A call whole.
    Call(i64),
}

/// The tab was opened.
pub(in crate::tui) fn opened(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    if matches!(state.past, Past::Unknown | Past::Missing(_)) && model.mirror.is_up() {
        state.past = Past::Asked;
        return ask(model, Wish::Newest);
    }
    settle(model);
    reach(model)
}

/// The board said something.
pub(in crate::tui) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    match event {
        // What was missed meanwhile is asked for.
        EventKind::Snapshot(_) => match state.past {
            Past::Here => {
                state.asked = None;
                let last = state.log.last().unwrap_or(0);
                ask(model, Wish::After(last))
            }
            Past::Asked => {
                state.asked = None;
                ask(model, Wish::Newest)
            }
            Past::Unknown | Past::Missing(_) => vec![],
        },
        EventKind::Journal(entry) if !matches!(state.past, Past::Unknown) => {
            state.log.add((**entry).clone());
            if state.chosen.is_none() {
                state.log.forget_beyond(KEPT);
            }
            mend(model)
        }
        _ => vec![],
    }
}

/// Asks for lines that are missing between others.
fn mend(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    if state.asked.is_some() || !matches!(state.past, Past::Here) {
        return vec![];
    }
    match state.log.gap() {
        Some((after, before)) => ask(model, Wish::Between(after, before)),
        None => vec![],
    }
}

/// Asks for older lines where some are wanted: the first ones are in sight, few pass
/// the filters, or the last hour is not known whole.
fn reach(model: &mut Model) -> Vec<Effect> {
    let height = view::height(model);
    let state = &mut model.tabs.activity;
    let Some(first) = state.log.first() else {
        return vec![];
    };
    let ready = matches!(state.past, Past::Here) && state.asked.is_none();
    if !ready || state.log.begins() || model.tab != Tab::Activity {
        return vec![];
    }
    let short = state.cursor.top < height || state.rows.len() < height;
    let hour = !state.rate.is_whole() && state.log.len() < FOR_THE_HOUR;
    if short && state.patience > 0 {
        state.patience = state.patience.saturating_sub(1);
    } else if !hour {
        return vec![];
    }
    ask(model, Wish::Before(first))
}

fn ask(model: &mut Model, wish: Wish) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    if state.asked.is_some() || !model.mirror.is_up() {
        return vec![];
    }
    let mut journal = Journal {
        limit: Some(PAGE),
        ..Journal::default()
    };
    match wish {
        Wish::After(seq) => journal.after_seq = Some(seq),
        Wish::Before(seq) => journal.before_seq = Some(seq),
        Wish::Between(after, before) => {
            journal.after_seq = Some(after);
            journal.before_seq = Some(before);
        }
        Wish::Newest | Wish::Call(_) => {}
    }
    state.asked = Some(wish.clone());
    vec![model.ask(Purpose::Activity(wish), Ask::Journal(journal))]
}

/// The board answered.
pub(in crate::tui) fn answered(
    model: &mut Model,
    wish: Wish,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    if let Wish::Call(seq) = wish {
        call::came(model, seq, result);
        return vec![];
    }
    let state = &mut model.tabs.activity;
    // The board may have been lost meanwhile, and another page be on its way: lines are
    // welcome all the same, a failure is not told.
    let awaited = state.asked.as_ref() == Some(&wish);
    if awaited {
        state.asked = None;
    }
    let lines = match result {
        Ok(Answer::Journal(lines)) => lines,
        _ if !awaited => return vec![],
        Ok(_) => return missing(model, Fault::internal("the board answered something else")),
        Err(fault) => return missing(model, fault),
    };
    let all = lines.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
    match wish {
        Wish::Newest | Wish::Before(_) if all => state.log.has_its_beginning(),
        Wish::Between(after, _) if lines.is_empty() => state.log.close(after),
        _ => {}
    }
    state.log.take(lines);
    if !matches!(state.past, Past::Here) {
        state.past = Past::Here;
        state.patience = LOOKED_THROUGH;
    }
    settle(model);
    let mut effects = mend(model);
    effects.extend(reach(model));
    effects
}

/// A page could not be had. What is here stays.
fn missing(model: &mut Model, fault: Fault) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    state.patience = 0;
    if matches!(state.past, Past::Here) {
        return vec![model.complain(&fault)];
    }
    state.past = Past::Missing(fault);
    vec![]
}

/// Keeps the rows up to date and everything within its bounds.
pub(in crate::tui) fn settle(model: &mut Model) {
    if model.tab != Tab::Activity {
        return;
    }
    let height = view::height(model);
    let wall = model.clock.wall;
    let state = &mut model.tabs.activity;
    let (version, typed) = (state.log.version(), state.filter.text());
    let same = state
        .made_of
        .as_ref()
        .is_some_and(|of| of.0 == version && of.1 == typed && of.2 == state.sieve);
    if !same {
        let words = typed.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let shown = state.log.shown();
        let lets = |entry: &&JournalEntry| state.sieve.lets(entry) && told::has(entry, &words);
        state.rows = shown.filter(lets).map(|entry| entry.seq).collect();
        state.made_of = Some((version, typed.to_owned(), state.sieve.clone()));
    }
    state.rate.refresh(&state.log, wall);
    let last = state.rows.len().saturating_sub(1);
    state.cursor.row = match state.chosen {
        None => last,
        Some(seq) => {
            // A call that ended has another line now.
            let seq = state.log.end_of(seq).unwrap_or(seq);
            state.chosen = Some(seq);
            state.rows.partition_point(|row| *row < seq).min(last)
        }
    };
    state.cursor.settle(state.rows.len(), height);
    call::settle(model);
    if model.tabs.activity.opened.is_none() && call::has(model.focus) {
        model.focus = Focus::Activity;
    }
}

/// The line that is chosen.
fn chosen(model: &Model) -> Option<&JournalEntry> {
    let state = &model.tabs.activity;
    state.log.get(*state.rows.get(state.cursor.row)?)
}

/// Whether an action has something to act on.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> bool {
    let state = &model.tabs.activity;
    if model.focus != Focus::Activity {
        return true;
    }
    match action {
        Action::Back => !state.filter.text().is_empty() || !state.sieve.is_empty(),
        Action::Open if matches!(state.past, Past::Missing(_)) => true,
        _ => state.log.len() > 0,
    }
}

/// A key while the filter has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    match model.tabs.activity.filter.key(key) {
        Typed::Changed => Some(refiltered(model)),
        Typed::Taken => Some(vec![]),
        Typed::NotMine => None,
    }
}

/// A paste while the filter has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let said = model.tabs.activity.filter.paste(text);
    let mut effects = refiltered(model);
    effects.extend(said.map(|said| model.say(said)));
    effects
}

/// The filters are others: the newest that they let through is chosen.
fn refiltered(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    state.chosen = None;
    state.patience = LOOKED_THROUGH;
    settle(model);
    reach(model)
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.focus {
        Focus::ActivityFilter => {
            let cleared = action == Action::FilterClear;
            if cleared || action == Action::FilterDone {
                model.focus = Focus::Activity;
            }
            if cleared {
                model.tabs.activity.filter = Field::default();
                return refiltered(model);
            }
            vec![]
        }
        focus if call::has(focus) => {
            call::act(model, action);
            vec![]
        }
        _ => on_list(model, action),
    }
}

fn on_list(model: &mut Model, action: Action) -> Vec<Effect> {
    let height = view::height(model);
    let state = &mut model.tabs.activity;
    let rows = state.rows.len();
    if state.cursor.go(action, rows, height) {
        return moved(model);
    }
    match action {
        Action::Open => return open(model),
        Action::Filter => model.focus = Focus::ActivityFilter,
        Action::Back if !state.filter.text().is_empty() => {
            state.filter = Field::default();
            return keep_place(model);
        }
        Action::Back => {
            state.sieve.take_last();
            return keep_place(model);
        }
        _ => {
            if let Some(kind) = Kind::of(action) {
                return sift(model, kind);
            }
        }
    }
    vec![]
}

/// Another row may be chosen: takes note of its line. The last one is the newest,
/// whichever that is.
fn moved(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.tabs.activity;
    let newest = state.cursor.row.saturating_add(1) >= state.rows.len();
    let before = state.chosen;
    state.chosen = state
        .rows
        .get(state.cursor.row)
        .copied()
        .filter(|_| !newest);
    if before.is_none() {
        state.left_at = state.log.last().unwrap_or(0);
    }
    state.patience = LOOKED_THROUGH;
    reach(model)
}

/// More is shown again: the chosen line stays chosen.
fn keep_place(model: &mut Model) -> Vec<Effect> {
    settle(model);
    reach(model)
}

/// Takes the value of the chosen line as a filter, or takes that filter away.
fn sift(model: &mut Model, kind: Kind) -> Vec<Effect> {
    let entry = chosen(model).cloned();
    let state = &mut model.tabs.activity;
    match state.sieve.toggle(kind, entry.as_ref()) {
        Ok(()) => {
            // The line whose value it is stays where it is, unless it was the newest.
            state.patience = LOOKED_THROUGH;
            keep_place(model)
        }
        Err(why) => vec![model.say(why)],
    }
}

/// Shows the chosen line whole, or asks for the journal again where it could not be
/// had.
fn open(model: &mut Model) -> Vec<Effect> {
    if matches!(model.tabs.activity.past, Past::Missing(_)) {
        model.tabs.activity.past = Past::Asked;
        return ask(model, Wish::Newest);
    }
    let Some(entry) = chosen(model).cloned() else {
        return vec![];
    };
    call::open(model, entry)
}
