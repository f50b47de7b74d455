//! What a server offers besides functions: resources to read, prompts to fill in.

use serde::{Deserialize, Serialize};

use super::Untrusted;

/// Something that can be read (MCP `Resource`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// What it is read by.
    pub uri: Untrusted,
    /// What the server calls it.
    pub name: Untrusted,
    /// The same where people read.
    pub title: Option<Untrusted>,
    /// The server's words.
    pub description: Option<Untrusted>,
    /// Media type, as the server claims.
    pub mime_type: Option<Untrusted>,
    /// Size in bytes, as the server claims.
    pub size: Option<u64>,
}

/// A family of resources (MCP `ResourceTemplate`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceTemplate {
    /// URI template (RFC 6570).
    pub uri_template: Untrusted,
    /// What the server calls it.
    pub name: Untrusted,
    /// The same where people read.
    pub title: Option<Untrusted>,
    /// The server's words.
    pub description: Option<Untrusted>,
    /// Media type, as the server claims.
    pub mime_type: Option<Untrusted>,
}

/// Everything of a server that can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// One by one.
    pub resources: Vec<Resource>,
    /// Families.
    pub templates: Vec<ResourceTemplate>,
    /// Whether the server says when one changes.
    pub subscribe: bool,
}

/// A text that the server fills in (MCP `Prompt`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// What it is called by.
    pub name: Untrusted,
    /// What the server calls it where people read.
    pub title: Option<Untrusted>,
    /// The server's words.
    pub description: Option<Untrusted>,
    /// What it is filled in with.
    pub arguments: Vec<PromptArgument>,
}

/// A blank of a prompt (MCP `PromptArgument`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptArgument {
    /// What it is called by.
    pub name: Untrusted,
    /// The server's words.
    pub description: Option<Untrusted>,
    /// Whether the prompt needs it.
    pub required: bool,
}
