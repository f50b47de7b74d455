//! Finds a local program as this terminal would.

use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::config::Environment;
use crate::domain::Fault;
use crate::protocol::TargetWanted;

/// The program as the board is to start it: an absolute path, this terminal's `PATH`
/// and folder. The board's own are others, and may be gone tomorrow.
pub(super) fn resolve(
    words: &[OsString],
    environment: &Environment,
) -> Result<TargetWanted, Fault> {
    let cwd = std::env::current_dir()
        .map_err(|error| Fault::user(format!("this folder cannot be found: {error}")))?;
    let mut texts = Vec::with_capacity(words.len());
    for word in words {
        texts.push(text(word)?);
    }
    let mut texts = texts.into_iter();
    let command = texts
        .next()
        .filter(|command| !command.is_empty())
        .ok_or_else(|| Fault::user("after -- a command is needed"))?;
    let path = environment.get("PATH");
    let found = find(&command, path, &cwd).ok_or_else(|| not_found(&command))?;
    Ok(TargetWanted::Program {
        command: text(found.as_os_str())?,
        args: texts.collect(),
        path: path.map(str::to_owned),
        cwd: text(cwd.as_os_str())?,
    })
}

fn not_found(command: &str) -> Fault {
    let fault = Fault::user(format!("there is no program {command:?}"));
    if command.contains('/') {
        fault.hint("the path must name a file that you may execute")
    } else {
        fault.hint("it is on no folder of this terminal's PATH; give its whole path")
    }
}

/// A path has a `/`; everything else is looked for on `PATH`.
fn find(command: &str, path: Option<&str>, cwd: &Path) -> Option<PathBuf> {
    if command.contains('/') {
        // Taken apart and put together again, `./` falls out.
        let file: PathBuf = cwd.join(command).components().collect();
        return Some(file).filter(|file| is_program(file));
    }
    std::env::split_paths(OsStr::new(path?))
        .map(|folder| cwd.join(folder).join(command))
        .find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn text(word: &OsStr) -> Result<String, Fault> {
    word.to_str()
        .map(str::to_owned)
        .ok_or_else(|| Fault::user(format!("{} is not UTF-8", word.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_of_the_terminal() {
        let environment = Environment::of(&[("PATH", "/nowhere:/bin")]);
        let words = [OsString::from("sh"), OsString::from("-c")];
        let TargetWanted::Program {
            command,
            args,
            path,
            cwd,
        } = resolve(&words, &environment).unwrap()
        else {
            panic!("a program");
        };
        assert_eq!(command, "/bin/sh");
        assert_eq!(args, ["-c"]);
        assert_eq!(path.as_deref(), Some("/nowhere:/bin"));
        assert!(Path::new(&cwd).is_absolute());
    }

    #[test]
    fn a_path_is_taken_from_the_folder_of_the_terminal() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("server");
        std::fs::write(&file, "").unwrap();
        assert_eq!(find("./server", None, dir.path()), None);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert!(find("./server", None, dir.path()).is_some_and(|found| found.is_absolute()));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let fault = resolve(
            &[OsString::from("no-such-program")],
            &Environment::default(),
        );
        let fault = fault.unwrap_err();
        assert_eq!(fault.kind.exit_code(), 2);
        assert_eq!(fault.message, "there is no program \"no-such-program\"");
    }
}
