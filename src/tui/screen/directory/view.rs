//! How tab 2 looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::catalogue::Catalogue;
use super::{Known, chosen, in_preview, is_loading, preview};
use crate::domain::{AuthKind, EntryStatus};
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::mirror::Link;
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::Click;
use crate::tui::screen::connectors::fault_lines;
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Lines above the rows: the search and the filters.
const HEAD: u16 = 2;

fn list_area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, false);
    layout::inside(panes.list.unwrap_or_default())
}

/// Where the rows of the list go.
pub(super) fn rows_area(model: &Model) -> Rect {
    below_head(list_area(model))
}

/// Where the search stands.
pub(super) fn search_area(model: &Model) -> Rect {
    Rect {
        height: 1,
        ..list_area(model)
    }
}

/// The filter whose words are under the mouse.
pub(super) fn filter_at(model: &Model, click: Click) -> Option<Action> {
    let area = list_area(model);
    if click.row != area.y.saturating_add(1) {
        return None;
    }
    let column = usize::from(click.column.checked_sub(area.x)?);
    let words = filters(model, usize::from(area.width));
    let mut from = 1;
    FILTERS.into_iter().zip(words).find_map(|(action, words)| {
        let begin = from;
        from += words.iter().map(Span::width).sum::<usize>();
        (begin..from).contains(&column).then_some(action)
    })
}

fn below_head(inside: Rect) -> Rect {
    let head = HEAD.min(inside.height);
    Rect::new(
        inside.x,
        inside.y.saturating_add(head),
        inside.width,
        inside.height.saturating_sub(head),
    )
}

/// Where the preview goes.
pub(super) fn preview_area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, true);
    layout::padded(panes.detail.unwrap_or_default())
}

/// Draws the tab.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let in_preview = in_preview(model);
    let panes = layout::panes(body, in_preview);
    let focused = model.focus.tab().is_some();
    if let Some(area) = panes.list {
        list(model, frame, area, focused && !in_preview);
    }
    if let Some(area) = panes.detail {
        detail(model, frame, area, focused && in_preview);
    }
    // The pane with the keys owns the line between the two.
    if let (Some(area), true) = (panes.list, focused && !in_preview) {
        rows::light_edge(frame, area, model.theme);
    }
}

fn list(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let state = &model.tabs.directory;
    let mut title = vec![Span::styled(" Directory", theme.style(Role::Strong))];
    title.push(Span::raw(match state.catalogue() {
        Some(catalogue) => format!("{}{} ", theme.dot(), count(catalogue, state.shown.len())),
        None => " ".to_owned(),
    }));
    let inside = rows::pane(frame, area, theme, title, focused);
    if inside.height > HEAD {
        let here = model.focus == Focus::DirectorySearch && model.overlay.is_none();
        rows::filter(frame, inside, theme, &state.search, here);
        if state.search.text().is_empty() {
            let hint = " title, publisher, description";
            let beside = Rect::new(
                inside.x.saturating_add(3),
                inside.y,
                inside.width.saturating_sub(3),
                1,
            );
            frame.render_widget(Span::styled(hint, theme.style(Role::Quiet)), beside);
        }
        let filters = filters(model, usize::from(inside.width));
        let mut line = Line::raw(" ");
        line.spans.extend(filters.into_iter().flatten());
        let below = Rect::new(inside.x, inside.y.saturating_add(1), inside.width, 1);
        frame.render_widget(line, below);
    }
    let inside = below_head(inside);
    let width = usize::from(inside.width);
    let Some(catalogue) = state.catalogue().filter(|_| !state.shown.is_empty()) else {
        rows::text(frame, inside, theme, nothing(model, width), 0);
        return;
    };
    let cursor = state.cursor;
    let lines: Vec<Line<'static>> = state
        .shown
        .iter()
        .enumerate()
        .skip(cursor.top)
        .take(usize::from(inside.height))
        .filter_map(|(row, place)| {
            let line = entry(model, catalogue, *place, width)?;
            Some(match (row == cursor.row, focused) {
                (true, true) => line.patch_style(theme.style(Role::Chosen)),
                (true, false) => line.patch_style(theme.style(Role::ChosenElsewhere)),
                _ => line,
            })
        })
        .collect();
    rows::text(frame, inside, theme, lines, 0);
    rows::more(frame, inside, theme, cursor.top, state.shown.len());
}

fn count(catalogue: &Catalogue, shown: usize) -> String {
    let all = catalogue.len();
    let servers = if all == 1 { "server" } else { "servers" };
    let left_out = match catalogue.skipped {
        0 => String::new(),
        skipped => format!(", {skipped} left out as unreadable"),
    };
    if shown == all {
        format!("{all} {servers}{left_out}")
    } else {
        format!("{shown} of {all} {servers}{left_out}")
    }
}

/// What sets the filters, in the order of their words.
const FILTERS: [Action; 3] = [
    Action::FilterAuth,
    Action::FilterTransport,
    Action::FilterAdded,
];

/// The filters with their keys: what each is drawn as.
fn filters(model: &Model, width: usize) -> Vec<[Span<'static>; 3]> {
    let theme = model.theme;
    let filters = model.tabs.directory.filters;
    let auth = match filters.auth {
        None => "any sign-in",
        Some(AuthKind::None) => "no sign-in",
        Some(kind) => kind.title(),
    };
    let transport = filters.transport.map_or("any transport", |it| it.word());
    let added = match filters.added {
        None => "on the board or not",
        Some(false) => "not on the board",
        Some(true) => "on the board",
    };
    let mut used = 1;
    let words = [
        (auth, filters.auth.is_some()),
        (transport, filters.transport.is_some()),
        (added, filters.added.is_some()),
    ];
    let of = |(action, (text, set)): (Action, (&str, bool))| {
        let role = if set { Role::Strong } else { Role::Quiet };
        let key = model.key(action);
        let room = width.saturating_sub(used + sanitise::width(&key) + 1);
        let text = sanitise::cut(text, room);
        used += sanitise::width(&key) + sanitise::width(&text) + 3;
        [
            Span::styled(key, theme.style(Role::Key)),
            Span::styled(format!(" {text}"), theme.style(role)),
            Span::raw("  "),
        ]
    };
    FILTERS.into_iter().zip(words).map(of).collect()
}

fn entry(
    model: &Model,
    catalogue: &Catalogue,
    place: usize,
    width: usize,
) -> Option<Line<'static>> {
    let theme = model.theme;
    let entry = catalogue.entry(place)?;
    let (sign, role) = match entry.status {
        EntryStatus::Deprecated => ("!", Role::Warn),
        EntryStatus::Active if catalogue.added(place).is_empty() => (" ", Role::Text),
        EntryStatus::Active => (theme.pick("✓", "+"), Role::Good),
    };
    let titles = (width * 2 / 5).clamp(12, 32);
    let auth = entry.authentication.map_or("not said", AuthKind::title);
    let room = width.saturating_sub(3 + titles + 1 + 9 + 1);
    let words = if entry.description.is_empty() || room < 8 {
        String::new()
    } else {
        server::quoted(theme, &entry.description, room)
    };
    Some(Line::from(vec![
        Span::raw(" "),
        Span::styled(sign, theme.style(role)),
        Span::raw(" "),
        Span::styled(
            rows::cell(&server::name(theme, &entry.title, titles), titles),
            theme.style(Role::Strong),
        ),
        Span::raw(" "),
        Span::raw(rows::cell(auth, 9)),
        Span::raw(" "),
        Span::styled(rows::cell(&words, room), theme.style(Role::Quiet)),
    ]))
}

/// What stands there instead of servers.
fn nothing(model: &Model, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let quiet = |text: String| rows::wrapped(theme, Role::Quiet, &text, width, " ");
    let spinning = |text: &str| {
        let of = |it: &Purpose| matches!(it, Purpose::Directory(_));
        quiet(format!(" {}", model.waiting(text, of)))
    };
    let state = &model.tabs.directory;
    match (&state.known, &model.mirror.link) {
        (Known::Here(_), _) if state.is_filtered() => {
            let mut lines = quiet(model.words(" nothing matches; {show-all} shows all again"));
            let text = " {new-connector} adds a server that is not listed, by its address";
            let text = model.words(text);
            lines.extend(rows::wrapped(theme, Role::Key, &text, width, " "));
            lines
        }
        (Known::Here(_), _) => quiet(" the directory is empty".to_owned()),
        _ if is_loading(model) => spinning("reading the directory"),
        (_, Link::Starting) => spinning("reaching the board"),
        // The line at the top names the key that starts one.
        (_, Link::Down { .. }) => {
            quiet(" the directory comes from the board, and none answers".to_owned())
        }
        (Known::Missing(fault), Link::Up) => {
            let mut lines = fault_lines(model, fault, width.saturating_sub(1));
            for line in &mut lines {
                line.spans.insert(0, Span::raw(" "));
            }
            let text =
                " {read-directory} reads it again; {new-connector} adds a server by its address";
            let text = model.words(text);
            lines.extend(rows::wrapped(theme, Role::Key, &text, width, " "));
            lines
        }
        (Known::NotYet, Link::Up) => spinning("reading the directory"),
    }
}

fn detail(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let found = chosen(model);
    let title = found.map_or_else(Vec::new, |(_, entry)| {
        let room = usize::from(area.width).saturating_sub(6);
        let name = server::quoted(theme, &entry.title, room);
        vec![Span::styled(format!(" {name} "), theme.style(Role::Strong))]
    });
    rows::pane(frame, area, theme, title, focused);
    let inside = layout::padded(area);
    if let Some((place, _)) = found {
        let lines = preview::lines(model, place, usize::from(inside.width));
        rows::text(frame, inside, theme, lines, model.tabs.directory.scroll);
    }
}
