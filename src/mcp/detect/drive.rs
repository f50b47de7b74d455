//! Sends what the detector asks for.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use jiff::Timestamp;
use sse_stream::SseStream;
use tokio::time::{Instant, timeout_at};

use super::probe::{Answer, Content, Effect, Probe, Response, Wants};
use super::reach::client_for;
use super::said;
use super::step::Detector;
use crate::domain::{ConnectionOptions, Detection, Evidence, Fault, FaultKind};
use crate::guard::address::read_address;
use crate::mcp::hide::Hidden;
use crate::mcp::network::{self, BodyFault, DOCUMENT_LIMIT, Network, bounded_body, next_chunk};

/// Longest time of one detection.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(60);

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct DetectRequest {
    /// The address as it was typed.
    pub url: String,
    /// CA, proxy and time-out to reach it with; whether plain http is allowed.
    pub options: ConnectionOptions,
}

/// Finds out what stands behind a URL. `on_evidence` is told each step as it
/// happens. Dropping the future ends it at once.
///
/// # Errors
/// - [`FaultKind::User`]: the address cannot be used, or leads elsewhere;
/// - [`FaultKind::Network`]: the server could not be reached;
/// - [`FaultKind::Server`]: it answered, with a failure of its own;
/// - [`FaultKind::NotMcp`]: it is not a working MCP server.
pub async fn detect(
    network: &Network,
    request: &DetectRequest,
    on_evidence: &mut (dyn FnMut(&Evidence) + Send),
) -> Result<Detection, Fault> {
    let url = read_address(&request.url, request.options.plain_http)?;
    let client = network.client(&request.options)?;
    let patience = request
        .options
        .timeout_seconds
        .map(|seconds| Duration::from_secs(seconds.into()));
    let end = Instant::now() + TOTAL_TIMEOUT;
    let hidden = Hidden::of_url(&url);
    let (mut detector, mut effect) = Detector::new(url.clone());
    let mut told = 0;
    loop {
        let probe = match effect {
            Effect::Done(result) => {
                return match *result {
                    Ok(mut found) => {
                        let hide = |one| hidden.evidence(one);
                        found.evidence = found.evidence.into_iter().map(hide).collect();
                        Ok(found)
                    }
                    Err(fault) => Err(hidden.fault(fault)),
                };
            }
            Effect::Send(probe) => probe,
        };
        let reach = client_for(network, &request.options, &client, &probe, &url);
        let answer = match timeout_at(end, reach).await {
            Ok(Ok(client)) => send(&client, *probe, patience, end).await,
            Ok(Err(fault)) => Answer::Failed(fault),
            Err(_) => Answer::Failed(no_answer(&probe)),
        };
        effect = detector.step(answer);
        for evidence in detector.evidence().iter().skip(told) {
            on_evidence(&hidden.evidence(evidence.clone()));
        }
        told = detector.evidence().len();
    }
}

/// Sends one probe, within its limits and before `end`. The operator's patience is
/// with the server, not with documents that somebody else may hold.
async fn send(
    client: &reqwest::Client,
    probe: Probe,
    patience: Option<Duration>,
    end: Instant,
) -> Answer {
    let start = Instant::now();
    let patience = patience.filter(|_| probe.wants != Wants::Document);
    let first_byte = end.min(start + patience.unwrap_or(probe.limits.first_byte));
    let total = end.min(start + patience.unwrap_or(probe.limits.total));
    let mut request = client.request(probe.method.clone(), probe.url.clone());
    for (name, value) in &probe.headers {
        request = request.header(*name, value);
    }
    if let Some(body) = &probe.body {
        request = request.body(body.clone());
    }
    let response = match timeout_at(first_byte, request.send()).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Answer::Failed(network::fault(&error, &probe.url)),
        Err(_) => return Answer::Failed(no_answer(&probe)),
    };
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let content = read(response, &probe, total).await;
    Answer::Response(Response {
        status,
        headers,
        content,
        at: Timestamp::now(),
    })
}

fn no_answer(probe: &Probe) -> Fault {
    let host = probe.url.host_str().unwrap_or_default();
    Fault::new(FaultKind::Network, format!("{host} did not answer in time"))
        .hint("try again, or give it longer with --timeout SECONDS")
        .retryable()
}

async fn read(response: reqwest::Response, probe: &Probe, until: Instant) -> Content {
    let of_type = |wanted: &str| {
        let value = response.headers().get("content-type");
        value.is_some_and(|value| {
            value
                .as_bytes()
                .get(..wanted.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(wanted.as_bytes()))
        })
    };
    let events = of_type("text/event-stream") && response.status().is_success();
    let of_page = of_type("text/html");
    match probe.wants {
        Wants::Status => Content::Document(Bytes::new()),
        Wants::Reply(id) if events => {
            event(response, probe, until, move |name, data| {
                name == "message" && said::answers(data, id)
            })
            .await
        }
        Wants::FirstEvent if events => event(response, probe, until, |_, _| true).await,
        // Metadata is never a stream, and a stream would be waited for in vain.
        Wants::Document if events => Content::Event {
            name: String::new(),
            data: String::new(),
        },
        _ if of_page => page(response, probe, until).await,
        _ => document(response, probe, until).await,
    }
}

async fn document(response: reqwest::Response, probe: &Probe, until: Instant) -> Content {
    match bounded_body(response, probe.limits.bytes, until).await {
        Ok(body) => Content::Document(body),
        Err(fault) => failed(fault, probe),
    }
}

/// The beginning of a page is enough to name it, however long it is.
async fn page(mut response: reqwest::Response, probe: &Probe, until: Instant) -> Content {
    let mut body = BytesMut::new();
    while body.len() < DOCUMENT_LIMIT {
        match next_chunk(&mut response, until).await {
            Ok(Some(chunk)) => {
                let room = DOCUMENT_LIMIT - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            }
            Ok(None) => break,
            Err(fault) if body.is_empty() => return failed(fault, probe),
            Err(_) => break,
        }
    }
    Content::Document(body.freeze())
}

/// Waits for the first event that is wanted.
async fn event(
    response: reqwest::Response,
    probe: &Probe,
    until: Instant,
    wanted: impl Fn(&str, &str) -> bool,
) -> Content {
    let limit = probe.limits.bytes;
    let mut read = 0_usize;
    // The limit is of bytes on the wire, so comments count too.
    let chunks = futures_util::stream::unfold(response, move |mut response| async move {
        let chunk = next_chunk(&mut response, until).await.transpose()?;
        Some((chunk, response))
    })
    .map(move |chunk| {
        let chunk = chunk?;
        read = read.saturating_add(chunk.len());
        if read > limit {
            Err(BodyFault::TooLarge)
        } else {
            Ok(chunk)
        }
    });
    let mut stream = std::pin::pin!(SseStream::from_bytes_stream(chunks));
    while let Some(next) = stream.next().await {
        let event = match next {
            Ok(event) => event,
            Err(sse_stream::Error::Body(error)) => {
                return match error.downcast::<BodyFault>() {
                    Ok(fault) => failed(*fault, probe),
                    Err(_) => Content::Unfinished,
                };
            }
            // What it sends is no event stream, whatever it calls it.
            Err(_) => return Content::Document(Bytes::from_static(b"?")),
        };
        let name = event.event.unwrap_or_else(|| "message".to_owned());
        let Some(data) = event.data else { continue };
        if wanted(&name, &data) {
            return Content::Event { name, data };
        }
    }
    Content::Document(Bytes::new())
}

fn failed(fault: BodyFault, probe: &Probe) -> Content {
    match fault {
        BodyFault::TooLarge => Content::TooLarge,
        BodyFault::TooSlow => Content::Unfinished,
        BodyFault::Broken(error) => Content::Cut(network::fault(&error, &probe.url)),
    }
}
