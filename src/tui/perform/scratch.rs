//! A private file for an editor: in a folder of its own, for its owner alone, gone
//! when this goes.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Longest text that is read back, in bytes.
const LIMIT: u64 = 1 << 20;
/// Names that are tried for the folder.
const TRIES: u32 = 100;

/// See the module.
#[derive(Debug)]
pub(in crate::tui) struct Scratch {
    folder: PathBuf,
    file: PathBuf,
}

impl Scratch {
    /// Writes a text into a new file below `base`, or where temporary files are, if
    /// that is not there.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub(in crate::tui) fn new(base: &Path, name: &str, text: &str) -> io::Result<Self> {
        let folder = private_folder(base).or_else(|_| private_folder(&std::env::temp_dir()))?;
        let file = folder.join(name);
        let scratch = Self { folder, file };
        let mut written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&scratch.file)?;
        written.write_all(text.as_bytes())?;
        // Editors expect it, and those that lack it say so.
        written.write_all(b"\n")?;
        Ok(scratch)
    }

    /// Where it is.
    pub(in crate::tui) fn file(&self) -> &Path {
        &self.file
    }

    /// What is in it now.
    ///
    /// # Errors
    /// Where it cannot be read, is too long, or is no text.
    pub(in crate::tui) fn read(&self) -> io::Result<String> {
        let mut text = String::new();
        let file = fs::File::open(&self.file)?;
        file.take(LIMIT.saturating_add(1))
            .read_to_string(&mut text)?;
        if text.len() as u64 > LIMIT {
            return Err(io::Error::other("it is longer than a megabyte"));
        }
        Ok(text)
    }
}

impl Drop for Scratch {
    /// The whole folder: editors leave copies beside what they edit.
    fn drop(&mut self) {
        // What somebody else took away already needs no more.
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// Makes a folder that was not there, for its owner alone.
fn private_folder(base: &Path) -> io::Result<PathBuf> {
    let pid = std::process::id();
    for number in 0..TRIES {
        let folder = base.join(format!("callboard-edit-{pid}-{number}"));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_its_owners_alone_and_goes_with_all_beside_it() {
        let base = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(base.path(), "arguments.json", "{}").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(scratch.file()), 0o600);
        assert_eq!(mode(&scratch.folder), 0o700);
        assert_eq!(scratch.read().unwrap(), "{}\n");
        let second = Scratch::new(base.path(), "arguments.json", "[]").unwrap();
        assert_ne!(second.file(), scratch.file());
        fs::write(scratch.folder.join(".arguments.json.swp"), "copy").unwrap();
        drop((scratch, second));
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_too_long_or_no_text_is_not_read() {
        let base = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(base.path(), "arguments.json", "").unwrap();
        fs::write(scratch.file(), vec![b'x'; (1 << 20) + 1]).unwrap();
        assert!(scratch.read().is_err());
        fs::write(scratch.file(), [0xff, 0xfe]).unwrap();
        assert!(scratch.read().is_err());
        fs::remove_file(scratch.file()).unwrap();
        assert!(scratch.read().is_err());
    }

    #[test]
    fn where_the_base_is_not_there_temporary_files_have_a_place() {
        let scratch = Scratch::new(Path::new("/nowhere/at/all"), "a.json", "1").unwrap();
        assert_eq!(scratch.read().unwrap(), "1\n");
    }
}
