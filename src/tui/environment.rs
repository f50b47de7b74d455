//! What the terminal and its shell say of themselves, as values.

use std::path::PathBuf;

use super::theme::{Palette, Signs, Theme};
use crate::config::Environment;

/// What a face needs to know of the place it runs in. Read once, at the edge.
#[derive(Clone, Debug)]
pub struct TerminalEnv {
    variables: Environment,
    folder: PathBuf,
}

impl TerminalEnv {
    /// Takes the environment's variables and the working folder.
    pub fn new(variables: Environment, folder: PathBuf) -> Self {
        Self { variables, folder }
    }

    /// The folder that relative paths start from.
    pub(super) fn folder(&self) -> &PathBuf {
        &self.folder
    }

    /// Where programs are looked for.
    pub(super) fn path(&self) -> Option<&str> {
        self.variables.get("PATH")
    }

    /// A variable of the terminal's shell, where it is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name)
    }

    /// The home folder, for `~/` in a path that is typed.
    pub(super) fn home(&self) -> Option<&str> {
        self.variables.get("HOME")
    }

    /// The looks that suit this terminal.
    ///
    /// `NO_COLOR` set to anything but nothing takes the colours away
    /// (<https://no-color.org>). Signs are plain ASCII where
    /// [`Environment::shows_unicode`] says no.
    pub(super) fn theme(&self) -> Theme {
        let term = self.variables.get("TERM").unwrap_or_default();
        let colourless = self.variables.get("NO_COLOR").is_some() || matches!(term, "" | "dumb");
        Theme {
            palette: if colourless {
                Palette::Plain
            } else {
                Palette::Sixteen
            },
            signs: if self.variables.shows_unicode() {
                Signs::Unicode
            } else {
                Signs::Ascii
            },
            calm: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(pairs: &[(&str, &str)]) -> Theme {
        TerminalEnv::new(Environment::of(pairs), PathBuf::from("/")).theme()
    }

    #[test]
    fn a_usual_terminal_has_colours_and_signs() {
        let theme = theme(&[("TERM", "xterm-256color"), ("LANG", "C.UTF-8")]);
        assert_eq!(theme.palette, Palette::Sixteen);
        assert_eq!(theme.signs, Signs::Unicode);
    }

    #[test]
    fn no_color_takes_the_colours_and_nothing_else() {
        let theme = theme(&[
            ("TERM", "xterm"),
            ("LC_ALL", "de_DE.utf8"),
            ("NO_COLOR", "1"),
        ]);
        assert_eq!(theme.palette, Palette::Plain);
        assert_eq!(theme.signs, Signs::Unicode);
    }
}
