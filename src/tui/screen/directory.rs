//! Tab 2: servers that are known, to be added from.
//!
//! The whole list comes once, and is searched here at every key. Adding one opens the
//! form of tab 3 filled in; nothing is sent from here.

mod catalogue;
mod click;
mod place;
mod preview;
mod view;

pub(in crate::tui) use click::clicked;
pub(in crate::tui) use place::{keep, recall};
pub(in crate::tui) use view::view;

use catalogue::{Catalogue, Filters};

use crate::domain::{DirectoryEntry, DirectoryId, Fault};
use crate::protocol::{Directory, EventKind};
use crate::tui::action::Action;
use crate::tui::effect::{Answer, Ask, Effect};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::custom;
use crate::tui::tab::Tab;
use crate::tui::widget::cursor::{Cursor, scroll};
use crate::tui::widget::field::{Field, Typed};

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    known: Known,
    /// The board may know others by now.
    stale: bool,
    search: Field,
    filters: Filters,
    /// Places in the list of those that fit, the best first.
    shown: Vec<usize>,
    cursor: Cursor,
    /// The place of the entry that is chosen.
    chosen: Option<usize>,
    /// The entry that is to be chosen as soon as the list is there.
    wanted: Option<DirectoryId>,
    /// First line of the preview on the screen.
    scroll: usize,
}

/// The list, as far as it is known.
#[derive(Debug, Default)]
enum Known {
    /// It was not asked for yet, or is under way.
    #[default]
    NotYet,
    /// This.
    Here(Box<Catalogue>),
    /// It could not be had.
    Missing(Fault),
}

/// What it asked the board for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Wish {
    /// The whole list.
    List,
}

impl State {
    fn catalogue(&self) -> Option<&Catalogue> {
        match &self.known {
            Known::Here(catalogue) => Some(catalogue),
            Known::NotYet | Known::Missing(_) => None,
        }
    }

    /// Whether not all are shown, or soon may not be.
    fn is_filtered(&self) -> bool {
        !self.search.text().is_empty() || self.filters != Filters::default()
    }

    /// Looks again which entries fit. The chosen one stays chosen where it is wanted
    /// and fits; otherwise the first is.
    fn look(&mut self, keep: bool) {
        let Known::Here(catalogue) = &self.known else {
            self.shown = Vec::new();
            return;
        };
        self.shown = catalogue.fitting(self.search.text(), self.filters);
        let place = self
            .chosen
            .filter(|_| keep)
            .and_then(|chosen| self.shown.iter().position(|place| *place == chosen));
        self.cursor = Cursor {
            row: place.unwrap_or(0),
            top: if keep { self.cursor.top } else { 0 },
        };
        self.choose();
    }

    /// What stands in the chosen row is chosen.
    fn choose(&mut self) {
        let chosen = self.shown.get(self.cursor.row).copied();
        if chosen != self.chosen {
            self.scroll = 0;
        }
        self.chosen = chosen;
    }
}

/// The entry that is chosen.
fn chosen(model: &Model) -> Option<(usize, &DirectoryEntry)> {
    let state = &model.tabs.directory;
    let place = state.chosen?;
    Some((place, state.catalogue()?.entry(place)?))
}

/// Whether the list is there.
pub(in crate::tui) fn is_here(model: &Model) -> bool {
    model.tabs.directory.catalogue().is_some()
}

/// The entry of an id, if the list is there and has it.
pub(in crate::tui) fn entry<'a>(model: &'a Model, id: &DirectoryId) -> Option<&'a DirectoryEntry> {
    let catalogue = model.tabs.directory.catalogue()?;
    catalogue.entry(catalogue.place_of(id)?)
}

/// Whether Enter on a row adds it: its preview is to be seen already.
pub(in crate::tui) fn adds_at_once(model: &Model) -> bool {
    model.focus == Focus::DirectoryDetail
        || layout::panes(layout::areas(model).body, false)
            .detail
            .is_some()
}

/// Whether the preview has the keys, or had them before a prompt took them.
fn in_preview(model: &Model) -> bool {
    let focus = match model.focus.tab() {
        Some(_) => Some(&model.focus),
        None => model.places.get(&Tab::Directory),
    };
    focus == Some(&Focus::DirectoryDetail)
}

/// Opens the tab from another one.
pub(in crate::tui) fn visit(model: &mut Model) -> Vec<Effect> {
    model.open_tab(Tab::Directory);
    opened(model)
}

/// The tab was opened: the list is asked for, unless it is there.
pub(in crate::tui) fn opened(model: &mut Model) -> Vec<Effect> {
    let state = &model.tabs.directory;
    let wanted = state.stale || state.catalogue().is_none();
    if !wanted || !model.mirror.is_up() || is_loading(model) {
        return vec![];
    }
    model.tabs.directory.stale = false;
    vec![model.ask(Purpose::Directory(Wish::List), Ask::Directory(Directory {}))]
}

fn is_loading(model: &Model) -> bool {
    model.is_under_way(|purpose| *purpose == Purpose::Directory(Wish::List))
}

/// The board began anew, or this face fell behind: its list may be another.
pub(in crate::tui) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    if !matches!(event, EventKind::Snapshot(_)) {
        return vec![];
    }
    model.tabs.directory.stale = true;
    if model.tab == Tab::Directory {
        return opened(model);
    }
    vec![]
}

/// The list came, or did not.
pub(in crate::tui) fn listed(model: &mut Model, result: Result<Answer, Fault>) -> Vec<Effect> {
    let answer = match result {
        Ok(Answer::Directory(view)) => Ok(view),
        Ok(_) => Err(Fault::internal("the board answered something else")),
        Err(fault) => Err(fault),
    };
    let state = &mut model.tabs.directory;
    match answer {
        Ok(view) => {
            let id = state
                .chosen
                .and_then(|place| Some(state.catalogue()?.entry(place)?.id.clone()))
                .or_else(|| state.wanted.take());
            let catalogue = Catalogue::new(*view);
            state.chosen = id.and_then(|id| catalogue.place_of(&id));
            state.known = Known::Here(Box::new(catalogue));
            take_note_of_the_board(model);
            model.tabs.directory.look(true);
            custom::listed(model)
        }
        // An older list is better than none.
        Err(fault) if state.catalogue().is_some() => {
            state.stale = true;
            vec![model.complain(&fault)]
        }
        Err(fault) => {
            state.known = Known::Missing(fault);
            vec![]
        }
    }
}

/// Compares the entries with the connectors of the board. Returns whether anything
/// differs from before.
fn take_note_of_the_board(model: &mut Model) -> bool {
    match &mut model.tabs.directory.known {
        Known::Here(catalogue) => catalogue.compare(&model.mirror.connectors),
        Known::NotYet | Known::Missing(_) => false,
    }
}

/// Keeps what is chosen on the screen, and what is on the board true.
pub(in crate::tui) fn settle(model: &mut Model) {
    if take_note_of_the_board(model) && model.tabs.directory.filters.added.is_some() {
        model.tabs.directory.look(true);
    }
    let height = usize::from(view::rows_area(model).height);
    let state = &mut model.tabs.directory;
    state.cursor.settle(state.shown.len(), height);
    state.choose();
    if state.chosen.is_none() && model.focus == Focus::DirectoryDetail {
        model.focus = Focus::Directory;
    }
    if model.tab == Tab::Directory {
        let (lines, height) = preview_size(model);
        let last = lines.saturating_sub(height);
        model.tabs.directory.scroll = model.tabs.directory.scroll.min(last);
    }
}

/// How many lines the preview has, and how many fit.
fn preview_size(model: &Model) -> (usize, usize) {
    let inside = view::preview_area(model);
    let lines = chosen(model).map_or(0, |(place, _)| {
        preview::lines(model, place, usize::from(inside.width)).len()
    });
    (lines, usize::from(inside.height))
}

/// Whether an action has something to act on.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> bool {
    let state = &model.tabs.directory;
    match action {
        Action::NewConnector => true,
        Action::ShowAll => state.is_filtered(),
        Action::ReadDirectory => matches!(state.known, Known::Missing(_)) && model.mirror.is_up(),
        Action::AddEntry => state.chosen.is_some() && !adds_at_once(model),
        Action::OpenEntry => state.chosen.is_some(),
        Action::Filter => state.catalogue().is_some(),
        _ => true,
    }
}

/// A key while the search has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let typed = model.tabs.directory.search.key(key);
    if typed == Typed::Changed {
        model.tabs.directory.look(false);
    }
    (typed != Typed::NotMine).then(Vec::new)
}

/// A paste while the search has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let said = model.tabs.directory.search.paste(text);
    model.tabs.directory.look(false);
    said.map(|said| model.say(said)).into_iter().collect()
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.focus == Focus::DirectoryDetail {
        let (lines, height) = preview_size(model);
        if scroll(&mut model.tabs.directory.scroll, action, lines, height) {
            return vec![];
        }
    } else {
        let height = usize::from(view::rows_area(model).height);
        let state = &mut model.tabs.directory;
        if state.cursor.go(action, state.shown.len(), height) {
            state.choose();
            return vec![];
        }
    }
    match action {
        Action::Filter => model.focus = Focus::DirectorySearch,
        Action::FilterDone => model.focus = Focus::Directory,
        Action::FilterClear => {
            model.tabs.directory.search = Field::default();
            model.tabs.directory.look(true);
            model.focus = Focus::Directory;
        }
        Action::ShowAll => {
            model.tabs.directory.search = Field::default();
            model.tabs.directory.filters = Filters::default();
            model.tabs.directory.look(true);
        }
        Action::FilterAuth | Action::FilterTransport | Action::FilterAdded => {
            model.tabs.directory.filters.step(action);
            model.tabs.directory.look(true);
        }
        Action::NewConnector => custom::begin_new(model),
        Action::ReadDirectory => return read_again(model),
        Action::Back => model.focus = Focus::Directory,
        _ => return act_on_entry(model, action),
    }
    vec![]
}

fn read_again(model: &mut Model) -> Vec<Effect> {
    if model.tabs.directory.catalogue().is_some() {
        return vec![model.say("the directory is there")];
    }
    if model.mirror.is_up() {
        model.tabs.directory.known = Known::NotYet;
    }
    opened(model)
}

fn act_on_entry(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some((_, entry)) = chosen(model) else {
        return match action {
            Action::OpenEntry | Action::AddEntry | Action::ReadEntry => {
                let state = &model.tabs.directory;
                let why = if state.is_filtered() {
                    "nothing matches; {show-all} shows all again"
                } else {
                    "there is nothing to add from yet; {new-connector} adds a server by its address"
                };
                let why = model.words(why);
                vec![model.say(why)]
            }
            _ => vec![],
        };
    };
    match action {
        Action::OpenEntry if !adds_at_once(model) => model.focus = Focus::DirectoryDetail,
        Action::OpenEntry | Action::AddEntry => {
            let entry = entry.clone();
            return custom::begin_with(model, &entry);
        }
        Action::ReadEntry => model.focus = Focus::DirectoryDetail,
        Action::NextPane | Action::PreviousPane => {
            model.focus = match model.focus {
                Focus::DirectoryDetail => Focus::Directory,
                _ => Focus::DirectoryDetail,
            };
        }
        _ => {}
    }
    vec![]
}
