//! How keys are written: `j`, `ctrl-c`, `alt-enter`, `shift-tab`, `pgup`; as they
//! are shown, `Ctrl-c`, is well too.

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
    /// Reads a key as it is written in the table of actions or shown on the screen;
    /// `None` where the text names none.
    pub(in crate::tui) fn parse(text: &str) -> Option<Self> {
        let mut mods = Mods::NONE;
        let mut rest = text;
        // The last dash may be the key itself.
        while let Some((held, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty())
        {
            match held.to_ascii_lowercase().as_str() {
                "ctrl" => mods.ctrl = true,
                "alt" => mods.alt = true,
                "shift" => mods.shift = true,
                _ => return None,
            }
            rest = after;
        }
        let named = NAMED
            .iter()
            .find(|(written, _, _)| written.eq_ignore_ascii_case(rest));
        let code = match named {
            Some((_, _, code)) => *code,
            None => function_key(rest).or_else(|| one_character(rest))?,
        };
        Some(Self::new(code, mods))
    }

    /// Whether most terminals have no way to send it: they send another key's bytes
    /// in its place, or what begins a sequence.
    pub(in crate::tui) fn is_lost_on_the_way(self) -> bool {
        match self.code {
            Code::Char(letter) if self.mods.ctrl => {
                let sent =
                    letter.is_ascii_lowercase() || matches!(letter, ' ' | '\\' | ']' | '^' | '_');
                !sent || matches!(letter, 'h' | 'i' | 'j' | 'm')
            }
            Code::Char(letter) if self.mods.alt => {
                matches!(letter, '[' | ']' | 'O' | 'P' | 'X' | '^' | '_')
            }
            _ => false,
        }
    }
}

/// `f1` to `f24`.
fn function_key(text: &str) -> Option<Code> {
    let number: u8 = text.strip_prefix(['f', 'F'])?.parse().ok()?;
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
