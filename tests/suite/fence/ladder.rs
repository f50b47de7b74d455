//! Which module may use which: only a lower rung, or itself.

use super::source::{Source, identifiers};
use super::{Exception, Offence};

/// From the lowest up. Modules of one rung do not use each other.
const RUNGS: &[&[&str]] = &[
    &["domain"],
    &["policy", "guard", "config", "protocol", "search"],
    &["store", "secrets", "mcp", "directory"],
    &["engine"],
    &["gateway"],
    &["link", "daemon", "practice"],
    &["tui", "cli"],
    &["demo"],
    &["main"],
];

/// File, module it may use all the same, and why.
pub const EXCEPTIONS: &[Exception] = &[];

fn rung(module: &str) -> Option<usize> {
    RUNGS.iter().position(|rung| rung.contains(&module))
}

/// Every use of a module on the same rung or above.
pub fn offences(sources: &[Source]) -> Vec<Offence> {
    sources.iter().flat_map(in_file).collect()
}

fn in_file(source: &Source) -> Vec<Offence> {
    let home = source.module()[0];
    if home == "lib" {
        return Vec::new(); // declares the modules and uses none
    }
    let Some(mine) = rung(home) else {
        return vec![format!(
            "{}: {home} is on no rung of the ladder",
            source.path
        )];
    };
    let mut offences = Vec::new();
    for (byte, used) in uses(source) {
        let excepted = EXCEPTIONS
            .iter()
            .any(|(path, module, _)| *path == source.path && *module == used);
        // What is on no rung is an item of the crate's root.
        let allowed = used == home || excepted || rung(used).is_none_or(|theirs| theirs < mine);
        if !allowed {
            offences.push(format!(
                "{}: {home} uses {used}, which is not below it",
                source.place(byte)
            ));
        }
    }
    offences
}

/// Modules at the crate's root that a file names: by `crate::`, by the crate's
/// name, or by `super::` as far as the root; one by one or in braces.
fn uses(source: &Source) -> Vec<(usize, &str)> {
    let code = source.code.as_str();
    let words = identifiers(code);
    let depth = source.module().len();
    let mut found = Vec::new();
    let mut supers = 0;
    for &(byte, word) in &words {
        let after = byte + word.len();
        let chained = code[..byte].trim_end().ends_with("::");
        if word != "super" {
            supers = 0;
        } else if chained {
            supers += 1;
        } else {
            supers = 1;
        }
        let root = match word {
            "crate" | "callboard" => !chained,
            "super" => supers >= depth,
            _ => false,
        };
        if let (true, Some(path)) = (root, code[after..].trim_start().strip_prefix("::")) {
            let start = code.len() - path.len();
            first_segments(code, start, &mut found);
        }
    }
    found
}

/// The first segment of a path, or of each path of a group in braces.
fn first_segments<'a>(code: &'a str, start: usize, found: &mut Vec<(usize, &'a str)>) {
    let path = code[start..].trim_start();
    let start = code.len() - path.len();
    if !path.starts_with('{') {
        found.extend(
            identifiers(path)
                .first()
                .filter(|(at, _)| *at == 0)
                .map(|(at, word)| (start + at, *word)),
        );
        return;
    }
    let (mut depth, mut expected) = (0, false);
    for (at, character) in path.char_indices() {
        match character {
            '{' => (depth, expected) = (depth + 1, depth == 0),
            '}' => depth -= 1,
            ',' => expected = depth == 1,
            _ if character.is_whitespace() => {}
            _ => {
                if expected {
                    first_segments(code, start + at, found);
                }
                expected = false;
            }
        }
        if depth == 0 {
            return;
        }
    }
}

#[test]
fn a_use_upward_or_sideways_is_caught() {
    let caught = |path: &str, text: &str| offences(&[Source::new(path, text)]).len();
    for (path, text, expected) in [
        ("src/store.rs", "use crate::domain::Fault;", 0),
        (
            "src/store/rows.rs",
            "use crate::store::Row; use super::Row;",
            0,
        ),
        ("src/store.rs", "use crate::engine::Board;", 1),
        (
            "src/store.rs",
            "use crate::{domain::{Fault, Id}, engine::Board, mcp};",
            2,
        ),
        ("src/store.rs", "fn f() { crate::secrets::open(); }", 1),
        ("src/store/rows.rs", "use super::super::tui::Screen;", 1),
        ("src/store.rs", "mod tests { use super::super::cli; }", 1),
        (
            "src/store.rs",
            "// crate::engine\nconst A: &str = \"crate::tui\";",
            0,
        ),
        ("src/guard.rs", "pub(crate) fn f() {} use crate::policy;", 1),
        ("src/domain/a.rs", "use crate::\n    guard::b;", 1),
        ("src/daemon.rs", "use crate::link;", 1),
        (
            "src/main.rs",
            "use callboard::{cli, tui}; use callboard::domain;",
            0,
        ),
        ("src/lib.rs", "pub mod cli;", 0),
        ("src/misc.rs", "", 1),
    ] {
        assert_eq!(caught(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn an_offence_names_its_place() {
    let source = Source::new("src/store.rs", "\n\nuse crate::engine;");
    assert_eq!(
        offences(&[source]),
        ["src/store.rs:3: store uses engine, which is not below it"]
    );
}
