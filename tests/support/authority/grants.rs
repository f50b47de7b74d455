//! The token endpoint and its neighbours, which keep the rules.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Reply;
use super::endpoints::s256;
use super::server::{Given, Seen, Shared};

/// RFC 6749 section 3.2.
pub fn token(shared: &Shared, seen: &Seen) -> Reply {
    let client = match client(shared, seen) {
        Ok(client) => client,
        Err(reply) => return reply,
    };
    let field = |name: &str| seen.field(name).unwrap_or_default();
    match field("grant_type").as_str() {
        "authorization_code" => {
            let Some(given) = shared.codes.lock().unwrap().remove(&field("code")) else {
                return Reply::error("invalid_grant");
            };
            let fits = given.client == client
                && given.redirect == field("redirect_uri")
                && given.challenge == s256(&field("code_verifier"))
                && given.resource == field("resource");
            if fits {
                tokens(shared, &given.scope, None)
            } else {
                Reply::error("invalid_grant")
            }
        }
        "refresh_token" => refresh(shared, &field("refresh_token")),
        "client_credentials" => tokens(shared, &field("scope"), None),
        "urn:ietf:params:oauth:grant-type:device_code" => poll(shared, &field("device_code")),
        _ => Reply::error("unsupported_grant_type"),
    }
}

/// Rotates; a token that comes twice ends its family (RFC 9700 section 4.14.2).
fn refresh(shared: &Shared, token: &str) -> Reply {
    let family = shared.refresh.lock().unwrap().remove(token);
    match family {
        Some(family) => {
            if shared.behaviour.rotates {
                shared
                    .spent
                    .lock()
                    .unwrap()
                    .insert(token.to_owned(), family);
            } else {
                shared
                    .refresh
                    .lock()
                    .unwrap()
                    .insert(token.to_owned(), family);
            }
            tokens(shared, "", Some(family))
        }
        None => {
            if let Some(family) = shared.spent.lock().unwrap().get(token) {
                shared
                    .refresh
                    .lock()
                    .unwrap()
                    .retain(|_, one| one != family);
                shared.access.lock().unwrap().clear();
            }
            Reply::error("invalid_grant")
        }
    }
}

fn tokens(shared: &Shared, scope: &str, family: Option<u64>) -> Reply {
    let access = format!("access-s3cret-{}/+~==", shared.serial());
    let family_id = family.unwrap_or_else(|| shared.serial());
    let mut answer = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 3600 });
    if let (None, Some(seconds)) = (family, shared.behaviour.first_life) {
        answer["expires_in"] = json!(seconds);
    }
    if !scope.is_empty() {
        answer["scope"] = json!(scope);
    }
    if family.is_none() || shared.behaviour.rotates {
        let refresh = format!("refresh-s3cret-{}/+~==", shared.serial());
        shared
            .refresh
            .lock()
            .unwrap()
            .insert(refresh.clone(), family_id);
        shared.gives("refresh token", &refresh);
        answer["refresh_token"] = json!(refresh);
    }
    for (key, value) in shared.behaviour.tokens.as_object().unwrap() {
        if value.is_null() {
            answer.as_object_mut().unwrap().remove(key);
        } else {
            answer[key] = value.clone();
        }
    }
    if let Some(access) = answer["access_token"].as_str() {
        shared.gives("access token", access);
        shared.access.lock().unwrap().insert(access.to_owned());
    }
    Reply::json(200, &answer)
}

/// RFC 8628 section 3.1.
pub fn device(shared: &Shared, seen: &Seen) -> Reply {
    let client = match client(shared, seen) {
        Ok(client) => client,
        Err(reply) => return reply,
    };
    let code = format!("device-s3cret-{}/+~==", shared.serial());
    shared.gives("device code", &code);
    let given = Given {
        client,
        redirect: String::new(),
        challenge: String::new(),
        resource: seen.field("resource").unwrap_or_default(),
        scope: seen.field("scope").unwrap_or_default(),
    };
    shared.devices.lock().unwrap().insert(code.clone(), given);
    Reply::json(
        200,
        &json!({ "device_code": code, "user_code": "WDJB-MJHT", "expires_in": 600, "interval": 1,
            "verification_uri": "{origin}/activate",
            "verification_uri_complete": "{origin}/activate?code=WDJB-MJHT" }),
    )
}

fn poll(shared: &Shared, code: &str) -> Reply {
    if let Some(said) = shared.polls.lock().unwrap().pop_front() {
        return Reply::error(said);
    }
    match shared.devices.lock().unwrap().remove(code) {
        Some(given) => tokens(shared, &given.scope, None),
        None => Reply::error("invalid_grant"),
    }
}

/// RFC 7009.
pub fn revoke(shared: &Shared, seen: &Seen) -> Reply {
    if let Err(reply) = client(shared, seen) {
        return reply;
    }
    let token = seen.field("token").unwrap_or_default();
    shared.access.lock().unwrap().remove(&token);
    shared.refresh.lock().unwrap().remove(&token);
    Reply::new(200, "")
}

/// Who asks, by the client authentication that was agreed on.
fn client(shared: &Shared, seen: &Seen) -> Result<String, Reply> {
    let refused = || Reply::json(401, &json!({ "error": "invalid_client" }));
    let basic = seen.header("authorization").and_then(|value| {
        let pair = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
        let pair = String::from_utf8(pair).ok()?;
        let (user, password) = pair.split_once(':')?;
        let decoded = |text: &str| -> String {
            let pairs = format!("x={text}");
            url::form_urlencoded::parse(pairs.as_bytes())
                .next()
                .unwrap()
                .1
                .into_owned()
        };
        Some((decoded(user), decoded(password)))
    });
    let (id, secret, method) = match basic {
        Some((id, secret)) => (id, Some(secret), "client_secret_basic"),
        None => {
            let id = seen.field("client_id").unwrap_or_default();
            match seen.field("client_secret") {
                Some(secret) => (id, Some(secret), "client_secret_post"),
                None => (id, None, "none"),
            }
        }
    };
    let known = shared.clients.lock().unwrap().get(&id).cloned();
    match known {
        Some(known)
            if known.secret == secret && (known.method == method || known.method == "any") =>
        {
            Ok(id)
        }
        None if id.starts_with("https://") && secret.is_none() => Ok(id),
        _ => Err(refused()),
    }
}
