//! A picture in kitty's graphics protocol
//! (<https://sw.kovidgoyal.net/kitty/graphics-protocol/>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbaImage};

/// Bytes of base64 in one sequence, as the protocol has it.
const CHUNK: usize = 4096;

/// Takes the picture away, and its pixels out of the terminal's memory. There is one
/// at most, always of this number. `q=2`: the terminal answers nothing.
pub(in crate::tui) const ERASE: &[u8] = b"\x1b_Ga=d,d=I,i=31,q=2\x1b\\";

/// The sequence that draws a picture where the cursor is and leaves the cursor there:
/// a PNG that is written here. With `cells`, the terminal makes it fit so many columns
/// and rows.
pub(super) fn encode(image: &RgbaImage, cells: Option<(u16, u16)>) -> Option<Vec<u8>> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive)
        .write_image(
            image.as_raw(),
            image.width(),
            image.height(),
            ExtendedColorType::Rgba8,
        )
        .ok()?;
    let encoded = STANDARD.encode(png);
    let fit = cells.map_or_else(String::new, |(columns, rows)| {
        format!(",c={columns},r={rows}")
    });
    let mut sequence = Vec::with_capacity(encoded.len().saturating_add(1024));
    let chunks: Vec<&[u8]> = encoded.as_bytes().chunks(CHUNK).collect();
    let last = chunks.len().saturating_sub(1);
    for (place, chunk) in chunks.into_iter().enumerate() {
        let more = u8::from(place < last);
        let control = if place == 0 {
            format!("\x1b_Ga=T,f=100,q=2,i=31,p=1,C=1{fit},m={more};")
        } else {
            format!("\x1b_Gq=2,m={more};")
        };
        sequence.extend_from_slice(control.as_bytes());
        sequence.extend_from_slice(chunk);
        sequence.extend_from_slice(b"\x1b\\");
    }
    Some(sequence)
}
