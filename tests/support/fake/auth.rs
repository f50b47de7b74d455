//! Who is let in, and what the others are told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Auth;
use super::record::Request;
use super::shared::Shared;
use super::wire::Reply;

/// `None` where the request may pass.
pub fn refusal(shared: &Shared, request: &Request) -> Option<Reply> {
    let behaviour = &shared.behaviour;
    if behaviour.lazy_auth && request.body["method"] != "tools/call" {
        return None;
    }
    let given = request.header("authorization");
    let unauthorized = |challenge: &str| {
        Reply::text(401, "text/plain", "Unauthorized").with("www-authenticate", challenge)
    };
    match &behaviour.auth {
        Auth::None => None,
        Auth::Bearer(token) => (given != Some(&format!("Bearer {token}")))
            .then(|| unauthorized("Bearer realm=\"fake\"")),
        Auth::Basic(user, password) => {
            let expected = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
            (given != Some(&expected))
                .then(|| unauthorized("Basic realm=\"fake\", charset=\"UTF-8\""))
        }
        Auth::Header(name, value) => (request.header(&name.to_ascii_lowercase()) != Some(value))
            .then(|| Reply::text(401, "text/plain", "Unauthorized")),
        Auth::Bare401 => Some(Reply::text(401, "text/plain", "Unauthorized")),
        Auth::Forbidden => Some(Reply::text(403, "text/plain", "Forbidden")),
        Auth::Oauth(token) => (given != Some(&format!("Bearer {token}"))).then(|| {
            let metadata = format!("{}/.well-known/oauth-protected-resource/mcp", shared.origin);
            unauthorized(&format!(
                "Bearer resource_metadata=\"{metadata}\", scope=\"read\""
            ))
        }),
    }
}

/// Metadata documents, where the path asks for one.
pub fn well_known(shared: &Shared, request: &Request) -> Option<Reply> {
    let path = request.path.strip_prefix("/.well-known/")?;
    if !matches!(shared.behaviour.auth, Auth::Oauth(_)) || request.verb != "GET" {
        return Some(Reply::empty(404));
    }
    Some(match path {
        "oauth-protected-resource/mcp" | "oauth-protected-resource" => {
            Reply::json(200, &resource(&shared.origin))
        }
        "oauth-authorization-server" => Reply::json(200, &authorization_server(&shared.origin)),
        _ => Reply::empty(404),
    })
}

/// RFC 9728.
fn resource(origin: &str) -> Value {
    json!({
        "resource": format!("{origin}/mcp"),
        "authorization_servers": [origin],
        "scopes_supported": ["read", "write"],
        "bearer_methods_supported": ["header"]
    })
}

/// RFC 8414.
fn authorization_server(origin: &str) -> Value {
    json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "registration_endpoint": format!("{origin}/register"),
        "device_authorization_endpoint": format!("{origin}/device"),
        "response_types_supported": ["code"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code"
        ],
        "code_challenge_methods_supported": ["S256"],
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["read", "write"]
    })
}
