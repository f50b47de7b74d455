//! The way from a face to the board: HTTP/1.1 with JSON over a private Unix
//! socket, and one stream of server-sent events.
//!
//! A face finds the board by its lock ([`find()`]), starts one where none runs, and
//! speaks to it through [`Client`]. Nothing here decides anything.

mod client;
mod events;
mod find;
mod start;
mod stop;

pub use client::Client;
pub use events::EventStream;
pub use find::{Found, find};
pub use start::BACKGROUND_FLAG;
pub use stop::{Stopped, stop};
