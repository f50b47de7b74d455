//! Bytes of a terminal to keys and pastes.
//!
//! A state machine after ECMA-48 section 5 and the parser of Paul Williams
//! (<https://vt100.net/emu/dec_ansi_parser>), for the other direction: what a
//! terminal *sends*. It promises that
//! - reading the bytes in other pieces gives the same inputs, unless a time-out
//!   was said to have passed in between ([`Decoder::expire`]);
//! - a report (OSC, DCS, APC, PM and SOS strings, device attributes, mode, cursor,
//!   window and mouse reports) never becomes a key, nor does any part of it;
//! - a bracketed paste is one input, and nothing in it is a key;
//! - it keeps at most [`PASTE_LIMIT`] bytes.
//!
//! It is not built on a parser made for the output of programs: such a parser
//! hides whether it stands just behind an Escape, keeps strings without bound,
//! and reads what is pasted as sequences.

mod csi;

use std::time::Duration;

use super::{Code, Input, Key, Mods};

/// Longest paste that is kept, in bytes; what is beyond is dropped.
pub(in crate::tui) const PASTE_LIMIT: usize = 1 << 20;

/// Longest body of a control sequence that can still be a key, in bytes.
const BODY_LIMIT: usize = 48;

/// End of a bracketed paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// How long an Escape may stay alone before it is the key of that name.
const ESCAPE_WAIT: Duration = Duration::from_millis(40);

/// How long a sequence may stay unfinished before it is given up, counted from
/// its last byte. Long: whatever comes later would be read as keys.
const SEQUENCE_WAIT: Duration = Duration::from_secs(2);

/// What the decoder waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Pending {
    /// Nothing, or the end of a paste, which is waited for without limit.
    Nothing,
    /// It stands behind an Escape that may be a key.
    Escape,
    /// It stands inside a sequence.
    Sequence,
}

impl Pending {
    /// How long to wait for the next byte before calling [`Decoder::expire`].
    pub(in crate::tui) fn wait(self) -> Option<Duration> {
        match self {
            Self::Nothing => None,
            Self::Escape => Some(ESCAPE_WAIT),
            Self::Sequence => Some(SEQUENCE_WAIT),
        }
    }
}

/// Where the decoder stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Between inputs.
    #[default]
    Ground,
    /// Inside a character of more than one byte.
    Character,
    /// Behind an Escape.
    Escape,
    /// Inside a control sequence.
    Control,
    /// Behind `ESC [ [`, the Linux console's function keys.
    LinuxKey,
    /// Behind `ESC O`.
    Single,
    /// Inside a mouse report of the oldest form; so many bytes are left.
    OldMouse(u8),
    /// Inside a string; whether BEL ends it.
    Text { bell_ends: bool },
    /// Behind an Escape inside a string.
    TextEscape { bell_ends: bool },
    /// Inside a paste; so many bytes of its end have been seen.
    Paste { matched: usize },
}

/// See the module.
#[derive(Debug, Default)]
pub(in crate::tui) struct Decoder {
    state: State,
    /// An Escape stood before the present sequence or character.
    alt: bool,
    /// Bytes of the present character, or the body of the present sequence.
    body: Vec<u8>,
    /// The body is longer than any key's.
    overflow: bool,
    paste: Vec<u8>,
}

impl Decoder {
    /// Takes bytes in and adds what they mean to `out`.
    pub(in crate::tui) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// What it waits for.
    pub(in crate::tui) fn pending(&self) -> Pending {
        match self.state {
            State::Ground | State::Paste { .. } => Pending::Nothing,
            State::Escape => Pending::Escape,
            _ => Pending::Sequence,
        }
    }

    /// Says that nothing came for [`Pending::wait`]: an Escape is the key, an
    /// unfinished sequence is dropped.
    pub(in crate::tui) fn expire(&mut self, out: &mut Vec<Input>) {
        match self.state {
            State::Ground | State::Paste { .. } => {}
            State::Escape => {
                if self.alt {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                out.push(Input::Key(Key::plain(Code::Esc)));
                self.rest();
            }
            _ => self.rest(),
        }
    }

    fn rest(&mut self) {
        self.state = State::Ground;
        self.alt = false;
        self.overflow = false;
        self.body.clear();
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Input>) {
        match self.state {
            State::Ground => self.ground(byte, out),
            State::Character => self.character(byte, out),
            State::Escape => self.escape(byte, out),
            State::Control => self.control(byte, out),
            State::LinuxKey => {
                let key = csi::linux_key(byte);
                self.emit(key, out);
            }
            State::Single => self.single(byte, out),
            State::OldMouse(1) => self.rest(),
            State::OldMouse(left) => self.state = State::OldMouse(left.saturating_sub(1)),
            State::Text { bell_ends } => self.text(byte, bell_ends),
            State::TextEscape { bell_ends } => self.text_escape(byte, bell_ends, out),
            State::Paste { matched } => self.pasted(byte, matched, out),
        }
    }

    /// Emits a key, if there is one, and goes back to the ground.
    fn emit(&mut self, key: Option<Key>, out: &mut Vec<Input>) {
        if let Some(key) = key {
            let alt = Mods {
                alt: self.alt,
                ..Mods::NONE
            };
            out.push(Input::Key(Key::new(key.code, key.mods.and(alt))));
        }
        self.rest();
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            0x1b => self.state = State::Escape,
            0x00..=0x1f | 0x7f => self.emit(control_key(byte), out),
            0x20..=0x7e => self.emit(Some(Key::plain(Code::Char(char::from(byte)))), out),
            0xc2..=0xf4 => {
                self.body.clear();
                self.body.push(byte);
                self.state = State::Character;
            }
            // An introducer in its form of one byte; whatever else is no UTF-8.
            0x80..=0x9f => self.introduce(byte.wrapping_sub(0x40)),
            _ => self.rest(),
        }
    }

    fn character(&mut self, byte: u8, out: &mut Vec<Input>) {
        if !(0x80..=0xbf).contains(&byte) {
            self.rest();
            self.ground(byte, out);
            return;
        }
        self.body.push(byte);
        match std::str::from_utf8(&self.body) {
            Ok(text) => match text.chars().next() {
                Some(letter @ '\u{80}'..='\u{9f}') => {
                    let low = u32::from(letter).wrapping_sub(0x40);
                    self.introduce(u8::try_from(low).unwrap_or(0));
                }
                letter => self.emit(letter.map(|letter| Key::plain(Code::Char(letter))), out),
            },
            Err(error) if error.error_len().is_some() => self.rest(),
            Err(_) => {}
        }
    }

    /// Enters what the byte behind an Escape introduces; back to the ground where
    /// it introduces nothing.
    fn introduce(&mut self, byte: u8) {
        self.body.clear();
        self.overflow = false;
        self.state = match byte {
            b'[' => State::Control,
            b'O' => State::Single,
            b']' => State::Text { bell_ends: true },
            b'P' | b'X' | b'^' | b'_' => State::Text { bell_ends: false },
            _ => {
                self.alt = false;
                State::Ground
            }
        };
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            // Some terminals write Alt as one more Escape before the sequence.
            0x1b => {
                if self.alt {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                self.alt = true;
            }
            b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => self.introduce(byte),
            _ => {
                if self.alt {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                self.state = State::Ground;
                self.alt = true;
                self.ground(byte, out);
            }
        }
    }

    fn control(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            0x00..=0x1f => self.abandon(byte, out),
            b'[' if self.body.is_empty() => self.state = State::LinuxKey,
            b'$' if csi::is_one_number(&self.body) => self.finish_control(byte, out),
            0x20..=0x3f => self.keep(byte),
            0x40..=0x7e => self.finish_control(byte, out),
            _ => self.rest(),
        }
    }

    fn finish_control(&mut self, last: u8, out: &mut Vec<Input>) {
        if self.overflow {
            self.rest();
            return;
        }
        match csi::meaning(&self.body, last) {
            csi::Meaning::Key(key) => self.emit(Some(key), out),
            csi::Meaning::PasteStarts => {
                self.rest();
                self.paste.clear();
                self.state = State::Paste { matched: 0 };
            }
            csi::Meaning::OldMouse => self.state = State::OldMouse(3),
            csi::Meaning::Nothing => self.rest(),
        }
    }

    fn single(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            0x00..=0x1f => self.abandon(byte, out),
            b'0'..=b'9' | b';' => self.keep(byte),
            _ => {
                let key = csi::single(&self.body, byte);
                self.emit(key, out);
            }
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.body.len() < BODY_LIMIT {
            self.body.push(byte);
        } else {
            self.overflow = true;
        }
    }

    /// Gives a sequence up for a control character in its middle, which counts
    /// for itself: Ctrl-c works whatever stands before it.
    fn abandon(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.rest();
        self.ground(byte, out);
    }

    fn text(&mut self, byte: u8, bell_ends: bool) {
        match byte {
            0x1b => self.state = State::TextEscape { bell_ends },
            0x07 if bell_ends => self.rest(),
            // CAN and SUB end a string early.
            0x18 | 0x1a => self.rest(),
            _ => {}
        }
    }

    fn text_escape(&mut self, byte: u8, bell_ends: bool, out: &mut Vec<Input>) {
        match byte {
            b'\\' => self.rest(),
            0x1b => self.state = State::TextEscape { bell_ends },
            // Only another sequence ends a string that has no end of its own;
            // a letter belongs to the string still.
            b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => {
                self.rest();
                self.state = State::Escape;
                self.escape(byte, out);
            }
            _ => self.state = State::Text { bell_ends },
        }
    }

    fn pasted(&mut self, byte: u8, matched: usize, out: &mut Vec<Input>) {
        if PASTE_END.get(matched) == Some(&byte) {
            if matched.saturating_add(1) == PASTE_END.len() {
                out.push(Input::Paste(paste_text(&self.paste)));
                self.paste = Vec::new();
                self.rest();
            } else {
                self.state = State::Paste {
                    matched: matched.saturating_add(1),
                };
            }
            return;
        }
        // The end begins with an Escape and has no other: what had matched was
        // content, and only this byte can begin it anew.
        for seen in PASTE_END.iter().take(matched) {
            self.paste_byte(*seen);
        }
        let begins = byte == 0x1b;
        if !begins {
            self.paste_byte(byte);
        }
        self.state = State::Paste {
            matched: usize::from(begins),
        };
    }

    fn paste_byte(&mut self, byte: u8) {
        if self.paste.len() < PASTE_LIMIT {
            self.paste.push(byte);
        }
    }
}

/// A pasted text with one kind of line end.
fn paste_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}

/// What a control character is, as a key.
fn control_key(byte: u8) -> Option<Key> {
    let ctrl = |letter: char| {
        Some(Key {
            code: Code::Char(letter),
            mods: Mods {
                ctrl: true,
                ..Mods::NONE
            },
        })
    };
    match byte {
        0x00 => ctrl(' '),
        0x08 | 0x7f => Some(Key::plain(Code::Backspace)),
        0x09 => Some(Key::plain(Code::Tab)),
        0x0a | 0x0d => Some(Key::plain(Code::Enter)),
        0x01..=0x1a => ctrl(char::from(byte | 0x60)),
        0x1c..=0x1f => ctrl(char::from(byte | 0x40)),
        _ => None,
    }
}
