//! A server that goes away and comes back.

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
    assert_eq!(shown["functions"]["total"], json!(5), "still known");
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
