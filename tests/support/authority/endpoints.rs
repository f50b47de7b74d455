//! Who answers what.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::server::{Given, Known, Seen, Shared};
use super::{Reply, Returns, grants};

pub fn answer(shared: &Shared, seen: &Seen) -> Reply {
    let mut instead = shared.instead.lock().unwrap();
    if let Some(at) = instead.iter().position(|(path, _)| *path == seen.path) {
        let mut reply = instead.remove(at).1;
        let quoted = |text: &str| {
            let given = seen.header("authorization").unwrap_or_default();
            let code = seen.field("code").unwrap_or_default();
            text.replace("{authorization}", given)
                .replace("{body}", &seen.body)
                .replace("{code}", &code)
        };
        reply.body = quoted(&reply.body);
        for (_, value) in &mut reply.headers {
            *value = quoted(value);
        }
        return reply;
    }
    drop(instead);
    let behaviour = &shared.behaviour;
    let path = seen.path.as_str();
    if behaviour.resource_at.contains(&path) {
        return Reply::json(200, &patched(resource(), &behaviour.resource));
    }
    if behaviour.server_at.contains(&path) {
        return Reply::json(200, &patched(server(), &behaviour.server));
    }
    match (seen.verb.as_str(), path) {
        ("POST", "/mcp") => protected(shared, seen),
        ("POST", "/register") => register(shared, seen),
        ("GET", "/authorize") => authorize(shared, seen),
        ("POST", "/token") => grants::token(shared, seen),
        ("POST", "/device") => grants::device(shared, seen),
        ("POST", "/revoke") => grants::revoke(shared, seen),
        _ => Reply::new(404, "nothing here"),
    }
}

fn patched(mut document: Value, keys: &Value) -> Value {
    for (key, value) in keys.as_object().unwrap() {
        if value.is_null() {
            document.as_object_mut().unwrap().remove(key);
        } else {
            document[key] = value.clone();
        }
    }
    document
}

/// RFC 9728.
fn resource() -> Value {
    json!({ "resource": "{origin}/mcp", "authorization_servers": ["{origin}"],
        "scopes_supported": ["read", "write", "extra"], "bearer_methods_supported": ["header"] })
}

/// RFC 8414.
fn server() -> Value {
    json!({
        "issuer": "{origin}",
        "authorization_endpoint": "{origin}/authorize",
        "token_endpoint": "{origin}/token",
        "registration_endpoint": "{origin}/register",
        "revocation_endpoint": "{origin}/revoke",
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["read", "write", "admin:everything"]
    })
}

fn protected(shared: &Shared, seen: &Seen) -> Reply {
    let given = seen
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    if given.is_some_and(|token| shared.access.lock().unwrap().contains(token)) {
        return speak(&seen.json());
    }
    let reply = Reply::new(401, "who are you");
    match &shared.behaviour.challenge {
        Some(text) => reply.with("www-authenticate", text),
        None => reply,
    }
}

/// A small MCP server of 2025-06-18.
fn speak(message: &Value) -> Reply {
    let result = match message["method"].as_str() {
        None => return Reply::json(200, &json!({ "welcome": true })),
        Some(method) if method.starts_with("notifications/") => return Reply::new(202, ""),
        Some("initialize") => json!({ "protocolVersion": "2025-06-18",
            "capabilities": { "tools": {} }, "serverInfo": { "name": "kept", "version": "1" } }),
        Some("tools/list") => json!({ "tools": [{ "name": "echo",
            "inputSchema": { "type": "object" } }] }),
        Some("tools/call") => json!({ "content": [{ "type": "text", "text": "hello" }] }),
        Some(_) => {
            let error = json!({ "code": -32601, "message": "no such method" });
            return Reply::json(
                200,
                &json!({ "jsonrpc": "2.0", "id": message["id"], "error": error }),
            );
        }
    };
    Reply::json(
        200,
        &json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }),
    )
}

/// RFC 7591.
fn register(shared: &Shared, seen: &Seen) -> Reply {
    let wanted = seen.json();
    let texts = |key: &str| -> Vec<String> {
        let list = wanted[key].as_array().cloned().unwrap_or_default();
        list.iter()
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect()
    };
    let redirects = texts("redirect_uris");
    if redirects.is_empty()
        || (shared.behaviour.localhost_only
            && redirects.iter().any(|one| one.contains("127.0.0.1")))
    {
        return Reply::error("invalid_redirect_uri");
    }
    let method = wanted["token_endpoint_auth_method"]
        .as_str()
        .unwrap_or("client_secret_basic");
    if shared
        .behaviour
        .registers_only
        .is_some_and(|only| only != method)
    {
        return Reply::error("invalid_client_metadata");
    }
    let id = format!("client-{}", shared.serial());
    let secret = (method != "none").then(|| format!("client-s3cret-{}/+~==", shared.serial()));
    let mut answer = json!({ "client_id": id, "redirect_uris": redirects,
        "token_endpoint_auth_method": method });
    if let Some(secret) = &secret {
        answer["client_secret"] = json!(secret);
    }
    let answer = patched(answer, &shared.behaviour.registered);
    let text = |key: &str| answer[key].as_str().map(str::to_owned);
    for (what, key) in [
        ("client secret", "client_secret"),
        ("registration access token", "registration_access_token"),
    ] {
        if let Some(secret) = text(key) {
            shared.gives(what, &secret);
        }
    }
    let known = Known {
        secret: text("client_secret"),
        method: text("token_endpoint_auth_method").unwrap_or_else(|| "any".to_owned()),
        redirects,
    };
    if let Some(id) = text("client_id") {
        shared.clients.lock().unwrap().insert(id, known);
    }
    Reply::json(201, &answer)
}

/// The consent page, approved at once.
fn authorize(shared: &Shared, seen: &Seen) -> Reply {
    let behaviour = &shared.behaviour;
    let said = |name: &str| seen.parameter(name).unwrap_or_default();
    let (client, redirect) = (said("client_id"), said("redirect_uri"));
    let known = shared.clients.lock().unwrap().get(&client).cloned();
    let fits = match known {
        Some(known) => known.redirects.iter().any(|one| {
            *one == redirect
                || (!behaviour.exact_redirects && without_port(one) == without_port(&redirect))
        }),
        None => client.starts_with("https://"),
    };
    if !fits {
        return Reply::new(400, "no such client, or another redirect URL");
    }
    if said("response_type") != "code" || said("code_challenge_method") != "S256" {
        return Reply::new(400, "no code, or no PKCE");
    }
    let code = format!("c0de-s3cret-{}/+~==", shared.serial());
    shared.gives("code", &code);
    let given = Given {
        client,
        redirect: redirect.clone(),
        challenge: said("code_challenge"),
        resource: said("resource"),
        scope: said("scope"),
    };
    shared.codes.lock().unwrap().insert(code.clone(), given);
    Reply::redirect(302, &back(shared, &redirect, &code, &said("state")))
}

fn back(shared: &Shared, redirect: &str, code: &str, state: &str) -> String {
    let mut url = Url::parse(redirect).unwrap();
    let origin = shared.origin.as_str();
    let issuer = shared.behaviour.server["issuer"].as_str();
    let named = shared.filled(issuer.unwrap_or(origin));
    let evil = "https://evil.example";
    let pairs: Vec<(&str, &str)> = match shared.behaviour.returns {
        Returns::Code => vec![("code", code), ("state", state), ("iss", &named)],
        Returns::Denied => vec![
            ("error", "access_denied"),
            ("state", state),
            ("iss", &named),
            ("error_description", "not today"),
        ],
        Returns::LoginRequired => vec![
            ("error", "login_required"),
            ("state", state),
            ("iss", &named),
        ],
        Returns::WrongState => vec![("code", code), ("state", "other"), ("iss", &named)],
        Returns::NoState => vec![("code", code), ("iss", &named)],
        Returns::WrongIssuer => vec![("code", code), ("state", state), ("iss", evil)],
        Returns::NoIssuer => vec![("code", code), ("state", state)],
        Returns::DeniedByAnother => {
            vec![("error", "access_denied"), ("state", state), ("iss", evil)]
        }
        Returns::TwoCodes => vec![
            ("code", code),
            ("code", "x"),
            ("state", state),
            ("iss", &named),
        ],
        Returns::EmptyCode => vec![("code", ""), ("state", state), ("iss", &named)],
        Returns::Implicit => {
            url.set_fragment(Some(&format!("access_token=t&state={state}")));
            return url.into();
        }
    };
    url.query_pairs_mut().extend_pairs(pairs);
    url.into()
}

/// RFC 8252 section 7.3: any port of a loopback address.
fn without_port(text: &str) -> String {
    let mut url = Url::parse(text).unwrap();
    if url.scheme() == "http" {
        let _ = url.set_port(None);
    }
    url.into()
}

pub fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
