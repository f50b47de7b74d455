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
    /// What it says, a paragraph each.
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
                     machine, and nothing is kept. j and k move, Enter opens a connector, ? lists \
                     the keys of the place where you are.",
            ])
        },
        goals: &[
            goal(
                "j k move",
                Reached::Did(|action| matches!(action, Action::Down | Action::Up)),
            ),
            goal(
                "Enter opens",
                Reached::Seen(|model, _| model.focus == Focus::ConnectorDetail),
            ),
            goal(
                "? lists the keys",
                Reached::Did(|action| action == Action::Help),
            ),
        ],
    },
    Step {
        text: |lesson| {
            vec![
                "Add a server yourself: Esc, then c opens the form; Tab goes from field to field. \
                 callboard finds out by itself that this one wants a token: then the field Token \
                 is there, further down."
                    .to_owned(),
                format!(
                    "Connector name: {}   Connection server: {}",
                    lesson.name, lesson.url
                ),
                format!(
                    "Token: {}   Tick the box that says you trust it; Alt-Enter connects.",
                    lesson.token
                ),
            ]
        },
        goals: &[
            goal(
                "c opens the form",
                Reached::Seen(|model, _| model.tab == Tab::Custom),
            ),
            goal("it is connected", Reached::Seen(is_added)),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "f shows its functions, each on ask: somebody has to say yes each time. On a \
                     function, a sets always, b blocks it, s sets ask again; v marks several, u \
                     takes the last change back.",
            ])
        },
        goals: &[
            goal(
                "a always",
                Reached::Heard(|entry| is_set(entry, Permission::Always)),
            ),
            goal(
                "b block",
                Reached::Heard(|entry| is_set(entry, Permission::Block)),
            ),
            goal(
                "s ask",
                Reached::Heard(|entry| is_set(entry, Permission::Ask)),
            ),
            goal(
                "v marks",
                Reached::Seen(|model, _| functions::has_marks(model)),
            ),
            goal(
                "u takes back",
                Reached::Heard(|entry| entry.event == JournalEvent::Undone),
            ),
        ],
    },
    Step {
        text: |_| {
            words(&[
                "Run one: 1, choose stagehand, f, then t on set_stage. Alt-Enter runs it. It is \
                     on ask, so a question appears; y works once it has been on the screen for a \
                     moment. Ctrl-c stops what runs.",
            ])
        },
        goals: &[
            goal(
                "t opens its arguments",
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
                "y accepts, or b blocks",
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
                "That is the path. 2 has servers of the world, 5 shows every call and decision. \
                     q leaves; this board goes with it. callboard, without demo, opens your own.",
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
