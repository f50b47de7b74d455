//! Reads what comes back from the authorization server, by the browser or pasted by
//! a person (RFC 6749 section 4.1.2, RFC 9207 section 2.4).
//!
//! `state` and `iss` are judged before anything else is believed, errors included. A
//! bare code carries neither; it is bound to this sign-in by PKCE alone, which is why
//! it is taken from a person and never from the browser.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use url::{Url, form_urlencoded};

use super::authorize::Authorization;
use super::pkce::same;
use super::said::Refusal;
use crate::domain::{Fault, Secret, Untrusted};
use crate::guard::sanitise;

/// Most bytes that are read.
const LIMIT: usize = 16 * 1024;

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The code to exchange.
    Code(Secret),
    /// The server refused; the sign-in is over.
    Refused(Fault),
}

/// Reads what a person pasted: the whole address of the page that the browser ended
/// on, its query, the code, or `code#state`.
///
/// # Errors
/// [`crate::domain::FaultKind::User`]: exactly what is wrong with it. The sign-in goes on.
pub(super) fn read_pasted(text: &str, asked: &Authorization) -> Result<Said, Fault> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>', '`']).trim();
    if text.is_empty() {
        return Err(wrong("nothing was pasted").hint(PASTE));
    }
    if text.len() > LIMIT {
        return Err(wrong("that is longer than any answer").hint(PASTE));
    }
    if text.contains("://") || text.contains('?') || is_query(text) {
        // A terminal that wraps a long address breaks it when it is copied.
        let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        return read_address(&whole, asked);
    }
    if let Some(at) = text.find(|c: char| c.is_whitespace()) {
        let place = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
        return Err(wrong(&format!(
            "a code has no spaces; there is one at place {place}"
        ))
        .hint(PASTE));
    }
    if !text.chars().all(|c| matches!(c, '!'..='~')) {
        return Err(wrong("a code has ASCII letters and signs only").hint(PASTE));
    }
    let (code, state) = match text.split_once('#') {
        Some((code, state)) => (code, Some(state)),
        None => (text, None),
    };
    if code.is_empty() {
        return Err(wrong("there is no code before the #").hint(PASTE));
    }
    if let Some(state) = state.filter(|state| !same(state, asked.state.expose())) {
        return Err(wrong(if state.is_empty() {
            "there is nothing behind the #"
        } else {
            "the part behind the # is of another sign-in"
        })
        .hint("paste the answer to the address shown now, or the code without the # part"));
    }
    Ok(Said::Code(Secret::new(code)))
}

/// Whether a text says something of something. Signs of equality at the end of a code
/// are the padding of base64.
fn is_query(text: &str) -> bool {
    let before = text.split_once('#').map_or(text, |(before, _)| before);
    let bare = before.trim_end_matches('=');
    let padded = bare.len() < before.len();
    let named = matches!(bare, "" | "code" | "state" | "iss" | "error");
    bare.contains(['=', '&']) || (padded && named) || (before.is_empty() && text.contains('='))
}

const PASTE: &str =
    "paste the whole address of the page that the browser ended on, or the code it shows";

fn wrong(what: &str) -> Fault {
    Fault::user(what)
}

fn read_address(text: &str, asked: &Authorization) -> Result<Said, Fault> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    if let Some(url) = &url
        && url.query_pairs().any(|(name, _)| name == "response_type")
    {
        return Err(
            wrong("that is the address to open, not the page that the browser ends on")
                .hint("approve there first, then paste the address of the page after it"),
        );
    }
    let query = match text.split_once('?') {
        Some((_, query)) => query,
        None if url.is_some() => text.split_once('#').map_or("", |(_, fragment)| fragment),
        None => text.trim_start_matches('#'),
    };
    let (query, fragment) = query.split_once('#').unwrap_or((query, ""));
    let found = Params::read(query);
    let found = if found.is_answer() {
        found
    } else {
        Params::read(fragment)
    };
    if !found.is_answer() {
        if let Some(url) = &url {
            let expected = sanitise::line(&Untrusted::new(asked.redirect.as_str()), 100);
            let here = Url::parse(&asked.redirect).is_ok_and(|one| one.origin() == url.origin());
            return Err(if here {
                wrong("that address has no code: what follows the ? is missing").hint(PASTE)
            } else {
                wrong(&format!(
                    "that is not the page the sign-in ends on; it begins with {expected}"
                ))
                .hint("approve in the browser first, then paste the address it ends on")
            });
        }
        return Err(wrong("there is no code in that").hint(PASTE));
    }
    found.judge(asked)
}

/// Reads the query that the browser brought to the callback address. Stricter than
/// [`read_pasted`]: the state has to be there.
///
/// # Errors
/// As [`read_pasted`]: it is not the answer to this sign-in, which goes on.
pub(super) fn read_callback(query: &str, asked: &Authorization) -> Result<Said, Fault> {
    if query.len() > LIMIT {
        return Err(wrong("the answer is longer than any"));
    }
    let found = Params::read(query);
    if !found.is_answer() {
        return Err(wrong("the answer has neither a code nor an error"));
    }
    found.judge(asked)
}

/// The parameters of an answer; each more than once makes it none.
#[derive(Debug, Default)]
struct Params<'a> {
    code: Option<Cow<'a, str>>,
    state: Option<Cow<'a, str>>,
    iss: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    description: Option<Cow<'a, str>>,
    token: bool,
    twice: Option<&'static str>,
}

impl<'a> Params<'a> {
    fn read(query: &'a str) -> Self {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (place, name) = match name.as_ref() {
                "code" => (&mut found.code, "code"),
                "state" => (&mut found.state, "state"),
                "iss" => (&mut found.iss, "iss"),
                "error" => (&mut found.error, "error"),
                "error_description" => (&mut found.description, "error_description"),
                "access_token" | "id_token" => {
                    found.token = true;
                    continue;
                }
                _ => continue,
            };
            if place.replace(value).is_some() {
                found.twice = Some(name);
            }
        }
        found
    }

    fn is_answer(&self) -> bool {
        self.code.is_some() || self.error.is_some() || self.token
    }

    fn judge(self, asked: &Authorization) -> Result<Said, Fault> {
        if let Some(name) = self.twice {
            return Err(wrong(&format!("the answer says {name} twice"))
                .hint("start the sign-in again; somebody may have tampered with the address"));
        }
        match self.state.as_deref() {
            None => {
                return Err(
                    wrong("the answer has no state, so it may be of another sign-in")
                        .hint("paste the whole address; if it has none, paste the code alone"),
                );
            }
            Some(state) if !same(state, asked.state.expose()) => {
                return Err(wrong(
                    "the answer is of another sign-in: its state is not the one sent",
                )
                .hint("open the address that is shown now, and paste where that one ends"));
            }
            Some(_) => {}
        }
        if self.token && self.code.is_none() && self.error.is_none() {
            return Err(wrong(
                "the answer holds a token instead of a code, which is not safe to use",
            )
            .hint("tell whoever runs the server: OAuth 2.1 has no implicit grant"));
        }
        self.judge_issuer(asked)?;
        let host = asked.url.host_str().unwrap_or_default();
        if let Some(error) = self.error {
            let description = self.description.map(Cow::into_owned);
            let refusal = Refusal::new(error.into_owned(), description);
            return Ok(Said::Refused(
                refusal.fault(&format!("{host} refuses the sign-in")),
            ));
        }
        match self.code {
            Some(code) if !code.is_empty() && code.chars().all(|c| matches!(c, ' '..='~')) => {
                Ok(Said::Code(Secret::new(code)))
            }
            Some(_) => Err(
                wrong("the code in the answer is empty or holds strange characters")
                    .hint("copy the whole address once more"),
            ),
            None => Err(wrong("the answer has neither a code nor an error").hint(PASTE)),
        }
    }

    /// RFC 9207 section 2.4: another issuer's answer is refused, and so is one without
    /// a name where the server said that it names itself. The name is compared letter by
    /// letter with what the server calls itself in its metadata.
    fn judge_issuer(&self, asked: &Authorization) -> Result<(), Fault> {
        let quoted = |text: &str| sanitise::line(&Untrusted::new(text), 100);
        match self.iss.as_deref() {
            Some(iss) if iss != asked.issuer => Err(wrong(&format!(
                "the answer is of another authorization server (“{}” instead of “{}”)",
                quoted(iss),
                quoted(&asked.issuer)
            ))
            .hint("do not sign in there: somebody may be mixing up two servers")),
            None if asked.names_itself => Err(wrong(&format!(
                "the answer does not say who it is from, and “{}” promises to",
                quoted(&asked.issuer)
            ))
            .hint("paste the whole address, or start the sign-in again")),
            _ => Ok(()),
        }
    }
}
