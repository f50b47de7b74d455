//! The board process: one per home, found by its lock, reached by its socket.
//!
//! [`serve()`] takes the lock, opens the [`Engine`](crate::engine::Engine), listens,
//! and ends when it is told to, or when nothing needs it any more. It decides
//! nothing: each request goes to the engine as it came.

mod descriptors;
mod idle;
mod lock;
mod log;
mod routes;
mod serve;
mod socket;
mod stream;

pub use descriptors::close_inherited;
pub use serve::{ServeOptions, serve};
