//! How running a function looks: the arguments above, what came of it below.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::chosen;
use super::run::{Phase, Run};
use crate::domain::{Permission, Progress};
use crate::guard::sanitise;
use crate::tui::focus::Focus;
use crate::tui::form::{Keys, Shown};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::Role;
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::visible;
use crate::tui::widget::{progress, rows, server};

/// The pane, frame and all.
pub(super) fn area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, true);
    panes.detail.unwrap_or_default()
}

/// Where the form is: below one line of words.
pub(super) fn form_area(inside: Rect) -> Rect {
    Rect::new(
        inside.x,
        inside.y.saturating_add(1),
        inside.width,
        inside.height.saturating_sub(1),
    )
}

/// Where the JSON is typed: below one line of words, above three of faults.
pub(super) fn editor_area(inside: Rect) -> Rect {
    Rect::new(
        inside.x,
        inside.y.saturating_add(1),
        inside.width,
        inside.height.saturating_sub(5),
    )
}

/// Draws the pane.
pub(super) fn view(model: &Model, run: &Run, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let focused = model.focus.in_run();
    let name = server::quoted(theme, &run.function, usize::from(area.width / 2));
    let title = vec![Span::styled(
        format!(" {} {name} ", run.connector_name),
        theme.style(Role::Strong),
    )];
    rows::pane(frame, area, theme, title, focused);
    let inside = layout::padded(area);
    match &run.phase {
        Phase::Editing => arguments(model, run, frame, inside),
        Phase::Running {
            since, progress, ..
        } => {
            let lines = running(model, *since, progress.as_ref(), usize::from(inside.width));
            rows::text(frame, inside, theme, lines, 0);
        }
        Phase::Failed(fault) => {
            let lines = fault_lines(model, fault, usize::from(inside.width));
            rows::text(frame, inside, theme, lines, 0);
        }
        Phase::Answered(viewer) => {
            viewer.view(theme, frame, (inside, model.cell_pixels), focused);
        }
    }
}

/// The arguments: a line of words, and the form or the JSON below it.
fn arguments(model: &Model, run: &Run, frame: &mut Frame<'_>, inside: Rect) {
    let theme = model.theme;
    let asks = chosen(model).is_some_and(|function| function.permission == Permission::Ask);
    let then = if asks {
        ", then asks you"
    } else {
        " and runs it"
    };
    let text = match run.filling.shown() {
        Shown::Raw => format!("Arguments as JSON. Alt-Enter checks them{then}."),
        Shown::Form if run.filling.form().is_empty() => {
            format!("It takes no arguments. Alt-Enter checks that{then}.")
        }
        Shown::Form => {
            let gutter = theme.gutter().trim_end();
            format!(
                "Alt-Enter checks them{then}. Behind {gutter} are the server's words; * is required."
            )
        }
    };
    let width = usize::from(inside.width);
    let text = rows::cut_at_word(&text, width);
    let head = Line::styled(text, theme.style(Role::Quiet));
    frame.render_widget(
        head,
        Rect {
            height: 1,
            ..inside
        },
    );
    match run.filling.raw() {
        Some((editor, wrong)) => raw(model, editor, wrong, frame, inside),
        None => form(model, run, frame, form_area(inside)),
    }
}

/// Where the keys are, as the form is told.
pub(super) fn keys(focus: Focus) -> Keys {
    match focus {
        Focus::Arguments => Keys::Here,
        Focus::ArgumentsIdle => Keys::Left,
        _ => Keys::Elsewhere,
    }
}

fn form(model: &Model, run: &Run, frame: &mut Frame<'_>, area: Rect) {
    let sheet = run
        .filling
        .sheet(model.theme, usize::from(area.width), keys(model.focus));
    let top = run.form_top;
    if let Some((line, cell)) = sheet.cursor
        && let Some(row) = line.checked_sub(top)
        && let (Ok(x), Ok(y)) = (u16::try_from(cell), u16::try_from(row))
        && x < area.width
        && y < area.height
    {
        frame.set_cursor_position(Position::new(area.x + x, area.y + y));
    }
    rows::text(frame, area, model.theme, sheet.lines, top);
}

fn raw(model: &Model, editor: &Editor, wrong: Option<&str>, frame: &mut Frame<'_>, inside: Rect) {
    let theme = model.theme;
    let area = editor_area(inside);
    let (line, cell) = editor.cursor();
    let gutter = editor.lines().len().to_string().len().max(2) + 1;
    let room = usize::from(area.width).saturating_sub(gutter + 1);
    let skip = cell.saturating_sub(room.saturating_sub(1));
    let lines: Vec<Line<'static>> = editor
        .lines()
        .iter()
        .enumerate()
        .skip(editor.top)
        .take(usize::from(area.height))
        .map(|(place, text)| {
            let number = format!("{:>width$} ", place + 1, width = gutter - 1);
            let shown: String = visible(text).chars().skip(skip).collect();
            Line::from(vec![
                Span::styled(number, theme.style(Role::Quiet)),
                Span::raw(sanitise::cut(&shown, room)),
            ])
        })
        .collect();
    rows::text(frame, area, theme, lines, 0);
    rows::more(frame, area, theme, editor.top, editor.lines().len());
    if let Some(wrong) = wrong {
        let text = format!("{} {wrong}", theme.pick("✕", "x"));
        let lines = rows::wrapped(theme, Role::Bad, &text, usize::from(inside.width), "  ");
        let place = Rect::new(inside.x, area.bottom() + 1, inside.width, 3);
        rows::text(frame, place.intersection(inside), theme, lines, 0);
    }
    if model.focus == Focus::ArgumentsRaw && line >= editor.top {
        let row = line - editor.top;
        let x = u16::try_from(gutter + cell - skip).unwrap_or(0);
        let y = u16::try_from(row).unwrap_or(0);
        if y < area.height && x < area.width {
            frame.set_cursor_position(Position::new(area.x + x, area.y + y));
        }
    }
}

fn running(model: &Model, since: u64, said: Option<&Progress>, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let time = progress::elapsed(model.clock.now.saturating_sub(since));
    let mut lines = vec![
        Line::from(vec![
            Span::styled(theme.spinner(model.tasks.spin), theme.style(Role::Key)),
            // Time that goes by is motion too.
            Span::raw(if theme.calm {
                " running".to_owned()
            } else {
                format!(" running, {time}")
            }),
            Span::styled(
                "   Ctrl-c cancels it at the server",
                theme.style(Role::Quiet),
            ),
        ]),
        Line::raw(""),
    ];
    if let Some(said) = said {
        lines.push(progress::bar(theme, said, width));
        if let Some(message) = &said.message {
            lines.extend(server::behind_gutter(theme, message, width));
        }
    }
    lines
}
