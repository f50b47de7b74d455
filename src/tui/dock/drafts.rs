//! What was typed into forms of servers and not sent: while a form waits it is in the
//! form itself; here is what outlives it.
//!
//! A question that ends before it is answered is often asked again, by the next call
//! of the same function. What was typed then stands in the new form. Nothing of it
//! goes anywhere before the operator sends it, and secrets are not among it.

use std::collections::{BTreeMap, VecDeque};

use super::Kind;
use super::asked::Asking;
use crate::domain::{Asked, Question, QuestionId};
use crate::tui::form::{Draft, Filling, Prefill};
use crate::tui::model::Model;

/// Forms whose question is over that are remembered.
const MAX_LEFT: usize = 8;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Of questions that are over, the last one first.
    over: VecDeque<(Question, Draft)>,
    /// Of questions that were open when the interface was left.
    before: BTreeMap<QuestionId, Draft>,
}

impl Left {
    /// Remembers what was typed for a question that is over.
    pub(super) fn keep(&mut self, question: Question, draft: Draft) {
        self.over.push_front((question, draft));
        self.over.truncate(MAX_LEFT);
    }

    /// What was typed for this question, or for one like it that is over.
    pub(super) fn take(&mut self, question: &Question) -> Option<Draft> {
        if let Some(draft) = self.before.remove(&question.id) {
            return Some(draft);
        }
        let place = self.over.iter().position(|(one, _)| alike(one, question))?;
        self.over.remove(place).map(|(_, draft)| draft)
    }
}

/// Whether two questions ask the same, for the same function of the same server.
fn alike(one: &Question, other: &Question) -> bool {
    let of_form = matches!(one.asked, Asked::Form { .. });
    of_form
        && one.connector == other.connector
        && one.function == other.function
        && one.asked == other.asked
}

/// What is filled in beyond what the server filled in itself.
pub(super) fn of(asking: &Asking) -> Option<(Question, Draft)> {
    let Asked::Form { schema, .. } = &asking.question.asked else {
        return None;
    };
    let draft = asking.form.as_ref()?.draft();
    let untouched = Filling::new(schema, Prefill::All).draft();
    (draft != untouched).then(|| (asking.question.clone(), draft))
}

/// What is typed into the forms that wait, by question. It can be written to a file.
pub(in crate::tui) fn drafts(model: &Model) -> BTreeMap<QuestionId, Draft> {
    let asking = model
        .dock
        .prompts
        .iter()
        .filter_map(|prompt| match &prompt.kind {
            Kind::Asked(asking) => of(asking),
            _ => None,
        });
    // What was not asked again yet may still be.
    let mut drafts = model.dock.left.before.clone();
    drafts.extend(asking.map(|(question, draft)| (question.id, draft)));
    drafts
}

/// Takes back what [`drafts`] gave, for questions that open from now on.
pub(in crate::tui) fn restore(model: &mut Model, drafts: BTreeMap<QuestionId, Draft>) {
    model.dock.left.before.extend(drafts);
}
