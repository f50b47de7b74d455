//! What stands on a list of resources or prompts, entry by entry.

use std::collections::HashSet;

use serde_json::Value;

use super::MAX_KEY;
use crate::domain::{Prompt, PromptArgument, Resource, ResourceTemplate, Untrusted};
use crate::mcp::session::cut;

/// Longest name and title that are kept, in characters.
const MAX_NAME: usize = 500;
/// Longest description that is kept, in characters.
const MAX_DESCRIPTION: usize = 32 * 1024;
/// Most arguments of one prompt.
const MAX_ARGUMENTS: usize = 200;

/// Reads each entry; one that cannot be read hides no other, and of two with one key
/// the first counts.
pub(super) fn each<T>(
    items: Vec<Value>,
    read: impl Fn(&Value) -> Option<T>,
    key: impl Fn(&T) -> &str,
) -> Vec<T> {
    let mut keys = HashSet::new();
    let mut entries: Vec<T> = items.iter().filter_map(read).collect();
    entries.retain(|entry| keys.insert(key(entry).to_owned()));
    entries
}

pub(super) fn resource(item: &Value) -> Option<Resource> {
    let uri = key(item, "uri")?;
    Some(Resource {
        name: text(item, "name", MAX_NAME).unwrap_or_else(|| cut(uri.raw(), MAX_NAME)),
        title: text(item, "title", MAX_NAME),
        description: text(item, "description", MAX_DESCRIPTION),
        mime_type: text(item, "mimeType", MAX_NAME),
        size: item.get("size").and_then(Value::as_u64),
        uri,
    })
}

pub(super) fn template(item: &Value) -> Option<ResourceTemplate> {
    let uri_template = key(item, "uriTemplate")?;
    Some(ResourceTemplate {
        name: text(item, "name", MAX_NAME).unwrap_or_else(|| cut(uri_template.raw(), MAX_NAME)),
        title: text(item, "title", MAX_NAME),
        description: text(item, "description", MAX_DESCRIPTION),
        mime_type: text(item, "mimeType", MAX_NAME),
        uri_template,
    })
}

pub(super) fn prompt(item: &Value) -> Option<Prompt> {
    let arguments = item.get("arguments").and_then(Value::as_array);
    let arguments = arguments.map(|all| each(all.clone(), argument, |one| one.name.raw()));
    let mut arguments = arguments.unwrap_or_default();
    arguments.truncate(MAX_ARGUMENTS);
    Some(Prompt {
        name: key(item, "name")?,
        title: text(item, "title", MAX_NAME),
        description: text(item, "description", MAX_DESCRIPTION),
        arguments,
    })
}

fn argument(item: &Value) -> Option<PromptArgument> {
    Some(PromptArgument {
        name: key(item, "name")?,
        description: text(item, "description", MAX_DESCRIPTION),
        required: item.get("required") == Some(&Value::Bool(true)),
    })
}

/// What something is asked for by: whole, or not at all.
fn key(item: &Value, member: &str) -> Option<Untrusted> {
    let key = item.get(member)?.as_str()?;
    (1..=MAX_KEY)
        .contains(&key.len())
        .then(|| Untrusted::from(key))
}

fn text(item: &Value, member: &str, most: usize) -> Option<Untrusted> {
    let text = item.get(member)?.as_str()?;
    (!text.is_empty()).then(|| cut(text, most))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_that_cannot_be_read_hides_no_other() {
        let items = vec![
            json!({"uri": "x://a", "name": "a", "size": 7, "mimeType": "text/plain"}),
            json!(7),
            json!({"name": "without a URI"}),
            json!({"uri": "", "name": "with an empty one"}),
            json!({"uri": "x://b", "size": -1, "title": 3, "annotations": {"audience": []}}),
            json!({"uri": "x://a", "name": "evil twin"}),
            json!({"uri": "x".repeat(MAX_KEY + 1), "name": "too long"}),
        ];
        let read = each(items, resource, |one| one.uri.raw());
        let shown: Vec<_> = read
            .iter()
            .map(|one| (one.uri.raw(), one.name.raw(), one.size))
            .collect();
        assert_eq!(shown, [("x://a", "a", Some(7)), ("x://b", "x://b", None)]);
        assert_eq!(read[0].mime_type.as_ref().unwrap().raw(), "text/plain");
        assert_eq!(read[1].title, None);
    }

    #[test]
    fn a_prompt_has_its_arguments_and_no_more_than_it_says() {
        let items = vec![
            json!({"name": "greet", "arguments": [
                {"name": "who", "required": true, "description": "Whom"},
                {"name": "who"}, {"description": "nameless"}, 7,
                {"name": "how", "required": "yes"},
            ]}),
            json!({"name": "plain", "arguments": null}),
            json!({"arguments": []}),
        ];
        let read = each(items, prompt, |one| one.name.raw());
        assert_eq!(read.len(), 2);
        let arguments: Vec<_> = read[0]
            .arguments
            .iter()
            .map(|one| (one.name.raw(), one.required))
            .collect();
        // What is not said clearly is not needed: the server says so itself then.
        assert_eq!(arguments, [("who", true), ("how", false)]);
        assert!(read[1].arguments.is_empty());
    }

    #[test]
    fn long_words_are_cut_and_what_is_asked_for_by_is_not() {
        let long =
            json!({"uri": "x://a", "name": "n".repeat(9000), "description": "d".repeat(99_999)});
        let read = resource(&long).unwrap();
        assert_eq!(read.name.raw().len(), MAX_NAME);
        assert_eq!(read.description.unwrap().raw().len(), MAX_DESCRIPTION);
    }
}
