//! The way from a face to the board.

mod client;

pub use client::{Client, EventStream};
