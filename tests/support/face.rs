//! A command that signs in, read as it speaks.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout};

use serde_json::Value;

use super::shell::Shell;

/// A command that runs.
pub struct Face {
    child: Child,
    lines: std::cell::RefCell<BufReader<ChildStdout>>,
}

impl Face {
    pub fn running(shell: &Shell, words: &[&str]) -> Self {
        let mut child = shell.start(&[words, &["--json"]].concat());
        let stdout = child.stdout.take().unwrap();
        Self {
            child,
            lines: BufReader::new(stdout).into(),
        }
    }

    /// The next line of this kind.
    pub fn line(&self, event: &str) -> Value {
        let mut lines = self.lines.borrow_mut();
        loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).unwrap();
            assert!(read > 0, "no {event}");
            let value: Value = serde_json::from_str(&line).unwrap();
            assert!(value.get("error").is_none(), "{value}");
            if value["event"] == event {
                return value;
            }
        }
    }

    pub fn consent(&self) -> Value {
        self.line("consent")
    }

    /// The last line, once it has ended with this code.
    pub fn ended(mut self, code: i32) -> Value {
        let mut rest = String::new();
        self.lines.borrow_mut().read_to_string(&mut rest).unwrap();
        let status = self.child.wait().unwrap();
        assert_eq!(status.code(), Some(code), "{rest}");
        serde_json::from_str(rest.lines().last().unwrap_or("null")).unwrap()
    }

    /// Ends it as a dropped link does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
