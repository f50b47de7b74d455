//! Finds out what stands behind a URL: transport, protocol version and how it
//! wants to be authenticated, without credentials and with a reason for each
//! conclusion.
//!
//! The judgement is a pure step ([`Detector`]); [`detect`] sends what it asks for.
//! At most [`REQUEST_LIMIT`] requests and [`TOTAL_TIMEOUT`] go into one detection,
//! and a session that a server opens for it is ended.

mod asked;
mod documents;
mod drive;
mod evidence;
mod metadata;
pub(super) mod places;
mod probe;
pub(super) mod reach;
mod said;
mod step;
#[cfg(test)]
mod tests;
mod verdict;

pub use drive::{DetectRequest, TOTAL_TIMEOUT, detect};
pub use probe::{
    Answer, Content, Effect, LEGACY_VERSIONS, Limits, MODERN_VERSION, Probe, REDIRECT_LIMIT,
    REQUEST_LIMIT, Response, Wants,
};
pub use step::Detector;
