//! Programs that cargo builds beside the tests.

use std::path::PathBuf;

/// The practice server on standard input and output (`examples/stdio_server.rs`).
pub fn stdio_server() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop(); // the test binary
    path.pop(); // deps
    path.push("examples/stdio_server");
    assert!(
        path.exists(),
        "{} is missing: `cargo test` builds it, `cargo test --test all` needs \
         `cargo build --examples` first",
        path.display()
    );
    path
}
