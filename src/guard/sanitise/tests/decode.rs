//! Reads back what the sanitiser wrote, to show that nothing was lost.

/// The text as it came, from the one line that is shown of it.
pub(super) fn decode(shown: &str) -> String {
    decoded(shown, |c| match c {
        '⏎' => '\n',
        '⇥' => '\t',
        '␍' => '\r',
        other => other,
    })
}

/// The text as it came, from the lines that are shown of it.
pub(super) fn decode_block(shown: &str) -> String {
    decoded(shown, |c| if c == '␍' { '\r' } else { c })
}

fn decoded(shown: &str, sign: impl Fn(char) -> char) -> String {
    let mut text = String::new();
    let mut rest = shown;
    while let Some(c) = rest.chars().next() {
        if let Some((decoded, after)) = written_out(rest) {
            text.push_str(&decoded);
            rest = after;
            continue;
        }
        text.push(sign(c));
        rest = rest.strip_prefix(c).unwrap();
    }
    text
}

fn written_out(rest: &str) -> Option<(String, &str)> {
    if let Some(code) = rest.strip_prefix("⟨U+") {
        let (code, after) = code.split_once('⟩')?;
        let (code, count) = code.split_once(" ×").unwrap_or((code, "1"));
        let c = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
        return Some((c.to_string().repeat(count.parse().ok()?), after));
    }
    if let Some(count) = rest.strip_prefix("⟨×") {
        let (count, after) = count.split_once(" spaces⟩")?;
        return Some((" ".repeat(count.parse().ok()?), after));
    }
    let mut said = rest.strip_prefix("⟨tag \"")?.chars();
    let mut tags = String::new();
    loop {
        let c = match said.next()? {
            '"' => break,
            '\\' => said.next()?,
            other => other,
        };
        tags.push(char::from_u32(0xE0000 + u32::from(c))?);
    }
    Some((tags, said.as_str().strip_prefix('⟩')?))
}
