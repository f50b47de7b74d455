//! Sends the requests of the flow and keeps what was said.
//!
//! Every address is judged again right before it is asked, a name is bound to the
//! network addresses that were judged, and no redirect is followed: a redirected
//! token request would hand a code or a refresh token to somebody else.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::address::Rules;
use super::request::{Body, Request};
use super::trail::Trail;
use crate::domain::{ConnectionOptions, Exchange, Fault, FaultKind, Timestamp, Untrusted};
use crate::guard::address::shown;
use crate::guard::json::{Limits, read_strict};
use crate::mcp::detect::reach::client_bound;
use crate::mcp::hide::Hidden;
use crate::mcp::network::{self, BodyFault, DOCUMENT_LIMIT, Network, bounded_body, retry_after_ms};

/// How long a document may take.
const DOCUMENT_PATIENCE: Duration = Duration::from_secs(10);
/// How long a request that changes something may take.
const POST_PATIENCE: Duration = Duration::from_secs(30);
/// Most characters of an answer that a report quotes.
const QUOTE: usize = 400;

/// Whoever asks on behalf of one MCP server.
pub(super) struct Asker<'a> {
    pub(super) network: &'a Network,
    pub(super) options: &'a ConnectionOptions,
    pub(super) rules: Rules,
    usual: reqwest::Client,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the server is only busy or broken now.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500..)
    }

    /// Where a redirect leads.
    pub(super) fn moved(&self, from: &Url) -> Option<Url> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        from.join(self.headers.get("location")?.to_str().ok()?).ok()
    }

    /// The body as a JSON object, read strictly: two readers must not find two
    /// endpoints in one document.
    ///
    /// # Errors
    /// Says what is wrong with it, to follow its name in a sentence.
    pub(super) fn object(&self) -> Result<Map<String, Value>, String> {
        match read_strict(&self.body, Limits::bytes(DOCUMENT_LIMIT)) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err("is no JSON object".to_owned()),
            Err(fault) => Err(format!("cannot be read: {fault}")),
        }
    }

    /// Names of the fields, where the values may be secret.
    fn fields(&self) -> Untrusted {
        match self.object() {
            Ok(object) => {
                let names: Vec<&str> = object.keys().map(String::as_str).collect();
                let names = names.join(", ");
                Untrusted::new(format!("{} with {}", self.status, cut(&names)))
            }
            Err(_) => Untrusted::new(format!("{}, {} bytes", self.status, self.body.len())),
        }
    }

    fn quoted(&self, hidden: &Hidden) -> Untrusted {
        let text = String::from_utf8_lossy(&self.body);
        hidden.untrusted(&format!("{} {}", self.status, cut(text.trim())))
    }
}

/// The beginning of what a server says, as a report quotes it.
pub(super) fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl<'a> Asker<'a> {
    /// # Errors
    /// Where the options cannot be used.
    pub(super) fn new(
        network: &'a Network,
        options: &'a ConnectionOptions,
        rules: Rules,
    ) -> Result<Self, Fault> {
        Ok(Self {
            network,
            options,
            rules,
            usual: network.client(options)?,
        })
    }

    /// Sends a request and notes it in the trail; `means` says what the answer
    /// means.
    ///
    /// # Errors
    /// Where the address may not be asked, or did not answer.
    pub(super) async fn ask(
        &self,
        request: &Request,
        trail: &mut Trail<'_>,
        means: impl FnOnce(&Reply) -> String,
    ) -> Result<Reply, Fault> {
        let result = self.send(request).await;
        let hidden = request.hidden();
        let (answer, means) = match &result {
            Ok(reply) => {
                // What answers a request with a secret may hold new ones.
                let careful = reply.is_success() && !matches!(request.body, Body::None);
                let answer = if careful {
                    reply.fields()
                } else {
                    reply.quoted(&hidden)
                };
                (answer, means(reply))
            }
            Err(fault) => (
                Untrusted::new("no answer"),
                hidden.fault(fault.clone()).message,
            ),
        };
        trail.note(Exchange {
            request: request.shown(),
            answer,
            means,
            curl: request.curl(),
        });
        result
    }

    /// Sends a request.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(super) async fn send(&self, request: &Request) -> Result<Reply, Fault> {
        self.rules.check(&request.url).map_err(|why| {
            Fault::denied(format!("{} {why}", shown(&request.url)))
                .hint("do not sign in there; tell whoever runs the server")
        })?;
        let patience = match request.body {
            Body::None => DOCUMENT_PATIENCE,
            Body::Form(_) | Body::Json(_) => POST_PATIENCE,
        };
        let end = Instant::now() + patience;
        // A name server may take long as well.
        let bound = timeout_at(end, self.client_for(&request.url));
        let client = bound.await.map_err(|_| late(&request.url))??;
        let response = timeout_at(end, Self::built(&client, request)?.send());
        let response = response
            .await
            .map_err(|_| late(&request.url))?
            .map_err(|error| network::fault(&error, &request.url))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = bounded_body(response, DOCUMENT_LIMIT, end).await;
        let body = body.map_err(|fault| unread(fault, &request.url))?;
        Ok(Reply {
            status,
            headers,
            body,
        })
    }

    async fn client_for(&self, url: &Url) -> Result<reqwest::Client, Fault> {
        let rules = &self.rules;
        let (usual, server) = (&self.usual, &rules.server);
        client_bound(
            self.network,
            self.options,
            usual,
            url,
            server,
            rules.private_network,
        )
        .await
    }

    /// A request as it goes out.
    fn built(
        client: &reqwest::Client,
        request: &Request,
    ) -> Result<reqwest::RequestBuilder, Fault> {
        let mut asked = client
            .request(request.method.clone(), request.url.clone())
            // GitHub answers in another form where nobody asks for this one.
            .header(ACCEPT, "application/json");
        if let Some(credentials) = request.authorization() {
            let mut value = http::HeaderValue::try_from(format!("Basic {credentials}"))
                .map_err(|_| Fault::internal("credentials do not fit into a header"))?;
            value.set_sensitive(true);
            asked = asked.header(AUTHORIZATION, value);
        }
        if let Some((kind, body)) = request.payload() {
            asked = asked.header(CONTENT_TYPE, kind).body(body);
        }
        Ok(asked)
    }
}

fn late(url: &Url) -> Fault {
    let host = url.host_str().unwrap_or_default();
    Fault::new(FaultKind::Network, format!("{host} did not answer in time"))
        .hint("try again")
        .retryable()
}

/// The fault of an answer whose body could not be read whole.
fn unread(fault: BodyFault, url: &Url) -> Fault {
    match fault {
        BodyFault::TooSlow => late(url),
        BodyFault::Broken(error) => network::fault(&error, url),
        BodyFault::TooLarge => Fault::new(
            FaultKind::Server,
            format!("the answer of {} is larger than 64 KiB", shown(url)),
        )
        .hint("tell whoever runs the server"),
    }
}

/// The fault of an answer that says *later*.
pub(super) fn busy(reply: &Reply, url: &Url) -> Fault {
    let host = url.host_str().unwrap_or_default();
    let fault = Fault::new(
        FaultKind::Server,
        format!("{host} answered {}: it is busy or broken now", reply.status),
    )
    .hint("try again later")
    .retryable();
    let now = jiff::Timestamp::from_millisecond(Timestamp::now().as_millis());
    match now.ok().and_then(|now| retry_after_ms(&reply.headers, now)) {
        Some(wait) => fault.retry_after(wait),
        None => fault,
    }
}
