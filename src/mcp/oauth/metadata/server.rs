//! An authorization server's document (RFC 8414 section 2, OpenID Connect Discovery
//! 1.0 section 3).

use serde_json::{Map, Value};
use url::Url;

use super::{text, texts};
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::mcp::oauth::address::Rules;

/// Names that an authorization endpoint may not hold already: they are ours to say
/// (RFC 6749 section 3.1: no parameter twice).
const OURS: [&str; 9] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "resource",
    "request_uri",
];

/// What a sign-in needs of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::mcp::oauth) struct ServerMetadata {
    /// Its name, letter by letter.
    pub(in crate::mcp::oauth) issuer: String,
    pub(in crate::mcp::oauth) authorization: Option<Url>,
    pub(in crate::mcp::oauth) token: Url,
    pub(in crate::mcp::oauth) registration: Option<Url>,
    pub(in crate::mcp::oauth) device: Option<Url>,
    pub(in crate::mcp::oauth) revocation: Option<Url>,
    /// It says that it checks PKCE with S256.
    pub(in crate::mcp::oauth) pkce: bool,
    /// It takes a client ID metadata document.
    pub(in crate::mcp::oauth) cimd: bool,
    /// It names itself in its answers (RFC 9207).
    pub(in crate::mcp::oauth) names_itself: bool,
    /// How clients may authenticate at the token endpoint; `None` where it says
    /// nothing.
    pub(in crate::mcp::oauth) client_auth: Option<Vec<String>>,
    pub(in crate::mcp::oauth) scopes: Vec<String>,
    /// Where people read how to register a client.
    pub(in crate::mcp::oauth) documentation: Option<Url>,
    /// Endpoints that were named and may not be used, with the reason.
    pub(in crate::mcp::oauth) refused: Vec<String>,
    /// No document was found: these are the endpoints that MCP 2025-03-26 assumes.
    pub(in crate::mcp::oauth) assumed: bool,
}

impl ServerMetadata {
    /// Reads the document that was asked for under `issuer`.
    ///
    /// An endpoint that a sign-in cannot do without must be usable; one that it can do
    /// without is left out where it is not, with the reason kept.
    ///
    /// # Errors
    /// Says what makes it unusable, to follow the document's address in a sentence.
    pub(in crate::mcp::oauth) fn read(
        document: &Map<String, Value>,
        issuer: &str,
        rules: &Rules,
    ) -> Result<Self, String> {
        let claimed = text(document, "issuer").ok_or("does not name its issuer")?;
        if !same_issuer(claimed, issuer) {
            let quoted = |text: &str| sanitise::line(&Untrusted::new(text), 100);
            return Err(format!(
                "is of another issuer (“{}” instead of “{}”)",
                quoted(claimed),
                quoted(issuer)
            ));
        }
        let endpoint = |key: &str| match document.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => match rules.read(text) {
                Ok(url) => Ok(Some(url)),
                Err(why) => Err(format!("names a wrong {key}: it {why}")),
            },
            Some(_) => Err(format!("names a wrong {key}: it is no text")),
        };
        let authorization = endpoint("authorization_endpoint")?;
        if let Some(url) = &authorization {
            refuse_parameters(url)?;
        }
        let token = endpoint("token_endpoint")?.ok_or("has no token_endpoint")?;
        let mut refused = Vec::new();
        let mut optional = |key: &str| {
            endpoint(key).unwrap_or_else(|why| {
                refused.push(why);
                None
            })
        };
        let registration = optional("registration_endpoint");
        let device = optional("device_authorization_endpoint");
        let revocation = optional("revocation_endpoint");
        let documentation =
            text(document, "service_documentation").and_then(|text| rules.read(text).ok());
        let is_true = |key: &str| document.get(key) == Some(&Value::Bool(true));
        let methods = "token_endpoint_auth_methods_supported";
        Ok(Self {
            issuer: claimed.to_owned(),
            authorization,
            token,
            registration,
            device,
            revocation,
            pkce: texts(document, "code_challenge_methods_supported")
                .iter()
                .any(|method| method == "S256"),
            cimd: is_true("client_id_metadata_document_supported"),
            names_itself: is_true("authorization_response_iss_parameter_supported"),
            client_auth: document
                .contains_key(methods)
                .then(|| texts(document, methods)),
            scopes: texts(document, "scopes_supported"),
            documentation,
            refused,
            assumed: false,
        })
    }

    /// The endpoints of a server without metadata (MCP 2025-03-26, basic/authorization,
    /// "Fallbacks for servers without metadata discovery"). Nothing vouches for them.
    ///
    /// # Errors
    /// Where the server's address may not be used for a sign-in.
    pub(in crate::mcp::oauth) fn assumed(rules: &Rules) -> Result<Self, String> {
        let at = |path: &str| {
            let url = rules.server.join(path);
            let url = url.map_err(|_| "is no address that has endpoints".to_owned())?;
            rules.check(&url).map(|()| url)
        };
        Ok(Self {
            issuer: rules.server.origin().ascii_serialization(),
            authorization: Some(at("/authorize")?),
            token: at("/token")?,
            registration: Some(at("/register")?),
            device: None,
            revocation: None,
            pkce: false,
            cimd: false,
            names_itself: false,
            client_auth: None,
            scopes: Vec::new(),
            documentation: None,
            refused: Vec::new(),
            assumed: true,
        })
    }
}

/// Whether two documents name one issuer: letter by letter (RFC 8414 section 3.3), but
/// for the slash that half the world puts behind a bare host.
pub(in crate::mcp::oauth) fn same_issuer(one: &str, other: &str) -> bool {
    without_root_slash(one) == without_root_slash(other)
}

fn without_root_slash(issuer: &str) -> &str {
    let bare = issuer.strip_suffix('/').unwrap_or(issuer);
    let (_, rest) = bare.split_once("://").unwrap_or(("", bare));
    if rest.contains('/') { issuer } else { bare }
}

fn refuse_parameters(url: &Url) -> Result<(), String> {
    let found = url
        .query_pairs()
        .find(|(name, _)| OURS.contains(&name.as_ref()));
    match found {
        Some((name, _)) => Err(format!(
            "names a wrong authorization_endpoint: it already says {}",
            sanitise::line(&Untrusted::new(name), 40)
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules() -> Rules {
        Rules {
            server: Url::parse("https://mcp.example/mcp").unwrap(),
            private_network: false,
        }
    }

    fn document() -> Value {
        json!({
            "issuer": "https://as.example",
            "authorization_endpoint": "https://as.example/authorize",
            "token_endpoint": "https://as.example/token",
            "code_challenge_methods_supported": ["plain", "S256"],
        })
    }

    fn read(changes: &Value) -> Result<ServerMetadata, String> {
        let mut document = document();
        for (key, value) in changes.as_object().unwrap() {
            document[key] = value.clone();
        }
        ServerMetadata::read(
            document.as_object().unwrap(),
            "https://as.example",
            &rules(),
        )
    }

    #[test]
    fn what_makes_a_document_unusable_is_named() {
        for (changes, why) in [
            (json!({ "issuer": null }), "does not name its issuer"),
            (
                json!({ "issuer": "https://evil.example" }),
                "is of another issuer",
            ),
            (
                json!({ "issuer": "https://as.example/tenant" }),
                "is of another issuer",
            ),
            (json!({ "token_endpoint": null }), "has no token_endpoint"),
            (
                json!({ "token_endpoint": "http://as.example/token" }),
                "names a wrong token_endpoint: it is plain http",
            ),
            (
                json!({ "authorization_endpoint": "javascript:alert(1)" }),
                "names a wrong authorization_endpoint: it is neither https nor http",
            ),
            (
                json!({ "authorization_endpoint": ["https://as.example/a"] }),
                "names a wrong authorization_endpoint: it is no text",
            ),
            (
                json!({ "authorization_endpoint": "https://as.example/a?state=x" }),
                "names a wrong authorization_endpoint: it already says state",
            ),
            (
                json!({ "token_endpoint": "https://192.168.1.1/token" }),
                "names a wrong token_endpoint: it points into a private network",
            ),
        ] {
            let said = read(&changes).unwrap_err();
            assert!(said.starts_with(why), "{said}");
        }
    }

    #[test]
    fn an_endpoint_that_can_be_done_without_is_left_out() {
        let found = read(
            &json!({ "registration_endpoint": "http://169.254.169.254/register",
            "device_authorization_endpoint": "https://as.example/device" }),
        )
        .unwrap();
        assert_eq!(found.registration, None);
        assert_eq!(found.refused.len(), 1);
        assert!(found.device.is_some() && found.pkce);
    }

    #[test]
    fn a_slash_behind_a_bare_host_changes_no_issuer() {
        assert!(same_issuer("https://as.example/", "https://as.example"));
        assert!(!same_issuer(
            "https://as.example/a/",
            "https://as.example/a"
        ));
        assert!(!same_issuer("https://AS.example", "https://as.example"));
    }
}
