//! Signs in by OAuth 2.1 as MCP 2026-07-28 has it (basic/authorization), with the
//! older servers of 2025-03-26 and later.
//!
//! [`sign_in`] runs the whole flow and ends in a [`SignInRecord`]; [`refresh()`] renews
//! one for everybody who uses it; [`revoke()`] takes it back. The pieces are plain
//! functions over plain data; only `ask` touches the network, and it judges every
//! address right before it is asked.

mod address;
mod answer;
mod ask;
mod authorize;
mod callback;
mod client;
mod device;
mod discover;
mod flow;
mod knock;
mod metadata;
mod options;
mod pkce;
mod record;
mod refresh;
mod registration;
mod request;
mod revoke;
mod said;
mod scopes;
mod token;
mod trail;

pub use callback::{USUAL_PATH, USUAL_PORTS};
pub use client::{Client, ClientAuth};
pub use flow::{Pasted, SignInFault, SignInRequest, sign_in, until_over};
pub use options::check as check_options;
pub use pkce::Verifier;
pub use record::SignInRecord;
pub use refresh::{RefreshFault, Refreshed, Shelf, refresh};
pub use revoke::{Revoked, revoke};
pub use scopes::{STEP_UP_LIMIT, StepUp, described, in_words};
pub use trail::SignInEvent;
