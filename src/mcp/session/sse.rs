//! HTTP+SSE of 2024-11-05: one stream brings every message, each of ours is a POST
//! to the address that the stream names first. Deprecated, and still common.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::BoxStream};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use rmcp::{
    RoleClient,
    model::{ClientJsonRpcMessage, ServerJsonRpcMessage},
    transport::Transport,
};
use sse_stream::{Error as SseError, Sse};
use tokio::{sync::mpsc, task::JoinHandle};
use url::Url;

use super::{
    answer::{self, Body},
    events::{self, unreadable},
    fault::{Reach, WireFault, closed},
    http::{Ask, Http},
    request::may_take_long,
    wire::{self, Wire},
};
use crate::{
    domain::{Fault, FaultKind, Untrusted},
    guard::sanitise,
};

/// How long the stream may take to name the address for messages.
const FIRST_EVENT: Duration = Duration::from_secs(10);
/// How long taking in a call may take; the call itself is watched elsewhere.
const LONG: Duration = Duration::from_secs(3600);
/// Messages that wait for rmcp.
const BUFFER: usize = 64;

type Events = BoxStream<'static, Result<Sse, SseError>>;

/// A connection.
pub(super) struct SseTransport {
    http: Http,
    endpoint: Url,
    incoming: mpsc::Receiver<ServerJsonRpcMessage>,
    reader: JoinHandle<()>,
}

impl SseTransport {
    /// Opens the stream and waits for the address.
    pub(super) async fn connect(http: Http, url: &Url) -> Result<Self, WireFault> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        let ask = Ask {
            id: None,
            method: Method::GET,
            url: url.clone(),
            headers,
            body: None,
            wait: Some(http.wait()),
        };
        let response = http.send(ask).await?;
        if let Some(refusal) = answer::refusal(&response, http.has_credentials()) {
            return Err(refusal);
        }
        if !response.status().is_success() {
            return Err(answer::failed(response.status(), &[]));
        }
        let from = response.url().clone();
        let mut stream = match answer::body_kind(&response) {
            Body::Events => events::events(response, None).0,
            Body::Json => return Err(answer::unusable("a stream was expected")),
            other => return Err(answer::wrong_type(&other)),
        };
        let endpoint = match tokio::time::timeout(FIRST_EVENT, first_address(&mut stream)).await {
            Ok(Some(address)) => post_address(&from, &address)?,
            _ => {
                let words = "the server opens a stream and does not say where to send messages";
                let fault = Fault::new(FaultKind::NotMcp, words);
                return Err(WireFault::new(fault, Reach::Refused).other_era());
            }
        };
        let (tell, incoming) = mpsc::channel(BUFFER);
        let reader = tokio::spawn(read(stream, Arc::clone(http.wire()), tell));
        Ok(Self {
            http,
            endpoint,
            incoming,
            reader,
        })
    }
}

async fn first_address(stream: &mut Events) -> Option<String> {
    loop {
        let event = stream.next().await?.ok()?;
        match (event.event.as_deref(), event.data) {
            (Some("endpoint"), Some(data)) => return Some(data),
            // Comments and pings may come first, messages may not.
            (None | Some("message"), Some(_)) => return None,
            _ => {}
        }
    }
}

/// Resolves the address; messages and what they carry stay on the origin.
fn post_address(from: &Url, address: &str) -> Result<Url, WireFault> {
    let refuse =
        |message: String| WireFault::new(Fault::new(FaultKind::NotMcp, message), Reach::Refused);
    let url = from
        .join(address.trim())
        .map_err(|_| refuse("the server names no usable address for messages".to_owned()))?;
    if url.origin() != from.origin() {
        let place = Untrusted::from(url.origin().ascii_serialization());
        return Err(refuse(format!(
            "the server wants messages sent elsewhere, to {}",
            sanitise::line(&place, 200)
        )));
    }
    Ok(url)
}

async fn read(mut stream: Events, wire: Arc<Wire>, tell: mpsc::Sender<ServerJsonRpcMessage>) {
    while let Some(Ok(event)) = stream.next().await {
        if !matches!(event.event.as_deref(), None | Some("" | "message")) {
            continue;
        }
        let Some(data) = event.data.filter(|data| !data.is_empty()) else {
            continue;
        };
        let message = match wire
            .absorb(data.as_bytes())
            .and_then(|a| wire::typed(a.message))
        {
            Ok(message) => Some(message),
            Err(reason) => wire.rescue(data.as_bytes(), unreadable(&reason)),
        };
        if let Some(message) = message
            && tell.send(message).await.is_err()
        {
            return;
        }
    }
    let fault = Fault::new(
        FaultKind::Network,
        "the server ended the stream of messages",
    );
    wire.note(fault.retryable());
}

fn is_long(message: &ClientJsonRpcMessage) -> bool {
    match message {
        ClientJsonRpcMessage::Request(request) => may_take_long(&request.request),
        _ => false,
    }
}

impl Transport<RoleClient> for SseTransport {
    type Error = WireFault;

    fn send(
        &mut self,
        item: ClientJsonRpcMessage,
    ) -> impl Future<Output = Result<(), WireFault>> + Send + 'static {
        let http = self.http.clone();
        let url = self.endpoint.clone();
        let over = self.reader.is_finished();
        async move {
            if over {
                return Err(WireFault::new(closed(http.wire()), Reach::NotSent).lost());
            }
            http.wire().expect(&item);
            // Some servers take a message in only after they have dealt with it.
            let wait = if is_long(&item) { LONG } else { http.wait() };
            let body = serde_json::to_vec(&item).map_err(|_| {
                let fault = Fault::internal("a message could not be written");
                WireFault::new(fault, Reach::NotSent)
            })?;
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let ask = Ask {
                id: wire::id_of_request(&item),
                method: Method::POST,
                url,
                headers,
                body: Some(body.into()),
                wait: Some(wait),
            };
            let response = http.send(ask).await?;
            let status = response.status();
            if let Some(refusal) = answer::refusal(&response, http.has_credentials()) {
                return Err(refusal);
            }
            match status {
                _ if status.is_success() => Ok(()),
                StatusCode::NOT_FOUND | StatusCode::GONE => Err(answer::failed(status, &[]).lost()),
                _ => Err(answer::failed(status, &[])),
            }
        }
    }

    async fn receive(&mut self) -> Option<ServerJsonRpcMessage> {
        self.incoming.recv().await
    }

    async fn close(&mut self) -> Result<(), WireFault> {
        self.reader.abort();
        Ok(())
    }
}

impl Drop for SseTransport {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stay_on_the_origin() {
        let from = Url::parse("https://x.example/sse").unwrap();
        let to = |address| post_address(&from, address).map(|url| url.to_string());
        assert_eq!(
            to("/messages?id=1").unwrap(),
            "https://x.example/messages?id=1"
        );
        assert_eq!(to("https://x.example/m").unwrap(), "https://x.example/m");
        for elsewhere in [
            "https://y.example/m",
            "http://x.example/m",
            "//y.example/m",
            "file:///m",
        ] {
            assert!(to(elsewhere).is_err(), "{elsewhere}");
        }
    }
}
