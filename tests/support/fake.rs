//! Fake MCP servers that behave, or misbehave, on request.
//!
//! [`FakeServer::start`] opens one on a loopback port, in a thread and runtime of
//! its own, so that a test may be async or may block on a child process. It speaks
//! MCP by hand-written JSON over hand-written HTTP: what goes over the wire is
//! what a test asked for, byte by byte. Dropped, it is gone.
//!
//! Benches include this file with `#[path]`; hence the explicit paths below.
#![allow(dead_code, unused_imports, unreachable_pub, missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::string_slice)]

#[path = "fake/asks.rs"]
mod asks;
#[path = "fake/auth.rs"]
mod auth;
#[path = "fake/behaviour.rs"]
mod behaviour;
#[path = "fake/conversation.rs"]
mod conversation;
#[path = "fake/function.rs"]
mod function;
#[path = "fake/legacy.rs"]
mod legacy;
#[path = "fake/misbehaviour.rs"]
mod misbehaviour;
#[path = "fake/modern.rs"]
mod modern;
#[path = "fake/oddities.rs"]
mod oddities;
#[path = "fake/offers.rs"]
mod offers;
#[path = "fake/record.rs"]
mod record;
#[path = "fake/rude.rs"]
mod rude;
#[path = "fake/server.rs"]
mod server;
#[path = "fake/shared.rs"]
mod shared;
#[path = "fake/tls.rs"]
mod tls;
#[path = "fake/wire.rs"]
mod wire;

pub use asks::{Ask, FLOOD};
pub use behaviour::{Answers, Auth, Behaviour, Era, Tls, Wire};
pub use function::{Act, Function};
pub use misbehaviour::{Misbehaviour, Phase};
pub use offers::{Holds, Offers, Resource};
pub use record::{Record, Request};
pub use server::FakeServer;
pub use tls::authority_pem;
