//! A text as a QR code, for a phone that is held before the screen.
//!
//! It is dark on light whatever the theme, `NO_COLOR` included: readers need it so
//! (ISO/IEC 18004 section 5), and a colour that carries the meaning is no decoration.

use qrcodegen::{QrCode, QrCodeEcc};
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

use crate::tui::theme::{Palette, Signs, Theme};

/// Modules of light around the code. The standard wants the first; readers of today
/// manage with the second.
const QUIET_ZONES: [i32; 2] = [4, 2];

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum NoCode {
    /// It needs a screen of so many columns and rows.
    TooLarge {
        /// Columns.
        columns: usize,
        /// Rows.
        rows: usize,
    },
    /// No code holds so long a text.
    TooLong,
}

/// A code as lines of one length, with as much light around it as fits into so many
/// cells. Two modules share a cell, one above the other; where signs are plain ASCII,
/// a module is two blanks in its colour.
///
/// # Errors
/// Where it does not fit.
pub(in crate::tui) fn lines(
    theme: Theme,
    text: &str,
    width: usize,
    height: usize,
) -> Result<Vec<Line<'static>>, NoCode> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).map_err(|_| NoCode::TooLong)?;
    let mut smallest = (0, 0);
    for quiet in QUIET_ZONES {
        let (columns, rows) = cells(theme, &code, quiet);
        if columns <= width && rows <= height {
            return Ok(drawn(theme, &code, quiet));
        }
        smallest = (columns, rows);
    }
    let (columns, rows) = smallest;
    Err(NoCode::TooLarge { columns, rows })
}

/// The cells that a code takes.
fn cells(theme: Theme, code: &QrCode, quiet: i32) -> (usize, usize) {
    let side = code.size().saturating_add(quiet.saturating_mul(2));
    let side = usize::try_from(side).unwrap_or(0);
    match theme.signs {
        Signs::Unicode => (side, side.div_ceil(2)),
        Signs::Ascii => (side * 2, side),
    }
}

/// Dark and light.
fn colours(theme: Theme) -> (Color, Color) {
    match theme.palette {
        Palette::OnDark | Palette::OnLight => (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255)),
        Palette::Plain | Palette::Sixteen => (Color::Black, Color::White),
    }
}

fn drawn(theme: Theme, code: &QrCode, quiet: i32) -> Vec<Line<'static>> {
    let (dark, light) = colours(theme);
    let places = quiet.saturating_neg()..code.size().saturating_add(quiet);
    // What is beyond the code is light.
    let is_dark = |x, y| code.get_module(x, y);
    let mut lines = Vec::new();
    match theme.signs {
        Signs::Unicode => {
            let style = Style::new().fg(dark).bg(light);
            for y in places.clone().step_by(2) {
                let half = |x| match (is_dark(x, y), is_dark(x, y.saturating_add(1))) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                };
                let row: String = places.clone().map(half).collect();
                lines.push(Line::from(Span::styled(row, style)));
            }
        }
        Signs::Ascii => {
            for y in places.clone() {
                let module = |x| {
                    let colour = if is_dark(x, y) { dark } else { light };
                    Span::styled("  ", Style::new().bg(colour))
                };
                lines.push(Line::from(places.clone().map(module).collect::<Vec<_>>()));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::tests::theme;

    const LINK: &str = "https://as.example/device?user_code=WDJB-MJHT";

    /// Whether each module is dark, as a reader sees what is drawn.
    fn seen(lines: &[Line<'_>]) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in lines {
            let cells = |upper: bool| {
                let letters = line.spans.iter().flat_map(|span| span.content.chars());
                let dark = letters.map(|letter| match letter {
                    '█' => true,
                    '▀' => upper,
                    '▄' => !upper,
                    _ => false,
                });
                dark.collect::<Vec<bool>>()
            };
            rows.push(cells(true));
            rows.push(cells(false));
        }
        rows
    }

    #[test]
    fn a_code_is_drawn_module_by_module_with_light_around_it() {
        let code = QrCode::encode_text(LINK, QrCodeEcc::Low).unwrap();
        let drawn = lines(theme(), LINK, 80, 24).unwrap();
        let rows = seen(&drawn);
        let quiet = 4;
        for y in -quiet..code.size() + quiet {
            for x in -quiet..code.size() + quiet {
                let row = &rows[usize::try_from(y + quiet).unwrap()];
                let dark = row[usize::try_from(x + quiet).unwrap()];
                assert_eq!(dark, code.get_module(x, y), "{x} {y}");
            }
        }
        let style = drawn[0].spans[0].style;
        assert_eq!(
            (style.fg, style.bg),
            (Some(Color::Black), Some(Color::White))
        );
    }

    #[test]
    fn with_plain_signs_a_module_is_two_blanks_in_its_colour() {
        let theme = Theme {
            signs: Signs::Ascii,
            ..theme()
        };
        let drawn = lines(theme, LINK, 120, 60).unwrap();
        let code = QrCode::encode_text(LINK, QrCodeEcc::Low).unwrap();
        let side = usize::try_from(code.size()).unwrap() + 8;
        assert_eq!(drawn.len(), side);
        assert!(drawn.iter().all(|line| line.width() == side * 2));
        // The corner of the finder pattern is dark, what is before it light.
        let colour = |at: usize| drawn[4].spans[at].style.bg;
        assert_eq!(
            (colour(3), colour(4)),
            (Some(Color::White), Some(Color::Black))
        );
        assert!(drawn.iter().all(|line| line.to_string().trim().is_empty()));
    }

    #[test]
    fn the_light_around_it_gets_narrower_before_it_is_too_large() {
        let whole = lines(theme(), LINK, 80, 40).unwrap().len();
        let narrow = lines(theme(), LINK, 80, whole - 2).unwrap().len();
        assert_eq!(narrow, whole - 2);
        let no = lines(theme(), LINK, 80, whole - 3).unwrap_err();
        let NoCode::TooLarge { columns, rows } = no else {
            panic!("{no:?}");
        };
        assert_eq!(rows, whole - 2);
        assert!(lines(theme(), LINK, columns, rows).is_ok());
        assert_eq!(lines(theme(), LINK, 10, 40).err(), Some(no));
    }

    #[test]
    fn what_no_code_holds_is_said() {
        let long = "x".repeat(4000);
        assert_eq!(lines(theme(), &long, 999, 999), Err(NoCode::TooLong));
    }
}
