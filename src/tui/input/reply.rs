//! What a terminal answers when it is asked something.

/// A reply that callboard asks for. What a terminal says besides is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Reply {
    /// The colour of the background (OSC 11), each part of 65 535.
    Background {
        /// How red.
        red: u16,
        /// How green.
        green: u16,
        /// How blue.
        blue: u16,
    },
    /// What the terminal can (DA1), by number: 4 is sixel. Every terminal answers
    /// this, so whatever was asked before and is not answered by now never will be.
    Device(Vec<u16>),
    /// Whether the terminal understood a picture in kitty's protocol.
    Graphics {
        /// The number that the question gave the picture.
        image: u32,
        /// Whether it can show it.
        ok: bool,
    },
}
