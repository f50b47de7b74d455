//! A fastmcp that a test may kill.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::servers::Server;

/// How long a server may take to start, and a board to notice.
const LIMIT: Duration = Duration::from_secs(30);

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
    process: Child,
}

impl OwnServer {
    pub fn start() -> Self {
        // Nobody else is given a port again that was free a moment ago.
        let probe = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = probe.local_addr().unwrap().port();
        drop(probe);
        Self {
            port,
            process: listening(port),
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
        self.process = listening(self.port);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn listening(port: u16) -> Child {
    let program = Server::fast_program();
    let script = &program.args[0];
    let mut process = Command::new(&program.command)
        .args([script, &port.to_string()])
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
