//! The strings of a terminal, and the replies among them.
//!
//! Sources: ECMA-48 sections 5.6 and 8.3; xterm's `ctlseqs`, *Operating System
//! Commands*; XParseColor(3) for colours; kitty's graphics protocol, *Querying
//! support*.

use crate::tui::input::Reply;

/// What introduced a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// OSC: the colours and the clipboard.
    Command,
    /// DCS: the settings and the version.
    Control,
    /// APC: kitty's graphics.
    Application,
    /// PM and SOS, which no terminal sends.
    Other,
}

impl Kind {
    /// The string that the byte behind an Escape introduces.
    pub(super) fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            b']' => Self::Command,
            b'P' => Self::Control,
            b'_' => Self::Application,
            b'^' | b'X' => Self::Other,
            _ => return None,
        })
    }

    /// Whether a terminal sends what begins like this. A person who typed Alt and a
    /// bracket goes on otherwise, and gets the keys back after a moment.
    pub(super) fn is_likely(self, body: &[u8]) -> bool {
        let Some(first) = body.first() else {
            return false;
        };
        match self {
            Self::Command => first.is_ascii_digit(),
            Self::Control => first.is_ascii_digit() || b">!$+".contains(first),
            Self::Application => *first == b'G',
            Self::Other => false,
        }
    }

    /// The reply that a string is, if it is one that is asked for.
    pub(super) fn reply(self, body: &[u8]) -> Option<Reply> {
        let text = std::str::from_utf8(body).ok()?;
        match self {
            Self::Command => background(text.strip_prefix("11;")?),
            Self::Application => graphics(text.strip_prefix('G')?),
            Self::Control | Self::Other => None,
        }
    }
}

/// `rgb:RRRR/GGGG/BBBB`, each part of one to four digits of base sixteen; with
/// `rgba` a fourth part says how opaque it is.
fn background(text: &str) -> Option<Reply> {
    let parts = text
        .strip_prefix("rgb:")
        .or_else(|| text.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(shade);
    let mut next = || parts.next().flatten();
    Some(Reply::Background {
        red: next()?,
        green: next()?,
        blue: next()?,
    })
}

/// A part of a colour, of 65 535: `f` and `ffff` are the same.
fn shade(digits: &str) -> Option<u16> {
    if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)?;
    u16::try_from(
        value
            .checked_mul(0xffff)?
            .checked_div(most.checked_sub(1)?)?,
    )
    .ok()
}

/// `i=NUMBER,…;OK`, or a word for what is wrong in place of OK.
fn graphics(text: &str) -> Option<Reply> {
    let (keys, said) = text.split_once(';')?;
    let image = keys.split(',').find_map(|key| key.strip_prefix("i="))?;
    Some(Reply::Graphics {
        image: image.parse().ok()?,
        ok: said == "OK",
    })
}
