//! Folders and files: whose they are, who else may touch them, what is in them.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::Check;
use crate::config::Home;

/// The first bytes of every SQLite file (sqlite.org/fileformat2.html, section 1.3).
const SQLITE_HEAD: &[u8] = b"SQLite format 3\0";
/// Group and others: any access, and writing.
const ANY_OF_OTHERS: u32 = 0o077;
const WRITE_OF_OTHERS: u32 = 0o022;

pub(super) fn folders(home: &Home) -> Vec<Check> {
    vec![
        folder("config folder", &home.config, WRITE_OF_OTHERS),
        folder("data folder", &home.data, WRITE_OF_OTHERS),
        folder("secrets folder", &home.secrets, ANY_OF_OTHERS),
        folder("state folder", &home.state, WRITE_OF_OTHERS),
        folder("run folder", &home.run, ANY_OF_OTHERS),
    ]
}

fn folder(name: &'static str, path: &Path, forbidden: u32) -> Check {
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Check::ok(name, format!("{shown} is made when it is needed"))
        }
        Err(error) => Check::wrong(
            name,
            format!("{shown} cannot be looked at: {error}"),
            "see to it that you own every folder above it",
        ),
        Ok(meta) if !meta.is_dir() => Check::wrong(
            name,
            format!("{shown} is no folder"),
            format!("move it away: mv {shown} {shown}.old"),
        ),
        Ok(meta) => access(name, path, &meta, forbidden)
            .unwrap_or_else(|| Check::ok(name, format!("{shown} is yours"))),
    }
}

/// What is wrong with owner and mode, if anything is.
fn access(name: &'static str, path: &Path, meta: &Metadata, forbidden: u32) -> Option<Check> {
    let shown = path.display();
    let me = rustix::process::getuid().as_raw();
    if meta.uid() != me {
        return Some(Check::wrong(
            name,
            format!("{shown} belongs to user {}, not to you", meta.uid()),
            format!("chown -R {me} {shown}, as root"),
        ));
    }
    let mode = meta.mode() & 0o777;
    if mode & forbidden != 0 {
        let right = if meta.is_dir() { "700" } else { "600" };
        return Some(Check::wrong(
            name,
            format!("{shown} is open to others (mode {mode:03o})"),
            format!("chmod {right} {shown}"),
        ));
    }
    None
}

pub(super) fn database(path: &Path) -> Check {
    const NAME: &str = "database file";
    let shown = path.display();
    let keep = format!(
        "keep it and move it away: mv {shown} {shown}.broken; the next board makes a new one"
    );
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Check::ok(NAME, format!("{shown} is made when it is needed"));
        }
        Err(error) => {
            return Check::wrong(
                NAME,
                format!("{shown} cannot be read: {error}"),
                format!("chmod 600 {shown}"),
            );
        }
    };
    let mut head = [0; SQLITE_HEAD.len()];
    let meta = match file.metadata() {
        Ok(meta) => meta,
        Err(error) => return Check::wrong(NAME, format!("{shown}: {error}"), keep),
    };
    if meta.len() == 0 {
        return Check::ok(NAME, format!("{shown} is empty"));
    }
    match file.read_exact(&mut head) {
        Ok(()) if head == SQLITE_HEAD => access(NAME, path, &meta, WRITE_OF_OTHERS)
            .unwrap_or_else(|| Check::ok(NAME, format!("{shown}, {} bytes, SQLite", meta.len()))),
        Ok(()) | Err(_) => Check::wrong(NAME, format!("{shown} is not an SQLite file"), keep),
    }
}

/// The files of the vault, by who else could read them.
pub(super) fn secrets(folder: &Path) -> Vec<Check> {
    const NAME: &str = "vault file";
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // The folder itself was looked at already.
        Err(_) => return Vec::new(),
    };
    let mut checks = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(meta) = fs::symlink_metadata(&path) else {
            continue;
        };
        if meta.is_symlink() {
            checks.push(Check::wrong(
                NAME,
                format!("{} is a link", path.display()),
                "put the file itself there",
            ));
        } else if meta.is_file() {
            checks.push(
                access(NAME, &path, &meta, ANY_OF_OTHERS).unwrap_or_else(|| {
                    Check::ok(NAME, format!("{} is for you alone", path.display()))
                }),
            );
        }
    }
    checks.sort_by(|left, right| left.message.cmp(&right.message));
    checks
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::State;
    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_home_that_is_not_there_yet_is_well() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(&dir.path().join("none"));
        assert!(folders(&home).iter().all(|check| check.state == State::Ok));
        assert_eq!(database(&home.database()).state, State::Ok);
        assert!(secrets(&home.secrets).is_empty());
    }

    #[test]
    fn what_is_open_to_others_comes_with_the_command_that_mends_it() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::under(dir.path());
        fs::create_dir_all(&home.secrets).unwrap();
        mode(&home.secrets, 0o755);
        let check = folder("secrets folder", &home.secrets, ANY_OF_OTHERS);
        assert_eq!(check.state, State::Wrong);
        let hint = check.hint.unwrap();
        assert_eq!(hint, format!("chmod 700 {}", home.secrets.display()));
        let file = home.secrets.join("vault");
        fs::write(&file, "x").unwrap();
        mode(&file, 0o644);
        let checks = secrets(&home.secrets);
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].state, State::Wrong);
    }

    #[test]
    fn a_database_that_is_none_is_never_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("board.db");
        fs::write(&path, "certainly not SQLite, but long enough").unwrap();
        let check = database(&path);
        assert_eq!(check.state, State::Wrong);
        assert!(check.hint.unwrap().starts_with("keep it"));
        fs::write(&path, SQLITE_HEAD).unwrap();
        mode(&path, 0o600);
        assert_eq!(database(&path).state, State::Ok);
    }
}
