//! How much a key costs on the line.

use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::board::function;
use super::functions::showing;
use super::runner::Runner;
use crate::domain::{Function, Permission};
use crate::tui::terminal::Gathering;
use crate::tui::view::view;

/// What marks a synchronized update, before and after each frame.
const AROUND: usize = "\x1b[?2026h\x1b[?2026l".len();

/// The face's end of a line.
struct Line {
    terminal: Terminal<Gathering<Vec<u8>>>,
}

impl Line {
    fn of(runner: &Runner) -> Self {
        let size = runner.model.size;
        let terminal = Terminal::with_options(
            Gathering::new(Vec::new(), size.width, size.height),
            TerminalOptions {
                viewport: Viewport::Fixed(Rect::new(0, 0, size.width, size.height)),
            },
        );
        let mut line = Self {
            terminal: terminal.unwrap(),
        };
        line.frame(runner);
        line
    }

    /// The bytes of the frame that shows what the interface is now.
    fn frame(&mut self, runner: &Runner) -> usize {
        self.terminal
            .draw(|frame| view(&runner.model, frame))
            .unwrap();
        let bytes = self.terminal.backend_mut().taken();
        if bytes.is_empty() {
            0
        } else {
            bytes.len() + AROUND
        }
    }
}

fn many() -> Vec<Function> {
    let verbs = ["get", "create", "delete", "list", "search", "update"];
    (0..10_000)
        .map(|n| {
            let mut function = function(&format!("{}_thing_{n}", verbs[n % 6]));
            function.permission = [Permission::Always, Permission::Ask, Permission::Block][n % 3];
            function.hints.read_only = Some(n % 2 == 0);
            function.description = format!(
                "{} a thing of kind {n}, with everything that belongs to it, and says what came of it.",
                verbs[n % 6]
            )
            .into();
            function
        })
        .collect()
}

#[test]
fn one_row_down_among_ten_thousand_costs_at_most_250_bytes() {
    let mut runner = showing(120, 40, many());
    let mut line = Line::of(&runner);
    let mut most = 0;
    for _ in 0..30 {
        runner.keys("j");
        most = most.max(line.frame(&runner));
    }
    assert!(most <= 250, "{most} bytes");
}

#[test]
fn one_row_down_among_those_of_all_connectors_costs_no_more() {
    let mut runner = showing(120, 40, many());
    runner.keys("0");
    let mut line = Line::of(&runner);
    let mut most = 0;
    for _ in 0..30 {
        runner.keys("j");
        most = most.max(line.frame(&runner));
    }
    assert!(most <= 250, "{most} bytes");
}

#[test]
fn what_changes_nothing_costs_nothing() {
    let mut runner = showing(120, 40, many());
    let mut line = Line::of(&runner);
    runner.keys("kkk");
    assert_eq!(line.frame(&runner), 0);
}

#[test]
fn details_follow_when_the_keys_rest_and_for_a_few_hundred_bytes() {
    let mut runner = showing(120, 40, many());
    let mut line = Line::of(&runner);
    runner.keys("j");
    line.frame(&runner);
    runner.shows("┬ \"get_thing_0\" ");
    runner.rest();
    let bytes = line.frame(&runner);
    runner.shows("┬ \"create_thing_1\" ");
    assert!((1..=400).contains(&bytes), "{bytes} bytes");
}
