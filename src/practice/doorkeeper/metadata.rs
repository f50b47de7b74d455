//! What it says about itself and about the server that it guards.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::{Doorkeeper, document};

/// RFC 9728 section 3.1, for the server at `/mcp`.
pub(super) const OF_RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";
/// RFC 8414 section 3.
pub(super) const OF_SERVER: &str = "/.well-known/oauth-authorization-server";

/// RFC 9728 section 2.
pub(super) async fn of_resource(State(door): State<Arc<Doorkeeper>>) -> Response {
    let body = json!({
        "resource": door.resource,
        "resource_name": "The stage door",
        "authorization_servers": [door.origin],
        "scopes_supported": names(&door),
        "bearer_methods_supported": ["header"],
    });
    document(StatusCode::OK, &body)
}

/// RFC 8414 section 2.
pub(super) async fn of_server(State(door): State<Arc<Doorkeeper>>) -> Response {
    let at = |path: &str| format!("{}{path}", door.origin);
    let body = json!({
        "issuer": door.origin,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "registration_endpoint": at("/register"),
        "revocation_endpoint": at("/revoke"),
        "device_authorization_endpoint": at("/device_authorization"),
        "scopes_supported": names(&door),
        "response_types_supported": ["code"],
        "grant_types_supported": super::clients::GRANTS,
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    document(StatusCode::OK, &body)
}

fn names(door: &Doorkeeper) -> Vec<&'static str> {
    door.scopes.iter().map(|(scope, _)| *scope).collect()
}
