//! Moments as the clock on the wall of the person who reads them shows them.

use jiff::tz::TimeZone;

use super::Timestamp;

/// A time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl Zone {
    /// The zone of this process: what `TZ` says, or else the system; UTC where neither
    /// can be read.
    pub fn system() -> Self {
        Self(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Reads a zone as POSIX writes them in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`
    /// (IEEE Std 1003.1, 8.3).
    pub fn posix(text: &str) -> Option<Self> {
        TimeZone::posix(text).ok().map(Self)
    }

    /// What it is called at a moment: `CET`, `UTC`, `+03`.
    pub fn name_at(&self, moment: Timestamp) -> String {
        let moment = instant(moment);
        self.0.to_offset_info(moment).abbreviation().to_owned()
    }

    /// A moment by the clock on the wall.
    pub fn local(&self, moment: Timestamp) -> Local {
        let local = self.0.to_datetime(instant(moment));
        Local {
            date: local.date().to_string(),
            time: local.strftime("%H:%M:%S").to_string(),
        }
    }
}

fn instant(moment: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(moment.as_millis()).unwrap_or_default()
}

/// A moment by the clock on the wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// `2026-11-22`.
    pub date: String,
    /// `14:00:05`.
    pub time: String,
}

impl Local {
    /// The time to the minute: `14:00`.
    pub fn minute(&self) -> &str {
        self.time.get(..5).unwrap_or(&self.time)
    }

    /// The day without its year: `11-22`.
    pub fn day(&self) -> &str {
        self.date.get(5..).unwrap_or(&self.date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_moment_is_told_by_the_clock_of_its_season() {
        let paris = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let winter = at("2026-11-22T23:30:05Z");
        let summer = at("2026-07-01T23:30:05Z");
        assert_eq!(paris.local(winter).date, "2026-11-23");
        assert_eq!(paris.local(winter).time, "00:30:05");
        assert_eq!(paris.local(winter).minute(), "00:30");
        assert_eq!(paris.local(summer).time, "01:30:05");
        assert_eq!(paris.local(summer).day(), "07-02");
        assert_eq!(paris.name_at(winter), "CET");
        assert_eq!(paris.name_at(summer), "CEST");
        assert_eq!(Zone::utc().name_at(winter), "UTC");
    }
}
