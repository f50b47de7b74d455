//! How running a function looks: the arguments above, what came of it below.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::run::{Phase, Run};
use crate::domain::{Permission, Progress};
use crate::guard::sanitise;
use crate::tui::action::Action;
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

/// Cells for the form: the marks of more above and below stand at its right.
pub(super) fn form_width(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(2))
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

/// The line above the arguments, as much of it as fits.
fn head_of_arguments(model: &Model, run: &Run, width: usize) -> String {
    let functions = model.mirror.functions_of(&run.connector);
    let asks = functions
        .named(run.function.raw())
        .is_some_and(|it| it.permission() == Permission::Ask);
    let then = if asks {
        ", then asks you"
    } else {
        " and runs it"
    };
    let bare = run.filling.form().is_empty();
    let shown = run.filling.shown();
    let press = model.key(Action::Press);
    let run = model.key(Action::RunCall);
    let mut text = match shown {
        Shown::Raw => format!("Arguments as JSON. {run} checks them{then}."),
        Shown::Form if bare => format!("It takes no arguments. {press} goes on."),
        Shown::Form => format!("{run} checks them{then}."),
    };
    if shown == Shown::Form && !bare {
        let gutter = model.theme.gutter().trim_end();
        let words = [
            "  * required".to_owned(),
            format!("  {gutter} the server's words"),
        ];
        for word in words {
            if sanitise::width(&text).saturating_add(sanitise::width(&word)) <= width {
                text.push_str(&word);
            }
        }
    }
    sanitise::cut(&text, width)
}

/// The arguments: a line of words, and the form or the JSON below it.
fn arguments(model: &Model, run: &Run, frame: &mut Frame<'_>, inside: Rect) {
    let text = head_of_arguments(model, run, usize::from(inside.width));
    let head = Line::styled(text, model.theme.style(Role::Quiet));
    let first = Rect {
        height: 1,
        ..inside
    };
    frame.render_widget(head, first);
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
    let sheet = run.filling.painted(
        model.brush(&|text| model.words(text)),
        form_width(area),
        keys(model.focus),
    );
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
                model.words("   {cancel} cancels it at the server"),
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
