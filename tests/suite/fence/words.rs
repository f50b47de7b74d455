//! Words that stay out: `tool` of what is not MCP, and names that name nothing.

use super::source::{Source, identifiers};
use super::{Exception, Offence};

/// Modules that speak MCP, where a function is a tool.
const MCP: &[&str] = &["mcp", "gateway", "practice"];

/// File, identifier that may stand there all the same, and why.
pub const EXCEPTIONS: &[Exception] = &[
    (
        "src/domain/function.rs",
        "ToolAnnotations",
        "names the type of the specification that it stands for",
    ),
    (
        "src/guard/definition.rs",
        "Tool",
        "names the type of the specification that it reads",
    ),
];

/// Names that say nothing about what a module owns.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "manager"];

/// Every `tool` outside `mcp` and `gateway`: in code, comments and strings.
pub fn offences(sources: &[Source]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for source in sources {
        if MCP.contains(&source.module()[0]) {
            continue;
        }
        for (byte, identifier) in identifiers(&source.text) {
            let excepted = EXCEPTIONS
                .iter()
                .any(|(path, word, _)| *path == source.path && *word == identifier);
            if !excepted && parts(identifier).any(|part| part == "tool" || part == "tools") {
                let place = source.place(byte);
                offences.push(format!("{place}: {identifier}: say function"));
            }
        }
    }
    offences
}

/// The words of an identifier, in lower case: `callTool` and `CALL_TOOL` alike.
fn parts(identifier: &str) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut before = '_';
    for character in identifier.chars() {
        if character == '_' || (character.is_uppercase() && before.is_lowercase()) {
            parts.push(String::new());
        }
        if character != '_' {
            parts
                .last_mut()
                .unwrap()
                .push(character.to_ascii_lowercase());
        }
        before = character;
    }
    parts.into_iter()
}

/// Every file, folder and inline module with an empty name.
pub fn module_names(sources: &[Source]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for source in sources {
        for name in source.path.trim_end_matches(".rs").split('/') {
            if EMPTY_NAMES.contains(&name) {
                offences.push(format!("{}: {name} names nothing", source.path));
            }
        }
        for pair in identifiers(&source.code).windows(2) {
            if let [(_, "mod"), (byte, name)] = pair
                && EMPTY_NAMES.contains(name)
            {
                offences.push(format!("{}: {name} names nothing", source.place(*byte)));
            }
        }
    }
    offences
}

#[test]
fn the_word_is_caught_wherever_it_stands() {
    let caught = |path: &str, text: &str| offences(&[Source::new(path, text)]).len();
    for (path, text, expected) in [
        ("src/engine.rs", "fn call_tool() {}", 1),
        ("src/engine.rs", "struct ToolCall; enum E { CallTool }", 2),
        (
            "src/engine.rs",
            "// a tool\nconst A: &str = \"tools/call\";",
            2,
        ),
        ("src/engine.rs", "const TOOL_LIMIT: u8 = 1;", 1),
        ("src/engine.rs", "// toolchain, tooltip, stool, Tooling", 0),
        ("src/mcp/session.rs", "fn call_tool() {}", 0),
        ("src/gateway.rs", "fn call_tool() {}", 0),
        ("src/domain/function.rs", "/// MCP `ToolAnnotations`", 0),
        ("src/domain/function.rs", "/// A tool", 1),
    ] {
        assert_eq!(caught(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn an_empty_name_is_caught() {
    let caught = |path: &str, text: &str| module_names(&[Source::new(path, text)]).len();
    assert_eq!(caught("src/store/helpers.rs", ""), 1);
    assert_eq!(caught("src/utils/text.rs", ""), 1);
    assert_eq!(caught("src/store.rs", "mod common { }"), 1);
    assert_eq!(
        caught("src/store.rs", "// mod utils\nmod rows; fn common() {}"),
        0
    );
}
