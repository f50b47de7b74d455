//! What is laid over the open tab: the list of keys, the palette.
//!
//! An overlay has the keys for as long as it is there, and gives them back to what
//! had them. Adding one is a variant of [`Kind`], a focus of its own for which
//! [`Focus::in_overlay`] says yes, and a file under `overlay` with what it does and
//! how it looks.

mod help;
mod palette;
mod signs;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::action::Action;
use super::dock;
use super::effect::Effect;
use super::focus::Focus;
use super::input::Key;
use super::model::Model;
use super::pointer::Click;
use help::Help;
use palette::Palette;
#[cfg(test)]
pub(super) use palette::look;

/// What is laid over the tab.
#[derive(Debug)]
pub(super) struct Overlay {
    /// Where the keys went before, and go again.
    pub(super) from: Focus,
    kind: Kind,
}

/// What it is.
#[derive(Debug)]
enum Kind {
    /// The list of keys.
    Help(Help),
    /// The palette.
    Palette(Palette),
}

/// Opens the list of keys, or closes it.
pub(super) fn toggle_help(model: &mut Model) -> Vec<Effect> {
    let open = |overlay: &Overlay| matches!(overlay.kind, Kind::Help(_));
    toggle(model, open, Focus::Help, || Kind::Help(Help::default()))
}

/// Opens the palette, or closes it.
pub(super) fn toggle_palette(model: &mut Model) -> Vec<Effect> {
    let open = |overlay: &Overlay| matches!(overlay.kind, Kind::Palette(_));
    toggle(model, open, Focus::Palette, || {
        Kind::Palette(Palette::default())
    })
}

fn toggle(
    model: &mut Model,
    is_it: impl Fn(&Overlay) -> bool,
    focus: Focus,
    kind: impl Fn() -> Kind,
) -> Vec<Effect> {
    if model.overlay.as_ref().is_some_and(is_it) {
        close(model);
        return vec![];
    }
    // One takes another's place; both are left for what was there before.
    model.leave_overlay();
    let from = model.focus;
    model.borrow_focus(focus);
    model.overlay = Some(Overlay { from, kind: kind() });
    vec![]
}

/// Closes it, and gives the keys back. A question counts anew from here on: whoever
/// comes back to it has not looked at it meanwhile.
pub(super) fn close(model: &mut Model) {
    model.leave_overlay();
    if model.focus.in_dock() {
        model.focus_tab();
        dock::take_focus(model);
    }
}

/// Does what a key stands for while it is open.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.overlay.as_ref().map(|overlay| &overlay.kind) {
        Some(Kind::Help(_)) => help::act(model, action),
        Some(Kind::Palette(_)) => palette::act(model, action),
        None => vec![],
    }
}

/// A key while a field of it has them; `None` leaves it to the keymap.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    match &mut model.overlay.as_mut()?.kind {
        Kind::Help(help) if model.focus == Focus::HelpFilter => help.key(key),
        Kind::Help(_) => None,
        Kind::Palette(palette) => palette.key(key),
    }
}

/// A paste while a field of it has the keys.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(overlay) = &mut model.overlay else {
        return vec![];
    };
    let said = match &mut overlay.kind {
        Kind::Help(help) if model.focus == Focus::HelpFilter => help.paste(text),
        Kind::Help(_) => None,
        Kind::Palette(palette) => palette.paste(text),
    };
    said.map(|said| model.say(said)).into_iter().collect()
}

/// The mouse over the tab.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    match model.overlay.as_ref().map(|overlay| &overlay.kind) {
        Some(Kind::Help(_)) => help::clicked(model, click),
        Some(Kind::Palette(_)) => palette::clicked(model, click),
        None => vec![],
    }
}

/// Keeps it within its bounds, and takes it away once the keys went elsewhere.
pub(super) fn settle(model: &mut Model) {
    if !model.focus.in_overlay() {
        model.overlay = None;
    }
    match model.overlay.as_ref().map(|overlay| &overlay.kind) {
        Some(Kind::Help(_)) => help::settle(model),
        Some(Kind::Palette(_)) => palette::settle(model),
        None => {}
    }
}

/// Draws it over the body.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    match model.overlay.as_ref().map(|overlay| &overlay.kind) {
        Some(Kind::Help(help)) => help::view(model, help, frame, body),
        Some(Kind::Palette(palette)) => palette::view(model, palette, frame, body),
        None => {}
    }
}
