//! What the tests run against.

pub mod authority;
pub mod board;
pub mod fake;
pub mod program;
pub mod proxy;
pub mod rude_face;
pub mod shell;
pub mod terminal;
