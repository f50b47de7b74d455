//! The address of a sign-in as a link of the terminal.

use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::*;
use crate::tui::dock::links;
use crate::tui::terminal::Gathering;
use crate::tui::view::view;

/// Each link of a frame: its address, and the letters that are to be clicked on.
fn drawn(runner: &Runner) -> Vec<(String, String)> {
    let size = runner.model.size;
    let mut terminal = Terminal::with_options(
        Gathering::new(Vec::new(), size.width, size.height),
        TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, size.width, size.height)),
        },
    )
    .unwrap();
    terminal.backend_mut().set_links(links(&runner.model));
    terminal.draw(|frame| view(&runner.model, frame)).unwrap();
    let sent = String::from_utf8(terminal.backend_mut().taken()).unwrap();
    let mut found = Vec::new();
    for piece in sent.split("\u{1b}]8;id=callboard;").skip(1) {
        let (address, rest) = piece.split_once("\u{1b}\\").unwrap();
        let (text, _) = rest.split_once("\u{1b}]8;;").unwrap();
        let mut letters = String::new();
        for (place, part) in text.split('\u{1b}').enumerate() {
            // What is behind a control sequence (ECMA-48 section 5.4).
            let end = |letter: char| letter.is_ascii_alphabetic();
            let after = part.split_once(end).map_or("", |(_, rest)| rest);
            letters.push_str(if place == 0 { part } else { after });
        }
        found.push((address.to_owned(), letters));
    }
    found
}

fn texts(found: &[(String, String)]) -> String {
    found.iter().map(|(_, text)| text.as_str()).collect()
}

#[test]
fn every_line_of_the_address_is_the_same_link_and_nothing_else_is_one() {
    for (width, height) in [(80, 24), (120, 40), (60, 20)] {
        let mut runner = on(width, height, vec![consent("c-1")]);
        assert_eq!(drawn(&runner), [], "while something else has the keys");
        runner.keys("!");
        let found = drawn(&runner);
        assert!(found.len() > 1);
        assert!(found.iter().all(|(link, _)| *link == address()));
        assert!(address().starts_with(&texts(&found)), "{found:?}");
        if height > 20 {
            assert_eq!(texts(&found), address());
        }
    }
}

#[test]
fn lines_that_were_scrolled_away_are_no_links() {
    let mut runner = on(60, 20, vec![with_device(consent("c-1"))]);
    runner.keys("!  ");
    let found = drawn(&runner);
    for (link, text) in &found {
        assert!(link.contains(text.as_str()), "{found:?}");
    }
    let whole = texts(&found);
    assert!(
        !whole.starts_with("https://linear.example/oauth"),
        "{whole}"
    );
}

#[test]
fn under_the_code_and_once_it_is_over_there_is_no_link() {
    let mut runner = one();
    runner.keys("Q");
    assert_eq!(drawn(&runner), []);
    runner.keys("Q");
    assert!(!drawn(&runner).is_empty());
    runner.event(closed::of(ConsentEnd::Expired));
    assert_eq!(drawn(&runner), []);
}

#[test]
fn the_address_for_another_device_is_a_link_too() {
    let mut runner = on(120, 40, vec![with_device(consent("c-1"))]);
    runner.keys("!");
    let found = drawn(&runner);
    let device = "https://linear.example/device";
    assert!(
        found
            .iter()
            .any(|(link, text)| link == device && text == device)
    );
    let mut runner = on(80, 24, vec![only_device()]);
    runner.keys("!");
    assert_eq!(drawn(&runner), [(device.to_owned(), device.to_owned())]);
}

#[test]
fn an_address_that_is_none_is_text() {
    let mut view = consent("c-1");
    view.consent.url = Some("https://a.example/\u{1b}\\\u{1b}]0;owned\u{7}".to_owned());
    let mut runner = on(80, 24, vec![view]);
    runner.keys("!");
    runner.shows("https://a.example/");
    assert_eq!(drawn(&runner), []);
}
