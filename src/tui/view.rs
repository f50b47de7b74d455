//! What the screen shows of a model. Changes nothing.

mod bar;
mod footer;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::dock;
use super::layout::{self, SMALLEST};
use super::lesson;
use super::model::Model;
use super::overlay;
use super::theme::{Role, Signs};

pub(super) use bar::{since, tab_at};
pub(super) use footer::action_at;

/// Draws everything.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>) {
    if !layout::fits(model.size) {
        too_small(model, frame);
        return;
    }
    let areas = layout::areas(model);
    bar::view(model, frame, areas.bar);
    if areas.lost.height > 0 {
        bar::lost(model, frame, areas.lost);
    }
    (model.tab.does().view)(model, frame, areas.body);
    overlay::view(model, frame, areas.body);
    if areas.dock.height > 0 {
        if dock::height(model, areas.dock.width) > 0 {
            dock::view(model, frame, areas.dock);
        } else {
            lesson::view(model, frame, areas.dock);
        }
    }
    footer::notice(model, frame, areas.notice);
    footer::view(model, frame, areas.footer);
    dock::cover(model, frame);
    if model.theme.signs == Signs::Ascii {
        ascii_only(frame.buffer_mut());
    }
}

/// Takes out what is left of Unicode: a terminal that does not know UTF-8 may take
/// some of its bytes for control sequences. A server's words are written out in
/// ASCII long before; this is for words of callboard's and the operator's.
fn ascii_only(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let plain = match cell.symbol() {
            symbol if symbol.is_ascii() => continue,
            "…" => "~",
            "·" => "-",
            _ => "?",
        };
        cell.set_symbol(plain);
    }
}

fn too_small(model: &Model, frame: &mut Frame<'_>) {
    let lines = vec![
        Line::from(format!(
            "callboard needs {} by {} cells",
            SMALLEST.width, SMALLEST.height
        )),
        Line::from(format!(
            "this terminal has {} by {}",
            model.size.width, model.size.height
        )),
        Line::styled(
            model.words("make it larger, or {quit} to leave"),
            model.theme.style(Role::Quiet),
        ),
    ];
    let area = Rect::new(0, 0, model.size.width, model.size.height);
    frame.render_widget(Paragraph::new(lines), area);
}
