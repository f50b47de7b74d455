//! Tab 5: the journal as it grows.

pub(super) mod whole;

use super::board::{called, connector, snapshot};
use super::runner::{Runner, pictures, wall};
use crate::domain::{
    CallOutcome, DecidedBy, Decision, Fault, FaultKind, JournalEntry, JournalEvent, Timestamp, Zone,
};
use crate::protocol::{EventKind, Journal};
use crate::tui::effect::{Answer, Ask, Effect, Msg, Ticket};
use crate::tui::theme::Signs;

/// The tab before the journal is here, and the question for it.
fn opened(width: u16, height: u16) -> (Runner, Ticket) {
    let mut runner = Runner::on(width, height, snapshot(vec![connector("github")]));
    runner.model.zone = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    runner.keys("5");
    let (ticket, journal) = page(&mut runner);
    assert_eq!(journal.after_seq, None);
    (runner, ticket)
}

/// The one page of the journal that it asked for.
#[track_caller]
fn page(runner: &mut Runner) -> (Ticket, Journal) {
    let (ticket, ask) = runner.asked();
    match ask {
        Ask::Journal(journal) => (ticket, journal),
        other => panic!("{other:?}"),
    }
}

pub(super) fn with(width: u16, height: u16, lines: Vec<JournalEntry>) -> Runner {
    let (mut runner, ticket) = opened(width, height);
    runner.answer(ticket, Ok(Answer::Journal(lines)));
    runner.effects.clear();
    runner
}

fn line(seq: i64, at: &str, event: JournalEvent) -> JournalEntry {
    JournalEntry {
        event,
        decision: None,
        by: None,
        rule: None,
        duration_ms: None,
        outcome: None,
        arguments_digest: None,
        result_bytes: None,
        function: None,
        ..called(seq, at, "")
    }
}

/// Lines of every kind.
pub(super) fn every_kind() -> Vec<JournalEntry> {
    let mut lines = vec![
        line(1, "2026-11-21T20:00:00Z", JournalEvent::Added),
        JournalEntry {
            connector: None,
            rule: Some("keyring".to_owned()),
            ..line(2, "2026-11-21T20:00:10Z", JournalEvent::Vault)
        },
        JournalEntry {
            rule: Some("permission always".to_owned()),
            function: Some("get_issue".into()),
            ..line(3, "2026-11-22T12:58:00Z", JournalEvent::Permission)
        },
        JournalEntry {
            function: Some("search_code".into()),
            ..line(4, "2026-11-22T13:01:00Z", JournalEvent::Changed)
        },
        JournalEntry {
            agent: Some("codex".to_owned()),
            ..called(5, "2026-11-22T13:10:00Z", "get_issue")
        },
        JournalEntry {
            agent: Some("cl\u{1b}[2Jaude \u{202e}x".to_owned()),
            outcome: Some(CallOutcome::Error),
            duration_ms: Some(12_345),
            result_bytes: Some(2_345_678),
            ..called(6, "2026-11-22T13:30:01Z", "create_issue")
        },
    ];
    let refused = |seq, at: &str, decision, by| JournalEntry {
        event: JournalEvent::Decision,
        decision: Some(decision),
        by: Some(by),
        duration_ms: None,
        outcome: None,
        result_bytes: None,
        agent: Some("codex".to_owned()),
        ..called(seq, at, "delete_repo")
    };
    lines.push(refused(
        7,
        "2026-11-22T13:40:00Z",
        Decision::Blocked,
        DecidedBy::Rule,
    ));
    lines.push(refused(
        8,
        "2026-11-22T13:41:00Z",
        Decision::Denied,
        DecidedBy::Operator,
    ));
    lines.push(refused(
        9,
        "2026-11-22T13:42:00Z",
        Decision::Denied,
        DecidedBy::Nobody,
    ));
    for (seq, outcome) in [
        (10, CallOutcome::NotSent),
        (11, CallOutcome::Cancelled),
        (12, CallOutcome::Unknown),
    ] {
        lines.push(JournalEntry {
            outcome: Some(outcome),
            decision: Some(Decision::Approved),
            by: Some(DecidedBy::Operator),
            result_bytes: None,
            duration_ms: Some(800),
            ..called(seq, "2026-11-22T13:50:00Z", "create_issue")
        });
    }
    // Two that are alike; one of them has ended.
    for seq in [13, 14] {
        lines.push(JournalEntry {
            event: JournalEvent::Decision,
            duration_ms: None,
            outcome: None,
            result_bytes: None,
            ..called(seq, "2026-11-22T13:59:00Z", "get_issue")
        });
    }
    lines.push(called(15, "2026-11-22T13:59:30Z", "get_issue"));
    lines
}

pub(super) fn many(from: i64, to: i64) -> Vec<JournalEntry> {
    (from..=to)
        .map(|seq| JournalEntry {
            at: Timestamp::from_millis(wall().as_millis() - (10_000 - seq) * 60_000),
            connector: Some(if seq % 3 == 0 { "wiki" } else { "github" }.to_owned()),
            arguments_digest: Some(seq.to_string()),
            ..called(seq, "2026-11-22T13:59:30Z", &format!("f{seq}"))
        })
        .collect()
}

fn event(runner: &mut Runner, entry: JournalEntry) {
    runner.event(EventKind::Journal(Box::new(entry)));
}

#[test]
fn what_the_journal_looks_like() {
    pictures!("activity", |w, h| with(w, h, every_kind()));
    pictures!("activity_loading", |w, h| opened(w, h).0);
    pictures!("activity_empty", |w, h| with(w, h, vec![]));
    pictures!("activity_not_to_be_had", |w, h| {
        let (mut runner, ticket) = opened(w, h);
        let fault = Fault::new(FaultKind::Config, "the database cannot be read")
            .hint("`callboard doctor` says more");
        runner.answer(ticket, Err(fault));
        runner
    });
    pictures!("activity_many", |w, h| {
        let mut runner = with(w, h, many(1501, 2000));
        runner.keys("kk<pgup>");
        for entry in many(2001, 2003) {
            event(&mut runner, entry);
        }
        runner
    });
    pictures!("activity_filtered", |w, h| {
        let mut runner = with(w, h, every_kind());
        runner.keys("kkkka/delete");
        runner
    });
    pictures!("activity_failed_only", |w, h| {
        let mut runner = with(w, h, every_kind());
        runner.keys("x");
        runner
    });
    pictures!("activity_none_match", |w, h| {
        let mut runner = with(w, h, many(1501, 2000));
        runner.keys("/zzz<enter>");
        runner
    });
}

#[test]
fn the_smallest_screen_has_the_columns_that_matter_most() {
    let runner = with(60, 20, every_kind());
    insta::assert_snapshot!("activity_60x20", runner.screen());
}

#[test]
fn the_journal_in_ascii_stays_ascii() {
    let mut runner = with(120, 40, every_kind());
    runner.model.theme.signs = Signs::Ascii;
    assert!(runner.screen().is_ascii(), "{}", runner.screen());
}

#[test]
fn the_newest_is_followed_unless_somebody_moved_away() {
    let mut runner = with(80, 24, many(1, 100));
    event(&mut runner, many(101, 101).remove(0));
    runner.shows("f101 ");
    runner.hides("new below");
    runner.keys("k");
    for entry in many(102, 140) {
        event(&mut runner, entry);
    }
    runner.shows("39 new below, G shows them");
    runner.shows("f100 ");
    runner.hides("f140");
    runner.keys("G");
    runner.shows("f140");
    runner.hides("new below");
    event(&mut runner, many(141, 141).remove(0));
    runner.shows("f141");
}

#[test]
fn older_pages_come_when_their_end_is_near_and_no_line_twice() {
    let mut runner = with(80, 24, many(1501, 2000));
    runner.keys("g");
    let (ticket, journal) = page(&mut runner);
    assert_eq!(journal.before_seq, Some(1501));
    runner.keys("k");
    assert!(runner.asks().is_empty(), "it is on its way");
    runner.answer(ticket, Ok(Answer::Journal(many(1001, 1500))));
    runner.shows("f1501");
    assert!(runner.asks().is_empty(), "there is enough above for now");
    runner.keys("g");
    let (ticket, journal) = page(&mut runner);
    assert_eq!(journal.before_seq, Some(1001));
    runner.answer(ticket, Ok(Answer::Journal(many(1, 1000).split_off(900))));
    runner.keys("g");
    runner.shows("f901 ");
    assert!(runner.asks().is_empty(), "that was the beginning");
}

#[test]
fn where_few_lines_pass_older_pages_are_looked_through_but_not_all() {
    let mut runner = with(80, 24, many(9501, 10_000));
    runner.keys("/no-such-function");
    let mut pages = 0;
    let mut first = 9501;
    while let Some((ticket, Ask::Journal(journal))) = runner.asks().pop() {
        assert_eq!(journal.before_seq, Some(first));
        first -= 500;
        pages += 1;
        runner.answer(ticket, Ok(Answer::Journal(many(first, first + 499))));
    }
    // The one that the first letter asked for, and five more.
    assert_eq!(pages, 6);
    runner.shows("Looked back to 2026-");
    runner.keys("<enter>k");
    assert_eq!(page(&mut runner).1.before_seq, Some(first));
}

#[test]
fn what_was_missed_while_the_board_was_gone_is_fetched_without_gap_or_double() {
    let mut runner = with(80, 24, many(1, 20));
    runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone")));
    runner.effects.clear();
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![connector(
        "github",
    )]))));
    let (ticket, journal) = page(&mut runner);
    assert_eq!(journal.after_seq, Some(20));
    // Something is written before the answer is here.
    event(&mut runner, many(1232, 1232).remove(0));
    runner.answer(ticket, Ok(Answer::Journal(many(731, 1230))));
    let (ticket, journal) = page(&mut runner);
    assert_eq!(
        (journal.after_seq, journal.before_seq),
        (Some(1230), Some(1232))
    );
    runner.answer(ticket, Ok(Answer::Journal(many(1231, 1231))));
    let (ticket, journal) = page(&mut runner);
    assert_eq!(
        (journal.after_seq, journal.before_seq),
        (Some(20), Some(731))
    );
    runner.answer(ticket, Ok(Answer::Journal(many(231, 730))));
    let (ticket, journal) = page(&mut runner);
    assert_eq!(
        (journal.after_seq, journal.before_seq),
        (Some(20), Some(231))
    );
    runner.answer(ticket, Ok(Answer::Journal(many(21, 230))));
    assert!(runner.asks().is_empty());
    let mut seen: Vec<i64> = Vec::new();
    runner.keys("g");
    for _ in 0..150 {
        let screen = runner.screen();
        let shown = screen.lines().filter_map(|line| {
            let (_, rest) = line.split_once(" f")?;
            rest.split(' ').next()?.parse::<i64>().ok()
        });
        // Pages overlap by a line or two.
        let last = seen.last().copied().unwrap_or(0);
        seen.extend(shown.skip_while(|seq| *seq <= last));
        runner.keys("<pgdn>");
    }
    assert_eq!(seen, (1..=1232).collect::<Vec<i64>>());
}

#[test]
fn an_answer_from_before_the_board_was_lost_does_no_harm() {
    let (mut runner, old) = opened(80, 24);
    runner.msg(Msg::Lost(Fault::new(FaultKind::Network, "gone")));
    runner.answer(old, Err(Fault::new(FaultKind::Network, "gone").retryable()));
    runner.effects.clear();
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![connector(
        "github",
    )]))));
    let (ticket, _) = page(&mut runner);
    runner.answer(ticket, Ok(Answer::Journal(many(1, 3))));
    runner.shows("f3");
}

#[test]
fn a_journal_that_cannot_be_had_is_asked_for_again_with_a_key() {
    let (mut runner, ticket) = opened(80, 24);
    let fault = Fault::new(FaultKind::Config, "the database is locked");
    runner.answer(ticket, Err(fault));
    runner.shows("the database is locked");
    runner.effects.clear();
    runner.keys("<enter>");
    let (ticket, _) = page(&mut runner);
    runner.answer(ticket, Ok(Answer::Journal(many(1, 3))));
    runner.shows("f3");
}

#[test]
fn a_tab_that_was_never_opened_asks_for_nothing() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("github")]));
    event(&mut runner, called(7, "2026-11-22T13:57:00Z", "get_issue"));
    let asked = |effect: &Effect| matches!(effect, Effect::Ask(..));
    assert!(!runner.wanted().iter().any(asked));
}

#[test]
fn a_call_that_ends_takes_the_place_of_its_beginning_and_stays_chosen() {
    let begun = JournalEntry {
        event: JournalEvent::Decision,
        duration_ms: None,
        outcome: None,
        result_bytes: None,
        ..called(1, "2026-11-22T13:57:00Z", "get_issue")
    };
    let mut lines = vec![begun];
    lines.extend(many(2, 5));
    let mut runner = with(80, 24, lines);
    runner.keys("g");
    runner.shows("no answer yet");
    event(&mut runner, called(6, "2026-11-22T13:58:00Z", "get_issue"));
    runner.hides("no answer yet");
    runner.keys("<enter>");
    runner.shows("line 6 of the journal");
}

#[test]
fn each_key_takes_the_value_of_the_line_and_gives_it_back() {
    for (key, shown) in [
        ("a", "\"codex\""),
        ("c", "github"),
        ("f", "\"get_issue\""),
        ("d", "allowed by rule"),
        ("o", "answered"),
        ("t", "from then on"),
        ("s", "42 ms or longer"),
        ("b", "1.2 kB or larger"),
        ("x", "failed only"),
    ] {
        let mut runner = with(120, 40, every_kind());
        runner.keys("gjjjj");
        let before = runner.screen();
        runner.keys(key);
        let title = runner.screen().lines().nth(1).unwrap().to_owned();
        assert!(title.contains(shown), "{key}: {title}");
        runner.keys(key);
        let title = runner.screen().lines().nth(1).unwrap().to_owned();
        assert!(!title.contains(shown), "{key}: {title}");
        runner.keys(key);
        runner.keys("<esc>");
        assert_eq!(runner.screen(), before, "{key}");
    }
}

#[test]
fn times_are_those_of_the_operators_clock() {
    let mut runner = with(120, 40, every_kind());
    runner.shows("times in CET");
    runner.shows("14:59:30");
    runner.shows("11-21 21:00");
    runner.model.zone = Zone::utc();
    runner.shows("13:59:30");
    runner.shows("times in UTC");
}
