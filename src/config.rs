//! Where everything is, and the settings in force.

mod paths;

pub use paths::{Environment, Home};
