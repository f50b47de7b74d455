//! The fence: what may import what, which crate is at home where, how long a file
//! may be, and which words stay out. Each check is a function over sources, shown
//! below to catch an offender, and then run on this repository.

mod crates;
mod keys;
mod ladder;
mod source;
mod words;

use self::source::{Source, repository};

/// Lines of a file, at most.
const LONGEST: usize = 500;

/// What a check found: file, line, and what is wrong.
type Offence = String;

/// File, word that may stand there all the same, and why.
type Exception = (&'static str, &'static str, &'static str);

/// Exceptions whose file or word is gone.
fn stale(exceptions: &[Exception], sources: &[Source]) -> Vec<Offence> {
    exceptions
        .iter()
        .filter(|(path, word, _)| {
            !sources
                .iter()
                .any(|source| source.path == *path && source.text.contains(word))
        })
        .map(|(path, word, _)| format!("{path}: needs no exception for {word}"))
        .collect()
}

fn refuse(offences: Vec<Offence>) {
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

fn too_long(sources: &[Source]) -> Vec<Offence> {
    sources
        .iter()
        .filter(|source| source.text.lines().count() > LONGEST)
        .map(|source| {
            let lines = source.text.lines().count();
            format!("{}: {lines} lines, at most {LONGEST}", source.path)
        })
        .collect()
}

#[test]
fn modules_import_downward() {
    refuse(ladder::offences(&repository(&["src"])));
}

#[test]
fn foreign_crates_stay_at_home() {
    refuse(crates::offences(&repository(&["src"])));
}

#[test]
fn words_stay_out() {
    refuse(words::offences(&repository(&["src"])));
}

#[test]
fn sentences_name_no_keys_of_their_own() {
    refuse(keys::offences(&repository(&["src"])));
}

#[test]
fn modules_are_named_for_what_they_own() {
    refuse(words::module_names(&repository(&[
        "src", "tests", "benches",
    ])));
}

#[test]
fn files_stay_short() {
    refuse(too_long(&repository(&[
        "src", "tests", "benches", "examples",
    ])));
}

#[test]
fn no_exception_outlives_its_need() {
    let sources = repository(&["src"]);
    for exceptions in [
        ladder::EXCEPTIONS,
        crates::EXCEPTIONS,
        words::EXCEPTIONS,
        keys::EXCEPTIONS,
    ] {
        refuse(stale(exceptions, &sources));
    }
    let file = Source::new("src/a.rs", "mod engine;");
    let exceptions = [("src/a.rs", "engine", ""), ("src/a.rs", "tui", "")];
    assert_eq!(
        stale(&exceptions, &[file]),
        ["src/a.rs: needs no exception for tui"]
    );
}

#[test]
fn a_long_file_is_caught() {
    let fits = Source::new("src/a.rs", &"x\n".repeat(LONGEST));
    let long = Source::new("src/b.rs", &"x\n".repeat(LONGEST + 1));
    assert_eq!(
        too_long(&[fits, long]),
        ["src/b.rs: 501 lines, at most 500"]
    );
}

#[test]
fn the_fence_sees_the_whole_tree() {
    let sources = repository(&["src"]);
    for path in ["src/lib.rs", "src/main.rs", "src/domain/fault.rs"] {
        assert!(sources.iter().any(|source| source.path == path), "{path}");
    }
}
