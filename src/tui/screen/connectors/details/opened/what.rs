//! What can be opened, and what it is filled in with.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::{Fault, Prompt, Resource, ResourceTemplate, Untrusted};
use crate::guard::template::Template;
use crate::tui::screen::connectors::details::offers::Offer;

/// See the module.
#[derive(Clone, Debug)]
pub(in crate::tui::screen::connectors::details) enum What {
    /// A prompt.
    Prompt(Prompt),
    /// A resource.
    Resource(Resource),
    /// A family of resources.
    Template(ResourceTemplate),
}

impl What {
    /// The same as it is listed.
    pub(in crate::tui::screen::connectors::details) fn of(offer: Offer<'_>) -> Self {
        match offer {
            Offer::Prompt(prompt) => Self::Prompt(prompt.clone()),
            Offer::Resource(resource) => Self::Resource(resource.clone()),
            Offer::Template(template) => Self::Template(template.clone()),
        }
    }

    /// A resource of which nothing but its address is known.
    pub(super) fn at(uri: &Untrusted) -> Self {
        Self::Resource(Resource {
            uri: uri.clone(),
            name: super::unnamed(uri),
            title: None,
            description: None,
            mime_type: None,
            size: None,
        })
    }

    /// What drafts of it are kept under.
    pub(super) fn key(&self) -> String {
        self.offer().key()
    }

    /// The same as it is listed.
    pub(super) fn offer(&self) -> Offer<'_> {
        match self {
            Self::Prompt(prompt) => Offer::Prompt(prompt),
            Self::Resource(resource) => Offer::Resource(resource),
            Self::Template(template) => Offer::Template(template),
        }
    }

    /// The JSON Schema of what it is filled in with, all of it texts; `None`: it has
    /// no blanks.
    ///
    /// # Errors
    /// Where it is a template that cannot be read.
    pub(super) fn schema(&self) -> Result<Option<Value>, Fault> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        match self {
            Self::Prompt(prompt) => {
                for argument in &prompt.arguments {
                    let name = argument.name.raw();
                    let mut property = json!({ "type": "string" });
                    if let (Some(words), Some(members)) =
                        (&argument.description, property.as_object_mut())
                    {
                        members.insert("description".to_owned(), words.raw().into());
                    }
                    properties.insert(name.to_owned(), property);
                    if argument.required {
                        required.push(name.to_owned());
                    }
                }
            }
            Self::Template(template) => {
                for name in Template::read(&template.uri_template)?.variables() {
                    properties.insert(name.raw().to_owned(), json!({ "type": "string" }));
                }
            }
            Self::Resource(_) => {}
        }
        if properties.is_empty() {
            return Ok(None);
        }
        Ok(Some(json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })))
    }

    /// The address that is read.
    ///
    /// # Errors
    /// Where a template cannot be filled in with this.
    pub(super) fn address(&self, values: &BTreeMap<String, String>) -> Result<Untrusted, Fault> {
        match self {
            Self::Prompt(prompt) => Ok(prompt.name.clone()),
            Self::Resource(resource) => Ok(resource.uri.clone()),
            Self::Template(template) => Template::read(&template.uri_template)?.expand(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PromptArgument;

    #[test]
    fn blanks_are_texts_of_which_some_are_needed() {
        let argument = |name: &str, required| PromptArgument {
            name: name.into(),
            description: Some("Which".into()),
            required,
        };
        let prompt = What::Prompt(Prompt {
            name: "review".into(),
            title: None,
            description: None,
            arguments: vec![argument("play", true), argument("tone", false)],
        });
        let schema = prompt.schema().unwrap().unwrap();
        assert_eq!(schema["required"], json!(["play"]));
        let tone = json!({ "type": "string", "description": "Which" });
        assert_eq!(schema["properties"]["tone"], tone);
        assert!(What::at(&"play://bill".into()).schema().unwrap().is_none());
    }

    #[test]
    fn a_template_has_its_variables_for_blanks() {
        let template = What::Template(ResourceTemplate {
            uri_template: "play://{title}{?act}".into(),
            name: "play".into(),
            title: None,
            description: None,
            mime_type: None,
        });
        let schema = template.schema().unwrap().unwrap();
        let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["title", "act"]);
        let values = BTreeMap::from([("title".to_owned(), "a b".to_owned())]);
        assert_eq!(template.address(&values).unwrap().raw(), "play://a%20b");
    }
}
