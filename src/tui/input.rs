//! What comes from the terminal: keys and pastes, as values.
//!
//! callboard reads the terminal itself. The usual event loop turns the late
//! replies of a terminal (colours, device attributes) into keys and never ends
//! on a terminal that is gone; a face whose keys grant permissions can afford
//! neither.

mod decoder;
mod mouse;
mod notation;
mod reader;
mod reply;

pub(super) use decoder::Decoder;
#[cfg(test)]
use decoder::Pending;
pub(super) use mouse::{Mouse, MouseKind};
pub(super) use reader::{Raw, Reader};
pub(super) use reply::Reply;

/// One thing that came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted, whole. Its line ends are `\n`.
    Paste(String),
    /// Something was done with the mouse.
    Mouse(Mouse),
    /// The terminal answers something that it was asked.
    Reply(Reply),
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    /// Which.
    pub(super) code: Code,
    /// Held with it.
    pub(super) mods: Mods,
}

/// Which key. A letter with Shift is the capital, without a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Code {
    /// A character.
    Char(char),
    /// Enter or Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab; backwards with Shift.
    Tab,
    /// Backspace.
    Backspace,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Insert.
    Insert,
    /// Delete.
    Delete,
    /// A function key, from 1.
    F(u8),
}

/// Modifiers held with a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Mods {
    /// Control.
    pub(super) ctrl: bool,
    /// Alt, or Escape before it.
    pub(super) alt: bool,
    /// Shift, where it does not show in the character.
    pub(super) shift: bool,
}

impl Mods {
    /// None.
    pub(super) const NONE: Self = Self {
        ctrl: false,
        alt: false,
        shift: false,
    };

    /// Reads the parameter of xterm and kitty: one more than the bits.
    fn from_parameter(parameter: u32) -> Self {
        let bits = parameter.saturating_sub(1);
        Self {
            shift: bits & 1 != 0,
            alt: bits & (2 | 32) != 0,
            ctrl: bits & 4 != 0,
        }
    }

    /// These and those.
    fn and(self, other: Self) -> Self {
        Self {
            ctrl: self.ctrl || other.ctrl,
            alt: self.alt || other.alt,
            shift: self.shift || other.shift,
        }
    }
}

impl Key {
    /// A key without modifiers.
    pub(super) const fn plain(code: Code) -> Self {
        Self {
            code,
            mods: Mods::NONE,
        }
    }

    /// A key with modifiers, in the one form that each has: a letter's Shift is
    /// its capital, and a letter under Control is small.
    pub(super) fn new(code: Code, mut mods: Mods) -> Self {
        let Code::Char(mut letter) = code else {
            return Self { code, mods };
        };
        if mods.ctrl {
            letter = letter.to_ascii_lowercase();
        } else if mods.shift {
            letter = letter.to_ascii_uppercase();
        }
        mods.shift = false;
        Self {
            code: Code::Char(letter),
            mods,
        }
    }

    /// The character that this key types into a field, if it types one.
    pub(super) fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(letter) if !self.mods.ctrl && !self.mods.alt => Some(letter),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
