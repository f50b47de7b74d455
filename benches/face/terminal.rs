//! A terminal that notes when each byte arrived.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::shell::Shell;

pub const WIDTH: u16 = 120;
pub const HEIGHT: u16 = 40;

/// How long anything may take before there is nothing to measure.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every frame ends with: the end of a synchronized update.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// A shell that becomes the program when a line comes: what it takes to fork this
/// process, with its servers and their streams, is no part of what is measured.
const WAITING: &str = "stty -echo; printf ready; read -r _; exec \"$0\"";

/// What a terminal is asked, and what one of them answers: a dark background, and
/// what it can.
const REPLIES: &[(&[u8], &[u8])] = &[
    (b"\x1b]11;?", b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\"),
    (b"\x1b[c", b"\x1b[?62;22c"),
];

type Keys = Arc<Mutex<Box<dyn Write + Send>>>;
type Line = Arc<(Mutex<Seen>, Condvar)>;

/// What arrived.
#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    /// When, and how many bytes there were then.
    arrivals: Vec<(Instant, usize)>,
}

/// The interface in a terminal of 120x40. Ended when dropped.
pub struct Terminal {
    line: Line,
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Keys,
    reader: Option<JoinHandle<()>>,
    /// Just before the shell became it.
    pub begun: Instant,
}

/// A frame: when its last byte arrived, and how many bytes came up to then.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub at: Instant,
    pub bytes: usize,
}

impl Terminal {
    /// Opens the interface. A terminal with exact colours is asked for its background,
    /// and answers, or says nothing to anything.
    pub fn open(shell: &Shell, answers: bool) -> Self {
        let pair = native_pty_system().openpty(size()).unwrap();
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", WAITING, env!("CARGO_BIN_EXE_callboard")]);
        command.env_clear();
        for (name, value) in shell.environment() {
            command.env(name, value);
        }
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.cwd(shell.home());
        let keys: Keys = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let line = Line::default();
        let from = pair.master.try_clone_reader().unwrap();
        let reader = {
            let (line, keys) = (Arc::clone(&line), answers.then(|| Arc::clone(&keys)));
            std::thread::spawn(move || read(from, &line, keys.as_ref()))
        };
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut terminal = Self {
            line,
            child,
            master: Some(pair.master),
            keys,
            reader: Some(reader),
            begun: Instant::now(),
        };
        terminal.shows("ready");
        *held(&terminal.line) = Seen::default();
        terminal.begun = Instant::now();
        terminal.presses("\n");
        terminal
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.process_id().unwrap()).unwrap()
    }

    /// Presses keys. Returns how many bytes had come before.
    pub fn presses(&self, keys: &str) -> usize {
        let before = self.count();
        type_in(&self.keys, keys.as_bytes());
        before
    }

    /// How many bytes have come.
    pub fn count(&self) -> usize {
        held(&self.line).bytes.len()
    }

    /// When the first byte came, and the last.
    pub fn first_and_last(&self) -> (Instant, Instant) {
        let seen = held(&self.line);
        (
            seen.arrivals.first().unwrap().0,
            seen.arrivals.last().unwrap().0,
        )
    }

    /// Waits for the first frame that ends behind so many bytes; `None` where none comes
    /// in so long a time.
    pub fn frame(&self, from: usize, within: Duration) -> Option<Frame> {
        let end = Instant::now() + within;
        let mut seen = held(&self.line);
        loop {
            let rest = seen.bytes.get(from..).unwrap_or_default();
            if let Some(place) = find(rest, FRAME_END) {
                let upto = from + place + FRAME_END.len();
                let arrival = seen.arrivals.iter().find(|(_, count)| *count >= upto);
                return arrival.map(|(at, _)| Frame {
                    at: *at,
                    bytes: upto - from,
                });
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.line.1.wait_timeout(seen, left);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until nothing came for so long.
    pub fn rests(&self, silence: Duration) {
        let begun = Instant::now();
        let mut seen = held(&self.line);
        loop {
            let last = seen
                .arrivals
                .last()
                .map_or(begun, |(at, _)| (*at).max(begun));
            let quiet = last.elapsed();
            if quiet >= silence {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "it never rests");
            let waited = self.line.1.wait_timeout(seen, silence - quiet);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until the screen shows a text.
    pub fn shows(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        let (rows, columns) = (NonZeroU16::new(HEIGHT), NonZeroU16::new(WIDTH));
        let mut screen = vt100::Parser::new(rows.unwrap(), columns.unwrap(), 0);
        let mut upto = 0;
        let mut seen = held(&self.line);
        loop {
            screen.process(&seen.bytes[upto..]);
            upto = seen.bytes.len();
            let contents = screen.screen().contents();
            if contents.contains(text) {
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never {text:?}:\n{contents}");
            let waited = self.line.1.wait_timeout(seen, left);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.master = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

fn read(mut from: Box<dyn Read + Send>, line: &Line, answers: Option<&Keys>) {
    let mut buffer = [0; 65_536];
    // What has been answered already.
    let mut upto = 0;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        let now = Instant::now();
        let mut seen = held(line);
        seen.bytes.extend_from_slice(&buffer[..count]);
        let all = seen.bytes.len();
        seen.arrivals.push((now, all));
        line.1.notify_all();
        let Some(keys) = answers else { continue };
        for (question, reply) in REPLIES {
            // A question may have come in two pieces.
            let from = usize::max(upto, all.saturating_sub(count + question.len())).min(all);
            if let Some(place) = find(&seen.bytes[from..], question) {
                upto = from + place + question.len();
                type_in(keys, reply);
            }
        }
    }
}

fn type_in(keys: &Keys, bytes: &[u8]) {
    let mut keys = keys.lock().unwrap_or_else(PoisonError::into_inner);
    // Fails where it has ended, which is seen elsewhere.
    let _ = keys.write_all(bytes).and_then(|()| keys.flush());
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn held(line: &Line) -> MutexGuard<'_, Seen> {
    line.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn size() -> PtySize {
    PtySize {
        rows: HEIGHT,
        cols: WIDTH,
        pixel_width: 0,
        pixel_height: 0,
    }
}
