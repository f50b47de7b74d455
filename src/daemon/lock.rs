//! The lock that makes a board the only one of its home.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::config::Home;
use crate::domain::Fault;
use crate::protocol::BoardRecord;

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
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut text = String::new();
                let holder = file
                    .read_to_string(&mut text)
                    .ok()
                    .and_then(|_| serde_json::from_str::<BoardRecord>(&text).ok());
                return Err(already_running(holder.as_ref()));
            }
            Err(error) => {
                return Err(
                    Fault::config(format!("{} cannot be locked: {error}", path.display()))
                        .hint("put CALLBOARD_HOME on a file system that knows locks"),
                );
            }
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
