//! A shell of its own: an empty environment, a home of its own, and a board that
//! ends with it.

use std::fs;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Where commands run. Its board is ended when it is dropped.
pub struct Shell {
    home: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command did.
#[must_use = "look at what it printed, or at least at how it ended"]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Shell {
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: vec![("CALLBOARD_VAULT".to_owned(), "memory".to_owned())],
        }
    }

    /// Sets a variable from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// Everything of this board is in here.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The folders of the board.
    pub fn folders(&self) -> callboard::config::Home {
        callboard::config::Home::under(&self.home().join("board"))
    }

    /// The variables that everything here runs with.
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        let mut all = vec![
            ("HOME".to_owned(), path(self.home())),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            (
                "CALLBOARD_HOME".to_owned(),
                path(&self.home().join("board")),
            ),
        ];
        all.extend(self.variables.iter().cloned());
        all
    }

    /// A command, to be started in a way of its own.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callboard"));
        command
            .args(words)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.home())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts a command and leaves it running.
    pub fn start(&self, words: &[&str]) -> Child {
        self.command(words).spawn().unwrap()
    }

    pub fn run(&self, words: &[&str]) -> Run {
        Run::of(self.start(words))
    }

    /// Runs a command that reads this.
    pub fn run_with(&self, words: &[&str], stdin: &str) -> Run {
        let mut child = self.command(words).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(stdin.as_bytes()).unwrap();
        drop(pipe);
        Run::of(child)
    }

    /// The document that a command prints, which must succeed.
    pub fn json(&self, words: &[&str]) -> Value {
        let mut words = words.to_vec();
        words.push("--json");
        self.run(&words).succeeded().json()
    }

    /// Process id of the board.
    pub fn board(&self) -> i32 {
        let pid = self.json(&["status"])["pid"].as_i64().unwrap();
        i32::try_from(pid).unwrap()
    }

    /// Kills the board, and returns once it is no more: its lock is free then.
    pub fn kill_board(&self) -> i32 {
        let pid = self.board();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
        let lock = File::open(self.home().join("board/run/board.lock")).unwrap();
        flock(&lock, FlockOperation::LockShared).unwrap();
        pid
    }

    /// Whether any file of the board, or anything it wrote, has this text in it.
    pub fn holds(&self, needle: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.home().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.is_file() {
                    let bytes = fs::read(&path).unwrap_or_default();
                    if bytes.windows(needle.len()).any(|w| w == needle.as_bytes()) {
                        found.push(path.display().to_string());
                    }
                }
            }
        }
        found
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        if let Ok(mut child) = self.command(&["stop"]).spawn() {
            let _ = child.wait();
        }
    }
}

impl Run {
    pub fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub fn succeeded(self) -> Self {
        self.ended_with(0)
    }

    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "\nstdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }

    /// The one document on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// The last of the JSON Lines on stdout.
    pub fn last_json(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last}"))
    }

    /// Both streams, for words that must not be anywhere.
    pub fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}
