//! Moments: as they are typed, and as people read them.

use std::time::Duration;

use crate::domain::{Fault, Timestamp};

/// Reads a TIME that lies behind: `30m`, `2h`, `5d` ago, or RFC 3339.
pub(super) fn since(text: &str, now: Timestamp) -> Result<Timestamp, Fault> {
    span(text)
        .map(|span| now.before(span))
        .or_else(|| Timestamp::parse(text))
        .ok_or_else(|| {
            Fault::user(format!("{text:?} is no time"))
                .hint("give 30m, 2h, 5d, or a moment such as 2026-11-22T08:00:00Z")
        })
}

fn span(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.checked_mul(seconds)?))
}

/// How long ago, in the unit that fits.
pub(super) fn ago(moment: Timestamp, now: Timestamp) -> String {
    let seconds = moment.age_at(now).as_secs();
    match seconds {
        0..=1 => "just now".to_owned(),
        2..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_moments_are_read() {
        let now = Timestamp::parse("2026-11-22T12:00:00Z").unwrap();
        let read = |text| since(text, now).unwrap().to_string();
        assert_eq!(read("30m"), "2026-11-22T11:30:00.000Z");
        assert_eq!(read("5d"), "2026-11-17T12:00:00.000Z");
        assert_eq!(read("2026-01-01T00:00:00Z"), "2026-01-01T00:00:00.000Z");
        for wrong in [
            "",
            "m",
            "5x",
            "-1h",
            "yesterday",
            "99999999999999999999d",
            "é",
        ] {
            assert_eq!(
                since(wrong, now).unwrap_err().kind.exit_code(),
                2,
                "{wrong}"
            );
        }
    }

    #[test]
    fn ages_are_rounded_down() {
        let now = Timestamp::from_millis(1_000_000_000);
        let back = |seconds| ago(now.before(Duration::from_secs(seconds)), now);
        assert_eq!(back(0), "just now");
        assert_eq!(back(59), "59 s ago");
        assert_eq!(back(3599), "59 min ago");
        assert_eq!(back(7200), "2 h ago");
        assert_eq!(back(172_800), "2 days ago");
    }
}
