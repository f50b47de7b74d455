//! What an HTTP answer means.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use url::Url;

use super::{
    events::{MAX_EVENT, too_much, unreadable},
    fault::{Reach, WireFault},
};
use crate::{
    domain::{Fault, FaultKind, Untrusted},
    guard::sanitise,
    mcp::network,
};

/// Largest JSON body, in bytes.
const MAX_BODY: usize = MAX_EVENT;
/// How much of a server's words a fault quotes, in characters.
const QUOTE: usize = 200;

/// What kind of body a response says that it has.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// `application/json`.
    Json,
    /// `text/event-stream`.
    Events,
    /// A page for people.
    Page,
    /// Compressed, which nobody asked for.
    Compressed,
    /// Something else.
    Other(Option<Untrusted>),
}

/// Reads `Content-Type` and `Content-Encoding` (RFC 9110 sections 8.3 and 8.4).
pub(super) fn body_kind(response: &reqwest::Response) -> Body {
    let coding = response.headers().get(CONTENT_ENCODING);
    if coding.is_some_and(|coding| coding != "identity") {
        return Body::Compressed;
    }
    let Some(value) = response.headers().get(CONTENT_TYPE) else {
        return Body::Other(None);
    };
    let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
    let essence = text.split(';').next().unwrap_or("").trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/json" => Body::Json,
        "text/event-stream" => Body::Events,
        "text/html" | "application/xhtml+xml" => Body::Page,
        _ => Body::Other(Some(Untrusted::from(essence))),
    }
}

/// Where a redirect leads, if it may be followed: 307 and 308 keep the request as
/// it is (RFC 9110 section 15.4), and nothing leaves the origin.
pub(super) fn hop(
    from: &Url,
    status: StatusCode,
    location: Option<&HeaderValue>,
) -> Result<Url, WireFault> {
    let target = location
        .and_then(|value| value.to_str().ok())
        .and_then(|text| from.join(text).ok());
    let Some(target) = target else {
        return Err(refused(format!(
            "the server redirects without saying where to (HTTP {})",
            status.as_u16()
        )));
    };
    if target.origin() != from.origin() {
        let place = Untrusted::from(target.origin().ascii_serialization());
        let place = sanitise::line(&place, QUOTE);
        let mut fault = refused(format!("the server redirects elsewhere, to {place}"));
        fault.fault = fault
            .fault
            .hint("nothing was sent there; if it is right, change the connector's URL");
        return Err(fault);
    }
    if !matches!(
        status,
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
    ) {
        let place = sanitise::line(&Untrusted::from(target.path()), QUOTE);
        return Err(refused(format!(
            "the server redirects to {place} in a way that would change the request (HTTP {})",
            status.as_u16()
        )));
    }
    Ok(target)
}

pub(super) fn too_many_hops(url: &Url) -> WireFault {
    let host = url.host_str().unwrap_or("the server");
    refused(format!("{host} redirects in a circle"))
}

fn refused(message: String) -> WireFault {
    WireFault::new(Fault::new(FaultKind::Server, message), Reach::Refused)
}

/// No headers came.
pub(super) fn too_slow(url: &Url, wait: Duration) -> WireFault {
    let host = url.host_str().unwrap_or("the server");
    let fault = Fault::new(
        FaultKind::Network,
        format!("{host} did not answer within {} s", wait.as_secs()),
    );
    WireFault::new(fault.retryable(), Reach::Unknown)
}

/// Every challenge the server made, in one line as RFC 9110 section 5.3 allows.
pub(super) fn challenges(headers: &HeaderMap) -> String {
    let values: Vec<_> = headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    values.join(", ")
}

/// Statuses that mean the same whatever was asked.
pub(super) fn refusal(response: &reqwest::Response, with_credentials: bool) -> Option<WireFault> {
    let status = response.status();
    let fault = match status {
        StatusCode::UNAUTHORIZED => sign_in(&challenges(response.headers()), with_credentials),
        StatusCode::FORBIDDEN => {
            Fault::new(FaultKind::Server, "the server refuses access (HTTP 403)")
                .hint("what it was given may lack a right, or it does not accept this address")
        }
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => network::proxy_refused(),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            busy(status, response.headers())
        }
        _ => return None,
    };
    Some(WireFault::new(fault, Reach::Refused))
}

/// The server wants to know who asks.
pub(super) fn sign_in(challenge: &str, with_credentials: bool) -> Fault {
    let message = if with_credentials {
        "the server does not accept these credentials (HTTP 401)"
    } else {
        "the server wants a sign-in (HTTP 401)"
    };
    let fault = Fault::new(FaultKind::SignIn, message);
    match challenge.split_whitespace().next() {
        Some(scheme) => fault.hint(format!(
            "it asks for {}",
            sanitise::line(&Untrusted::from(scheme), 40)
        )),
        None => fault.hint("it does not say which kind; often a token or a header of its own"),
    }
}

fn busy(status: StatusCode, headers: &HeaderMap) -> Fault {
    let message = match status {
        StatusCode::TOO_MANY_REQUESTS => "the server wants fewer requests (HTTP 429)",
        _ => "the server is not available at the moment (HTTP 503)",
    };
    let fault = Fault::new(FaultKind::Server, message).retryable();
    match network::retry_after_ms(headers, jiff::Timestamp::now()) {
        Some(wait) => fault.retry_after(wait),
        None => fault,
    }
}

/// An HTTP failure without a JSON-RPC error.
pub(super) fn failed(status: StatusCode, body: &[u8]) -> WireFault {
    let mut message = match status {
        StatusCode::NOT_FOUND => "nothing is at this address (HTTP 404)".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => {
            "the server takes no messages at this address (HTTP 405)".to_owned()
        }
        _ => format!("the server failed with HTTP {}", status.as_u16()),
    };
    if !body.is_empty() {
        let words = Untrusted::from(String::from_utf8_lossy(body).into_owned());
        message = format!("{message}: {}", sanitise::line(&words, QUOTE));
    }
    if status.is_server_error() {
        // Whether the request was dealt with before the failure cannot be known.
        let fault = Fault::new(FaultKind::Server, message).retryable();
        WireFault::new(fault, Reach::Unknown).other_era()
    } else {
        let mut fault = Fault::new(FaultKind::NotMcp, message);
        if matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
        ) {
            fault = fault.hint("is the path right? often it is /mcp or /sse");
        }
        WireFault::new(fault, Reach::Refused).other_era()
    }
}

/// Success, and nothing in it.
pub(super) fn no_answer(status: StatusCode) -> WireFault {
    let fault = Fault::new(
        FaultKind::NotMcp,
        format!(
            "the server took the request and gave no answer (HTTP {})",
            status.as_u16()
        ),
    );
    WireFault::new(fault, Reach::Unknown).other_era()
}

/// Success in a form that is not the protocol's.
pub(super) fn wrong_type(body: &Body) -> WireFault {
    let message = match body {
        Body::Page => "a web page answers, not an MCP server".to_owned(),
        Body::Compressed => {
            "the server compresses its answer, which nobody asked for; it was not read".to_owned()
        }
        Body::Other(Some(kind)) => format!(
            "the server answers with {}, which is not MCP",
            sanitise::line(kind, 80)
        ),
        _ => "the server does not say what its answer is".to_owned(),
    };
    WireFault::new(Fault::new(FaultKind::NotMcp, message), Reach::Unknown).other_era()
}

/// JSON that is not the answer.
pub(super) fn unusable(reason: &str) -> WireFault {
    let mut fault = unreadable(reason);
    fault.kind = FaultKind::NotMcp;
    WireFault::new(fault, Reach::Unknown).other_era()
}

/// Reads a whole body, bounded. `wait` bounds the time.
pub(super) async fn read(
    response: reqwest::Response,
    wait: Option<Duration>,
) -> Result<Bytes, WireFault> {
    let url = response.url().clone();
    match wait {
        Some(wait) => tokio::time::timeout(wait, collect(response))
            .await
            .map_err(|_| too_slow(&url, wait))?,
        None => collect(response).await,
    }
}

async fn collect(mut response: reqwest::Response) -> Result<Bytes, WireFault> {
    let over = || WireFault::new(too_much(), Reach::Unknown);
    if response
        .content_length()
        .is_some_and(|n| n > MAX_BODY as u64)
    {
        return Err(over());
    }
    let url = response.url().clone();
    let mut whole = BytesMut::new();
    loop {
        let chunk = response
            .chunk()
            .await
            .map_err(|error| WireFault::new(network::fault(&error, &url), Reach::Unknown))?;
        let Some(chunk) = chunk else {
            return Ok(whole.freeze());
        };
        if whole.len() + chunk.len() > MAX_BODY {
            return Err(over());
        }
        whole.extend_from_slice(&chunk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(text: &str) -> Option<HeaderValue> {
        Some(HeaderValue::from_str(text).unwrap())
    }

    #[test]
    fn a_redirect_is_followed_only_where_nothing_changes_hands() {
        let from = Url::parse("https://x.example/mcp?key=s").unwrap();
        let same = to("/mcp/");
        let hop = |status, location: &Option<HeaderValue>| {
            hop(&from, status, location.as_ref()).map(|url| url.to_string())
        };
        assert_eq!(
            hop(StatusCode::PERMANENT_REDIRECT, &same).unwrap(),
            "https://x.example/mcp/"
        );
        assert!(hop(StatusCode::MOVED_PERMANENTLY, &same).is_err());
        for elsewhere in [
            "https://y.example/mcp",
            "http://x.example/mcp",
            "https://x.example:8443/",
        ] {
            let fault = hop(StatusCode::TEMPORARY_REDIRECT, &to(elsewhere)).unwrap_err();
            assert!(fault.fault.message.contains("elsewhere"), "{elsewhere}");
        }
        assert!(hop(StatusCode::TEMPORARY_REDIRECT, &None).is_err());
    }

    #[test]
    fn all_challenges_are_kept() {
        let mut headers = HeaderMap::new();
        headers.append(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"a\""),
        );
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        assert_eq!(challenges(&headers), "Basic realm=\"a\", Bearer");
    }

    #[test]
    fn what_failed_behind_a_gateway_may_have_run() {
        assert_eq!(failed(StatusCode::BAD_GATEWAY, b"").reach, Reach::Unknown);
        assert_eq!(failed(StatusCode::BAD_REQUEST, b"").reach, Reach::Refused);
    }
}
