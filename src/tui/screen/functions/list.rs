//! How the list of functions looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::filters::Claim;
use super::listing::{Owner, Row};
use super::{connector, details};
use crate::domain::{FunctionState, Status};
use crate::guard::sanitise;
use crate::protocol::ConnectorView;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::mirror::{Known, Listed};
use crate::tui::model::Model;
use crate::tui::screen::connectors::lacks_secret;
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Cells of the column with the permission, the blank behind it included.
const PERMISSIONS: usize = 7;

/// Cells of the claim or the state; fewer where each row has a connector too.
const CLAIMS: usize = 16;
const SHORT_CLAIMS: usize = 9;

/// Where the rows of the list go.
pub(super) fn area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, false);
    below_filter(model, layout::inside(panes.list.unwrap_or_default()))
}

/// How many rows fit.
pub(super) fn height(model: &Model) -> usize {
    usize::from(area(model).height)
}

pub(super) fn has_filter(model: &Model) -> bool {
    model.focus == Focus::Filter || !model.tabs.functions.filter.text().is_empty()
}

fn below_filter(model: &Model, inside: Rect) -> Rect {
    let filter = u16::from(has_filter(model)).min(inside.height);
    Rect::new(
        inside.x,
        inside.y.saturating_add(filter),
        inside.width,
        inside.height.saturating_sub(filter),
    )
}

/// Draws it.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let inside = {
        let title = title(model, usize::from(area.width));
        rows::pane(frame, area, theme, title, focused)
    };
    if has_filter(model) {
        let here = model.focus == Focus::Filter && model.overlay.is_none();
        let field = &model.tabs.functions.filter;
        rows::filter(frame, inside, theme, field, here);
    }
    let inside = below_filter(model, inside);
    let state = &model.tabs.functions;
    let total = state.listing.rows();
    if total == 0 {
        let lines = nothing(model, usize::from(inside.width));
        rows::text(frame, inside, theme, lines, 0);
        return;
    }
    let columns = Columns::of(model, usize::from(inside.width));
    let cursor = state.cursor;
    let shown = state
        .listing
        .from(&model.mirror, cursor.top)
        .take(usize::from(inside.height));
    let lines: Vec<Line<'static>> = (cursor.top..)
        .zip(shown)
        .map(|(place, row)| {
            let line = line(model, &columns, row);
            match (place == cursor.row, focused) {
                (true, true) => line.patch_style(theme.style(Role::Chosen)),
                (true, false) => line.patch_style(theme.style(Role::ChosenElsewhere)),
                _ => line,
            }
        })
        .collect();
    rows::text(frame, inside, theme, lines, 0);
    rows::more(frame, inside, theme, cursor.top, total);
}

/// Whose functions, how many of them, which filters, how many marks.
fn title(model: &Model, width: usize) -> Vec<Span<'static>> {
    let theme = model.theme;
    let state = &model.tabs.functions;
    let dot = theme.dot();
    let name = if state.all {
        "all connectors".to_owned()
    } else {
        connector(model).map_or_else(String::new, |it| it.name.as_str().to_owned())
    };
    let (total, matching) = (state.listing.total(), state.listing.matching());
    let mut words = vec![match (matching, total) {
        (1, 1) => "1 function".to_owned(),
        _ if matching == total => format!("{total} functions"),
        _ => format!("{matching} of {total}"),
    }];
    let marks = state.marks.len();
    if marks > 0 {
        words.push(format!("{marks} marked"));
    }
    words.extend(state.filters.words().into_iter().map(str::to_owned));
    let coming = state.listing.still_to_come(&model.mirror);
    if state.all && coming > 0 {
        words.push(format!("{coming} being read"));
    }
    let rest = format!("{dot}{}", words.join(dot));
    let room = width.saturating_sub(sanitise::width(&name) + 4);
    vec![
        Span::styled(format!(" {name}"), theme.style(Role::Strong)),
        Span::raw(format!("{} ", sanitise::cut(&rest, room))),
    ]
}

/// How wide the columns are.
struct Columns {
    /// The connector's; 0 where all are of one.
    connectors: usize,
    names: usize,
    claims: usize,
    width: usize,
}

impl Columns {
    fn of(model: &Model, width: usize) -> Self {
        let state = &model.tabs.functions;
        let (connectors, claims) = if state.all {
            let owners = state.listing.owners().iter();
            let longest = owners.map(|owner| owner.name.len()).max().unwrap_or(0);
            let most = (width / 4).max(6);
            let claims = if width < 70 { SHORT_CLAIMS } else { CLAIMS };
            (longest.clamp(6, most).saturating_add(1), claims)
        } else {
            (0, CLAIMS)
        };
        // Two stay free at the edge, where the list says that there is more.
        let others = 3 + PERMISSIONS + connectors + 1 + claims + 2;
        Self {
            connectors,
            names: width.saturating_sub(others).max(8),
            claims,
            width,
        }
    }
}

fn line(model: &Model, columns: &Columns, row: Row<'_>) -> Line<'static> {
    match row.function {
        Some(function) => of_function(model, columns, row.owner, function),
        None => of_connector(model, columns, row.owner),
    }
}

fn of_function(
    model: &Model,
    columns: &Columns,
    owner: &Owner,
    function: Listed<'_>,
) -> Line<'static> {
    let theme = model.theme;
    let (sign, role) = theme.function(function.permission(), function.state());
    let (_, word_role) = theme.permission(function.permission());
    let marks = &model.tabs.functions.marks;
    let marked = marks.contains(&owner.id, function.raw_name());
    let mark = if marked { theme.mark() } else { " " };
    let claim = match function.state() {
        FunctionState::Accepted => Claim::of(function.hints()).word().to_owned(),
        state if columns.claims < CLAIMS => state.word().to_owned(),
        state => format!("{}, review", state.word()),
    };
    let claim_role = match function.state() {
        FunctionState::Accepted => Role::Quiet,
        FunctionState::New | FunctionState::Changed => Role::Warn,
    };
    let mut spans = vec![
        Span::styled(mark, theme.style(Role::Key)),
        Span::styled(format!("{sign} "), theme.style(role)),
        Span::styled(
            rows::cell(function.permission().word(), PERMISSIONS),
            theme.style(word_role),
        ),
    ];
    if columns.connectors > 0 {
        spans.push(Span::raw(rows::cell(
            &rows::cell(&owner.name, columns.connectors.saturating_sub(1)),
            columns.connectors,
        )));
    }
    spans.push(Span::raw(rows::cell(
        &server::name(theme, &function.name(), columns.names),
        columns.names,
    )));
    spans.push(Span::raw(" "));
    spans.push(Span::styled(
        rows::cell(&claim, columns.claims),
        theme.style(claim_role),
    ));
    Line::from(spans)
}

/// The line of a connector that has listed nothing, or not yet.
fn of_connector(model: &Model, columns: &Columns, owner: &Owner) -> Line<'static> {
    let theme = model.theme;
    let Some(connector) = model.mirror.connector(&owner.id) else {
        return Line::default();
    };
    let (mut sign, role) = theme.status(connector.status);
    let known = model.mirror.functions.get(&owner.id);
    if matches!(known, Some(Known::Loading) | None) || connector.status == Status::Connecting {
        sign = theme.spinner(model.tasks.spin);
    }
    let used = 3 + PERMISSIONS + columns.connectors + 2;
    let room = columns.width.saturating_sub(used);
    let why = rows::cut_at_word(&why_nothing(model, connector), room);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(rows::cell(sign, 2 + PERMISSIONS), theme.style(role)),
        Span::styled(
            rows::cell(&owner.name, columns.connectors),
            theme.style(Role::Quiet),
        ),
        Span::styled(rows::cell(&why, room), theme.style(Role::Quiet)),
    ])
}

/// Why a connector has no functions to show.
fn why_nothing(model: &Model, connector: &ConnectorView) -> String {
    match model.mirror.functions.get(&connector.id) {
        Some(Known::Loading) | None => {
            return format!("reading its functions{}", model.theme.ellipsis());
        }
        Some(Known::Missing(fault)) => return format!("not to be had: {}", fault.message),
        Some(Known::Here(_)) => {}
    }
    let fault = connector.fault.as_ref().map(|fault| fault.message.as_str());
    match connector.status {
        _ if lacks_secret(connector) => "secret missing or refused".to_owned(),
        Status::SignIn => "sign-in needed".to_owned(),
        Status::Locked => model.words("locked: {unlock} opens the vault"),
        Status::Disabled => "disabled, has listed nothing".to_owned(),
        Status::Failed => format!("failed: {}", fault.unwrap_or("no reason is known")),
        Status::Connecting => format!("connecting{}", model.theme.ellipsis()),
        Status::Connected | Status::Changed => "lists no functions".to_owned(),
    }
}

/// What stands there instead of functions.
fn nothing(model: &Model, width: usize) -> Vec<Line<'static>> {
    let state = &model.tabs.functions;
    if !state.all && state.listing.total() == 0 {
        return connector(model).map_or_else(Vec::new, |connector| {
            let lines = details::of_connector(model, connector, width.saturating_sub(2));
            lines.into_iter().map(indented).collect()
        });
    }
    let coming = state.listing.still_to_come(&model.mirror);
    let mut text = model.words("nothing matches; {back} shows all again");
    if coming > 0 {
        text.push_str(&format!("; {coming} connectors are being read"));
    }
    let theme = model.theme;
    rows::wrapped(theme, Role::Quiet, &text, width.saturating_sub(1), "")
        .into_iter()
        .map(indented)
        .collect()
}

/// In line with the signs of the rows.
fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw(" "));
    line
}
