//! Going to one function from elsewhere.

use super::{Filters, Key, arrived, settle, show};
use crate::domain::{ConnectorId, Untrusted};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::widget::field::Field;

/// Shows the functions of a connector, none left out, with this one chosen.
pub(in crate::tui) fn show_function(
    model: &mut Model,
    id: &ConnectorId,
    name: &Untrusted,
) -> Vec<Effect> {
    let mut effects = show(model, id);
    let state = &mut model.tabs.functions;
    state.filter = Field::default();
    state.filters = Filters::default();
    state.scroll = 0;
    settle(model);
    let (mirror, state) = (&model.mirror, &mut model.tabs.functions);
    if let Some(place) = state.listing.position(mirror, id, Some(name.raw())) {
        state.cursor.row = place;
        state.chosen = Some(Key {
            connector: id.clone(),
            function: Some(name.raw().to_owned()),
        });
    }
    effects.extend(arrived(model));
    effects
}
