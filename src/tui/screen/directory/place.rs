//! What of this tab is there again at the next start.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalogue::Filters;
use super::chosen;
use crate::domain::DirectoryId;
use crate::tui::model::Model;
use crate::tui::place::{as_value, of_value};
use crate::tui::widget::field::Field;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    search: String,
    filters: Filters,
    chosen: Option<DirectoryId>,
}

/// What is searched for, and the entry that is chosen.
pub(in crate::tui) fn keep(model: &mut Model) -> Value {
    let state = &model.tabs.directory;
    let id = chosen(model).map(|(_, entry)| entry.id.clone());
    as_value(&Kept {
        search: state.search.text().to_owned(),
        filters: state.filters,
        // Before the list was there, it is still the one of the last time.
        chosen: id.or_else(|| state.wanted.clone()),
    })
}

/// Takes that up again. The entry is chosen when the list comes.
pub(in crate::tui) fn recall(model: &mut Model, kept: &Value) {
    let kept: Kept = of_value(kept);
    let state = &mut model.tabs.directory;
    state.search = Field::with(&kept.search);
    state.filters = kept.filters;
    state.wanted = kept.chosen;
}
