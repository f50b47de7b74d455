//! A protected resource's document (RFC 9728 section 2).

use serde_json::{Map, Value};
use url::Url;

use super::{text, texts};
use crate::domain::Untrusted;
use crate::guard::sanitise;

/// What a sign-in needs of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mcp::oauth) struct ResourceMetadata {
    /// What a token is asked for (RFC 8707), letter by letter.
    pub(in crate::mcp::oauth) resource: String,
    /// Issuers, as written.
    pub(in crate::mcp::oauth) issuers: Vec<String>,
    /// Scopes that the resource knows; `None` where it says nothing.
    pub(in crate::mcp::oauth) scopes: Option<Vec<String>>,
}

/// Whether a document found at a guessed place is one at all: some servers answer
/// everything with some JSON.
pub(in crate::mcp::oauth) fn speaks(document: &Map<String, Value>) -> bool {
    document.contains_key("resource") || document.contains_key("authorization_servers")
}

impl ResourceMetadata {
    /// Reads the document of `server`. It must speak for it (RFC 9728 section 3.3):
    /// same origin, and the server's path at or under the resource's.
    ///
    /// # Errors
    /// Says what is wrong, to follow the document's address in a sentence.
    pub(in crate::mcp::oauth) fn read(
        document: &Map<String, Value>,
        server: &Url,
    ) -> Result<Self, String> {
        let resource = text(document, "resource").ok_or("does not say which resource it is for")?;
        if !covers(resource, server) {
            let quoted = sanitise::line(&Untrusted::new(resource), 100);
            return Err(format!("is for another resource (“{quoted}”)"));
        }
        let scopes = document
            .contains_key("scopes_supported")
            .then(|| texts(document, "scopes_supported"));
        Ok(Self {
            resource: resource.to_owned(),
            issuers: texts(document, "authorization_servers"),
            scopes,
        })
    }
}

/// Whether a token for `resource` may be sent to `url`.
pub(in crate::mcp::oauth) fn covers(resource: &str, url: &Url) -> bool {
    Url::parse(resource).is_ok_and(|named| {
        let under = named.path().trim_end_matches('/');
        let rest = url.path().strip_prefix(under);
        named.fragment().is_none()
            && named.origin() == url.origin()
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_resource_covers_its_own_paths_and_no_others() {
        let server = Url::parse("https://mcp.example/a/mcp").unwrap();
        for (resource, fits) in [
            ("https://mcp.example/a/mcp", true),
            ("https://mcp.example/a/mcp/", true),
            ("https://mcp.example/a", true),
            ("https://mcp.example", true),
            ("https://MCP.example:443/", true),
            ("https://mcp.example/a/mcp2", false),
            ("https://mcp.example/b", false),
            ("https://mcp.example/a/m", false),
            ("http://mcp.example/a", false),
            ("https://mcp.example:8443/a", false),
            ("https://mcp.example.evil/a", false),
            ("https://mcp.example/a#x", false),
            ("mcp", false),
        ] {
            assert_eq!(covers(resource, &server), fits, "{resource}");
        }
    }

    #[test]
    fn a_document_must_name_its_resource() {
        let server = Url::parse("https://mcp.example/mcp").unwrap();
        let read = |value: Value| ResourceMetadata::read(value.as_object().unwrap(), &server);
        let said = read(json!({ "authorization_servers": ["https://as.example"] })).unwrap_err();
        assert_eq!(said, "does not say which resource it is for");
        let said = read(json!({ "resource": "https://other.example/mcp" })).unwrap_err();
        assert_eq!(
            said,
            "is for another resource (“https://other.example/mcp”)"
        );
        let found = read(
            json!({ "resource": "https://mcp.example/mcp", "scopes_supported": [1, "read"],
            "authorization_servers": ["https://as.example", 7] }),
        )
        .unwrap();
        assert_eq!(found.issuers, ["https://as.example"]);
        assert_eq!(found.scopes, Some(vec!["read".to_owned()]));
    }
}
