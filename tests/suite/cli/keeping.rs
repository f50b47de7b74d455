//! What outlives the board, and the vault.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::support::fake::{Auth, Behaviour, FakeServer};
use crate::support::shell::Shell;

#[test]
fn nothing_that_was_acknowledged_is_lost_to_kill_9() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let _ = shell.run(&["block", "wiki", "fail"]).succeeded();
    let board = shell.kill_board();
    let functions = shell.json(&["functions", "wiki"]);
    let fail = functions
        .as_array()
        .unwrap()
        .iter()
        .find(|function| function["name"] == json!("fail"))
        .unwrap();
    assert_eq!(fail["permission"], json!("block"));
    assert_ne!(shell.board(), board);
}

#[test]
fn a_board_that_was_stopped_is_gone() {
    let shell = Shell::new();
    let _ = shell.run(&["list"]).succeeded();
    let _ = shell.run(&["status"]).succeeded();
    let run = shell.run(&["serve"]).ended_with(6);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    let _ = shell.run(&["stop"]).succeeded();
    let _ = shell.run(&["status"]).ended_with(5);
}

#[test]
fn a_vault_under_a_passphrase_is_locked_until_somebody_has_it() {
    let token = "canary-77aa10";
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer(token.to_owned())));
    let mut shell = Shell::new();
    let file = shell.home().join("passphrase");
    fs::write(&file, "correct horse\n").unwrap();
    shell.set("CALLBOARD_VAULT", "passphrase");
    shell.set("TOKEN", token);
    let words = [
        "add",
        "wiki",
        &server.url,
        "--trust",
        "--token-env",
        "TOKEN",
    ];
    let run = shell.run(&words).ended_with(6);
    assert!(
        run.stderr.contains("CALLBOARD_PASSPHRASE_FILE"),
        "{}",
        run.stderr
    );
    shell.set("CALLBOARD_PASSPHRASE_FILE", file.to_str().unwrap());
    let _ = shell.run(&words).succeeded();
    assert_eq!(shell.holds(token), Vec::<String>::new());
    let _ = shell.run(&["stop"]).succeeded();

    shell.unset("CALLBOARD_PASSPHRASE_FILE");
    let run = shell.run(&["refresh", "wiki"]).ended_with(6);
    assert!(run.stderr.contains("callboard unlock"), "{}", run.stderr);
    let list = shell.json(&["list"]);
    assert_eq!(list[0]["status"], json!("locked"));
    assert_eq!(shell.json(&["status"])["vault"]["locked"], json!(true));
    let run = shell
        .run(&["call", "wiki", "echo", "text=hi", "--yes"])
        .ended_with(6);
    assert!(run.stderr.contains("callboard unlock"), "{}", run.stderr);
    let _ = shell
        .run_with(&["unlock", "--password-stdin"], "wrong\n")
        .ended_with(6);
    let _ = shell
        .run_with(&["unlock", "--password-stdin"], "correct horse\n")
        .succeeded();
    assert_eq!(shell.json(&["status"])["vault"]["locked"], json!(false));
    let run = shell
        .run(&["call", "wiki", "echo", "text=hi", "--yes"])
        .succeeded();
    assert_eq!(run.stdout, "hi\n");
}

#[test]
fn everything_a_board_writes_is_for_its_owner_alone() {
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer("t0k3n".to_owned())));
    shell.set("TOKEN", "t0k3n");
    let words = [
        "add",
        "wiki",
        &server.url,
        "--trust",
        "--token-env",
        "TOKEN",
    ];
    let _ = shell.run(&words).succeeded();
    let mut folders = vec![shell.home().join("board")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    let _ = shell.run(&["doctor"]).succeeded();
}
