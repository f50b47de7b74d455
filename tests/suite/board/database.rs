//! A database that cannot be used, from the start or from some moment on.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::support::fake::{Behaviour, FakeServer};
use crate::support::rude_face::wait_until;
use crate::support::shell::{Run, Shell};

/// A home with one connector, one function on *always*, and no board.
fn kept() -> (FakeServer, Shell) {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let _ = shell.run(&["always", "wiki", "echo"]).succeeded();
    let _ = shell.run(&["stop"]).succeeded();
    (server, shell)
}

async fn open(path: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}?mode=rw", path.display());
    SqliteConnection::connect(&url).await.unwrap()
}

/// That nothing is written, and everything says why.
fn refuses(shell: &Shell, words: &str) {
    let _ = shell.run(&["list"]).ended_with(6);
    let status = shell.json(&["status"]);
    let storage = status["storage"]["message"].as_str().unwrap_or_default();
    assert!(storage.contains(words), "{status}");
    assert_eq!(status["storage"]["kind"], json!("config"));
    assert_ne!(status["storage"]["hints"], json!([]));
    let add = ["add", "new", "--trust", "--no-connect", "--", "/bin/cat"];
    for command in [&add[..], &["list"]] {
        let run = shell.run(command).ended_with(6);
        assert!(run.stderr.contains(words), "{command:?}: {}", run.stderr);
        assert!(run.stderr.contains("hint: "), "{command:?}: {}", run.stderr);
    }
    for command in [
        &["remove", "wiki", "--yes"][..],
        &["always", "wiki", "echo"],
        &["call", "wiki", "echo", "text=hi"],
        &["call", "wiki", "echo", "text=hi", "--yes"],
    ] {
        let run = shell.run(command);
        assert!(
            matches!(run.code, 5 | 6),
            "{command:?}: {}",
            run.everything()
        );
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_named_and_left_as_it_is() {
    type Harm = fn(Vec<u8>) -> Vec<u8>;
    let garbage: Harm = |_| b"not a database, but something dear to somebody".to_vec();
    let truncated: Harm = |mut bytes| {
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    let flipped: Harm = |mut bytes| {
        for byte in bytes.iter_mut().skip(4096).take(2048) {
            *byte ^= 0x5a;
        }
        bytes
    };
    for (harm, words) in [
        (garbage, "is damaged"),
        (truncated, "is damaged"),
        (flipped, "is damaged"),
    ] {
        let (server, shell) = kept();
        let path = shell.folders().database();
        let harmed = harm(fs::read(&path).unwrap());
        fs::write(&path, &harmed).unwrap();
        refuses(&shell, words);
        let _ = shell.run(&["stop"]).succeeded();
        assert!(fs::read(&path).unwrap() == harmed, "{words}");
        assert_eq!(server.count("tools/call"), 0);
    }
}

#[tokio::test]
async fn a_newer_database_is_named_and_left_as_it_is() {
    let (_server, shell) = kept();
    let path = shell.folders().database();
    let mut newer = open(&path).await;
    let later = "insert into _sqlx_migrations \
                 values (99, 'later', current_timestamp, 1, x'00', 0)";
    newer.execute(later).await.unwrap();
    newer.close().await.unwrap();
    let bytes = fs::read(&path).unwrap();
    refuses(&shell, "newer callboard");
    let _ = shell.run(&["stop"]).succeeded();
    assert!(fs::read(&path).unwrap() == bytes);
}

#[tokio::test]
async fn a_database_locked_at_the_start_comes_back_when_the_lock_goes() {
    let (_server, shell) = kept();
    let mut holder = open(&shell.folders().database()).await;
    holder.execute("begin exclusive").await.unwrap();
    refuses(&shell, "is locked");
    holder.execute("rollback").await.unwrap();
    wait_until("it heals", || shell.json(&["status"])["storage"].is_null());
    wait_until("its connectors come back", || {
        shell.json(&["list"])[0]["status"] == json!("connected")
    });
    let run = shell.run(&["call", "wiki", "echo", "text=hi"]).succeeded();
    assert_eq!(run.stdout, "hi\n");
}

#[tokio::test]
async fn a_lock_taken_later_makes_every_permission_ask_until_it_goes() {
    let (server, shell) = kept();
    let call = ["call", "wiki", "echo", "text=hi"];
    wait_until("it is connected", || {
        shell.json(&["list"])[0]["status"] == json!("connected")
    });
    let _ = shell.run(&call).succeeded();
    let mut holder = open(&shell.folders().database()).await;
    holder.execute("begin immediate").await.unwrap();
    let run = shell.run(&["always", "wiki", "add"]).ended_with(6);
    assert!(run.stderr.contains("is locked"), "{}", run.stderr);
    let functions = shell.json(&["functions", "wiki"]);
    assert_eq!(functions[0]["permission"], json!("ask"), "{functions}");
    let run = shell.run(&call);
    assert!(matches!(run.code, 4 | 6), "{}", run.everything());
    let yes = shell.run(&[&call[..], &["--yes"]].concat()).ended_with(6);
    assert!(yes.stderr.contains("is locked"), "{}", yes.stderr);
    assert_eq!(server.count("tools/call"), 1, "nothing was sent");
    // Reading goes on.
    assert_eq!(shell.json(&["list"])[0]["name"], json!("wiki"));
    holder.execute("rollback").await.unwrap();
    wait_until("it heals", || shell.json(&["status"])["storage"].is_null());
    let _ = shell.run(&call).succeeded();
}

#[test]
fn a_database_that_may_not_grow_is_read_and_not_written() {
    let shell = Shell::new();
    let from = shell.command(&[]);
    // Blocks of 512 or 1024 bytes, as the shell counts: room to begin, not to go on.
    let script = format!(
        "ulimit -f 200; exec {} list",
        env!("CARGO_BIN_EXE_callboard")
    );
    let starting = Command::new("/bin/sh")
        .args(["-c", &script])
        .env_clear()
        .envs(
            from.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = Run::of(starting).succeeded();
    let board = shell.board();
    let long = "d".repeat(4000);
    let mut added = 0;
    let refused = loop {
        let name = format!("c-{added}");
        let words = [
            "add",
            &name,
            "--description",
            &long,
            "--trust",
            "--no-connect",
            "--",
            "/bin/cat",
        ];
        let run = shell.run(&words);
        if run.code != 0 {
            break run;
        }
        added += 1;
        assert!(added < 200, "it never fills");
    };
    let refused = refused.ended_with(6);
    assert!(
        refused.stderr.contains("cannot be written"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("hint: "), "{}", refused.stderr);
    assert_eq!(shell.json(&["list"]).as_array().unwrap().len(), added);
    assert_eq!(shell.board(), board, "the same board goes on");
    let _ = shell.run(&["stop"]).succeeded();
    assert_eq!(shell.json(&["list"]).as_array().unwrap().len(), added);
}
