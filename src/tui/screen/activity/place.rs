//! What of this tab is there again at the next start.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sieve::Sieve;
use crate::tui::model::Model;
use crate::tui::place::{as_value, of_value};
use crate::tui::widget::field::Field;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    filter: String,
    sieve: Sieve,
    chosen: Option<i64>,
}

/// The filters, and the line that is chosen; none: the newest.
pub(in crate::tui) fn keep(model: &mut Model) -> Value {
    let state = &model.tabs.activity;
    as_value(&Kept {
        filter: state.filter.text().to_owned(),
        sieve: state.sieve.clone(),
        chosen: state.chosen,
    })
}

/// Takes that up again. A line that is too old to be there becomes the oldest that is.
pub(in crate::tui) fn recall(model: &mut Model, kept: &Value) {
    let kept: Kept = of_value(kept);
    let state = &mut model.tabs.activity;
    state.filter = Field::with(&kept.filter);
    state.sieve = kept.sieve;
    state.chosen = kept.chosen;
}
