use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;
use crate::domain::{Fault, FaultKind};

fn private() -> (TempDir, Folder) {
    let home = TempDir::new().unwrap();
    let folder = Folder::open_or_create(&home.path().join("secrets")).unwrap();
    (home, folder)
}

fn names(folder: &Folder) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(&folder.path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn refusal<T>(result: Result<T, SecretsError>) -> Fault {
    let fault = Fault::from(result.err().expect("it should have been refused"));
    assert_eq!(fault.kind, FaultKind::Config);
    fault
}

#[test]
fn folders_and_files_are_private_from_birth() {
    let home = TempDir::new().unwrap();
    let deep = home.path().join("a/b/secrets");
    let folder = Folder::open_or_create(&deep).unwrap();
    folder
        .write(&folder.lock().unwrap(), "vault", b"x")
        .unwrap();
    for (path, mode) in [("a", 0o700), ("a/b", 0o700), ("a/b/secrets", 0o700)] {
        assert_eq!(
            fs::metadata(home.path().join(path)).unwrap().mode() & 0o777,
            mode
        );
    }
    for name in names(&folder) {
        assert_eq!(fs::metadata(deep.join(name)).unwrap().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_write_replaces_the_whole_file_and_leaves_nothing_beside_it() {
    let (_home, folder) = private();
    for content in [&b"a long first content"[..], b"short", b""] {
        folder
            .write(&folder.lock().unwrap(), "vault", content)
            .unwrap();
        assert_eq!(&**folder.read("vault").unwrap().unwrap(), content);
    }
    assert_eq!(names(&folder), ["vault", "vault.lock"]);
}

#[test]
fn what_a_crash_left_half_written_is_never_read_and_is_cleared_away() {
    let (_home, folder) = private();
    folder
        .write(&folder.lock().unwrap(), "vault", b"old")
        .unwrap();
    folder
        .write_new(".vault.00ff.tmp", b"half of the n")
        .unwrap();
    assert_eq!(&**folder.read("vault").unwrap().unwrap(), b"old");
    folder
        .write(&folder.lock().unwrap(), "vault", b"new")
        .unwrap();
    assert_eq!(names(&folder), ["vault", "vault.lock"]);
}

#[test]
fn a_write_that_fails_keeps_the_old_file_and_leaves_nothing_beside_it() {
    let (_home, folder) = private();
    let lock = folder.lock().unwrap();
    fs::create_dir(folder.path_of("vault")).unwrap();
    assert!(folder.write(&lock, "vault", b"new").is_err());
    assert_eq!(names(&folder), ["vault", "vault.lock"]);
    let huge = vec![0; usize::try_from(FILE_LIMIT).unwrap() + 1];
    assert!(folder.write(&lock, "other", &huge).is_err());
    assert_eq!(names(&folder), ["vault", "vault.lock"]);
}

#[test]
fn a_file_or_folder_open_to_others_is_refused_with_the_chmod_that_mends_it() {
    let (_home, folder) = private();
    folder
        .write(&folder.lock().unwrap(), "vault", b"x")
        .unwrap();
    let file = folder.path_of("vault");
    for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let fault = refusal(folder.read("vault"));
        assert!(fault.message.contains("open to other users"), "{fault}");
        assert_eq!(fault.hints, [format!("run `chmod 600 {}`", file.display())]);
    }
    for mode in [0o755, 0o710, 0o701, 0o1777] {
        fs::set_permissions(&folder.path, Permissions::from_mode(mode)).unwrap();
        let fault = refusal(Folder::open(&folder.path));
        assert_eq!(
            fault.hints,
            [format!("run `chmod 700 {}`", folder.path.display())]
        );
    }
}

#[test]
fn a_symlink_is_refused_in_the_place_of_file_folder_and_lock() {
    let (home, folder) = private();
    let elsewhere = home.path().join("elsewhere");
    fs::write(&elsewhere, b"bait").unwrap();
    symlink(&elsewhere, folder.path_of("vault")).unwrap();
    assert!(
        refusal(folder.read("vault"))
            .message
            .contains("symbolic link")
    );
    symlink(&elsewhere, folder.path_of(LOCK_FILE)).unwrap();
    assert!(refusal(folder.lock()).message.contains("symbolic link"));

    let alias = home.path().join("alias");
    symlink(&folder.path, &alias).unwrap();
    for path in [alias.clone(), alias.join("")] {
        assert!(
            refusal(Folder::open(&path))
                .message
                .contains("symbolic link")
        );
    }
    assert_eq!(fs::read(&elsewhere).unwrap(), b"bait");
}

#[test]
fn a_symlink_in_the_place_of_the_file_is_replaced_not_followed() {
    let (home, folder) = private();
    let elsewhere = home.path().join("elsewhere");
    fs::write(&elsewhere, b"bait").unwrap();
    let lock = folder.lock().unwrap();
    symlink(&elsewhere, folder.path_of("vault")).unwrap();
    folder.write(&lock, "vault", b"new").unwrap();
    assert_eq!(fs::read(&elsewhere).unwrap(), b"bait");
    assert_eq!(&**folder.read("vault").unwrap().unwrap(), b"new");
}

#[test]
fn what_belongs_to_another_user_is_refused() {
    if !rustix::process::geteuid().is_root() {
        return; // only root can give a file away
    }
    let (_home, folder) = private();
    folder
        .write(&folder.lock().unwrap(), "vault", b"x")
        .unwrap();
    std::os::unix::fs::chown(folder.path_of("vault"), Some(65534), None).unwrap();
    assert!(
        refusal(folder.read("vault"))
            .message
            .contains("another user")
    );
    std::os::unix::fs::chown(&folder.path, Some(65534), None).unwrap();
    assert!(
        refusal(Folder::open(&folder.path))
            .message
            .contains("another user")
    );
}

#[test]
fn a_pipe_or_a_folder_in_the_place_of_the_file_does_not_hang_anybody() {
    let (_home, folder) = private();
    let path = folder.path_of("vault");
    let told = || refusal(folder.read("vault")).message;
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
    assert!(told().contains("regular file"));
    fs::remove_dir(&path).unwrap();
    #[cfg(target_os = "linux")]
    {
        let fifo = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(CWD, &path, fifo, owner_only(), 0).unwrap();
        assert!(told().contains("regular file"));
    }
}

#[test]
fn two_writers_take_turns_and_the_one_who_waits_too_long_is_told() {
    let (_home, folder) = private();
    let first = folder.lock().unwrap();
    let second = Folder::open(&folder.path).unwrap().unwrap();
    let told = second.lock_within(Duration::ZERO);
    assert!(matches!(told, Err(SecretsError::Busy { .. })));
    drop(first);
    second.lock_within(Duration::ZERO).unwrap();
}

#[test]
fn paths_are_quoted_where_a_shell_would_need_it() {
    assert_eq!(shell_word(Path::new("/a/b-c_d.e")), "/a/b-c_d.e");
    assert_eq!(shell_word(Path::new("/a b/it's")), r"'/a b/it'\''s'");
}
