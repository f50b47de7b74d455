//! The thread that writes to the terminal.
//!
//! A terminal that does not take its bytes (a dead line, a slow one, Ctrl-s)
//! blocks whoever writes; so one thread does nothing else. At most one frame is on
//! its way; the next is drawn when it has arrived, from what is then the case.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc;

use tokio::sync::mpsc::UnboundedSender;

/// What the thread says of one frame.
#[derive(Debug)]
pub(in crate::tui) struct Written(pub(in crate::tui) io::Result<()>);

/// The way of frames to the terminal.
#[derive(Debug)]
pub(in crate::tui) struct Frames {
    frames: mpsc::Sender<Vec<u8>>,
    under_way: usize,
}

impl Frames {
    /// Starts the thread. It ends when this is dropped, or with the process.
    ///
    /// # Errors
    /// Where no thread is to be had.
    pub(in crate::tui) fn start(
        terminal: OwnedFd,
        done: UnboundedSender<Written>,
    ) -> io::Result<Self> {
        let (frames, queue) = mpsc::channel::<Vec<u8>>();
        std::thread::Builder::new()
            .name("terminal-output".to_owned())
            .stack_size(128 * 1024)
            .spawn(move || {
                while let Ok(frame) = queue.recv() {
                    let written = write_all(&terminal, &frame);
                    let failed = written.is_err();
                    if done.send(Written(written)).is_err() || failed {
                        return;
                    }
                }
            })?;
        Ok(Self {
            frames,
            under_way: 0,
        })
    }

    /// Sends bytes on their way. Never waits.
    pub(in crate::tui) fn send(&mut self, bytes: Vec<u8>) {
        // The thread ends only after it said why, which ends the face.
        if self.frames.send(bytes).is_ok() {
            self.under_way = self.under_way.saturating_add(1);
        }
    }

    /// Takes note that some have arrived.
    pub(in crate::tui) fn arrived(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Whether all have arrived.
    pub(in crate::tui) fn idle(&self) -> bool {
        self.under_way == 0
    }
}

fn write_all(terminal: &OwnedFd, mut bytes: &[u8]) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    while !bytes.is_empty() {
        match rustix::io::write(terminal, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            // Whoever shares the terminal with us may have set it so.
            Err(rustix::io::Errno::AGAIN) => {
                poll(&mut [PollFd::new(terminal, PollFlags::OUT)], None).map(drop)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
