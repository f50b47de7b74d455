//! Is there a board for this home?

use std::fs::File;
use std::io::{ErrorKind, Read};

use rustix::fs::{FlockOperation, flock};

use crate::config::Home;
use crate::domain::Fault;
use crate::protocol::{BoardRecord, PROTOCOL_VERSION, VERSION};

/// What the lock says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No board runs.
    None,
    /// One holds the lock and has not said yet where it listens.
    Starting,
    /// One runs.
    Running(BoardRecord),
}

/// Looks for the board of this home. The lock alone decides: a process id or a
/// socket left behind by a board that was killed means nothing.
///
/// # Errors
/// Where the lock file cannot be read.
pub fn find(home: &Home) -> Result<Found, Fault> {
    let path = home.lock_file();
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::None),
        Err(error) => {
            return Err(
                Fault::config(format!("{} cannot be read: {error}", path.display()))
                    .hint("look at it with `callboard doctor`"),
            );
        }
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        // Nobody holds it: it goes back when the file is closed.
        Ok(()) => return Ok(Found::None),
        Err(rustix::io::Errno::WOULDBLOCK) => {}
        Err(error) => {
            return Err(
                Fault::config(format!("{} cannot be locked: {error}", path.display()))
                    .hint("put CALLBOARD_HOME on a file system that knows locks"),
            );
        }
    }
    let mut text = String::new();
    if file.read_to_string(&mut text).is_err() {
        return Ok(Found::Starting);
    }
    Ok(serde_json::from_str(&text).map_or(Found::Starting, Found::Running))
}

/// Says in words why a face of this version cannot use that board, if so.
///
/// # Errors
/// Another host, or another protocol version.
pub(super) fn usable(record: &BoardRecord, host: &str) -> Result<(), Fault> {
    if record.host != host {
        return Err(Fault::config(format!(
            "the board of this home runs on {}, and this is {host}",
            record.host
        ))
        .hint(format!(
            "use it there, or end it there with `callboard stop`; or set CALLBOARD_HOME to a folder for {host} alone"
        )));
    }
    if record.protocol == PROTOCOL_VERSION {
        return Ok(());
    }
    let newer = if record.protocol > PROTOCOL_VERSION {
        "newer"
    } else {
        "older"
    };
    Err(Fault::config(format!(
        "the board is callboard {}, {newer} than this callboard {VERSION}",
        record.version
    ))
    .hint("`callboard stop` ends it; the next `callboard` starts the board of its own version"))
}

/// This machine's name.
pub(super) fn host_name() -> String {
    rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    fn record() -> BoardRecord {
        BoardRecord {
            pid: 1,
            host: "here".to_owned(),
            version: "9.9.9".to_owned(),
            protocol: PROTOCOL_VERSION,
            socket: "/x".to_owned(),
            started_at: Timestamp::default(),
        }
    }

    #[test]
    fn a_board_of_the_same_protocol_is_usable_whatever_its_version() {
        assert_eq!(usable(&record(), "here"), Ok(()));
    }

    #[test]
    fn a_newer_board_is_named_with_what_mends_it() {
        let newer = BoardRecord {
            protocol: PROTOCOL_VERSION + 1,
            ..record()
        };
        let fault = usable(&newer, "here").unwrap_err();
        assert!(fault.message.contains("callboard 9.9.9, newer than this"));
        assert!(fault.hints[0].contains("callboard stop"));
    }

    #[test]
    fn a_board_on_another_host_is_refused_in_words() {
        let fault = usable(&record(), "there").unwrap_err();
        assert!(fault.message.contains("runs on here, and this is there"));
    }

    #[test]
    fn a_lock_file_that_nobody_holds_means_no_board() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(dir.path());
        assert_eq!(find(&home), Ok(Found::None));
        std::fs::create_dir_all(&home.run).unwrap();
        std::fs::write(home.lock_file(), serde_json::to_string(&record()).unwrap()).unwrap();
        assert_eq!(find(&home), Ok(Found::None));
        let held = File::open(home.lock_file()).unwrap();
        flock(&held, FlockOperation::LockExclusive).unwrap();
        assert_eq!(find(&home), Ok(Found::Running(record())));
        std::fs::write(home.lock_file(), "").unwrap();
        assert_eq!(find(&home), Ok(Found::Starting));
    }
}
