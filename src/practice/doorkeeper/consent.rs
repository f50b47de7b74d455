//! The authorization endpoint (RFC 6749 section 3.1) and its page.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::form::Form;
use super::passes::Asked;
use super::{Doorkeeper, PATIENCE, Refusal, page};

/// `GET /authorize`: shows who asks for what. Nothing is allowed by opening it.
pub(super) async fn asked(
    State(door): State<Arc<Doorkeeper>>,
    RawQuery(query): RawQuery,
) -> Response {
    match judged(&door, query.unwrap_or_default().as_bytes()) {
        Ok(response) => response,
        // It is not known where an answer may be sent.
        Err(refusal) => page::told(StatusCode::BAD_REQUEST, "This cannot be asked", &refusal.2),
    }
}

fn judged(door: &Doorkeeper, query: &[u8]) -> Result<Response, Refusal> {
    let form = Form::read(query)?;
    let client = form.need("client_id")?;
    let known = door.book().clients.get(client).cloned();
    let known = known.ok_or_else(|| {
        Refusal::new(
            "invalid_client",
            "no client of that name has registered here",
        )
    })?;
    let redirect = form.need("redirect_uri")?;
    if !known.may_be_sent_to(redirect) {
        return Err(Refusal::new(
            "invalid_request",
            "the redirect URL is none that the client registered",
        ));
    }
    let state = form.get("state").map(str::to_owned);
    match wanted(door, &form, client, redirect, state.clone()) {
        Ok(asked) => {
            let scopes = door.in_words(&asked.scopes);
            let id = door.book().ask(asked)?;
            Ok(page::consent(
                &known.name,
                Some(redirect),
                &scopes,
                "/consent",
                "request",
                &id,
            ))
        }
        Err(refusal) => {
            let fields = [
                ("error", refusal.1),
                ("error_description", refusal.2.as_str()),
            ];
            back(door, redirect, state.as_deref(), &fields)
        }
    }
}

/// What is asked for, where it may be asked at all.
fn wanted(
    door: &Doorkeeper,
    form: &Form,
    client: &str,
    redirect: &str,
    state: Option<String>,
) -> Result<Asked, Refusal> {
    if form.need("response_type")? != "code" {
        return Err(Refusal::new("unsupported_response_type", "only code is"));
    }
    let challenge = form.need("code_challenge")?;
    if form.get("code_challenge_method") != Some("S256") {
        return Err(Refusal::new("invalid_request", "PKCE is by S256 here"));
    }
    if form.need("resource")? != door.resource {
        return Err(Refusal::new("invalid_target", "that is another server"));
    }
    let scopes = door.scopes_of(form.get("scope"));
    let scopes = scopes.ok_or_else(|| Refusal::new("invalid_scope", "there is no such scope"))?;
    Ok(Asked {
        client: client.to_owned(),
        redirect: redirect.to_owned(),
        state,
        challenge: challenge.to_owned(),
        scopes,
        ends: Instant::now() + PATIENCE,
    })
}

/// `POST /consent`: what the person said. A page can be answered once.
pub(super) async fn answered(State(door): State<Arc<Doorkeeper>>, body: Bytes) -> Response {
    match said(&door, &body) {
        Ok(response) => response,
        Err(refusal) => page::told(refusal.0, "That did not work", &refusal.2),
    }
}

fn said(door: &Doorkeeper, body: &[u8]) -> Result<Response, Refusal> {
    let form = Form::read(body)?;
    let asked = door.book().asked.remove(form.need("request")?);
    let asked = asked
        .filter(|asked| Instant::now() < asked.ends)
        .ok_or_else(|| {
            Refusal::new(
                "invalid_request",
                "this page was answered already, or is too old; start the sign-in again",
            )
        })?;
    let (redirect, state) = (asked.redirect.clone(), asked.state.clone());
    if form.get("answer") == Some(page::ALLOW) {
        let code = door.book().give_code(asked)?;
        back(door, &redirect, state.as_deref(), &[("code", &code)])
    } else {
        let fields = [
            ("error", "access_denied"),
            ("error_description", "you pressed Deny"),
        ];
        back(door, &redirect, state.as_deref(), &fields)
    }
}

/// Sends the browser back with an answer, and who answers (RFC 9207).
fn back(
    door: &Doorkeeper,
    redirect: &str,
    state: Option<&str>,
    fields: &[(&str, &str)],
) -> Result<Response, Refusal> {
    let mut url = Url::parse(redirect)
        .map_err(|_| Refusal::new("invalid_request", "the redirect URL is no address"))?;
    {
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(fields);
        if let Some(state) = state {
            pairs.append_pair("state", state);
        }
        pairs.append_pair("iss", &door.origin);
    }
    let place = (header::LOCATION, String::from(url));
    Ok((StatusCode::SEE_OTHER, [place]).into_response())
}
