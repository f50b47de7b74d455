//! Definitions that nobody has read: no command accepts them in passing.

use serde_json::{Value, json};

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::Shell;

fn reads(name: &str, words: &str) -> Function {
    Function::new(name, words).with("annotations", json!({ "readOnlyHint": true }))
}

/// A connector of which `one` changed and `three` is new.
fn changed() -> (FakeServer, Shell) {
    let before = vec![reads("one", "As it was"), reads("two", "Steady")];
    let server = FakeServer::start(Behaviour::modern().functions(before));
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    server.set_functions_silently(vec![
        reads("one", "As it is"),
        reads("two", "Steady"),
        reads("three", "Fresh"),
    ]);
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    (server, shell)
}

fn standing(shell: &Shell) -> Vec<String> {
    let functions = shell.json(&["functions", "wiki"]);
    let word = |function: &Value, key: &str| function[key].as_str().unwrap().to_owned();
    let functions = functions.as_array().unwrap().iter();
    functions
        .map(|it| [word(it, "name"), word(it, "permission"), word(it, "state")].join(" "))
        .collect()
}

const UNTOUCHED: [&str; 3] = ["one ask changed", "two ask accepted", "three ask new"];

#[test]
fn a_changed_function_is_not_accepted_where_nobody_can_read_it() {
    let (_server, shell) = changed();
    for command in ["always", "ask"] {
        let run = shell.run(&[command, "wiki", "one"]).ended_with(4);
        assert!(
            run.stderr.contains("`callboard function wiki one`"),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("--accept-changed"), "{}", run.stderr);
        let run = shell
            .run(&[command, "wiki", "three", "--json"])
            .ended_with(4);
        assert_eq!(run.json()["error"]["kind"], json!("denied"));
    }
    assert_eq!(standing(&shell), UNTOUCHED);

    let _ = shell
        .run(&["always", "wiki", "one", "--accept-changed"])
        .succeeded();
    let _ = shell.run(&["block", "wiki", "three"]).succeeded();
    let now = standing(&shell);
    assert_eq!(now[0], "one always accepted");
    assert!(now[2].starts_with("three block"), "{now:?}");
}

#[test]
fn what_nobody_has_read_is_left_out_of_several_and_named() {
    let (_server, shell) = changed();
    let run = shell.run(&["always", "wiki", "--reading"]).succeeded();
    assert_eq!(run.stdout, "two: always\n");
    assert!(run.stderr.contains("one: left out"), "{}", run.stderr);
    assert!(run.stderr.contains("three: left out"), "{}", run.stderr);
    let now = ["one ask changed", "two always accepted", "three ask new"];
    assert_eq!(standing(&shell), now);

    // Who names a function is told by the exit code too that it was not done.
    let run = shell
        .run(&["ask", "wiki", "one", "two", "--json"])
        .ended_with(4);
    assert_eq!(run.json()["functions"], json!(["two"]));
    assert_eq!(run.json()["left_out"], json!(["one"]));
    let _ = shell.run(&["undo"]).succeeded();
    assert_eq!(standing(&shell), now);

    let run = shell
        .run(&["always", "wiki", "--all", "--accept-changed"])
        .succeeded();
    assert_eq!(run.stdout, "one: always\ntwo: always\nthree: always\n");
}

#[test]
fn a_function_is_shown_with_what_changed() {
    let (_server, shell) = changed();
    let run = shell.run(&["function", "wiki", "one"]).succeeded();
    let diff = "  \"description\"\n    - │ As it was\n              ^^^\n    + │ As it is\n";
    assert!(run.stdout.contains(diff), "{}", run.stdout);
    let run = shell.run(&["function", "wiki", "two"]).succeeded();
    assert!(!run.stdout.contains("what changed"), "{}", run.stdout);
}
