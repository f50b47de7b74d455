//! What outlives the board.

use serde_json::{Value, json};

use crate::own::until;
use crate::servers::Server;
use crate::shell::Shell;

/// How many calls were sent to a connector.
pub fn calls(shell: &Shell, connector: &str) -> usize {
    let log = shell
        .run(&["log", "--json", "--connector", connector])
        .succeeded();
    let entries = log.stdout.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).unwrap();
        entry["event"] == json!("call")
    });
    entries.filter(|sent| *sent).count()
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn a_board_that_starts_again_connects_everything_and_keeps_permissions() {
    let servers = [
        Server::everything_http(),
        Server::everything_sse(),
        Server::everything_stdio(),
        Server::fast(),
        Server::fast_bearer(),
        Server::fast_basic(),
        Server::fast_stdio(),
    ];
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    for server in &servers {
        let _ = server.add(&mut shell);
        let _ = shell.run(&["block", server.name, "--all"]).succeeded();
        let _ = shell.run(&["always", server.name, "echo"]).succeeded();
    }
    let before = counted(&shell);

    let _ = shell.run(&["stop"]).succeeded();
    let _ = shell.run(&["status"]).ended_with(5);
    assert_eq!(
        counted(&shell),
        before,
        "known before anything is connected"
    );
    all_connected(&shell, servers.len());
    assert_eq!(counted(&shell), before);

    let board = shell.kill_board();
    assert_eq!(counted(&shell), before, "the list starts another board");
    assert_ne!(shell.board(), board);
    all_connected(&shell, servers.len());
    assert_eq!(counted(&shell), before);
    for server in &servers {
        let argument = if server.calls_itself == "fast" {
            "text=hello"
        } else {
            "message=hello"
        };
        let call = ["call", server.name, "echo", argument];
        let run = shell.run(&call).succeeded();
        assert!(run.stdout.ends_with("hello\n"), "{}", run.stdout);
    }
}

/// Names and permissions, as `list` counts them.
fn counted(shell: &Shell) -> Vec<(Value, Value)> {
    let list = shell.json(&["list"]);
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| (row["name"].clone(), row["functions"].clone()))
        .collect()
}

fn all_connected(shell: &Shell, all: usize) {
    until("all are connected", || {
        let status = shell.json(&["status"]);
        (status["connectors"]["connected"] == json!(all)).then_some(())
    });
}
