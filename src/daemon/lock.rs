//! The lock that makes a board the only one of its home.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::config::Home;
use crate::domain::Fault;
use crate::protocol::BoardRecord;

/// How often the lock is tried while only faces hold it.
const LOOKS: u32 = 200;

/// How long a face that looks for the board is waited for.
const LOOK: Duration = Duration::from_millis(3);

/// Held for as long as it lives; the system lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// `config` where another board holds it, or the folder is not private.
    pub(super) fn take(home: &Home) -> Result<Self, Fault> {
        private_folder(&home.run)?;
        let path = home.lock_file();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| {
                Fault::config(format!("{} cannot be opened: {error}", path.display()))
            })?;
        if !hold(&file, &path)? {
            let mut text = String::new();
            let holder = file
                .read_to_string(&mut text)
                .ok()
                .and_then(|_| serde_json::from_str::<BoardRecord>(&text).ok());
            return Err(already_running(holder.as_ref()));
        }
        // What an earlier board wrote is no longer true.
        file.set_len(0).map_err(|error| {
            Fault::config(format!("{} cannot be written: {error}", path.display()))
        })?;
        Ok(Self { file })
    }

    /// Says who holds it.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub(super) fn sign(&mut self, record: &BoardRecord) -> Result<(), Fault> {
        let text =
            serde_json::to_string(record).map_err(|error| Fault::internal(error.to_string()))?;
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.file.set_len(0))
            .and_then(|()| self.file.write_all(text.as_bytes()))
            .map_err(|error| Fault::config(format!("the lock file cannot be written: {error}")))
    }
}

/// Takes the lock, if no board holds it. A face that looks whether one runs holds
/// it too, shared and for a moment, and is waited for.
fn hold(file: &File, path: &Path) -> Result<bool, Fault> {
    for _ in 0..LOOKS {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(true),
            Err(Errno::WOULDBLOCK) => {}
            Err(error) => {
                return Err(
                    Fault::config(format!("{} cannot be locked: {error}", path.display()))
                        .hint("put CALLBOARD_HOME on a file system that knows locks"),
                );
            }
        }
        // Shared, it is refused by a board alone.
        if flock(file, FlockOperation::NonBlockingLockShared).is_err() {
            return Ok(false);
        }
        let _ = flock(file, FlockOperation::Unlock);
        std::thread::sleep(LOOK);
    }
    Ok(false)
}

fn already_running(holder: Option<&BoardRecord>) -> Fault {
    let whom = holder.map_or_else(String::new, |record| {
        format!(" (process {} on {})", record.pid, record.host)
    });
    Fault::config(format!("a board of this home is already running{whom}"))
        .hint("`callboard` attaches to it; `callboard stop` ends it")
}

/// Makes sure that a folder is there, belongs to this user and is closed to all
/// others.
///
/// # Errors
/// `config`, with the command that mends it.
pub(super) fn private_folder(folder: &Path) -> Result<(), Fault> {
    let failed = |error: std::io::Error| {
        Fault::config(format!("{} cannot be made: {error}", folder.display()))
            .hint("set CALLBOARD_HOME to a folder that you may write")
    };
    if !folder.exists() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(failed)?;
    }
    let meta = std::fs::symlink_metadata(folder).map_err(failed)?;
    let mine = meta.uid() == rustix::process::getuid().as_raw();
    if !meta.is_dir() || !mine {
        return Err(
            Fault::config(format!("{} is not a folder of this user", folder.display()))
                .hint("move it away, or set CALLBOARD_HOME to another folder"),
        );
    }
    if meta.mode() & 0o077 != 0 {
        std::fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_lock_for_a_home() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(dir.path());
        let held = Lock::take(&home).unwrap();
        let fault = Lock::take(&home).unwrap_err();
        assert!(fault.message.contains("already running"));
        drop(held);
        assert!(Lock::take(&home).is_ok());
    }

    #[test]
    fn a_face_that_looks_is_no_board() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(dir.path());
        drop(Lock::take(&home).unwrap());
        let looking = File::open(home.lock_file()).unwrap();
        flock(&looking, FlockOperation::LockShared).unwrap();
        let taking = std::thread::spawn(move || Lock::take(&home).map(|_| ()));
        std::thread::sleep(LOOK * 5);
        drop(looking);
        assert_eq!(taking.join().unwrap(), Ok(()));
    }

    #[test]
    fn the_run_folder_is_closed_to_others() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(dir.path());
        std::fs::create_dir(&home.run).unwrap();
        std::fs::set_permissions(&home.run, Permissions::from_mode(0o755)).unwrap();
        let _held = Lock::take(&home).unwrap();
        assert_eq!(std::fs::metadata(&home.run).unwrap().mode() & 0o777, 0o700);
        assert_eq!(
            std::fs::metadata(home.lock_file()).unwrap().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn a_link_in_place_of_the_run_folder_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(dir.path());
        std::os::unix::fs::symlink(dir.path(), &home.run).unwrap();
        assert!(Lock::take(&home).is_err());
    }
}
