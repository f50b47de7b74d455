//! What happened with a connector: its lines in the journal, the newest first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::journal::{self, KEPT, Page, PageState};
use super::picked::{First, Parts, parts};
use super::{Wish, area, entry, text};
use crate::domain::JournalEntry;
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::Click;
use crate::tui::screen::activity::{self, told};
use crate::tui::screen::connectors::chosen;
use crate::tui::screen::connectors::view::fault_lines;
use crate::tui::theme::Role;
use crate::tui::widget::cursor::{Hit, scroll};
use crate::tui::widget::rows;

/// The lines of the chosen connector.
fn page(model: &Model) -> Option<&Page> {
    let id = &chosen(model)?.id;
    model.tabs.connectors.details.book.page(id)
}

/// Those that have all these words, the newest first. A call that ended has one line.
fn shown<'a>(model: &'a Model, words: &[String]) -> Vec<&'a JournalEntry> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lines = page(model).into_iter().flat_map(|page| page.log.shown());
    let mut lines: Vec<&JournalEntry> = lines.filter(|line| told::has(line, &words)).collect();
    lines.reverse();
    lines
}

fn key_of(lines: &[&JournalEntry], row: usize) -> Option<String> {
    lines.get(row).map(|line| line.seq.to_string())
}

/// The line that is shown whole.
fn opened(model: &Model) -> Option<&JournalEntry> {
    let seq = model.tabs.connectors.details.line?;
    page(model)?.log.get(seq)
}

/// What stands below the rows: why they do not go on.
fn foot(model: &Model, width: usize) -> Vec<Line<'static>> {
    let (Some(page), Some(connector)) = (page(model), chosen(model)) else {
        return vec![];
    };
    if let Some(fault) = &page.older_missing {
        return fault_lines(model, fault, width);
    }
    if page.log.begins() || page.log.len() < KEPT {
        return vec![];
    }
    let text = format!(
        "The newest {KEPT} lines; `callboard log --connector {}` has the others",
        connector.name
    );
    rows::wrapped(model.theme, Role::Quiet, &text, width, "  ")
}

fn divide(model: &Model, area: Rect) -> Parts {
    let width = usize::from(text::inside(area).width);
    let foot = foot(model, width).len();
    parts(area, 0, super::has_filter(model), foot)
}

/// Draws them, or the one that is shown whole.
pub(super) fn view(
    model: &Model,
    connector: &ConnectorView,
    frame: &mut Frame<'_>,
    area: Rect,
    focused: bool,
) {
    let theme = model.theme;
    if let Some(line) = opened(model) {
        text::view(model, frame, area, |width| whole(model, line, width));
        return;
    }
    let parts = divide(model, area);
    let width = usize::from(text::inside(area).width);
    super::view::filter(model, frame, parts.filter);
    rows::text(
        frame,
        text::inside(parts.foot),
        theme,
        foot(model, width),
        0,
    );
    let words = model.tabs.connectors.details.history.words();
    let lines = shown(model, &words);
    if lines.is_empty() {
        let lines = nothing(model, connector, width);
        rows::text(frame, text::inside(parts.rows), theme, lines, 0);
        return;
    }
    let cursor = model.tabs.connectors.details.history.cursor;
    let width = usize::from(parts.rows.width);
    let row = |place: usize| {
        let line = lines.get(place)?;
        Some(entry::row(model, line, width))
    };
    super::view::list(frame, parts.rows, theme, cursor, lines.len(), focused, row);
}

/// What stands there instead of lines.
fn nothing(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let quiet = |text: String| {
        let span = Span::styled(model.words(&text), theme.style(Role::Quiet));
        vec![Line::from(span)]
    };
    let of_lines = |it: &Purpose| matches!(it, Purpose::Details(Wish::Lines(_)));
    match page(model) {
        Some(page) => match &page.state {
            PageState::Missing(fault) => fault_lines(model, fault, width),
            PageState::Loading => quiet(model.waiting("reading the journal", of_lines)),
            PageState::Here if page.log.len() > 0 => {
                quiet("nothing matches; {leave-details} shows all again".to_owned())
            }
            PageState::Here => quiet(format!("nothing is written about {} yet", connector.name)),
        },
        None if model.mirror.is_up() => quiet(model.waiting("reading the journal", of_lines)),
        None => quiet("the journal is with the board, and no board answers".to_owned()),
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(divide(model, area(model)).rows.height);
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.history);
    let lines = shown(model, &picked.words());
    let moved = picked.go(
        action,
        lines.len(),
        height,
        |row| key_of(&lines, row),
        First::Follows,
    );
    let here = lines.get(picked.cursor.row).map(|line| line.seq);
    model.tabs.connectors.details.history = picked;
    if moved {
        return Some(vec![]);
    }
    if action != Action::OpenRow {
        return None;
    }
    let Some(seq) = here else {
        return Some(vec![model.say("there is no line here")]);
    };
    model.tabs.connectors.details.line = Some(seq);
    model.tabs.connectors.details.scroll = 0;
    model.focus = Focus::JournalLine;
    Some(vec![])
}

/// Takes the mouse over the list.
pub(super) fn clicked(model: &mut Model, click: Click) -> Hit {
    let rows = divide(model, area(model)).rows;
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.history);
    let lines = shown(model, &picked.words());
    let hit = picked.click(
        click,
        rows,
        lines.len(),
        |row| key_of(&lines, row),
        First::Follows,
    );
    model.tabs.connectors.details.history = picked;
    hit
}

/// A line whole.
fn whole(model: &Model, line: &JournalEntry, width: usize) -> Vec<Line<'static>> {
    let mut lines = activity::facts(model, line, width);
    if told::is_call(line) {
        lines.push(Line::raw(""));
        let text = "The journal keeps digests and sizes, never arguments or results. The last \
                    calls are whole in Activity, as long as the board runs: {tab-activity} opens it.";
        let text = model.words(text);
        lines.extend(rows::wrapped(model.theme, Role::Quiet, &text, width, ""));
    }
    lines
}

/// How many lines the whole one has, and how many fit.
fn line_size(model: &Model) -> (usize, usize) {
    let inside = text::inside(area(model));
    let lines = opened(model).map_or(0, |line| {
        whole(model, line, usize::from(inside.width)).len()
    });
    (lines, usize::from(inside.height))
}

/// The same while one line is shown whole.
pub(super) fn act_on_line(model: &mut Model, action: Action) -> Vec<Effect> {
    let (lines, height) = line_size(model);
    let details = &mut model.tabs.connectors.details;
    if !scroll(&mut details.scroll, action, lines, height) && action == Action::Back {
        details.line = None;
        details.scroll = 0;
        model.focus = Focus::ConnectorHistory;
    }
    vec![]
}

/// Keeps the list within its bounds.
pub(super) fn settle(model: &mut Model) {
    if model.tabs.connectors.details.line.is_some() {
        if opened(model).is_none() {
            model.tabs.connectors.details.line = None;
            if model.focus == Focus::JournalLine {
                model.focus = Focus::ConnectorHistory;
            }
        }
        let (lines, height) = line_size(model);
        let top = &mut model.tabs.connectors.details.scroll;
        *top = (*top).min(lines.saturating_sub(height));
    }
    let height = usize::from(divide(model, area(model)).rows.height);
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.history);
    let lines = shown(model, &picked.words());
    picked.settle(
        lines.len(),
        height,
        |row| key_of(&lines, row),
        First::Follows,
    );
    model.tabs.connectors.details.history = picked;
}

/// What it still has to be told: the newest lines, and older ones once the last row
/// is reached.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let Some(connector) = chosen(model).cloned() else {
        return vec![];
    };
    let effects = journal::wants(model, &connector);
    if !effects.is_empty() {
        return effects;
    }
    let picked = &model.tabs.connectors.details.history;
    let rows = shown(model, &picked.words()).len();
    // Whoever filters looks for what may be further back.
    if picked.cursor.row.saturating_add(1) < rows || (rows == 0 && !picked.is_filtered()) {
        return vec![];
    }
    journal::wants_older(model, &connector)
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::OpenRow | Action::Filter => page(model).is_some_and(|page| page.log.len() > 0),
        _ => true,
    }
}
