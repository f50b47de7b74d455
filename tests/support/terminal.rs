//! A terminal for the interface: a pseudo-terminal, and a screen that is looked at.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use super::shell::Shell;

/// How long something may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was said to the terminal besides text.
#[derive(Default)]
struct Heard {
    /// What was put on the clipboard last, as text.
    clipboard: Option<String>,
    /// Whether the colour of the background was asked for (OSC 11).
    asked: bool,
}

impl vt100::Callbacks for Heard {
    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        self.asked |= params == [b"11".as_slice(), b"?"];
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::STANDARD.decode(data);
        self.clipboard = Some(String::from_utf8(bytes.unwrap()).unwrap());
    }
}

type Screen = Arc<(Mutex<vt100::Parser<Heard>>, Condvar)>;

/// A program in a terminal of its own. Closed when dropped.
pub struct Terminal {
    screen: Screen,
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    closing: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Terminal {
    /// Opens the interface, 80 by 24.
    pub fn open(shell: &Shell) -> Self {
        Self::run(shell, &[env!("CARGO_BIN_EXE_callboard")])
    }

    /// Runs a program, its words first, as the shell would.
    pub fn run(shell: &Shell, words: &[&str]) -> Self {
        let pair = native_pty_system().openpty(size(80, 24)).unwrap();
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.env_clear();
        for (name, value) in shell.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command.cwd(shell.home());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (rows, columns) = (NonZeroU16::new(24).unwrap(), NonZeroU16::new(80).unwrap());
        let parser = vt100::Parser::new_with_callbacks(rows, columns, 0, Heard::default());
        let screen: Screen = Arc::new((Mutex::new(parser), Condvar::new()));
        let closing = Arc::new(AtomicBool::new(false));
        let reader = {
            let from = pair.master.try_clone_reader().unwrap();
            let (screen, closing) = (Arc::clone(&screen), Arc::clone(&closing));
            std::thread::spawn(move || read(from, &screen, &closing))
        };
        Self {
            screen,
            child,
            keys: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            closing,
            reader: Some(reader),
        }
    }

    /// Types. `\r` is Enter, `\x1b\r` Alt-Enter, `\x1b[Z` Shift-Tab.
    pub fn types(&mut self, keys: &str) {
        let terminal = self.keys.as_mut().unwrap();
        terminal.write_all(keys.as_bytes()).unwrap();
        terminal.flush().unwrap();
    }

    /// Waits until the screen is as wanted.
    #[track_caller]
    pub fn waits(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let changed = &self.screen.1;
        let end = Instant::now() + PATIENCE;
        let mut parser = held(&self.screen);
        while !wanted(parser.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "never {what}:\n{}",
                parser.screen().contents()
            );
            let waited = changed.wait_timeout(parser, left);
            parser = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub fn shows(&self, text: &str) {
        self.waits(&format!("{text:?}"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Waits until this is on the clipboard.
    #[track_caller]
    pub fn copies(&self, text: &str) {
        self.hears(&format!("copied {text:?}"), |heard| {
            heard.clipboard.as_deref() == Some(text)
        });
    }

    /// Waits until the terminal is asked for the colour of its background.
    #[track_caller]
    pub fn is_asked(&self) {
        self.hears("asked for its background", |heard| heard.asked);
    }

    #[track_caller]
    fn hears(&self, what: &str, wanted: impl Fn(&Heard) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut parser = held(&self.screen);
        while !wanted(parser.callbacks()) {
            let left = end.saturating_duration_since(Instant::now());
            let copied = &parser.callbacks().clipboard;
            assert!(!left.is_zero(), "never {what}; copied was {copied:?}");
            let waited = self.screen.1.wait_timeout(parser, left);
            parser = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether the screen stays so, for so long.
    pub fn stays(&self, time: Duration, wanted: impl Fn(&vt100::Screen) -> bool) -> bool {
        let end = Instant::now() + time;
        let mut parser = held(&self.screen);
        while wanted(parser.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            let waited = self.screen.1.wait_timeout(parser, left);
            parser = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    /// Waits until the screen shows a text no more.
    #[track_caller]
    pub fn hides(&self, text: &str) {
        self.waits(&format!("without {text:?}"), |screen| {
            !screen.contents().contains(text)
        });
    }

    /// Waits until the terminal is as the interface found it.
    #[track_caller]
    pub fn is_given_back(&self) {
        self.waits("given back", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
    }

    /// Process id of what was started.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.process_id().unwrap()).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.pid()).unwrap(), signal).unwrap();
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (height, width) = (NonZeroU16::new(rows), NonZeroU16::new(columns));
        held(&self.screen).set_size(height.unwrap(), width.unwrap());
        let master = self.master.as_ref().unwrap();
        master.resize(size(columns, rows)).unwrap();
    }

    /// Closes the window: the terminal is gone, whatever still runs in it.
    pub fn close(&mut self) {
        self.closing.store(true, Ordering::Release);
        if let Some(master) = &self.master {
            // What is drawn anew lets the reader see that it is over.
            let _ = master.resize(size(81, 25));
        }
        self.keys = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        self.master = None;
    }

    /// Waits for the program's end, at most so long; says how long it took.
    #[track_caller]
    pub fn ends_within(&mut self, most: Duration) -> u32 {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(begin.elapsed() < most, "it still runs after {most:?}");
            // Nothing tells when a child ends but asking for it.
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn ends(&mut self) -> u32 {
        self.ends_within(PATIENCE)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.close();
    }
}

fn read(mut from: Box<dyn Read + Send>, screen: &Screen, closing: &AtomicBool) {
    let mut buffer = [0; 8192];
    loop {
        match from.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => {
                held(screen).process(&buffer[..count]);
                screen.1.notify_all();
            }
        }
        if closing.load(Ordering::Acquire) {
            return;
        }
    }
}

/// The screen, also of a test that has failed already.
fn held(screen: &Screen) -> MutexGuard<'_, vt100::Parser<Heard>> {
    screen.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
