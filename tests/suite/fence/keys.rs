//! Keys that a sentence names: they can be bound to others, so only the tables of
//! actions and of keys name them.

use super::source::Source;
use super::{Exception, Offence};

/// File, key that may stand there all the same, and why.
pub const EXCEPTIONS: &[Exception] = &[
    ("src/tui/input/notation.rs", "Backspace", NOTATION),
    ("src/tui/input/notation.rs", "Enter", NOTATION),
    ("src/tui/input/notation.rs", "Esc", NOTATION),
    ("src/tui/input/notation.rs", "PgDn", NOTATION),
    ("src/tui/input/notation.rs", "PgUp", NOTATION),
    ("src/tui/input/notation.rs", "Tab", NOTATION),
    (
        "src/tui/action/places.rs",
        "Esc",
        "heads the tables of docs/keys.md, which have the keys of the table",
    ),
];

/// Why the notation has them.
const NOTATION: &str = "says how keys are written";

/// Every key in a string of the interface outside its tests.
pub fn offences(sources: &[Source]) -> Vec<Offence> {
    let mut offences = Vec::new();
    for source in sources {
        let path = source.path.as_str();
        if !path.starts_with("src/tui/") || path.ends_with("tests.rs") || path.contains("/tests/") {
            continue;
        }
        // Tests stand last in a file.
        let end = source.text.find("#[cfg(test)]\nmod ");
        for (byte, string) in source.strings() {
            if end.is_some_and(|end| byte > end) {
                break;
            }
            for word in words(string).filter(|word| is_key(word)) {
                let excepted = EXCEPTIONS
                    .iter()
                    .any(|(file, key, _)| *file == path && *key == word);
                if !excepted {
                    let place = source.place(byte);
                    offences.push(format!(
                        "{place}: {word}: let model.words put the key there"
                    ));
                }
            }
        }
    }
    offences
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'))
}

/// `Alt-j`, `Esc`, `F5`, as keys are written for people.
fn is_key(word: &str) -> bool {
    let held = ["Alt-", "Ctrl-", "Shift-"];
    let number = word
        .strip_prefix('F')
        .and_then(|rest| rest.parse::<u8>().ok());
    held.iter()
        .any(|held| word.len() > held.len() && word.starts_with(held))
        || matches!(
            word,
            "Enter" | "Esc" | "Tab" | "Backspace" | "PgUp" | "PgDn"
        )
        || number.is_some_and(|number| (1..=24).contains(&number))
}

#[test]
fn a_sentence_that_names_a_key_is_caught() {
    let of = |path, text| offences(&[Source::new(path, text)]);
    assert_eq!(
        of(
            "src/tui/a.rs",
            "// Alt-x\nsay(\"Alt-j shows JSON\");\nsay(\"F5, or Esc\");"
        ),
        [
            "src/tui/a.rs:2: Alt-j: let model.words put the key there",
            "src/tui/a.rs:3: F5: let model.words put the key there",
            "src/tui/a.rs:3: Esc: let model.words put the key there",
        ]
    );
    let raw = of("src/tui/a.rs", "r#\"an \"Enter\" more\"#");
    assert_eq!(raw.len(), 1, "{raw:?}");
    let fine = "say(\"{raw-view} shows JSON, Entered, F99, Alt-\"); // Esc\n\
                #[cfg(test)]\nmod tests { const A: &str = \"Esc\"; }";
    assert_eq!(of("src/tui/a.rs", fine), [""; 0]);
    assert_eq!(of("src/tui/a/tests.rs", "\"Esc\""), [""; 0]);
    assert_eq!(of("src/cli/a.rs", "\"Esc\""), [""; 0]);
}
