//! callboard: a terminal board for MCP connectors.
//!
//! The **board** (the [`engine`] inside the [`daemon`]) owns connectors, secrets,
//! permissions and the journal, in a background process of its own. The **faces**
//! ([`tui`], [`cli`]) talk to it through [`link`], HTTP and server-sent events over
//! a private Unix socket, and decide nothing.
//!
//! Modules form a ladder; each may use those below it and none beside it, which
//! `tests/suite/fence.rs` checks:
//!
//! | rung | modules | what they own |
//! |---|---|---|
//! | 1 | [`domain`] | words |
//! | 2 | [`policy`], [`guard`], [`config`], [`protocol`], [`search`] | judgement; what crosses the link; ranking |
//! | 3 | [`store`], [`secrets`], [`mcp`], [`directory`] | the outside world |
//! | 4 | [`engine`] | the board |
//! | 5 | [`link`], [`daemon`], [`practice`] | crossing processes; servers to practise on |
//! | 6 | [`tui`], [`cli`] | faces |
//!
//! `docs/architecture.md` has the reasons.

pub mod cli;
pub mod config;
pub mod daemon;
pub mod directory;
pub mod domain;
pub mod engine;
pub mod guard;
pub mod link;
pub mod mcp;
pub mod policy;
pub mod practice;
pub mod protocol;
pub mod search;
pub mod secrets;
pub mod store;
pub mod tui;
