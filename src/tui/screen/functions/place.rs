//! What of this tab is there again at the next start.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::filters::Filters;
use super::{Key, arguments, chosen, run};
use crate::domain::ConnectorId;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::form::Draft;
use crate::tui::model::Model;
use crate::tui::place::{as_value, of_value};
use crate::tui::tab::Tab;
use crate::tui::widget::field::Field;

/// Longest arguments that are kept, in bytes, of one function and of all.
const LONGEST: usize = 64 * 1024;
const LONGEST_OF_ALL: usize = 512 * 1024;

/// Most marks that are kept. Of more, none: what is set at once is all or nothing.
const MARKS: usize = 2000;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    connector: Option<ConnectorId>,
    all: bool,
    chosen: Option<(ConnectorId, Option<String>)>,
    filter: String,
    filters: Filters,
    /// The marked functions, by connector.
    marks: Vec<(ConnectorId, Vec<String>)>,
    /// Whether its arguments were being filled in.
    filling: bool,
    /// What functions were filled in with.
    drafts: Vec<(ConnectorId, String, Draft)>,
}

/// Whose functions are shown, which is chosen, the filters, the marks, and what was
/// filled in.
pub(in crate::tui) fn keep(model: &mut Model) -> Value {
    arguments::remember(model);
    let place = match model.focus.tab() {
        Some(Tab::Functions) => Some(&model.focus),
        _ => model.places.get(&Tab::Functions),
    };
    let filling = place.is_some_and(|focus| focus.in_run() && *focus != Focus::Outcome);
    let state = &model.tabs.functions;
    let mut room = LONGEST_OF_ALL;
    let mut fits = |draft: &Draft| {
        let bytes = as_value(draft).to_string().len();
        let fits = bytes <= LONGEST && bytes <= room;
        room = room.saturating_sub(if fits { bytes } else { 0 });
        fits
    };
    // The one that is being filled in first, should there be too much.
    let here = |key: &ConnectorId, name: &str| {
        let run = state.run.as_ref();
        run.is_some_and(|run| run.connector == *key && run.function.raw() == name)
    };
    let mut drafts: Vec<_> = state.drafts.iter().collect();
    drafts.sort_by_key(|((id, name), _)| !here(id, name));
    as_value(&Kept {
        connector: state.connector.clone(),
        all: state.all,
        chosen: state
            .chosen
            .as_ref()
            .map(|key| (key.connector.clone(), key.function.clone())),
        filter: state.filter.text().to_owned(),
        filters: state.filters.clone(),
        marks: match state.marks.len() {
            0..=MARKS => {
                let names = |names: &BTreeSet<String>| names.iter().cloned().collect();
                let all = state.marks.all();
                all.map(|(id, marked)| (id.clone(), names(marked)))
                    .collect()
            }
            _ => vec![],
        },
        filling: filling || state.reopens,
        drafts: drafts
            .into_iter()
            .filter(|(_, draft)| fits(draft))
            .map(|((id, name), draft)| (id.clone(), name.clone(), draft.clone()))
            .collect(),
    })
}

/// Takes that up again. The arguments are opened when the function is there.
pub(in crate::tui) fn recall(model: &mut Model, kept: &Value) {
    let kept: Kept = of_value(kept);
    let state = &mut model.tabs.functions;
    state.all = kept.all;
    state.connector = kept.connector.filter(|_| !kept.all);
    state.chosen = kept.chosen.map(|(connector, function)| Key {
        connector,
        function,
    });
    state.filter = Field::with(&kept.filter);
    state.filters = kept.filters;
    state.reopens = kept.filling && state.chosen.is_some();
    for (id, names) in &kept.marks {
        for name in names {
            state.marks.insert(id, name);
        }
    }
    for (connector, function, draft) in kept.drafts {
        state.drafts.insert((connector, function), draft);
    }
    if state.all || state.connector.is_some() {
        model.places.insert(Tab::Functions, Focus::Functions);
    }
}

/// Opens the arguments that were being filled in, once their function is there and
/// unless the operator has gone on to something else.
pub(super) fn reopen(model: &mut Model) -> Vec<Effect> {
    let stays = model.tab == Tab::Functions && model.focus == Focus::Functions;
    if !model.tabs.functions.reopens || (stays && chosen(model).is_none()) {
        return vec![];
    }
    model.tabs.functions.reopens = false;
    if stays { run::begin(model) } else { vec![] }
}
