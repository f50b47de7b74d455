//! Which key a control sequence is: the forms of xterm, rxvt, the Linux console
//! and kitty.
//!
//! Sources: xterm's `ctlseqs`, sections *PC-Style Function Keys* and *Bracketed
//! Paste Mode*; rxvt-unicode's `urxvt(7)`; kitty's keyboard protocol. Besides keys
//! there are the mouse (*Mouse Tracking*, SGR) and the device attributes (DA1).
//! Whatever is not listed is a report and means nothing.

use crate::tui::input::{Code, Key, Mods, Mouse, MouseKind};

/// What a control sequence means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A key.
    Key(Key),
    /// A paste begins.
    PasteStarts,
    /// A mouse report of the oldest form: three bytes follow.
    OldMouse,
    /// The mouse.
    Mouse(Mouse),
    /// The terminal says what it can.
    Device(Vec<u16>),
    /// A report, or nothing known.
    Nothing,
}

/// Whether a body is one number and nothing else.
pub(super) fn is_one_number(body: &[u8]) -> bool {
    !body.is_empty() && body.iter().all(u8::is_ascii_digit)
}

/// The meaning of `ESC [ body last`.
pub(super) fn meaning(body: &[u8], last: u8) -> Meaning {
    if !body
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':'))
    {
        // `?`, `<`, `=`, `>` and intermediates: replies and the mouse only.
        return private(body, last);
    }
    let parameters = Parameters(body);
    match last {
        b'M' if body.is_empty() => Meaning::OldMouse,
        b'~' => tilde(&parameters),
        b'$' | b'^' | b'@' => rxvt(&parameters, last),
        b'u' => kitty(&parameters),
        b'a'..=b'd' if body.is_empty() => key(arrow(last.to_ascii_uppercase()), shift()),
        b'Z' => key(Some(Code::Tab), shift().and(parameters.mods())),
        // With parameters `R` is the cursor's place, not F3.
        b'R' if !body.is_empty() => Meaning::Nothing,
        // A letter with another first parameter than 1 is a report.
        _ if body.is_empty() || parameters.number(0) == Some(1) => {
            key(arrow(last).or_else(|| function(last)), parameters.mods())
        }
        _ => Meaning::Nothing,
    }
}

/// The meaning of a sequence whose body is not of numbers alone.
fn private(body: &[u8], last: u8) -> Meaning {
    match (body.split_first(), last) {
        (Some((b'<', rest)), b'M') => mouse(&Parameters(rest)),
        (Some((b'?', rest)), b'c') => Meaning::Device(
            rest.split(|byte| *byte == b';')
                .filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
                .collect(),
        ),
        _ => Meaning::Nothing,
    }
}

/// A button that goes down, or the wheel; `M`, so that a button let go, which ends
/// in `m`, is none. One held with a modifier is the terminal's own or nobody's.
fn mouse(parameters: &Parameters<'_>) -> Meaning {
    const MODIFIERS: u32 = 4 | 8 | 16;
    let place = |at| u16::try_from(parameters.number(at)?.checked_sub(1)?).ok();
    let kind = match parameters.number(0) {
        Some(0) => MouseKind::Press,
        Some(button) if button & !MODIFIERS == 64 => MouseKind::WheelUp,
        Some(button) if button & !MODIFIERS == 65 => MouseKind::WheelDown,
        _ => return Meaning::Nothing,
    };
    match (place(1), place(2)) {
        (Some(column), Some(row)) => Meaning::Mouse(Mouse { kind, column, row }),
        _ => Meaning::Nothing,
    }
}

/// The key of `ESC O body last`.
pub(super) fn single(body: &[u8], last: u8) -> Option<Key> {
    let parameters = Parameters(body);
    // Some terminals write `ESC O 5 P`, others `ESC O 1 ; 5 P`.
    let mods = match parameters.number(1).or_else(|| parameters.number(0)) {
        Some(number) => Mods::from_parameter(number),
        None => Mods::NONE,
    };
    let ctrl = Mods {
        ctrl: true,
        ..Mods::NONE
    };
    let code = match last {
        b'M' => Some(Code::Enter),
        b'a'..=b'd' => return arrow(last.to_ascii_uppercase()).map(|code| Key::new(code, ctrl)),
        // The number pad: `j` to `y` are `*` to `9`, `X` is `=`.
        b'j'..=b'y' => Some(Code::Char(char::from(last.wrapping_sub(0x40)))),
        b'X' => Some(Code::Char('=')),
        _ => arrow(last).or_else(|| function(last)),
    };
    code.map(|code| Key::new(code, mods))
}

/// The key of `ESC [ [ last`.
pub(super) fn linux_key(last: u8) -> Option<Key> {
    match last {
        b'A'..=b'E' => Some(Key::plain(Code::F(last.wrapping_sub(b'A').wrapping_add(1)))),
        _ => None,
    }
}

/// The numbers between the introducer and the last byte.
struct Parameters<'a>(&'a [u8]);

impl Parameters<'_> {
    /// The parameter at a place, without its sub-parameters.
    fn number(&self, place: usize) -> Option<u32> {
        self.part(place, 0)
    }

    /// A sub-parameter of the parameter at a place.
    fn part(&self, place: usize, part: usize) -> Option<u32> {
        let parameter = self.0.split(|byte| *byte == b';').nth(place)?;
        let digits = parameter.split(|byte| *byte == b':').nth(part)?;
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// The second parameter as modifiers.
    fn mods(&self) -> Mods {
        self.number(1).map_or(Mods::NONE, Mods::from_parameter)
    }
}

fn shift() -> Mods {
    Mods {
        shift: true,
        ..Mods::NONE
    }
}

fn key(code: Option<Code>, mods: Mods) -> Meaning {
    code.map_or(Meaning::Nothing, |code| Meaning::Key(Key::new(code, mods)))
}

fn arrow(letter: u8) -> Option<Code> {
    Some(match letter {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        _ => return None,
    })
}

fn function(letter: u8) -> Option<Code> {
    matches!(letter, b'P'..=b'S').then(|| Code::F(letter.wrapping_sub(b'P').wrapping_add(1)))
}

fn numbered(number: u32) -> Option<Code> {
    let function = |number: u32, first: u32, key: u8| {
        let step = u8::try_from(number.saturating_sub(first)).unwrap_or(0);
        Code::F(key.saturating_add(step))
    };
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => function(number, 11, 1),
        17..=21 => function(number, 17, 6),
        23 | 24 => function(number, 23, 11),
        _ => return None,
    })
}

fn tilde(parameters: &Parameters<'_>) -> Meaning {
    match parameters.number(0) {
        Some(200) => Meaning::PasteStarts,
        // xterm's modifyOtherKeys: 27 ; modifiers ; code.
        Some(27) => match parameters.number(2).and_then(character) {
            Some(code) => key(Some(code), parameters.mods()),
            None => Meaning::Nothing,
        },
        Some(number) => key(numbered(number), parameters.mods()),
        None => Meaning::Nothing,
    }
}

/// rxvt says the modifier with the last byte.
fn rxvt(parameters: &Parameters<'_>, last: u8) -> Meaning {
    let mods = Mods {
        shift: last != b'^',
        ctrl: last != b'$',
        alt: false,
    };
    key(parameters.number(0).and_then(numbered), mods)
}

/// kitty: code : shifted : base ; modifiers : kind of event ; text.
fn kitty(parameters: &Parameters<'_>) -> Meaning {
    const RELEASED: u32 = 3;
    if parameters.part(1, 1) == Some(RELEASED) {
        return Meaning::Nothing;
    }
    let mods = parameters.mods();
    let shifted = parameters.part(0, 1).filter(|_| mods.shift && !mods.ctrl);
    match shifted.or_else(|| parameters.number(0)).and_then(character) {
        Some(code) => key(Some(code), mods),
        None => Meaning::Nothing,
    }
}

/// A key by its code point; `None` for the private ones and for controls.
fn character(code: u32) -> Option<Code> {
    Some(match code {
        9 => Code::Tab,
        13 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        0..=31 | 0x80..=0x9f | 0xe000..=0xf8ff => return None,
        _ => Code::Char(char::from_u32(code)?),
    })
}
