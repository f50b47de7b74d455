//! What the tests run against.

pub mod authority;
pub mod board;
#[allow(dead_code, reason = "shared with the tests of real servers")]
pub mod browser;
pub mod face;
pub mod fake;
pub mod program;
pub mod proxy;
pub mod rude_face;
pub mod shell;
pub mod sign_in;
pub mod terminal;
