//! Reading a body that may never end.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

/// Why a body was not read whole.
#[derive(Debug, thiserror::Error)]
pub(in crate::mcp) enum BodyFault {
    /// It is larger than the limit.
    #[error("the body is larger than its limit")]
    TooLarge,
    /// It did not end in time.
    #[error("the body did not end in time")]
    TooSlow,
    /// The connection broke.
    #[error("the connection broke in the middle of the body")]
    Broken(#[source] reqwest::Error),
}

/// Reads a body of at most `limit` bytes until `deadline`. Memory stays under the
/// limit and one chunk, whatever length the server claims.
pub(in crate::mcp) async fn bounded_body(
    mut response: reqwest::Response,
    limit: usize,
    deadline: Instant,
) -> Result<Bytes, BodyFault> {
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(BodyFault::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = next_chunk(&mut response, deadline).await? {
        if body.len() + chunk.len() > limit {
            return Err(BodyFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The next piece of a body, or `None` at its end.
pub(in crate::mcp) async fn next_chunk(
    response: &mut reqwest::Response,
    deadline: Instant,
) -> Result<Option<Bytes>, BodyFault> {
    // A server that always has another byte ready would never let a timer fire.
    if deadline.saturating_duration_since(Instant::now()) == Duration::ZERO {
        return Err(BodyFault::TooSlow);
    }
    match tokio::time::timeout_at(deadline, response.chunk()).await {
        Ok(chunk) => chunk.map_err(BodyFault::Broken),
        Err(_) => Err(BodyFault::TooSlow),
    }
}
