//! MCP servers that others wrote, used through callboard's own command line.
//!
//! `.ci/real-servers cargo test --locked --test real -- --ignored` starts the
//! servers, runs these and stops the servers again. Without them the tests are
//! passed over; asked for all the same, they fail.
#![allow(unreachable_pub)]
// Helpers of tests are outside `#[test]`, where the lints do not spare them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing)]

#[path = "real/asking.rs"]
mod asking;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "support/browser.rs"]
mod browser;
#[path = "real/by_command.rs"]
mod by_command;
#[path = "real/calling.rs"]
mod calling;
#[path = "real/connecting.rs"]
mod connecting;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "support/face.rs"]
mod face;
#[path = "real/failing.rs"]
mod failing;
#[path = "real/keeping.rs"]
mod keeping;
#[path = "real/offering.rs"]
mod offering;
#[path = "real/own.rs"]
mod own;
#[path = "real/servers.rs"]
mod servers;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "support/shell.rs"]
mod shell;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "support/sign_in.rs"]
mod sign_in;
#[path = "real/signing_in.rs"]
mod signing_in;
#[path = "real/terminal.rs"]
mod terminal;
