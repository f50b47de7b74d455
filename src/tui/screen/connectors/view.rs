//! How tab 1 looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::details;
use crate::domain::{AuthMethod, Fault, FaultKind, Status};
use crate::guard::sanitise;
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::mend;
use crate::tui::mirror::Link;
use crate::tui::model::{Model, Purpose};
use crate::tui::theme::Role;
use crate::tui::widget::rows;

/// Draws the tab.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let in_detail = super::in_detail(model);
    let panes = layout::panes(body, in_detail);
    let focused = model.focus.tab().is_some();
    if let Some(area) = panes.list {
        list(model, frame, area, focused && !in_detail);
    }
    if let Some(area) = panes.detail {
        details::view(model, frame, area, focused && in_detail);
    }
    // The pane with the keys owns the line between the two.
    if let (Some(area), true) = (panes.list, focused && !in_detail) {
        rows::light_edge(frame, area, model.theme);
    }
}

fn list(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let title = vec![Span::styled(" My Connectors ", theme.style(Role::Strong))];
    let inside = rows::pane(frame, area, theme, title, focused);
    let banner = banner(model, usize::from(inside.width));
    let banner_rows = u16::try_from(banner.len()).unwrap_or(0).min(inside.height);
    let banner_area = Rect::new(inside.x, inside.y, inside.width, banner_rows);
    rows::text(frame, banner_area, theme, banner, 0);
    let inside = Rect::new(
        inside.x,
        inside.y + banner_rows,
        inside.width,
        inside.height - banner_rows,
    );
    let inside = filter(model, frame, inside);
    let connectors = super::shown(model);
    if connectors.is_empty() && super::is_filtered(model) {
        let text = model.words(" nothing matches; {show-all} shows all again");
        let lines = vec![Line::styled(text, theme.style(Role::Quiet))];
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    if connectors.is_empty() {
        let lines = empty(model, usize::from(inside.width));
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    let cursor = model.tabs.connectors.cursor;
    let names = name_width(model, usize::from(inside.width));
    let lines: Vec<Line<'static>> = connectors
        .iter()
        .enumerate()
        .skip(cursor.top)
        .take(usize::from(inside.height))
        .map(|(place, connector)| {
            let line = row(model, connector, names, usize::from(inside.width));
            match (place == cursor.row, focused) {
                (true, true) => line.patch_style(theme.style(Role::Chosen)),
                (true, false) => line.patch_style(theme.style(Role::ChosenElsewhere)),
                _ => line,
            }
        })
        .collect();
    rows::text(frame, inside, theme, lines, 0);
    rows::more(frame, inside, theme, cursor.top, connectors.len());
}

/// Draws the filter, where there is one. Returns what is left of the area.
fn filter(model: &Model, frame: &mut Frame<'_>, area: Rect) -> Rect {
    if !super::has_filter(model) || area.height == 0 {
        return area;
    }
    let here = model.focus == Focus::ConnectorFilter;
    rows::filter(
        frame,
        area,
        model.theme,
        &model.tabs.connectors.filter,
        here,
    );
    Rect::new(area.x, area.y + 1, area.width, area.height - 1)
}

/// How wide the column of names is.
fn name_width(model: &Model, width: usize) -> usize {
    let longest = model
        .mirror
        .connectors
        .iter()
        .map(|connector| connector.name.as_str().len())
        .max()
        .unwrap_or(0);
    longest.clamp(8, (width / 3).max(8))
}

fn row(model: &Model, connector: &ConnectorView, names: usize, width: usize) -> Line<'static> {
    let theme = model.theme;
    let moving = moving(model, connector);
    let (sign, role) = theme.status(connector.status);
    let sign = if moving.is_some() || connector.status == Status::Connecting {
        theme.spinner(model.tasks.spin)
    } else {
        sign
    };
    let used = 3 + names + 2 + 9 + 2;
    let room = width.saturating_sub(used);
    let state = moving.map_or_else(
        || state(model, connector, room),
        |word| format!("{word}{}", theme.ellipsis()),
    );
    Line::from(vec![
        Span::raw(" "),
        Span::styled(sign, theme.style(role)),
        Span::raw(" "),
        Span::styled(
            rows::cell(connector.name.as_str(), names),
            theme.style(Role::Strong),
        ),
        Span::raw("  "),
        Span::raw(rows::cell(connector.auth.title(), 9)),
        Span::raw("  "),
        Span::styled(
            rows::cell(&rows::cut_at_word(&state, room), room),
            theme.style(state_role(connector.status)),
        ),
    ])
}

fn state_role(status: Status) -> Role {
    match status {
        Status::Connected => Role::Text,
        Status::Connecting | Status::Disabled => Role::Quiet,
        Status::SignIn | Status::Locked | Status::Changed => Role::Warn,
        Status::Failed => Role::Bad,
    }
}

/// What is under way for a connector because somebody asked here.
pub(super) fn moving(model: &Model, connector: &ConnectorView) -> Option<&'static str> {
    model
        .tasks
        .under_way
        .values()
        .find_map(|purpose| match purpose {
            Purpose::Connector(id, word) if *id == connector.id => Some(*word),
            Purpose::Remove(id, _) if *id == connector.id => Some("removing"),
            _ => None,
        })
}

fn state(model: &Model, connector: &ConnectorView, room: usize) -> String {
    let counts = connector.functions;
    match connector.status {
        Status::Connected => {
            let functions = functions(counts.total);
            match connector.latency_ms {
                Some(latency) if room >= 26 => {
                    let latency =
                        crate::domain::duration(i64::try_from(latency).unwrap_or(i64::MAX));
                    format!("{functions:<15} {latency:>8}")
                }
                _ => functions,
            }
        }
        Status::Changed => match counts.changed {
            1 => "1 function changed or new".to_owned(),
            changed => format!("{changed} functions changed or new"),
        },
        _ if lacks_secret(connector) => "secret missing or refused".to_owned(),
        _ if waits_for_a_yes(model, connector) => "waits for your yes".to_owned(),
        _ if connector.signing_in => format!("signing in{}", model.theme.ellipsis()),
        Status::SignIn => {
            let long = model.words("sign-in needed; {sign-in} signs in");
            let fits = sanitise::width(&long) <= room;
            if fits {
                long
            } else {
                "sign-in needed".to_owned()
            }
        }
        Status::Locked => model.words("locked: {unlock} opens the vault"),
        Status::Disabled => "disabled".to_owned(),
        Status::Connecting => match &connector.fault {
            Some(fault) => format!("again soon: {}", fault.message),
            None => format!("connecting{}", model.theme.ellipsis()),
        },
        Status::Failed => connector
            .fault
            .as_ref()
            .map_or_else(|| "failed".to_owned(), |fault| fault.message.clone()),
    }
}

/// Whether it waits for a secret that callboard keeps, not for a sign-in at its
/// server.
pub(in crate::tui) fn lacks_secret(connector: &ConnectorView) -> bool {
    connector.status == Status::SignIn && connector.method != AuthMethod::Oauth
}

/// Whether a sign-in of it waits for a person.
pub(super) fn waits_for_a_yes(model: &Model, connector: &ConnectorView) -> bool {
    let mut waiting = model.mirror.consents.iter();
    waiting.any(|consent| consent.connector == connector.id)
}

/// So many functions, in words.
pub(super) fn functions(count: usize) -> String {
    match count {
        1 => "1 function".to_owned(),
        _ => format!("{count} functions"),
    }
}

/// Where the rows of the list go: below the warnings and the filter.
pub(super) fn list_area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, false);
    let inside = layout::inside(panes.list.unwrap_or_default());
    let banner = banner(model, usize::from(inside.width)).len();
    let above = u16::try_from(banner)
        .unwrap_or(u16::MAX)
        .saturating_add(u16::from(super::has_filter(model)))
        .min(inside.height);
    Rect::new(
        inside.x,
        inside.y.saturating_add(above),
        inside.width,
        inside.height.saturating_sub(above),
    )
}

/// What stands above the list while something is wrong with the board itself.
fn banner(model: &Model, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let width = width.saturating_sub(1);
    let mut lines = Vec::new();
    if let Link::Down { fault, stopped, .. } = &model.mirror.link {
        // Where none runs, a key mends it, not the command that the fault names.
        let none_runs = matches!(fault.kind, FaultKind::NotFound | FaultKind::Network);
        let mut shown = fault.clone();
        if none_runs {
            shown.hints.clear();
        }
        lines.extend(fault_lines(model, &shown, width));
        let key = match (*stopped, none_runs) {
            (true, _) => "{start-board} starts it again",
            (false, true) => "{start-board} starts one now; it is also looked for again and again",
            (false, false) => "{start-board} tries again; so does callboard by itself",
        };
        let key = format!("  {} {}", theme.pick("→", ">"), model.words(key));
        lines.extend(rows::wrapped(theme, Role::Key, &key, width, "    "));
    }
    if let Some(fault) = &model.mirror.storage {
        lines.extend(fault_lines(model, fault, width));
    }
    if let Some(warning) = model
        .mirror
        .vault
        .as_ref()
        .and_then(|vault| vault.warning.as_ref())
    {
        let text = format!("! {warning}");
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, "  "));
    }
    // In line with the signs of the rows below.
    for line in &mut lines {
        line.spans.insert(0, Span::raw(" "));
    }
    lines
}

/// A fault with what mends it.
pub(in crate::tui) fn fault_lines(
    model: &Model,
    fault: &Fault,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let sign = theme.pick("✕", "x");
    let mut lines = rows::wrapped(
        theme,
        Role::Bad,
        &format!("{sign} {}", fault.message),
        width,
        "  ",
    );
    for hint in mend::hints(model, fault) {
        let text = format!("  {} {hint}", theme.pick("→", ">"));
        lines.extend(rows::wrapped(theme, Role::Text, &text, width, "    "));
    }
    lines
}

/// What the tab says while there is no connector.
fn empty(model: &Model, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    if model.mirror.board.is_none() {
        let line = match model.mirror.link {
            Link::Starting => format!("{} reaching the board", theme.spinner(model.tasks.spin)),
            _ => String::new(),
        };
        return vec![
            Line::raw(""),
            Line::styled(format!("  {line}"), theme.style(Role::Quiet)),
        ];
    }
    let mut lines = vec![
        Line::raw(""),
        Line::styled(
            "  This board has no connectors yet.",
            theme.style(Role::Strong),
        ),
        Line::raw(""),
        Line::from(vec![
            Span::raw("  Press "),
            Span::styled(model.key(Action::FromDirectory), theme.style(Role::Key)),
            Span::raw(" to choose from the directory of known servers,"),
        ]),
        Line::from(vec![
            Span::raw("  or "),
            Span::styled(model.key(Action::NewConnector), theme.style(Role::Key)),
            Span::raw(" to connect any MCP server:"),
        ]),
    ];
    for text in [
        "a name and a URL are enough to begin; callboard finds out how the server wants you to sign in.",
        "Nothing it offers runs before you have read what it does and said so.",
    ] {
        for line in sanitise::wrap(text, width.saturating_sub(4)) {
            lines.push(Line::styled(format!("  {line}"), theme.style(Role::Quiet)));
        }
    }
    lines
}
