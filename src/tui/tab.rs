//! The table of tabs. Adding a tab is a line here and a folder under `screen`.

use super::action::Action;
use super::focus::Focus;

/// A tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Tab {
    /// The connectors of this board.
    Connectors,
    /// The form that adds or edits one.
    Custom,
    /// The functions of one.
    Functions,
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
    /// Where the keys go when it is opened for the first time.
    pub(super) focus: Focus,
    /// What opens it.
    pub(super) action: Action,
}

/// All tabs, in their order on the screen.
pub(super) const TABS: &[TabSpec] = &[
    TabSpec {
        tab: Tab::Connectors,
        number: '1',
        title: "My Connectors",
        short: "Connectors",
        focus: Focus::Connectors,
        action: Action::TabConnectors,
    },
    TabSpec {
        tab: Tab::Custom,
        number: '3',
        title: "Custom",
        short: "Custom",
        focus: Focus::Form,
        action: Action::TabCustom,
    },
    TabSpec {
        tab: Tab::Functions,
        number: '4',
        title: "Functions",
        short: "Functions",
        focus: Focus::Picker,
        action: Action::TabFunctions,
    },
];

impl Tab {
    /// Its line in the table.
    pub(super) fn spec(self) -> Option<&'static TabSpec> {
        TABS.iter().find(|spec| spec.tab == self)
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
