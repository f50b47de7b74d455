//! A fake authorization server with the MCP server that it protects, which can break
//! every rule of a sign-in on request.
//!
//! [`Authority::start`] opens both on one loopback port, in a thread of its own. It
//! keeps the rules by itself: a code is used once and only with its verifier, redirect
//! URL, resource and client; refresh tokens rotate, and one that comes twice ends the
//! whole family. [`Behaviour`] says what it does differently.
#![allow(dead_code, unused_imports)]

mod behaviour;
mod endpoints;
mod grants;
mod person;
mod server;

pub use behaviour::{Behaviour, Preset, Reply, Returns};
pub use person::{Page, browse, location_of};
pub use server::{Authority, Seen};
