//! The board as people meet it: the release binary in a process of its own, fake
//! servers on loopback, and what that takes in time and memory.
//!
//! It measures and judges nothing; `docs/benchmarks.md` keeps what was seen. It
//! ends early only where a number would mean nothing.
//!
//! `cargo bench --bench board` runs all of it, `cargo bench --bench board -- memory`
//! one part.
#![allow(unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing, clippy::print_stdout)]

mod connecting;
mod latency;
mod process;
mod running;
mod servers;
mod spread;

#[path = "../../tests/support/fake.rs"]
mod fake;
#[path = "../../tests/support/shell.rs"]
mod shell;

/// A part: its name, and what runs it.
const PARTS: &[(&str, fn())] = &[
    ("size", size),
    ("memory", connecting::memory),
    ("connecting", connecting::connecting),
    ("list", latency::list),
    ("call", latency::call),
];

fn main() {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    for (name, part) in PARTS {
        if chosen.is_empty() || chosen.iter().any(|word| name.contains(word.as_str())) {
            println!("\n== {name}");
            part();
        }
    }
}

fn size() {
    let meta = std::fs::metadata(env!("CARGO_BIN_EXE_callboard")).unwrap();
    row("release binary, stripped", &mebibytes(meta.len()));
}

fn row(what: &str, seen: &str) {
    println!("{what:<58} {seen}");
}

#[allow(clippy::cast_precision_loss)]
fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
