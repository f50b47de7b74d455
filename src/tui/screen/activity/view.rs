//! How tab 5 looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::rate::{MINUTES, Slow};
use super::rows::{Columns, is_today};
use super::{Past, call, told};
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::mirror::Link;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server, spark};

/// From so many rows on, the slowest functions have a line each.
const TALL: u16 = 30;

/// Functions that have one.
const SLOWEST: usize = 3;

/// Whether the call is shown whole, or was before a prompt took the keys.
pub(super) fn in_detail(model: &Model) -> bool {
    let focus = match model.focus.tab() {
        Some(_) => Some(&model.focus),
        None => model.places.get(&model.tab),
    };
    focus.is_some_and(|focus| call::has(*focus))
}

/// Where a call goes that is shown whole.
pub(super) fn detail_area(model: &Model) -> Rect {
    layout::padded(layout::areas(model).body)
}

/// The parts of the list: what is counted, the filter, the heading, the rows.
struct Parts {
    counted: Rect,
    filter: Rect,
    heading: Rect,
    rows: Rect,
}

fn parts(model: &Model, inside: Rect) -> Parts {
    let counted = if inside.height >= TALL {
        1 + u16::try_from(SLOWEST).unwrap_or(0)
    } else {
        2
    };
    let filter = u16::from(has_filter(model));
    let mut y = inside.y;
    let mut take = |rows: u16| {
        let rows = rows.min(inside.bottom().saturating_sub(y));
        let part = Rect::new(inside.x, y, inside.width, rows);
        y = y.saturating_add(rows);
        part
    };
    Parts {
        counted: take(counted),
        filter: take(filter),
        heading: take(1),
        rows: take(u16::MAX),
    }
}

pub(super) fn has_filter(model: &Model) -> bool {
    model.focus == Focus::ActivityFilter || !model.tabs.activity.filter.text().is_empty()
}

/// Where the rows of the list go.
pub(super) fn rows_area(model: &Model) -> Rect {
    parts(model, layout::inside(layout::areas(model).body)).rows
}

/// How many rows fit.
pub(super) fn height(model: &Model) -> usize {
    usize::from(rows_area(model).height)
}

/// Draws the tab.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let focused = model.focus.tab().is_some();
    if in_detail(model) {
        whole(model, frame, body, focused);
        return;
    }
    let theme = model.theme;
    let inside = rows::pane(frame, body, theme, title(model), focused);
    let state = &model.tabs.activity;
    if state.log.len() == 0 {
        let lines = nothing(model, usize::from(inside.width));
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    let parts = parts(model, inside);
    let counted = counted(model, parts.counted);
    rows::text(frame, parts.counted, theme, counted, 0);
    if has_filter(model) {
        let here = model.focus == Focus::ActivityFilter && model.overlay.is_none();
        rows::filter(frame, parts.filter, theme, &state.filter, here);
    }
    let first = state.rows.first().and_then(|seq| state.log.get(*seq));
    let with_days = first.is_some_and(|first| !is_today(model, first.at));
    let columns = Columns::of(usize::from(inside.width), with_days);
    frame.render_widget(columns.heading(theme), parts.heading);
    if state.rows.is_empty() {
        let lines = no_match(model, usize::from(inside.width));
        rows::text(frame, parts.rows, theme, lines, 0);
        return;
    }
    let cursor = state.cursor;
    let shown = state.rows.iter().enumerate().skip(cursor.top);
    let lines: Vec<Line<'static>> = shown
        .take(usize::from(parts.rows.height))
        .filter_map(|(place, seq)| {
            let line = columns.row(model, state.log.get(*seq)?);
            Some(match (place == cursor.row, focused) {
                (true, true) => line.patch_style(theme.style(Role::Chosen)),
                (true, false) => line.patch_style(theme.style(Role::ChosenElsewhere)),
                _ => line,
            })
        })
        .collect();
    rows::text(frame, parts.rows, theme, lines, 0);
    rows::more(frame, parts.rows, theme, cursor.top, state.rows.len());
}

/// The zone, the filters, and how many lines are new below.
fn title(model: &Model) -> Vec<Span<'static>> {
    let theme = model.theme;
    let state = &model.tabs.activity;
    let dot = theme.dot();
    let zone = model.zone.name_at(model.clock.wall);
    let mut rest = format!("{dot}times in {zone}");
    for words in state.sieve.words(theme) {
        rest.push_str(dot);
        rest.push_str(&words);
    }
    let mut spans = vec![
        Span::styled(" Activity", theme.style(Role::Strong)),
        Span::raw(rest),
    ];
    let new = state.rows.len() - state.rows.partition_point(|seq| *seq <= state.left_at);
    if state.chosen.is_some() && new > 0 {
        let text = format!(
            "{dot}{new} new below, {} shows them",
            model.key(Action::Last)
        );
        spans.push(Span::styled(text, theme.style(Role::Focus)));
    }
    spans.push(Span::raw(" "));
    spans
}

/// Calls a minute, and which functions take long.
fn counted(model: &Model, area: Rect) -> Vec<Line<'static>> {
    let theme = model.theme;
    let width = usize::from(area.width);
    let rate = &model.tabs.activity.rate;
    let (calls, failed) = rate.calls();
    let known = rate.known().max(1);
    let cells = if width >= 100 { MINUTES } else { MINUTES / 2 };
    let minutes = rate.minutes(cells);
    let most = minutes.iter().copied().max().unwrap_or(0);
    let mut text = match calls {
        0 => format!("  no calls in {known} min"),
        1 => format!("  1 call in {known} min"),
        _ => format!("  {calls} calls in {known} min"),
    };
    let room = width.saturating_sub(cells + 2);
    let mut add = |part: String| {
        let longer = format!("{text}{}{part}", theme.dot());
        if sanitise::width(&longer) <= room {
            text = longer;
        }
    };
    if failed > 0 {
        add(format!("{failed} failed or refused"));
    }
    if most > 0 {
        add(format!("up to {most} a minute"));
    }
    let mut lines = vec![Line::from(vec![
        Span::raw(" "),
        Span::styled(sparkline(theme, minutes, cells), theme.style(Role::Key)),
        Span::raw(sanitise::cut(&text, room)),
    ])];
    lines.extend(slowest(theme, rate.slowest(), width, area.height));
    lines
}

/// A bar for each minute; blanks before the first one that is known.
fn sparkline(theme: Theme, minutes: &[u32], cells: usize) -> String {
    let before = " ".repeat(cells.saturating_sub(minutes.len()));
    format!("{before}{}", spark::line(theme, minutes))
}

fn slowest(theme: Theme, slowest: &[Slow], width: usize, height: u16) -> Vec<Line<'static>> {
    let label = " slowest  ";
    let named = |slow: &Slow, cells: usize| {
        let name = server::quoted(theme, &slow.function, cells);
        let connector = sanitise::cut(&slow.connector, 16);
        format!("{connector} {name} {}", told::duration(slow.median))
    };
    let head = Span::styled(label, theme.style(Role::Quiet));
    if usize::from(height) > SLOWEST {
        return slowest
            .iter()
            .take(SLOWEST)
            .enumerate()
            .map(|(place, slow)| {
                let head = if place == 0 {
                    head.clone()
                } else {
                    Span::raw(" ".repeat(label.len()))
                };
                let calls = match slow.calls {
                    1 => String::new(),
                    calls => format!(
                        " typically, {} at most, in {calls} calls",
                        told::duration(slow.longest)
                    ),
                };
                let text = format!("{}{calls}", named(slow, 40));
                let room = width.saturating_sub(label.len());
                Line::from(vec![head, Span::raw(sanitise::cut(&text, room))])
            })
            .collect();
    }
    if slowest.is_empty() {
        return vec![];
    }
    let all: Vec<String> = slowest.iter().map(|slow| named(slow, 24)).collect();
    let text = all.join(theme.dot());
    let text = rows::cut_at_word(&text, width.saturating_sub(label.len() + 1));
    vec![Line::from(vec![head, Span::raw(text)])]
}

/// What stands there instead of lines.
fn nothing(model: &Model, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let width = width.saturating_sub(4);
    let mut lines = vec![Line::raw("")];
    match &model.tabs.activity.past {
        Past::Missing(fault) => {
            lines.extend(fault_lines(model, fault, width));
            lines.push(Line::styled(
                model.words("{open} tries again"),
                theme.style(Role::Key),
            ));
        }
        Past::Here => {
            lines.push(Line::styled(
                "Nothing has happened on this board yet.",
                theme.style(Role::Strong),
            ));
            let text = "Every call and every decision about one is written down here as it happens, and what you change too.";
            lines.extend(rows::wrapped(theme, Role::Quiet, text, width, ""));
        }
        Past::Unknown | Past::Asked => {
            let text = match model.mirror.link {
                Link::Down { .. } => "the board is gone; what it wrote down shows when it is back",
                Link::Starting | Link::Up => "reading the journal",
            };
            let text = model.waiting(text, |it| matches!(it, Purpose::Activity(_)));
            lines.push(Line::styled(text, theme.style(Role::Quiet)));
        }
    }
    for line in &mut lines {
        line.spans.insert(0, Span::raw("  "));
    }
    lines
}

/// That the filters let nothing through, and how far was looked.
fn no_match(model: &Model, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let state = &model.tabs.activity;
    let first = state.log.first().and_then(|seq| state.log.get(seq));
    let mut text = model.words("nothing matches; {back} takes the filters away");
    if let Some(first) = first.filter(|_| !state.log.begins()) {
        let local = model.zone.local(first.at);
        let (day, time) = (local.date.as_str(), local.minute());
        text.push_str(&format!(
            ". Looked back to {day} {time}; {} looks further back",
            model.key(Action::Up)
        ));
    }
    let mut lines = rows::wrapped(theme, Role::Quiet, &text, width.saturating_sub(2), "");
    for line in &mut lines {
        line.spans.insert(0, Span::raw(" "));
    }
    lines
}

/// A line of the journal whole.
fn whole(model: &Model, frame: &mut Frame<'_>, body: Rect, focused: bool) {
    let theme = model.theme;
    let state = &model.tabs.activity;
    let title = match state.opened.as_ref().map(|opened| opened.seq) {
        Some(seq) => format!(" Activity{}line {seq} ", theme.dot()),
        None => " Activity ".to_owned(),
    };
    let title = vec![Span::styled(title, theme.style(Role::Strong))];
    rows::pane(frame, body, theme, title, focused);
    let inside = layout::padded(body);
    if let Some(opened) = &state.opened {
        rows::lines(frame, inside, theme, opened.lines(), state.scroll);
        if let Some(viewer) = opened.viewer() {
            let area = call::viewer_area(model);
            viewer.view(theme, frame, (area, model.cell_pixels), focused);
        }
    }
}
