//! Where everything is, and the settings in force.

mod paths;
mod settings;

pub use paths::{Environment, Home};
pub use settings::{KEYS, Key, KeyKind, Setting, Settings, Source, reference, set};
