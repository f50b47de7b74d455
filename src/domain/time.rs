//! A moment in time.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment by the wall clock, to the millisecond. Written as RFC 3339 in UTC
/// wherever it leaves the process; kept as milliseconds since 1970 in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// This moment by the system's clock.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }

    /// The moment so many milliseconds after 1970-01-01T00:00:00Z.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// How long ago that was at `now`; zero for what lies ahead.
    pub fn age_at(self, now: Self) -> Duration {
        Duration::from_millis(u64::try_from(now.0.saturating_sub(self.0)).unwrap_or(0))
    }

    /// The moment so much later.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        let millis = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// The moment so much earlier.
    #[must_use]
    pub fn before(self, delay: Duration) -> Self {
        let millis = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }

    /// Reads RFC 3339; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(|moment| Self(moment.as_millisecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            Err(_) => f.write_str("unknown"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a time in RFC 3339"))
    }
}

/// How long something took, in milliseconds, in the unit that fits: everywhere the same.
pub fn duration(milliseconds: i64) -> String {
    let tenths = milliseconds / 100;
    match milliseconds {
        ..1000 => format!("{milliseconds} ms"),
        1000..60_000 => format!("{}.{} s", tenths / 10, tenths % 10),
        60_000..3_600_000 => format!("{} min {:02} s", tenths / 600, tenths / 10 % 60),
        _ => format!("{} h {:02} min", tenths / 36_000, tenths / 600 % 60),
    }
}

/// The same for a narrow column, in six cells at most, up to a hundred days.
pub fn short_duration(milliseconds: i64) -> String {
    let (seconds, minutes) = (milliseconds / 1000, milliseconds / 60_000);
    match minutes {
        ..1 => duration(milliseconds),
        1..60 => format!("{minutes}m{:02}s", seconds % 60),
        60..6_000 => format!("{}h{:02}m", minutes / 60, minutes % 60),
        _ => format!("{}d{:02}h", minutes / 1440, minutes / 60 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_duration_is_never_wider_than_its_column() {
        for (milliseconds, said) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (59_999, "59.9 s"),
            (60_000, "1m00s"),
            (3_599_999, "59m59s"),
            (3_600_000, "1h00m"),
            (359_999_999, "99h59m"),
            (360_000_000, "4d04h"),
            (8_639_999_999, "99d23h"),
        ] {
            assert_eq!(short_duration(milliseconds), said);
            assert!(said.len() <= 6);
        }
    }

    #[test]
    fn a_moment_survives_its_written_form() {
        let moment = Timestamp::from_millis(1_795_000_000_123);
        assert_eq!(moment.to_string(), "2026-11-18T11:06:40.123Z");
        assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
    }

    #[test]
    fn what_lies_ahead_has_no_age() {
        let now = Timestamp::from_millis(1_000);
        assert_eq!(
            now.after(Duration::from_secs(1)).age_at(now),
            Duration::ZERO
        );
    }
}
