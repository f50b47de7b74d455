//! Copying, by OSC 52: the terminal puts the text on the clipboard of the machine
//! that it runs on, which over SSH is the person's own.
//!
//! The text is the raw one, since what is pasted has to be what was sent; only control
//! characters other than newline and tab are left out, and whoever copies is told so.
//! The sequence itself is base64 between two marks of callboard's: nothing in a text
//! can end it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::effect::Effect;
use super::model::Model;
use crate::domain::Fault;

/// Longest text that is copied, in bytes of its base64. Terminals take 100,000 bytes
/// at most for one sequence, some less.
const ENCODED_LIMIT: usize = 74_994;

/// What stands between callboard and the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Passage {
    /// Nothing.
    #[default]
    Open,
    /// tmux: takes the sequence itself where `set-clipboard` is *on*, and hands on a
    /// wrapped one where `allow-passthrough` is; so it gets both.
    Tmux,
    /// GNU Screen: hands on what is wrapped, in short pieces.
    Screen,
}

/// A text fit for the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clean {
    text: String,
    /// Control characters that were left out.
    left_out: usize,
}

fn clean(text: &str) -> Clean {
    let kept = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    // The CR of a line's end is no loss that anybody has to hear of.
    let bare = text.replace("\r\n", "\n");
    let text: String = bare.chars().filter(kept).collect();
    Clean {
        left_out: bare.chars().count().saturating_sub(text.chars().count()),
        text,
    }
}

/// Copies a text and says so; `what` is what it is, in a word or two. A text that is
/// too long is not copied, and `instead` says what to do about it.
pub(super) fn copy(model: &mut Model, what: &str, text: &str, instead: &str) -> Vec<Effect> {
    let limit = ENCODED_LIMIT / 4 * 3;
    if text.is_empty() {
        return vec![model.say(format!("{what} is empty; nothing was copied"))];
    }
    if text.len() > limit {
        let fault = Fault::user(format!(
            "{what} is too long to copy: {}, and a terminal takes {}",
            crate::tui::widget::amount::bytes(text.len()),
            crate::tui::widget::amount::bytes(limit),
        ))
        .hint(instead);
        return vec![model.complain(&fault)];
    }
    let Clean { text, left_out } = clean(text);
    let count = text.chars().count();
    let letters = if count == 1 {
        "character"
    } else {
        "characters"
    };
    let mut said = format!("{what} went to the terminal's clipboard: {count} {letters}");
    match left_out {
        0 => {}
        1 => said.push_str(", 1 control character left out"),
        more => said.push_str(&format!(", {more} control characters left out")),
    }
    vec![Effect::Copy(text), model.say(said)]
}

/// The bytes that put a text on the clipboard. Text that [`copy`] did not see is
/// cleaned here as well, and one that is too long gives none.
pub(super) fn sequence(text: &str, passage: Passage) -> Vec<u8> {
    let encoded = STANDARD.encode(clean(text).text);
    if encoded.len() > ENCODED_LIMIT {
        return Vec::new();
    }
    let plain = format!("\u{1b}]52;c;{encoded}\u{7}");
    match passage {
        Passage::Open => plain.into_bytes(),
        Passage::Tmux => {
            let inner = plain.replace('\u{1b}', "\u{1b}\u{1b}");
            format!("{plain}\u{1b}Ptmux;{inner}\u{1b}\\").into_bytes()
        }
        Passage::Screen => {
            let mut wrapped = String::new();
            let letters: Vec<char> = plain.chars().collect();
            // Screen keeps 768 bytes of one string at most.
            for piece in letters.chunks(240) {
                wrapped.push_str("\u{1b}P");
                wrapped.extend(piece);
                wrapped.push_str("\u{1b}\\");
            }
            wrapped.into_bytes()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_text_is_copied_as_base64_between_two_marks() {
        assert_eq!(text(sequence("hi", Passage::Open)), "\u{1b}]52;c;aGk=\u{7}");
    }

    #[test]
    fn tmux_gets_it_for_itself_and_to_hand_on() {
        assert_eq!(
            text(sequence("hi", Passage::Tmux)),
            "\u{1b}]52;c;aGk=\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;aGk=\u{7}\u{1b}\\"
        );
    }

    #[test]
    fn screen_gets_it_in_pieces() {
        let long = "x".repeat(1000);
        let wrapped = text(sequence(&long, Passage::Screen));
        let joined: String = wrapped
            .split("\u{1b}P")
            .map(|piece| piece.trim_end_matches("\u{1b}\\"))
            .collect();
        assert_eq!(joined, text(sequence(&long, Passage::Open)));
        assert!(wrapped.split("\u{1b}P").all(|piece| piece.len() < 768));
    }

    #[test]
    fn nothing_in_a_text_ends_the_sequence() {
        let hostile = "a\u{7}\u{1b}\\\u{9c}b\nc\td\r\ne";
        let sent = text(sequence(hostile, Passage::Open));
        let inner = sent
            .trim_start_matches("\u{1b}]52;c;")
            .trim_end_matches('\u{7}');
        assert_eq!(STANDARD.decode(inner).unwrap(), b"a\\b\nc\td\ne");
        assert_eq!(clean(hostile).left_out, 3);
    }

    #[test]
    fn what_a_terminal_would_not_take_is_not_sent() {
        assert!(sequence(&"x".repeat(56_244), Passage::Open).len() > 74_000);
        assert!(sequence(&"x".repeat(56_300), Passage::Open).is_empty());
    }
}
