//! How one connector is reached, where it differs from the usual.

use serde::{Deserialize, Serialize};

/// Shortest and longest time-out that may be set, in seconds.
pub const TIMEOUT_RANGE: std::ops::RangeInclusive<u32> = 1..=3600;

/// Per-connector settings of the network. `None` everywhere is the usual case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectionOptions {
    /// PEM text of certificate authorities trusted for this connector, besides
    /// the system's.
    pub ca_pem: Option<String>,
    /// Proxy for this connector; overrides the environment's.
    pub proxy: Option<String>,
    /// Seconds a request may take before its first byte, and a call between two
    /// signs of life. `None`: 30 s to connect and list, 5 min for a call.
    pub timeout_seconds: Option<u32>,
    /// Plain http to another machine was allowed by the operator. Never carries a
    /// secret, and is warned of for as long as it stands.
    pub plain_http: bool,
}
