//! A server that goes away and comes back, the same or another.

use serde_json::json;

use crate::keeping::calls;
use crate::own::{OwnServer, until};
use crate::shell::Shell;
use crate::terminal::Terminal;

fn connected() -> (OwnServer, Shell) {
    let server = OwnServer::start();
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "own", &server.url(), "--trust"])
        .succeeded();
    let _ = shell.run(&["always", "own", "--all"]).succeeded();
    (server, shell)
}

fn until_status(shell: &Shell, status: &str) {
    until(status, || {
        let shown = shell.json(&["show", "own"]);
        (shown["status"] == json!(status)).then_some(())
    });
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_server_that_was_killed_is_named_and_comes_back_by_itself() {
    let (mut server, shell) = connected();
    server.kill();
    let run = shell
        .run(&["call", "own", "echo", "text=hello"])
        .ended_with(1);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    assert!(run.stderr.contains("refused"), "{}", run.stderr);
    assert!(!run.stderr.contains("Error("), "words: {}", run.stderr);
    until_status(&shell, "failed");
    let shown = shell.json(&["show", "own"]);
    assert_eq!(shown["fault"]["kind"], json!("network"), "{shown}");
    assert!(shown["retry_at"].is_string(), "{shown}");
    assert_eq!(shown["functions"]["total"], json!(7), "still known");
    assert_eq!(shell.json(&["status"])["connectors"]["failed"], json!(1));

    server.restart();
    until_status(&shell, "connected");
    let run = shell
        .run(&["call", "own", "echo", "text=hello"])
        .succeeded();
    assert_eq!(run.stdout, "hello\n");
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_call_whose_server_dies_is_of_unknown_fate_and_not_sent_again() {
    let (mut server, shell) = connected();
    let call = ["call", "own", "slow", "steps=600", "pause_ms=100"];
    let mut terminal = Terminal::start(&shell, &call);
    terminal.read_until("step 1 of 600");
    server.kill();
    let (code, said) = terminal.end();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("may have run"), "{said}");
    server.restart();
    until_status(&shell, "connected");
    assert_eq!(calls(&shell, "own"), 1);
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_function_that_comes_back_changed_does_not_run_until_somebody_looks() {
    let (mut server, shell) = connected();
    server.kill();
    server.rewrite("Adds two numbers.", "Adds two numbers, and tells a friend.");
    server.rewrite("def slow(", "def slower(");
    server.restart();
    let run = shell.run(&["refresh", "own", "--json"]).succeeded();
    assert_eq!(run.json()["status"], json!("changed"));
    assert_eq!(
        run.json()["functions"]["changed"],
        json!(2),
        "one differs, one is new"
    );
    assert_eq!(run.json()["functions"]["total"], json!(7));

    let echo = ["call", "own", "echo", "text=hello"];
    let add = ["call", "own", "add", "a=1", "b=2"];
    assert_eq!(shell.run(&echo).succeeded().stdout, "hello\n");
    let _ = shell.run(&add).ended_with(4);
    let _ = shell.run(&[&add[..], &["--yes"]].concat()).ended_with(4);
    let _ = shell.run(&["call", "own", "slower"]).ended_with(4);
    let _ = shell.run(&["call", "own", "slow"]).ended_with(5);
    let shown = shell.json(&["function", "own", "add"]);
    assert_eq!(shown["state"], json!("changed"));
    assert_eq!(shown["permission"], json!("always"), "kept, and not used");
    assert_eq!(calls(&shell, "own"), 1);

    let _ = shell
        .run(&["always", "own", "add", "slower", "--accept-changed"])
        .succeeded();
    assert_eq!(shell.run(&add).succeeded().stdout, "3.0\n");
    assert_eq!(shell.json(&["show", "own"])["status"], json!("connected"));
}
