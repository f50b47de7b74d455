//! What a session is to be made of, and in which order ways are tried.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header::AUTHORIZATION};
use url::Url;
use zeroize::Zeroizing;

use super::bearer::{Token, TokenSource};
use crate::domain::{ConnectionOptions, Era, Fault, Secret, Target, Transport, Untrusted};
use crate::guard::{address::is_loopback, sanitise};

/// Everything that is needed to connect once.
#[derive(Clone, Debug)]
pub struct ConnectPlan {
    /// Where to.
    pub target: Target,
    /// How messages travelled last time or were detected to travel; tried first.
    pub transport: Option<Transport>,
    /// Which family it spoke last; tried first.
    pub era: Option<Era>,
    /// What it is given to know us by.
    pub credentials: Credentials,
    /// Time-outs, proxy, certificates.
    pub options: ConnectionOptions,
}

/// What a server is given to know us by.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// Nothing.
    #[default]
    None,
    /// `Authorization: Bearer …` (RFC 6750 section 2.1).
    Bearer(Secret),
    /// The same with a token that is renewed under way.
    Renewed(Arc<dyn TokenSource>),
    /// `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// Headers of the server's own, by name.
    Headers(Vec<(String, Secret)>),
    /// Variables of a local program, by name.
    Environment(Vec<(String, Secret)>),
}

/// How far connecting has come; said as each begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reaching the server or starting the program.
    Reach,
    /// Something answered; agreeing on a protocol version.
    Negotiate,
    /// The session stands; its functions are to be listed.
    ListFunctions,
}

/// Headers that would break the protocol if an operator set them.
const RESERVED: [&str; 10] = [
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "last-event-id",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Credentials {
    /// Whether anything secret would be sent over HTTP.
    pub(super) fn travels(&self) -> bool {
        !matches!(self, Self::None | Self::Environment(_))
    }

    /// Where a token comes from that is renewed under way.
    pub(super) fn source(&self) -> Option<&Arc<dyn TokenSource>> {
        match self {
            Self::Renewed(source) => Some(source),
            _ => None,
        }
    }

    /// Adds what they are to a request's headers, marked so that nothing prints them.
    pub(super) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Fault> {
        match self {
            // Those that are renewed are asked for one by one.
            Self::None | Self::Environment(_) | Self::Renewed(_) => {}
            Self::Bearer(token) => bearer(token, headers)?,
            Self::Basic { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
                let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
                headers.insert(AUTHORIZATION, sensitive(&text, "the password")?);
            }
            Self::Headers(pairs) => {
                for (name, secret) in pairs {
                    headers.insert(header_name(name)?, sensitive(secret.expose(), name)?);
                }
            }
        }
        Ok(())
    }
}

/// Adds a token to a request's headers.
pub(super) fn apply_token(token: &Token, headers: &mut HeaderMap) -> Result<(), Fault> {
    bearer(&token.bearer, headers)
}

fn bearer(token: &Secret, headers: &mut HeaderMap) -> Result<(), Fault> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose()));
    headers.insert(AUTHORIZATION, sensitive(&text, "the token")?);
    Ok(())
}

fn sensitive(text: &str, what: &str) -> Result<HeaderValue, Fault> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Fault::user(format!(
            "{} has characters that cannot be sent in a header",
            shown(what)
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn header_name(name: &str) -> Result<HeaderName, Fault> {
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Fault::user(format!("{} is not the name of a header", shown(name))))?;
    if RESERVED.contains(&parsed.as_str()) || parsed.as_str().starts_with("mcp-") {
        return Err(Fault::user(format!(
            "the header {parsed} belongs to the protocol and cannot be set"
        )));
    }
    Ok(parsed)
}

fn shown(text: &str) -> String {
    sanitise::line(&Untrusted::from(text), 64)
}

/// One way to make a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) transport: Transport,
    pub(super) era: Era,
}

const MODERN: Attempt = Attempt {
    transport: Transport::StreamableHttp,
    era: Era::Modern,
};
const LEGACY: Attempt = Attempt {
    transport: Transport::StreamableHttp,
    era: Era::Legacy,
};
const SSE: Attempt = Attempt {
    transport: Transport::Sse,
    era: Era::Legacy,
};
const STDIO_LEGACY: Attempt = Attempt {
    transport: Transport::Stdio,
    era: Era::Legacy,
};
const STDIO_MODERN: Attempt = Attempt {
    transport: Transport::Stdio,
    era: Era::Modern,
};

impl ConnectPlan {
    /// The ways to try, best first; the next one only where the one before shows
    /// that the server speaks otherwise (MCP 2026-07-28, basic/versioning, with one
    /// difference: programs get `initialize` first, for many of them end at any
    /// other first request).
    pub(super) fn attempts(&self) -> &'static [Attempt] {
        match (&self.target, self.transport, self.era) {
            (Target::Program { .. }, _, Some(Era::Modern)) => &[STDIO_MODERN, STDIO_LEGACY],
            (Target::Program { .. }, _, _) => &[STDIO_LEGACY, STDIO_MODERN],
            (_, Some(Transport::Sse), _) => &[SSE, MODERN, LEGACY],
            (_, Some(_), Some(Era::Legacy)) => &[LEGACY, MODERN],
            (_, Some(_), _) => &[MODERN, LEGACY],
            (_, None, Some(Era::Legacy)) => &[LEGACY, SSE, MODERN],
            (_, None, _) => &[MODERN, LEGACY, SSE],
        }
    }

    /// The server's address, after checking that nothing secret would cross a
    /// network in the clear.
    pub(super) fn checked_url(&self, url: &str) -> Result<Url, Fault> {
        let parsed = Url::parse(url).map_err(|_| Fault::user("this is not a URL"))?;
        match parsed.scheme() {
            "https" => {}
            "http" if is_loopback(&parsed) => {}
            "http" if self.credentials.travels() => {
                return Err(
                    Fault::user("plain http to another machine never carries a secret")
                        .hint("use the server's https address"),
                );
            }
            "http" if self.options.plain_http => {}
            "http" => {
                return Err(Fault::user(
                    "plain http to another machine can be read and changed on its way",
                )
                .hint("use the server's https address, or allow it with --plain-http"));
            }
            _ => return Err(Fault::user("a server's URL begins with https://")),
        }
        if parsed.host_str().is_none() {
            return Err(Fault::user("the URL names no host"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(Fault::user("a URL is no place for a user name or password")
                .hint("give them as Basic credentials"));
        }
        let mut probe = HeaderMap::new();
        self.credentials.apply(&mut probe)?;
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FaultKind;

    fn plan(url: &str, transport: Option<Transport>, era: Option<Era>) -> ConnectPlan {
        ConnectPlan {
            target: Target::Http {
                url: url.to_owned(),
                query: false,
            },
            transport,
            era,
            credentials: Credentials::None,
            options: ConnectionOptions::default(),
        }
    }

    #[test]
    fn an_unknown_server_is_asked_in_the_newest_way_first() {
        let unknown = plan("https://x.example/mcp", None, None);
        assert_eq!(unknown.attempts(), [MODERN, LEGACY, SSE]);
    }

    #[test]
    fn what_worked_last_time_is_tried_first_and_the_other_way_once() {
        let http = Some(Transport::StreamableHttp);
        let of = |transport, era| plan("https://x.example", transport, era);
        assert_eq!(of(http, Some(Era::Legacy)).attempts(), [LEGACY, MODERN]);
        assert_eq!(of(http, Some(Era::Modern)).attempts(), [MODERN, LEGACY]);
        assert_eq!(
            of(Some(Transport::Sse), None).attempts(),
            [SSE, MODERN, LEGACY]
        );
    }

    #[test]
    fn a_secret_never_goes_over_plain_http_to_another_machine() {
        let mut plan = plan("http://x.example/mcp", None, None);
        assert!(plan.checked_url("http://x.example/mcp").is_err());
        plan.options.plain_http = true;
        assert!(plan.checked_url("http://x.example/mcp").is_ok());
        plan.credentials = Credentials::Bearer(Secret::new("t"));
        assert_eq!(
            plan.checked_url("http://x.example/mcp").unwrap_err().kind,
            FaultKind::User
        );
        assert!(plan.checked_url("https://ann:pw@x.example/").is_err());
        for near in ["http://127.0.0.1:1/", "http://localhost/", "http://[::1]/"] {
            assert!(plan.checked_url(near).is_ok(), "{near}");
        }
    }

    #[test]
    fn headers_are_marked_and_the_protocol_s_own_cannot_be_set() {
        let mut headers = HeaderMap::new();
        Credentials::Basic {
            user: "ann".to_owned(),
            password: Secret::new("pw"),
        }
        .apply(&mut headers)
        .unwrap();
        let value = &headers[AUTHORIZATION];
        assert_eq!(value, "Basic YW5uOnB3");
        assert!(value.is_sensitive());
        for name in ["Host", "Mcp-Session-Id", "a b", "content-type"] {
            let pair = vec![(name.to_owned(), Secret::new("x"))];
            assert!(
                Credentials::Headers(pair).apply(&mut headers).is_err(),
                "{name}"
            );
        }
        let broken = Credentials::Bearer(Secret::new("a\nb"));
        let fault = broken.apply(&mut headers).unwrap_err();
        assert!(!fault.message.contains('b') || !fault.message.contains("a\nb"));
    }
}
