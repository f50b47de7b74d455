//! The vault: secrets at rest.
