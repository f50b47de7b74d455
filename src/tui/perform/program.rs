//! Finding the program that a command line names, as the terminal would.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::domain::Fault;
use crate::protocol::TargetWanted;
use crate::tui::environment::TerminalEnv;

/// Resolves a command line: the program's place, the folder and the `PATH` that it
/// is to run with.
///
/// # Errors
/// Where there is no such program, or it cannot be run.
pub(super) fn resolve(words: &[String], environment: &TerminalEnv) -> Result<TargetWanted, Fault> {
    let Some((program, args)) = words.split_first() else {
        return Err(Fault::user("the command line is empty"));
    };
    let command = find(program, environment).ok_or_else(|| {
        Fault::user(format!("there is no program {program} to run"))
            .hint("give its whole path, or add its folder to PATH before starting callboard")
    })?;
    Ok(TargetWanted::Program {
        command: command.to_string_lossy().into_owned(),
        args: args.to_vec(),
        path: environment.path().map(str::to_owned),
        cwd: environment.folder().to_string_lossy().into_owned(),
    })
}

/// Where a program is: as a path, or on the `PATH`.
pub(in crate::tui) fn find(program: &str, environment: &TerminalEnv) -> Option<PathBuf> {
    if let (Some(rest), Some(home)) = (program.strip_prefix("~/"), environment.home()) {
        return Some(Path::new(home).join(rest)).filter(|path| can_run(path));
    }
    if program.contains('/') {
        return Some(environment.folder().join(program)).filter(|path| can_run(path));
    }
    environment
        .path()?
        .split(':')
        .filter(|folder| !folder.is_empty())
        .map(|folder| environment.folder().join(folder).join(program))
        .find(|path| can_run(path))
}

fn can_run(path: &Path) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    #[test]
    fn a_program_is_found_on_the_path_and_beside_the_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("server");
        std::fs::write(&program, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = folder.path().to_string_lossy().into_owned();
        let environment = TerminalEnv::new(
            Environment::of(&[("PATH", &path)]),
            folder.path().to_owned(),
        );
        for words in ["server --stdio", "./server --stdio"] {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            let target = resolve(&words, &environment).unwrap();
            let TargetWanted::Program { command, args, .. } = target else {
                panic!("not a program");
            };
            assert!(Path::new(&command).is_absolute());
            assert_eq!(args, ["--stdio"]);
        }
        let fault = resolve(&["absent".to_owned()], &environment).unwrap_err();
        assert_eq!(fault.message, "there is no program absent to run");
    }
}
