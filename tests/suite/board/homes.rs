//! One board for a home, and the home it is for.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use callboard::domain::Timestamp;
use callboard::link::{Found, find};
use callboard::protocol::{BoardRecord, PROTOCOL_VERSION};
use rustix::fs::{FlockOperation, flock};
use rustix::process::Signal;
use serde_json::json;

use crate::support::rude_face::{signal, wait_until};
use crate::support::shell::{Run, Shell};

#[test]
fn ten_faces_that_start_at_once_share_one_board() {
    for _ in 0..3 {
        let shell = Shell::new();
        let faces: Vec<Child> = (0..10).map(|_| shell.start(&["list"])).collect();
        for face in faces {
            let _ = Run::of(face).succeeded();
        }
        let log = fs::read_to_string(shell.folders().log_file()).unwrap();
        assert_eq!(log.matches("the board listens").count(), 1, "{log}");
    }
}

#[test]
fn what_a_killed_board_left_behind_is_in_nobodys_way() {
    let shell = Shell::new();
    let _ = shell.run(&["list"]).succeeded();
    let first = shell.board();
    signal(first, Signal::KILL);
    wait_until("the board is gone", || {
        find(&shell.folders()) == Ok(Found::None)
    });
    assert!(shell.folders().socket(PROTOCOL_VERSION).exists());
    let _ = shell.run(&["status"]).ended_with(5);
    let _ = shell.run(&["stop"]).ended_with(5);
    let _ = shell.run(&["list"]).succeeded();
    assert_ne!(shell.board(), first);
}

#[test]
fn boards_of_two_homes_know_nothing_of_each_other() {
    let (one, other) = (Shell::new(), Shell::new());
    let words = ["add", "wiki", "--trust", "--no-connect", "--", "/bin/cat"];
    let _ = one.run(&words).succeeded();
    assert_eq!(other.json(&["list"]), json!([]));
    assert_ne!(one.board(), other.board());
    let _ = other.run(&["stop"]).succeeded();
    assert_eq!(one.json(&["list"])[0]["name"], json!("wiki"));
}

#[test]
fn a_home_with_a_long_path_has_its_socket_elsewhere() {
    let mut shell = Shell::new();
    let long = shell.home().join("d".repeat(60)).join("e".repeat(60));
    shell.set("CALLBOARD_HOME", long.to_str().unwrap());
    let _ = shell.run(&["list"]).succeeded();
    let socket = callboard::config::Home::under(&long).socket(PROTOCOL_VERSION);
    assert!(socket.exists());
    assert!(!socket.starts_with(shell.home()));
    let _ = shell.run(&["stop"]).succeeded();
    assert!(!socket.exists());
    let _ = fs::remove_dir(socket.parent().unwrap());
}

#[test]
fn a_home_that_another_host_uses_is_refused_in_words() {
    let shell = Shell::new();
    let _held = pretend(&shell, |record| record.host = "elsewhere".to_owned());
    let run = shell.run(&["list"]).ended_with(6);
    assert!(run.stderr.contains("runs on elsewhere"), "{}", run.stderr);
    assert!(run.stderr.contains("CALLBOARD_HOME"), "{}", run.stderr);
    let run = shell.run(&["stop"]).ended_with(6);
    assert!(run.stderr.contains("end it there"), "{}", run.stderr);
    let run = shell.run(&["serve"]).ended_with(6);
    assert!(run.stderr.contains("on elsewhere"), "{}", run.stderr);
}

#[test]
fn a_newer_board_is_named_and_ends_by_signal() {
    let shell = Shell::new();
    let mut board = newer_board(&shell);
    for words in [&["list"][..], &["status"], &["show", "wiki"]] {
        let run = shell.run(words).ended_with(6);
        let newer = "the board is callboard 9.9.9, newer than this";
        assert!(run.stderr.contains(newer), "{}", run.stderr);
        assert!(run.stderr.contains("callboard stop"), "{}", run.stderr);
    }
    // The parent reaps it, as whoever started a real one would.
    let reaper = std::thread::spawn(move || board.wait().unwrap());
    let _ = shell.run(&["stop"]).succeeded();
    assert!(!reaper.join().unwrap().success());
    let _ = shell.run(&["list"]).succeeded();
}

#[test]
fn a_process_that_holds_no_lock_is_never_signalled() {
    let shell = Shell::new();
    let mut bystander = Command::new("/bin/sleep").arg("600").spawn().unwrap();
    let record = record(&shell, bystander.id());
    let lock = shell.folders().lock_file();
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    fs::write(&lock, serde_json::to_string(&record).unwrap()).unwrap();
    let _ = shell.run(&["stop"]).ended_with(5);
    assert!(bystander.try_wait().unwrap().is_none());
    bystander.kill().unwrap();
    let _ = bystander.wait();
}

fn record(shell: &Shell, pid: u32) -> BoardRecord {
    let host = rustix::system::uname();
    BoardRecord {
        pid,
        host: host.nodename().to_string_lossy().into_owned(),
        version: "9.9.9".to_owned(),
        protocol: PROTOCOL_VERSION,
        socket: shell.folders().socket(9).display().to_string(),
        started_at: Timestamp::now(),
    }
}

/// Holds the lock of a home as a board would that says this of itself.
fn pretend(shell: &Shell, change: impl FnOnce(&mut BoardRecord)) -> File {
    let mut record = record(shell, 1);
    change(&mut record);
    let lock = shell.folders().lock_file();
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    fs::write(&lock, serde_json::to_string(&record).unwrap()).unwrap();
    let file = File::open(&lock).unwrap();
    flock(&file, FlockOperation::LockExclusive).unwrap();
    file
}

/// A process that holds the lock and speaks a later protocol.
fn newer_board(shell: &Shell) -> Child {
    let lock = shell.folders().lock_file();
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    // The shell's file descriptor outlives `flock`, and so does the lock.
    let script = "exec 9<>\"$1\"; flock 9; echo held; exec sleep 600";
    let mut board = Command::new("/bin/sh")
        .args(["-c", script, "sh", lock.to_str().unwrap()])
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut said = [0; 5];
    std::io::Read::read_exact(board.stdout.as_mut().unwrap(), &mut said).unwrap();
    let mut record = record(shell, board.id());
    record.protocol = PROTOCOL_VERSION + 1;
    fs::write(&lock, serde_json::to_string(&record).unwrap()).unwrap();
    board
}
