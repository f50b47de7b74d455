//! A picture as coloured half blocks, two pixels to a cell.

use image::RgbaImage;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use crate::tui::theme::{Depth, Pictures, Theme};

/// A pixel; `None`: nothing is drawn there.
type Pixel = Option<[u8; 3]>;

/// See the module.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Grid {
    columns: u16,
    /// Upper and lower pixel of each cell, row by row.
    cells: Vec<(Pixel, Pixel)>,
}

impl Grid {
    /// The cells of a picture that is as wide and twice as high as they are.
    pub(super) fn of(image: &RgbaImage) -> Self {
        let columns = u16::try_from(image.width()).unwrap_or(u16::MAX);
        let pixel = |x: u32, y: u32| -> Pixel {
            let [red, green, blue, alpha] = image.get_pixel_checked(x, y)?.0;
            (alpha >= 128).then_some([red, green, blue])
        };
        let mut cells = Vec::new();
        for row in 0..image.height().div_ceil(2) {
            for x in 0..u32::from(columns) {
                let y = row.saturating_mul(2);
                cells.push((pixel(x, y), pixel(x, y.saturating_add(1))));
            }
        }
        Self { columns, cells }
    }

    /// How many rows it takes.
    pub(super) fn rows(&self) -> u16 {
        let rows = self.cells.len().checked_div(usize::from(self.columns));
        u16::try_from(rows.unwrap_or(0)).unwrap_or(u16::MAX)
    }

    /// Draws it.
    pub(super) fn view(&self, theme: Theme, area: Rect, buffer: &mut Buffer) {
        let Pictures::HalfBlocks(depth) = theme.pictures() else {
            return;
        };
        let rows = self.cells.chunks(usize::from(self.columns).max(1));
        for (row, y) in rows.zip(area.y..area.bottom()) {
            for ((upper, lower), x) in row.iter().zip(area.x..area.right()) {
                let Some(cell) = buffer.cell_mut(Position::new(x, y)) else {
                    continue;
                };
                match (upper, lower) {
                    (None, None) => {}
                    (Some(upper), None) => {
                        cell.set_char('▀').set_fg(colour(*upper, depth));
                    }
                    (None, Some(lower)) => {
                        cell.set_char('▄').set_fg(colour(*lower, depth));
                    }
                    (Some(upper), Some(lower)) => {
                        cell.set_char('▀')
                            .set_fg(colour(*upper, depth))
                            .set_bg(colour(*lower, depth));
                    }
                }
            }
        }
    }
}

/// The nearest colour there is.
fn colour([red, green, blue]: [u8; 3], depth: Depth) -> Color {
    match depth {
        Depth::True => Color::Rgb(red, green, blue),
        Depth::Indexed => Color::Indexed(indexed([red, green, blue])),
        Depth::Sixteen => sixteen([red, green, blue]),
    }
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter()
        .zip(other)
        .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
        .sum()
}

/// The steps of xterm's colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of xterm's 240 colours behind the first sixteen: a cube and greys.
fn indexed(wanted: [u8; 3]) -> u8 {
    let step = |value: u8| -> (u8, u8) {
        STEPS
            .iter()
            .zip(0_u8..)
            .map(|(step, place)| (*step, place))
            .min_by_key(|(step, _)| step.abs_diff(value))
            .unwrap_or_default()
    };
    let [red, green, blue] = wanted.map(step);
    let cube = 16_u8
        .saturating_add(red.1.saturating_mul(36))
        .saturating_add(green.1.saturating_mul(6))
        .saturating_add(blue.1);
    let grey = (0..24_u8)
        .map(|place| (place, place.saturating_mul(10).saturating_add(8)))
        .min_by_key(|(_, value)| distance([*value; 3], wanted))
        .unwrap_or_default();
    if distance([grey.1; 3], wanted) < distance([red.0, green.0, blue.0], wanted) {
        grey.0.saturating_add(232)
    } else {
        cube
    }
}

/// The nearest of the sixteen, as xterm has them by default.
fn sixteen(wanted: [u8; 3]) -> Color {
    const COLOURS: [(Color, [u8; 3]); 16] = [
        (Color::Black, [0, 0, 0]),
        (Color::Red, [205, 0, 0]),
        (Color::Green, [0, 205, 0]),
        (Color::Yellow, [205, 205, 0]),
        (Color::Blue, [0, 0, 238]),
        (Color::Magenta, [205, 0, 205]),
        (Color::Cyan, [0, 205, 205]),
        (Color::Gray, [229, 229, 229]),
        (Color::DarkGray, [127, 127, 127]),
        (Color::LightRed, [255, 0, 0]),
        (Color::LightGreen, [0, 255, 0]),
        (Color::LightYellow, [255, 255, 0]),
        (Color::LightBlue, [92, 92, 255]),
        (Color::LightMagenta, [255, 0, 255]),
        (Color::LightCyan, [0, 255, 255]),
        (Color::White, [255, 255, 255]),
    ];
    COLOURS
        .iter()
        .min_by_key(|(_, colour)| distance(*colour, wanted))
        .map_or(Color::Reset, |(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_the_nearest_that_there_are() {
        assert_eq!(indexed([255, 0, 0]), 196);
        assert_eq!(indexed([128, 128, 128]), 244);
        assert_eq!(indexed([0, 0, 0]), 16);
        assert_eq!(sixteen([250, 10, 10]), Color::LightRed);
        assert_eq!(colour([1, 2, 3], Depth::True), Color::Rgb(1, 2, 3));
    }

    #[test]
    fn a_pixel_that_is_not_there_is_not_drawn() {
        let mut image = RgbaImage::new(2, 3);
        image.put_pixel(0, 0, image::Rgba([9, 9, 9, 255]));
        image.put_pixel(1, 1, image::Rgba([9, 9, 9, 255]));
        image.put_pixel(0, 2, image::Rgba([9, 9, 9, 255]));
        let grid = Grid::of(&image);
        assert_eq!(grid.rows(), 2);
        let area = Rect::new(0, 0, 2, 2);
        let mut buffer = Buffer::empty(area);
        grid.view(crate::tui::tests::theme(), area, &mut buffer);
        let symbols: Vec<&str> = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(symbols, ["▀", "▄", "▀", " "]);
    }
}
