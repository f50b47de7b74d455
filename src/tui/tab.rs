//! The table of tabs. Adding a tab is a line here and a folder under `screen`.

use ratatui::Frame;
use ratatui::layout::Rect;
use serde_json::Value;

use super::action::Action;
use super::effect::Effect;
use super::focus::Focus;
use super::input::Key;
use super::model::Model;
use super::pointer::Click;
use super::screen::{activity, connectors, custom, directory, functions};
use super::viewer;
use crate::protocol::EventKind;

/// A tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Tab {
    /// The connectors of this board.
    Connectors,
    /// Servers that are known.
    Directory,
    /// The form that adds or edits one.
    Custom,
    /// The functions of one, or of all.
    Functions,
    /// Calls and decisions.
    Activity,
}

/// What the table says about a tab.
#[derive(Debug)]
pub(super) struct TabSpec {
    /// Which.
    pub(super) tab: Tab,
    /// The digit that opens it.
    pub(super) number: char,
    /// Its name in the bar.
    pub(super) title: &'static str,
    /// Its name where the bar is narrow.
    pub(super) short: &'static str,
    /// And where it is narrower still.
    pub(super) tiny: &'static str,
    /// Where the keys go when it is opened for the first time.
    pub(super) focus: Focus,
    /// What opens it.
    pub(super) action: Action,
    /// What it does.
    pub(super) does: Does,
}

/// What a tab does: the seam between the interface and its tabs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Does {
    /// Draws it; changes nothing.
    pub(super) view: fn(&Model, &mut Frame<'_>, Rect),
    /// Does what a key stands for.
    pub(super) act: fn(&mut Model, Action) -> Vec<Effect>,
    /// Takes a key while a field of it has them; `None` leaves it to the keymap.
    pub(super) key: fn(&mut Model, Key) -> Option<Vec<Effect>>,
    /// Takes a paste while a field of it has the keys.
    pub(super) pasted: fn(&mut Model, &str) -> Vec<Effect>,
    /// Takes the mouse over the body while no overlay is there: by the areas that the
    /// view draws in, with [`super::widget::cursor::Cursor::click`] for a list and
    /// [`super::widget::cursor::wheel`] for a text.
    pub(super) clicked: fn(&mut Model, Click) -> Vec<Effect>,
    /// It was opened.
    pub(super) opened: fn(&mut Model) -> Vec<Effect>,
    /// It is left for another.
    pub(super) left: fn(&mut Model) -> Vec<Effect>,
    /// Ctrl-c: stops what is under way in it; `None`: nothing is.
    pub(super) cancel: fn(&mut Model) -> Option<Vec<Effect>>,
    /// The board said something, and the mirror has it already. Heard by every tab,
    /// open or not.
    pub(super) heard: fn(&mut Model, &EventKind) -> Vec<Effect>,
    /// Keeps what is chosen chosen and everything within its bounds, after each
    /// message.
    pub(super) settle: fn(&mut Model),
    /// Whether an action that the footer would list has something to act on.
    pub(super) offers: fn(&Model, Action) -> bool,
    /// What is to be there again at the next start, as [`super::place::as_value`] makes
    /// it: no secrets. Null: nothing.
    pub(super) keep: fn(&mut Model) -> Value,
    /// Takes that up again, before the board is there.
    pub(super) recall: fn(&mut Model, &Value),
    /// Where it keeps a viewer of results, if it has one.
    pub(super) viewer: Option<viewer::Place>,
}

impl Does {
    /// A tab that does as little as it can.
    const LITTLE: Self = Self {
        view: |_, _, _| {},
        act: |_, _| vec![],
        key: |_, _| None,
        pasted: |_, _| vec![],
        clicked: |_, _| vec![],
        opened: |_| vec![],
        left: |_| vec![],
        cancel: |_| None,
        heard: |_, _| vec![],
        settle: |_| {},
        offers: |_, _| true,
        keep: |_| Value::Null,
        recall: |_, _| {},
        viewer: None,
    };
}

/// All tabs, in their order on the screen.
pub(super) const TABS: &[TabSpec] = &[
    TabSpec {
        tab: Tab::Connectors,
        number: '1',
        title: "My Connectors",
        short: "Connectors",
        tiny: "Conn",
        focus: Focus::Connectors,
        action: Action::TabConnectors,
        does: Does {
            view: connectors::view,
            act: connectors::act,
            key: connectors::key,
            pasted: connectors::pasted,
            clicked: connectors::clicked,
            left: connectors::left,
            cancel: connectors::cancel,
            heard: connectors::heard,
            settle: connectors::settle,
            keep: connectors::keep,
            recall: connectors::recall,
            offers: connectors::offers,
            viewer: Some(connectors::VIEWER),
            ..Does::LITTLE
        },
    },
    TabSpec {
        tab: Tab::Directory,
        number: '2',
        title: "Directory",
        short: "Directory",
        tiny: "Dir",
        focus: Focus::Directory,
        action: Action::TabDirectory,
        does: Does {
            view: directory::view,
            act: directory::act,
            key: directory::key,
            pasted: directory::pasted,
            clicked: directory::clicked,
            opened: directory::opened,
            heard: directory::heard,
            settle: directory::settle,
            keep: directory::keep,
            recall: directory::recall,
            offers: directory::offers,
            ..Does::LITTLE
        },
    },
    TabSpec {
        tab: Tab::Custom,
        number: '3',
        title: "Custom",
        short: "Custom",
        tiny: "Form",
        focus: Focus::Form,
        action: Action::TabCustom,
        does: Does {
            view: custom::view,
            act: custom::act,
            key: custom::key,
            pasted: custom::pasted,
            clicked: custom::clicked,
            opened: custom::opened,
            heard: custom::heard,
            left: custom::left,
            cancel: custom::cancel,
            settle: custom::settle,
            keep: custom::keep,
            recall: custom::recall,
            offers: custom::offers,
            ..Does::LITTLE
        },
    },
    TabSpec {
        tab: Tab::Functions,
        number: '4',
        title: "Functions",
        short: "Functions",
        tiny: "Func",
        focus: Focus::Picker,
        action: Action::TabFunctions,
        does: Does {
            view: functions::view,
            act: functions::act,
            key: functions::key,
            pasted: functions::pasted,
            clicked: functions::clicked,
            opened: functions::opened,
            cancel: functions::cancel,
            heard: functions::heard,
            settle: functions::settle,
            keep: functions::keep,
            recall: functions::recall,
            offers: functions::offers,
            viewer: Some(functions::VIEWER),
            ..Does::LITTLE
        },
    },
    TabSpec {
        tab: Tab::Activity,
        number: '5',
        title: "Activity",
        short: "Activity",
        tiny: "Log",
        focus: Focus::Activity,
        action: Action::TabActivity,
        does: Does {
            view: activity::view,
            act: activity::act,
            key: activity::key,
            pasted: activity::pasted,
            clicked: activity::clicked,
            opened: activity::opened,
            heard: activity::heard,
            settle: activity::settle,
            keep: activity::keep,
            recall: activity::recall,
            offers: activity::offers,
            viewer: Some(activity::VIEWER),
            ..Does::LITTLE
        },
    },
];

impl Tab {
    /// Its line in the table.
    pub(super) fn spec(self) -> Option<&'static TabSpec> {
        TABS.iter().find(|spec| spec.tab == self)
    }

    /// What it does.
    pub(super) fn does(self) -> Does {
        self.spec().map_or(Does::LITTLE, |spec| spec.does)
    }

    /// The tab so many places further, round the end.
    pub(super) fn step(self, forward: bool) -> Self {
        let place = TABS.iter().position(|spec| spec.tab == self).unwrap_or(0);
        let next = if forward {
            place.saturating_add(1)
        } else {
            place.saturating_add(TABS.len()).saturating_sub(1)
        };
        TABS.get(next % TABS.len()).map_or(self, |spec| spec.tab)
    }
}
