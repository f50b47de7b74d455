//! What the tests run against.

pub mod fake;
pub mod program;
pub mod proxy;
pub mod shell;
pub mod terminal;
