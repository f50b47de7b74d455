//! How much of something there is, in words.

/// So many bytes: `120 bytes`, `1.2 kB`, `16 MB`. A kB is 1000 bytes.
pub(in crate::tui) fn bytes(count: usize) -> String {
    let (unit, name) = match count {
        1 => return "1 byte".to_owned(),
        0..1_000 => return format!("{count} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let (whole, tenth) = (count / unit, count % unit / (unit / 10));
    if whole < 10 {
        format!("{whole}.{tenth} {name}")
    } else {
        format!("{whole} {name}")
    }
}

/// So many of something: `1 line`, `3,456 lines`.
pub(in crate::tui) fn of(count: usize, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{} {many}", grouped(count))
    }
}

/// A number with its thousands set apart.
pub(in crate::tui) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len().saturating_sub(place)).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_as_people_say_them() {
        let said: Vec<String> = [0, 1, 999, 1_000, 1_950, 12_345, 1_200_000, 16_000_000]
            .map(bytes)
            .into();
        assert_eq!(
            said,
            [
                "0 bytes",
                "1 byte",
                "999 bytes",
                "1.0 kB",
                "1.9 kB",
                "12 kB",
                "1.2 MB",
                "16 MB"
            ]
        );
        assert_eq!(of(1, "line", "lines"), "1 line");
        assert_eq!(of(1_234_567, "line", "lines"), "1,234,567 lines");
        assert_eq!(grouped(100), "100");
    }
}
