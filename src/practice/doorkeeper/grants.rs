//! The token endpoint (RFC 6749 section 3.2) and revocation (RFC 7009).

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::form::Form;
use super::passes::{Book, Family};
use super::{Doorkeeper, Refusal, TOKEN_LIFE, device, document};

/// `POST /token`.
pub(super) async fn token(
    State(door): State<Arc<Doorkeeper>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = Form::read(&body)?;
    let client = form.need("client_id")?;
    let mut book = door.book();
    if !book.clients.contains_key(client) {
        return Err(Refusal::new(
            "invalid_client",
            "no client of that name has registered here",
        ));
    }
    if form.need("resource")? != door.resource {
        return Err(Refusal::new("invalid_target", "that is another server"));
    }
    let family = match form.need("grant_type")? {
        "authorization_code" => by_code(&mut book, &form, client)?,
        "refresh_token" => by_refresh(&mut book, &form, client)?,
        device::GRANT => device::polled(&mut book, form.need("device_code")?, client)?,
        _ => {
            return Err(Refusal::new(
                "unsupported_grant_type",
                "there is no such grant",
            ));
        }
    };
    let scope = family.scopes.join(" ");
    let tokens = book.give_tokens(family)?;
    let answer = json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFE.as_secs(),
        "refresh_token": tokens.refresh,
        "scope": scope,
    });
    Ok(document(StatusCode::OK, &answer))
}

/// A code works once, for its client, with its verifier. One that comes again ends what
/// came of it (RFC 6749 section 4.1.2).
fn by_code(book: &mut Book, form: &Form, client: &str) -> Result<Family, Refusal> {
    let refused = || Refusal::new("invalid_grant", "the code is not good, or no more");
    let code = form.need("code")?;
    if let Some(family) = book.used.remove(code) {
        book.end(family);
    }
    let asked = book.codes.remove(code).ok_or_else(refused)?;
    let verifier = form.need("code_verifier")?;
    let fits = asked.client == client
        && Instant::now() < asked.ends
        && form.get("redirect_uri") == Some(asked.redirect.as_str())
        && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == asked.challenge;
    if !fits {
        return Err(refused());
    }
    let family = book.family(client, asked.scopes);
    book.used.insert(code.to_owned(), family.id);
    Ok(family)
}

fn by_refresh(book: &mut Book, form: &Form, client: &str) -> Result<Family, Refusal> {
    book.take_refresh(form.need("refresh_token")?, client)
        .ok_or_else(|| Refusal::new("invalid_grant", "the refresh token is not good, or no more"))
}

/// `POST /revoke`. What is not known is gone already (RFC 7009 section 2.2).
pub(super) async fn revoke(
    State(door): State<Arc<Doorkeeper>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = Form::read(&body)?;
    let (token, client) = (form.need("token")?, form.need("client_id")?);
    door.book().revoke(token, client);
    Ok(StatusCode::OK.into_response())
}
