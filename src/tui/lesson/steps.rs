//! The lessons, in their order.

use super::Lesson;
use crate::domain::{JournalEntry, JournalEvent, Permission, Status, Untrusted};
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::screen::functions;
use crate::tui::tab::Tab;

/// One lesson.
pub(super) struct Step {
    /// What it says, a paragraph each; `{open}` stands for the key of that action.
    pub(super) text: fn(&Lesson) -> Vec<String>,
    /// What is to be done, in any order. It is over when all is.
    pub(super) goals: &'static [Goal],
}

/// One thing that a lesson teaches.
pub(super) struct Goal {
    /// In a few words.
    pub(super) word: &'static str,
    /// How it is known to have been done.
    pub(super) reached: Reached,
}

/// How something is known to have been done.
pub(super) enum Reached {
    /// A key was pressed that stands for this.
    Did(fn(Action) -> bool),
    /// The screen, or the board, is like this.
    Seen(fn(&Model, &Lesson) -> bool),
    /// The board wrote this down.
    Heard(fn(&JournalEntry) -> bool),
}

const fn goal(word: &'static str, reached: Reached) -> Goal {
    Goal { word, reached }
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
        goals: &[
            goal(
                "{down} {up} move",
                Reached::Did(|action| matches!(action, Action::Down | Action::Up)),
            ),
            goal(
                "{open} opens",
                Reached::Seen(|model, _| model.focus == Focus::ConnectorDetail),
            ),
            goal(
                "{help} lists the keys",
                Reached::Did(|action| action == Action::Help),
            ),
        ],
    },
    Step {
        text: |lesson| {
            vec![
                "Add a server yourself: {leave-details}, then {new-connector} opens the form; {field-down} goes \
                 from field to field. callboard finds out by itself that this one wants a token: then \
                 the field Token is there, further down."
                    .to_owned(),
                format!(
                    "Connector name: {}   Connection server: {}",
                    lesson.name, lesson.url
                ),
                format!(
                    "Token: {}   Tick the box that says you trust it; {{connect}} connects.",
                    lesson.token
                ),
            ]
        },
        goals: &[
            goal(
                "{new-connector} opens the form",
                Reached::Seen(|model, _| model.tab == Tab::Custom),
            ),
            goal("it is connected", Reached::Seen(is_added)),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "{show-functions} shows its functions, each on ask: somebody has to say yes each time. On a \
                     function, {always} sets always, {block} blocks it, {ask} sets ask again; {mark} \
                     marks several, {undo} takes the last change back.",
            ])
        },
        goals: &[
            goal(
                "{always} always",
                Reached::Heard(|entry| is_set(entry, Permission::Always)),
            ),
            goal(
                "{block} block",
                Reached::Heard(|entry| is_set(entry, Permission::Block)),
            ),
            goal(
                "{ask} ask",
                Reached::Heard(|entry| is_set(entry, Permission::Ask)),
            ),
            goal(
                "{mark} marks",
                Reached::Seen(|model, _| functions::has_marks(model)),
            ),
            goal(
                "{undo} takes back",
                Reached::Heard(|entry| entry.event == JournalEvent::Undone),
            ),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "Run one: {tab-connectors}, choose stagehand, {show-functions}, then {try} on \
                     set_stage. {run} runs it. It is on ask, so a question appears; {allow-call} \
                     works once it has been on the screen for a moment. {cancel} stops what runs.",
            ])
        },
        goals: &[
            goal(
                "{try} opens its arguments",
                Reached::Seen(|model, _| functions::shows_run(model, "set_stage")),
            ),
            goal(
                "set_stage has run",
                Reached::Heard(|entry| {
                    entry.event == JournalEvent::Call && is_about(entry, "set_stage")
                }),
            ),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "Servers change behind people's backs. In the same way run rewrite_script of \
                     rehearsal, then open read_line: old stands beside new, and it runs for nobody \
                     until you have looked at it. y accepts it as it is now, b blocks it.",
            ])
        },
        goals: &[
            goal(
                "rewrite_script has run",
                Reached::Heard(|entry| {
                    entry.event == JournalEvent::Call && is_about(entry, "rewrite_script")
                }),
            ),
            goal(
                "what changed is shown",
                Reached::Seen(|model, _| functions::shows_change_of(model, "read_line")),
            ),
            goal(
                "{accept-change} accepts, or {block} blocks",
                Reached::Heard(|entry| {
                    entry.event == JournalEvent::Permission && is_about(entry, "read_line")
                }),
            ),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "understudy hides things in its words: escape sequences, invisible letters, \
                     orders to an agent. Open its functions and look at whisper: what was hidden \
                     is shown, and a server's words always stand in quotes or behind a line.",
            ])
        },
        goals: &[
            goal(
                "the functions of understudy",
                Reached::Seen(|model, _| functions::shown_connector(model) == Some("understudy")),
            ),
            goal(
                "whisper is shown",
                Reached::Seen(|model, _| functions::shows_function(model, "whisper")),
            ),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "stage-door wants you to sign in: {tab-connectors}, choose it, then {sign-in}. Open the \
                     address in any browser and press Allow; what the browser ends at can be pasted, \
                     and a code typed elsewhere does as well.",
                "Its token ends after a minute and is renewed by itself: show_pass counts. \
                     send_flowers asks for a further consent.",
            ])
        },
        goals: &[goal(
            "stage-door is connected",
            Reached::Seen(|model, _| {
                model.mirror.connectors.iter().any(|connector| {
                    connector.name.as_str() == "stage-door" && connector.status == Status::Connected
                })
            }),
        )],
    },
    Step {
        text: |_| {
            words(&[
                "That is the path. {tab-directory} has servers of the world, {tab-activity} shows \
                     every call and decision. {quit} leaves; this board goes with it. callboard, without demo, opens your own.",
            ])
        },
        goals: &[],
    },
];

/// Whether the server that is to be added by hand is there and answers.
fn is_added(model: &Model, lesson: &Lesson) -> bool {
    model.mirror.connectors.iter().any(|connector| {
        connector.name.as_str() == lesson.name && connector.status == Status::Connected
    })
}

fn is_about(entry: &JournalEntry, function: &str) -> bool {
    entry.function.as_ref().map(Untrusted::raw) == Some(function)
}

/// Whether somebody set this permission.
fn is_set(entry: &JournalEntry, permission: Permission) -> bool {
    let word = entry.rule.as_deref();
    entry.event == JournalEvent::Permission
        && word.and_then(|rule| rule.strip_prefix("permission ")) == Some(permission.word())
}

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
