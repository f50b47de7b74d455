//! Starts a local program and ends it with everything that it started.

use std::{
    ffi::OsString,
    io::{self, ErrorKind},
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use super::plan::Credentials;
use crate::{
    domain::{Fault, FaultKind, Untrusted},
    guard::sanitise,
};

/// How long a program may take to end after its input is closed, and again after
/// it was asked by signal.
pub(super) const POLITE: Duration = Duration::from_secs(3);
/// Where programs are looked for when nothing was recorded.
const USUAL_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// What of our own environment a program sees; nothing else of it.
const PASSED_ON: [&str; 7] = ["HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "SHELL"];

/// A program's place, words and folder.
pub(super) struct Start<'a> {
    pub(super) command: &'a str,
    pub(super) args: &'a [String],
    pub(super) path: Option<&'a str>,
    pub(super) cwd: &'a str,
    pub(super) credentials: &'a Credentials,
}

/// Starts it in a process group of its own.
pub(super) fn start(what: &Start<'_>) -> Result<(Child, Group), Fault> {
    if !Path::new(what.cwd).is_dir() {
        return Err(Fault::config(format!(
            "the folder {} to start the program in is not there",
            shown(what.cwd)
        )));
    }
    let mut command = Command::new(what.command);
    command
        .args(what.args)
        .current_dir(what.cwd)
        .env_clear()
        .envs(environment(std::env::vars_os()))
        .env("TERM", "dumb")
        .env("PATH", what.path.unwrap_or(USUAL_PATH))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    if let Credentials::Environment(pairs) = what.credentials {
        command.envs(pairs.iter().map(|(name, value)| (name, value.expose())));
    }
    let child = command
        .spawn()
        .map_err(|error| not_started(what.command, &error))?;
    let group = Group(
        child
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)),
    );
    Ok((child, group))
}

fn environment(
    ours: impl Iterator<Item = (OsString, OsString)>,
) -> impl Iterator<Item = (OsString, OsString)> {
    ours.filter(|(name, _)| {
        name.to_str()
            .is_some_and(|name| PASSED_ON.contains(&name) || name.starts_with("LC_"))
    })
}

fn not_started(command: &str, error: &io::Error) -> Fault {
    let command = shown(command);
    match error.kind() {
        ErrorKind::NotFound => Fault::config(format!("there is no program {command}"))
            .hint("if it is a script, what its first line names may be missing"),
        ErrorKind::PermissionDenied => {
            Fault::config(format!("the program {command} may not be run"))
                .hint("is it a program, and executable?")
        }
        _ => Fault::config(format!(
            "the program {command} could not be started: {error}"
        )),
    }
}

fn shown(text: &str) -> String {
    sanitise::line(&Untrusted::from(text), 200)
}

/// What the end of a program means, with the last words it said.
pub(super) fn ended(status: Option<ExitStatus>, last_words: &[Untrusted]) -> Fault {
    let message = match status {
        Some(status) => match (status.code(), signal(status)) {
            (Some(code), _) => format!("the program ended (exit status {code})"),
            (None, Some(signal)) => format!("the program was ended by signal {signal}"),
            _ => "the program ended".to_owned(),
        },
        None => "the program closed its output".to_owned(),
    };
    let mut fault = Fault::new(FaultKind::Server, message).retryable();
    if !last_words.is_empty() {
        let words: Vec<_> = last_words.iter().map(|w| sanitise::line(w, 200)).collect();
        fault = fault.hint(format!("it said: {}", words.join(" / ")));
    }
    fault
}

fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

/// A process group that does not outlive this value.
pub(super) struct Group(Option<Pid>);

impl Group {
    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.0 {
            let _ = kill_process_group(pid, signal);
        }
    }

    /// Waits for the program, then asks it, then ends it; its standard input must
    /// be closed already. Whatever it left behind is ended too.
    pub(super) async fn end(mut self, child: &mut Child) {
        if tokio::time::timeout(POLITE, child.wait()).await.is_err() {
            self.signal(Signal::TERM);
            if tokio::time::timeout(POLITE, child.wait()).await.is_err() {
                self.signal(Signal::KILL);
                let _ = child.wait().await;
            }
        }
        self.sweep();
    }

    /// Ends what is left of the group.
    pub(super) fn sweep(&mut self) {
        self.signal(Signal::KILL);
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.sweep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_sees_little_of_our_environment() {
        let ours = [
            "HOME",
            "LC_ALL",
            "AWS_SECRET_ACCESS_KEY",
            "SSH_AUTH_SOCK",
            "LD_PRELOAD",
        ]
        .map(|name| (OsString::from(name), OsString::from("x")));
        let names: Vec<_> = environment(ours.into_iter())
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["HOME", "LC_ALL"]);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let what = |command| Start {
            command,
            args: &[],
            path: None,
            cwd: "/",
            credentials: &Credentials::None,
        };
        let fault = start(&what("/no/such/program")).err().unwrap();
        assert!(fault.message.contains("no program"), "{}", fault.message);
        let fault = start(&what("/etc/passwd")).err().unwrap();
        assert!(
            fault.message.contains("may not be run"),
            "{}",
            fault.message
        );
        let nowhere = Start {
            cwd: "/no/such/folder",
            ..what("/bin/sh")
        };
        assert!(start(&nowhere).err().unwrap().message.contains("folder"));
    }
}
