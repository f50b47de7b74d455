use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::tui::theme::Depth;
use crate::tui::viewer::node::Node;

/// A picture of so many pixels, red above and blue below.
fn flag(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |_, y| {
        if y < height / 2 {
            Rgba([255, 0, 0, 255])
        } else {
            Rgba([0, 0, 255, 255])
        }
    })
}

/// A picture of many colours.
fn many(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let byte = |value: u32| u8::try_from(value % 256).unwrap();
        Rgba([byte(x * 7), byte(y * 5), byte(x * y), 255])
    })
}

fn written(image: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = DynamicImage::ImageRgba8(image.clone());
    let image = if format == ImageFormat::Jpeg {
        DynamicImage::ImageRgb8(image.into_rgb8())
    } else {
        image
    };
    image
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn job(bytes: &[u8], how: Pictures) -> Job {
    job_of(json!(STANDARD.encode(bytes)), how)
}

fn job_of(data: Value, how: Pictures) -> Job {
    Job {
        data: Node::root(Arc::new(data)),
        cells: (40, 12),
        how,
        pixels: Some((8, 16)),
    }
}

const CELLS: Pictures = Pictures::HalfBlocks(Depth::True);

fn message(job: &Job) -> String {
    paint(job).unwrap_err().message
}

/// The sequences in bytes that are none of the ones that draw a picture.
fn foreign(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    // Each sequence ends with ST, and nothing stands between two.
    let sequences = text.strip_suffix("\u{1b}\\").unwrap_or(text);
    sequences
        .split("\u{1b}\\")
        .filter(|sequence| !is_ours(sequence))
        .map(str::to_owned)
        .collect()
}

fn is_ours(sequence: &str) -> bool {
    if let Some(body) = sequence.strip_prefix("\u{1b}_G") {
        return body
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '=' | ',' | ';' | '+' | '/'));
    }
    sequence.strip_prefix("\u{1b}P0;1;0q").is_some_and(|body| {
        body.chars()
            .all(|c| matches!(c, '"' | '#' | ';' | '!' | '$' | '-' | '0'..='9' | '?'..='~'))
    })
}

#[test]
fn what_is_no_sequence_of_callboard_s_is_foreign() {
    for bad in [
        "x",
        "\u{1b}_Ga=T;aGk=\u{1b}\\x",
        "\u{1b}]0;t\u{7}",
        "\u{1b}_Gt=f;/etc\n\u{1b}\\",
    ] {
        assert!(!foreign(bad.as_bytes()).is_empty(), "{bad:?}");
    }
    assert!(foreign(b"\x1b_Ga=T;aGk=\x1b\\").is_empty());
}

#[test]
fn pictures_of_four_kinds_are_read() {
    for (format, name) in [
        (ImageFormat::Png, "PNG"),
        (ImageFormat::Jpeg, "JPEG"),
        (ImageFormat::Gif, "GIF, its first picture"),
        (ImageFormat::WebP, "WebP"),
    ] {
        let bytes = written(&flag(20, 10), format);
        let painted = paint(&job(&bytes, CELLS)).unwrap();
        assert_eq!((painted.format, painted.size), (name, (20, 10)));
        let Drawn::Cells(grid) = painted.drawn else {
            panic!("{format:?}");
        };
        // Twice as large: forty columns, ten rows.
        assert_eq!(grid.rows(), 10);
        let words = paint(&job(&bytes, Pictures::None)).unwrap();
        assert!(matches!(words.drawn, Drawn::Words));
        assert_eq!(words.size, (20, 10));
    }
}

#[test]
fn a_picture_becomes_sequences_of_callboard_s_own() {
    for (image, cells) in [(flag(8, 8), (8, 4)), (many(640, 480), (32, 12))] {
        let bytes = written(&image, ImageFormat::Png);
        for how in [Pictures::Kitty, Pictures::Sixel] {
            let painted = paint(&job(&bytes, how)).unwrap();
            let Drawn::Sequence { bytes, cells: took } = painted.drawn else {
                panic!("{how:?}");
            };
            assert_eq!(foreign(&bytes), Vec::<String>::new(), "{how:?}");
            assert!(took.0 <= 40 && took.1 <= 12, "{took:?}");
            assert_eq!(took, cells, "{how:?}");
            assert!(bytes.len() < 400_000, "{} bytes", bytes.len());
        }
    }
}

#[test]
fn sixels_say_each_colour_and_each_run() {
    let bytes = written(&flag(2, 12), ImageFormat::Png);
    let mut job = job(&bytes, Pictures::Sixel);
    job.cells = (1, 1);
    job.pixels = Some((2, 12));
    let Drawn::Sequence { bytes, .. } = paint(&job).unwrap().drawn else {
        panic!();
    };
    assert_eq!(
        std::str::from_utf8(&bytes).unwrap(),
        "\u{1b}P0;1;0q\"1;1;2;12#0;2;100;0;0#1;2;0;0;100#0~~$-#1~~$-\u{1b}\\"
    );
}

#[test]
fn kitty_gets_a_png_that_was_written_here() {
    let image = flag(3, 3);
    // Bytes behind the end of a PNG are no part of it, and must not get through.
    let mut bytes = written(&image, ImageFormat::Png);
    bytes.extend_from_slice(b"SMUGGLED");
    let Drawn::Sequence { bytes, .. } = paint(&job(&bytes, Pictures::Kitty)).unwrap().drawn else {
        panic!();
    };
    let text = std::str::from_utf8(&bytes).unwrap();
    let payload = text.split_once(';').unwrap().1.trim_end_matches("\u{1b}\\");
    let png = STANDARD.decode(payload).unwrap();
    assert!(!png.windows(8).any(|window| window == b"SMUGGLED"));
    let read = image::load_from_memory(&png).unwrap().into_rgba8();
    assert_eq!(read.dimensions(), (24, 24));
    assert_eq!(read.get_pixel(0, 0), &Rgba([255, 0, 0, 255]));
}

#[test]
fn what_is_no_picture_says_so() {
    let no_base64 = job_of(json!("§§§"), CELLS);
    assert!(message(&no_base64).contains("not base64"));
    assert!(message(&job(b"<svg></svg>", CELLS)).contains("PNG, JPEG, GIF, WebP"));
    let whole = written(&many(64, 64), ImageFormat::Png);
    let half = &whole[..whole.len() / 2];
    assert!(message(&job(half, CELLS)).contains("damaged"));
    let headless = &whole[..20];
    assert!(message(&job(headless, CELLS)).contains("damaged"));
}

#[test]
fn a_picture_that_claims_to_be_huge_is_refused_before_it_is_read() {
    let mut bytes = written(&flag(8, 8), ImageFormat::Png);
    // Width and height stand behind the name of the first chunk (PNG 11.2.1).
    bytes[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let crc = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(message(&job(&bytes, CELLS)).contains("50000 by 50000 pixels"));
    bytes[16..20].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF]);
    let crc = self::crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(message(&job(&bytes, CELLS)).contains("too large"));
}

/// CRC-32 as PNG has it (annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1))
        })
    })
}

#[test]
fn a_long_thin_picture_still_has_a_size() {
    for (width, height) in [(5000, 1), (1, 5000)] {
        let bytes = written(&flag(width, height), ImageFormat::Png);
        for how in [CELLS, Pictures::Sixel, Pictures::Kitty] {
            assert!(paint(&job(&bytes, how)).is_ok(), "{width}x{height} {how:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_bytes_never_panic(place in 0usize..2000, byte in any::<u8>(), cut in 0usize..2000, kind in 0usize..4) {
        let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP][kind];
        let mut bytes = written(&many(24, 24), format);
        let length = bytes.len();
        bytes[place % length] = byte;
        bytes.truncate(length - cut % (length / 2));
        for how in [CELLS, Pictures::Sixel] {
            if let Ok(Painted { drawn: Drawn::Sequence { bytes, .. }, .. }) = paint(&job(&bytes, how)) {
                prop_assert!(foreign(&bytes).is_empty());
            }
        }
    }
}
