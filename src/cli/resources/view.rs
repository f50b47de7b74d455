//! How a list of resources looks.

use serde_json::{Value, json};

use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::domain::{Resources, Untrusted};
use crate::guard::sanitise::{self, Form};

/// Longest address, name and description in a row, in characters.
const URI_LIMIT: usize = 300;
const NAME_LIMIT: usize = 60;
const MIME_LIMIT: usize = 40;
const TEXT_LIMIT: usize = 200;

/// The document for scripts, with MCP's own names for everything.
pub(super) fn document(resources: &Resources) -> Value {
    let one_by_one: Vec<Value> = resources
        .resources
        .iter()
        .map(|one| {
            json!({
                "uri": one.uri,
                "name": one.name,
                "title": one.title,
                "description": one.description,
                "mimeType": one.mime_type,
                "size": one.size,
            })
        })
        .collect();
    let templates: Vec<Value> = resources
        .templates
        .iter()
        .map(|one| {
            json!({
                "uriTemplate": one.uri_template,
                "name": one.name,
                "title": one.title,
                "description": one.description,
                "mimeType": one.mime_type,
            })
        })
        .collect();
    json!({
        "resources": one_by_one,
        "resourceTemplates": templates,
        "subscribe": resources.subscribe,
    })
}

/// The lists for people.
pub(super) fn text(resources: &Resources, terminal: &Terminal) -> String {
    let form = terminal.form();
    let mut text = String::new();
    if !resources.resources.is_empty() {
        let mut table = Table::headed(&["URI", "NAME", "TYPE", "BYTES", "SAYS IT IS"]);
        for one in &resources.resources {
            let size = one.size.map_or_else(|| "-".to_owned(), |n| n.to_string());
            table.row(vec![
                sanitise::line_as(&one.uri, URI_LIMIT, form).into(),
                name(&one.name, one.title.as_ref(), form).into(),
                mime(one.mime_type.as_ref(), form).into(),
                size.into(),
                quoted(one.description.as_ref(), form).into(),
            ]);
        }
        text.push_str(&table.lines(terminal.width()));
    }
    if !resources.templates.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        let mut table = Table::headed(&["URI TEMPLATE", "NAME", "TYPE", "SAYS IT IS"]);
        for one in &resources.templates {
            table.row(vec![
                sanitise::line_as(&one.uri_template, URI_LIMIT, form).into(),
                name(&one.name, one.title.as_ref(), form).into(),
                mime(one.mime_type.as_ref(), form).into(),
                quoted(one.description.as_ref(), form).into(),
            ]);
        }
        text.push_str(&table.lines(terminal.width()));
    }
    text
}

/// What people call it.
fn name(name: &Untrusted, title: Option<&Untrusted>, form: Form) -> String {
    let shown = sanitise::line_as(title.unwrap_or(name), NAME_LIMIT, form);
    format!("\"{shown}\"")
}

fn mime(mime: Option<&Untrusted>, form: Form) -> String {
    mime.map_or_else(
        || "-".to_owned(),
        |mime| sanitise::line_as(mime, MIME_LIMIT, form),
    )
}

fn quoted(text: Option<&Untrusted>, form: Form) -> String {
    text.map_or_else(String::new, |text| {
        format!("\"{}\"", sanitise::line_as(text, TEXT_LIMIT, form))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use crate::domain::{Resource, ResourceTemplate};

    fn resources() -> Resources {
        Resources {
            resources: vec![Resource {
                uri: "wiki://page/\u{1b}[2Jone".into(),
                name: "one".into(),
                title: Some("Page \u{202e}one".into()),
                description: Some("The first\npage".into()),
                mime_type: None,
                size: Some(7),
            }],
            templates: vec![ResourceTemplate {
                uri_template: "wiki://page/{n}".into(),
                name: "page".into(),
                title: None,
                description: None,
                mime_type: Some("text/markdown".into()),
            }],
            subscribe: true,
        }
    }

    #[test]
    fn what_a_server_says_is_quoted_and_cannot_move_the_cursor() {
        let terminal = Terminal::of_this_process(&Environment::default());
        let text = text(&resources(), &terminal);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        assert!(text.contains("wiki://page/⟨U+001B⟩[2Jone"), "{text}");
        assert!(text.contains("\"The first⏎page\""), "{text}");
        assert!(text.contains("wiki://page/{n}"), "{text}");
    }

    #[test]
    fn the_document_has_the_names_of_the_protocol() {
        assert_eq!(
            document(&resources()),
            json!({
                "resources": [{
                    "uri": "wiki://page/\u{1b}[2Jone", "name": "one", "title": "Page \u{202e}one",
                    "description": "The first\npage", "mimeType": null, "size": 7,
                }],
                "resourceTemplates": [{
                    "uriTemplate": "wiki://page/{n}", "name": "page", "title": null,
                    "description": null, "mimeType": "text/markdown",
                }],
                "subscribe": true,
            })
        );
    }
}
