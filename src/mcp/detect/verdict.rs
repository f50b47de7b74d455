//! Names the wrong end of a detection.

use http::StatusCode;
use url::Url;

use super::places::brief;
use super::probe::Response;
use super::said::Said;
use crate::domain::{Fault, FaultKind, Untrusted};
use crate::guard::sanitise;
use crate::mcp::network::{proxy_refused, retry_after_ms};

/// What one of the three ways to speak to a server brought.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) said: Said,
}

const LOOK_IT_UP: &str =
    "look the address up in the server's documentation; many end in /mcp or /sse";

fn not_mcp(message: String) -> Fault {
    Fault::new(FaultKind::NotMcp, message)
}

/// What ends a detection at once, whichever request met it.
pub(super) fn at_once(url: &Url, response: &Response) -> Option<Fault> {
    match response.status {
        407 => Some(proxy_refused()),
        status @ (429 | 503) => {
            let what = if status == 429 {
                "too many requests"
            } else {
                "not available now"
            };
            let fault = Fault::new(
                FaultKind::Server,
                format!("{} answered {status}: {what}", host(url)),
            )
            .hint("wait, then try again")
            .retryable();
            Some(match retry_after_ms(&response.headers, response.at) {
                Some(milliseconds) => fault.retry_after(milliseconds),
                None => fault,
            })
        }
        _ => None,
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

/// A redirect that is not followed.
pub(super) fn redirect(target: Option<&Url>, url: &Url) -> Fault {
    match target {
        Some(target) => Fault::user(format!("{} redirects to {}", brief(url), brief(target))).hint(
            format!("if you trust it, use that address: {}", brief(target)),
        ),
        None => not_mcp(format!(
            "{} redirects, but does not say where to",
            brief(url)
        ))
        .hint(LOOK_IT_UP),
    }
}

/// Redirects without an end.
pub(super) fn redirect_loop(url: &Url) -> Fault {
    not_mcp(format!(
        "{} redirects in a circle, or more than five times",
        brief(url)
    ))
    .hint(LOOK_IT_UP)
}

/// A server that speaks no version that callboard does.
pub(super) fn versions(url: &Url, theirs: &[Untrusted]) -> Fault {
    let named: Vec<String> = theirs
        .iter()
        .take(5)
        .map(|one| sanitise::line(one, 20))
        .collect();
    not_mcp(format!(
        "{} speaks MCP, but only in versions that callboard does not know: {}",
        host(url),
        named.join(", ")
    ))
    .hint("look for a newer callboard")
}

/// An authentication that callboard cannot do.
pub(super) fn unsupported(url: &Url, scheme: &str) -> Fault {
    let scheme = sanitise::line(&Untrusted::new(scheme), 20);
    Fault::new(
        FaultKind::Server,
        format!(
            "{} wants authentication by {scheme}, which callboard does not do",
            host(url)
        ),
    )
    .hint("if it takes a token or a key too, say so: --auth bearer, --auth basic or --auth header")
}

/// An SSE server that wants its messages sent to somebody else.
pub(super) fn foreign_endpoint(url: &Url, endpoint: &str) -> Fault {
    let quoted = sanitise::line(&Untrusted::new(endpoint), 100);
    not_mcp(format!(
        "{} wants its messages sent to another host (“{quoted}”)",
        host(url)
    ))
    .hint("do not connect to it; tell whoever runs the server")
}

/// The end of a detection that found no MCP: the most telling of what was seen, in
/// the order of asking (discover, initialize, events).
pub(super) fn nothing_found(url: &Url, seen: Vec<Seen>) -> Fault {
    let all = |status: u16| !seen.is_empty() && seen.iter().all(|one| one.status == status);
    if all(404) || all(410) {
        return not_mcp(format!("there is nothing at {} (404)", brief(url))).hint(LOOK_IT_UP);
    }
    if all(405) {
        return not_mcp(format!(
            "{} answers no way of speaking MCP (405)",
            brief(url)
        ))
        .hint(LOOK_IT_UP);
    }
    let most_telling = seen.into_iter().min_by_key(rank);
    match most_telling {
        Some(one) => name_it(url, one),
        None => not_mcp(format!("{} is not an MCP server", brief(url))).hint(LOOK_IT_UP),
    }
}

/// Smaller is more telling; of equals the first asked is taken.
fn rank(seen: &Seen) -> u8 {
    let fine = (200..300).contains(&seen.status);
    match &seen.said {
        Said::Error { .. } | Said::Result(_) => 0,
        Said::WrongType(_) => 1,
        Said::Page(_) if fine => 2,
        Said::TooLarge | Said::Unfinished | Said::Cut(_) if fine => 3,
        Said::Json | Said::Other(_) | Said::Event(..) if fine => 4,
        _ if seen.status >= 500 => 5,
        Said::Nothing if fine => 6,
        _ if seen.status != 404 && seen.status != 405 => 7,
        _ => 8,
    }
}

fn name_it(url: &Url, seen: Seen) -> Fault {
    let place = brief(url);
    let status = seen.status;
    if status >= 500 {
        return Fault::new(
            FaultKind::Server,
            format!("{} answered {}", host(url), status_text(status)),
        )
        .hint("the server itself fails: try again later, or tell whoever runs it")
        .retryable();
    }
    if !(200..300).contains(&status)
        && !matches!(seen.said, Said::Error { .. } | Said::WrongType(_))
    {
        return not_mcp(format!("{place} answers MCP with {}", status_text(status)))
            .hint(LOOK_IT_UP);
    }
    match seen.said {
        Said::Error { message, .. } => {
            let quoted = sanitise::line(&message, 200);
            not_mcp(format!(
                "{place} speaks JSON-RPC, but refuses to begin a session: “{quoted}”"
            ))
            .hint("the server may be of another protocol; look at its documentation")
        }
        Said::WrongType(media_type) => not_mcp(format!(
            "{place} answers MCP under a wrong content type{}",
            named(&media_type)
        ))
        .hint("the server has to send application/json or text/event-stream; tell whoever runs it"),
        Said::Page(Some(title)) => not_mcp(format!(
            "{place} is a web page (“{}”)",
            sanitise::line(&title, 80)
        ))
        .hint(LOOK_IT_UP),
        Said::Page(None) => not_mcp(format!("{place} is a web page")).hint(LOOK_IT_UP),
        Said::TooLarge => not_mcp(format!(
            "{place} sends more than an MCP server would to begin with"
        ))
        .hint(LOOK_IT_UP),
        Said::Unfinished => {
            not_mcp(format!("{place} sends an answer that does not end")).hint(LOOK_IT_UP)
        }
        Said::Cut(fault) => fault,
        Said::Result(_) | Said::Json => {
            not_mcp(format!("{place} answers with JSON that is not MCP")).hint(LOOK_IT_UP)
        }
        Said::Event(..) => {
            not_mcp(format!("{place} is an event stream that is not MCP")).hint(LOOK_IT_UP)
        }
        Said::Nothing => {
            not_mcp(format!("{place} answers with nothing ({status})")).hint(LOOK_IT_UP)
        }
        Said::Other(media_type) => not_mcp(format!(
            "{place} answers with something that is not MCP{}",
            named(&media_type)
        ))
        .hint(LOOK_IT_UP),
    }
}

fn named(media_type: &Untrusted) -> String {
    if media_type.is_empty() {
        return String::new();
    }
    format!(" ({})", sanitise::line(media_type, 60))
}

/// A status with its usual name.
pub(super) fn status_text(status: u16) -> String {
    let name = StatusCode::from_u16(status)
        .ok()
        .and_then(|code| code.canonical_reason());
    name.map_or_else(|| status.to_string(), |name| format!("{status} {name}"))
}
