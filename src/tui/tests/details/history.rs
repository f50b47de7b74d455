use super::*;
use crate::domain::Fault;

fn shown(width: u16, height: u16, lines: Vec<JournalEntry>) -> Runner {
    let mut runner = on(width, height, vec![]);
    runner.event(EventKind::Connector(Box::new(connector("wiki"))));
    runner.keys("<enter><tab><tab><tab><tab>");
    let (ticket, _) = runner
        .errands()
        .into_iter()
        .find(|(_, errand)| matches!(errand, Errand::Journal(_)))
        .expect("nobody asked for the journal");
    runner.found(ticket, Found::Journal(lines));
    runner
}

#[test]
fn the_history() {
    pictures!("details_history", |w, h| shown(w, h, lines()));
    pictures!("details_history_whole_line", |w, h| {
        let mut runner = shown(w, h, lines());
        runner.keys("<enter>");
        runner
    });
    pictures!("details_history_empty", |w, h| shown(w, h, vec![]));
    pictures!("details_history_loading", |w, h| {
        let mut runner = on(w, h, vec![connector("wiki")]);
        runner.keys("<enter><tab><tab><tab><tab>");
        runner
    });
    pictures!("details_history_failed", |w, h| {
        let mut runner = on(w, h, vec![]);
        runner.event(EventKind::Connector(Box::new(connector("wiki"))));
        runner.keys("<enter><tab><tab><tab><tab>");
        let fault = Fault::config("the database is damaged").hint("`callboard doctor` looks at it");
        for (ticket, _) in runner.errands() {
            runner.end(ticket, Err(fault.clone()));
        }
        runner
    });
    pictures!("details_history_many", |w, h| {
        let many =
            (1..=500).map(|seq| call(seq, 5000 - u64::try_from(seq).unwrap(), CallOutcome::Ok));
        let mut runner = shown(w, h, many.collect());
        runner.keys("G");
        runner
    });
}

#[test]
fn the_newest_line_is_first_and_followed_while_the_first_is_chosen() {
    let mut runner = shown(80, 24, lines());
    let screen = runner.screen();
    let place = |text: &str| {
        screen
            .find(text)
            .unwrap_or_else(|| panic!("no {text} in\n{screen}"))
    };
    assert!(place("may have run") < place("nobody said yes"));
    assert!(place("nobody said yes") < place("connector added"));
    let mut next = call(11, 1, CallOutcome::Cancelled);
    runner.event(EventKind::Journal(Box::new(next.clone())));
    runner.keys("<enter>");
    runner.shows("line 11 of the journal");
    runner.keys("<esc>j<enter>");
    runner.shows("10 of the journal");
    runner.keys("<esc>");
    next.seq = 12;
    runner.event(EventKind::Journal(Box::new(next)));
    runner.keys("<enter>");
    runner.shows("10 of the journal");
}

#[test]
fn a_whole_line_says_all_there_is() {
    let mut runner = shown(80, 24, vec![call(4, 60, CallOutcome::Error)]);
    runner.keys("<enter>");
    assert_eq!(runner.model.focus, Focus::JournalLine);
    for text in [
        "2026-11-22 13:59:00",
        "\"search_code\"",
        "Outcome    ✕ error",
        "\"codex⟨U+001B⟩[2J\", as it calls itself",
        "allowed by rule (permission always)",
        "38 ms",
        "1.2 kB, 1234 bytes",
        "0123456789abcdef0123456789abcdef",
        "never arguments or results",
    ] {
        runner.shows(text);
    }
    runner.keys("h");
    assert_eq!(runner.model.focus, Focus::ConnectorHistory);
}

#[test]
fn the_filter_reads_functions_agents_and_what_became_of_it() {
    for (words, found, hidden) in [
        ("nobody", "delete_repo", "search_code"),
        ("codex error", "✕ error", "delete_repo"),
        ("added", "connector added", "delete_repo"),
    ] {
        let mut runner = shown(120, 40, lines());
        runner.keys(&format!("/{words}"));
        runner.shows(found);
        runner.hides(hidden);
        runner.keys("<enter><esc>");
        runner.shows("delete_repo");
        assert_eq!(runner.model.focus, Focus::ConnectorHistory);
    }
    let mut runner = shown(80, 24, lines());
    runner.keys("/nothing like it");
    runner.shows("nothing matches; Esc shows all again");
}
