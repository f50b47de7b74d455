//! What of this tab is there again at the next start.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::details::DetailTab;
use super::in_detail;
use crate::domain::ConnectorId;
use crate::tui::model::Model;
use crate::tui::place::{as_value, of_value};
use crate::tui::tab::Tab;
use crate::tui::widget::field::Field;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    chosen: Option<ConnectorId>,
    filter: String,
    detail: DetailTab,
    /// Whether the keys were in the details.
    inside: bool,
}

/// The connector that is chosen, the filter, and which details are shown.
pub(in crate::tui) fn keep(model: &mut Model) -> Value {
    let state = &model.tabs.connectors;
    as_value(&Kept {
        chosen: state.chosen.clone(),
        filter: state.filter.text().to_owned(),
        detail: state.details.tab(),
        inside: in_detail(model),
    })
}

/// Takes that up again.
pub(in crate::tui) fn recall(model: &mut Model, kept: &Value) {
    let kept: Kept = of_value(kept);
    let state = &mut model.tabs.connectors;
    state.chosen = kept.chosen;
    state.filter = Field::with(&kept.filter);
    state.details.recall(kept.detail);
    if kept.inside {
        model.places.insert(Tab::Connectors, kept.detail.focus());
    }
}
