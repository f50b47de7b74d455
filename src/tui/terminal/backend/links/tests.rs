//! Which cells are links, judged by a terminal that knows them.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::*;

const WIDTH: u16 = 20;
const HEIGHT: u16 = 4;
const ADDRESS: &str = "https://a.example/?x=1;y=%1B&z=2";

/// A terminal that keeps letters and links, and nothing else.
struct Screen {
    cells: Vec<(char, Option<String>)>,
    at: (usize, usize),
    open: Option<String>,
}

impl Screen {
    fn cell(&mut self, x: usize, y: usize) -> &mut (char, Option<String>) {
        &mut self.cells[y * usize::from(WIDTH) + x]
    }
}

impl vte::Perform for Screen {
    fn print(&mut self, letter: char) {
        let (x, y) = self.at;
        let open = self.open.clone();
        *self.cell(x, y) = (letter, open);
        self.at.0 += 1;
    }

    fn csi_dispatch(&mut self, params: &vte::Params, _: &[u8], _: bool, action: char) {
        let given: Vec<usize> = params.iter().map(|it| usize::from(it[0])).collect();
        let number = |place: usize| given.get(place).copied().unwrap_or(1).max(1);
        let (x, y) = self.at;
        match action {
            'H' => self.at = (number(1) - 1, number(0) - 1),
            'G' => self.at.0 = number(0) - 1,
            'X' => (x..x + number(0)).for_each(|x| *self.cell(x, y) = (' ', None)),
            'K' => (x..usize::from(WIDTH)).for_each(|x| *self.cell(x, y) = (' ', None)),
            'J' => self.cells.fill((' ', None)),
            'm' | 'h' | 'l' => {}
            other => panic!("{other}"),
        }
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).unwrap();
        assert_eq!(params[0], b"8");
        let address: Vec<String> = params[2..].iter().map(|part| text(part)).collect();
        let address = address.join(";");
        self.open = (!address.is_empty()).then_some(address);
    }
}

struct Line {
    terminal: Terminal<Gathering<Vec<u8>>>,
    parser: vte::Parser,
    screen: Screen,
}

impl Line {
    fn new() -> Self {
        let size = usize::from(WIDTH) * usize::from(HEIGHT);
        let terminal = Terminal::with_options(
            Gathering::new(Vec::new(), WIDTH, HEIGHT),
            TerminalOptions {
                viewport: Viewport::Fixed(Rect::new(0, 0, WIDTH, HEIGHT)),
            },
        );
        Self {
            terminal: terminal.unwrap(),
            parser: vte::Parser::new(),
            screen: Screen {
                cells: vec![(' ', None); size],
                at: (0, 0),
                open: None,
            },
        }
    }

    fn draw(&mut self, links: &[Link], paint: impl FnOnce(&mut Buffer)) -> String {
        self.terminal.backend_mut().set_links(links.to_vec());
        let drawn = self.terminal.draw(|frame| paint(frame.buffer_mut()));
        drawn.unwrap();
        let bytes = self.terminal.backend_mut().taken();
        self.parser.advance(&mut self.screen, &bytes);
        assert_eq!(self.screen.open, None, "a link was left open");
        String::from_utf8(bytes).unwrap()
    }

    /// Which cells are links.
    fn linked(&self) -> Vec<Option<String>> {
        let cells = self.screen.cells.iter();
        cells.map(|(_, link)| link.clone()).collect()
    }
}

fn link(x: u16, y: u16, width: u16) -> Link {
    Link::new(x, y, width, ADDRESS).unwrap()
}

/// Which cells are to be links.
fn wanted(links: &[Link]) -> Vec<Option<String>> {
    let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let at = |(x, y): (u16, u16)| links.iter().find(|link| link.covers(x, y));
    places
        .map(|place| at(place).map(|it| it.address.clone()))
        .collect()
}

fn text(buffer: &mut Buffer, y: u16, text: &str) {
    buffer.set_string(0, y, text, Style::new().fg(Color::Blue));
}

#[test]
fn an_address_over_two_lines_is_one_link_and_its_frame_is_none() {
    let mut line = Line::new();
    let links = [link(2, 1, 10), link(2, 2, 4)];
    let paint = |buffer: &mut Buffer| {
        text(buffer, 1, "| https://a. |");
        text(buffer, 2, "| exam       |");
    };
    let sent = line.draw(&links, paint);
    assert_eq!(line.linked(), wanted(&links));
    assert_eq!(sent.matches("\x1b]8;id=callboard;https://").count(), 2);
    assert_eq!(line.draw(&links, paint), "", "nothing changed");
    // Nothing of it stays where the same letters stand without it.
    line.draw(&[], paint);
    assert_eq!(line.linked(), wanted(&[]));
    assert_eq!(line.draw(&[], paint), "");
}

#[test]
fn a_screen_that_was_cleared_is_linked_anew() {
    let mut line = Line::new();
    let links = [link(0, 0, 5)];
    let paint = |buffer: &mut Buffer| text(buffer, 0, "https");
    line.draw(&links, paint);
    line.terminal.clear().unwrap();
    line.draw(&links, paint);
    assert_eq!(line.linked(), wanted(&links));
}

#[test]
fn no_address_that_could_end_its_own_sequence_is_a_link() {
    let long = format!("https://a.example/{}", "x".repeat(LONGEST));
    for address in [
        "https://a.example/\u{1b}\\",
        "https://a.example/\u{7}",
        "https://a.example/\u{9c}",
        "https://a.example/ x",
        "https://ä.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "",
        &long,
    ] {
        assert_eq!(Link::new(0, 0, 3, address), None, "{address:?}");
    }
}

proptest! {
    #[test]
    fn whatever_is_drawn_the_right_cells_are_links(
        frames in prop::collection::vec(
            (
                prop::collection::vec(("[ab -]{0,20}", prop::option::of((0_u16..18, 1_u16..12))), 4),
                any::<bool>(),
            ),
            1..8,
        )
    ) {
        let mut line = Line::new();
        for (rows, clears) in frames {
            if clears {
                line.terminal.clear().unwrap();
            }
            let links: Vec<Link> = rows
                .iter()
                .zip(0..)
                .filter_map(|((_, part), y)| part.map(|(x, width)| link(x, y, width.min(WIDTH - x))))
                .collect();
            line.draw(&links, |buffer| {
                for ((row, _), y) in rows.iter().zip(0..) {
                    text(buffer, y, row);
                }
            });
            prop_assert_eq!(line.linked(), wanted(&links));
        }
    }
}
