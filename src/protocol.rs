//! What crosses the link.
