//! Device codes (RFC 8628): the consent for who has no browser here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::form::Form;
use super::passes::{Book, Family};
use super::{Doorkeeper, PATIENCE, POLL, ROOM, Refusal, document, draw, page};

/// RFC 8628 section 3.4.
pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Letters that cannot be taken for others, and make no words (RFC 8628 section 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// How much earlier than agreed a question may come.
const LENIENCE: Duration = Duration::from_millis(500);

/// A device code that was given out.
pub(super) struct Waiting {
    /// What a person types.
    typed: String,
    client: String,
    scopes: Vec<String>,
    ends: Instant,
    asked: Option<Instant>,
    answer: Option<bool>,
}

/// `POST /device_authorization`.
pub(super) async fn begun(
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
    let scopes = door
        .scopes_of(form.get("scope"))
        .ok_or_else(|| Refusal::new("invalid_scope", "there is no such scope"))?;
    let now = Instant::now();
    book.devices.retain(|_, one| now < one.ends);
    if book.devices.len() >= ROOM {
        return Err(Refusal::new(
            "temporarily_unavailable",
            "too many codes wait",
        ));
    }
    let (code, typed) = (draw()?, letters()?);
    let waiting = Waiting {
        typed: typed.clone(),
        client: client.to_owned(),
        scopes,
        ends: now + PATIENCE,
        asked: None,
        answer: None,
    };
    book.devices.insert(code.clone(), waiting);
    let answer = json!({
        "device_code": code,
        "user_code": typed,
        "verification_uri": format!("{}/device", door.origin),
        "verification_uri_complete": format!("{}/device?user_code={typed}", door.origin),
        "expires_in": PATIENCE.as_secs(),
        "interval": POLL.as_secs(),
    });
    Ok(document(StatusCode::OK, &answer))
}

/// Eight letters in two groups.
fn letters() -> Result<String, Refusal> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes)
        .map_err(|_| Refusal::new("server_error", "this machine has no randomness"))?;
    let mut typed = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        if at == 4 {
            typed.push('-');
        }
        let letter = LETTERS.get(usize::from(*byte) % LETTERS.len());
        typed.extend(letter.map(|letter| char::from(*letter)));
    }
    Ok(typed)
}

/// Typed by hand: in small letters, without the line, with spaces.
fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_uppercase()).collect()
    };
    plain(one) == plain(other)
}

/// Whether a code waits to be answered, and what for.
fn open<'a>(book: &'a mut Book, typed: &str) -> Option<&'a mut Waiting> {
    let now = Instant::now();
    book.devices
        .values_mut()
        .find(|one| one.answer.is_none() && now < one.ends && same(&one.typed, typed))
}

/// `GET /device`: where the code is typed, and what it would allow.
pub(super) async fn typed(
    State(door): State<Arc<Doorkeeper>>,
    RawQuery(query): RawQuery,
) -> Response {
    let Ok(form) = Form::read(query.unwrap_or_default().as_bytes()) else {
        return page::code_wanted(true);
    };
    let Some(typed) = form.get("user_code") else {
        return page::code_wanted(false);
    };
    let mut book = door.book();
    let found = open(&mut book, typed)
        .map(|one| (one.typed.clone(), one.client.clone(), one.scopes.clone()));
    let Some((typed, client, scopes)) = found else {
        return page::code_wanted(true);
    };
    let name = book.clients.get(&client).map(|known| known.name.clone());
    let scopes = door.in_words(&scopes);
    page::consent(
        &name.unwrap_or_default(),
        None,
        &scopes,
        "/device",
        "user_code",
        &typed,
    )
}

/// `POST /device`: what the person said.
pub(super) async fn answered(State(door): State<Arc<Doorkeeper>>, body: Bytes) -> Response {
    let Ok(form) = Form::read(&body) else {
        return page::code_wanted(true);
    };
    let mut book = door.book();
    let Some(waiting) = open(&mut book, form.get("user_code").unwrap_or_default()) else {
        return page::code_wanted(true);
    };
    let allowed = form.get("answer") == Some(page::ALLOW);
    waiting.answer = Some(allowed);
    let (title, text) = if allowed {
        (
            "It is let in",
            "Go back to the terminal. You can close this page.",
        )
    } else {
        (
            "It stays out",
            "Nothing was allowed. You can close this page.",
        )
    };
    page::told(StatusCode::OK, title, text)
}

/// What became of a device code (RFC 8628 section 3.5).
pub(super) fn polled(book: &mut Book, code: &str, client: &str) -> Result<Family, Refusal> {
    let gone = || Refusal::new("expired_token", "the code is too old, or was used");
    let now = Instant::now();
    let waiting = book.devices.get_mut(code).ok_or_else(gone)?;
    if waiting.client != client || waiting.ends <= now {
        return Err(gone());
    }
    let before = waiting.asked.replace(now);
    match waiting.answer {
        None if before.is_some_and(|at| now.duration_since(at) + LENIENCE < POLL) => {
            Err(Refusal::new("slow_down", "ask less often"))
        }
        None => Err(Refusal::new(
            "authorization_pending",
            "nobody has typed the code yet",
        )),
        Some(allowed) => {
            let waiting = book.devices.remove(code).ok_or_else(gone)?;
            if !allowed {
                return Err(Refusal::new("access_denied", "Deny was pressed"));
            }
            Ok(book.family(client, waiting.scopes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let typed = letters().unwrap();
        assert_eq!(typed.len(), 9);
        assert!(same(&typed, &typed.to_lowercase().replace('-', " ")));
        assert!(!same(&typed, "BCDF-GHJ"));
    }
}
