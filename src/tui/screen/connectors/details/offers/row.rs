//! How one prompt, resource or template is listed, and what is said of the chosen one.

use ratatui::text::{Line, Span};

use super::Offer;
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Cells for the kind.
const KIND: usize = 9;

/// Lines of a description at the bottom.
const DESCRIBED: usize = 4;

/// What it is, in a word.
pub(in crate::tui::screen::connectors::details) fn kind(offer: Offer<'_>) -> &'static str {
    match offer {
        Offer::Prompt(_) => "prompt",
        Offer::Resource(_) => "resource",
        Offer::Template(_) => "template",
    }
}

/// What it is called by.
pub(in crate::tui::screen::connectors::details) fn id(offer: Offer<'_>) -> &Untrusted {
    match offer {
        Offer::Prompt(prompt) => &prompt.name,
        Offer::Resource(resource) => &resource.uri,
        Offer::Template(template) => &template.uri_template,
    }
}

/// What the server says of it.
pub(in crate::tui::screen::connectors::details) fn description(
    offer: Offer<'_>,
) -> Option<&Untrusted> {
    match offer {
        Offer::Prompt(prompt) => prompt.description.as_ref(),
        Offer::Resource(resource) => resource.description.as_ref(),
        Offer::Template(template) => template.description.as_ref(),
    }
}

/// What the server calls it where people read.
fn title(offer: Offer<'_>) -> Option<&Untrusted> {
    let title = match offer {
        Offer::Prompt(prompt) => prompt.title.as_ref(),
        Offer::Resource(resource) => Some(resource.title.as_ref().unwrap_or(&resource.name)),
        Offer::Template(template) => Some(template.title.as_ref().unwrap_or(&template.name)),
    };
    title.filter(|title| !title.is_empty())
}

fn mime_type(offer: Offer<'_>) -> Option<&Untrusted> {
    let mime = match offer {
        Offer::Prompt(_) => None,
        Offer::Resource(resource) => resource.mime_type.as_ref(),
        Offer::Template(template) => template.mime_type.as_ref(),
    };
    mime.filter(|mime| !mime.is_empty())
}

/// What an offer is searched by.
pub(super) fn searched(offer: Offer<'_>) -> String {
    let title = title(offer).map_or("", Untrusted::raw);
    format!("{} {} {title}", kind(offer), id(offer).raw()).to_lowercase()
}

/// A row of the list.
pub(super) fn row(theme: Theme, offer: Offer<'_>, width: usize) -> Line<'static> {
    let room = width.saturating_sub(1 + KIND + 1 + 1);
    let ids = (room * 3 / 5).max(8);
    let titles = room.saturating_sub(ids);
    let title = match title(offer) {
        Some(title) => server::quoted(theme, title, titles),
        None => String::new(),
    };
    Line::from(vec![
        Span::raw(" "),
        Span::styled(rows::cell(kind(offer), KIND), theme.style(Role::Quiet)),
        Span::raw(" "),
        Span::raw(rows::cell(&server::name(theme, id(offer), ids), ids)),
        Span::raw(" "),
        Span::styled(sanitise::cut(&title, titles), theme.style(Role::Quiet)),
    ])
}

/// What is said of the chosen one below the list.
pub(super) fn about(theme: Theme, offer: Offer<'_>, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(
        rows::cell("", width).replace(' ', theme.pick("─", "-")),
        theme.style(Role::Quiet),
    )];
    lines.push(Line::styled(
        server::quoted(theme, id(offer), width),
        theme.style(Role::Strong),
    ));
    let dot = theme.dot();
    let mut words = Vec::new();
    if let Some(title) = title(offer) {
        words.push(server::quoted(theme, title, width));
    }
    if let Some(mime) = mime_type(offer) {
        words.push(server::quoted(theme, mime, 40));
    }
    match offer {
        Offer::Resource(resource) => {
            words.extend(resource.size.map(|size| format!("{size} bytes")));
        }
        Offer::Prompt(prompt) => words.push(match prompt.arguments.len() {
            0 => "no arguments".to_owned(),
            1 => "1 argument".to_owned(),
            count => format!("{count} arguments"),
        }),
        Offer::Template(_) => {}
    }
    if !words.is_empty() {
        let text = words.join(dot);
        lines.extend(rows::wrapped(theme, Role::Quiet, &text, width, ""));
    }
    if let Some(words) = description(offer).filter(|it| !it.is_empty()) {
        let mut described = server::behind_gutter(theme, words, width);
        if described.len() > DESCRIBED {
            described.truncate(DESCRIBED - 1);
            let more = format!("{}{}", theme.gutter(), theme.ellipsis());
            described.push(Line::styled(more, theme.style(Role::Focus)));
        }
        lines.extend(described);
    }
    lines
}
