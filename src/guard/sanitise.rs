//! Makes text from outside fit to be shown.

use crate::domain::Untrusted;

/// One line of it, at most `max_chars` long, hidden characters visible.
pub fn line(text: &Untrusted, max_chars: usize) -> String {
    let mut shown = String::new();
    for (place, c) in text.raw().chars().enumerate() {
        if place == max_chars {
            shown.push('…');
            break;
        }
        if c == ' ' || c.is_alphanumeric() || c.is_ascii_punctuation() {
            shown.push(c);
        } else {
            shown.extend(c.escape_unicode());
        }
    }
    shown
}
