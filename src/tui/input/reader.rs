//! The thread that waits for the terminal.
//!
//! It sleeps in `poll(2)` until bytes come, the terminal goes away, or it is told
//! to end; it never reads unless there is something, so it never stands in the
//! way of what takes the terminal over.

use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

/// What the thread says.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::tui) enum Raw {
    /// These bytes came.
    Bytes(Vec<u8>),
    /// The terminal is gone; nothing follows.
    Gone,
}

/// A running thread; ends when dropped.
#[derive(Debug)]
pub(in crate::tui) struct Reader {
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts to read `terminal` and sends what comes.
    ///
    /// # Errors
    /// Where no thread or no socket pair is to be had.
    pub(in crate::tui) fn start(
        terminal: OwnedFd,
        inputs: mpsc::UnboundedSender<Raw>,
    ) -> io::Result<Self> {
        let (wake, told) = UnixStream::pair()?;
        let thread = std::thread::Builder::new()
            .name("terminal-input".to_owned())
            .stack_size(128 * 1024)
            .spawn(move || read_until_told(&terminal, &told, &inputs))?;
        Ok(Self {
            wake,
            thread: Some(thread),
        })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let told = self.wake.write(b"e").is_ok();
        if let Some(thread) = self.thread.take()
            && told
        {
            // It wakes at once and holds nothing; an error would be its panic.
            thread.join().ok();
        }
    }
}

fn read_until_told(terminal: &OwnedFd, told: &UnixStream, inputs: &mpsc::UnboundedSender<Raw>) {
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    let mut buffer = [0_u8; 4096];
    loop {
        let mut fds = [
            PollFd::new(terminal, PollFlags::IN),
            PollFd::new(told, PollFlags::IN),
        ];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => break,
        }
        let [ready, ending] = fds.map(|fd| fd.revents());
        if !ending.is_empty() {
            return;
        }
        if ready.contains(PollFlags::IN) {
            match rustix::io::read(terminal, &mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    let bytes = buffer.get(..count).unwrap_or_default().to_vec();
                    if inputs.send(Raw::Bytes(bytes)).is_err() {
                        return;
                    }
                    continue;
                }
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => continue,
                Err(_) => break,
            }
        }
        if ready.intersects(gone) {
            break;
        }
    }
    // Nobody listens when the face has ended already.
    inputs.send(Raw::Gone).ok();
}
