//! Bytes of a terminal to keys and pastes.
//!
//! A state machine after ECMA-48 section 5 and the parser of Paul Williams
//! (<https://vt100.net/emu/dec_ansi_parser>), for the other direction: what a
//! terminal *sends*. It promises that
//! - reading the bytes in other pieces gives the same inputs, unless a time-out
//!   was said to have passed in between ([`Decoder::expire`]);
//! - a report (OSC, DCS, APC, PM and SOS strings, device attributes, mode, cursor
//!   and window reports) never becomes a key, nor does any part of it, however late
//!   its parts come: those that are asked for are a [`Reply`], the others are
//!   dropped, as is a mouse report in any form but the one that is switched on;
//! - a bracketed paste is one input, and nothing in it is a key;
//! - it keeps at most [`PASTE_LIMIT`] bytes.
//!
//! One thing cannot be told apart: the Escape that a report begins with and the key
//! of that name, where a pause comes right behind it. While replies are expected
//! ([`Decoder::expect_replies`]) such a pause may be long.
//!
//! It is not built on a parser made for the output of programs: such a parser
//! hides whether it stands just behind an Escape, keeps strings without bound,
//! and reads what is pasted as sequences.

mod csi;
mod text;

use std::time::Duration;

use super::{Code, Input, Key, Mods, Reply};
use text::Kind;

/// Longest paste that is kept, in bytes; what is beyond is dropped.
pub(in crate::tui) const PASTE_LIMIT: usize = 1 << 20;

/// Longest body of a sequence or a string that can still mean something, in bytes.
const BODY_LIMIT: usize = 96;

/// End of a bracketed paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// How long an Escape may stay alone before it is the key of that name.
const ESCAPE_WAIT: Duration = Duration::from_millis(40);

/// The same while replies are expected, each of which begins with an Escape.
const DOUBT_WAIT: Duration = Duration::from_secs(1);

/// How long a string that is like none of a terminal's may stay unfinished before
/// it is given up, counted from its last byte: somebody typed Alt and a bracket.
const STRING_WAIT: Duration = Duration::from_secs(2);

/// What the decoder waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Pending {
    /// Nothing; or the rest of a paste, a sequence or a reply, which is waited for
    /// without limit: whatever comes of it would be read as keys.
    Nothing,
    /// It stands behind an Escape that may be a key.
    Escape,
    /// It stands behind an Escape that may be a key or begin a reply.
    Doubt,
    /// It stands inside a string that no terminal sends.
    Sequence,
}

impl Pending {
    /// How long to wait for the next byte before calling [`Decoder::expire`].
    pub(in crate::tui) fn wait(self) -> Option<Duration> {
        match self {
            Self::Nothing => None,
            Self::Escape => Some(ESCAPE_WAIT),
            Self::Doubt => Some(DOUBT_WAIT),
            Self::Sequence => Some(STRING_WAIT),
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
    /// Inside a string.
    Text(Kind),
    /// Behind an Escape inside a string.
    TextEscape(Kind),
    /// Behind a string that was given up at its last Escape: a backslash belongs to
    /// it still.
    Closing,
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
    /// The body is longer than any that means something.
    overflow: bool,
    /// The last byte of the present string.
    last: u8,
    /// Replies of the terminal are on their way.
    expecting: bool,
    paste: Vec<u8>,
}

impl Decoder {
    /// Takes bytes in and adds what they mean to `out`.
    pub(in crate::tui) fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// Says whether the terminal was asked something, so that an Escape may begin
    /// its reply. Ends by itself with the reply that every terminal gives, its device
    /// attributes: ask for these last.
    pub(in crate::tui) fn expect_replies(&mut self, expected: bool) {
        self.expecting = expected;
    }

    /// Whether replies are expected still.
    pub(in crate::tui) fn expects_replies(&self) -> bool {
        self.expecting
    }

    /// What it waits for.
    pub(in crate::tui) fn pending(&self) -> Pending {
        match self.state {
            State::Escape if self.expecting && !self.alt => Pending::Doubt,
            State::Escape => Pending::Escape,
            State::Text(_) if self.expecting => Pending::Nothing,
            State::Text(kind) if kind.is_likely(&self.body) => Pending::Nothing,
            State::Text(_) | State::TextEscape(_) => Pending::Sequence,
            _ => Pending::Nothing,
        }
    }

    /// Says that nothing came for [`Pending::wait`]: an Escape is the key, a string
    /// that no terminal sends is dropped.
    pub(in crate::tui) fn expire(&mut self, out: &mut Vec<Input>) {
        match (self.pending(), self.state) {
            (Pending::Nothing, _) => {}
            (_, State::Escape) => {
                if self.alt {
                    out.push(Input::Key(Key::plain(Code::Esc)));
                }
                out.push(Input::Key(Key::plain(Code::Esc)));
                self.rest();
            }
            (_, State::TextEscape(_)) => {
                self.rest();
                self.state = State::Closing;
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
            State::OldMouse(_) if matches!(byte, 0x01..=0x1f) => self.abandon(byte, out),
            State::OldMouse(1) => self.rest(),
            State::OldMouse(left) => self.state = State::OldMouse(left.saturating_sub(1)),
            State::Text(kind) => self.text(byte, kind, out),
            State::TextEscape(kind) => self.text_escape(byte, kind, out),
            State::Closing => {
                self.rest();
                if byte != b'\\' {
                    self.ground(byte, out);
                }
            }
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
        self.last = 0;
        self.state = match byte {
            b'[' => State::Control,
            b'O' => State::Single,
            _ => match Kind::of(byte) {
                Some(kind) => State::Text(kind),
                None => {
                    self.alt = false;
                    State::Ground
                }
            },
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
            csi::Meaning::Mouse(mouse) => {
                out.push(Input::Mouse(mouse));
                self.rest();
            }
            csi::Meaning::Device(attributes) => {
                out.push(Input::Reply(Reply::Device(attributes)));
                self.expecting = false;
                self.rest();
            }
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

    fn text(&mut self, byte: u8, kind: Kind, out: &mut Vec<Input>) {
        // The end in its form of one byte, unless it is the rest of a character.
        let may_end = self.last < 0x80 || self.last == 0xc2;
        self.last = byte;
        match byte {
            0x1b => self.state = State::TextEscape(kind),
            0x07 => self.finish_text(kind, out),
            0x9c if may_end => self.finish_text(kind, out),
            // CAN and SUB end a string early.
            0x18 | 0x1a => self.rest(),
            // No reply has another of these: what was typed counts.
            0x00..=0x1f | 0x7f => self.abandon(byte, out),
            _ => self.keep(byte),
        }
    }

    fn finish_text(&mut self, kind: Kind, out: &mut Vec<Input>) {
        if !self.overflow
            && let Some(reply) = kind.reply(&self.body)
        {
            out.push(Input::Reply(reply));
        }
        self.rest();
    }

    fn text_escape(&mut self, byte: u8, kind: Kind, out: &mut Vec<Input>) {
        match byte {
            b'\\' => self.finish_text(kind, out),
            0x1b => {}
            // Only another sequence ends a string that has no end of its own;
            // a letter belongs to the string still.
            b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => {
                self.rest();
                self.state = State::Escape;
                self.escape(byte, out);
            }
            0x00..=0x1f | 0x7f => self.abandon(byte, out),
            _ => {
                self.keep(byte);
                self.state = State::Text(kind);
            }
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
