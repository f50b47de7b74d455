//! Lines of the journal as far as they are here, each once and in order.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::domain::{JournalEntry, JournalEvent};

/// So many missing lines are fetched; where more are missing, the older part is
/// forgotten and comes back page by page.
const MENDED: i64 = 5000;

/// What the two lines of a call have in common.
type Call = (
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// See the module.
#[derive(Debug, Default)]
pub(in crate::tui) struct Log {
    lines: BTreeMap<i64, JournalEntry>,
    /// First lines of calls whose last line is here too, with that line's place.
    joined: BTreeMap<i64, i64>,
    /// First lines of calls whose last line is not here yet.
    open: HashMap<Call, VecDeque<i64>>,
    /// Lines behind which nothing is missing, though the next one does not follow.
    closed: BTreeSet<i64>,
    /// Whether the first line of the journal is here.
    begins: bool,
    version: u64,
}

impl Log {
    /// Takes a line in that was just written.
    pub(in crate::tui) fn add(&mut self, entry: JournalEntry) {
        let newest = self.last().is_none_or(|last| last < entry.seq);
        self.version = self.version.wrapping_add(1);
        let (seq, entry) = (entry.seq, entry);
        if newest {
            self.join(&entry);
        }
        self.lines.insert(seq, entry);
        if !newest {
            self.join_all();
        }
    }

    /// Takes a page in.
    pub(in crate::tui) fn take(&mut self, page: Vec<JournalEntry>) {
        self.version = self.version.wrapping_add(1);
        let lines = page.into_iter().map(|entry| (entry.seq, entry));
        self.lines.extend(lines);
        self.join_all();
    }

    /// Nothing came before the first line.
    pub(in crate::tui) fn has_its_beginning(&mut self) {
        self.begins = true;
    }

    /// Whether nothing came before the first line.
    pub(in crate::tui) fn begins(&self) -> bool {
        self.begins
    }

    /// Nothing came between a line and the one that is behind it here.
    pub(super) fn close(&mut self, after: i64) {
        self.closed.insert(after);
    }

    /// The newest two lines between which others are missing. Where too many are, the
    /// older part is forgotten.
    pub(super) fn gap(&mut self) -> Option<(i64, i64)> {
        let mut later: Option<i64> = None;
        let mut found = None;
        for seq in self.lines.keys().rev() {
            if let Some(later) = later
                && seq.saturating_add(1) < later
                && !self.closed.contains(seq)
            {
                found = Some((*seq, later));
                break;
            }
            later = Some(*seq);
        }
        let (after, before) = found?;
        if before.saturating_sub(after) <= MENDED {
            return Some((after, before));
        }
        self.lines = self.lines.split_off(&before);
        self.begins = false;
        self.version = self.version.wrapping_add(1);
        self.join_all();
        None
    }

    /// Forgets the oldest lines where there are more than so many.
    pub(in crate::tui) fn forget_beyond(&mut self, most: usize) {
        // Not each time, but for a tenth of them at once.
        if self.lines.len() <= most.saturating_add(most / 10) {
            return;
        }
        let surplus = self.lines.len().saturating_sub(most);
        if let Some(first) = self.lines.keys().nth(surplus).copied() {
            self.lines = self.lines.split_off(&first);
            self.begins = false;
            self.version = self.version.wrapping_add(1);
            self.join_all();
        }
    }

    fn join_all(&mut self) {
        self.joined.clear();
        self.open.clear();
        let lines = std::mem::take(&mut self.lines);
        for entry in lines.values() {
            self.join(entry);
        }
        self.lines = lines;
    }

    /// Finds the first line of a call that ended. Of several calls that are alike the
    /// first is taken for the one that ended first: nobody could tell them apart.
    fn join(&mut self, entry: &JournalEntry) {
        if entry.begins_a_call() {
            self.open
                .entry(call(entry))
                .or_default()
                .push_back(entry.seq);
        } else if entry.event == JournalEvent::Call
            && let Some(begun) = self
                .open
                .get_mut(&call(entry))
                .and_then(VecDeque::pop_front)
        {
            self.joined.insert(begun, entry.seq);
        }
    }

    /// The lines that are shown, in order: a call that ended has one.
    pub(in crate::tui) fn shown(&self) -> impl Iterator<Item = &JournalEntry> {
        self.lines
            .values()
            .filter(|entry| !self.joined.contains_key(&entry.seq))
    }

    /// The last line of the call whose first line this is.
    pub(super) fn end_of(&self, seq: i64) -> Option<i64> {
        self.joined.get(&seq).copied()
    }

    /// A line.
    pub(in crate::tui) fn get(&self, seq: i64) -> Option<&JournalEntry> {
        self.lines.get(&seq)
    }

    /// The place of the oldest line.
    pub(in crate::tui) fn first(&self) -> Option<i64> {
        self.lines.keys().next().copied()
    }

    /// The place of the newest line.
    pub(in crate::tui) fn last(&self) -> Option<i64> {
        self.lines.keys().next_back().copied()
    }

    /// How many lines are here.
    pub(in crate::tui) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Another number after each change.
    pub(super) fn version(&self) -> u64 {
        self.version
    }
}

fn call(entry: &JournalEntry) -> Call {
    (
        entry.agent.clone(),
        entry.connector.clone(),
        entry.function.as_ref().map(|name| name.raw().to_owned()),
        entry.arguments_digest.clone(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CallOutcome, Decision, Timestamp};

    fn line(seq: i64, event: JournalEvent) -> JournalEntry {
        JournalEntry {
            seq,
            at: Timestamp::from_millis(seq),
            event,
            agent: None,
            connector: Some("wiki".to_owned()),
            function: Some("read".into()),
            decision: Some(Decision::Allowed),
            by: None,
            rule: None,
            duration_ms: None,
            outcome: (event == JournalEvent::Call).then_some(CallOutcome::Ok),
            arguments_digest: Some("d".to_owned()),
            result_bytes: None,
        }
    }

    fn added(seq: i64) -> JournalEntry {
        line(seq, JournalEvent::Added)
    }

    fn shown(log: &Log) -> Vec<i64> {
        log.shown().map(|entry| entry.seq).collect()
    }

    #[test]
    fn pages_and_news_meet_without_doubles_and_in_order() {
        let mut log = Log::default();
        log.add(added(9));
        log.take(vec![added(7), added(8), added(9)]);
        log.add(added(10));
        log.take(vec![added(5), added(6), added(7)]);
        assert_eq!(shown(&log), [5, 6, 7, 8, 9, 10]);
        assert_eq!(log.gap(), None);
    }

    #[test]
    fn what_is_missing_between_is_found_the_newest_first() {
        let mut log = Log::default();
        log.take(vec![added(1), added(4), added(9)]);
        assert_eq!(log.gap(), Some((4, 9)));
        log.take((5..9).map(added).collect());
        assert_eq!(log.gap(), Some((1, 4)));
        log.close(1);
        assert_eq!(log.gap(), None);
    }

    #[test]
    fn after_a_long_absence_the_older_part_is_forgotten() {
        let mut log = Log::default();
        log.take(vec![added(1), added(2)]);
        log.has_its_beginning();
        log.take(vec![added(90_000)]);
        assert_eq!(log.gap(), None);
        assert_eq!(shown(&log), [90_000]);
        assert!(!log.begins());
    }

    #[test]
    fn a_call_that_ended_has_one_line() {
        let mut log = Log::default();
        log.add(line(1, JournalEvent::Decision));
        log.add(line(2, JournalEvent::Decision));
        assert_eq!(shown(&log), [1, 2]);
        log.add(line(3, JournalEvent::Call));
        assert_eq!(shown(&log), [2, 3]);
        assert_eq!(log.end_of(1), Some(3));
        log.add(line(4, JournalEvent::Call));
        assert_eq!(shown(&log), [3, 4]);
    }

    #[test]
    fn a_call_is_joined_across_pages() {
        let mut log = Log::default();
        log.take(vec![line(8, JournalEvent::Call)]);
        assert_eq!(shown(&log), [8]);
        log.take(vec![line(6, JournalEvent::Decision), added(7)]);
        assert_eq!(shown(&log), [7, 8]);
        assert_eq!(log.end_of(6), Some(8));
    }

    #[test]
    fn old_lines_are_forgotten_in_time() {
        let mut log = Log::default();
        log.take((1..=120).map(added).collect());
        log.has_its_beginning();
        log.forget_beyond(100);
        assert_eq!(
            (log.first(), log.len(), log.begins()),
            (Some(21), 100, false)
        );
        log.add(added(121));
        log.forget_beyond(100);
        assert_eq!(log.len(), 101);
    }
}
