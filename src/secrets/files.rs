//! A private folder: files that only their owner can reach, written whole or not at all.
//!
//! Everything is done relative to the opened folder, so that nobody can swap the
//! folder between the check and the use.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{
    AtFlags, CWD, Dir, FlockOperation, Mode, OFlags, flock, fstat, openat, renameat, unlinkat,
};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::SecretsError;
use super::sealed::random;

/// More than any vault needs; a larger file is not one.
const FILE_LIMIT: u64 = 16 * 1024 * 1024;
/// Longest wait for another process that writes.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
const LOCK_FILE: &str = "vault.lock";
const TEMPORARY: (&str, &str) = (".vault.", ".tmp");

/// A folder that was found to be private when it was opened.
pub(super) struct Folder {
    path: PathBuf,
    handle: OwnedFd,
}

/// The right to write in a folder, until dropped.
pub(super) struct WriteLock {
    _file: File,
}

impl Folder {
    /// Opens the folder; `None` where there is none.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, SecretsError> {
        // a trailing slash would follow a symlink
        let path: PathBuf = path.components().collect();
        match path.symlink_metadata() {
            Ok(found) if found.file_type().is_symlink() => return Err(is_a_symlink(&path)),
            Ok(found) if !found.is_dir() => {
                return Err(SecretsError::refused(
                    format!("{} is not a folder", path.display()),
                    "move it away, or set CALLBOARD_HOME to another folder",
                ));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SecretsError::io("open", &path, error)),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = openat(CWD, &path, flags, Mode::empty())
            .map_err(|error| SecretsError::io("open", &path, error))?;
        refuse_exposed(&handle, &path, "700")?;
        Ok(Some(Self { path, handle }))
    }

    /// Opens the folder, and makes it and what is missing above it first, each 0700
    /// from birth.
    pub(super) fn open_or_create(path: &Path) -> Result<Self, SecretsError> {
        if let Some(folder) = Self::open(path)? {
            return Ok(folder);
        }
        create_private(path).map_err(|error| SecretsError::io("create", path, error))?;
        Self::open(path)?.ok_or(SecretsError::Internal("its folder is gone again"))
    }

    /// Where a file of this folder is.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file whole; `None` where there is none.
    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, SecretsError> {
        let path = self.path_of(name);
        // NONBLOCK: opening a pipe somebody put there must not wait
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let handle = match openat(&self.handle, name, flags, Mode::empty()) {
            Ok(handle) => handle,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => return Err(is_a_symlink(&path)),
            Err(error) => return Err(SecretsError::io("open", &path, error)),
        };
        refuse_exposed(&handle, &path, "600")?;
        let file = File::from(handle);
        let length = match file.metadata() {
            Ok(found) if !found.is_file() => {
                return Err(SecretsError::damaged(&path, "it is not a regular file"));
            }
            Ok(found) => found.len(),
            Err(error) => return Err(SecretsError::io("read", &path, error)),
        };
        if length > FILE_LIMIT {
            return Err(SecretsError::damaged(&path, "it is larger than any vault"));
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0)));
        file.take(FILE_LIMIT)
            .read_to_end(&mut bytes)
            .map_err(|error| SecretsError::io("read", &path, error))?;
        Ok(Some(bytes))
    }

    /// Takes the right to write, and clears away what a crash left half written.
    pub(super) fn lock(&self) -> Result<WriteLock, SecretsError> {
        self.lock_within(LOCK_PATIENCE)
    }

    fn lock_within(&self, patience: Duration) -> Result<WriteLock, SecretsError> {
        let path = self.path_of(LOCK_FILE);
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let handle = match openat(&self.handle, LOCK_FILE, flags, owner_only()) {
            Ok(handle) => handle,
            Err(Errno::LOOP) => return Err(is_a_symlink(&path)),
            Err(error) => return Err(SecretsError::io("open", &path, error)),
        };
        refuse_exposed(&handle, &path, "600")?;
        let deadline = Instant::now() + patience;
        loop {
            match flock(&handle, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK | Errno::INTR) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(Errno::WOULDBLOCK | Errno::INTR) => {
                    return Err(SecretsError::Busy {
                        path: self.path.clone(),
                    });
                }
                Err(error) => return Err(SecretsError::io("lock", &path, error)),
            }
        }
        self.clear_leftovers()?;
        Ok(WriteLock {
            _file: File::from(handle),
        })
    }

    /// Writes a file whole: who reads it, even after a power cut, finds the old
    /// content or the new. When this returns, the new content is on the disk.
    pub(super) fn write(
        &self,
        _lock: &WriteLock,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), SecretsError> {
        let path = self.path_of(name);
        if bytes.len() as u64 > FILE_LIMIT {
            return Err(SecretsError::refused(
                "the vault has no room for this secret",
                "remove connectors that are no longer needed",
            ));
        }
        let temporary = temporary_name()?;
        let written = self
            .write_new(&temporary, bytes)
            .and_then(|()| Ok(renameat(&self.handle, &temporary, &self.handle, name)?));
        if let Err(error) = written {
            let _ = unlinkat(&self.handle, &temporary, AtFlags::empty());
            return Err(SecretsError::io("write", &path, error));
        }
        self.sync(&path)
    }

    /// Removes a file for good; nothing happens where there is none.
    pub(super) fn remove(&self, _lock: &WriteLock, name: &str) -> Result<(), SecretsError> {
        let path = self.path_of(name);
        match unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) => self.sync(&path),
            Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(SecretsError::io("remove", &path, error)),
        }
    }

    fn write_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.handle, name, flags, owner_only())?);
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Makes a rename or a removal last.
    fn sync(&self, path: &Path) -> Result<(), SecretsError> {
        self.handle
            .try_clone()
            .and_then(|handle| File::from(handle).sync_all())
            .map_err(|error| SecretsError::io("write", path, error))
    }

    fn clear_leftovers(&self) -> Result<(), SecretsError> {
        let failed = |error| SecretsError::io("list", &self.path, error);
        for entry in Dir::read_from(&self.handle).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
                let _ = unlinkat(&self.handle, name, AtFlags::empty());
            }
        }
        Ok(())
    }
}

/// Makes a folder and what is missing above it, from the top down. Each is on the disk
/// before something is put into it: a secret must not be lost with its folder.
fn create_private(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    for folder in missing.into_iter().rev() {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let above = folder
            .parent()
            .filter(|above| !above.as_os_str().is_empty());
        File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

fn owner_only() -> Mode {
    Mode::RUSR | Mode::WUSR
}

fn temporary_name() -> Result<String, SecretsError> {
    let number = u128::from_le_bytes(random()?);
    Ok(format!("{}{number:032x}{}", TEMPORARY.0, TEMPORARY.1))
}

/// Refuses what belongs to somebody else or lets others in. `mode` is what mends it.
fn refuse_exposed(handle: &OwnedFd, path: &Path, mode: &str) -> Result<(), SecretsError> {
    let found = fstat(handle).map_err(|error| SecretsError::io("check", path, error))?;
    if found.st_uid != rustix::process::geteuid().as_raw() {
        return Err(SecretsError::Exposed {
            path: path.to_owned(),
            what: "belongs to another user".to_owned(),
            mend: "set CALLBOARD_HOME to a folder of your own".to_owned(),
        });
    }
    if found.st_mode & 0o077 != 0 {
        return Err(SecretsError::Exposed {
            path: path.to_owned(),
            what: format!(
                "is open to other users (mode {:04o})",
                found.st_mode & 0o7777
            ),
            mend: format!("run `chmod {mode} {}`", shell_word(path)),
        });
    }
    Ok(())
}

fn is_a_symlink(path: &Path) -> SecretsError {
    SecretsError::Exposed {
        path: path.to_owned(),
        what: "is a symbolic link, which callboard does not follow for secrets".to_owned(),
        mend: format!(
            "put the thing itself in its place: `rm {}`",
            shell_word(path)
        ),
    }
}

/// A path as it could be pasted into a shell.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests;
