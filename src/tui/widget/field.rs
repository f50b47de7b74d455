//! Fields of one line: plain and secret.

use std::fmt;

use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroize;

use crate::domain::{Secret, Untrusted};
use crate::guard::sanitise;
use crate::tui::input::{Code, Key};

/// Longest text a field takes, in characters.
const FIELD_LIMIT: usize = 4096;

/// Longest secret, in bytes. The room is taken at once, so that the text never
/// moves and leaves a copy behind.
const SECRET_LIMIT: usize = 16 * 1024;

/// What a key did to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Typed {
    /// The text differs.
    Changed,
    /// Only the cursor moved, or nothing did; the key is used up.
    Taken,
    /// The key means nothing to a field.
    NotMine,
}

/// A field whose text is shown.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct Field {
    input: Input,
}

impl Field {
    /// A field with this text in it.
    pub(in crate::tui) fn with(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
        }
    }

    /// The same with the cursor before its text, so that something can be put there.
    pub(in crate::tui) fn at_start(mut self) -> Self {
        self.input.handle(InputRequest::GoToStart);
        self
    }

    /// The text.
    pub(in crate::tui) fn text(&self) -> &str {
        self.input.value()
    }

    /// What of it fits into so many cells, and the cursor's cell in it.
    pub(in crate::tui) fn window(&self, room: usize) -> (String, usize) {
        let before: String = self.text().chars().take(self.input.cursor()).collect();
        let cursor = sanitise::width(&visible(&before));
        window(&visible(self.text()), cursor, room)
    }

    /// Takes a key.
    pub(in crate::tui) fn key(&mut self, key: Key) -> Typed {
        let Some(request) = request(key) else {
            return Typed::NotMine;
        };
        if matches!(request, InputRequest::InsertChar(_))
            && self.text().chars().count() >= FIELD_LIMIT
        {
            return Typed::Taken;
        }
        match self.input.handle(request) {
            Some(changed) if changed.value => Typed::Changed,
            _ => Typed::Taken,
        }
    }

    /// Takes a paste as one line: line ends and tabs become blanks. Returns what is
    /// to be said of it, where it is not as it was.
    pub(in crate::tui) fn paste(&mut self, text: &str) -> Option<&'static str> {
        let text = text.trim_matches(EDGES);
        let room = FIELD_LIMIT.saturating_sub(self.text().chars().count());
        let line = text.replace("\r\n", "\n");
        let blank = |letter| if EDGES.contains(&letter) { ' ' } else { letter };
        let typed = line.chars().map(blank).filter(|it| !it.is_control());
        for letter in typed.take(room) {
            self.input.handle(InputRequest::InsertChar(letter));
        }
        if line.chars().count() > room {
            Some("what was pasted is too long; its end is missing")
        } else if text.chars().any(char::is_control) {
            Some("what was pasted became one line; look at it before you go on")
        } else {
            None
        }
    }
}

/// What is cut off at both ends of a paste, and a blank within it.
const EDGES: [char; 4] = ['\n', '\r', ' ', '\t'];

/// What a key asks of a field.
fn request(key: Key) -> Option<InputRequest> {
    if let Some(letter) = key.typed() {
        return Some(InputRequest::InsertChar(letter));
    }
    let word = key.mods.ctrl || key.mods.alt;
    Some(match key.code {
        Code::Backspace if word => InputRequest::DeletePrevWord,
        Code::Backspace => InputRequest::DeletePrevChar,
        Code::Delete => InputRequest::DeleteNextChar,
        Code::Left if word => InputRequest::GoToPrevWord,
        Code::Left => InputRequest::GoToPrevChar,
        Code::Right if word => InputRequest::GoToNextWord,
        Code::Right => InputRequest::GoToNextChar,
        Code::Home => InputRequest::GoToStart,
        Code::End => InputRequest::GoToEnd,
        Code::Char('a') if key.mods.ctrl => InputRequest::GoToStart,
        Code::Char('e') if key.mods.ctrl => InputRequest::GoToEnd,
        Code::Char('b') if key.mods.alt => InputRequest::GoToPrevWord,
        Code::Char('f') if key.mods.alt => InputRequest::GoToNextWord,
        Code::Char('d') if key.mods.alt => InputRequest::DeleteNextWord,
        Code::Char('w') if key.mods.ctrl => InputRequest::DeletePrevWord,
        Code::Char('u') if key.mods.ctrl => InputRequest::DeleteFromStart,
        Code::Char('k') if key.mods.ctrl => InputRequest::DeleteTillEnd,
        Code::Char('y') if key.mods.ctrl => InputRequest::Yank,
        _ => return None,
    })
}

/// A text that somebody typed or pasted, with what would not be seen written out.
pub(in crate::tui) fn visible(text: &str) -> String {
    let untrusted = Untrusted::new(text);
    if sanitise::hidden(&untrusted) == 0 {
        return text.to_owned();
    }
    sanitise::line(&untrusted, usize::MAX)
}

/// The part of a text around the cursor that fits, and the cursor's cell in it.
fn window(text: &str, cursor: usize, room: usize) -> (String, usize) {
    let skip = cursor.saturating_add(1).saturating_sub(room);
    let mut skipped = 0;
    let mut used = 0;
    let mut shown = String::new();
    for letter in text.graphemes(true) {
        let cells = sanitise::width(letter);
        if skipped < skip {
            skipped += cells;
            continue;
        }
        if used + cells > room {
            break;
        }
        used += cells;
        shown.push_str(letter);
    }
    (shown, cursor.saturating_sub(skipped))
}

/// A field whose text is never shown, and wiped when it goes.
#[derive(Default)]
pub(in crate::tui) struct SecretField {
    text: String,
}

impl Clone for SecretField {
    /// An empty one: a secret has one place.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl SecretField {
    /// A field with this secret in it, whole; `None` where it is too long.
    pub(in crate::tui) fn with(text: &str) -> Option<Self> {
        let mut field = Self::default();
        if text.len() > SECRET_LIMIT {
            return None;
        }
        text.chars().for_each(|letter| field.push(letter));
        Some(field)
    }

    /// How many characters there are.
    pub(in crate::tui) fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether there is nothing in it.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A copy as a secret.
    pub(in crate::tui) fn secret(&self) -> Secret {
        Secret::new(self.text.as_str())
    }

    /// Whether two hold the same.
    pub(in crate::tui) fn same(&self, other: &Self) -> bool {
        self.text == other.text
    }

    /// Empties and wipes it.
    pub(in crate::tui) fn wipe(&mut self) {
        self.text.zeroize();
    }

    /// Takes a key. The cursor stays at the end: nobody sees where it would be.
    pub(in crate::tui) fn key(&mut self, key: Key) -> Typed {
        if let Some(letter) = key.typed() {
            self.push(letter);
            return Typed::Changed;
        }
        match key.code {
            Code::Backspace if !key.mods.ctrl && !key.mods.alt => {
                self.text.pop();
                Typed::Changed
            }
            Code::Backspace => {
                self.wipe();
                Typed::Changed
            }
            Code::Char('u' | 'w') if key.mods.ctrl => {
                self.wipe();
                Typed::Changed
            }
            Code::Left | Code::Right | Code::Home | Code::End | Code::Delete => Typed::Taken,
            _ => Typed::NotMine,
        }
    }

    /// Takes a paste that is one line and fits; nobody would see what became of
    /// another. Returns why it was not taken.
    pub(in crate::tui) fn paste(&mut self, text: &str) -> Option<&'static str> {
        let line = text.trim_matches(EDGES);
        if line.chars().any(char::is_control) {
            return Some("a secret is one line without tabs; nothing was pasted");
        }
        if self.text.len().saturating_add(line.len()) > SECRET_LIMIT {
            return Some("that is too long for a secret; nothing was pasted");
        }
        for letter in line.chars() {
            self.push(letter);
        }
        None
    }

    fn push(&mut self, letter: char) {
        if self.text.capacity() < SECRET_LIMIT {
            self.text.reserve_exact(SECRET_LIMIT);
        }
        if self.text.len().saturating_add(letter.len_utf8()) <= SECRET_LIMIT {
            self.text.push(letter);
        }
    }
}

impl Drop for SecretField {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretField(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_fills_one_line() {
        let mut field = Field::with("x");
        assert!(
            field
                .paste("  https://a.example/mcp\u{7}\nrm -rf\n")
                .is_some()
        );
        assert_eq!(field.text(), "xhttps://a.example/mcp rm -rf");
    }

    #[test]
    fn a_secret_shows_nothing_and_has_one_place() {
        let mut field = SecretField::default();
        field.paste("hunter2\n");
        assert_eq!(format!("{field:?}"), "SecretField(hidden)");
        assert_eq!(field.length(), 7);
        assert!(field.clone().is_empty());
        field.key(Key::parse("ctrl-u").unwrap());
        assert!(field.is_empty());
    }

    #[test]
    fn editing_keys_are_taken_and_others_are_left() {
        let mut field = Field::with("one two");
        assert_eq!(field.key(Key::parse("ctrl-w").unwrap()), Typed::Changed);
        assert_eq!(field.text(), "one ");
        assert_eq!(field.key(Key::parse("left").unwrap()), Typed::Taken);
        assert_eq!(field.key(Key::parse("enter").unwrap()), Typed::NotMine);
        assert_eq!(field.key(Key::parse("alt-1").unwrap()), Typed::NotMine);
    }

    #[test]
    fn the_cursor_is_always_in_the_window() {
        assert_eq!(window("abc", 3, 8), ("abc".to_owned(), 3));
        assert_eq!(window("abcdefghij", 10, 4), ("hij".to_owned(), 3));
        assert_eq!(window("abcdefghij", 0, 4), ("abcd".to_owned(), 0));
        let (shown, cell) = window("日本語のテキスト", 16, 5);
        assert!(sanitise::width(&shown) <= 5);
        assert!(cell < 5);
    }

    #[test]
    fn what_is_pasted_and_not_seen_is_written_out() {
        let mut field = Field::default();
        field.paste("a\u{202e}b");
        let (shown, cell) = field.window(40);
        assert_eq!(shown, "a⟨U+202E⟩b");
        assert_eq!(cell, 10);
    }
}
