//! The token endpoint: what is asked there, and what its answer is worth (RFC 6749
//! sections 4.1.3, 4.4.2, 5 and 6; RFC 8707; RFC 8628 section 3.4).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use url::Url;

use super::ask::Asker;
use super::client::Client;
use super::pkce::Verifier;
use super::request::{Field, Request};
use super::said::{Refusal, strange};
use super::scopes;
use super::trail::Trail;
use crate::domain::{Fault, FaultKind, Secret, Timestamp};

/// Longest lifetime that is believed: ten years.
const LONGEST: u64 = 10 * 365 * 24 * 60 * 60;

/// What a token endpoint gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    /// `None` where the server does not say.
    pub(super) expires_at: Option<Timestamp>,
    /// `None` where it does not say: as asked.
    pub(super) scopes: Option<Vec<String>>,
    /// Who signed in, where an ID token says so.
    pub(super) account: Option<String>,
}

/// Why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenFault {
    /// The server refused, with this code.
    Refused(String, Fault),
    /// Not now: nothing is known to be wrong.
    Passing(Fault),
    /// There is no such endpoint any more.
    Gone(Fault),
    /// The answer cannot be used.
    Wrong(Fault),
}

impl From<TokenFault> for Fault {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Refused(_, fault)
            | TokenFault::Passing(fault)
            | TokenFault::Gone(fault)
            | TokenFault::Wrong(fault) => fault,
        }
    }
}

/// Exchanges a code (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
pub(super) fn exchange(
    client: &Client,
    token: &Url,
    code: &Secret,
    verifier: &Verifier,
    redirect: &str,
    resource: &str,
) -> Request {
    let verifier = Field::Hidden("CODE_VERIFIER", verifier.secret().clone());
    let fields = vec![
        ("grant_type", "authorization_code".into()),
        ("code", Field::Hidden("CODE", code.clone())),
        ("redirect_uri", redirect.into()),
        ("code_verifier", verifier),
        ("resource", resource.into()),
    ];
    client.request(token, fields)
}

/// Refreshes (RFC 6749 section 6). No scope: the same as before.
pub(super) fn refresh(client: &Client, token: &Url, with: &Secret, resource: &str) -> Request {
    let fields = vec![
        ("grant_type", "refresh_token".into()),
        (
            "refresh_token",
            Field::Hidden("REFRESH_TOKEN", with.clone()),
        ),
        ("resource", resource.into()),
    ];
    client.request(token, fields)
}

/// For a machine account (RFC 6749 section 4.4.2).
pub(super) fn for_a_machine(
    client: &Client,
    token: &Url,
    scopes: &[String],
    resource: &str,
) -> Request {
    let mut fields = vec![
        ("grant_type", "client_credentials".into()),
        ("resource", resource.into()),
    ];
    if !scopes.is_empty() {
        fields.push(("scope", Field::Plain(scopes.join(" "))));
    }
    client.request(token, fields)
}

/// Sends a request to a token endpoint; `what` names it in a sentence.
///
/// # Errors
/// As [`TokenFault`].
pub(super) async fn ask(
    asker: &Asker<'_>,
    request: &Request,
    what: &str,
    trail: &mut Trail<'_>,
) -> Result<Tokens, TokenFault> {
    let reply = asker
        .ask(request, trail, |reply| match reply.object() {
            Ok(object) if Refusal::read(&object).is_some() => "the server refuses".to_owned(),
            Ok(_) if reply.is_success() => "tokens".to_owned(),
            _ => "no tokens".to_owned(),
        })
        .await
        .map_err(|fault| match fault.kind {
            FaultKind::Network | FaultKind::Server => TokenFault::Passing(fault),
            _ => TokenFault::Wrong(fault),
        })?;
    let host = request.url.host_str().unwrap_or_default();
    let object = reply.object();
    if let Ok(object) = &object
        && let Some(refusal) = Refusal::read(object)
    {
        let fault = refusal.fault(&format!("{host} refuses {what}"));
        let fault = request.hidden().fault(fault);
        // A refusal in words counts whatever the status is.
        return Err(match fault.kind {
            FaultKind::Server => TokenFault::Passing(fault),
            _ => TokenFault::Refused(refusal.code, fault),
        });
    }
    if reply.is_passing() {
        return Err(TokenFault::Passing(strange(&reply, &request.url, what)));
    }
    if !reply.is_success() {
        let fault = strange(&reply, &request.url, what);
        return Err(match reply.status {
            404 | 405 | 410 => TokenFault::Gone(fault),
            _ => TokenFault::Wrong(fault),
        });
    }
    object
        .and_then(|object| read(&object, Timestamp::now()))
        .map_err(|why| {
            TokenFault::Wrong(
                Fault::new(
                    FaultKind::SignIn,
                    format!("the answer of {host} to {what} {why}"),
                )
                .hint("tell whoever runs the server"),
            )
        })
}

/// Reads an answer (RFC 6749 section 5.1).
///
/// # Errors
/// Says what is wrong, to follow its name in a sentence. No token is quoted.
fn read(object: &Map<String, Value>, now: Timestamp) -> Result<Tokens, String> {
    let access = token(object, "access_token")?.ok_or("holds no access token")?;
    match object.get("token_type") {
        None | Some(Value::Null) => {}
        Some(Value::String(kind)) if kind.eq_ignore_ascii_case("bearer") => {}
        Some(_) => return Err("is a token of another kind than Bearer".to_owned()),
    }
    let scopes = object
        .get("scope")
        .and_then(Value::as_str)
        .map(scopes::read);
    Ok(Tokens {
        access,
        refresh: token(object, "refresh_token")?,
        expires_at: lifetime(object).map(|life| now.after(life)),
        scopes,
        account: object
            .get("id_token")
            .and_then(Value::as_str)
            .and_then(account),
    })
}

/// A token as it goes into a header (RFC 6750 section 2.1), or `None`.
fn token(object: &Map<String, Value>, key: &str) -> Result<Option<Secret>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) if text.bytes().all(|byte| matches!(byte, 0x21..=0x7e)) => {
            Ok(Some(Secret::new(text.as_str())))
        }
        Some(_) => Err(format!("holds an {key} that cannot be one")),
    }
}

/// `expires_in` in seconds; some servers write it as a text, or with a fraction.
fn lifetime(object: &Map<String, Value>) -> Option<Duration> {
    let seconds = match object.get("expires_in")? {
        Value::Number(number) => number.as_u64().or_else(|| {
            let seconds = number.as_f64()?;
            (seconds >= 0.0).then_some(seconds.min(LONGEST as f64) as u64)
        })?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds.min(LONGEST)))
}

/// Who an ID token is about. It came straight from the token endpoint by TLS, so its
/// signature adds nothing (OpenID Connect Core 1.0 section 3.1.3.7); it is shown as a
/// claim and decides nothing.
fn account(id_token: &str) -> Option<String> {
    let payload = id_token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let claims: Map<String, Value> = serde_json::from_slice(&bytes).ok()?;
    ["email", "preferred_username", "name", "sub"]
        .iter()
        .find_map(|key| claims.get(*key)?.as_str())
        .filter(|name| !name.is_empty())
        .map(|name| name.chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(value: Value) -> Result<Tokens, String> {
        read(value.as_object().unwrap(), Timestamp::from_millis(0))
    }

    #[test]
    fn an_answer_is_read_as_servers_really_write_it() {
        for (life, millis) in [
            (json!(3600), Some(3_600_000)),
            (json!("3600"), Some(3_600_000)),
            (json!(3599.9), Some(3_599_000)),
            (json!(0), Some(0)),
            (json!(-5), None),
            (json!("soon"), None),
            (json!(null), None),
            (json!(1e300), Some(315_360_000_000)),
        ] {
            let tokens = at(json!({ "access_token": "t", "expires_in": life })).unwrap();
            assert_eq!(
                tokens.expires_at.map(Timestamp::as_millis),
                millis,
                "{life}"
            );
        }
        let whole = at(json!({ "access_token": "t", "token_type": "bEaReR",
            "refresh_token": "r", "scope": "a b" }))
        .unwrap();
        assert_eq!(whole.scopes, Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(whole.refresh, Some(Secret::new("r")));
    }

    #[test]
    fn an_answer_that_cannot_be_used_is_refused_without_quoting_it() {
        for answer in [
            json!({}),
            json!({ "access_token": "" }),
            json!({ "access_token": 7 }),
            json!({ "access_token": "t\r\nX-Evil: 1" }),
            json!({ "access_token": "s3cret", "token_type": "DPoP" }),
            json!({ "access_token": "s3cret", "token_type": 1 }),
            json!({ "access_token": "s3cret", "refresh_token": "r\u{7f}" }),
        ] {
            let said = at(answer.clone()).unwrap_err();
            assert!(!said.contains("s3cret"), "{answer}");
        }
    }

    #[test]
    fn an_id_token_names_the_account() {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({ "alg": "none" }));
        let claims = part(json!({ "sub": "7", "email": "ana@x.example" }));
        assert_eq!(
            account(&format!("{head}.{claims}.")).as_deref(),
            Some("ana@x.example")
        );
        for broken in ["", "a", "a.b", "a.!!.c", "..", &format!("{head}.{head}.")] {
            assert_eq!(account(broken), None, "{broken}");
        }
    }
}
