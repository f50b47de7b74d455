//! What went wrong, and what became of the request it happened to.

use std::error::Error;

use rmcp::{
    ServiceError,
    model::{ErrorCode, ErrorData, ProtocolVersion},
    service::ClientInitializeError,
    transport::{DynamicTransportError, streamable_http_client::StreamableHttpError},
};

use super::{answer, wire::Wire};
use crate::{
    domain::{Era, Fault, FaultKind, Untrusted},
    guard::sanitise,
};

/// How much of a server's words a fault quotes, in characters.
const QUOTE: usize = 300;
/// What a server of the newer family says to the older one's handshake.
pub(super) const ONLY_NEWER: &str =
    "the server answers to MCP 2026-07-28 alone, and not as it should";
/// What rmcp says of requests whose session ended under them.
const SESSION_REPLACED: &str = "streamable HTTP session was re-initialized";

/// How a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// Nothing was sent.
    NotSent(Fault),
    /// It was sent and the answer was lost: it may have run.
    Unknown(Fault),
    /// The server answered that it will not.
    Refused(Fault),
    /// It was taken back.
    Cancelled,
    /// The server wants a sign-in first.
    SignIn(Fault),
}

/// What became of a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// It never left.
    NotSent,
    /// It left; nobody knows more.
    Unknown,
    /// The server turned it down.
    Refused,
}

/// An error of our transports, carried through rmcp.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub(super) struct WireFault {
    pub(super) fault: Fault,
    pub(super) reach: Reach,
    /// Whether the server may merely speak the other protocol family.
    pub(super) other_era: bool,
    /// Whether the connection is over.
    pub(super) lost: bool,
    /// The code of the JSON-RPC error that the server answered with.
    pub(super) code: Option<ErrorCode>,
}

impl WireFault {
    pub(super) fn new(fault: Fault, reach: Reach) -> Self {
        // What broke one exchange leaves the others alone; a server that cannot be
        // reached at all is gone.
        let lost = fault.kind == FaultKind::Network && reach == Reach::NotSent;
        Self {
            fault,
            reach,
            other_era: false,
            lost,
            code: None,
        }
    }

    pub(super) fn other_era(mut self) -> Self {
        self.other_era = true;
        self
    }

    pub(super) fn lost(mut self) -> Self {
        self.lost = true;
        self
    }

    pub(super) fn into_call(self) -> CallFault {
        match self.reach {
            _ if self.fault.kind == FaultKind::SignIn => CallFault::SignIn(self.fault),
            Reach::NotSent => CallFault::NotSent(self.fault),
            Reach::Unknown => CallFault::Unknown(self.fault),
            Reach::Refused => CallFault::Refused(self.fault),
        }
    }
}

/// A JSON-RPC error in a person's words.
pub(super) fn from_rpc(error: &ErrorData) -> Fault {
    let words = Untrusted::from(error.message.as_ref());
    Fault::new(
        FaultKind::Server,
        format!(
            "the server answers with error {}: {}",
            error.code.0,
            sanitise::line(&words, QUOTE)
        ),
    )
}

/// The fault of a server that settles on a version nobody here knows.
pub(super) fn unknown_version(version: &str) -> Option<Fault> {
    let known = ProtocolVersion::KNOWN_VERSIONS
        .iter()
        .any(|known| known.as_str() == version);
    (!known).then(|| {
        let version = sanitise::line(&Untrusted::from(version), 40);
        Fault::new(
            FaultKind::NotMcp,
            format!("the server speaks protocol version {version}, which callboard does not know"),
        )
        .hint("look for a newer callboard")
    })
}

/// The connection ended, for the reason that was noted or for none.
pub(super) fn closed(wire: &Wire) -> Fault {
    wire.noted().unwrap_or_else(|| {
        Fault::new(FaultKind::Network, "the connection to the server ended").retryable()
    })
}

/// The session ended before a request was sent, for the reason that was said or noted.
pub(super) fn unsent(wire: &Wire) -> Fault {
    let mut fault = wire.hung_up().unwrap_or_else(|| closed(wire));
    fault.message = format!("the request was not sent: {}", fault.message);
    fault
}

/// What an error of a transport means.
fn from_transport(error: &DynamicTransportError, wire: &Wire) -> WireFault {
    let mut current: Option<&(dyn Error + 'static)> = Some(error.error.as_ref());
    while let Some(found) = current {
        if let Some(ours) = found.downcast_ref::<WireFault>() {
            return WireFault {
                fault: ours.fault.clone(),
                ..*ours
            };
        }
        if let Some(theirs) = found.downcast_ref::<StreamableHttpError<WireFault>>() {
            return from_http(theirs, wire);
        }
        current = found.source();
    }
    WireFault::new(closed(wire), Reach::Unknown).lost()
}

fn from_http(error: &StreamableHttpError<WireFault>, wire: &Wire) -> WireFault {
    let network = |words: &str| Fault::new(FaultKind::Network, words).retryable();
    match error {
        StreamableHttpError::Client(ours) => WireFault {
            fault: ours.fault.clone(),
            ..*ours
        },
        StreamableHttpError::AuthRequired(challenge) => {
            let fault = answer::sign_in(&challenge.www_authenticate_header, false);
            WireFault::new(fault, Reach::Refused)
        }
        StreamableHttpError::SessionExpired => {
            WireFault::new(network("the server ended the session"), Reach::NotSent)
        }
        StreamableHttpError::ReinitializationFailed(error) => {
            WireFault::new(from_rpc(error), Reach::NotSent).lost()
        }
        StreamableHttpError::SessionRecoveryTimeout => WireFault::new(
            network("the server ended the session and did not begin a new one in time"),
            Reach::Unknown,
        ),
        StreamableHttpError::Deserialize(_) => answer::unusable("it is not an MCP message"),
        _ => WireFault::new(closed(wire), Reach::Unknown).lost(),
    }
}

/// What an error of a request means.
pub(super) fn from_service(error: &ServiceError, wire: &Wire) -> WireFault {
    match error {
        ServiceError::McpError(error) if error.message.starts_with(SESSION_REPLACED) => {
            let fault = Fault::new(
                FaultKind::Network,
                "the server ended the session before it answered",
            );
            WireFault::new(fault, Reach::Unknown)
        }
        ServiceError::McpError(error) => WireFault {
            code: Some(error.code),
            ..WireFault::new(from_rpc(error), Reach::Refused)
        },
        ServiceError::TransportSend(error) => from_transport(error, wire),
        ServiceError::TransportClosed => {
            let fault = wire.noted().unwrap_or_else(|| {
                Fault::new(
                    FaultKind::Network,
                    "the connection broke before the answer came",
                )
                .retryable()
            });
            WireFault::new(fault, Reach::Unknown)
        }
        _ => WireFault::new(
            Fault::new(FaultKind::Server, "the server's answer makes no sense"),
            Reach::Unknown,
        ),
    }
}

/// Why one way to connect failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) fault: Fault,
    /// Whether the next way may work.
    pub(super) other_era: bool,
}

impl From<WireFault> for Failure {
    fn from(wire: WireFault) -> Self {
        Self {
            fault: wire.fault,
            other_era: wire.other_era,
        }
    }
}

/// What an error of the handshake means.
pub(super) fn from_handshake(error: &ClientInitializeError, era: Era, wire: &Wire) -> Failure {
    match error {
        ClientInitializeError::TransportError { error, .. } => from_transport(error, wire).into(),
        ClientInitializeError::JsonRpcError(error)
            if era == Era::Legacy && error.code == ErrorCode::UNSUPPORTED_PROTOCOL_VERSION =>
        {
            Failure {
                fault: Fault::new(FaultKind::NotMcp, ONLY_NEWER),
                other_era: true,
            }
        }
        ClientInitializeError::JsonRpcError(error) => Failure {
            // An unusable answer reaches rmcp as an error of our own.
            fault: wire.noted().unwrap_or_else(|| from_rpc(error)),
            // These three are only ever sent by servers that know the modern family.
            other_era: era == Era::Legacy
                || ![
                    ErrorCode::HEADER_MISMATCH,
                    ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY,
                    ErrorCode::UNSUPPORTED_PROTOCOL_VERSION,
                ]
                .contains(&error.code),
        },
        ClientInitializeError::NoCompatibleProtocolVersion {
            server_supported, ..
        } => {
            let versions: Vec<_> = server_supported.iter().map(|v| v.as_str()).collect();
            let words = Untrusted::from(versions.join(", "));
            Failure {
                fault: Fault::new(
                    FaultKind::NotMcp,
                    format!(
                        "the server speaks no protocol version that callboard knows; it names: {}",
                        sanitise::line(&words, QUOTE)
                    ),
                ),
                // A version in common is to be used, nothing else tried in its place.
                other_era: era == Era::Modern
                    && server_supported
                        .iter()
                        .any(|v| ProtocolVersion::KNOWN_VERSIONS.contains(v)),
            }
        }
        ClientInitializeError::ConnectionClosed(_) => {
            let noted = wire.noted();
            Failure {
                // Some programs end at any first request but `initialize`.
                other_era: noted.is_none() || era == Era::Modern,
                fault: noted.unwrap_or_else(|| closed(wire)),
            }
        }
        _ => Failure {
            fault: Fault::new(
                FaultKind::NotMcp,
                "the server's answer to the handshake makes no sense",
            ),
            other_era: true,
        },
    }
}
