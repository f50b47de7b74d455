//! How what was opened looks: what it is, then the blanks, or what came.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::watch::Watch;
use super::{Opened, Phase, What, opened, opened_mut};
use crate::tui::action::{Action, Say};
use crate::tui::focus::Focus;
use crate::tui::form::Keys;
use crate::tui::model::Model;
use crate::tui::screen::connectors::details::{area, entry, offers, text};
use crate::tui::screen::connectors::view::fault_lines;
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Lines of the server's words above the blanks.
const DESCRIBED: usize = 4;

/// What it is, and how it stands.
fn head(model: &Model, opened: &Opened, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let offer = opened.what.offer();
    let kind = offers::kind(offer);
    let name = match opened.what.address(&opened.typed()) {
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
            Span::styled(model.words("{cancel} cancels"), theme.style(Role::Key)),
        ]));
    }
    let ends = model.words("{watch} ends it");
    let again = model.words("{watch} watches again");
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
            format!("live: shown anew when it changes{dot}{ends}"),
        ),
        Watch::On { changes, last, .. } => {
            let last = last.map_or_else(String::new, |at| entry::moment(model, at));
            let times = match changes {
                1 => "once".to_owned(),
                more => format!("{more} times"),
            };
            let text = format!("live: changed {times}, last {last}{dot}{ends}");
            (theme.pick("◉", "@"), Role::Good, text)
        }
        Watch::Over(None) => (
            "!",
            Role::Warn,
            format!("no longer watched: the server ended it{dot}{again}"),
        ),
        Watch::Over(Some(fault)) => (
            "!",
            Role::Warn,
            format!("no longer watched: {}{dot}{again}", fault.message),
        ),
    };
    let text = format!("{sign} {text}");
    lines.extend(rows::wrapped(theme, role, &text, width, "  "));
    lines
}

/// Where what came is shown: below the words about it.
pub(super) fn content_area(model: &Model) -> Rect {
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
    focused: bool,
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
        Phase::Filling => form(model, opened, frame, content),
        Phase::Waiting => {}
        Phase::Shown(viewer) => {
            viewer.view(theme, frame, (content, model.cell_pixels), focused);
        }
        Phase::Failed(fault) => {
            let lines = fault_lines(model, fault, width);
            rows::text(frame, content, theme, lines, 0);
        }
    }
    true
}

/// What stands above the form: what the server says of it, and what to do.
fn about(model: &Model, opened: &Opened, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    if let Some(words) = offers::description(opened.what.offer()).filter(|it| !it.is_empty()) {
        let mut described = server::behind_gutter(theme, words, width);
        described.truncate(DESCRIBED);
        lines.extend(described);
    }
    let what = match opened.what {
        What::Prompt(_) => "has the server fill it in",
        _ => "reads it",
    };
    let gutter = theme.gutter().trim_end();
    let text = format!(
        "{} {what}. Behind {gutter} are the server's words; * is required.",
        model.key(Action::FillIn)
    );
    lines.extend(rows::wrapped(theme, Role::Quiet, &text, width, ""));
    lines
}

/// Where the form is: below what stands above it.
fn form_area(model: &Model, opened: &Opened) -> Rect {
    let area = content_area(model);
    let above = about(model, opened, usize::from(area.width)).len();
    let above = u16::try_from(above).unwrap_or(0).min(area.height);
    Rect::new(
        area.x,
        area.y.saturating_add(above),
        area.width,
        area.height.saturating_sub(above),
    )
}

fn keys(focus: Focus) -> Keys {
    match focus {
        Focus::OfferForm => Keys::Here,
        Focus::OfferFormIdle => Keys::Left,
        _ => Keys::Elsewhere,
    }
}

fn form(model: &Model, opened: &Opened, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let lines = about(model, opened, usize::from(area.width));
    rows::text(frame, area, theme, lines, 0);
    let Some(filling) = &opened.filling else {
        return;
    };
    let area = form_area(model, opened);
    let say: Say<'_> = &|text| model.words(text);
    let keys = keys(model.focus);
    let sheet = filling.painted(model.brush(say), usize::from(area.width), keys);
    let top = opened.form_top;
    if let Some((line, cell)) = sheet.cursor
        && let Some(row) = line.checked_sub(top)
        && let (Ok(x), Ok(y)) = (u16::try_from(cell), u16::try_from(row))
        && x < area.width
        && y < area.height
    {
        frame.set_cursor_position(Position::new(
            area.x.saturating_add(x),
            area.y.saturating_add(y),
        ));
    }
    rows::text(frame, area, theme, sheet.lines, top);
}

/// Keeps the field that has the keys on the screen.
pub(super) fn settle_form(model: &mut Model) {
    let keys = keys(model.focus);
    let say: Say<'_> = &|text| model.words(text);
    let Some((area, sheet)) = opened(model).and_then(|opened| {
        let area = form_area(model, opened);
        let filling = opened.filling.as_ref()?;
        let sheet = filling.painted(model.brush(say), usize::from(area.width), keys);
        Some((area, sheet))
    }) else {
        return;
    };
    if let Some(opened) = opened_mut(model) {
        opened.form_top = sheet.top(opened.form_top, usize::from(area.height));
    }
}
