//! The keys of a viewer, whichever tab it stands in.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::Rect;

use super::needle::Needle;
use super::pane::{Did, Look, View};
use super::picture::{Painted, Placement};
use super::{Inner, Saving, Viewer};
use crate::domain::{Fault, Untrusted};
use crate::tui::action::Action;
use crate::tui::clipboard;
use crate::tui::effect::{Effect, Ticket};
use crate::tui::focus::Focus;
use crate::tui::input::{Code, Key};
use crate::tui::model::{Model, Purpose};
use crate::tui::tab::TABS;
use crate::tui::widget::field::{Field, Typed};

/// Where a tab keeps its viewer: a line of the table of tabs.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Place {
    /// The one that is shown, if one is.
    pub(in crate::tui) get: fn(&Model) -> Option<&Viewer>,
    /// The same, to be changed.
    pub(in crate::tui) get_mut: fn(&mut Model) -> Option<&mut Viewer>,
    /// The cells that it is drawn in, whether it is or not.
    pub(in crate::tui) area: fn(&Model) -> Rect,
    /// Where the keys go back to from a field of it.
    pub(in crate::tui) focus: Focus,
    /// Somebody wishes for the resource at an address.
    pub(in crate::tui) open: fn(&mut Model, Untrusted) -> Vec<Effect>,
}

impl Place {
    /// What a tab that cannot read resources does with an address.
    pub(in crate::tui) fn opens_nothing(model: &mut Model, _uri: Untrusted) -> Vec<Effect> {
        let text = model.words("nothing is fetched from here; {copy} copies the address");
        vec![model.say(text)]
    }
}

pub(super) fn place(model: &Model) -> Option<Place> {
    model.tab.does().viewer
}

/// The viewer of the tab that is open.
fn shown(model: &Model) -> Option<&Viewer> {
    (place(model)?.get)(model)
}

pub(super) fn shown_mut(model: &mut Model) -> Option<&mut Viewer> {
    (place(model)?.get_mut)(model)
}

pub(super) fn look(model: &Model, place: Place) -> Look {
    Viewer::look(model.theme, (place.area)(model), model.cell_pixels)
}

/// Does what a key stands for. `None`: it is for the tab to do.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let place = place(model).filter(|_| model.focus.in_viewer())?;
    let back = |model: &mut Model| Some((model.tab.does().act)(model, Action::Back));
    if shown(model).is_none() {
        return if action == Action::ViewBack {
            back(model)
        } else {
            None
        };
    }
    match action {
        Action::ViewBack => {
            let viewer = shown_mut(model)?;
            // What was searched for, then what was opened, then all of it.
            let inside = viewer.needle.take().is_some()
                || viewer.front_mut().back()
                || viewer.stack.pop().is_some();
            if inside {
                return Some(vec![]);
            }
            return back(model);
        }
        Action::Copy => return Some(copy(model)),
        Action::Save => begin_saving(model),
        Action::SaveNow => return Some(save(model)),
        Action::SaveNot => {
            shown_mut(model)?.saving = None;
            model.focus = place.focus;
        }
        Action::Search => return Some(begin_search(model)),
        Action::SearchDone => {
            let viewer = shown_mut(model)?;
            let typed = viewer.search.take();
            viewer.needle = typed.and_then(|field| Needle::new(field.text()));
            model.focus = place.focus;
            return Some(seek(model, place, true));
        }
        Action::SearchNot => {
            shown_mut(model)?.search = None;
            model.focus = place.focus;
        }
        Action::SearchNext => return Some(seek(model, place, true)),
        Action::SearchBack => return Some(seek(model, place, false)),
        _ => return pane(model, place, action),
    }
    Some(vec![])
}

/// Lets what is looked at do it.
fn pane(model: &mut Model, place: Place, action: Action) -> Option<Vec<Effect>> {
    let look = look(model, place);
    let viewer = shown_mut(model)?;
    match viewer.front_mut().act(action, look) {
        Did::NotMine => None,
        Did::Done => Some(vec![]),
        Did::Inner(pane, trail) => {
            viewer.stack.push(Inner { pane: *pane, trail });
            Some(vec![])
        }
        Did::Open(uri) => Some((place.open)(model, uri)),
        Did::Say(text) => {
            let text = model.words(&text);
            Some(vec![model.say(text)])
        }
    }
}

fn copy(model: &mut Model) -> Vec<Effect> {
    match shown(model).map(|viewer| viewer.front().copied()) {
        Some(Ok((what, text))) => {
            let instead = model.words("{save} writes all of it to a file");
            clipboard::copy(model, what, &text, &instead)
        }
        Some(Err(why)) => {
            let why = model.words(why);
            vec![model.say(why)]
        }
        None => vec![],
    }
}

fn begin_search(model: &mut Model) -> Vec<Effect> {
    let tab = model.tab;
    let Some(viewer) = shown_mut(model) else {
        return vec![];
    };
    if !viewer.front().can_seek() {
        return vec![model.say("there is nothing to search in this view")];
    }
    viewer.search = Some(Field::default());
    model.focus = Focus::ViewerSearch(tab);
    vec![]
}

fn seek(model: &mut Model, place: Place, forward: bool) -> Vec<Effect> {
    let look = look(model, place);
    let Some(viewer) = shown_mut(model) else {
        return vec![];
    };
    let Some(needle) = viewer.needle.clone() else {
        let why = model.words("nothing is searched for: {search} begins a search");
        return vec![model.say(why)];
    };
    match viewer.front_mut().seek(&needle, forward, look) {
        Some(false) => vec![],
        Some(true) if forward => vec![model.say("searched on from the beginning")],
        Some(true) => vec![model.say("searched on from the end")],
        None => vec![model.say(format!("\"{}\" is not in it", needle.typed))],
    }
}

fn begin_saving(model: &mut Model) {
    let (now, tab) = (model.clock.now, model.tab);
    let Some(viewer) = shown_mut(model) else {
        return;
    };
    let name = Field::with(&viewer.file_name(now)).at_start();
    viewer.saving = Some(Saving { name, ticket: None });
    model.focus = Focus::ViewerPath(tab);
}

fn save(model: &mut Model) -> Vec<Effect> {
    let Some(viewer) = shown(model) else {
        return vec![];
    };
    let Some(saving) = &viewer.saving else {
        return vec![];
    };
    let path = saving.name.text().trim().to_owned();
    if path.is_empty() {
        return vec![];
    }
    let bytes = match viewer.front().file() {
        Ok(file) => file.bytes,
        Err(why) => return vec![model.complain(&Fault::user(model.words(why)))],
    };
    let ticket = Ticket(model.number());
    model
        .tasks
        .under_way
        .insert(ticket, Purpose::Save(path.clone()));
    if let Some(saving) = shown_mut(model).and_then(|viewer| viewer.saving.as_mut()) {
        saving.ticket = Some(ticket);
    }
    vec![Effect::WriteFile(ticket, PathBuf::from(path), bytes)]
}

/// A file was written, or not.
pub(in crate::tui) fn saved(
    model: &mut Model,
    ticket: Ticket,
    name: &str,
    result: Result<(), Fault>,
) -> Vec<Effect> {
    if let Err(fault) = result {
        // The name stays, to be changed.
        return vec![model.complain(&fault)];
    }
    for spec in TABS {
        let Some(place) = spec.does.viewer else {
            continue;
        };
        let Some(viewer) = (place.get_mut)(model) else {
            continue;
        };
        let is_this = |saving: &mut Saving| saving.ticket == Some(ticket);
        if viewer.saving.take_if(is_this).is_some() && model.focus == Focus::ViewerPath(spec.tab) {
            model.focus = place.focus;
        }
    }
    vec![model.say(format!("written to {name}"))]
}

fn field(model: &mut Model) -> Option<&mut Field> {
    let focus = model.focus;
    let viewer = shown_mut(model)?;
    match focus {
        Focus::ViewerSearch(_) => viewer.search.as_mut(),
        Focus::ViewerPath(_) => viewer.saving.as_mut().map(|saving| &mut saving.name),
        _ => None,
    }
}

/// A key while a field has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let field = field(model)?;
    // The cursor stands before the name that is offered: this takes all of it.
    if key.mods.ctrl && key.code == Code::Char('u') {
        *field = Field::default();
        return Some(vec![]);
    }
    (field.key(key) != Typed::NotMine).then(Vec::new)
}

/// A paste while a field has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let said = field(model).and_then(|field| field.paste(text));
    said.map(|said| model.say(said)).into_iter().collect()
}

/// Keeps the viewer and the focus within their bounds.
pub(in crate::tui) fn settle(model: &mut Model) {
    let Some(place) = place(model) else {
        return;
    };
    let look = look(model, place);
    let Some(viewer) = (place.get_mut)(model) else {
        return;
    };
    viewer.keep(look);
    let (searching, saving) = (viewer.is_searching(), viewer.is_saving());
    let astray = match model.focus {
        Focus::ViewerSearch(_) => !searching,
        Focus::ViewerPath(_) => !saving,
        _ => false,
    };
    if astray {
        model.focus = place.focus;
    }
}

/// What has to be done so that what is on the screen can be drawn.
pub(in crate::tui) fn wishes(model: &mut Model) -> Vec<Effect> {
    let Some(place) = place(model).filter(|_| model.overlay.is_none()) else {
        return vec![];
    };
    if shown(model).is_none_or(|viewer| viewer.view_now() != View::Picture) {
        return vec![];
    }
    let look = look(model, place);
    let number = model.number();
    let Some(viewer) = (place.get_mut)(model) else {
        return vec![];
    };
    let pane = viewer.front_mut();
    let (gallery, parts) = pane.gallery_mut();
    let at = (look.body, look.pixels);
    let Some((ticket, job)) = gallery.job(parts, look.theme, at, || Ticket(number)) else {
        return vec![];
    };
    model.tasks.under_way.insert(ticket, Purpose::Picture);
    vec![Effect::Paint(ticket, Box::new(job))]
}

/// A picture was drawn, or could not be.
pub(in crate::tui) fn painted(
    model: &mut Model,
    ticket: Ticket,
    result: Result<Arc<Painted>, Fault>,
) {
    for spec in TABS {
        let viewer = spec.does.viewer.and_then(|place| (place.get_mut)(model));
        let Some(viewer) = viewer else {
            continue;
        };
        let inner = viewer.stack.iter_mut().map(|inner| &mut inner.pane);
        for pane in inner.chain([&mut viewer.base]) {
            if pane.gallery_mut().0.painted(ticket, &result) {
                return;
            }
        }
    }
}

/// What the terminal has to draw besides text.
pub(in crate::tui) fn placement(model: &Model) -> Option<Placement> {
    if model.overlay.is_some() || !crate::tui::layout::fits(model.size) {
        return None;
    }
    let place = place(model)?;
    let look = look(model, place);
    let gallery = (place.get)(model)?.front().gallery()?;
    gallery.placement(look.theme, look.body, look.pixels)
}

/// Whether an action of the viewer's has something to act on; `None`: it is for the
/// tab to say.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> Option<bool> {
    if !model.focus.in_viewer() || !action.is_of_the_viewer() {
        return None;
    }
    let Some(viewer) = shown(model) else {
        return Some(action == Action::ViewBack);
    };
    let pane = viewer.front();
    Some(match action {
        Action::ToggleView => pane.views.len() > 1,
        Action::Search => pane.can_seek(),
        Action::SearchNext | Action::SearchBack => viewer.needle.is_some(),
        Action::ViewOpen => matches!(
            pane.view,
            View::Table | View::Json | View::Tree | View::Parts
        ),
        Action::Copy => pane.view != View::Picture,
        _ => true,
    })
}
