//! How many calls a connector had, by quarters of an hour, counted from its lines in
//! the journal.

use std::collections::BTreeMap;

use crate::domain::{CallOutcome, Decision, JournalEntry, JournalEvent, Timestamp};

/// Hours that the little chart shows.
pub(super) const HOURS: usize = 12;

const QUARTER_MILLIS: i64 = 15 * 60 * 1000;
const QUARTERS_IN_AN_HOUR: i64 = 4;
/// Quarters that are kept: a day and a half is more than anything that is shown.
const KEPT: i64 = 36 * QUARTERS_IN_AN_HOUR;

/// How many calls there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// That were sent, or were to be.
    pub(super) made: u64,
    /// Of these, that did not go well.
    pub(super) failed: u64,
    /// That were not let through.
    pub(super) refused: u64,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    quarters: BTreeMap<i64, Tally>,
    /// The last line that was counted.
    last_seq: i64,
    /// Whether lines are missing at the beginning of what is shown.
    pub(super) is_partial: bool,
}

impl Calls {
    /// Counts lines, oldest first.
    pub(super) fn of<'a>(lines: impl IntoIterator<Item = &'a JournalEntry>) -> Self {
        let mut calls = Self::default();
        for line in lines {
            calls.take(line);
        }
        calls
    }

    /// Counts a line, unless it was.
    pub(super) fn take(&mut self, line: &JournalEntry) {
        if line.seq <= self.last_seq {
            return;
        }
        self.last_seq = line.seq;
        let quarter = quarter(line.at);
        let tally = self.quarters.entry(quarter).or_default();
        match (line.event, line.decision) {
            (JournalEvent::Call, _) => {
                tally.made = tally.made.saturating_add(1);
                let went_wrong = matches!(
                    line.outcome,
                    Some(CallOutcome::Error | CallOutcome::Unknown | CallOutcome::NotSent)
                );
                tally.failed = tally.failed.saturating_add(u64::from(went_wrong));
            }
            (
                JournalEvent::Decision,
                Some(
                    Decision::Denied | Decision::Blocked | Decision::Expired | Decision::Withdrawn,
                ),
            ) => tally.refused = tally.refused.saturating_add(1),
            _ => {}
        }
        let oldest = quarter.saturating_sub(KEPT);
        self.quarters.retain(|quarter, _| *quarter >= oldest);
    }

    /// How many there were from a moment on, to the quarter.
    pub(super) fn since(&self, from: Timestamp) -> Tally {
        self.quarters
            .range(quarter(from)..)
            .fold(Tally::default(), |sum, (_, tally)| Tally {
                made: sum.made.saturating_add(tally.made),
                failed: sum.failed.saturating_add(tally.failed),
                refused: sum.refused.saturating_add(tally.refused),
            })
    }

    /// How many there were in each of the last hours, the present one last.
    pub(super) fn hours(&self, now: Timestamp) -> [u64; HOURS] {
        let present = quarter(now).div_euclid(QUARTERS_IN_AN_HOUR);
        let mut hours = [0_u64; HOURS];
        for (quarter, tally) in &self.quarters {
            let ago = present.saturating_sub(quarter.div_euclid(QUARTERS_IN_AN_HOUR));
            let place = usize::try_from(ago)
                .ok()
                .and_then(|ago| (HOURS - 1).checked_sub(ago));
            if let Some(hour) = place.and_then(|place| hours.get_mut(place)) {
                *hour = hour.saturating_add(tally.made);
            }
        }
        hours
    }
}

fn quarter(moment: Timestamp) -> i64 {
    moment.as_millis().div_euclid(QUARTER_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn line(seq: i64, when: &str, outcome: Option<CallOutcome>) -> JournalEntry {
        JournalEntry {
            seq,
            at: at(when),
            event: match outcome {
                Some(_) => JournalEvent::Call,
                None => JournalEvent::Decision,
            },
            agent: None,
            connector: None,
            function: None,
            decision: Some(match outcome {
                Some(_) => Decision::Allowed,
                None => Decision::Denied,
            }),
            by: None,
            rule: None,
            duration_ms: None,
            outcome,
            arguments_digest: None,
            result_bytes: None,
        }
    }

    #[test]
    fn calls_are_counted_by_the_hour_and_by_how_they_ended() {
        let calls = Calls::of(&[
            line(1, "2026-11-22T03:10:00Z", Some(CallOutcome::Ok)),
            line(2, "2026-11-22T12:59:59Z", Some(CallOutcome::Error)),
            line(3, "2026-11-22T13:00:00Z", Some(CallOutcome::Ok)),
            line(4, "2026-11-22T14:20:00Z", Some(CallOutcome::Cancelled)),
            line(5, "2026-11-22T14:21:00Z", None),
        ]);
        let now = at("2026-11-22T14:30:00Z");
        assert_eq!(calls.hours(now), [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
        let tally = calls.since(at("2026-11-22T12:00:00Z"));
        let expected = Tally {
            made: 3,
            failed: 1,
            refused: 1,
        };
        assert_eq!(tally, expected);
    }

    #[test]
    fn a_line_is_counted_once() {
        let first = line(7, "2026-11-22T14:00:00Z", Some(CallOutcome::Ok));
        let mut calls = Calls::of(std::slice::from_ref(&first));
        calls.take(&first);
        assert_eq!(calls.since(at("2026-11-22T00:00:00Z")).made, 1);
    }

    #[test]
    fn what_is_long_past_is_forgotten() {
        let mut calls = Calls::of(&[line(1, "2026-11-20T14:00:00Z", Some(CallOutcome::Ok))]);
        calls.take(&line(2, "2026-11-22T14:00:00Z", Some(CallOutcome::Ok)));
        assert_eq!(calls.quarters.len(), 1);
    }
}
