//! What the terminal and its shell say of themselves, as values.

use std::path::PathBuf;

use super::clipboard::Passage;
use super::theme::{Contrast, Depth, Palette, Pictures, Signs, Theme};
use crate::config::{Environment, Settings};

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

    /// The looks that suit this terminal before it has said what its background is.
    ///
    /// `NO_COLOR` set to anything but nothing takes the colours away
    /// (<https://no-color.org>), unless a setting asks for some. Signs are plain ASCII
    /// where [`Environment::shows_unicode`] says no.
    pub(super) fn theme(&self, settings: &Settings) -> Theme {
        let term = self.variables.get("TERM").unwrap_or_default();
        let colourless = self.variables.get("NO_COLOR").is_some() || matches!(term, "" | "dumb");
        let palette = match (settings.colours(), settings.theme()) {
            ("none", _) => Palette::Plain,
            ("auto", _) if colourless => Palette::Plain,
            (_, "dark") if self.shows_exact_colours(settings) => Palette::OnDark,
            (_, "light") if self.shows_exact_colours(settings) => Palette::OnLight,
            _ => Palette::Sixteen,
        };
        let unicode = match settings.signs() {
            "unicode" => true,
            "ascii" => false,
            _ => self.variables.shows_unicode(),
        };
        Theme {
            palette,
            contrast: if settings.high_contrast() {
                Contrast::High
            } else {
                Contrast::Usual
            },
            signs: if unicode {
                Signs::Unicode
            } else {
                Signs::Ascii
            },
            calm: settings.calm(),
            pictures: self.pictures(),
        }
    }

    /// Whether what the terminal says of its background is to change the colours.
    pub(super) fn asks_for_background(&self, settings: &Settings) -> bool {
        settings.theme() == "auto"
            && self.theme(settings).palette == Palette::Sixteen
            && self.shows_exact_colours(settings)
    }

    fn shows_exact_colours(&self, settings: &Settings) -> bool {
        let said = self.variables.get("COLORTERM").unwrap_or_default();
        match settings.colours() {
            "exact" => true,
            "auto" => matches!(said, "truecolor" | "24bit"),
            _ => false,
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

    /// Whether addresses are to be links (OSC 8). Terminals that know nothing of them
    /// pass over the sequence; those of which that is not certain get none.
    pub(super) fn shows_links(&self, settings: &Settings) -> bool {
        let term = self.variables.get("TERM").unwrap_or_default();
        match settings.links() {
            "always" => true,
            "never" => false,
            _ => !matches!(term, "" | "dumb" | "linux") && self.passage() != Passage::Screen,
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

    fn terminal(pairs: &[(&str, &str)]) -> (TerminalEnv, Settings) {
        let variables = Environment::of(pairs);
        let settings = Settings::of(&variables).unwrap();
        (TerminalEnv::new(variables, PathBuf::from("/")), settings)
    }

    fn theme(pairs: &[(&str, &str)]) -> Theme {
        let (terminal, settings) = terminal(pairs);
        terminal.theme(&settings)
    }

    #[test]
    fn a_usual_terminal_has_colours_and_signs() {
        let theme = theme(&[("TERM", "xterm-256color"), ("LANG", "C.UTF-8")]);
        assert_eq!(theme.palette, Palette::Sixteen);
        assert_eq!(theme.signs, Signs::Unicode);
        assert_eq!(theme.contrast, Contrast::Usual);
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

    #[test]
    fn the_background_is_asked_for_only_where_the_answer_changes_something() {
        let asks = |pairs: &[(&str, &str)]| {
            let (terminal, settings) = terminal(pairs);
            terminal.asks_for_background(&settings)
        };
        let exact = [("TERM", "xterm"), ("COLORTERM", "truecolor")];
        assert!(asks(&exact));
        assert!(!asks(&[("TERM", "xterm")]));
        assert!(!asks(&[exact[0], exact[1], ("NO_COLOR", "1")]));
        assert!(!asks(&[exact[0], exact[1], ("CALLBOARD_THEME", "light")]));
        assert!(!asks(&[exact[0], exact[1], ("CALLBOARD_COLOURS", "16")]));
    }

    #[test]
    fn addresses_are_links_where_the_terminal_may_know_them() {
        for (pairs, expected) in [
            (vec![("TERM", "xterm-256color")], true),
            (vec![("TERM", "tmux-256color"), ("TMUX", "/tmp/x")], true),
            (vec![("TERM", "screen"), ("STY", "1.x")], false),
            (vec![("TERM", "linux")], false),
            (vec![("TERM", "dumb")], false),
            (vec![], false),
            (vec![("TERM", "linux"), ("CALLBOARD_LINKS", "always")], true),
            (vec![("TERM", "xterm"), ("CALLBOARD_LINKS", "never")], false),
        ] {
            let (terminal, settings) = terminal(&pairs);
            assert_eq!(terminal.shows_links(&settings), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_setting_overrules_what_the_terminal_says_of_itself() {
        let theme = theme(&[
            ("TERM", "xterm"),
            ("COLORTERM", "truecolor"),
            ("CALLBOARD_THEME", "light"),
            ("CALLBOARD_CONTRAST", "high"),
            ("CALLBOARD_SIGNS", "ascii"),
        ]);
        assert_eq!(theme.palette, Palette::OnLight);
        assert_eq!(theme.contrast, Contrast::High);
        assert_eq!(theme.signs, Signs::Ascii);
    }
}
