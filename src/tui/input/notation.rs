//! How keys are written: `j`, `ctrl-c`, `alt-enter`, `shift-tab`, `pgup`.

use std::fmt;

use super::{Code, Key, Mods};

/// Keys with names, as written and as shown.
const NAMED: &[(&str, &str, Code)] = &[
    ("enter", "Enter", Code::Enter),
    ("esc", "Esc", Code::Esc),
    ("tab", "Tab", Code::Tab),
    ("space", "Space", Code::Char(' ')),
    ("backspace", "Backspace", Code::Backspace),
    ("up", "Up", Code::Up),
    ("down", "Down", Code::Down),
    ("left", "Left", Code::Left),
    ("right", "Right", Code::Right),
    ("home", "Home", Code::Home),
    ("end", "End", Code::End),
    ("pgup", "PgUp", Code::PageUp),
    ("pgdn", "PgDn", Code::PageDown),
    ("ins", "Ins", Code::Insert),
    ("del", "Del", Code::Delete),
];

impl Key {
    /// Reads a key as it is written in the table of actions; `None` where the
    /// text names none.
    pub(in crate::tui) fn parse(text: &str) -> Option<Self> {
        let mut mods = Mods::NONE;
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-") {
                mods.ctrl = true;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("alt-") {
                mods.alt = true;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("shift-") {
                mods.shift = true;
                rest = after;
            } else {
                break;
            }
        }
        let code = match NAMED.iter().find(|(written, _, _)| *written == rest) {
            Some((_, _, code)) => *code,
            None => function_key(rest).or_else(|| one_character(rest))?,
        };
        Some(Self::new(code, mods))
    }
}

/// `f1` to `f24`.
fn function_key(text: &str) -> Option<Code> {
    let number: u8 = text.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

/// A text of exactly one character.
fn one_character(text: &str) -> Option<Code> {
    let mut characters = text.chars();
    let first = characters.next()?;
    characters.next().is_none().then_some(Code::Char(first))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, word) in [
            (self.mods.ctrl, "Ctrl-"),
            (self.mods.alt, "Alt-"),
            (self.mods.shift, "Shift-"),
        ] {
            if held {
                f.write_str(word)?;
            }
        }
        if let Some((_, shown, _)) = NAMED.iter().find(|(_, _, code)| *code == self.code) {
            return f.write_str(shown);
        }
        match self.code {
            Code::Char(letter) => write!(f, "{letter}"),
            Code::F(number) => write!(f, "F{number}"),
            _ => Ok(()),
        }
    }
}
