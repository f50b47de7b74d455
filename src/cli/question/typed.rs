//! Lines from standard input, read by a thread of their own and only when wanted.

use std::io::{self, BufRead};
use std::sync::mpsc as blocking;

use tokio::sync::mpsc;

use crate::cli::terminal::Terminal;

/// Longest line, in bytes; what is longer is read to its end and thrown away.
const LIMIT: usize = 1024 * 1024;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Line {
    /// Without its end.
    Text(Vec<u8>),
    /// Longer than anything that is read.
    TooLong,
    /// There are no more for now: Ctrl-d, or the end of a file.
    End,
}

/// Lines that somebody types, or that a script sends.
#[derive(Debug)]
pub(in crate::cli) struct Typed {
    wanted: blocking::Sender<()>,
    lines: mpsc::UnboundedReceiver<Line>,
    /// A line was asked for and has not come.
    outstanding: bool,
}

impl Typed {
    /// Reads nothing until it is asked.
    pub(in crate::cli) fn new() -> Self {
        let (wanted, requests) = blocking::channel::<()>();
        let (tell, lines) = mpsc::unbounded_channel();
        // Never joined: it may wait for a line when the program ends.
        std::thread::spawn(move || {
            for () in requests {
                if tell.send(read(&mut io::stdin().lock())).is_err() {
                    return;
                }
            }
        });
        Self {
            wanted,
            lines,
            outstanding: false,
        }
    }

    /// Lines that come from a test.
    #[cfg(test)]
    pub(in crate::cli) fn from_channel(lines: mpsc::UnboundedReceiver<Line>) -> Self {
        let (wanted, _) = blocking::channel();
        Self {
            wanted,
            lines,
            outstanding: false,
        }
    }

    /// The next line. May be dropped and called again: no line is lost.
    pub(in crate::cli) async fn next(&mut self) -> Line {
        if !self.outstanding {
            self.outstanding = self.wanted.send(()).is_ok();
        }
        let line = self.lines.recv().await;
        self.outstanding = false;
        line.unwrap_or(Line::End)
    }

    /// Throws away what was typed until now: it is no answer to what comes.
    pub(in crate::cli) fn forget(&mut self, terminal: &Terminal) {
        terminal.forget_typed();
        while self.lines.try_recv().is_ok() {
            self.outstanding = false;
        }
    }
}

fn read(from: &mut impl BufRead) -> Line {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let Ok(buffer) = from.fill_buf() else {
            return Line::End;
        };
        if buffer.is_empty() {
            return match (line.is_empty(), too_long) {
                (_, true) => Line::TooLong,
                (true, false) => Line::End,
                (false, false) => Line::Text(line),
            };
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let take = end.unwrap_or(buffer.len());
        if line.len() + take > LIMIT {
            too_long = true;
        } else {
            line.extend(buffer.iter().take(take));
        }
        let used = end.map_or(take, |at| at + 1);
        from.consume(used);
        if end.is_some() {
            return if too_long {
                Line::TooLong
            } else {
                Line::Text(line)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn lines_are_whole_bounded_and_end() {
        let long = "x".repeat(LIMIT + 1);
        let text = format!("one\n\n{long}\ntwo");
        let mut from = BufReader::with_capacity(7, text.as_bytes());
        let mut next = || read(&mut from);
        assert_eq!(next(), Line::Text(b"one".to_vec()));
        assert_eq!(next(), Line::Text(Vec::new()));
        assert_eq!(next(), Line::TooLong);
        assert_eq!(next(), Line::Text(b"two".to_vec()));
        assert_eq!(next(), Line::End);
    }
}
