//! MCP as a client: the only home of rmcp and reqwest.
//!
//! Above this module no type of theirs exists: definitions and results cross as
//! raw JSON, text from a server as [`crate::domain::Untrusted`], and everything
//! that goes wrong as a [`crate::domain::Fault`].

pub mod challenge;
pub mod detect;
mod hide;
pub mod network;
pub mod oauth;
pub mod session;
