//! The file that it is kept in.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use crate::config::Home;

/// Longest file that is read or written, in bytes.
const LIMIT: usize = 1024 * 1024;

fn path(home: &Home) -> PathBuf {
    home.state.join("place.json")
}

/// What was kept; `None`: nothing was.
pub(in crate::tui) fn read(home: &Home) -> Option<String> {
    let limit = u64::try_from(LIMIT).unwrap_or(u64::MAX);
    let mut text = String::new();
    let file = File::open(path(home)).ok()?;
    file.take(limit).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Keeps it: beside the old one first, so that the file is whole at any moment.
///
/// # Errors
/// Where it cannot be written. What was kept before stays.
pub(in crate::tui) fn write(home: &Home, text: &str) -> io::Result<()> {
    if text.len() >= LIMIT {
        return Err(io::Error::other("there is too much of it"));
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&home.state)?;
    // For nobody else's eyes, and gone if it cannot take the old one's place.
    let mut beside = tempfile::NamedTempFile::new_in(&home.state)?;
    beside.write_all(text.as_bytes())?;
    beside.persist(path(home))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_kept_is_read_again_and_is_nobody_else_s() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::under(folder.path());
        assert_eq!(read(&home), None);
        write(&home, "one").unwrap();
        write(&home, "two").unwrap();
        assert_eq!(read(&home).as_deref(), Some("two"));
        let mode = fs::metadata(path(&home)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(&home.state).unwrap().count(), 1);
    }

    #[test]
    fn too_much_leaves_what_was_kept_before() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::under(folder.path());
        write(&home, "one").unwrap();
        assert!(write(&home, &"x".repeat(LIMIT)).is_err());
        assert_eq!(read(&home).as_deref(), Some("one"));
    }
}
