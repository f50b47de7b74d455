//! Pieces that several screens are made of.

pub(super) mod amount;
pub(super) mod cursor;
pub(super) mod editor;
pub(super) mod field;
pub(super) mod flow;
pub(super) mod progress;
pub(super) mod qr;
pub(super) mod rows;
pub(super) mod server;
pub(super) mod spark;
pub(super) mod stages;
