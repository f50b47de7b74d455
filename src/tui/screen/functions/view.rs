//! How tab 4 looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::listing::{hint_word, shown};
use super::{all, chosen, connector, details, known, run_view};
use crate::domain::{Function, FunctionState, Status};
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::mirror::Known;
use crate::tui::model::Model;
use crate::tui::screen::connectors::{fault_lines, lacks_secret};
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Whether the right-hand side has the keys.
pub(super) fn in_detail(model: &Model) -> bool {
    matches!(
        model.focus,
        Focus::FunctionDetail | Focus::Arguments | Focus::Outcome | Focus::SavePath
    ) || (model.focus.tab().is_none() && side_was_open(model))
}

/// Whether the right-hand side is a function that runs, or is to.
pub(super) fn shows_run(model: &Model) -> bool {
    let run = model.tabs.functions.run.as_ref();
    run.is_some_and(|run| run.connector_is_shown(model))
}

/// While a prompt or the help has the keys, the side that had them stays open.
fn side_was_open(model: &Model) -> bool {
    matches!(
        model.places.get(&model.tab),
        Some(Focus::FunctionDetail | Focus::Arguments | Focus::Outcome | Focus::SavePath)
    )
}

/// Where the rows of the list go.
pub(super) fn list_area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, false);
    let inside = layout::inside(panes.list.unwrap_or_default());
    let filter = u16::from(has_filter(model));
    Rect::new(
        inside.x,
        inside.y.saturating_add(filter),
        inside.width,
        inside.height.saturating_sub(filter),
    )
}

/// Where the details go.
pub(super) fn detail_area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, true);
    layout::padded(panes.detail.unwrap_or_default())
}

pub(super) fn has_filter(model: &Model) -> bool {
    model.focus == Focus::Filter || !model.tabs.functions.filter.text().is_empty()
}

/// Draws the tab.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    if connector(model).is_none() {
        picker(model, frame, body);
        return;
    }
    let detail = in_detail(model);
    let focused = model.focus.tab().is_some();
    let panes = layout::panes(body, detail);
    if let Some(area) = panes.list {
        list(model, frame, area, focused && !detail);
    }
    if let Some(area) = panes.detail {
        match &model.tabs.functions.run {
            Some(run) if run.connector_is_shown(model) => run_view::view(model, run, frame, area),
            _ => one(model, frame, area, focused && detail),
        }
    }
    // The pane with the keys owns the line between the two.
    if let (Some(area), true) = (panes.list, focused && !detail) {
        rows::light_edge(frame, area, model.theme);
    }
}

fn picker(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let theme = model.theme;
    let title = vec![Span::styled(
        " Functions of which connector? ",
        theme.style(Role::Strong),
    )];
    let inside = rows::pane(frame, body, theme, title, model.focus == Focus::Picker);
    if model.mirror.connectors.is_empty() {
        let lines = vec![
            Line::raw(""),
            Line::from(vec![
                Span::raw("  There is no connector yet. "),
                Span::styled(model.key(Action::NewConnector), theme.style(Role::Key)),
                Span::raw(" connects one."),
            ]),
        ];
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    let cursor = model.tabs.functions.picker;
    let lines: Vec<Line<'static>> = model
        .mirror
        .connectors
        .iter()
        .enumerate()
        .skip(cursor.top)
        .take(usize::from(inside.height))
        .map(|(place, connector)| {
            let (sign, role) = theme.status(connector.status);
            let counts = connector.functions;
            let line = Line::from(vec![
                Span::styled(format!(" {sign} "), theme.style(role)),
                Span::raw(rows::cell(connector.name.as_str(), 34)),
                Span::raw(match counts.total {
                    0 => "none listed".to_owned(),
                    1 => "   1 function".to_owned(),
                    many => format!("{many:>4} functions"),
                }),
            ]);
            if place == cursor.row {
                line.patch_style(theme.style(Role::Chosen))
            } else {
                line
            }
        })
        .collect();
    rows::text(frame, inside, theme, lines, 0);
    rows::more(
        frame,
        inside,
        theme,
        cursor.top,
        model.mirror.connectors.len(),
    );
}

fn list(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let functions = shown(model);
    let total = all(model).len();
    let name = connector(model).map_or_else(String::new, |it| it.name.as_str().to_owned());
    let dot = theme.dot();
    let count = if functions.len() == total {
        format!("{total} functions")
    } else {
        format!("{} of {total} functions", functions.len())
    };
    let marks = match model.tabs.functions.marks.len() {
        0 => String::new(),
        marks => format!("{dot}{marks} marked"),
    };
    let title = vec![
        Span::styled(format!(" {name}"), theme.style(Role::Strong)),
        Span::raw(format!("{dot}{count}{marks} ")),
    ];
    let inside = rows::pane(frame, area, theme, title, focused);
    if has_filter(model) {
        filter(model, frame, inside);
    }
    let top = u16::from(has_filter(model));
    let inside = Rect::new(
        inside.x,
        inside.y + top,
        inside.width,
        inside.height.saturating_sub(top),
    );
    if functions.is_empty() {
        let lines = nothing(model, usize::from(inside.width), total);
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    let cursor = model.tabs.functions.cursor;
    let lines: Vec<Line<'static>> = functions
        .iter()
        .enumerate()
        .skip(cursor.top)
        .take(usize::from(inside.height))
        .map(|(place, function)| {
            let line = row(model, function, usize::from(inside.width));
            match (place == cursor.row, focused) {
                (true, true) => line.patch_style(theme.style(Role::Chosen)),
                (true, false) => line.patch_style(theme.style(Role::ChosenElsewhere)),
                _ => line,
            }
        })
        .collect();
    rows::text(frame, inside, theme, lines, 0);
    rows::more(frame, inside, theme, cursor.top, functions.len());
}

fn filter(model: &Model, frame: &mut Frame<'_>, inside: Rect) {
    let here = model.focus == Focus::Filter;
    rows::filter(
        frame,
        inside,
        model.theme,
        &model.tabs.functions.filter,
        here,
    );
}

fn row(model: &Model, function: &Function, width: usize) -> Line<'static> {
    let theme = model.theme;
    let (sign, role) = theme.function(function.permission, function.state);
    let (_, word_role) = theme.permission(function.permission);
    let marked = model.tabs.functions.marks.contains(function.name.raw());
    let mark = if marked { theme.pick("▸", ">") } else { " " };
    let hint = match (function.state, hint_word(function.hints)) {
        (FunctionState::Accepted, hint) => hint.unwrap_or("").to_owned(),
        (state, _) => format!("{}, review", state.word()),
    };
    let hint_cells = 16;
    let names = width.saturating_sub(2 + 2 + 8 + hint_cells + 1).max(8);
    let hint_role = match function.state {
        FunctionState::Accepted => Role::Quiet,
        FunctionState::New | FunctionState::Changed => Role::Warn,
    };
    Line::from(vec![
        Span::styled(mark, theme.style(Role::Key)),
        Span::styled(format!("{sign} "), theme.style(role)),
        Span::styled(
            rows::cell(function.permission.word(), 7),
            theme.style(word_role),
        ),
        Span::raw(rows::cell(
            &server::name(theme, &function.name, names),
            names,
        )),
        Span::raw(" "),
        Span::styled(rows::cell(&hint, hint_cells), theme.style(hint_role)),
    ])
}

/// What stands there instead of functions.
fn nothing(model: &Model, width: usize, total: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    match known(model) {
        Some(Known::Missing(fault)) => {
            let mut lines = fault_lines(model, fault, width);
            lines.extend(mending(model, width));
            lines
        }
        Some(Known::Loading) | None => vec![Line::styled(
            format!(" {} reading the functions", theme.spinner(model.tasks.spin)),
            theme.style(Role::Quiet),
        )],
        Some(Known::Here(_)) if total > 0 => vec![Line::styled(
            model.words(" nothing matches; {back} shows all again"),
            theme.style(Role::Quiet),
        )],
        Some(Known::Here(_)) => {
            let fault = connector(model).and_then(|connector| connector.fault.clone());
            let mut lines = vec![Line::styled(
                " it has listed no functions",
                theme.style(Role::Quiet),
            )];
            if let Some(fault) = fault {
                lines.extend(fault_lines(model, &fault, width));
            }
            lines.extend(mending(model, width));
            lines
        }
    }
}

/// The key that has a connector list its functions.
fn mending(model: &Model, width: usize) -> Vec<Line<'static>> {
    let text = match connector(model) {
        Some(it) if it.status == Status::Locked => "{unlock} opens the vault, and it connects",
        Some(it) if lacks_secret(it) => "{edit} gives its secret again",
        Some(it) if it.status == Status::SignIn => "somebody has to sign in at the server",
        Some(it) if it.status == Status::Disabled => "{reconnect} switches it on",
        Some(it) if it.status == Status::Failed => {
            "{reconnect} tries again; {edit} changes how it is reached"
        }
        Some(it) if it.status == Status::Connecting => return vec![],
        Some(_) => "{reconnect} reads its list again",
        None => return vec![],
    };
    let text = format!(" {}", model.words(text));
    rows::wrapped(model.theme, Role::Key, &text, width, " ")
}

fn one(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let function = chosen(model);
    let title = function.map_or_else(Vec::new, |function| {
        let name = server::quoted(
            theme,
            &function.name,
            usize::from(area.width).saturating_sub(6),
        );
        vec![Span::styled(format!(" {name} "), theme.style(Role::Strong))]
    });
    rows::pane(frame, area, theme, title, focused);
    let inside = layout::padded(area);
    if let Some(function) = function {
        let lines = details::lines(model, function, usize::from(inside.width));
        rows::text(frame, inside, theme, lines, model.tabs.functions.scroll);
    }
}
