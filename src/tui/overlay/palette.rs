//! The palette: finds anything that can be done by a few letters, shows its key and
//! does it where the keys were before.
//!
//! What answers a question is not in it: a question is answered by its own keys,
//! with the question on the screen.

mod find;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::{Kind, Overlay, close};
use crate::domain::ConnectorId;
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::Click;
use crate::tui::screen::connectors;
use crate::tui::tab::Tab;
use crate::tui::theme::{Role, Theme};
use crate::tui::update;
use crate::tui::widget::cursor::{Cursor, Hit};
use crate::tui::widget::field::{Field, Typed};
use crate::tui::widget::rows;

/// Most rows that are shown at once.
const ROWS: u16 = 14;

/// Cells for the keys.
const KEYS: usize = 9;

/// The palette.
#[derive(Debug, Default)]
pub(super) struct Palette {
    field: Field,
    /// What was found, the best first; made anew after each message.
    found: Vec<Found>,
    cursor: Cursor,
    /// What is chosen; what is found besides may move its row.
    chosen: Option<Does>,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// What it is called.
    title: String,
    /// What it does.
    about: String,
    /// Its key.
    key: String,
    /// Why it does not work here, where it does not.
    why_not: Option<String>,
    does: Does,
}

/// What Enter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// An action of the table.
    Act(Action),
    /// Goes to a connector.
    GoTo(ConnectorId),
}

impl Palette {
    /// Takes a key that types.
    pub(super) fn key(&mut self, key: Key) -> Option<Vec<Effect>> {
        let typed = self.field.key(key);
        if typed == Typed::Changed {
            self.begin_anew();
        }
        (typed != Typed::NotMine).then(Vec::new)
    }

    /// Takes a paste. Returns what is to be said of it.
    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        self.begin_anew();
        self.field.paste(text)
    }

    /// Other letters: the best is chosen.
    fn begin_anew(&mut self) {
        self.cursor = Cursor::default();
        self.chosen = None;
    }

    fn choose_row(&mut self) {
        self.chosen = self.found.get(self.cursor.row).map(|it| it.does.clone());
    }
}

fn palette(model: &mut Model) -> Option<&mut Palette> {
    match &mut model.overlay.as_mut()?.kind {
        Kind::Palette(palette) => Some(palette),
        Kind::Help(_) => None,
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let height = usize::from(list_area(layout::areas(model).body).height);
    let moves = match action {
        Action::PaletteUp => Action::Up,
        Action::PaletteDown => Action::Down,
        Action::PalettePageUp => Action::PageUp,
        Action::PalettePageDown => Action::PageDown,
        Action::PaletteRun => return run(model),
        _ => {
            close(model);
            return vec![];
        }
    };
    if let Some(palette) = palette(model) {
        palette.cursor.go(moves, palette.found.len(), height);
        palette.choose_row();
    }
    vec![]
}

/// Does what is chosen, in the focus that the palette was opened from.
fn run(model: &mut Model) -> Vec<Effect> {
    let found = palette(model).and_then(|it| it.found.get(it.cursor.row).cloned());
    let Some(found) = found else {
        return vec![model.say("nothing matches; fewer letters find more")];
    };
    if let Some(why) = found.why_not {
        return vec![model.say(format!("{}: {why}", found.title))];
    }
    close(model);
    match found.does {
        // The palette was opened by it and is closed by it.
        Does::Act(Action::Palette) => vec![],
        Does::Act(action) => update::act(model, action),
        Does::GoTo(id) => {
            let effects = update::open_tab(model, Tab::Connectors);
            model.focus = crate::tui::focus::Focus::Connectors;
            connectors::choose(model, &id);
            effects
        }
    }
}

/// The mouse over it: a click chooses, a second one does it, one beside it leaves.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let body = layout::areas(model).body;
    let (outside, list) = (!click.is_in(area(body)), list_area(body));
    if outside {
        if click.is_press() {
            close(model);
        }
        return vec![];
    }
    let Some(palette) = palette(model) else {
        return vec![];
    };
    match palette.cursor.click(click, list, palette.found.len()) {
        Hit::Other => palette.choose_row(),
        Hit::Chosen => return run(model),
        Hit::Nothing => {}
    }
    vec![]
}

/// Finds anew, as things are now, and keeps what is chosen chosen.
pub(super) fn settle(model: &mut Model) {
    let height = usize::from(list_area(layout::areas(model).body).height);
    let Some(overlay) = &model.overlay else {
        return;
    };
    let Overlay {
        from,
        kind: Kind::Palette(palette),
    } = overlay
    else {
        return;
    };
    let typed = palette.field.text().to_owned();
    // What works is asked where it is to work.
    let here = std::mem::replace(&mut model.focus, *from);
    let found = find::find(model, &typed);
    model.focus = here;
    let Some(palette) = self::palette(model) else {
        return;
    };
    palette.found = found;
    let place = palette
        .chosen
        .as_ref()
        .and_then(|does| palette.found.iter().position(|it| it.does == *does));
    palette.cursor.row = place.unwrap_or(palette.cursor.row);
    palette.cursor.settle(palette.found.len(), height);
    palette.choose_row();
}

/// Where it is, frame and all.
fn area(body: Rect) -> Rect {
    layout::panel(body, ROWS.saturating_add(3))
}

/// Where its rows are: below the line that is typed into.
fn list_area(body: Rect) -> Rect {
    let inside = layout::inside(area(body));
    Rect::new(
        inside.x,
        inside.y.saturating_add(1),
        inside.width,
        inside.height.saturating_sub(1),
    )
}

/// Draws it.
pub(super) fn view(model: &Model, palette: &Palette, frame: &mut Frame<'_>, body: Rect) {
    let theme = model.theme;
    let outside = area(body);
    frame.render_widget(Clear, outside);
    let title = vec![Span::styled(" Go or do ", theme.style(Role::Strong))];
    let inside = rows::pane(frame, outside, theme, title, true);
    line(theme, &palette.field, frame, inside);
    let list = list_area(body);
    if palette.found.is_empty() {
        let text = Line::styled(" nothing matches", theme.style(Role::Quiet));
        rows::text(frame, list, theme, vec![text], 0);
        return;
    }
    let cursor = palette.cursor;
    let lines = palette
        .found
        .iter()
        .enumerate()
        .skip(cursor.top)
        .take(usize::from(list.height))
        .map(|(place, found)| {
            let line = row(theme, found, usize::from(list.width));
            match place == cursor.row {
                true => line.patch_style(theme.style(Role::Chosen)),
                false => line,
            }
        })
        .collect();
    rows::text(frame, list, theme, lines, 0);
    rows::more(frame, list, theme, cursor.top, palette.found.len());
}

/// The line that is typed into.
fn line(theme: Theme, field: &Field, frame: &mut Frame<'_>, inside: Rect) {
    let room = usize::from(inside.width).saturating_sub(4);
    let (text, cell) = field.window(room);
    let shown = Line::from(vec![
        Span::styled(" : ", theme.style(Role::Focus)),
        Span::raw(text),
    ]);
    frame.render_widget(
        shown,
        Rect {
            height: 1,
            ..inside
        },
    );
    let x = u16::try_from(cell.saturating_add(3)).unwrap_or(0);
    frame.set_cursor_position(Position::new(inside.x.saturating_add(x), inside.y));
}

fn row(theme: Theme, found: &Found, width: usize) -> Line<'static> {
    let names = (width / 4).clamp(14, 24);
    let room = width.saturating_sub(names + KEYS + 4);
    let about = found.why_not.as_ref().unwrap_or(&found.about);
    let about = rows::cell(&rows::cut_at_word(about, room), room);
    // At the right edge, where the eye looks for it.
    let key = sanitise::cut(&found.key, KEYS);
    let missing = KEYS.saturating_sub(sanitise::width(&key));
    let (name_role, key_role) = match found.why_not {
        Some(_) => (Role::Quiet, Role::Quiet),
        None => (Role::Strong, Role::Key),
    };
    Line::from(vec![
        Span::styled(
            format!(" {} ", rows::cell(&found.title, names)),
            theme.style(name_role),
        ),
        Span::styled(about, theme.style(Role::Quiet)),
        Span::styled(
            format!(" {}{key} ", " ".repeat(missing)),
            theme.style(key_role),
        ),
    ])
}

#[cfg(test)]
pub(in crate::tui) mod look {
    //! What tests look at.

    use super::*;

    /// The actions that the palette would do now, with whether they work.
    pub(in crate::tui) fn actions(model: &Model) -> Vec<(Action, bool)> {
        let Some(Kind::Palette(palette)) = model.overlay.as_ref().map(|it| &it.kind) else {
            return vec![];
        };
        let found = palette.found.iter();
        found
            .filter_map(|found| match found.does {
                Does::Act(action) => Some((action, found.why_not.is_none())),
                Does::GoTo(_) => None,
            })
            .collect()
    }
}
