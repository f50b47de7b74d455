//! The lessons, in their order.

use super::{Lesson, State};
use crate::domain::Status;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::screen::functions;

/// One lesson.
pub(super) struct Step {
    /// What it says, a paragraph each; `{open}` stands for the key of that action.
    pub(super) text: fn(&Lesson) -> Vec<String>,
    /// Whether it was followed.
    pub(super) done: fn(&Model, &State) -> bool,
}

/// All lessons.
pub(super) const STEPS: &[Step] = &[
    Step {
        text: |_| {
            words(&[
                "These servers are here to practise on; nothing you do reaches beyond this \
                     machine, and nothing is kept. {down} and {up} move, {open} opens a connector, \
                     {help} lists the keys of the place where you are.",
            ])
        },
        done: |model, _| model.focus == Focus::ConnectorDetail,
    },
    Step {
        text: |lesson| {
            vec![
                "Add a server yourself: {leave-details}, then {new-connector} opens the form. \
                 callboard finds out by itself that this one wants a token."
                    .to_owned(),
                format!(
                    "name {}   server {}   token {}",
                    lesson.name, lesson.url, lesson.token
                ),
                "Tick the box that says you trust it; {connect} connects.".to_owned(),
            ]
        },
        done: |model, state| {
            model.mirror.connectors.iter().any(|connector| {
                connector.name.as_str() == state.lesson.name
                    && connector.status == Status::Connected
            })
        },
    },
    Step {
        text: |_| {
            words(&[
                "These are its functions, each on ask: somebody has to say yes each time. On a \
                     function, {always} sets always, {block} blocks it, {ask} sets ask again; {mark} \
                     marks several, {undo} takes the last change back.",
            ])
        },
        done: |model, _| {
            let counts = model.mirror.connectors.iter().map(|one| one.functions);
            counts
                .into_iter()
                .any(|counts| counts.always + counts.block > 0)
        },
    },
    Step {
        text: |_| {
            words(&[
                "Run one: {tab-connectors}, choose stagehand, {show-functions}, then {try} on \
                     set_stage. {run} runs it. It is on ask, so a question appears; {allow-call} \
                     works once it has been on the screen for a moment. {cancel} stops what runs.",
            ])
        },
        done: |_, state| state.called,
    },
    Step {
        text: |_| {
            words(&[
                "Servers change behind people's backs. In the same way run rewrite_script of \
                     rehearsal. What changed is marked, and runs for nobody until you have looked \
                     at it.",
            ])
        },
        done: |model, _| {
            let mut counts = model.mirror.connectors.iter().map(|one| one.functions);
            counts.any(|counts| counts.changed > 0)
        },
    },
    Step {
        text: |_| {
            words(&[
                "understudy hides things in its words: escape sequences, invisible letters, \
                     orders to an agent. Open its functions: what was hidden is shown, and a \
                     server's words always stand in quotes or behind a line.",
            ])
        },
        done: |model, _| functions::shown_connector(model) == Some("understudy"),
    },
    Step {
        text: |_| {
            words(&[
                "That is the path. {tab-directory} has servers of the world, {tab-activity} shows \
                     every call and decision. {quit} leaves; this board goes with it. callboard, without demo, opens your own.",
            ])
        },
        done: |_, _| false,
    },
];

fn words(paragraphs: &[&str]) -> Vec<String> {
    paragraphs.iter().map(|text| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::by_the_table;

    #[test]
    fn every_key_that_a_lesson_names_is_that_of_an_action() {
        for text in STEPS
            .iter()
            .flat_map(|step| (step.text)(&Lesson::default()))
        {
            let said = by_the_table(&text);
            assert!(!said.contains('{'), "{said}");
        }
        let said = by_the_table(&(STEPS[0].text)(&Lesson::default())[0]);
        assert!(said.contains("j and k move, Enter opens"), "{said}");
    }
}
