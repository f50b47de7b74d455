//! The table of the tabs that a connector's details have. Adding one is a line here
//! and a file beside it.

use ratatui::Frame;
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};

use super::{functions, history, offers, overview, sign_in, text};
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::pointer::Click;
use crate::tui::widget::cursor::Hit;

/// A tab of the details.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::tui) enum DetailTab {
    /// What is known of the connector, in short.
    #[default]
    Overview,
    /// Its functions, in short.
    Functions,
    /// What else its server offers.
    Offers,
    /// How it signs in.
    SignIn,
    /// What happened with it.
    History,
}

/// What the table says about one.
pub(super) struct DetailSpec {
    pub(super) tab: DetailTab,
    /// Its name.
    pub(super) title: &'static str,
    /// Its name where there is little room.
    pub(super) short: &'static str,
    /// Where the keys go when it is shown.
    pub(super) focus: Focus,
    pub(super) does: Does,
}

/// What it does.
#[derive(Clone, Copy)]
pub(super) struct Does {
    /// Draws it; changes nothing. Says whether it has the keys.
    pub(super) view: fn(&Model, &ConnectorView, &mut Frame<'_>, Rect, bool),
    /// Does what a key stands for; `None`: it stands for nothing here.
    pub(super) act: fn(&mut Model, Action) -> Option<Vec<Effect>>,
    /// Takes the mouse over its list; nothing of it is hit where it is none.
    pub(super) clicked: fn(&mut Model, Click) -> Hit,
    /// Keeps everything within its bounds.
    pub(super) settle: fn(&mut Model),
    /// What it still has to be told, while it is on the screen.
    pub(super) wants: fn(&mut Model) -> Vec<Effect>,
    /// Whether an action that the footer would list has something to act on.
    pub(super) offers: fn(&Model, Action) -> bool,
}

/// All of them, in their order.
pub(super) const DETAIL_TABS: &[DetailSpec] = &[
    DetailSpec {
        tab: DetailTab::Overview,
        title: "Overview",
        short: "Overview",
        focus: Focus::ConnectorDetail,
        does: Does {
            view: |model, connector, frame, area, _| {
                text::view(model, frame, area, |width| {
                    overview::lines(model, connector, width)
                });
            },
            act: overview::act,
            clicked: |_, _| Hit::Nothing,
            settle: |model| text::settle(model, overview::lines),
            wants: overview::wants,
            offers: overview::offers,
        },
    },
    DetailSpec {
        tab: DetailTab::Functions,
        title: "Functions",
        short: "Functions",
        focus: Focus::ConnectorFunctions,
        does: Does {
            view: functions::view,
            act: functions::act,
            clicked: functions::clicked,
            settle: functions::settle,
            wants: functions::wants,
            offers: functions::offers,
        },
    },
    DetailSpec {
        tab: DetailTab::Offers,
        title: "Prompts & resources",
        short: "Offers",
        focus: Focus::ConnectorOffers,
        does: Does {
            view: offers::view,
            act: offers::act,
            clicked: offers::clicked,
            settle: offers::settle,
            wants: offers::wants,
            offers: offers::offers,
        },
    },
    DetailSpec {
        tab: DetailTab::SignIn,
        title: "Sign-in",
        short: "Sign-in",
        focus: Focus::ConnectorDetail,
        does: Does {
            view: |model, connector, frame, area, _| {
                text::view(model, frame, area, |width| {
                    sign_in::lines(model, connector, width)
                });
            },
            act: |model, action| match action {
                Action::CopyCurl => Some(sign_in::copy_curl(model)),
                _ => text::act(model, action, sign_in::lines),
            },
            clicked: |_, _| Hit::Nothing,
            settle: |model| text::settle(model, sign_in::lines),
            wants: |_| vec![],
            offers: |model, action| match action {
                // All of the evidence is there.
                Action::Evidence => false,
                Action::CopyCurl => sign_in::has_curl(model),
                _ => true,
            },
        },
    },
    DetailSpec {
        tab: DetailTab::History,
        title: "History",
        short: "History",
        focus: Focus::ConnectorHistory,
        does: Does {
            view: history::view,
            act: history::act,
            clicked: history::clicked,
            settle: history::settle,
            wants: history::wants,
            offers: history::offers,
        },
    },
];

/// A tab that does nothing: for a table without the one that is asked for.
const NOTHING: Does = Does {
    view: |_, _, _, _, _| {},
    act: |_, _| None,
    clicked: |_, _| Hit::Nothing,
    settle: |_| {},
    wants: |_| vec![],
    offers: |_, _| false,
};

impl DetailTab {
    fn spec(self) -> Option<&'static DetailSpec> {
        DETAIL_TABS.iter().find(|spec| spec.tab == self)
    }

    /// What it does.
    pub(super) fn does(self) -> Does {
        self.spec().map_or(NOTHING, |spec| spec.does)
    }

    /// Where the keys go when it is shown.
    pub(in crate::tui) fn focus(self) -> Focus {
        self.spec()
            .map_or(Focus::ConnectorDetail, |spec| spec.focus)
    }

    /// The next; behind the last comes the first.
    pub(super) fn next(self) -> Self {
        let place = DETAIL_TABS.iter().position(|spec| spec.tab == self);
        let next = place.unwrap_or(0).saturating_add(1) % DETAIL_TABS.len();
        DETAIL_TABS.get(next).map_or(self, |spec| spec.tab)
    }

    /// The one before; `None`: it is the first.
    pub(super) fn before(self) -> Option<Self> {
        let place = DETAIL_TABS.iter().position(|spec| spec.tab == self)?;
        let before = DETAIL_TABS.get(place.checked_sub(1)?)?;
        Some(before.tab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tab_is_reached_from_the_first_and_back() {
        let mut tab = DetailTab::default();
        for _ in 1..DETAIL_TABS.len() {
            tab = tab.next();
        }
        assert_eq!(tab, DetailTab::History);
        assert_eq!(tab.next(), DetailTab::default());
        for _ in 1..DETAIL_TABS.len() {
            tab = tab.before().unwrap();
        }
        assert_eq!(tab.before(), None);
    }
}
