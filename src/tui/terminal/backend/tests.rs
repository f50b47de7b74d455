//! What is written, judged by a terminal.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::*;

const WIDTH: u16 = 24;
const HEIGHT: u16 = 6;

/// A face's side of a line, and the terminal at its other end.
struct Line {
    terminal: Terminal<Gathering<Vec<u8>>>,
    screen: vt100::Parser,
}

impl Line {
    fn new() -> Self {
        let terminal = Terminal::with_options(
            Gathering::new(Vec::new(), WIDTH, HEIGHT),
            TerminalOptions {
                viewport: Viewport::Fixed(Rect::new(0, 0, WIDTH, HEIGHT)),
            },
        );
        Self {
            terminal: terminal.unwrap(),
            screen: vt100::Parser::new(HEIGHT.try_into().unwrap(), WIDTH.try_into().unwrap(), 0),
        }
    }

    /// Draws a frame; what was sent for it.
    fn draw(&mut self, paint: impl FnOnce(&mut Buffer)) -> String {
        let drawn = self.terminal.draw(|frame| paint(frame.buffer_mut()));
        drawn.unwrap();
        self.sent()
    }

    fn sent(&mut self) -> String {
        let bytes = std::mem::take(&mut self.terminal.backend_mut().bytes);
        self.screen.process(&bytes);
        String::from_utf8(bytes).unwrap()
    }

    /// What is to be seen: each cell's text, and its style as far as that shows.
    fn seen(&self) -> Vec<String> {
        let screen = self.screen.screen();
        let mut cells = Vec::new();
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let cell = screen.cell(y, x).unwrap();
                let text = match cell.contents() {
                    "" => " ",
                    text => text,
                };
                let mut shown = format!(
                    "{text}{:?}{}{}",
                    cell.bgcolor(),
                    cell.inverse(),
                    cell.underline()
                );
                if text != " " || cell.inverse() {
                    shown.push_str(&format!("{:?}", cell.fgcolor()));
                }
                if text != " " {
                    let (bold, dim, italic) = (cell.bold(), cell.dim(), cell.italic());
                    shown.push_str(&format!("{bold}{dim}{italic}"));
                }
                cells.push(shown);
            }
        }
        cells
    }
}

fn plain(text: &'static str) -> impl FnOnce(&mut Buffer) {
    move |buffer| {
        buffer.set_string(0, 1, text, Style::new());
    }
}

#[test]
fn a_frame_that_changes_nothing_sends_nothing() {
    let mut line = Line::new();
    assert!(!line.draw(plain("one")).is_empty());
    assert_eq!(line.draw(plain("one")), "");
}

#[test]
fn only_what_differs_is_sent() {
    let mut line = Line::new();
    line.draw(plain("one two"));
    // The cursor is known to stand behind it.
    assert_eq!(line.draw(plain("one six")), "\x1b[5Gsix");
    assert_eq!(
        line.draw(plain("ine sip")),
        "\x1b[Gine sip".replace("ne si", "\x1b[7G")
    );
    assert_eq!(line.draw(plain("one sap")), "\x1b[Gone sa");
}

#[test]
fn blanks_are_erased_where_that_is_shorter() {
    let mut line = Line::new();
    line.draw(plain("a long line of twenty-fo"));
    assert_eq!(line.draw(plain("a")), "\x1b[2;3H\x1b[K");
    line.draw(plain("a long line of twenty-fo"));
    let sent = line.draw(plain("a                     fo"));
    assert!(sent.contains('X'), "{sent:?}");
}

#[test]
fn after_the_last_column_the_place_is_said_in_full() {
    let mut line = Line::new();
    let sent = line.draw(|buffer| {
        buffer.set_string(WIDTH - 1, 0, "x", Style::new());
        buffer.set_string(0, 1, "y", Style::new());
    });
    assert!(sent.contains("\x1b[2Hy"), "{sent:?}");
}

#[test]
fn what_stands_below_each_other_in_one_style_is_written_in_one_go() {
    let mut line = Line::new();
    let sent = line.draw(|buffer| {
        for y in 0..HEIGHT {
            buffer.set_string(0, y, "│", Style::new().fg(Color::Indexed(120)));
            buffer.set_string(5, y, "text", Style::new());
        }
    });
    assert_eq!(sent.matches("38;5;120").count(), 1, "{sent:?}");
    let shown = line.screen.screen().contents();
    assert!(shown.lines().all(|row| row == "│    text"), "{shown}");
    assert_eq!(shown.lines().count(), usize::from(HEIGHT));
}

#[test]
fn after_a_clearing_everything_is_sent_again() {
    let mut line = Line::new();
    let style = Style::new().fg(Color::Red).add_modifier(Modifier::REVERSED);
    let paint = |buffer: &mut Buffer| {
        buffer.set_string(0, 0, "one", style);
    };
    let first = line.draw(paint);
    line.screen.process(b"\x1b[3;3Hanother program\x1b[?25h");
    line.terminal.backend_mut().resize(WIDTH, HEIGHT);
    line.terminal.clear().unwrap();
    let sent = line.draw(paint);
    assert!(sent.starts_with("\x1b[H\x1b[J"), "{sent:?}");
    assert!(sent.contains("\x1b[?25l"), "{sent:?}");
    let mut fresh = Line::new();
    fresh.screen.process(first.as_bytes());
    assert_eq!(line.seen(), fresh.seen());
}

/// Something put on a frame: a text, its style, its place.
#[derive(Clone, Debug)]
struct Stroke {
    x: u16,
    y: u16,
    text: String,
    style: Style,
    /// So many rows below it as well.
    below: u16,
}

fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    let text = prop_oneof![
        "[a-c ]{1,24}",
        " {1,24}",
        Just("漢字 on it".to_owned()),
        Just("│●…e\u{301}".to_owned()),
        Just("│".to_owned()),
    ];
    let colour = prop_oneof![
        3 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::LightCyan),
        1 => Just(Color::Indexed(120)),
        1 => Just(Color::Rgb(1, 2, 3)),
    ];
    let modifier = prop_oneof![
        3 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::REVERSED),
        1 => Just(Modifier::UNDERLINED | Modifier::ITALIC),
        1 => Just(Modifier::BOLD | Modifier::DIM),
    ];
    let style = (colour.clone(), colour, modifier)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier));
    let below = prop_oneof![2 => Just(0), 1 => 0..HEIGHT];
    let stroke =
        (0..WIDTH, 0..HEIGHT, text, style, below).prop_map(|(x, y, text, style, below)| Stroke {
            x,
            y,
            text,
            style,
            below,
        });
    proptest::collection::vec(stroke, 0..8)
}

proptest! {
    #[test]
    fn frame_after_frame_shows_what_the_last_one_alone_would(
        frames in proptest::collection::vec(strokes(), 1..6),
    ) {
        let mut line = Line::new();
        for frame in frames {
            let paint = |buffer: &mut Buffer| {
                for stroke in &frame {
                    for y in (stroke.y..HEIGHT).take(usize::from(stroke.below) + 1) {
                        buffer.set_string(stroke.x, y, &stroke.text, stroke.style);
                    }
                }
            };
            line.draw(paint);
            let mut alone = Line::new();
            alone.draw(paint);
            let (together, alone) = (line.seen(), alone.seen());
            for (place, (one, other)) in together.iter().zip(&alone).enumerate() {
                prop_assert_eq!(one, other, "cell {}", place);
            }
        }
    }
}
