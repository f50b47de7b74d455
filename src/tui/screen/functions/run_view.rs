//! How running a function looks: the arguments above, what came of it below.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::chosen;
use super::run::{Phase, Run};
use crate::domain::{Permission, Progress};
use crate::guard::sanitise;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::field::{Field, visible};
use crate::tui::widget::{rows, server};

/// The pane, frame and all.
pub(super) fn area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, true);
    panes.detail.unwrap_or_default()
}

/// Where the arguments are typed: below one line of words, above three of faults.
pub(super) fn editor_area(inside: Rect) -> Rect {
    Rect::new(
        inside.x,
        inside.y.saturating_add(1),
        inside.width,
        inside.height.saturating_sub(5),
    )
}

/// Where the outcome is shown: below its first line, above the line of a file's
/// name.
pub(super) fn outcome_area(model: &Model, inside: Rect) -> Rect {
    let saving = model
        .tabs
        .functions
        .run
        .as_ref()
        .is_some_and(|run| run.saving.is_some());
    let last = u16::from(saving);
    Rect::new(
        inside.x,
        inside.y.saturating_add(1),
        inside.width,
        inside.height.saturating_sub(1).saturating_sub(last),
    )
}

/// Draws the pane.
pub(super) fn view(model: &Model, run: &Run, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let focused = matches!(
        model.focus,
        Focus::Arguments | Focus::Outcome | Focus::SavePath
    );
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
        Phase::Answered(outcome) => {
            let head = head(theme, outcome, usize::from(inside.width));
            frame.render_widget(
                head,
                Rect {
                    height: 1,
                    ..inside
                },
            );
            let area = outcome_area(model, inside);
            let lines: Vec<Line<'static>> = outcome
                .lines()
                .iter()
                .skip(run.top)
                .take(usize::from(area.height))
                .cloned()
                .collect();
            rows::text(frame, area, theme, lines, 0);
            rows::more(frame, area, theme, run.top, outcome.lines().len());
        }
    }
    if let Some(path) = &run.saving {
        save_line(model, path, frame, inside);
    }
}

fn arguments(model: &Model, run: &Run, frame: &mut Frame<'_>, inside: Rect) {
    let theme = model.theme;
    let asks = chosen(model).is_some_and(|function| function.permission == Permission::Ask);
    let text = if asks {
        "Arguments as JSON. {run} checks them, then asks you."
    } else {
        "Arguments as JSON. {run} checks them and runs it."
    };
    let text = &model.words(text);
    let width = usize::from(inside.width);
    let head = Line::styled(sanitise::cut(text, width), theme.style(Role::Quiet));
    frame.render_widget(
        head,
        Rect {
            height: 1,
            ..inside
        },
    );
    let area = editor_area(inside);
    let (line, cell) = run.editor.cursor();
    let gutter = run.editor.lines().len().to_string().len().max(2) + 1;
    let room = usize::from(area.width).saturating_sub(gutter + 1);
    let skip = cell.saturating_sub(room.saturating_sub(1));
    let lines: Vec<Line<'static>> = run
        .editor
        .lines()
        .iter()
        .enumerate()
        .skip(run.editor.top)
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
    rows::more(frame, area, theme, run.editor.top, run.editor.lines().len());
    if let Some(wrong) = &run.wrong {
        let text = format!("{} {wrong}", theme.pick("✕", "x"));
        let lines = rows::wrapped(theme, Role::Bad, &text, width, "  ");
        let place = Rect::new(inside.x, area.bottom() + 1, inside.width, 3);
        rows::text(frame, place.intersection(inside), theme, lines, 0);
    }
    if model.focus == Focus::Arguments && line >= run.editor.top {
        let row = line - run.editor.top;
        let x = u16::try_from(gutter + cell - skip).unwrap_or(0);
        let y = u16::try_from(row).unwrap_or(0);
        if y < area.height && x < area.width {
            frame.set_cursor_position(Position::new(area.x + x, area.y + y));
        }
    }
}

fn running(
    model: &Model,
    since: u64,
    progress: Option<&Progress>,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let seconds = model.clock.now.saturating_sub(since) / 1000;
    let mut lines = vec![
        Line::from(vec![
            Span::styled(theme.spinner(model.tasks.spin), theme.style(Role::Key)),
            Span::raw(if theme.calm {
                " running".to_owned()
            } else {
                format!(" running, {seconds} s")
            }),
            Span::styled(
                model.words("   {cancel} cancels it at the server"),
                theme.style(Role::Quiet),
            ),
        ]),
        Line::raw(""),
    ];
    if let Some(progress) = progress {
        lines.push(bar(theme, progress, width));
        if let Some(message) = &progress.message {
            lines.extend(server::behind_gutter(theme, message, width));
        }
    }
    lines
}

/// How far it is, by the server's own numbers.
fn bar(theme: Theme, progress: &Progress, width: usize) -> Line<'static> {
    let total = progress.total.filter(|total| *total > 0.0);
    let Some(total) = total else {
        return Line::raw(format!(
            "{} so far, of an unknown whole",
            number(progress.progress)
        ));
    };
    if theme.calm {
        return Line::raw(format!(
            "{} of {}",
            number(progress.progress),
            number(total)
        ));
    }
    let share = (progress.progress / total).clamp(0.0, 1.0);
    let cells = width.saturating_sub(24).clamp(8, 40);
    // Bounded above: at most forty cells.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of at most forty cells"
    )]
    let full = (share * cells as f64) as usize;
    let words = format!(" {} of {}", number(progress.progress), number(total));
    Line::from(vec![
        Span::styled(theme.pick("█", "#").repeat(full), theme.style(Role::Good)),
        Span::styled(
            theme.pick("░", ".").repeat(cells.saturating_sub(full)),
            theme.style(Role::Quiet),
        ),
        Span::raw(sanitise::cut(&words, 22)),
    ])
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// The line above an answer.
fn head(theme: Theme, outcome: &super::outcome::Outcome, width: usize) -> Line<'static> {
    let (sign, word, role) = if outcome.failed {
        (
            theme.pick("✕", "x"),
            "the function says that it failed",
            Role::Bad,
        )
    } else {
        (theme.pick("●", "*"), "answered", Role::Good)
    };
    let dot = theme.dot();
    let way = if outcome.is_json() {
        "as JSON"
    } else {
        "as text"
    };
    let rest = format!(
        "{dot}{} ms{dot}{} bytes{dot}{way}",
        outcome.answer.duration_ms, outcome.answer.bytes
    );
    let room = width.saturating_sub(sanitise::width(word) + 2);
    Line::from(vec![
        Span::styled(format!("{sign} {word}"), theme.style(role)),
        Span::styled(sanitise::cut(&rest, room), theme.style(Role::Quiet)),
    ])
}

fn save_line(model: &Model, path: &Field, frame: &mut Frame<'_>, inside: Rect) {
    let theme = model.theme;
    let label = "Write to ";
    let room = usize::from(inside.width).saturating_sub(label.len() + 1);
    let (shown, cell) = path.window(room);
    let y = inside.bottom().saturating_sub(1);
    let line = Line::from(vec![
        Span::styled(label, theme.style(Role::Focus)),
        Span::raw(shown),
    ]);
    frame.render_widget(line, Rect::new(inside.x, y, inside.width, 1));
    if model.focus == Focus::SavePath {
        let x = u16::try_from(label.len() + cell).unwrap_or(0);
        frame.set_cursor_position(Position::new(inside.x + x, y));
    }
}
