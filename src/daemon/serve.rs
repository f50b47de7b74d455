//! A board from its first breath to its last.

use std::io::Write;
use std::time::Duration;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::lock::Lock;
use super::routes::routes;
use super::socket::Door;
use super::{idle, log};
use crate::config::Home;
use crate::domain::{Fault, Timestamp};
use crate::engine::Engine;
use crate::protocol::{BoardRecord, PROTOCOL_VERSION, VERSION};

/// How long answers may take to be read when the board ends.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// How a board is run.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Started by a face: detaches from its terminal and says on standard output,
    /// once, that it is ready or why it cannot be.
    pub background: bool,
    /// How long a board with nothing enabled and nobody attached lives on.
    pub idle_limit: Duration,
    /// How old a connector's list of functions may be when one of them is run.
    pub list_age: Duration,
    /// Where callboard's client ID metadata document is published.
    pub client_metadata_url: Option<String>,
    /// Ends the board when it is cancelled; for whoever hosts one in its process.
    pub end: CancellationToken,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            background: false,
            idle_limit: Duration::from_secs(600),
            list_age: Duration::from_secs(60),
            client_metadata_url: None,
            end: CancellationToken::new(),
        }
    }
}

/// Runs the board of this home until it is told to end. Calls `on_ready` once it
/// listens.
///
/// # Errors
/// `config` where another board runs, or a folder cannot be used.
pub async fn serve(
    home: Home,
    options: ServeOptions,
    on_ready: impl FnOnce(&BoardRecord),
) -> Result<(), Fault> {
    if options.background {
        // Fails only for a process that leads a group already, and then there is
        // no terminal to be freed from.
        let _ = rustix::process::setsid();
    }
    let background = options.background;
    let served = run(&home, options, on_ready).await;
    if background && let Err(fault) = &served {
        report(&serde_json::to_string(fault).unwrap_or_default());
    }
    served
}

async fn run(
    home: &Home,
    options: ServeOptions,
    on_ready: impl FnOnce(&BoardRecord),
) -> Result<(), Fault> {
    let mut lock = Lock::take(home)?;
    log::start(home)?;
    if let Err(error) = crate::secrets::harden_process() {
        tracing::warn!(%error, "core dumps cannot be switched off");
    }
    let mut signals = Signals::listen()?;
    let engine = Engine::open(home, options.list_age, options.client_metadata_url).await?;
    let socket = home.socket(PROTOCOL_VERSION);
    let door = Door::open(&socket)?;
    let record = BoardRecord {
        pid: std::process::id(),
        host: rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned(),
        version: VERSION.to_owned(),
        protocol: PROTOCOL_VERSION,
        socket: socket.display().to_string(),
        started_at: Timestamp::now(),
    };
    lock.sign(&record)?;
    tracing::info!(pid = record.pid, version = VERSION, "the board listens");
    engine.start();
    on_ready(&record);
    if options.background {
        report("ready");
    }

    let stopping = engine.stopping();
    let server = axum::serve(door, routes(engine.clone()))
        .with_graceful_shutdown(stopping.clone().cancelled_owned());
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        () = stopping.cancelled() => {}
        () = options.end.cancelled() => {}
        name = signals.next() => tracing::info!(signal = name, "asked to end"),
        () = idle::out_of_use(&engine, options.idle_limit) => {
            tracing::info!("nothing enabled and nobody attached");
        }
        ended = &mut server => {
            tracing::error!(?ended, "the socket broke");
        }
    }
    engine.shut_down().await;
    if !server.is_finished() {
        // Every stream has ended by now; what is left is a reader who does not read.
        let _ = tokio::time::timeout(LAST_ANSWERS, &mut server).await;
        server.abort();
    }
    tracing::info!("the board has ended");
    drop(lock);
    Ok(())
}

/// The one word to whoever started this board; after it standard output leads
/// nowhere, so that no pipe of a face is kept open.
fn report(word: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{word}").and_then(|()| out.flush());
    if let Ok(null) = std::fs::OpenOptions::new().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(&null);
    }
}

/// Signals that end a board, and those that must not: the end of the terminal it
/// happened to be started in, and a full quota.
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
    /// A file has reached the size that is allowed: the write fails, not the board.
    file_size: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> Result<Self, Fault> {
        let listen =
            |kind| signal(kind).map_err(|error| Fault::internal(format!("no signals: {error}")));
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
            file_size: listen(SignalKind::from_raw(Signal::XFSZ.as_raw()))?,
        })
    }

    async fn next(&mut self) -> &'static str {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return "SIGTERM",
                _ = self.interrupt.recv() => return "SIGINT",
                _ = self.hang_up.recv() => {}
                _ = self.file_size.recv() => tracing::warn!("a file may grow no more"),
            }
        }
    }
}
