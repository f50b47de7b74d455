//! How prompts and resources look: what there is of them, the list, the chosen one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Known, Offer, all, is_connected, is_none, offered, row, shown};
use crate::domain::Fault;
use crate::protocol::ConnectorView;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors::details::functions::mending;
use crate::tui::screen::connectors::details::picked::{Parts, parts};
use crate::tui::screen::connectors::details::view as details_view;
use crate::tui::screen::connectors::details::{Wish, has_filter, opened, text};
use crate::tui::screen::connectors::view::fault_lines;
use crate::tui::screen::connectors::{chosen, in_detail};
use crate::tui::theme::Role;
use crate::tui::widget::rows;

/// So many of something.
fn count(count: usize, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

/// What is known of a list in a word: how many there are, or that it is read.
fn amount<T>(
    model: &Model,
    known: &Known<T>,
    (many, of): (&str, impl Fn(&Wish) -> bool),
    here: impl Fn(&T) -> String,
) -> String {
    let of = |it: &Purpose| matches!(it, Purpose::Details(wish) if of(wish));
    match known {
        Known::Here(value) => here(value),
        Known::Loading => model.waiting(&format!("listing the {many}"), of),
        Known::Missing(fault) if is_none(fault) => format!("no {many}"),
        Known::Missing(_) => format!("{} {many}", model.theme.pick("✕", "x")),
    }
}

/// How many there are of each kind, and what could not be had.
fn head(model: &Model, width: usize) -> Vec<Line<'static>> {
    let Some(offered) = offered(model) else {
        return vec![];
    };
    let theme = model.theme;
    let of_prompts = |wish: &Wish| matches!(wish, Wish::Prompts(_));
    let of_resources = |wish: &Wish| matches!(wish, Wish::Resources(_));
    let prompts = amount(
        model,
        &offered.prompts,
        ("prompts", of_prompts),
        |prompts| count(prompts.len(), "prompt", "prompts"),
    );
    let resources = amount(
        model,
        &offered.resources,
        ("resources", of_resources),
        |it| {
            let mut text = count(it.resources.len(), "resource", "resources");
            if !it.templates.is_empty() {
                let templates = count(it.templates.len(), "template", "templates");
                text.push_str(&format!("{}{templates}", theme.dot()));
            }
            if it.subscribe {
                text.push_str(&format!("{}tells of changes", theme.dot()));
            }
            text
        },
    );
    let text = format!("{prompts}{}{resources}", theme.dot());
    let mut lines = rows::wrapped(theme, Role::Text, &text, width, "");
    for fault in [fault(&offered.prompts), fault(&offered.resources)]
        .into_iter()
        .flatten()
    {
        lines.extend(fault_lines(model, fault, width));
    }
    lines
}

/// What is wrong with a list, where something is.
fn fault<T>(known: &Known<T>) -> Option<&Fault> {
    match known {
        Known::Missing(fault) if !is_none(fault) => Some(fault),
        _ => None,
    }
}

/// What is said of the chosen one.
fn foot(model: &Model, width: usize) -> Vec<Line<'static>> {
    let picked = &model.tabs.connectors.details.offers;
    let offers = shown(model, &picked.words());
    match offers.get(picked.cursor.row) {
        Some(offer) => row::about(model.theme, *offer, width),
        None => vec![],
    }
}

/// Where the parts of the list are.
pub(super) fn divide(model: &Model, area: Rect) -> Parts {
    let width = usize::from(text::inside(area).width);
    let (head, foot) = (head(model, width).len(), foot(model, width).len());
    parts(area, head, has_filter(model), foot)
}

/// Draws them, or what was opened of them.
pub(in crate::tui::screen::connectors::details) fn view(
    model: &Model,
    connector: &ConnectorView,
    frame: &mut Frame<'_>,
    area: Rect,
    focused: bool,
) {
    if opened::view(model, frame, area, focused) {
        return;
    }
    let theme = model.theme;
    let parts = divide(model, area);
    let width = usize::from(text::inside(area).width);
    rows::text(
        frame,
        text::inside(parts.head),
        theme,
        head(model, width),
        0,
    );
    rows::text(
        frame,
        text::inside(parts.foot),
        theme,
        foot(model, width),
        0,
    );
    details_view::filter(model, frame, parts.filter);
    let picked = &model.tabs.connectors.details.offers;
    let offers = shown(model, &picked.words());
    if offers.is_empty() {
        let lines = nothing(model, connector, width);
        rows::text(frame, text::inside(parts.rows), theme, lines, 0);
        return;
    }
    let width = usize::from(parts.rows.width);
    let row = |place: usize| {
        let offer: &Offer<'_> = offers.get(place)?;
        Some(row::row(theme, *offer, width))
    };
    let cursor = picked.cursor;
    details_view::list(frame, parts.rows, theme, cursor, offers.len(), focused, row);
}

/// What stands there instead of offers.
fn nothing(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let quiet = |text: &str| {
        let span = Span::styled(model.words(text), theme.style(Role::Quiet));
        vec![Line::from(span)]
    };
    if all(model).next().is_some() {
        return quiet("nothing matches; {leave-details} shows all again");
    }
    match offered(model) {
        // What is read and what is wrong stands above.
        Some(offered) => match (&offered.prompts, &offered.resources) {
            (Known::Loading, _) | (_, Known::Loading) => vec![],
            _ if offered.has_failed() => mending(model, connector, width),
            _ => quiet("This server offers functions alone."),
        },
        None if !is_connected(connector) => {
            let mut lines = quiet("Not connected, so its server cannot be asked.");
            if let Some(fault) = &connector.fault {
                lines.extend(fault_lines(model, fault, width));
            }
            lines.extend(mending(model, connector, width));
            lines
        }
        None if !in_detail(model) && chosen(model).is_some() => quiet("{open} lists them"),
        None => quiet("no board answers"),
    }
}
