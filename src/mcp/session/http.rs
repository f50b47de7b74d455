//! Streamable HTTP: rmcp's requests over our client.
//!
//! One type answers for everything that goes out: credentials are added to each
//! request and marked, redirects stay on the server, waits and sizes are bounded.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, LOCATION},
};
use rmcp::{
    model::{ClientJsonRpcMessage, RequestId},
    transport::streamable_http_client::{
        AuthRequiredError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse,
    },
};
use sse_stream::{Error as SseError, Sse};
use url::Url;

use super::{
    answer::{self, Body},
    bearer::{self, Token},
    events,
    fault::{self, Reach, WireFault},
    plan::{self, Credentials},
    wire::Wire,
};
use crate::mcp::network;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// How long the end of a session may take to be told.
const GOODBYE: Duration = Duration::from_secs(3);

/// Times that a broken stream is taken up again before it is given up; with the
/// pauses between, about a quarter of a minute.
pub(super) const STREAM_TRIES: usize = 4;

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
pub(super) const BOTH: HeaderValue =
    HeaderValue::from_static("application/json, text/event-stream");
const STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(super) type Refused = StreamableHttpError<WireFault>;

/// Everything that goes to one server.
#[derive(Clone)]
pub(super) struct Http(Arc<Inner>);

struct Inner {
    client: reqwest::Client,
    credentials: Credentials,
    wire: Arc<Wire>,
    wait: Duration,
    /// Streams in a row that could not be opened for want of a connection.
    misses: AtomicUsize,
}

/// One request.
pub(super) struct Ask {
    /// What its answer is waited for under, if anybody does.
    pub(super) id: Option<RequestId>,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    /// How long until headers come. `None`: somebody else watches the time.
    pub(super) wait: Option<Duration>,
}

impl Http {
    /// `wait` is how long a server may take to begin an answer.
    pub(super) fn new(
        client: reqwest::Client,
        credentials: Credentials,
        wire: Arc<Wire>,
        wait: Duration,
    ) -> Self {
        Self(Arc::new(Inner {
            client,
            credentials,
            wire,
            wait,
            misses: AtomicUsize::new(0),
        }))
    }

    pub(super) fn wire(&self) -> &Arc<Wire> {
        &self.0.wire
    }

    pub(super) fn wait(&self) -> Duration {
        self.0.wait
    }

    pub(super) fn has_credentials(&self) -> bool {
        self.0.credentials.travels()
    }

    /// Sends a request; follows 307 and 308 on the same origin.
    pub(super) async fn send(&self, mut ask: Ask) -> Result<reqwest::Response, WireFault> {
        let mut sent = Reach::NotSent;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_once(&ask, sent).await?;
            self.0.wire.reach();
            if !response.status().is_redirection() {
                return Ok(response);
            }
            ask.url = answer::hop(
                &ask.url,
                response.status(),
                response.headers().get(LOCATION),
            )?;
            // A redirect says that the request was not dealt with.
            sent = Reach::NotSent;
        }
        Err(answer::too_many_hops(&ask.url))
    }

    async fn send_once(&self, ask: &Ask, sent: Reach) -> Result<reqwest::Response, WireFault> {
        match self.0.credentials.source() {
            None => self.send_as(ask, None, sent).await,
            Some(source) => {
                let send = |token| self.send_as(ask, Some(token), sent);
                bearer::with_token(source.as_ref(), &ask.url, send).await
            }
        }
    }

    async fn send_as(
        &self,
        ask: &Ask,
        token: Option<Token>,
        sent: Reach,
    ) -> Result<reqwest::Response, WireFault> {
        let mut headers = ask.headers.clone();
        let applied = match &token {
            Some(token) => plan::apply_token(token, &mut headers),
            None => self.0.credentials.apply(&mut headers),
        };
        applied.map_err(|fault| WireFault::new(fault, sent))?;
        if let Some(id) = &ask.id
            && !self.0.wire.leaves(id)
        {
            return Err(WireFault::new(fault::unsent(&self.0.wire), Reach::NotSent));
        }
        let mut request = self
            .0
            .client
            .request(ask.method.clone(), ask.url.clone())
            .headers(headers);
        if let Some(body) = &ask.body {
            request = request.body(body.clone());
        }
        let answer = match ask.wait {
            Some(wait) => tokio::time::timeout(wait, request.send())
                .await
                .map_err(|_| answer::too_slow(&ask.url, wait))?,
            None => request.send().await,
        };
        let response = answer.map_err(|error| {
            let reach = if error.is_connect() || error.is_builder() {
                Reach::NotSent
            } else {
                Reach::Unknown
            };
            WireFault::new(network::fault(&error, &ask.url), reach)
        })?;
        let status = response.status();
        if let Some(id) = &ask.id
            && (status == StatusCode::UNAUTHORIZED || status.is_redirection())
        {
            // It was not dealt with; until it is sent again it is as it was before.
            self.0.wire.came_back(id);
        }
        Ok(response)
    }

    /// A session's stream is the one thing that notices a server that went away
    /// while nobody calls.
    fn count_misses(&self, opened: &Result<reqwest::Response, WireFault>) {
        match opened {
            Err(wire) if wire.lost => {
                if self.0.misses.fetch_add(1, Ordering::Relaxed) + 1 >= STREAM_TRIES {
                    self.0.wire.lose(wire.fault.clone());
                }
            }
            _ => self.0.misses.store(0, Ordering::Relaxed),
        }
    }

    async fn stream(
        &self,
        uri: &str,
        session: Option<Arc<str>>,
        last_event: Option<String>,
        custom: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Refused> {
        let mut headers = common(custom, session.as_deref())?;
        headers.insert(ACCEPT, STREAM);
        if let Some(last) = last_event.and_then(|id| HeaderValue::from_str(&id).ok()) {
            headers.insert(LAST_EVENT, last);
        }
        let ask = Ask {
            id: None,
            method: Method::GET,
            url: parsed(uri)?,
            headers,
            body: None,
            wait: Some(self.0.wait),
        };
        let response = self.send(ask).await;
        self.count_misses(&response);
        let response = response.map_err(Refused::Client)?;
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED {
            return Err(StreamableHttpError::AuthRequired(AuthRequiredError::new(
                answer::challenges(response.headers()),
            )));
        }
        if status == StatusCode::NOT_FOUND && session.is_some() {
            // The server forgot the session, and nobody but who watches something would
            // ask it anything soon.
            self.0.wire.watches().doubt_all();
        }
        if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
            return Err(StreamableHttpError::ServerDoesNotSupportSse);
        }
        if !status.is_success() {
            return Err(Refused::Client(answer::failed(status, &[])));
        }
        match answer::body_kind(&response) {
            Body::Events => {
                // Whatever was said since the last stream ended went nowhere.
                self.0.wire.watches().doubt_all();
                let wire = Arc::clone(&self.0.wire);
                Ok(events::messages(response, wire, None, None))
            }
            _ => Err(StreamableHttpError::ServerDoesNotSupportSse),
        }
    }
}

pub(super) fn parsed(uri: &str) -> Result<Url, Refused> {
    Url::parse(uri).map_err(|_| {
        let fault = crate::domain::Fault::internal("a checked URL could not be read again");
        Refused::Client(WireFault::new(fault, Reach::NotSent))
    })
}

pub(super) fn common(
    custom: HashMap<HeaderName, HeaderValue>,
    session: Option<&str>,
) -> Result<HeaderMap, Refused> {
    let mut headers: HeaderMap = custom.into_iter().collect();
    if let Some(session) = session {
        let value = HeaderValue::from_str(session)
            .map_err(|_| StreamableHttpError::UnexpectedServerResponse("session id".into()))?;
        headers.insert(SESSION, value);
    }
    Ok(headers)
}

impl StreamableHttpClient for Http {
    type Error = WireFault;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        _auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, Refused> {
        self.post(&uri, message, session_id, custom_headers).await
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        _auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), Refused> {
        let ask = Ask {
            id: None,
            method: Method::DELETE,
            url: parsed(&uri)?,
            headers: common(custom_headers, Some(&session_id))?,
            body: None,
            wait: Some(GOODBYE.min(self.0.wait)),
        };
        // Whatever comes back, the session is over for us.
        self.send(ask).await.map(drop).map_err(Refused::Client)
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        _auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, Refused> {
        self.stream(&uri, session_id, last_event_id, custom_headers)
            .await
    }
}
