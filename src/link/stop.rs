//! Ending a board, also one that this face cannot speak to.

use std::fs::File;

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Duration, timeout};

use super::client::Client;
use super::find::{Found, find, host_name};
use crate::config::Home;
use crate::domain::Fault;
use crate::protocol::{BoardRecord, PROTOCOL_VERSION, Stop};

/// How long a board may take to end, sessions and programs included.
const END_WAIT: Duration = Duration::from_secs(20);

/// How long a board may take to say that it ends, before it is asked by signal.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// What was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The board that was running.
    pub record: BoardRecord,
}

/// Ends the board of this home and waits until it is gone.
///
/// # Errors
/// `not-found` where none runs; `config` where it does not end.
pub async fn stop(home: &Home) -> Result<Stopped, Fault> {
    let record = match find(home)? {
        Found::None => return Err(Fault::not_found("no board is running")),
        Found::Starting => Client::attach(home).await?.record().clone(),
        Found::Running(record) => record,
    };
    if record.host != host_name() {
        return Err(
            Fault::config(format!("the board of this home runs on {}", record.host))
                .hint("end it there"),
        );
    }
    let asked = if record.protocol == PROTOCOL_VERSION {
        match Client::attach(home).await {
            Ok(client) => timeout(ANSWER_WAIT, client.send(&Stop {}))
                .await
                .is_ok_and(|answer| answer.is_ok()),
            Err(_) => false,
        }
    } else {
        false
    };
    // Its process id means something only for as long as it holds the lock.
    if !asked && find(home)? == Found::Running(record.clone()) {
        signal(&record)?;
    }
    wait_until_gone(home, &record).await?;
    Ok(Stopped { record })
}

/// Asks by SIGTERM, which every version of callboard takes as *end cleanly*.
fn signal(record: &BoardRecord) -> Result<(), Fault> {
    let pid = i32::try_from(record.pid).ok().and_then(Pid::from_raw);
    let sent = pid.map(|pid| kill_process(pid, Signal::TERM));
    match sent {
        Some(Ok(()) | Err(rustix::io::Errno::SRCH)) => Ok(()),
        Some(Err(error)) => Err(Fault::config(format!(
            "the board (process {}) cannot be ended: {error}",
            record.pid
        ))),
        None => Err(Fault::config("the lock file names no process")),
    }
}

/// Waits for the lock: a board holds it to its last breath.
async fn wait_until_gone(home: &Home, record: &BoardRecord) -> Result<(), Fault> {
    let path = home.lock_file();
    let waiting = tokio::task::spawn_blocking(move || {
        let file = File::open(path)?;
        flock(&file, FlockOperation::LockShared).map_err(std::io::Error::from)
    });
    match timeout(END_WAIT, waiting).await {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::config(format!(
            "the board (process {}) has not ended after {} s",
            record.pid,
            END_WAIT.as_secs()
        ))
        .hint(format!(
            "`kill -9 {}` ends it; nothing acknowledged is lost",
            record.pid
        ))),
    }
}
