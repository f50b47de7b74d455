//! A picture in sixels (DEC STD 070; VT340 programmer's reference, chapter 14): bands
//! six pixels high, a pass over each band for each of its colours.

use std::collections::HashMap;

use color_quant::NeuQuant;
use image::RgbaImage;

/// Most colours; terminals have 256 registers.
const COLOURS: usize = 256;

/// Colours of a picture, and the place of each pixel's among them.
struct Indexed {
    colours: Vec<[u8; 3]>,
    /// `None`: nothing is drawn there.
    pixels: Vec<Option<u8>>,
}

/// The sequence that draws a picture where the cursor is. What is transparent is left
/// as it is (`P2=1`).
pub(super) fn encode(image: &RgbaImage, _cells: (u16, u16)) -> Option<Vec<u8>> {
    let width = usize::try_from(image.width()).ok()?;
    let Indexed { colours, pixels } = index(image);
    let mut out = format!("\x1bP0;1;0q\"1;1;{};{}", image.width(), image.height());
    for (place, [red, green, blue]) in colours.iter().enumerate() {
        // Percent.
        let of = |value: u8| u32::from(value) * 100 / 255;
        out.push_str(&format!(
            "#{place};2;{};{};{}",
            of(*red),
            of(*green),
            of(*blue)
        ));
    }
    for band in pixels.chunks(width.max(1).saturating_mul(6)) {
        for colour in used(band) {
            out.push_str(&format!("#{colour}"));
            let mut run = Run::default();
            for x in 0..width {
                let mut bits = 0_u8;
                for (row, bit) in (0..6_usize).zip([1_u8, 2, 4, 8, 16, 32]) {
                    let at = row.saturating_mul(width).saturating_add(x);
                    if band.get(at).copied().flatten() == Some(colour) {
                        bits |= bit;
                    }
                }
                run.take(bits, &mut out);
            }
            run.end(&mut out);
            out.push('$');
        }
        out.push('-');
    }
    out.push_str("\x1b\\");
    Some(out.into_bytes())
}

/// Sixels alike, one behind the other.
#[derive(Default)]
struct Run {
    bits: u8,
    count: usize,
}

impl Run {
    fn take(&mut self, bits: u8, out: &mut String) {
        if bits != self.bits {
            self.flush(out);
            self.bits = bits;
        }
        self.count = self.count.saturating_add(1);
    }

    /// The end of a pass: what is empty there needs not be said.
    fn end(mut self, out: &mut String) {
        if self.bits != 0 {
            self.flush(out);
        }
    }

    fn flush(&mut self, out: &mut String) {
        let sixel = char::from(self.bits.saturating_add(63));
        match std::mem::take(&mut self.count) {
            count @ 0..4 => (0..count).for_each(|_| out.push(sixel)),
            count => out.push_str(&format!("!{count}{sixel}")),
        }
    }
}

/// The colours that a band has.
fn used(band: &[Option<u8>]) -> Vec<u8> {
    let mut used: Vec<u8> = band.iter().copied().flatten().collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn index(image: &RgbaImage) -> Indexed {
    exact(image).unwrap_or_else(|| quantised(image))
}

/// The very colours, where there are few enough.
fn exact(image: &RgbaImage) -> Option<Indexed> {
    let mut places: HashMap<[u8; 3], u8> = HashMap::new();
    let mut colours = Vec::new();
    let mut pixels = Vec::new();
    for pixel in image.pixels() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha < 128 {
            pixels.push(None);
            continue;
        }
        let colour = [red, green, blue];
        let place = match places.get(&colour) {
            Some(place) => *place,
            None => {
                let place = u8::try_from(colours.len()).ok()?;
                places.insert(colour, place);
                colours.push(colour);
                place
            }
        };
        pixels.push(Some(place));
    }
    Some(Indexed { colours, pixels })
}

/// The nearest of 256 colours that suit the picture.
fn quantised(image: &RgbaImage) -> Indexed {
    let network = NeuQuant::new(3, COLOURS, image.as_raw());
    let colours = network
        .color_map_rgba()
        .chunks(4)
        .map(|colour| match colour {
            [red, green, blue, ..] => [*red, *green, *blue],
            _ => [0; 3],
        })
        .collect();
    let pixels = image
        .pixels()
        .map(|pixel| {
            let place = u8::try_from(network.index_of(&pixel.0)).ok();
            place.filter(|_| pixel.0.last().is_some_and(|alpha| *alpha >= 128))
        })
        .collect();
    Indexed { colours, pixels }
}
