//! The actions of the demo's lessons.

use super::{Action, ActionSpec, Context};

pub(super) const NEXT: ActionSpec = ActionSpec {
    action: Action::LessonNext,
    name: "lesson-next",
    title: "next lesson",
    doc: "In the demo: goes on to the next lesson",
    contexts: &[Context::Tabs],
    keys: &["alt-g"],
    footer: 0,
};

pub(super) const BACK: ActionSpec = ActionSpec {
    action: Action::LessonBack,
    name: "lesson-back",
    title: "previous lesson",
    doc: "In the demo: goes back to the lesson before",
    contexts: &[Context::Tabs],
    keys: &["alt-p"],
    footer: 0,
};

pub(super) const HIDE: ActionSpec = ActionSpec {
    action: Action::LessonHide,
    name: "lesson-hide",
    title: "hide the lesson",
    doc: "In the demo: hides the lesson, or shows it again",
    contexts: &[Context::Tabs],
    keys: &["alt-h"],
    footer: 0,
};
