//! Everything that callboard printed, sent and wrote.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use callboard::protocol::{VERSION, VERSION_HEADER};

use super::forms;
use crate::support::shell::{Run, Shell};

/// What is kept of one board.
pub struct Trail<'a> {
    shell: &'a Shell,
    /// Where it came from, and what it was.
    kept: Vec<(String, Vec<u8>)>,
    stream: Option<JoinHandle<Vec<u8>>>,
}

impl<'a> Trail<'a> {
    pub fn new(shell: &'a Shell) -> Self {
        Self {
            shell,
            kept: Vec::new(),
            stream: None,
        }
    }

    pub fn run(&mut self, words: &[&str]) -> Run {
        let run = self.shell.run(words);
        self.keep(&words.join(" "), &run);
        run
    }

    pub fn with(&mut self, words: &[&str], stdin: &str) -> Run {
        let run = self.shell.run_with(words, stdin);
        self.keep(&words.join(" "), &run);
        run
    }

    pub fn keep(&mut self, what: &str, run: &Run) {
        self.kept
            .push((format!("stdout of {what}"), run.stdout.clone().into_bytes()));
        self.kept
            .push((format!("stderr of {what}"), run.stderr.clone().into_bytes()));
    }

    /// Keeps the board's stream of events, from a snapshot to its end.
    pub fn listen(&mut self) {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        let request = format!(
            "GET /v1/events HTTP/1.1\r\nhost: board\r\n{VERSION_HEADER}: {VERSION}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        self.stream = Some(std::thread::spawn(move || {
            let mut all = Vec::new();
            let _ = stream.read_to_end(&mut all);
            all
        }));
    }

    fn socket(&self) -> PathBuf {
        let folder = fs::read_dir(self.shell.home().join("board/run")).unwrap();
        let mut paths = folder.flatten().map(|entry| entry.path());
        paths
            .find(|path| path.extension().is_some_and(|end| end == "sock"))
            .unwrap()
    }

    /// Keeps what the running board shows and has written so far.
    pub fn look_at_board(&mut self) {
        let pid = self.shell.board();
        for file in ["cmdline", "environ", "comm", "status"] {
            let path = format!("/proc/{pid}/{file}");
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.is_empty(), "{path} cannot be read");
            self.kept.push((path, bytes));
        }
        let files = files(self.shell.home());
        for name in ["board.db", "board.log", "board.lock"] {
            assert!(
                files.iter().any(|path| path.ends_with(name)),
                "{name}: {files:?}"
            );
        }
        for path in files {
            self.kept
                .push((format!("{} while it ran", path.display()), read(&path)));
        }
    }

    /// Ends the board, and keeps what it said until then.
    pub fn end(&mut self) {
        let _ = self.run(&["stop"]).succeeded();
        if let Some(stream) = self.stream.take() {
            let events = stream.join().unwrap();
            let text = String::from_utf8_lossy(&events);
            for word in ["snapshot", "connector", "journal"] {
                assert!(text.contains(word), "no {word} on the stream");
            }
            self.kept.push(("the stream of events".to_owned(), events));
        }
    }

    /// Every place that has a secret in it, with the form it has there.
    pub fn holds(&self, secret: &str) -> Vec<String> {
        let files = files(self.shell.home());
        let files = files
            .iter()
            .map(|path| (path.display().to_string(), read(path)));
        self.kept
            .iter()
            .cloned()
            .chain(files)
            .filter_map(|(place, bytes)| Some(format!("{place}: {}", forms::find(&bytes, secret)?)))
            .collect()
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_default()
}

/// Every file under a folder; sockets are none.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    found
}
