use super::*;
use crate::domain::{Evidence, Fault};
use crate::protocol::Journal;

fn wiki() -> ConnectorView {
    let mut wiki = connector("wiki");
    wiki.description = "The team's wiki".to_owned();
    wiki.evidence = vec![
        Evidence {
            request: "POST https://wiki.example.com/mcp server/discover".to_owned(),
            answer: "200, MCP 2026-07-28".into(),
            means: "it speaks the newest revision".to_owned(),
        },
        Evidence {
            request: "GET https://wiki.example.com/.well-known/x".to_owned(),
            answer: "404\u{1b}[2J".into(),
            means: "it names no OAuth metadata".to_owned(),
        },
    ];
    wiki
}

#[test]
fn the_overview() {
    pictures!("details_overview", |w, h| {
        let mut runner = on(w, h, vec![wiki()]);
        runner.keys("<enter>");
        if runner.effects.iter().any(is_errand) {
            tell_journal(&mut runner, lines());
        } else {
            runner = on(w, h, vec![]);
            runner.event(EventKind::Connector(Box::new(wiki())));
            tell_journal(&mut runner, lines());
            runner.keys("<enter>");
        }
        runner
    });
    pictures!("details_evidence", |w, h| {
        let mut runner = on(w, h, vec![]);
        runner.event(EventKind::Connector(Box::new(wiki())));
        runner.keys("<enter>v");
        runner
    });
}

/// The overview of `wiki`, with what is known of its calls.
fn seen(lines: Vec<JournalEntry>) -> Runner {
    let mut runner = on(80, 24, vec![wiki()]);
    runner.keys("<enter>");
    tell_journal(&mut runner, lines);
    runner
}

#[test]
fn calls_are_counted_from_the_journal_and_by_events() {
    let mut runner = seen(lines());
    runner.shows("5 today · 2 failed · 1 not allowed");
    let mut next = call(11, 0, CallOutcome::Ok);
    runner.event(EventKind::Journal(Box::new(next.clone())));
    runner.shows("6 today · 2 failed");
    next.seq = 12;
    next.connector = Some("other".to_owned());
    runner.event(EventKind::Journal(Box::new(next)));
    runner.shows("6 today");
    let quiet = seen(vec![]);
    quiet.shows("none today, nor in the last 12 hours");
}

#[test]
fn more_calls_than_lines_are_asked_for_are_counted_all_the_same() {
    let many: Vec<JournalEntry> = (1..=500)
        .map(|seq| call(seq, 60, CallOutcome::Ok))
        .collect();
    let mut runner = seen(many);
    runner.shows("500 today or more");
    let (ticket, errand) = runner.errand();
    let Errand::Journal(Journal { since, limit, .. }) = errand else {
        panic!("{errand:?}");
    };
    assert_eq!(since, Some(time("2026-11-21T14:00:00Z")));
    assert_eq!(limit, Some(10_000));
    let all = (1..=700)
        .map(|seq| call(seq, 60, CallOutcome::Ok))
        .collect();
    runner.found(ticket, Found::Journal(all));
    runner.shows("700 today");
    assert!(runner.errands().is_empty());
}

#[test]
fn a_journal_that_cannot_be_read_is_tried_again_when_somebody_looks_again() {
    let mut runner = on(80, 24, vec![wiki()]);
    runner.keys("<enter>");
    let (ticket, _) = runner.errand();
    runner.end(ticket, Err(Fault::config("the database is damaged")));
    runner.shows("not known: the database is damaged");
    assert!(runner.errands().is_empty(), "it is not asked again at once");
    runner.keys("<tab><shift-tab>");
    let (_, errand) = runner.errand();
    assert!(matches!(errand, Errand::Journal(_)));
}

#[test]
fn one_question_at_a_time_however_fast_the_list_is_walked_through() {
    let mut runner = on(120, 40, vec![]);
    let names = ["a", "b", "c", "d"];
    let event = |name| EventKind::Connector(Box::new(connector(name)));
    for name in names {
        runner.event(event(name));
    }
    let (ticket, _) = runner.errand();
    runner.keys("jjj");
    assert!(runner.errands().is_empty());
    runner.found(ticket, Found::Journal(vec![]));
    let (_, errand) = runner.errand();
    let Errand::Journal(journal) = errand else {
        panic!("{errand:?}");
    };
    assert_eq!(journal.connector.as_deref(), Some("d"));
}

#[test]
fn evidence_is_shown_by_a_key_and_folded_by_it_again() {
    let mut runner = seen(lines());
    runner.shows("2 requests when it was looked at; v shows");
    runner.hides("POST /mcp server/discover");
    runner.keys("v");
    runner.shows("POST /mcp server/discover");
    runner.shows("404⟨U+001B⟩[2J");
    runner.keys("v");
    runner.hides("POST /mcp server/discover");
    let mut bare = on(80, 24, vec![connector("bare")]);
    bare.keys("<enter>v");
    bare.shows("nothing was looked at yet");
}

#[test]
fn a_board_that_comes_back_is_asked_again() {
    let mut runner = seen(lines());
    let lost = Fault::new(crate::domain::FaultKind::Network, "gone");
    runner.msg(crate::tui::effect::Msg::Lost(lost));
    runner.event(EventKind::Snapshot(Box::new(snapshot(vec![wiki()]))));
    let mut more = lines();
    more.push(call(11, 1, CallOutcome::Ok));
    tell_journal(&mut runner, more);
    runner.shows("6 today");
}
