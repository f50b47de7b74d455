//! The forms that a secret can take on its way into a file.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Every form of a text that is searched for.
pub fn of(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let json = serde_json::to_string(text).unwrap();
    let mut forms = vec![
        text.to_owned(),
        text.chars().rev().collect(),
        json.trim_matches('"').to_owned(),
        hex(bytes),
        hex(bytes).to_uppercase(),
        url::form_urlencoded::byte_serialize(bytes).collect(),
        percent(bytes),
        bytes.iter().map(|byte| format!("{byte}, ")).collect(),
        bytes.iter().map(|byte| format!("{byte},")).collect(),
        // As the pair of Basic authentication, either way round.
        STANDARD.encode(format!("ana:{text}")),
        STANDARD.encode(format!("{text}:ana")),
    ];
    // In the middle of something longer, base64 begins at one of three places.
    for before in 0..3 {
        forms.push(inside(&STANDARD, bytes, before));
        forms.push(inside(&URL_SAFE, bytes, before));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// What is the same whatever comes before (so many bytes, modulo three) and after.
fn inside(engine: &impl Engine, bytes: &[u8], before: usize) -> String {
    let mut padded = vec![0; before];
    padded.extend_from_slice(bytes);
    padded.truncate(padded.len() / 3 * 3);
    let first = if before == 0 { 0 } else { 4 };
    engine.encode(&padded)[first..].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Percent-encoding of whatever is no letter or digit.
fn percent(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => {
                char::from(*byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The first form of a text that these bytes have in them.
pub fn find(bytes: &[u8], text: &str) -> Option<String> {
    // Every form is ASCII, which this leaves alone.
    let bytes = String::from_utf8_lossy(bytes);
    of(text).into_iter().find(|form| bytes.contains(form))
}
