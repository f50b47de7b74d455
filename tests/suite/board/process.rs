//! The process: what it keeps of its starter, what it leaves on disk, and whom it
//! lets in.

use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use callboard::protocol::PROTOCOL_VERSION;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::process::Signal;

use crate::support::fake::{Behaviour, FakeServer};
use crate::support::program::stdio_server;
use crate::support::rude_face::{descriptors, exchange, request, runs, session, signal, ticks};
use crate::support::shell::{Run, Shell};

#[test]
fn a_board_keeps_nothing_of_whoever_started_it() {
    let shell = Shell::new();
    // A pipe on descriptor 7, as a script may have one open.
    let program = env!("CARGO_BIN_EXE_callboard");
    let script = format!("exec 7>&1; exec {program} list");
    let mut command = shell.command(&[]);
    let mut starter = Command::new("/bin/sh");
    starter
        .args(["-c", &script])
        .env_clear()
        .envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.current_dir("/");
    let run = Run::of(starter.spawn().unwrap()).succeeded();
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    let board = shell.board();
    for (number, leads_to) in descriptors(board) {
        let leads_to = leads_to.to_string_lossy().into_owned();
        if number < 3 {
            assert_eq!(leads_to, "/dev/null", "descriptor {number}");
        }
        let foreign = leads_to.starts_with("pipe:") || leads_to.starts_with("/dev/pts");
        assert!(!foreign, "descriptor {number} leads to {leads_to}");
    }
    assert_eq!(session(board), board);
    assert_eq!(
        fs::read_link(format!("/proc/{board}/cwd")).unwrap(),
        Path::new("/")
    );
}

#[test]
fn a_terminal_that_closes_takes_no_board_with_it() {
    let shell = Shell::new();
    let pty = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_callboard"));
    command.arg("list");
    command.env_clear();
    for (name, value) in shell.command(&[]).get_envs() {
        command.env(name, value.unwrap());
    }
    let mut face = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let reading = std::thread::spawn(move || {
        let mut all = Vec::new();
        let _ = reader.read_to_end(&mut all);
    });
    assert!(face.wait().unwrap().success());
    let board = shell.board();
    drop(pty.master);
    let _ = reading.join();
    signal(board, Signal::HUP);
    assert_eq!(shell.board(), board);
    assert!(runs(board));
}

#[test]
fn what_a_board_makes_is_private_whatever_the_umask() {
    for umask in ["000", "077"] {
        let shell = Shell::new();
        let script = format!(
            "umask {umask}; exec {} list",
            env!("CARGO_BIN_EXE_callboard")
        );
        let from = shell.command(&[]);
        let _ = Run::of(
            Command::new("/bin/sh")
                .args(["-c", &script])
                .env_clear()
                .envs(from.get_envs().filter_map(|(k, v)| Some((k, v?))))
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap(),
        )
        .succeeded();
        let folders = shell.folders();
        for (path, mode) in [
            (shell.home().join("board"), 0o700),
            (folders.run.clone(), 0o700),
            (folders.data.clone(), 0o700),
            (folders.state.clone(), 0o700),
            (folders.socket(PROTOCOL_VERSION), 0o600),
            (folders.lock_file(), 0o600),
            (folders.database(), 0o600),
            (folders.log_file(), 0o600),
        ] {
            let meta = fs::metadata(&path).unwrap();
            let is = meta.permissions().mode() & 0o777;
            assert_eq!(is, mode, "{} under umask {umask}", path.display());
        }
        let socket = fs::metadata(folders.socket(PROTOCOL_VERSION)).unwrap();
        assert!(socket.file_type().is_socket());
    }
}

#[test]
fn another_user_is_turned_away_even_from_an_open_socket() {
    const CONNECT: &str = "\
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(20)
s.connect(sys.argv[1])
try:
    s.sendall(b'GET /v1/status HTTP/1.1\\r\\nhost: board\\r\\nconnection: close\\r\\n\\r\\n')
    print('answered' if s.recv(1) else 'closed')
except (ConnectionResetError, BrokenPipeError):
    print('closed')
";
    let python = Path::new("/usr/bin/python3");
    if !rustix::process::getuid().is_root() || !python.exists() {
        eprintln!(
            "skipped: needs root and {} to be another user",
            python.display()
        );
        return;
    }
    let shell = Shell::new();
    let _ = shell.run(&["list"]).succeeded();
    let socket = shell.folders().socket(PROTOCOL_VERSION);
    // Only the look at the peer protects now.
    let mut open: Vec<PathBuf> = socket.ancestors().skip(1).map(Path::to_owned).collect();
    open.retain(|folder| folder.starts_with(shell.home()));
    for folder in open {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o666)).unwrap();
    let as_user = |uid: &str| {
        let output = Command::new("setpriv")
            .args([&format!("--reuid={uid}"), "--clear-groups"])
            .arg(python)
            .args(["-c", CONNECT, socket.to_str().unwrap()])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (said, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(as_user("0").0, "answered");
    let (said, error) = as_user("65534");
    assert_eq!(said, "closed", "{error}");
    let log = fs::read_to_string(shell.folders().log_file()).unwrap();
    assert!(log.contains("another user was turned away"), "{log}");
}

#[test]
fn a_board_to_which_nothing_happens_takes_no_processor_time() {
    let servers = [
        FakeServer::start(Behaviour::modern()),
        FakeServer::start(Behaviour::legacy("2025-11-25")),
        FakeServer::start(Behaviour::sse()),
    ];
    let shell = Shell::new();
    for (place, server) in servers.iter().enumerate() {
        let name = format!("wiki-{place}");
        let _ = shell
            .run(&["add", &name, &server.url, "--trust"])
            .succeeded();
    }
    let program = stdio_server();
    let words = ["add", "local", "--trust", "--", program.to_str().unwrap()];
    let _ = shell.run(&words).succeeded();
    let board = shell.board();
    // What the last request left to do gets done first.
    std::thread::sleep(Duration::from_secs(1));
    let before = ticks(board);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(ticks(board), before);
    let socket = shell.folders().socket(PROTOCOL_VERSION);
    assert!(exchange(&socket, &request("GET", "/v1/status", "")).contains("\"connected\":4"));
}
