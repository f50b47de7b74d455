//! How a board ends, and what becomes of what runs on it.

use std::fs;
use std::time::{Duration, Instant};

use callboard::protocol::PROTOCOL_VERSION;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::fake::{Behaviour, FakeServer, Misbehaviour};
use crate::support::program::stdio_server;
use crate::support::rude_face::{runs, signal, wait_until};
use crate::support::shell::{Run, Shell};

/// Everything in the journal about calls.
fn outcomes(shell: &Shell) -> Vec<Value> {
    let run = shell.run(&["log", "--json"]).succeeded();
    run.stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["event"] == json!("call"))
        .map(|line| line["outcome"].clone())
        .collect()
}

/// Processes that a board started.
fn children(board: i32) -> Vec<i32> {
    fs::read_to_string(format!("/proc/{board}/task/{board}/children"))
        .unwrap()
        .split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}

#[test]
fn signals_end_a_board_cleanly() {
    for asked in [Signal::TERM, Signal::INT] {
        let shell = Shell::new();
        let serving = shell.start(&["serve"]);
        let folders = shell.folders();
        let socket = folders.socket(PROTOCOL_VERSION);
        wait_until("the board listens", || socket.exists());
        let program = stdio_server();
        let words = ["add", "local", "--trust", "--", program.to_str().unwrap()];
        let _ = shell.run(&words).succeeded();
        let board = i32::try_from(serving.id()).unwrap();
        let programs = children(board);
        assert_eq!(programs.len(), 1);
        signal(board, asked);
        let run = Run::of(serving).succeeded();
        assert!(!run.stderr.contains("error"), "{}", run.stderr);
        assert!(!socket.exists());
        assert!(!runs(programs[0]), "its program ended with it");
        let mut log = folders.database().into_os_string();
        log.push("-wal");
        assert!(!fs::exists(&log).unwrap(), "the write-ahead log is gone");
        let _ = shell.run(&["status"]).ended_with(5);
    }
}

#[test]
fn a_call_that_runs_is_cancelled_and_written_down() {
    for behaviour in [
        Behaviour::modern(),
        Behaviour::legacy("2025-11-25"),
        Behaviour::sse(),
    ] {
        let server = FakeServer::start(behaviour);
        let shell = Shell::new();
        let _ = shell
            .run(&["add", "wiki", &server.url, "--trust"])
            .succeeded();
        let calling = shell.start(&["call", "wiki", "slow", "--yes"]);
        server.wait_for_blocking(|record| record.waiting > 0);
        let begun = Instant::now();
        let _ = shell.run(&["stop"]).succeeded();
        assert!(begun.elapsed() < Duration::from_secs(15));
        let run = Run::of(calling).ended_with(1);
        assert!(run.stderr.contains("cancelled"), "{}", run.stderr);
        assert_eq!(server.cancelled().len(), 1, "the server was told");
        assert_eq!(outcomes(&shell), [json!("cancelled")]);
    }
}

#[test]
fn a_call_whose_face_is_killed_is_cancelled_and_written_down() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let mut calling = shell.start(&["call", "wiki", "slow", "--yes"]);
    server.wait_for_blocking(|record| record.waiting > 0);
    calling.kill().unwrap();
    let _ = calling.wait();
    server.wait_for_blocking(|record| record.waiting == 0);
    wait_until("it is written down", || {
        outcomes(&shell) == [json!("cancelled")]
    });
    assert_eq!(server.cancelled().len(), 1);
}

#[test]
fn detecting_ends_at_the_server_when_the_face_goes() {
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::NeverAnswers));
    let shell = Shell::new();
    for words in [
        &["detect", &server.url][..],
        &["add", "wiki", &server.url, "--trust"],
    ] {
        let seen = server.requests().len();
        let mut face = shell.start(words);
        server.wait_for_blocking(|record| record.requests.len() > seen);
        face.kill().unwrap();
        let _ = face.wait();
        let settled = server.requests().len();
        assert_eq!(shell.json(&["list"]), json!([]), "{words:?}");
        assert_eq!(server.requests().len(), settled, "{words:?}");
    }
}

#[test]
fn a_connection_being_made_does_not_keep_a_board_alive() {
    let shell = Shell::new();
    let program = stdio_server();
    let program = program.to_str().unwrap();
    let adding = shell.start(&["add", "wiki", "--trust", "--", program, "silent"]);
    wait_until("it is being connected", || {
        shell.json(&["list"])[0]["status"] == json!("connecting")
    });
    let begun = Instant::now();
    let _ = shell.run(&["stop"]).succeeded();
    assert!(begun.elapsed() < Duration::from_secs(10));
    let run = Run::of(adding);
    assert_ne!(run.code, 0);
    assert_ne!(run.code, 70, "{}", run.stderr);
    // It was kept: what was acknowledged as added and what was not look alike here.
    assert_eq!(shell.json(&["list"])[0]["name"], json!("wiki"));
}

#[test]
fn a_program_that_ignores_sigterm_ends_with_its_board() {
    let shell = Shell::new();
    let program = stdio_server();
    let program = program.to_str().unwrap();
    let words = ["add", "local", "--trust", "--", program, "ignores-term"];
    let _ = shell.run(&words).succeeded();
    let board = shell.board();
    let programs = children(board);
    assert_eq!(programs.len(), 1);
    let begun = Instant::now();
    let _ = shell.run(&["stop"]).succeeded();
    assert!(begun.elapsed() < Duration::from_secs(15));
    wait_until("board and program are gone", || {
        !runs(board) && !runs(programs[0])
    });
}

#[test]
fn a_board_that_does_not_answer_can_be_ended() {
    let shell = Shell::new();
    let _ = shell.run(&["list"]).succeeded();
    let board = shell.board();
    signal(board, Signal::STOP);
    let stopping = shell.start(&["stop"]);
    // Asked by signal once it has not answered for a while; a stopped process
    // takes that when it goes on.
    std::thread::sleep(Duration::from_secs(6));
    signal(board, Signal::CONT);
    let _ = Run::of(stopping).succeeded();
    wait_until("the board is gone", || !runs(board));
}
