//! The terminal: taken over, given back, written to.
//!
//! Whatever happens (leaving, a signal, a panic, sleep) the terminal is given back
//! as it was found, as far as it still answers. Settings go through
//! `tcsetattr(TCSANOW)`, which waits for nothing.

mod backend;
mod canvas;
mod pen;
mod writer;

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Mutex;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

pub(super) use backend::{Gathering, Link};
pub(super) use canvas::Canvas;
pub(super) use writer::{Frames, Written};

/// Enters: alternate screen, cursor hidden, bracketed paste.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J\x1b[H";

/// Takes the mouse: buttons and the wheel, not motion, in the one form whose reports
/// are read (SGR).
const ENTER_MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";

/// Leaves presses and the wheel to the terminal again.
const LEAVE_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// Asks for the colour of the background (OSC 11), and last for what every terminal
/// answers (DA1), so that it is known when no more answers come.
pub(super) const ASK_BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

/// Leaves, in the other order; ends a synchronized update that was cut short. The
/// mouse is given back whether it was taken or not.
pub(super) const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// The name of the thread that takes pictures apart. What goes wrong there is said of
/// the picture, and the terminal stays as it is.
pub(super) const PICTURES: &str = "pictures";

/// The settings of the terminal before it was taken over, for the panic hook.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// The terminal, taken over for as long as this lives.
#[derive(Debug)]
pub(super) struct Screen {
    /// Keys come from here, and settings belong to it.
    input: OwnedFd,
    /// Frames go here.
    output: OwnedFd,
}

impl Screen {
    /// Takes the terminal over: the one of standard input and output.
    ///
    /// # Errors
    /// Where they are no terminal, or it is gone.
    pub(super) fn take() -> io::Result<Self> {
        let screen = Self {
            input: rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?,
            output: rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?,
        };
        screen.raw()?;
        restore_on_panic();
        Ok(screen)
    }

    /// A handle to read from.
    ///
    /// # Errors
    /// Where the process has no handles left.
    pub(super) fn input(&self) -> io::Result<OwnedFd> {
        self.input.try_clone()
    }

    /// A handle to write to.
    ///
    /// # Errors
    /// Where the process has no handles left.
    pub(super) fn output(&self) -> io::Result<OwnedFd> {
        self.output.try_clone()
    }

    /// Columns and rows; 80 by 24 where the terminal does not know.
    pub(super) fn size(&self) -> (u16, u16) {
        match tcgetwinsize(&self.output) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
            _ => (80, 24),
        }
    }

    /// Width and height of a cell in pixels, where the terminal says.
    pub(super) fn cell_pixels(&self) -> Option<(u16, u16)> {
        let size = tcgetwinsize(&self.output).ok()?;
        let width = size.ws_xpixel.checked_div(size.ws_col)?;
        let height = size.ws_ypixel.checked_div(size.ws_row)?;
        (width > 0 && height > 0).then_some((width, height))
    }

    /// Sets it to raw: every key at once, none echoed, none a signal.
    ///
    /// # Errors
    /// Where it is gone.
    pub(super) fn raw(&self) -> io::Result<()> {
        let before = tcgetattr(&self.input)?;
        let mut raw = before.clone();
        raw.make_raw();
        remember(Some(before));
        tcsetattr(&self.input, OptionalActions::Now, &raw)?;
        Ok(())
    }

    /// How it is set now; `None` where it is gone.
    pub(super) fn settings(&self) -> Option<Termios> {
        tcgetattr(&self.input).ok()
    }

    /// Sets it like this.
    pub(super) fn set(&self, settings: Option<&Termios>) {
        if let Some(settings) = settings {
            // Fails where it is gone, which the next read finds out.
            tcsetattr(&self.input, OptionalActions::Now, settings).ok();
        }
    }

    /// Sets it to what it was.
    pub(super) fn cooked(&self) {
        set_back(&self.input);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.cooked();
    }
}

/// What enters the screen, to be written before the first frame; with the mouse or
/// without it.
pub(super) fn enter(mouse: bool) -> Vec<u8> {
    let mut bytes = ENTER.to_vec();
    if mouse {
        bytes.extend_from_slice(ENTER_MOUSE);
    }
    bytes
}

/// What takes the mouse, or leaves it.
pub(super) fn mouse(taken: bool) -> Vec<u8> {
    if taken { ENTER_MOUSE } else { LEAVE_MOUSE }.to_vec()
}

fn remember(settings: Option<Termios>) {
    if let Ok(mut before) = BEFORE.lock() {
        *before = settings;
    }
}

fn set_back(terminal: impl AsFd) {
    let Ok(mut before) = BEFORE.lock() else {
        return;
    };
    if let Some(settings) = before.take() {
        // Fails where the terminal is gone: nothing is left to set back then.
        tcsetattr(terminal, OptionalActions::Now, &settings).ok();
    }
}

/// Gives the terminal back before a panic says what it has to say.
fn restore_on_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() == Some(PICTURES) {
                return;
            }
            let taken = BEFORE.try_lock().is_ok_and(|before| before.is_some());
            if taken {
                io::stdout().write_all(LEAVE).ok();
                io::stdout().flush().ok();
                set_back(rustix::stdio::stdin());
            }
            next(panic);
        }));
    });
}

#[cfg(test)]
mod tests;
