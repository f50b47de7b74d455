//! What the terminal and its shell say of themselves, as values.

use std::path::PathBuf;

use super::clipboard::Passage;
use super::theme::{Depth, Palette, Pictures, Signs, Theme};
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
            pictures: self.pictures(),
        }
    }

    /// What a sequence for the clipboard has to get through.
    pub(super) fn passage(&self) -> Passage {
        if self.variables.get("TMUX").is_some() {
            Passage::Tmux
        } else if self.variables.get("STY").is_some() {
            Passage::Screen
        } else {
            Passage::Open
        }
    }

    /// What the terminal can do with pictures, as far as its variables tell: those of
    /// a terminal at the other end of an SSH connection are its `TERM` and what the
    /// connection was told to carry. A multiplexer draws cells and nothing else.
    fn pictures(&self) -> Pictures {
        let get = |name| self.variables.get(name).unwrap_or_default();
        let (term, program) = (get("TERM"), get("TERM_PROGRAM"));
        let multiplexer = ["TMUX", "STY", "ZELLIJ"]
            .iter()
            .any(|name| self.variables.get(name).is_some())
            || ["screen", "tmux"].iter().any(|kind| term.starts_with(kind));
        if !multiplexer {
            if self.variables.get("KITTY_WINDOW_ID").is_some()
                || matches!(term, "xterm-kitty" | "xterm-ghostty")
                || program == "ghostty"
            {
                return Pictures::Kitty;
            }
            let by_term = ["foot", "mlterm", "contour"];
            if by_term.iter().any(|kind| term.starts_with(kind))
                || matches!(program, "WezTerm" | "iTerm.app" | "mintty" | "contour")
            {
                return Pictures::Sixel;
            }
        }
        if matches!(term, "" | "dumb") {
            return Pictures::None;
        }
        let depth = if matches!(get("COLORTERM"), "truecolor" | "24bit") || term.contains("direct")
        {
            Depth::True
        } else if term.contains("256color") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        };
        Pictures::HalfBlocks(depth)
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
    fn pictures_are_drawn_as_the_terminal_can() {
        let pictures = |pairs: &[(&str, &str)]| theme(pairs).pictures();
        let utf8 = ("LANG", "C.UTF-8");
        for (pairs, expected) in [
            (vec![("TERM", "xterm-kitty")], Pictures::Kitty),
            (
                vec![("TERM", "xterm-256color"), ("KITTY_WINDOW_ID", "1")],
                Pictures::Kitty,
            ),
            (
                vec![("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")],
                Pictures::Sixel,
            ),
            (vec![("TERM", "foot-extra")], Pictures::Sixel),
            (
                vec![("TERM", "tmux-256color"), ("KITTY_WINDOW_ID", "1")],
                Pictures::HalfBlocks(Depth::Indexed),
            ),
            (
                vec![
                    ("TERM", "xterm-kitty"),
                    ("TMUX", "/tmp/x"),
                    ("COLORTERM", "truecolor"),
                ],
                Pictures::HalfBlocks(Depth::True),
            ),
            (
                vec![("TERM", "xterm")],
                Pictures::HalfBlocks(Depth::Sixteen),
            ),
            (vec![("TERM", "dumb")], Pictures::None),
            (
                vec![("TERM", "xterm-kitty"), ("NO_COLOR", "1")],
                Pictures::None,
            ),
        ] {
            let all: Vec<(&str, &str)> = pairs.iter().copied().chain([utf8]).collect();
            assert_eq!(pictures(&all), expected, "{pairs:?}");
        }
        assert_eq!(
            pictures(&[("TERM", "xterm-kitty"), ("LANG", "C")]),
            Pictures::None
        );
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
