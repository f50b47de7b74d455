//! Where everything is on the screen: pure arithmetic, used by the view to draw
//! and by the step to know how much fits.

use std::time::Duration;

use ratatui::layout::Rect;

use super::dock;
use super::lesson;
use super::model::{Model, Size};
use crate::guard::sanitise;

/// The smallest screen that is drawn.
pub(super) const SMALLEST: Size = Size {
    width: 60,
    height: 20,
};

/// From so many columns on, lists and details stand side by side.
const SIDE_BY_SIDE: u16 = 90;

/// Whether the interface fits the terminal.
pub(super) fn fits(size: Size) -> bool {
    size.width >= SMALLEST.width && size.height >= SMALLEST.height
}

/// The four parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Areas {
    /// The bar of tabs.
    pub(super) bar: Rect,
    /// That the board is gone; of no height while it answers.
    pub(super) lost: Rect,
    /// The open tab.
    pub(super) body: Rect,
    /// The prompts; of no height where there is none.
    pub(super) dock: Rect,
    /// What is to be said in passing; of no height where nothing is.
    pub(super) notice: Rect,
    /// The keys.
    pub(super) footer: Rect,
}

/// What is to be said in passing, in as many lines as that takes, four at most.
pub(super) fn notice(model: &Model) -> Vec<String> {
    let room = usize::from(model.size.width).saturating_sub(4).max(8);
    let Some(notice) = &model.notice else {
        return vec![];
    };
    let mut lines = sanitise::wrap(&notice.text, room);
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines.truncate(4);
    lines
}

/// The parts of the screen as it is now.
pub(super) fn areas(model: &Model) -> Areas {
    let Size { width, height } = model.size;
    let notice = u16::try_from(notice(model).len()).unwrap_or(0);
    let lost = u16::from(model.is_board_lost());
    let room = height
        .saturating_sub(2)
        .saturating_sub(notice)
        .saturating_sub(lost);
    // A prompt pushes the tab up, and leaves some of it in sight.
    let wanted = match dock::height(model, width) {
        0 => lesson::height(model, width),
        height => height,
    };
    let dock = wanted.min(room.saturating_sub(5));
    let body = room.saturating_sub(dock);
    let first = lost.saturating_add(1);
    Areas {
        bar: Rect::new(0, 0, width, 1),
        lost: Rect::new(0, 1, width, lost),
        body: Rect::new(0, first, width, body),
        dock: Rect::new(0, first.saturating_add(body), width, dock),
        notice: Rect::new(
            0,
            first.saturating_add(body).saturating_add(dock),
            width,
            notice,
        ),
        footer: Rect::new(0, height.saturating_sub(1), width, 1),
    }
}

/// A list and the details beside it; one of them where there is no room for both.
pub(super) struct Panes {
    /// The list, if it is to be seen.
    pub(super) list: Option<Rect>,
    /// The details, if they are to be seen.
    pub(super) detail: Option<Rect>,
}

/// Splits the body into a list and details.
pub(super) fn panes(body: Rect, in_detail: bool) -> Panes {
    if body.width < SIDE_BY_SIDE {
        return if in_detail {
            Panes {
                list: None,
                detail: Some(body),
            }
        } else {
            Panes {
                list: Some(body),
                detail: None,
            }
        };
    }
    let list = (body.width / 2).clamp(46, 64);
    Panes {
        list: Some(Rect::new(body.x, body.y, list, body.height)),
        // The two share the line between them.
        detail: Some(Rect::new(
            body.x.saturating_add(list).saturating_sub(1),
            body.y,
            body.width.saturating_sub(list).saturating_add(1),
            body.height,
        )),
    }
}

/// Where something of so many rows is laid over the body: near its top, in the
/// middle, with some of the body in sight around it.
pub(super) fn panel(body: Rect, rows: u16) -> Rect {
    const WIDEST: u16 = 92;
    let width = body.width.saturating_sub(4).min(WIDEST);
    let height = rows.min(body.height.saturating_sub(2));
    let left = body.width.saturating_sub(width) / 2;
    Rect::new(
        body.x.saturating_add(left),
        body.y.saturating_add(1),
        width,
        height,
    )
}

/// The inside of a frame.
pub(super) fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x.saturating_add(1),
        area.y.saturating_add(1),
        area.width.saturating_sub(2),
        area.height.saturating_sub(2),
    )
}

/// The inside of a frame, with a blank at either side.
pub(super) fn padded(area: Rect) -> Rect {
    let inside = inside(area);
    Rect::new(
        inside.x.saturating_add(1),
        inside.y,
        inside.width.saturating_sub(2),
        inside.height,
    )
}

/// How long to wait before the board is tried again: a quarter of a second at
/// first, eight seconds at most.
pub(super) fn attach_delay(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(5);
    Duration::from_millis(250_u64 << doublings)
}
