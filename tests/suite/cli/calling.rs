//! Permissions and calls.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::fake::{Behaviour, FakeServer};
use crate::support::shell::{Run, Shell};

fn connected() -> (FakeServer, Shell) {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    (server, shell)
}

#[test]
fn a_function_on_ask_runs_only_with_a_yes() {
    let (server, shell) = connected();
    let run = shell
        .run(&["call", "wiki", "echo", "text=hello"])
        .ended_with(4);
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    assert_eq!(server.count("tools/call"), 0);
    let run = shell
        .run(&["call", "wiki", "echo", "text=hello", "--yes"])
        .succeeded();
    assert_eq!(run.stdout, "hello\n");
    assert_eq!(server.count("tools/call"), 1);
}

#[test]
fn always_runs_and_block_never_does() {
    let (server, shell) = connected();
    let _ = shell.run(&["always", "wiki", "--reading"]).succeeded();
    let run = shell
        .run(&["call", "wiki", "add", "a=1", "b=2"])
        .succeeded();
    assert_eq!(run.stdout, "3\n");
    let _ = shell.run(&["block", "wiki", "--all"]).succeeded();
    let _ = shell
        .run(&["call", "wiki", "add", "a=1", "b=2", "--yes"])
        .ended_with(4);
    assert_eq!(server.count("tools/call"), 1);
}

#[test]
fn arguments_are_checked_before_anything_is_sent() {
    let (server, shell) = connected();
    for words in [
        &["a=1"][..],
        &["a=1", "b=two"],
        &["a=1", "b=2", "c=3"],
        &["--args", "{\"a\":1}"],
        &["--args", "{\"a\":1,\"a\":2,\"b\":3}"],
        &["--args", "[1]"],
        &["--args", "@/no/such/file"],
    ] {
        let words = [&["call", "wiki", "add", "--yes"], words].concat();
        let run = shell.run(&words).ended_with(2);
        assert!(!run.stderr.is_empty());
    }
    assert_eq!(server.count("tools/call"), 0);
    let words = ["call", "wiki", "add", "--yes", "--args", "-"];
    let run = shell.run_with(&words, "{\"a\":1,\"b\":2}").succeeded();
    assert_eq!(run.stdout, "3\n");
}

#[test]
fn a_function_that_fails_says_so_in_the_exit_code() {
    let (_server, shell) = connected();
    let run = shell.run(&["call", "wiki", "fail", "--yes"]).ended_with(1);
    assert_eq!(run.stdout, "it did not work\n");
    let run = shell
        .run(&["call", "wiki", "fail", "--yes", "--json"])
        .ended_with(1);
    assert_eq!(run.json()["isError"], json!(true));
}

#[test]
fn a_picture_goes_into_a_file_that_was_not_there() {
    let (server, shell) = connected();
    let run = shell.run(&["call", "wiki", "binary", "--yes"]).succeeded();
    assert!(run.stdout.starts_with("[image/png, "), "{}", run.stdout);
    let words = ["call", "wiki", "binary", "--yes", "--output", "pixel.png"];
    let _ = shell.run(&words).succeeded();
    let file = shell.home().join("pixel.png");
    assert!(fs::read(&file).unwrap().starts_with(b"\x89PNG"));
    let calls = server.count("tools/call");
    let _ = shell.run(&words).ended_with(2);
    assert_eq!(server.count("tools/call"), calls, "nothing was sent");
}

#[test]
fn ctrl_c_cancels_at_the_server() {
    let (server, shell) = connected();
    let child = shell.start(&["call", "wiki", "slow", "--yes"]);
    server.wait_for_blocking(|record| record.waiting > 0);
    let pid = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    let run = Run::of(child).ended_with(1);
    assert!(run.stderr.contains("cancelled"), "{}", run.stderr);
    server.wait_for_blocking(|record| record.waiting == 0);
}

#[test]
fn what_happened_is_in_the_journal() {
    let (_server, shell) = connected();
    let _ = shell
        .run(&["call", "wiki", "echo", "text=hello", "--yes"])
        .succeeded();
    let run = shell
        .run(&["log", "--json", "--connector", "wiki"])
        .succeeded();
    assert!(
        run.stdout.contains("\"function\":\"echo\""),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("hello"), "arguments are not kept");
    for line in run.stdout.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(entry["seq"].is_i64() && entry["at"].is_string());
    }
    let call: serde_json::Value = serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap();
    let seq = call["seq"].to_string();
    let whole = shell.json(&["log", "--whole", &seq]);
    assert_eq!(whole["arguments"], json!({ "text": "hello" }));
    assert_eq!(whole["result"]["content"][0]["text"], json!("hello"));
    let run = shell.run(&["log", "--whole", &seq]).succeeded();
    assert!(
        run.stdout
            .contains("sent:\n{\n  \"text\": \"hello\"\n}\ncame back:\n"),
        "{}",
        run.stdout
    );
    let run = shell.run(&["log", "--since", "yesterday"]).ended_with(2);
    assert!(run.stderr.contains("30m"), "{}", run.stderr);
}
