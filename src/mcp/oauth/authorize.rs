//! The authorization request: the address that a person opens (RFC 6749 section
//! 4.1.1, RFC 7636 section 4.3, RFC 8707 section 2).

use url::Url;

use super::metadata::server::ServerMetadata;
use super::pkce::{Verifier, draw};
use crate::domain::{Fault, FaultKind, Secret};

/// An authorization request that was made, with what its answer is judged by.
#[derive(Clone, Debug)]
pub(super) struct Authorization {
    /// To open.
    pub(super) url: Url,
    /// Comes back in the answer.
    pub(super) state: Secret,
    /// Proves at the token endpoint that the request was ours.
    pub(super) verifier: Verifier,
    /// Where the browser ends.
    pub(super) redirect: String,
    /// Who is asked, letter by letter; drawn up before the person leaves (RFC 9207
    /// section 2.4).
    pub(super) issuer: String,
    /// Its answers name it.
    pub(super) names_itself: bool,
}

/// What the request says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub(super) client_id: &'a str,
    pub(super) redirect: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) resource: &'a str,
}

/// Makes one.
///
/// # Errors
/// Where the server has no authorization endpoint, or the system no randomness.
pub(super) fn authorize(server: &ServerMetadata, wish: Wish<'_>) -> Result<Authorization, Fault> {
    let endpoint = server.authorization.as_ref().ok_or_else(|| {
        Fault::new(
            FaultKind::SignIn,
            "the authorization server has no page where a person could approve",
        )
        .hint("sign in with a device code or as a machine account, if the server offers that")
    })?;
    let (state, verifier) = (draw()?, Verifier::draw()?);
    let mut url = endpoint.clone();
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", wish.client_id)
            .append_pair("redirect_uri", wish.redirect)
            .append_pair("state", state.expose())
            .append_pair("code_challenge", &verifier.challenge())
            .append_pair("code_challenge_method", "S256")
            .append_pair("resource", wish.resource);
        if !wish.scopes.is_empty() {
            query.append_pair("scope", &wish.scopes.join(" "));
        }
        // Without it OpenID providers grant no refresh token (OpenID Connect Core 1.0
        // section 11).
        let all: Vec<&str> = wish.scopes.iter().map(String::as_str).collect();
        if all.contains(&"openid") && all.contains(&"offline_access") {
            query.append_pair("prompt", "consent");
        }
    }
    Ok(Authorization {
        url,
        state,
        verifier,
        redirect: wish.redirect.to_owned(),
        issuer: server.issuer.clone(),
        names_itself: server.names_itself,
    })
}

/// Refuses a server that does not say that it checks PKCE (MCP 2026-07-28,
/// basic/authorization, "Authorization code protection"), unless the operator accepted
/// that for this one. It is sent in any case.
///
/// # Errors
/// [`FaultKind::Denied`], with the way to accept it.
pub(super) fn refuse_without_pkce(server: &ServerMetadata, accepted: bool) -> Result<(), Fault> {
    if server.pkce || accepted {
        return Ok(());
    }
    let host = server.token.host_str().unwrap_or_default();
    let what = if server.assumed {
        format!(
            "{host} publishes no OAuth metadata, so nothing says that it checks PKCE or \
             where its endpoints are"
        )
    } else {
        format!(
            "{host} does not say that it checks PKCE (S256), so a stolen code could be used \
             by somebody else"
        )
    };
    Err(Fault::denied(what)
        .hint("tell whoever runs the server")
        .hint("to accept it for this connector: --allow-no-pkce"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::mcp::oauth::address::Rules;
    use serde_json::json;

    fn server(endpoint: &str, pkce: bool) -> ServerMetadata {
        let rules = Rules {
            server: Url::parse("https://mcp.example/mcp").unwrap(),
            private_network: false,
        };
        let methods = if pkce {
            json!(["S256"])
        } else {
            json!(["plain"])
        };
        let document = json!({ "issuer": "https://as.example", "authorization_endpoint": endpoint,
            "token_endpoint": "https://as.example/token",
            "code_challenge_methods_supported": methods });
        ServerMetadata::read(document.as_object().unwrap(), "https://as.example", &rules).unwrap()
    }

    #[test]
    fn the_request_says_everything_once_and_keeps_the_endpoint_s_own_query() {
        let scopes = ["a b".to_owned(), "c".to_owned()];
        let wish = Wish {
            client_id: "id&x=1",
            redirect: "http://127.0.0.1:41763/callback",
            scopes: &scopes,
            resource: "https://mcp.example/mcp",
        };
        let made = authorize(&server("https://as.example/a?tenant=7", true), wish).unwrap();
        let pairs: Vec<(String, String)> = made.url.query_pairs().into_owned().collect();
        let map: HashMap<String, String> = pairs.iter().cloned().collect();
        assert_eq!(map.len(), pairs.len());
        assert_eq!(map["tenant"], "7");
        assert_eq!(map["client_id"], "id&x=1");
        assert_eq!(map["code_challenge_method"], "S256");
        assert_eq!(map["code_challenge"], made.verifier.challenge());
        assert_eq!(map["resource"], "https://mcp.example/mcp");
        assert_eq!(map["state"], made.state.expose());
        assert_eq!(map["scope"], "a b c");
        assert!(made.url.as_str().is_ascii());
        let none = Wish {
            scopes: &[],
            ..wish
        };
        let made = authorize(&server("https://as.example/a", true), none).unwrap();
        assert!(!made.url.as_str().contains("scope"));
    }

    #[test]
    fn a_server_without_pkce_is_refused_unless_the_operator_accepts_it() {
        let plain = server("https://as.example/a", false);
        let fault = refuse_without_pkce(&plain, false).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Denied);
        assert!(refuse_without_pkce(&plain, true).is_ok());
        assert!(refuse_without_pkce(&server("https://as.example/a", true), false).is_ok());
    }
}
