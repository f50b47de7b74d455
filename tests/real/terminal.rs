//! A command in a terminal of its own, for what is only said to people.

use std::io::{Read, Write};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use crate::shell::Shell;

pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    screen: Box<dyn Read + Send>,
    keys: Box<dyn Write + Send>,
    said: String,
}

impl Terminal {
    pub fn start(shell: &Shell, words: &[&str]) -> Self {
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_callboard"));
        command.args(words);
        command.env_clear();
        command.env("HOME", shell.home());
        command.env("PATH", "/usr/bin:/bin");
        command.env("TERM", "xterm");
        command.env("CALLBOARD_HOME", shell.home().join("board"));
        command.cwd(shell.home());
        let child = pair.slave.spawn_command(command).unwrap();
        let screen = pair.master.try_clone_reader().unwrap();
        Self {
            child,
            screen,
            keys: pair.master.take_writer().unwrap(),
            said: String::new(),
        }
    }

    /// Types; `\r` is Enter.
    pub fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads until this was said.
    pub fn read_until(&mut self, text: &str) {
        while !self.said.contains(text) {
            assert!(self.read(), "it ended without {text:?}: {}", self.said);
        }
    }

    /// Reads to the end: the exit code, and everything that was said.
    pub fn end(mut self) -> (u32, String) {
        while self.read() {}
        (self.child.wait().unwrap().exit_code(), self.said)
    }

    /// Whether there was more. The end of a terminal is an error to its reader.
    fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let read = self.screen.read(&mut buffer).unwrap_or(0);
        self.said
            .push_str(&String::from_utf8_lossy(&buffer[..read]));
        read > 0
    }
}
