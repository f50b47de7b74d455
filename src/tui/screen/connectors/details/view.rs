//! How the details of a connector look: a frame, the tabs, and the one that is shown.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::tab::{DETAIL_TABS, DetailTab};
use super::{area, inside};
use crate::guard::sanitise;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::screen::connectors::chosen;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::cursor::Cursor;
use crate::tui::widget::rows;

/// Draws the pane.
pub(in crate::tui::screen::connectors) fn view(
    model: &Model,
    frame: &mut Frame<'_>,
    pane: Rect,
    focused: bool,
) {
    let theme = model.theme;
    let connector = chosen(model);
    let title = connector.map_or_else(Vec::new, |connector| {
        let title = format!(" {} ", connector.name);
        vec![Span::styled(title, theme.style(Role::Strong))]
    });
    rows::pane(frame, pane, theme, title, focused);
    let Some(connector) = connector else {
        return;
    };
    let inside = inside(pane);
    let line = Rect {
        height: inside.height.min(1),
        ..inside
    };
    frame.render_widget(tabs(model, usize::from(inside.width), focused), line);
    let tab = model.tabs.connectors.details.tab;
    (tab.does().view)(model, connector, frame, area(model), focused);
}

/// The tabs, each with the blank before it and its name: words get shorter where there
/// is little room.
fn names(width: usize) -> Vec<(DetailTab, &'static str, &'static str)> {
    let ways = [(false, "  "), (false, " "), (true, " ")];
    let all = |(short, gap): (bool, &'static str)| {
        DETAIL_TABS.iter().enumerate().map(move |(place, spec)| {
            // The blank before the first keeps in line with what stands below.
            let gap = if place == 0 { " " } else { gap };
            (spec.tab, gap, if short { spec.short } else { spec.title })
        })
    };
    let cells = |way| -> usize {
        all(way)
            .map(|(_, gap, name)| gap.len() + sanitise::width(name))
            .sum()
    };
    let way = ways.into_iter().find(|way| cells(*way) <= width);
    all(way.unwrap_or((true, " "))).collect()
}

/// The tabs in a line.
fn tabs(model: &Model, width: usize, focused: bool) -> Line<'static> {
    let theme = model.theme;
    let mut spans = Vec::new();
    for (tab, gap, name) in names(width) {
        spans.push(Span::raw(gap));
        let role = if focused { Role::Focus } else { Role::Strong };
        let style = if tab == model.tabs.connectors.details.tab {
            theme.style(role).add_modifier(Modifier::REVERSED)
        } else {
            theme.style(Role::Quiet)
        };
        spans.push(Span::styled(name, style));
    }
    Line::from(spans)
}

/// The tab in a column of the screen.
pub(super) fn tab_at(model: &Model, column: u16) -> Option<DetailTab> {
    let area = area(model);
    let mut from = usize::from(area.x);
    for (tab, gap, name) in names(usize::from(area.width)) {
        let to = from + gap.len() + sanitise::width(name);
        if (from + gap.len()..to).contains(&usize::from(column)) {
            return Some(tab);
        }
        from = to;
    }
    None
}

/// Draws the filter over a list, where there is one.
pub(super) fn filter(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some(picked) = super::picked(model) else {
        return;
    };
    if area.height > 0 {
        let here = model.focus == Focus::ConnectorRowFilter;
        rows::filter(frame, area, model.theme, &picked.filter, here);
    }
}

/// Draws the rows of a list that are on the screen.
pub(super) fn list(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    cursor: Cursor,
    count: usize,
    focused: bool,
    row: impl Fn(usize) -> Option<Line<'static>>,
) {
    let last = cursor.top.saturating_add(usize::from(area.height));
    let lines: Vec<Line<'static>> = (cursor.top..last.min(count))
        .filter_map(|place| {
            let line = row(place)?;
            Some(match (place == cursor.row, focused) {
                (true, true) => line.patch_style(theme.style(Role::Chosen)),
                (true, false) => line.patch_style(theme.style(Role::ChosenElsewhere)),
                _ => line,
            })
        })
        .collect();
    rows::text(frame, area, theme, lines, 0);
    rows::more(frame, area, theme, cursor.top, count);
}
