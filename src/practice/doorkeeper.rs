//! An authorization server to practise on: OAuth 2.1 as MCP wants it, with a consent
//! page that any browser shows, even one without windows.
//!
//! It keeps the rules: dynamic registration (RFC 7591), PKCE with S256 alone
//! (RFC 7636), one resource (RFC 8707), `iss` on every answer (RFC 9207), codes that
//! work once, refresh tokens that rotate, revocation (RFC 7009), and device codes
//! (RFC 8628). Access tokens end soon, so that one sees them refreshed. All of it is
//! forgotten when the demo ends.

mod clients;
mod consent;
mod device;
mod form;
mod grants;
mod metadata;
mod page;
mod passes;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

pub(super) use passes::Pass;

/// How long an access token lasts. Short: it is to be seen how it is refreshed.
const TOKEN_LIFE: Duration = Duration::from_secs(60);
/// How long a consent page, a device code and a code can be used.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long a client waits between two questions about a device code.
const POLL: Duration = Duration::from_secs(2);
/// Most of everything that is remembered of what is not finished.
const ROOM: usize = 200;

/// A scope, and what it allows in words.
pub(super) type Allowed = (&'static str, &'static str);

/// Who lets people in.
pub(super) struct Doorkeeper {
    /// `http://127.0.0.1:PORT`: the issuer, and where all its pages are.
    origin: String,
    /// What its tokens are for.
    resource: String,
    /// Scopes there are; the first is what a sign-in begins with.
    scopes: &'static [Allowed],
    book: Mutex<passes::Book>,
}

impl Doorkeeper {
    /// One for the server at `url`.
    pub(super) fn new(origin: String, resource: String, scopes: &'static [Allowed]) -> Self {
        Self {
            origin,
            resource,
            scopes,
            book: Mutex::default(),
        }
    }

    /// Looks at the token of a request.
    ///
    /// # Errors
    /// The answer to who may not come in (RFC 6750 section 3, RFC 9728 section 5.1).
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<Pass, Box<Response>> {
        let said = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = said.and_then(|text| text.strip_prefix("Bearer "));
        match token.map(|token| self.book().pass(token)) {
            Some(Some(pass)) => Ok(pass),
            shown => {
                let first = self.scopes.first().map_or("", |(scope, _)| scope);
                let error = shown.map(|_| "invalid_token");
                Err(Box::new(self.challenge(
                    StatusCode::UNAUTHORIZED,
                    error,
                    first,
                )))
            }
        }
    }

    /// The answer to who is in, but may not do what needs this scope (RFC 6750
    /// section 3.1). `None`: it may.
    pub(super) fn lacks(&self, pass: &Pass, scope: &str) -> Option<Response> {
        let may = pass.scopes.iter().any(|one| one == scope);
        (!may).then(|| self.challenge(StatusCode::FORBIDDEN, Some("insufficient_scope"), scope))
    }

    fn challenge(&self, status: StatusCode, error: Option<&str>, scope: &str) -> Response {
        let error = error.map_or_else(String::new, |error| format!("error=\"{error}\", "));
        let challenge = format!(
            "Bearer {error}scope=\"{scope}\", resource_metadata=\"{}{}\"",
            self.origin,
            metadata::OF_RESOURCE
        );
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    }

    fn book(&self) -> MutexGuard<'_, passes::Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Scopes that are asked for: the first of all where none is named. `None` where
    /// there is no such scope.
    fn scopes_of(&self, asked: Option<&str>) -> Option<Vec<String>> {
        let mut named: Vec<&str> = asked.unwrap_or("").split_ascii_whitespace().collect();
        if named.is_empty() {
            named.extend(self.scopes.first().map(|(scope, _)| *scope));
        }
        named.dedup();
        let known = |name: &&str| self.scopes.iter().any(|(scope, _)| scope == name);
        named
            .iter()
            .all(known)
            .then(|| named.into_iter().map(str::to_owned).collect())
    }

    /// Scopes with their words.
    fn in_words(&self, scopes: &[String]) -> Vec<Allowed> {
        let asked = |(scope, _): &&Allowed| scopes.iter().any(|one| one == scope);
        self.scopes.iter().filter(asked).copied().collect()
    }
}

/// All its pages and endpoints.
pub(super) fn routes(door: Arc<Doorkeeper>) -> Router {
    let guard = middleware::from_fn_with_state(Arc::clone(&door), only_from_here);
    Router::new()
        .route(metadata::OF_RESOURCE, get(metadata::of_resource))
        .route(metadata::OF_SERVER, get(metadata::of_server))
        .route("/register", post(clients::register))
        .route("/authorize", get(consent::asked))
        .route("/consent", post(consent::answered))
        .route("/token", post(grants::token))
        .route("/revoke", post(grants::revoke))
        .route("/device_authorization", post(device::begun))
        .route("/device", get(device::typed).post(device::answered))
        .layer(guard)
        .with_state(door)
}

/// Another page in the same browser must not press *Allow*, and a name that leads to
/// this machine is not this server.
async fn only_from_here(
    State(door): State<Arc<Doorkeeper>>,
    request: Request,
    next: Next,
) -> Response {
    if !is_from_here(request.headers(), &door.origin) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let value = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}

fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    let said = |name| headers.get(name).map(HeaderValue::as_bytes);
    let host = origin.trim_start_matches("http://");
    said(header::HOST) == Some(host.as_bytes())
        && said(header::ORIGIN).is_none_or(|named| named == origin.as_bytes())
}

/// Why the answer is no, as OAuth writes it (RFC 6749 section 5.2).
#[derive(Debug)]
struct Refusal(StatusCode, &'static str, String);

impl Refusal {
    fn new(error: &'static str, why: impl Into<String>) -> Self {
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
            "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        Self(status, error, why.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        document(
            self.0,
            &json!({ "error": self.1, "error_description": self.2 }),
        )
    }
}

fn document(status: StatusCode, body: &Value) -> Response {
    let kind = (header::CONTENT_TYPE, "application/json");
    (status, [kind], body.to_string()).into_response()
}

/// Something nobody guesses.
fn draw() -> Result<String, Refusal> {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes)
        .map_err(|_| Refusal::new("server_error", "this machine has no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
