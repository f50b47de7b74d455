//! Actions that have no key, and are in the palette.

use super::{Action, ActionSpec, Context};

pub(super) const TOGGLE_MOUSE: ActionSpec = ActionSpec {
    action: Action::ToggleMouse,
    name: "toggle-mouse",
    title: "mouse on or off",
    doc: "Takes the mouse, or leaves it to the terminal, until you leave; `config set mouse` for good",
    contexts: &[Context::Global],
    keys: &[],
    footer: 0,
};

pub(super) const SHOW_OFFERS: ActionSpec = ActionSpec {
    action: Action::ShowOffers,
    name: "show-offers",
    title: "prompts and resources",
    doc: "Shows what the chosen connector offers besides functions",
    contexts: &[Context::Global],
    keys: &[],
    footer: 0,
};
