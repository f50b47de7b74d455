//! Judgement of what comes from outside, as pure functions.

pub mod address;
pub mod arguments;
pub mod definition;
pub mod diff;
pub mod json;
pub mod lookalike;
pub mod question;
pub mod sanitise;
pub mod template;
