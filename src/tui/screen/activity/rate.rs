//! Calls a minute over the last hour, and which functions take long.

use std::collections::HashMap;

use super::log::Log;
use super::told;
use crate::domain::{DecidedBy, JournalEntry, JournalEvent, Timestamp, Untrusted};

/// Minutes that are looked back on.
pub(super) const MINUTES: usize = 60;

/// A minute, in milliseconds.
const MINUTE: i64 = 60_000;

/// Functions that are named.
const NAMED: usize = 5;

/// A function and how long its calls took in the last hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slow {
    /// Whose.
    pub(super) connector: String,
    /// Which.
    pub(super) function: Untrusted,
    /// Half of its calls took no longer, in milliseconds.
    pub(super) median: i64,
    /// The longest one, in milliseconds.
    pub(super) longest: i64,
    /// How many there were.
    pub(super) calls: usize,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Rate {
    /// The journal and the minute that this was made of.
    of: Option<(u64, i64)>,
    /// Calls in each minute, the present one last.
    minutes: Vec<u32>,
    /// How many minutes the journal reaches back, as far as it is here.
    known: usize,
    calls: usize,
    failed: usize,
    slowest: Vec<Slow>,
}

impl Rate {
    /// Counts anew where the journal or the minute is another.
    pub(super) fn refresh(&mut self, log: &Log, now: Timestamp) {
        let minute = now.as_millis().div_euclid(MINUTE);
        if self.of == Some((log.version(), minute)) {
            return;
        }
        self.of = Some((log.version(), minute));
        let ago = |entry: &JournalEntry| {
            let at = entry.at.as_millis().div_euclid(MINUTE);
            usize::try_from(minute.saturating_sub(at)).unwrap_or(0)
        };
        let first = log.first().and_then(|seq| log.get(seq));
        self.known = match first {
            Some(first) if !log.begins() => ago(first).min(MINUTES),
            _ => MINUTES,
        };
        self.minutes = vec![0; MINUTES];
        (self.calls, self.failed) = (0, 0);
        let mut times: HashMap<(String, Untrusted), Vec<i64>> = HashMap::new();
        let asked = asked(log);
        for entry in log.shown().filter(|entry| entry.ends_a_call()) {
            let Some(place) = MINUTES.checked_sub(ago(entry).saturating_add(1)) else {
                continue;
            };
            if let Some(count) = self.minutes.get_mut(place) {
                *count = count.saturating_add(1);
            }
            self.calls = self.calls.saturating_add(1);
            self.failed = self.failed.saturating_add(usize::from(told::failed(entry)));
            if let (Some(connector), Some(function), Some(took)) =
                (&entry.connector, &entry.function, entry.duration_ms)
            {
                let key = (connector.clone(), function.clone());
                let ended = entry.at.as_millis();
                let during = ended.saturating_sub(took)..=ended;
                // How long somebody thought about an answer is not the function's time.
                let waited = asked.get(&key).into_iter().flatten();
                if !waited.into_iter().any(|at| during.contains(at)) {
                    times.entry(key).or_default().push(took);
                }
            }
        }
        self.slowest = slowest(times);
    }

    /// Calls in each of the last minutes, the present one last, as far as they are
    /// known.
    pub(super) fn minutes(&self, wanted: usize) -> &[u32] {
        let shown = wanted.min(self.known);
        let from = self.minutes.len().saturating_sub(shown);
        self.minutes.get(from..).unwrap_or_default()
    }

    /// Whether the whole hour is known.
    pub(super) fn is_whole(&self) -> bool {
        self.known >= MINUTES
    }

    /// How many minutes are.
    pub(super) fn known(&self) -> usize {
        self.known
    }

    /// How many calls ended in that time, and how many of them badly.
    pub(super) fn calls(&self) -> (usize, usize) {
        (self.calls, self.failed)
    }

    /// The functions whose calls take longest.
    pub(super) fn slowest(&self) -> &[Slow] {
        &self.slowest
    }
}

/// When a question of a function was over that somebody was asked, in milliseconds.
fn asked(log: &Log) -> HashMap<(String, Untrusted), Vec<i64>> {
    let mut asked: HashMap<(String, Untrusted), Vec<i64>> = HashMap::new();
    for entry in log.shown() {
        let of_somebody =
            entry.event == JournalEvent::Question && entry.by != Some(DecidedBy::Rule);
        if let (true, Some(connector), Some(function)) =
            (of_somebody, &entry.connector, &entry.function)
        {
            let key = (connector.clone(), function.clone());
            asked.entry(key).or_default().push(entry.at.as_millis());
        }
    }
    asked
}

fn slowest(times: HashMap<(String, Untrusted), Vec<i64>>) -> Vec<Slow> {
    let mut all: Vec<Slow> = times
        .into_iter()
        .map(|((connector, function), mut took)| {
            took.sort_unstable();
            let middle = took.len().saturating_sub(1) / 2;
            Slow {
                connector,
                function,
                median: took.get(middle).copied().unwrap_or(0),
                longest: took.last().copied().unwrap_or(0),
                calls: took.len(),
            }
        })
        .collect();
    // The order never depends on the map's.
    all.sort_by(|one, other| {
        let key = |slow: &Slow| {
            (
                std::cmp::Reverse(slow.median),
                std::cmp::Reverse(slow.longest),
            )
        };
        let names = |slow: &Slow| (slow.connector.clone(), slow.function.clone());
        (key(one), names(one)).cmp(&(key(other), names(other)))
    });
    all.truncate(NAMED);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CallOutcome;

    fn called(seq: i64, minute: i64, function: &str, took: i64) -> JournalEntry {
        JournalEntry {
            seq,
            at: Timestamp::from_millis(minute * MINUTE + 5),
            event: JournalEvent::Call,
            agent: None,
            connector: Some("wiki".to_owned()),
            function: Some(function.into()),
            decision: None,
            by: None,
            rule: None,
            duration_ms: Some(took),
            outcome: Some(if took > 900 {
                CallOutcome::Error
            } else {
                CallOutcome::Ok
            }),
            arguments_digest: None,
            result_bytes: None,
        }
    }

    #[test]
    fn calls_are_counted_by_the_minute_and_what_is_older_is_not() {
        let mut log = Log::default();
        log.take(vec![
            called(1, 100, "old", 1),
            called(2, 160, "read", 10),
            called(3, 160, "read", 30),
            called(4, 158, "read", 20),
            called(5, 159, "slow", 950),
        ]);
        let mut rate = Rate::default();
        rate.refresh(&log, Timestamp::from_millis(160 * MINUTE + 30_000));
        assert_eq!(rate.minutes(4), [0, 1, 1, 2]);
        assert_eq!(rate.calls(), (4, 1));
        assert!(rate.is_whole());
        let slowest: Vec<(&str, i64, i64, usize)> = rate
            .slowest()
            .iter()
            .map(|slow| (slow.function.raw(), slow.median, slow.longest, slow.calls))
            .collect();
        assert_eq!(slowest, [("slow", 950, 950, 1), ("read", 20, 30, 3)]);
    }

    #[test]
    fn a_call_that_waited_for_somebodys_answer_is_not_among_the_slowest() {
        let mut log = Log::default();
        let mut question = called(2, 160, "reserve", 0);
        question.event = JournalEvent::Question;
        question.by = Some(DecidedBy::Operator);
        (question.duration_ms, question.outcome) = (None, None);
        let mut waited = called(3, 160, "reserve", 90_000);
        waited.at = Timestamp::from_millis(160 * MINUTE + 20_000);
        log.take(vec![
            called(1, 155, "reserve", 40),
            question,
            waited,
            called(4, 160, "read", 50),
        ]);
        let mut rate = Rate::default();
        rate.refresh(&log, Timestamp::from_millis(160 * MINUTE + 30_000));
        assert_eq!(rate.calls().0, 3);
        let slowest = rate.slowest().iter();
        let slowest: Vec<(&str, i64)> = slowest
            .map(|slow| (slow.function.raw(), slow.longest))
            .collect();
        assert_eq!(slowest, [("read", 50), ("reserve", 40)]);
    }

    #[test]
    fn only_minutes_that_the_journal_reaches_are_shown() {
        let mut log = Log::default();
        log.take(vec![called(7, 157, "read", 1), called(8, 160, "read", 1)]);
        let mut rate = Rate::default();
        let now = Timestamp::from_millis(160 * MINUTE);
        rate.refresh(&log, now);
        assert_eq!((rate.known(), rate.is_whole()), (3, false));
        assert_eq!(rate.minutes(MINUTES), [0, 0, 1]);
        log.has_its_beginning();
        log.take(vec![]);
        rate.refresh(&log, now);
        assert_eq!(rate.minutes(MINUTES).len(), MINUTES);
    }
}
