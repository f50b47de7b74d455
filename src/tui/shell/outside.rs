//! The terminal lent to an editor, and taken back.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::{Leave, Shell};
use crate::domain::Fault;
use crate::tui::effect::{Edited, Msg, Ticket};
use crate::tui::environment::TerminalEnv;
use crate::tui::perform::{Scratch, find};
use crate::tui::screen::custom::split_words;
use crate::tui::terminal::Written;

/// What the file is called.
const NAME: &str = "arguments.json";

/// How long a Ctrl-c that ended the editor may take to reach this process too.
const LATE_INTERRUPT: Duration = Duration::from_millis(50);

/// An editor: where it is, and what it gets before the file's name.
type Editor = (std::path::PathBuf, Vec<String>);

/// The editor that the environment names, the first word of it found; `None` where
/// it names none.
fn editor(environment: &TerminalEnv) -> Option<Result<Editor, Fault>> {
    let (name, line) = ["VISUAL", "EDITOR"].iter().find_map(|name| {
        let line = environment.variable(name)?;
        (!line.trim().is_empty()).then_some((*name, line))
    })?;
    let words = match split_words(line) {
        Ok(words) => words,
        Err(why) => {
            let fault = Fault::user(format!("{name} cannot be read: {why}"));
            return Some(Err(mended(fault, name)));
        }
    };
    let (program, args) = words.split_first()?;
    Some(match find(program, environment) {
        Some(place) => Ok((place, args.to_vec())),
        None => {
            let fault = Fault::user(format!("{name} names {program}, which is not there"));
            Err(mended(fault, name))
        }
    })
}

/// With what is to be done about an editor that does not do.
fn mended(fault: Fault, name: &str) -> Fault {
    fault.hint(format!(
        "{{raw-view}} changes the JSON here; set {name} before the next start"
    ))
}

impl Shell {
    /// Has a text changed in an editor. The terminal is the editor's until it ends.
    pub(super) async fn edit_outside(&mut self, ticket: Ticket, text: &str) {
        let edited = match editor(self.performer.environment()) {
            None => Edited::NoEditor,
            Some(Err(fault)) => Edited::Failed(fault),
            Some(Ok(editor)) => self.lend(editor, text).await,
        };
        if self.leave.is_none() {
            Box::pin(self.step(Msg::Edited(ticket, edited))).await;
        }
    }

    async fn lend(&mut self, (program, args): Editor, text: &str) -> Edited {
        let failed = |why: String| {
            let text = format!("{why}; the arguments are as they were");
            Edited::Failed(Fault::user(text).hint("{raw-view} changes the JSON here"))
        };
        let name = program.file_name().unwrap_or(program.as_os_str());
        let shown = name.to_string_lossy();
        let scratch = match Scratch::new(self.performer.run_folder(), NAME, text) {
            Ok(scratch) => scratch,
            Err(error) => return failed(format!("no file for the editor: {error}")),
        };
        let mut command = Command::new(&program);
        command
            .args(args)
            .arg(scratch.file())
            .current_dir(self.performer.environment().folder());
        self.hand_over().await;
        let settings = self.screen.settings();
        let ended = match command.spawn() {
            Ok(mut child) => self.wait_for(&mut child).await,
            Err(error) => Err(format!("{shown} cannot be run: {error}")),
        };
        // Whatever it left the terminal like.
        self.screen.set(settings.as_ref());
        if self.leave.is_some() {
            return Edited::Same;
        }
        Box::pin(self.woken()).await;
        match ended {
            Err(why) => failed(why),
            Ok(status) if !status.success() => {
                let how = match status.code() {
                    Some(code) => format!("{shown} ended with {code}"),
                    None => format!("{shown} was ended by a signal"),
                };
                failed(how)
            }
            Ok(_) => match scratch.read() {
                Ok(left) if left.trim_end_matches('\n') == text.trim_end_matches('\n') => {
                    Edited::Same
                }
                Ok(left) => Edited::Text(left),
                Err(error) => failed(format!("what the editor left cannot be read: {error}")),
            },
        }
    }

    /// Waits for the editor. What the board says meanwhile is taken in, and nothing is
    /// drawn.
    async fn wait_for(&mut self, child: &mut Child) -> Result<ExitStatus, String> {
        loop {
            tokio::select! {
                biased;
                _ = self.signals.hangup.recv() => self.leave = Some(Leave::Gone),
                _ = self.signals.terminate.recv() => self.leave = Some(Leave::Gone),
                // Ctrl-c and the window's size are the editor's now.
                _ = self.signals.interrupt.recv() => {}
                _ = self.signals.resize.recv() => {}
                _ = self.signals.go_on.recv() => {}
                // It went to sleep; both wake with `fg`.
                _ = self.signals.stop.recv() => {
                    let me = rustix::process::getpid();
                    rustix::process::kill_process(me, rustix::process::Signal::STOP).ok();
                }
                ended = child.wait() => {
                    let status = ended.map_err(|error| format!("the editor was lost: {error}"))?;
                    if !status.success() {
                        let late = self.signals.interrupt.recv();
                        tokio::time::timeout(LATE_INTERRUPT, late).await.ok();
                    }
                    return Ok(status);
                }
                written = self.written.recv() => match written {
                    Some(Written(Ok(()))) => self.frames.arrived(),
                    Some(Written(Err(_))) | None => self.leave = Some(Leave::Gone),
                },
                message = self.messages.recv() => {
                    if let Some(message) = message {
                        Box::pin(self.step(message)).await;
                    }
                }
            }
            if self.leave.is_some() {
                if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok())
                    && let Some(pid) = rustix::process::Pid::from_raw(pid)
                {
                    // It keeps what was typed into it, as editors do.
                    rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
                }
                return Err("the terminal is gone".to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::config::Environment;

    fn named(pairs: &[(&str, &str)]) -> Option<Result<Editor, Fault>> {
        editor(&TerminalEnv::new(Environment::of(pairs), "/".into()))
    }

    #[test]
    fn the_editor_is_the_one_that_is_named_with_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("my editor");
        std::fs::write(&program, "").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = folder.path().to_str().unwrap();
        let found = named(&[
            ("PATH", path),
            ("VISUAL", "'my editor' --wait \"a b\" $(touch x)"),
            ("EDITOR", "absent"),
        ]);
        let (place, args) = found.unwrap().unwrap();
        assert_eq!(place, program);
        assert_eq!(args, ["--wait", "a b", "$(touch", "x)"]);
    }

    #[test]
    fn an_editor_that_is_not_there_is_named() {
        assert!(named(&[]).is_none());
        assert!(named(&[("VISUAL", " "), ("EDITOR", "")]).is_none());
        let fault = named(&[("EDITOR", "absent -x")]).unwrap().unwrap_err();
        assert_eq!(fault.message, "EDITOR names absent, which is not there");
        let fault = named(&[("VISUAL", "vi 'x")]).unwrap().unwrap_err();
        assert!(fault.message.starts_with("VISUAL cannot be read"));
    }
}
