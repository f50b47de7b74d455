//! What the reader behind does not tell: how deep it goes, and how long an integer is.

use super::JsonFault;

/// Goes through the text once and refuses depth, integers that 64 bits cannot keep,
/// and the words that JavaScript has for numbers that are none.
pub(super) fn scan(bytes: &[u8], max_depth: usize) -> Result<(), JsonFault> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let fault = match byte {
            b'"' => {
                at = after_string(bytes, at);
                continue;
            }
            b'[' | b'{' => {
                depth += 1;
                (depth > max_depth).then(|| format!("it is more than {max_depth} levels deep"))
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                None
            }
            b'N' | b'I' => Some("NaN and Infinity are not JSON".to_owned()),
            b'-' | b'0'..=b'9' => {
                let number = number(bytes, at);
                if is_long_integer(number) {
                    Some("an integer is longer than 64 bits can keep".to_owned())
                } else if number == "-" && bytes.get(at + 1) == Some(&b'I') {
                    Some("NaN and Infinity are not JSON".to_owned())
                } else {
                    at += number.len().max(1);
                    continue;
                }
            }
            _ => None,
        };
        if let Some(reason) = fault {
            let (line, column) = place(bytes, at);
            return Err(JsonFault {
                reason,
                line,
                column,
            });
        }
        at += 1;
    }
    Ok(())
}

/// Line and column of a byte, both from 1.
pub(super) fn place(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count()
        + 1;
    (line, column)
}

fn after_string(bytes: &[u8], opening: usize) -> usize {
    let mut at = opening + 1;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    at
}

fn number(bytes: &[u8], at: usize) -> &str {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
        .count();
    let number = rest.get(..length).unwrap_or_default();
    std::str::from_utf8(number).unwrap_or_default()
}

fn is_long_integer(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && number.parse::<i64>().is_err()
        && number.parse::<u64>().is_err()
}
