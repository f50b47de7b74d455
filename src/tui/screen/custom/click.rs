//! The mouse in tab 3.

use super::form::{Slot, SlotKind};
use super::sheet::sheet;
use super::{press, view};
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::input::MouseKind;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::Click;

/// Takes the mouse: a click goes to the slot under it, one on the tick, the choice or
/// the button that has the keys presses it; the wheel goes from slot to slot, since
/// the one with the keys stays in sight.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let area = view::inside(layout::areas(model).body);
    if !click.is_in(area) || view::is_brief(model, area) {
        return vec![];
    }
    match click.kind {
        MouseKind::WheelUp => model.tabs.custom.step(false),
        MouseKind::WheelDown => model.tabs.custom.step(true),
        MouseKind::Press => {
            let under = usize::from(click.row.saturating_sub(area.y));
            let line = model.tabs.custom.top.saturating_add(under);
            let sheet = sheet(model, usize::from(area.width));
            let (slot, pressed) = (sheet.slot_at(line), sheet.is_control(line));
            return match slot {
                Some(slot) => go_to(model, slot, pressed),
                None => vec![],
            };
        }
    }
    vec![]
}

fn go_to(model: &mut Model, slot: Slot, on_control: bool) -> Vec<Effect> {
    let had = model.focus == Focus::Form && model.tabs.custom.here() == slot;
    model.focus = Focus::Form;
    model.tabs.custom.go_to(slot);
    let presses = matches!(
        slot.kind(),
        SlotKind::Tick | SlotKind::Choice | SlotKind::Button
    );
    if had && on_control && presses {
        return press(model, slot);
    }
    vec![]
}
