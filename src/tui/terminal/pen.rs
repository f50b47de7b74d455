//! The style in which a terminal writes, and the shortest way from one to another.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What is to be seen of a style where nothing is written.
const ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Modifiers with the parameter of `SGR` that sets them and the one that takes them
/// away (ECMA-48, 8.3.117). Bold and dim go together.
const MODIFIERS: &[(Modifier, u8, u8)] = &[
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Colours and modifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    /// The style of a cell.
    pub(super) fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a blank looks like one that was never written to.
    pub(super) fn leaves_blanks_blank(self) -> bool {
        self.bg == Color::Reset && !self.modifier.intersects(ON_BLANKS)
    }

    /// Takes this pen instead of another; `None`: nobody knows which that is.
    pub(super) fn write(self, before: Option<Self>, bytes: &mut impl Write) -> io::Result<()> {
        let mut afresh = Parameters::default();
        if self == Self::default() {
            return bytes.write_all(b"\x1b[m");
        }
        afresh.add(0);
        self.add_to(&mut afresh, Self::default());
        let mut shortest = afresh;
        if let Some(before) = before {
            let mut from_there = Parameters::default();
            self.add_to(&mut from_there, before);
            if from_there.text.len() < shortest.text.len() {
                shortest = from_there;
            }
        }
        write!(bytes, "\x1b[{}m", shortest.text)
    }

    /// What differs from another pen.
    fn add_to(self, parameters: &mut Parameters, before: Self) {
        let mut left = before.modifier;
        // Terminals differ in what bold and dim are together, and in what one of them
        // does to the other: where they differ at all, both are said anew.
        let strength = Modifier::BOLD | Modifier::DIM;
        let anew = left.intersection(strength) != self.modifier.intersection(strength);
        for (modifier, _, off) in MODIFIERS {
            let goes = !self.modifier.contains(*modifier);
            if left.contains(*modifier) && (goes || (anew && strength.contains(*modifier))) {
                parameters.add(*off);
                for (other, _, same) in MODIFIERS {
                    if same == off {
                        left.remove(*other);
                    }
                }
            }
        }
        for (modifier, on, _) in MODIFIERS {
            if self.modifier.contains(*modifier) && !left.contains(*modifier) {
                parameters.add(*on);
            }
        }
        if self.fg != before.fg {
            parameters.colour(self.fg, 30);
        }
        if self.bg != before.bg {
            parameters.colour(self.bg, 40);
        }
    }
}

/// Parameters of one `SGR`.
#[derive(Debug, Default)]
struct Parameters {
    text: String,
}

impl Parameters {
    fn add(&mut self, parameter: u8) {
        if !self.text.is_empty() {
            self.text.push(';');
        }
        self.text.push_str(&parameter.to_string());
    }

    /// A colour; `base` is 30 for what is written and 40 for what is behind it.
    fn colour(&mut self, colour: Color, base: u8) {
        let plain = |number: u8| base.saturating_add(number);
        let bright = |number: u8| base.saturating_add(60).saturating_add(number);
        let one = match colour {
            Color::Reset => plain(9),
            Color::Black => plain(0),
            Color::Red => plain(1),
            Color::Green => plain(2),
            Color::Yellow => plain(3),
            Color::Blue => plain(4),
            Color::Magenta => plain(5),
            Color::Cyan => plain(6),
            Color::Gray => plain(7),
            Color::DarkGray => bright(0),
            Color::LightRed => bright(1),
            Color::LightGreen => bright(2),
            Color::LightYellow => bright(3),
            Color::LightBlue => bright(4),
            Color::LightMagenta => bright(5),
            Color::LightCyan => bright(6),
            Color::White => bright(7),
            Color::Indexed(number) => {
                for parameter in [plain(8), 5, number] {
                    self.add(parameter);
                }
                return;
            }
            Color::Rgb(red, green, blue) => {
                for parameter in [plain(8), 2, red, green, blue] {
                    self.add(parameter);
                }
                return;
            }
        };
        self.add(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(before: Option<Pen>, pen: Pen) -> String {
        let mut bytes = Vec::new();
        pen.write(before, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn pen(fg: Color, modifier: Modifier) -> Pen {
        Pen {
            fg,
            bg: Color::Reset,
            modifier,
        }
    }

    #[test]
    fn only_what_differs_is_said() {
        let plain = Some(Pen::default());
        let bold_red = pen(Color::Red, Modifier::BOLD);
        assert_eq!(from(plain, bold_red), "\x1b[1;31m");
        assert_eq!(
            from(Some(bold_red), pen(Color::Red, Modifier::DIM)),
            "\x1b[22;2m"
        );
        assert_eq!(
            from(Some(bold_red), pen(Color::Cyan, Modifier::BOLD)),
            "\x1b[36m"
        );
        assert_eq!(from(Some(bold_red), Pen::default()), "\x1b[m");
    }

    #[test]
    fn of_two_modifiers_that_go_together_the_other_one_stays() {
        let both = pen(Color::Reset, Modifier::BOLD | Modifier::DIM);
        let said = from(Some(both), pen(Color::Reset, Modifier::BOLD));
        assert!(said == "\x1b[0;1m" || said == "\x1b[22;1m", "{said:?}");
    }

    #[test]
    fn after_what_nobody_knows_everything_is_said() {
        let indexed = pen(Color::Indexed(208), Modifier::REVERSED);
        assert_eq!(from(None, indexed), "\x1b[0;7;38;5;208m");
        let rgb = Pen {
            bg: Color::Rgb(1, 2, 3),
            ..Pen::default()
        };
        assert_eq!(from(None, rgb), "\x1b[0;48;2;1;2;3m");
    }
}
