//! Where the operator was: kept when the face ends, and taken up when it starts again.
//!
//! A file beside the board's log, read before the first frame. It holds which tab was
//! open and, tab by tab, what was chosen, filtered and half filled in; no secret, and
//! nothing that a server said but names and what stood in a field. What it says is
//! taken as a wish: whatever is not there any more is left out.

mod file;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use file::{read, write};

use super::dock;
use super::form::Draft;
use super::model::Model;
use super::tab::TABS;
use crate::domain::{Fault, QuestionId};

/// The form of the file. Another one is not read.
const VERSION: u32 = 1;

/// What is written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    /// The short title of the tab that was open.
    tab: String,
    /// By short title, what each tab has to keep.
    tabs: BTreeMap<String, Value>,
    /// What was typed into the forms that wait, by the question's id.
    #[serde(default)]
    questions: BTreeMap<QuestionId, Draft>,
}

/// Where the operator is, as a text for a file.
pub(super) fn keep(model: &mut Model) -> String {
    // A prompt or an overlay has the keys for a while only.
    let tabs = TABS
        .iter()
        .map(|spec| (spec.short.to_owned(), (spec.does.keep)(model)))
        .filter(|(_, kept)| !kept.is_null())
        .collect();
    let kept = Kept {
        version: VERSION,
        tab: model.tab.spec().map_or("", |spec| spec.short).to_owned(),
        tabs,
        questions: dock::drafts(model),
    };
    as_value(&kept).to_string()
}

/// Goes to where the operator was. Done before anything is known of the board.
///
/// # Errors
/// `config`, where the text is none of ours; nothing is taken from it.
pub(super) fn recall(model: &mut Model, text: &str) -> Result<(), Fault> {
    let kept: Kept = serde_json::from_str(text).map_err(|_| {
        Fault::config("what was kept of your last visit is damaged, so this one begins anew")
    })?;
    if kept.version != VERSION {
        return Ok(());
    }
    for spec in TABS {
        if let Some(value) = kept.tabs.get(spec.short) {
            (spec.does.recall)(model, value);
        }
    }
    dock::restore(model, kept.questions);
    if let Some(spec) = TABS.iter().find(|spec| spec.short == kept.tab) {
        model.tab = spec.tab;
        model.focus_tab();
    }
    Ok(())
}

/// What a tab keeps, as the hook `keep` gives it.
pub(super) fn as_value<T: Serialize>(kept: &T) -> Value {
    serde_json::to_value(kept).unwrap_or_default()
}

/// The same, as the hook `recall` gets it; a part that is none of ours is left out.
pub(super) fn of_value<T: DeserializeOwned + Default>(value: &Value) -> T {
    T::deserialize(value).unwrap_or_default()
}
