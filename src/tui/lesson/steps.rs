//! The lessons, in their order.

use super::{Lesson, State};
use crate::domain::Status;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::screen::functions;

/// One lesson.
pub(super) struct Step {
    /// What it says, a paragraph each.
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
                     machine, and nothing is kept. j and k move, Enter opens a connector, ? lists \
                     the keys of the place where you are.",
            ])
        },
        done: |model, _| model.focus == Focus::ConnectorDetail,
    },
    Step {
        text: |lesson| {
            vec![
                "Add a server yourself: Esc, then c opens the form. callboard finds out by itself \
                 that this one wants a token."
                    .to_owned(),
                format!(
                    "name {}   server {}   token {}",
                    lesson.name, lesson.url, lesson.token
                ),
                "Tick the box that says you trust it; Alt-Enter connects.".to_owned(),
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
                     function, a sets always, b blocks it, s sets ask again; v marks several, u \
                     takes the last change back.",
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
                "Run one: 1, choose stagehand, f, then t on set_stage. Alt-Enter runs it. It is \
                     on ask, so a question appears; y works once it has been on the screen for a \
                     moment. Ctrl-c stops what runs.",
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
                "stage-door wants you to sign in: 1, choose it, then s. Open the address in any \
                     browser and press Allow; what the browser ends at can be pasted, and a code \
                     typed elsewhere does as well.",
                "Its token ends after a minute and is renewed by itself: show_pass counts. \
                     send_flowers asks for a further consent.",
            ])
        },
        done: |model, _| {
            model.mirror.connectors.iter().any(|connector| {
                connector.name.as_str() == "stage-door" && connector.status == Status::Connected
            })
        },
    },
    Step {
        text: |_| {
            words(&[
                "That is the path. 2 has servers of the world, 5 shows every call and decision. \
                     q leaves; this board goes with it. callboard, without demo, opens your own.",
            ])
        },
        done: |_, _| false,
    },
];

fn words(paragraphs: &[&str]) -> Vec<String> {
    paragraphs.iter().map(|text| (*text).to_owned()).collect()
}

/// Keeps the table honest: the lessons name tabs by their digits.
#[cfg(test)]
mod tests {
    use crate::tui::tab::{TABS, Tab};

    #[test]
    fn the_digits_that_the_lessons_name_open_those_tabs() {
        let tab = |digit| {
            TABS.iter()
                .find(|spec| spec.number == digit)
                .map(|spec| spec.tab)
        };
        assert_eq!(tab('1'), Some(Tab::Connectors));
        assert_eq!(tab('2'), Some(Tab::Directory));
        assert_eq!(tab('5'), Some(Tab::Activity));
    }
}
