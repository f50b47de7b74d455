//! Where everything is, and the settings in force.

mod authorities;
mod paths;
mod settings;

pub use authorities::read_authorities;
pub use paths::{Environment, Home};
pub use settings::{
    BoundKey, KEYS, Key, KeyKind, Rebinding, Setting, Settings, Source, Spot, reference, set,
};
