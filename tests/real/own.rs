//! A fastmcp that a test may kill.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::servers::Server;

/// How long a server may take to start, and a board to notice.
const LIMIT: Duration = Duration::from_secs(30);

/// The name of its program.
const SCRIPT: &str = "fast.py";

/// What it says when it listens.
const LISTENS: &str = "Uvicorn running on";

/// Looks again and again until there is something to see.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < LIMIT, "waited {LIMIT:?} until {what}");
    }
}

/// Killed when it is dropped.
pub struct OwnServer {
    port: u16,
    folder: TempDir,
    process: Child,
}

impl OwnServer {
    pub fn start() -> Self {
        // Nobody else is given a port again that was free a moment ago.
        let probe = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = probe.local_addr().unwrap().port();
        drop(probe);
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join(SCRIPT);
        fs::copy(&Server::fast_program().args[0], script).unwrap();
        Self {
            port,
            process: listening(folder.path(), port),
            folder,
        }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/mcp", self.port)
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again where it was.
    pub fn restart(&mut self) {
        self.process = listening(self.folder.path(), self.port);
    }

    /// Changes its program; it has to be started again.
    pub fn rewrite(&self, from: &str, to: &str) {
        let script = self.folder.path().join(SCRIPT);
        let text = fs::read_to_string(&script).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(script, text.replace(from, to)).unwrap();
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn listening(folder: &Path, port: u16) -> Child {
    let mut process = Command::new(Server::fast_program().command)
        .args([SCRIPT, &port.to_string()])
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("FASTMCP_CHECK_FOR_UPDATES", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(process.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(LISTENS) {
        let read = errors.read_line(&mut said).unwrap();
        assert_ne!(read, 0, "it ended: {said}");
    }
    // A pipe that nobody reads would stop it one day.
    thread::spawn(move || errors.read_to_end(&mut Vec::new()));
    process
}
