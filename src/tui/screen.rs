//! The tabs: a folder for each, its state and what it does beside how it looks.

pub(super) mod activity;
pub(super) mod connectors;
pub(super) mod custom;
pub(super) mod directory;
pub(super) mod functions;
