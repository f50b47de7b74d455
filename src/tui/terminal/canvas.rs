//! Pictures that a terminal draws besides text, by sixel or kitty's protocol.
//!
//! They lie over cells that the frame leaves blank, and ratatui knows nothing of them.
//! So they are drawn after the frame, once, and taken away before the first frame that
//! wants them no more or elsewhere; what was beneath them is blank then, as ratatui
//! takes it to be. The cursor is put back where the frame left it.

use std::sync::Arc;

use ratatui::layout::Rect;

use crate::tui::theme::Pictures;
use crate::tui::viewer::{KITTY_ERASE, Placement};

/// See the module.
#[derive(Debug, Default)]
pub(in crate::tui) struct Canvas {
    shown: Option<Placement>,
}

impl Canvas {
    /// The bytes of a frame with what has to stand before and behind them so that the
    /// picture that is wanted is there, and no other.
    pub(in crate::tui) fn frame(&mut self, drawn: Vec<u8>, wanted: Option<Placement>) -> Vec<u8> {
        let same = match (&self.shown, &wanted) {
            (None, None) => true,
            (Some(shown), Some(wanted)) => {
                shown.area == wanted.area && Arc::ptr_eq(&shown.bytes, &wanted.bytes)
            }
            _ => false,
        };
        if same {
            return drawn;
        }
        let mut bytes = self.leave();
        bytes.extend_from_slice(&drawn);
        if let Some(wanted) = &wanted {
            bytes.extend_from_slice(b"\x1b7");
            bytes.extend_from_slice(go_to(wanted.area, 0).as_bytes());
            bytes.extend_from_slice(&wanted.bytes);
            bytes.extend_from_slice(b"\x1b8");
        }
        self.shown = wanted;
        bytes
    }

    /// The terminal was cleared, and the picture with it.
    pub(in crate::tui) fn forget(&mut self) {
        // kitty's may outlive that.
        self.shown.take_if(|shown| shown.how != Pictures::Kitty);
        if let Some(shown) = &mut self.shown {
            shown.bytes = Arc::new([]);
        }
    }

    /// What takes the picture away.
    pub(in crate::tui) fn leave(&mut self) -> Vec<u8> {
        match self.shown.take() {
            None => Vec::new(),
            Some(shown) if shown.how == Pictures::Kitty => KITTY_ERASE.to_vec(),
            Some(shown) => blank(shown.area),
        }
    }
}

/// The cursor in the first column of a row of an area.
fn go_to(area: Rect, row: u16) -> String {
    let (y, x) = (
        area.y.saturating_add(row).saturating_add(1),
        area.x.saturating_add(1),
    );
    format!("\x1b[{y};{x}H")
}

/// Blanks over all cells: whatever lay there is gone.
fn blank(area: Rect) -> Vec<u8> {
    let mut bytes = String::from("\x1b7\x1b[0m");
    for row in 0..area.height {
        bytes.push_str(&go_to(area, row));
        bytes.push_str(&" ".repeat(usize::from(area.width)));
    }
    bytes.push_str("\x1b8");
    bytes.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(how: Pictures, x: u16) -> Placement {
        Placement {
            area: Rect::new(x, 2, 3, 2),
            how,
            bytes: Arc::from(&b"<picture>"[..]),
        }
    }

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn a_picture_is_drawn_once_and_blanked_before_the_frame_without_it() {
        let mut canvas = Canvas::default();
        let one = picture(Pictures::Sixel, 4);
        assert_eq!(text(canvas.frame(b"f1".to_vec(), None)), "f1");
        assert_eq!(
            text(canvas.frame(b"f2".to_vec(), Some(one.clone()))),
            "f2^7^[3;5H<picture>^8"
        );
        assert_eq!(text(canvas.frame(b"f3".to_vec(), Some(one))), "f3");
        assert_eq!(
            text(canvas.frame(b"f4".to_vec(), None)),
            "^7^[0m^[3;5H   ^[4;5H   ^8f4"
        );
        assert_eq!(text(canvas.frame(vec![], None)), "");
    }

    #[test]
    fn a_picture_elsewhere_is_another() {
        let mut canvas = Canvas::default();
        canvas.frame(vec![], Some(picture(Pictures::Kitty, 4)));
        let moved = text(canvas.frame(vec![], Some(picture(Pictures::Kitty, 5))));
        assert_eq!(moved, "^_Ga=d,d=I,i=31,q=2^\\^7^[3;6H<picture>^8");
        assert_eq!(text(canvas.leave()), "^_Ga=d,d=I,i=31,q=2^\\");
    }

    #[test]
    fn after_the_screen_was_cleared_it_is_drawn_anew() {
        let mut canvas = Canvas::default();
        let one = picture(Pictures::Sixel, 4);
        canvas.frame(vec![], Some(one.clone()));
        canvas.forget();
        assert!(text(canvas.frame(vec![], Some(one))).contains("<picture>"));
        let mut canvas = Canvas::default();
        let one = picture(Pictures::Kitty, 4);
        canvas.frame(vec![], Some(one.clone()));
        canvas.forget();
        let again = text(canvas.frame(vec![], Some(one)));
        assert!(again.contains("a=d") && again.contains("<picture>"));
    }
}
