//! Reads an address that a person typed.
