//! Answers that come bit by bit: operations as JSON Lines, events as server-sent
//! events.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::engine::{Engine, Steps};
use crate::protocol::{Frame, Operation};

/// How many frames may wait for a slow face before the operation waits too.
const FRAMES_WAITING: usize = 64;

/// Runs an operation in a task of its own and sends its frames. When the face goes
/// away, or the board is to end, the token is cancelled; the operation then ends in
/// its own way.
pub(super) fn operation<O, F, Fut>(engine: &Engine, run: F) -> Response
where
    O: Operation,
    F: FnOnce(Steps<O::Step>, CancellationToken) -> Fut,
    Fut: Future<Output = Result<O::Answer, crate::domain::Fault>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel::<Bytes>(FRAMES_WAITING);
    // Whoever ends the board takes back what runs on it.
    let cancel = engine.stopping().child_token();
    let busy = engine.busy();
    let steps = steps::<O>(&sender);
    let running = run(steps, cancel.clone());
    tokio::spawn(async move {
        let frame = match running.await {
            Ok(answer) => line(&Frame::<O::Step, O::Answer>::Done(answer)),
            Err(fault) => line(&Frame::<O::Step, O::Answer>::Fault(fault)),
        };
        drop(busy);
        let _ = sender.send(frame).await;
    });
    let body = Frames {
        receiver,
        _cancel: cancel.drop_guard(),
    };
    let kind = (header::CONTENT_TYPE, "application/x-ndjson");
    ([kind], Body::from_stream(body)).into_response()
}

fn steps<O: Operation>(sender: &mpsc::Sender<Bytes>) -> Steps<O::Step> {
    let frame = |step| line(&Frame::<O::Step, O::Answer>::Step(step));
    let (telling, handing) = (sender.clone(), sender.clone());
    let hear = move |step: O::Step| {
        let may_be_missed = O::may_be_missed(&step);
        let told = telling.try_send(frame(step));
        // A face too slow to be told every step is told the next one.
        if let (Err(TrySendError::Full(line)), false) = (told, may_be_missed) {
            let sender = telling.clone();
            tokio::spawn(async move { sender.send(line).await });
        }
    };
    let take = move |step: O::Step| -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (sender, frame) = (handing.clone(), frame(step));
        Box::pin(async move {
            // All places are free once everything before was taken. A face that went
            // away takes nothing.
            if let Ok(mut places) = sender.reserve_many(FRAMES_WAITING).await
                && let Some(place) = places.next()
            {
                place.send(frame);
            }
        })
    };
    Steps::new(hear, take)
}

fn line<T: Serialize>(frame: &T) -> Bytes {
    let mut bytes = serde_json::to_vec(frame).unwrap_or_default();
    bytes.push(b'\n');
    Bytes::from(bytes)
}

/// The frames of one operation; dropped with the connection.
struct Frames {
    receiver: mpsc::Receiver<Bytes>,
    _cancel: DropGuard,
}

impl Stream for Frames {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_recv(cx).map(|frame| frame.map(Ok))
    }
}

/// The events after `after`, for as long as both sides want.
pub(super) fn events(engine: &Engine, after: Option<u64>) -> Response {
    let attached = engine.attach(after);
    let body = unfold(attached, |mut attached| async move {
        let event = attached.next().await?;
        let data = serde_json::to_string(&event).unwrap_or_default();
        let text = format!("id: {}\ndata:{data}\n\n", event.id);
        Some((Ok::<_, Infallible>(Bytes::from(text)), attached))
    });
    let kind = (header::CONTENT_TYPE, "text/event-stream");
    let cache = (header::CACHE_CONTROL, "no-store");
    ([kind, cache], Body::from_stream(body)).into_response()
}
