//! Foreign crates stay in the modules that exist to hide them.

use super::source::{Source, identifiers};
use super::{Exception, Offence};

/// Crates, and the top-level modules that may name them.
const HOMES: &[(&[&str], &[&str])] = &[
    (&["sqlx"], &["store"]),
    (
        &[
            "keyring_core",
            "zbus_secret_service_keyring_store",
            "apple_native_keyring_store",
            "argon2",
            "chacha20poly1305",
        ],
        &["secrets"],
    ),
    (
        &[
            "rmcp",
            "reqwest",
            "sse_stream",
            "rustls",
            "rustls_native_certs",
            "webpki_roots",
        ],
        &["mcp"],
    ),
    (&["axum"], &["daemon", "practice"]),
    (&["nix"], &["daemon"]),
    // In mcp: the listener that waits for a browser's answer, and the causes of
    // reqwest's errors.
    (&["hyper", "hyper_util"], &["link", "daemon", "mcp"]),
    (
        &[
            "ratatui",
            "crossterm",
            "tui_input",
            "vte",
            "image",
            "color_quant",
            "pulldown_cmark",
            "flate2",
            "qrcodegen",
        ],
        &["tui"],
    ),
    (&["clap", "clap_complete", "clap_mangen"], &["cli"]),
    (&["jsonschema", "similar", "iri_string"], &["guard"]),
    (&["nucleo_matcher"], &["search"]),
];

/// File, crate it may name all the same, and why.
pub const EXCEPTIONS: &[Exception] = &[(
    "src/guard/sanitise/tests/properties.rs",
    "vte",
    "a terminal's own parser is the judge of what the sanitiser lets through",
)];

/// Every mention of a crate away from its home.
pub fn offences(sources: &[Source]) -> Vec<Offence> {
    sources.iter().flat_map(in_file).collect()
}

fn in_file(source: &Source) -> Vec<Offence> {
    let here = source.module()[0];
    let mut offences = Vec::new();
    for (byte, word) in identifiers(&source.code) {
        let Some((_, homes)) = HOMES.iter().find(|(crates, _)| crates.contains(&word)) else {
            continue;
        };
        let excepted = EXCEPTIONS
            .iter()
            .any(|(path, name, _)| *path == source.path && *name == word);
        if is_crate(&source.code, byte, word) && !homes.contains(&here) && !excepted {
            let homes = homes.join(", ");
            offences.push(format!(
                "{}: {word} is at home in {homes}",
                source.place(byte)
            ));
        }
    }
    offences
}

/// Whether a word names a crate: it begins a path, or is imported whole.
fn is_crate(code: &str, byte: usize, word: &str) -> bool {
    let before = code[..byte].trim_end();
    let after = code[byte + word.len()..].trim_start();
    // `module::hyper` is something else; `::hyper` is the crate.
    let inside_path = before
        .strip_suffix("::")
        .is_some_and(|path| path.ends_with(|last: char| last == '_' || last.is_alphanumeric()));
    let imported = ["use", "crate", "{", ","]
        .iter()
        .any(|mark| before.ends_with(mark));
    let whole = after.starts_with(';') || after.starts_with("as ");
    !inside_path && (after.starts_with("::") || (imported && whole))
}

#[test]
fn a_crate_away_from_home_is_caught() {
    let caught = |path: &str, text: &str| offences(&[Source::new(path, text)]).len();
    for (path, text, expected) in [
        ("src/store.rs", "use sqlx::Row;", 0),
        ("src/engine.rs", "use sqlx::Row;", 1),
        (
            "src/engine.rs",
            "fn f(e: ::sqlx::Error, r: reqwest :: Error) {}",
            2,
        ),
        ("src/engine.rs", "use rmcp;", 1),
        ("src/engine.rs", "use rmcp as m;", 1),
        ("src/engine.rs", "extern crate rmcp;", 1),
        (
            "src/engine.rs",
            "//! rmcp::x\nfn rmcp() -> link::hyper::A {}",
            0,
        ),
        (
            "src/daemon/serve.rs",
            "use axum::Router; use hyper::body;",
            0,
        ),
        ("src/link.rs", "use axum::Router;", 1),
        ("src/link.rs", "use hyper_util::rt;", 0),
        ("src/cli/args.rs", "#[derive(clap::Parser)] struct A;", 0),
        ("src/main.rs", "use clap::Parser;", 1),
        ("src/tui/view.rs", "use ratatui::Frame; use vte::Parser;", 0),
        ("src/mcp/session.rs", "use jsonschema::Validator;", 1),
    ] {
        assert_eq!(caught(path, text), expected, "{path}: {text}");
    }
}
