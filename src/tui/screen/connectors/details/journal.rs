//! What is known of the journal: the lines of one connector, and of each that was
//! looked at how many calls it had. Read once, then kept by events.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Wish;
use super::calls::Calls;
use crate::domain::{ConnectorId, Fault, JournalEntry, Timestamp};
use crate::protocol::{ConnectorView, Journal};
use crate::tui::effect::{Effect, Errand, Found, Work};
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::activity::Log;

/// Lines that are asked for at a time.
const LINES: u32 = 500;
const PAGE: usize = 500;

/// Lines that are asked for to count calls alone: the board gives no more at once.
const COUNTED: u32 = 10_000;

/// How far back calls are counted: today, and the hours of the chart.
const COUNTED_TIME: Duration = Duration::from_hours(24);

/// Lines that are kept.
pub(super) const KEPT: usize = 5_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Book {
    page: Option<Page>,
    calls: BTreeMap<ConnectorId, Calls>,
}

/// The lines of one connector.
#[derive(Debug)]
pub(super) struct Page {
    of: ConnectorId,
    /// What the connector was called when they were asked for.
    name: String,
    pub(super) state: PageState,
    /// While they are read: those that events brought meanwhile.
    pub(super) log: Log,
    /// Something may be missing: to be read again.
    is_stale: bool,
    /// Why there are no lines from before the first one.
    pub(super) older_missing: Option<Fault>,
}

/// How far the lines of a connector are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PageState {
    /// They were asked for.
    Loading,
    /// They are here.
    Here,
    /// They could not be had.
    Missing(Fault),
}

impl Book {
    /// The lines of a connector, where they are the ones that are kept.
    pub(super) fn page(&self, id: &ConnectorId) -> Option<&Page> {
        self.page.as_ref().filter(|page| page.of == *id)
    }

    /// How many calls a connector had, where that is known.
    pub(super) fn calls(&self, id: &ConnectorId) -> Option<&Calls> {
        self.calls.get(id)
    }

    /// A line was written, and it is about this connector.
    pub(super) fn heard(&mut self, id: &ConnectorId, line: &JournalEntry) {
        if let Some(page) = self.page.as_mut().filter(|page| page.of == *id) {
            page.log.add(line.clone());
            page.log.forget_beyond(KEPT);
        }
        if let Some(calls) = self.calls.get_mut(id) {
            calls.take(line);
        }
    }

    /// The board was away, so something may be missing anywhere.
    pub(super) fn doubt(&mut self) {
        self.calls.clear();
        match &mut self.page {
            Some(page) if page.state == PageState::Here => page.is_stale = true,
            page => *page = None,
        }
    }

    /// A connector is here as it is now: under another name its lines were not
    /// recognised.
    pub(super) fn renamed(&mut self, connector: &ConnectorView) {
        let page = self.page.as_mut().filter(|page| page.of == connector.id);
        if let Some(page) = page
            && page.name != connector.name.as_str()
        {
            page.name = connector.name.as_str().to_owned();
            page.is_stale = true;
            self.calls.remove(&connector.id);
        }
    }

    /// What could not be read is tried again.
    pub(super) fn try_again(&mut self, id: &ConnectorId) {
        let missing = |page: &Page| page.of == *id && matches!(page.state, PageState::Missing(_));
        if self.page.as_ref().is_some_and(missing) {
            self.page = None;
        }
    }

    /// Lines came, or did not.
    pub(super) fn found(&mut self, id: &ConnectorId, result: Result<Found, Fault>, now: Timestamp) {
        let Some(page) = self.page.as_mut().filter(|page| page.of == *id) else {
            return;
        };
        match result {
            Ok(Found::Journal(lines)) => {
                page.take(lines);
                let mut calls = Calls::of(page.log.shown());
                let first = page.log.shown().next().map(|line| line.at);
                let needed = now.before(COUNTED_TIME);
                calls.is_partial = !page.log.begins() && first.is_some_and(|it| it > needed);
                self.calls.insert(id.clone(), calls);
            }
            Ok(_) => {
                page.state = PageState::Missing(Fault::internal("the board answered another thing"))
            }
            // What is known stays.
            Err(_) if page.state == PageState::Here => {}
            Err(fault) => page.state = PageState::Missing(fault),
        }
    }

    /// Lines from before the first one came, or did not.
    pub(super) fn older(&mut self, id: &ConnectorId, result: Result<Found, Fault>) {
        let Some(page) = self.page.as_mut().filter(|page| page.of == *id) else {
            return;
        };
        match result {
            Ok(Found::Journal(lines)) => {
                if lines.len() < PAGE {
                    page.log.has_its_beginning();
                }
                page.log.take(lines);
            }
            Ok(_) => {}
            Err(fault) => page.older_missing = Some(fault),
        }
    }

    /// All lines that are counted came, or did not.
    pub(super) fn counted(&mut self, id: &ConnectorId, result: Result<Found, Fault>) {
        let lines = match result {
            Ok(Found::Journal(lines)) => lines,
            // What is counted already is shown for what it is.
            _ => vec![],
        };
        let mut calls = Calls::of(&lines);
        if let Some(page) = self.page(id) {
            page.log.shown().for_each(|line| calls.take(line));
        }
        self.calls.insert(id.clone(), calls);
    }
}

impl Page {
    /// Nothing is known of it, and it is asked for.
    fn loading(connector: &ConnectorView) -> Self {
        Self {
            of: connector.id.clone(),
            name: connector.name.as_str().to_owned(),
            state: PageState::Loading,
            log: Log::default(),
            is_stale: false,
            older_missing: None,
        }
    }

    /// Takes the newest lines, as they were read.
    fn take(&mut self, lines: Vec<JournalEntry>) {
        let is_all = lines.len() < PAGE;
        let first = lines.first().map_or(i64::MAX, |line| line.seq);
        // Between what was known and these, others may be missing.
        let had = self.state == PageState::Here;
        if had && !is_all && self.log.last().is_some_and(|last| last < first) {
            self.log = Log::default();
        }
        if is_all {
            self.log.has_its_beginning();
        }
        self.log.take(lines);
        self.state = PageState::Here;
        self.older_missing = None;
    }
}

/// Asks for lines from before the first one, where there are some.
pub(super) fn wants_older(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    let book = &model.tabs.connectors.details.book;
    let Some(page) = book.page(&connector.id) else {
        return vec![];
    };
    if page.state != PageState::Here
        || page.log.begins()
        || page.older_missing.is_some()
        || page.log.len() >= KEPT
        || is_asking(model)
    {
        return vec![];
    }
    let request = Journal {
        connector: Some(connector.name.as_str().to_owned()),
        before_seq: page.log.first(),
        limit: Some(LINES),
        ..Journal::default()
    };
    let wish = Wish::Older(connector.id.clone());
    let errand = Errand::Journal(request);
    let (_, effect) = model.work(Purpose::Details(wish), Work::Details(errand));
    vec![effect]
}

fn is_asking(model: &Model) -> bool {
    model.is_under_way(|purpose| {
        matches!(
            purpose,
            Purpose::Details(Wish::Lines(_) | Wish::Calls(_) | Wish::Older(_))
        )
    })
}

/// Asks for what is missing of the connector on the screen. One question at a time:
/// whoever walks through many connectors must not set off as many.
pub(super) fn wants(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    if is_asking(model) {
        return vec![];
    }
    let id = connector.id.clone();
    let now = model.clock.wall;
    let book = &mut model.tabs.connectors.details.book;
    let request = Journal {
        connector: Some(connector.name.as_str().to_owned()),
        ..Journal::default()
    };
    let (wish, request) = match book.page.as_mut().filter(|page| page.of == id) {
        None => {
            book.page = Some(Page::loading(connector));
            let limit = Some(LINES);
            (Wish::Lines(id), Journal { limit, ..request })
        }
        Some(page) if page.is_stale => {
            page.is_stale = false;
            let limit = Some(LINES);
            (Wish::Lines(id), Journal { limit, ..request })
        }
        Some(_) if book.calls.get(&id).is_some_and(|calls| calls.is_partial) => {
            let since = Some(now.before(COUNTED_TIME));
            let request = Journal {
                limit: Some(COUNTED),
                since,
                ..request
            };
            (Wish::Calls(id), request)
        }
        Some(_) => return vec![],
    };
    let errand = Errand::Journal(request);
    let (_, effect) = model.work(Purpose::Details(wish), Work::Details(errand));
    vec![effect]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CallOutcome, JournalEvent};

    fn line(seq: i64) -> JournalEntry {
        JournalEntry {
            seq,
            at: Timestamp::from_millis(1_795_000_000_000 + seq * 1000),
            event: JournalEvent::Call,
            agent: None,
            connector: Some("wiki".to_owned()),
            function: None,
            decision: None,
            by: None,
            rule: None,
            duration_ms: None,
            outcome: Some(CallOutcome::Ok),
            arguments_digest: None,
            result_bytes: None,
        }
    }

    fn loading() -> Book {
        Book {
            page: Some(Page {
                of: ConnectorId::new("w"),
                name: "wiki".to_owned(),
                state: PageState::Loading,
                log: Log::default(),
                is_stale: false,
                older_missing: None,
            }),
            calls: BTreeMap::new(),
        }
    }

    fn seqs(book: &Book) -> Vec<i64> {
        let page = book.page.as_ref().unwrap();
        page.log.shown().map(|line| line.seq).collect()
    }

    #[test]
    fn a_line_that_comes_while_the_others_are_read_is_there_once() {
        let id = ConnectorId::new("w");
        let now = line(9).at;
        let mut book = loading();
        book.heard(&id, &line(3));
        book.heard(&id, &line(4));
        book.found(&id, Ok(Found::Journal(vec![line(1), line(3)])), now);
        assert_eq!(seqs(&book), [1, 3, 4]);
        let calls = book.calls(&id).unwrap();
        assert_eq!(calls.since(Timestamp::default()).made, 3);
        assert!(!calls.is_partial);
        book.heard(&id, &line(5));
        assert_eq!(book.calls(&id).unwrap().since(Timestamp::default()).made, 4);
    }

    #[test]
    fn more_calls_than_lines_are_counted_by_themselves() {
        let id = ConnectorId::new("w");
        let now = line(9).at;
        let mut book = loading();
        let many: Vec<JournalEntry> = (101..=600).map(line).collect();
        book.found(&id, Ok(Found::Journal(many)), now);
        assert!(book.calls(&id).unwrap().is_partial);
        let all: Vec<JournalEntry> = (1..=599).map(line).collect();
        book.counted(&id, Ok(Found::Journal(all)));
        let calls = book.calls(&id).unwrap();
        assert!(!calls.is_partial);
        // The last one came by an event meanwhile.
        assert_eq!(calls.since(Timestamp::default()).made, 600);
    }

    #[test]
    fn what_is_known_outlives_a_fault() {
        let id = ConnectorId::new("w");
        let now = line(9).at;
        let mut book = loading();
        book.found(&id, Err(Fault::config("locked")), now);
        assert!(matches!(
            book.page(&id).unwrap().state,
            PageState::Missing(_)
        ));
        book.try_again(&id);
        assert!(book.page(&id).is_none());
        let mut book = loading();
        book.found(&id, Ok(Found::Journal(vec![line(1)])), now);
        book.found(&id, Err(Fault::config("locked")), now);
        assert_eq!(book.page(&id).unwrap().state, PageState::Here);
    }
}
