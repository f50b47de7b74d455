//! A frame of the interface as an SVG picture.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::guard::sanitise;

/// Cells of the picture, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);

/// What lies around them.
const MARGIN: f64 = 12.0;

const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d7dae0";

/// How one run of cells looks.
#[derive(Clone, PartialEq)]
struct Look {
    front: String,
    back: Option<String>,
    modifier: Modifier,
}

/// The picture of a frame.
pub(super) fn svg(buffer: &Buffer, title: &str) -> String {
    let area = buffer.area;
    let width = f64::from(area.width).mul_add(CELL.0, 2.0 * MARGIN);
    let height = f64::from(area.height).mul_add(CELL.1, 2.0 * MARGIN);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-label=\"{}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <g font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"14\" \
         xml:space=\"preserve\">\n",
        escaped(title)
    );
    for y in 0..area.height {
        for run in runs(buffer, y) {
            draw(&mut text, y, &run);
        }
    }
    text.push_str("</g>\n</svg>\n");
    text
}

struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
}

/// The cells of a row that look alike, together.
fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        let symbol = cell.symbol();
        let cells = u16::try_from(sanitise::width(symbol).max(1)).unwrap();
        let look = look(cell.fg, cell.bg, cell.modifier);
        // What is not a letter of the usual width may be drawn by another font.
        let plain = |text: &str| text.is_ascii();
        match runs.last_mut() {
            Some(run) if run.look == look && plain(&run.text) == plain(symbol) => {
                run.text.push_str(symbol);
                run.cells += cells;
            }
            _ => runs.push(Run {
                x,
                cells,
                text: symbol.to_owned(),
                look,
            }),
        }
        x += cells;
    }
    runs
}

fn draw(text: &mut String, y: u16, run: &Run) {
    let left = f64::from(run.x).mul_add(CELL.0, MARGIN);
    let top = f64::from(y).mul_add(CELL.1, MARGIN);
    let width = f64::from(run.cells) * CELL.0;
    if let Some(back) = &run.look.back {
        writeln!(
            text,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{back}\"/>",
            CELL.1
        )
        .unwrap();
    }
    if run.text.trim().is_empty() {
        return;
    }
    let mut style = String::new();
    if run.look.modifier.contains(Modifier::BOLD) {
        style.push_str(" font-weight=\"bold\"");
    }
    if run.look.modifier.contains(Modifier::DIM) {
        style.push_str(" opacity=\"0.65\"");
    }
    if run.look.modifier.contains(Modifier::UNDERLINED) {
        style.push_str(" text-decoration=\"underline\"");
    }
    if run.look.modifier.contains(Modifier::ITALIC) {
        style.push_str(" font-style=\"italic\"");
    }
    writeln!(
        text,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
         fill=\"{}\"{style}>{}</text>",
        top + 13.5,
        run.look.front,
        escaped(&run.text)
    )
    .unwrap();
}

fn look(front: Color, back: Color, modifier: Modifier) -> Look {
    let (front, back) = (colour(front), colour(back));
    if modifier.contains(Modifier::REVERSED) {
        return Look {
            front: back.unwrap_or_else(|| BACKGROUND.to_owned()),
            back: Some(front.unwrap_or_else(|| FOREGROUND.to_owned())),
            modifier: modifier - Modifier::REVERSED,
        };
    }
    Look {
        front: front.unwrap_or_else(|| FOREGROUND.to_owned()),
        back,
        modifier,
    }
}

/// A colour as the picture has it; `None`: the terminal's own.
fn colour(colour: Color) -> Option<String> {
    let named = match colour {
        Color::Rgb(red, green, blue) => return Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        Color::Cyan => "#79c0ff",
        Color::Green => "#7ed68a",
        Color::Magenta => "#d9a5ff",
        Color::Red => "#ff958c",
        _ => return None,
    };
    Some(named.to_owned())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[test]
fn what_a_picture_says_cannot_end_it() {
    let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 12, 1));
    buffer.set_string(0, 0, "</text>&\"", ratatui::style::Style::new());
    let picture = svg(&buffer, "a \"b\" <c>");
    assert!(picture.contains("&lt;/text&gt;&amp;&quot;"), "{picture}");
    assert!(picture.contains("aria-label=\"a &quot;b&quot; &lt;c&gt;\""));
}
