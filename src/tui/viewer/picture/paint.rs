//! Takes a picture apart and draws it for one size, within bounds: bytes from outside
//! may claim to be a picture of any size.
//!
//! What comes out was made here pixel by pixel; no byte of what came is passed on.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};

use super::cells::Grid;
use super::{CellPixels, kitty, sixel};
use crate::domain::Fault;
use crate::tui::theme::Pictures;
use crate::tui::viewer::node::Node;
use crate::tui::viewer::parts::decode;

/// Most pixels that a picture may have: those of a screen of 5120 by 2880, and more.
const PIXELS: u64 = 16_000_000;
/// Most bytes that its pixels may take while it is read.
const MEMORY: u64 = 64 * 1024 * 1024;
/// Most pixels that are sent to a terminal, across and down.
const SENT: (u32, u32) = (800, 600);
/// A cell where the terminal does not say: small, so that no picture grows out of its
/// place.
const SMALL_CELL: (u16, u16) = (6, 12);

/// A picture to be drawn.
#[derive(Clone)]
pub(in crate::tui) struct Job {
    /// Its bytes, in base64.
    pub(super) data: Node,
    /// Columns and rows that it may take.
    pub(super) cells: (u16, u16),
    pub(super) how: Pictures,
    pub(super) pixels: CellPixels,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Job({:?} in {:?})", self.how, self.cells)
    }
}

/// A picture that was drawn.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Painted {
    /// What it is.
    pub(super) format: &'static str,
    /// Its width and height in pixels.
    pub(super) size: (u32, u32),
    pub(super) drawn: Drawn,
}

/// How it was drawn.
#[derive(Clone)]
pub(in crate::tui) enum Drawn {
    /// Not at all.
    Words,
    /// As coloured cells.
    Cells(Grid),
    /// As a sequence that a terminal draws, and the cells that it takes.
    Sequence { bytes: Arc<[u8]>, cells: (u16, u16) },
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Words => "Words",
            Self::Cells(_) => "Cells",
            Self::Sequence { .. } => "Sequence",
        })
    }
}

/// Draws a picture. Takes as long as reading [`PIXELS`] does, at most.
///
/// # Errors
/// Where it is no picture of a kind that is read, is damaged, or is too large.
pub(in crate::tui) fn paint(job: &Job) -> Result<Painted, Fault> {
    let text = job.data.value().as_str().unwrap_or_default();
    let Some(bytes) = decode(text) else {
        return Err(Fault::user("its bytes are not base64, as they should be"));
    };
    let (image, format) = read(&bytes, job.how == Pictures::None)?;
    let (image, size) = match image {
        Read::Size(size) => {
            return Ok(Painted {
                format,
                size,
                drawn: Drawn::Words,
            });
        }
        Read::Image(image) => {
            let size = image.dimensions();
            (image, size)
        }
    };
    let drawn = match job.how {
        Pictures::None => Drawn::Words,
        Pictures::HalfBlocks(_) => {
            let (columns, rows) = job.cells;
            let room = (u32::from(columns), u32::from(rows).saturating_mul(2));
            Drawn::Cells(Grid::of(&fitted(&image, room)))
        }
        Pictures::Sixel => sequence(&image, job, sixel::encode),
        Pictures::Kitty => sequence(&image, job, |image, cells| {
            // Where the cells' size is not known, the terminal makes it fit them.
            kitty::encode(image, job.pixels.is_none().then_some(cells))
        }),
    };
    Ok(Painted {
        format,
        size,
        drawn,
    })
}

fn sequence(
    image: &RgbaImage,
    job: &Job,
    encode: impl Fn(&RgbaImage, (u16, u16)) -> Option<Vec<u8>>,
) -> Drawn {
    let (width, height) = job.pixels.unwrap_or(SMALL_CELL);
    let (width, height) = (u32::from(width.max(1)), u32::from(height.max(1)));
    let (columns, rows) = (u32::from(job.cells.0), u32::from(job.cells.1));
    // Sixels are six pixels high: the last ones must not hang over the last row.
    let room = (
        columns.saturating_mul(width).min(SENT.0),
        (rows.saturating_mul(height).min(SENT.1) / 6 * 6).max(1),
    );
    let image = fitted(image, room);
    let cell = |pixels: u32, one: u32, most: u16| {
        u16::try_from(pixels.div_ceil(one)).map_or(most, |cells| cells.min(most))
    };
    let cells = (
        cell(image.width(), width, job.cells.0),
        cell(image.height(), height, job.cells.1),
    );
    match encode(&image, cells) {
        Some(bytes) => Drawn::Sequence {
            bytes: bytes.into(),
            cells,
        },
        None => Drawn::Words,
    }
}

enum Read {
    Size((u32, u32)),
    Image(RgbaImage),
}

/// Reads a picture, or only its size.
fn read(bytes: &[u8], only_size: bool) -> Result<(Read, &'static str), Fault> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| damaged())?;
    let format = match reader.format() {
        Some(ImageFormat::Png) => "PNG",
        Some(ImageFormat::Jpeg) => "JPEG",
        Some(ImageFormat::Gif) => "GIF, its first picture",
        Some(ImageFormat::WebP) => "WebP",
        _ => {
            return Err(Fault::user(
                "it is none of the pictures that are drawn: PNG, JPEG, GIF, WebP",
            ));
        }
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(u32::from(u16::MAX));
    limits.max_image_height = Some(u32::from(u16::MAX));
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| fault(&error))?;
    let (width, height) = decoder.dimensions();
    if only_size {
        return Ok((Read::Size((width, height)), format));
    }
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    if pixels > PIXELS || decoder.total_bytes() > MEMORY {
        return Err(too_large(Some((width, height))));
    }
    let image = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
    Ok((Read::Image(image.into_rgba8()), format))
}

/// A decoder's words may quote what it read: callboard says it in its own.
fn fault(error: &ImageError) -> Fault {
    match error {
        ImageError::Limits(_) => too_large(None),
        ImageError::Unsupported(_) => {
            Fault::user("it is written in a way that callboard does not read")
        }
        _ => damaged(),
    }
}

fn damaged() -> Fault {
    Fault::user("it is damaged, or not all of it came")
}

fn too_large(size: Option<(u32, u32)>) -> Fault {
    let size = size.map_or_else(String::new, |(width, height)| {
        format!(": {width} by {height} pixels")
    });
    Fault::user(format!("it is too large to be drawn{size}"))
}

/// Made to fit: smaller as far as need be, or larger by a whole number, eight at most,
/// so that the few pixels of a small one can be told apart.
fn fitted(image: &RgbaImage, room: (u32, u32)) -> RgbaImage {
    let (width, height) = image.dimensions();
    let (room_width, room_height) = (room.0.max(1), room.1.max(1));
    if width == 0 || height == 0 {
        return image.clone();
    }
    if width <= room_width && height <= room_height {
        let times = (room_width / width).min(room_height / height).clamp(1, 8);
        return RgbaImage::from_fn(
            width.saturating_mul(times),
            height.saturating_mul(times),
            |x, y| *image.get_pixel(x / times, y / times),
        );
    }
    let scaled = |side: u32, room: u32, by: u32| {
        let scaled = u64::from(side) * u64::from(room) / u64::from(by.max(1));
        u32::try_from(scaled).unwrap_or(room).max(1)
    };
    let by_width = (room_width, scaled(height, room_width, width));
    let (to_width, to_height) = if by_width.1 <= room_height {
        by_width
    } else {
        (
            scaled(width, room_height, height).min(room_width),
            room_height,
        )
    };
    image::imageops::thumbnail(image, to_width, to_height)
}
