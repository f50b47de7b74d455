//! Server-sent events, bounded (WHATWG HTML, section 9.2).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream::BoxStream};
use rmcp::model::RequestId;
use serde_json::json;
use sse_stream::{Error as SseError, Sse, SseStream};

use super::wire::Wire;
use crate::domain::{Fault, FaultKind};

/// Largest single event, in bytes.
pub(super) const MAX_EVENT: usize = 16 * 1024 * 1024;
/// Most that one answer's stream may carry altogether, in bytes.
pub(super) const MAX_ANSWER_STREAM: u64 = 64 * 1024 * 1024;

/// The stream carried more than it may.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// A limit was passed.
    #[error("the stream carries more than it may")]
    TooMuch,
    /// The network failed.
    #[error(transparent)]
    Network(#[from] reqwest::Error),
}

/// Events of a response. `total` bounds the whole stream, in bytes.
pub(super) fn events(
    response: reqwest::Response,
    total: Option<u64>,
) -> (BoxStream<'static, Result<Sse, SseError>>, Arc<AtomicBool>) {
    let passed = Arc::new(AtomicBool::new(false));
    let bytes = bounded(response.bytes_stream(), total, Arc::clone(&passed));
    (SseStream::from_bytes_stream(bytes).boxed(), passed)
}

/// Events of the answer to one request or of a session's own stream, with what is
/// to be kept taken out. `own` is the request that waits for this stream.
pub(super) fn messages(
    response: reqwest::Response,
    wire: Arc<Wire>,
    own: Option<RequestId>,
    total: Option<u64>,
) -> BoxStream<'static, Result<Sse, SseError>> {
    let (events, passed) = events(response, total);
    events
        .map(move |event| match event {
            Ok(event) => Ok(absorbed(event, &wire, own.as_ref())),
            Err(error) => match &own {
                Some(id) if passed.load(Ordering::Relaxed) => Ok(spoiled(&wire, id, too_much())),
                _ => Err(error),
            },
        })
        .boxed()
}

fn absorbed(mut event: Sse, wire: &Wire, own: Option<&RequestId>) -> Sse {
    if !matches!(event.event.as_deref(), None | Some("" | "message")) {
        return event;
    }
    let Some(data) = event.data.as_deref().filter(|data| !data.is_empty()) else {
        return event;
    };
    match (wire.absorb(data.as_bytes()), own) {
        (Ok(message), _) if message.changed => event.data = Some(message.message.to_string()),
        (Ok(_), _) => {}
        // What looks like a message and cannot be read was the answer, as far as
        // anybody can tell; without this its caller would wait for ever.
        (Err(reason), Some(id)) if data.trim_start().starts_with('{') => {
            let told = spoiled(wire, id, unreadable(&reason));
            event.data = told.data;
        }
        (Err(_), _) => event.data = None,
    }
    event
}

/// Stands in for an answer that cannot be used.
fn spoiled(wire: &Wire, id: &RequestId, fault: Fault) -> Sse {
    wire.spoil(id, fault);
    let error = json!({
        "jsonrpc": "2.0",
        "id": id.clone().into_json_value(),
        "error": {"code": -32603, "message": "unusable answer"},
    });
    Sse::default().data(error.to_string())
}

/// The answer's JSON cannot be accepted.
pub(super) fn unreadable(reason: &str) -> Fault {
    Fault::new(
        FaultKind::Server,
        format!("the server's answer cannot be read: {reason}"),
    )
}

/// The answer is larger than anything is allowed to be.
pub(super) fn too_much() -> Fault {
    Fault::new(
        FaultKind::Server,
        format!(
            "the server's answer is larger than {} MiB and was not read",
            MAX_EVENT / (1024 * 1024)
        ),
    )
}

fn bounded<S>(
    stream: S,
    total: Option<u64>,
    passed: Arc<AtomicBool>,
) -> impl Stream<Item = Result<Bytes, Broken>>
where
    S: Stream<Item = reqwest::Result<Bytes>>,
{
    let mut meter = Meter::default();
    let mut seen = 0u64;
    stream.map(move |chunk| {
        let chunk = chunk?;
        seen = seen.saturating_add(chunk.len() as u64);
        meter.feed(&chunk);
        if meter.largest > MAX_EVENT || total.is_some_and(|most| seen > most) {
            passed.store(true, Ordering::Relaxed);
            return Err(Broken::TooMuch);
        }
        Ok(chunk)
    })
}

/// Measures events as their bytes go by.
#[derive(Default)]
struct Meter {
    event: usize,
    largest: usize,
    line: usize,
    after_return: bool,
}

impl Meter {
    /// Counts bytes; an empty line ends an event. CR, LF and CRLF end a line.
    fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let joined = *byte == b'\n' && self.after_return;
            self.after_return = *byte == b'\r';
            if joined {
                continue;
            }
            self.event += 1;
            self.largest = self.largest.max(self.event);
            if matches!(byte, b'\n' | b'\r') {
                if self.line == 0 {
                    self.event = 0;
                }
                self.line = 0;
            } else {
                self.line += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn largest(text: &str) -> usize {
        let mut meter = Meter::default();
        for byte in text.as_bytes() {
            meter.feed(&[*byte]);
        }
        meter.largest
    }

    #[test]
    fn an_event_ends_at_an_empty_line_whatever_ends_lines() {
        assert_eq!(largest("data: a\n\ndata: b\n\n"), 9);
        assert_eq!(largest("data: a\r\n\r\ndata: b\r\n\r\n"), 9);
        assert_eq!(largest("data: a\r\rdata: b\r\r"), 9);
    }

    #[test]
    fn an_event_without_end_grows() {
        assert_eq!(largest(&"data: x\n".repeat(100)), 800);
    }
}
