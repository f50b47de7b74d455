//! How what was opened looks: what it is, then the blanks, or what came.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::watch::Watch;
use super::{Opened, Phase, What, opened, opened_mut};
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::screen::connectors::details::{DetailTab, area, entry, offers, text};
use crate::tui::screen::connectors::view::fault_lines;
use crate::tui::theme::Role;
use crate::tui::widget::cursor::scroll;
use crate::tui::widget::{rows, server};

/// Lines of the server's words above the blanks.
const DESCRIBED: usize = 4;

/// What it is, and how it stands.
fn head(model: &Model, opened: &Opened, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let offer = opened.what.offer();
    let kind = offers::kind(offer);
    let name = match opened.what.address(&opened.values()) {
        // While it is filled in, its address grows with what is typed.
        Ok(address) => server::quoted(theme, &address, usize::MAX),
        Err(_) => server::quoted(theme, offers::id(offer), usize::MAX),
    };
    let text = format!("{kind} {name}");
    let mut lines = rows::wrapped(theme, Role::Strong, &text, width, "  ");
    lines.truncate(3);
    lines.extend(state(model, opened, width));
    lines
}

/// How the reading stands, and whether it is watched.
fn state(model: &Model, opened: &Opened, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let dot = theme.dot();
    let mut lines = Vec::new();
    if let Some((_, since)) = opened.asking {
        let seconds = model.clock.now.saturating_sub(since) / 1000;
        lines.push(Line::from(vec![
            Span::styled(
                format!("{} asking the server", theme.spinner(model.tasks.spin)),
                theme.style(Role::Quiet),
            ),
            Span::raw(format!("{dot}{seconds} s{dot}")),
            Span::styled("Ctrl-c cancels", theme.style(Role::Key)),
        ]));
    } else if let Phase::Shown(content) = &opened.phase {
        let read = entry::moment(model, content.at);
        let verb = match opened.what {
            What::Prompt(_) => "filled in",
            _ => "read",
        };
        let text = format!("{verb} {read}{dot}{} bytes", content.bytes);
        lines.push(Line::styled(
            sanitise::cut(&text, width),
            theme.style(Role::Quiet),
        ));
    }
    let (sign, role, text) = match &opened.watch {
        Watch::No => return lines,
        Watch::Begun(_) => (
            theme.pick("◌", "o"),
            Role::Quiet,
            "asking to be told of changes".to_owned(),
        ),
        Watch::On { changes: 0, .. } => (
            theme.pick("◉", "@"),
            Role::Good,
            format!("live: shown anew when it changes{dot}w ends it"),
        ),
        Watch::On { changes, last, .. } => {
            let last = last.map_or_else(String::new, |at| entry::moment(model, at));
            let times = match changes {
                1 => "once".to_owned(),
                more => format!("{more} times"),
            };
            let text = format!("live: changed {times}, last {last}{dot}w ends it");
            (theme.pick("◉", "@"), Role::Good, text)
        }
        Watch::Over(None) => (
            "!",
            Role::Warn,
            format!("no longer watched: the server ended it{dot}w watches again"),
        ),
        Watch::Over(Some(fault)) => (
            "!",
            Role::Warn,
            format!("no longer watched: {}{dot}w watches again", fault.message),
        ),
    };
    let text = format!("{sign} {text}");
    lines.extend(rows::wrapped(theme, role, &text, width, "  "));
    lines
}

/// Where what came is shown: below the words about it.
fn content_area(model: &Model) -> Rect {
    let inside = text::inside(area(model));
    let head = opened(model).map_or(0, |opened| {
        head(model, opened, usize::from(inside.width)).len()
    });
    let head = u16::try_from(head).unwrap_or(0).min(inside.height);
    Rect::new(
        inside.x,
        inside.y.saturating_add(head),
        inside.width,
        inside.height.saturating_sub(head),
    )
}

/// Draws what was opened. Returns whether something is.
pub(in crate::tui::screen::connectors::details) fn view(
    model: &Model,
    frame: &mut Frame<'_>,
    area: Rect,
    _focused: bool,
) -> bool {
    let Some(opened) = opened(model) else {
        return false;
    };
    let theme = model.theme;
    let inside = text::inside(area);
    let width = usize::from(inside.width);
    let content = content_area(model);
    rows::text(frame, inside, theme, head(model, opened, width), 0);
    match &opened.phase {
        Phase::Filling => blanks(model, opened, frame, content),
        Phase::Waiting => {}
        Phase::Shown(shown) => {
            let lines = shown.lines(theme, usize::from(content.width));
            rows::text(frame, content, theme, lines, shown.top);
        }
        Phase::Failed(fault) => {
            let lines = fault_lines(theme, fault, width);
            rows::text(frame, content, theme, lines, 0);
        }
    }
    true
}

fn blanks(model: &Model, opened: &Opened, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let width = usize::from(area.width);
    let Some(blanks) = &opened.blanks else {
        return;
    };
    let mut lines = Vec::new();
    if let Some(words) = offers::description(opened.what.offer()).filter(|it| !it.is_empty()) {
        let mut described = server::behind_gutter(theme, words, width);
        described.truncate(DESCRIBED);
        lines.extend(described);
    }
    lines.push(Line::raw(""));
    let above = lines.len();
    let drawn = blanks.draw(theme, width);
    lines.extend(drawn.lines);
    let (line, cell) = (drawn.cursor.0 + above, drawn.cursor.1);
    let height = usize::from(area.height).max(1);
    let top = line.saturating_add(2).saturating_sub(height);
    rows::text(frame, area, theme, lines, top);
    if model.focus == Focus::OfferForm && line >= top {
        let x = u16::try_from(cell).unwrap_or(0);
        let y = u16::try_from(line - top).unwrap_or(0);
        if y < area.height && x < area.width {
            frame.set_cursor_position(Position::new(
                area.x.saturating_add(x),
                area.y.saturating_add(y),
            ));
        }
    }
}

/// How many lines what came has, and how many fit.
fn size(model: &Model) -> (usize, usize) {
    let area = content_area(model);
    let lines = match opened(model).map(|opened| &opened.phase) {
        Some(Phase::Shown(content)) => content.lines(model.theme, usize::from(area.width)).len(),
        _ => 0,
    };
    (lines, usize::from(area.height))
}

/// Scrolls what came.
pub(super) fn scroll_content(model: &mut Model, action: Action) {
    let (lines, height) = size(model);
    if let Some(Phase::Shown(content)) = opened_mut(model).map(|opened| &mut opened.phase) {
        scroll(&mut content.top, action, lines, height);
    }
}

/// Keeps what came on the screen.
pub(super) fn settle_content(model: &mut Model) {
    let is_shown = model.tabs.connectors.details.tab == DetailTab::Offers;
    if !is_shown || opened(model).is_none() {
        return;
    }
    let (lines, height) = size(model);
    if let Some(Phase::Shown(content)) = opened_mut(model).map(|opened| &mut opened.phase) {
        content.top = content.top.min(lines.saturating_sub(height));
    }
}
