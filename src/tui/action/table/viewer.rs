//! The ways of the viewer of results to show all that came.

use super::{Action, ActionSpec, Context};

pub(super) const VIEW_TREE: ActionSpec = ActionSpec {
    action: Action::ViewTree,
    name: "view-tree",
    title: "tree",
    doc: "Shows all of it as it came, as a tree",
    contexts: &[Context::Viewer],
    keys: &["A"],
    footer: 0,
};
pub(super) const VIEW_RAW: ActionSpec = ActionSpec {
    action: Action::ViewRaw,
    name: "view-raw",
    title: "raw",
    doc: "Shows all of it as it came, as the text of its JSON",
    contexts: &[Context::Viewer],
    keys: &["R"],
    footer: 0,
};
