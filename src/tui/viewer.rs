//! The viewer of results: what a function answered, a resource that was read, a prompt
//! that was filled in, or any JSON, looked at in the way that suits it: as text,
//! Markdown, a table, a JSON tree, a picture, part by part, or raw.
//!
//! A [`Viewer`] is made from a value and kept by whichever tab shows it; that tab says
//! where in its line of the table of tabs ([`Place`]), and draws it. Keys, searching,
//! copying and saving are the same everywhere and done here (`hands`).
//!
//! Only what is on the screen is laid out, so that megabytes scroll like a page. All
//! that a server sent stands behind the gutter; the lines at the top and at the bottom
//! are callboard's.

mod hands;
mod markdown;
mod mouse;
mod needle;
mod node;
mod pages;
mod pane;
mod parts;
mod picture;
mod table;
mod text;
mod tree;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use serde_json::Value;

pub(super) use hands::{
    Place, act, key, offers, painted, pasted, placement, saved, settle, wishes,
};
pub(super) use mouse::clicked;
pub(super) use pane::View;
pub(super) use picture::{CellPixels, Job, KITTY_ERASE, Painted, Placement, paint};

use needle::Needle;
use pane::{Look, Pane, Trail};
use parts::Origin;

use super::effect::Ticket;
use super::theme::{Role, Theme};
use super::widget::field::Field;
use super::widget::{rows, server};
use crate::domain::Untrusted;
use crate::guard::sanitise;

/// A file's name while it is typed, and while the file is written.
#[derive(Debug)]
struct Saving {
    name: Field,
    ticket: Option<Ticket>,
}

/// Something inside of what is looked at, looked at by itself.
#[derive(Debug)]
struct Inner {
    pane: Pane,
    /// The way there.
    trail: Trail,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Viewer {
    base: Pane,
    stack: Vec<Inner>,
    /// What became of it, in a word or two; empty: nothing is said.
    word: &'static str,
    /// More of callboard's words behind it.
    note: String,
    /// What a file of it is called.
    stem: String,
    /// What was searched for last.
    needle: Option<Needle>,
    /// What is being typed to be searched for.
    search: Option<Field>,
    saving: Option<Saving>,
}

impl Viewer {
    fn new(value: Value, origin: Origin, word: &'static str) -> Self {
        Self {
            base: Pane::of(&Arc::new(value), origin),
            stack: Vec::new(),
            word,
            note: String::new(),
            stem: "result".to_owned(),
            needle: None,
            search: None,
            saving: None,
        }
    }

    /// What a function answered.
    pub(super) fn of_result(result: Value) -> Self {
        Self::new(result, Origin::Result, "answered")
    }

    /// A call whole, as far as it is known: no result where it was refused or failed
    /// before there was one.
    pub(super) fn of_call(arguments: Option<Value>, result: Option<Value>) -> Self {
        let parts = [("arguments", arguments), ("result", result)];
        let call = parts
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        Self::new(Value::Object(call), Origin::Call, "")
    }

    /// A resource that was read (MCP `ReadResourceResult`).
    pub(super) fn of_contents(result: Value) -> Self {
        Self::new(result, Origin::Contents, "read")
    }

    /// A prompt that was filled in (MCP `GetPromptResult`).
    pub(super) fn of_messages(result: Value) -> Self {
        Self::new(result, Origin::Messages, "filled in")
    }

    /// Any JSON. Its strings are taken for the server's.
    #[cfg(test)]
    pub(super) fn of_value(value: Value) -> Self {
        Self::new(value, Origin::Value, "")
    }

    /// With words of callboard's behind what became of it, such as how long it took.
    pub(super) fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With a name for its file, as far as that is fit for one.
    pub(super) fn named(mut self, name: &Untrusted) -> Self {
        let stem: String = name
            .raw()
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
            .take(48)
            .collect();
        if !stem.is_empty() {
            self.stem = stem;
        }
        self
    }

    /// Looked at as another one was that it takes the place of: the same way, a text at
    /// the same place.
    pub(super) fn in_place_of(mut self, before: &Self) -> Self {
        self.base.look_as(&before.base);
        self
    }

    /// A name for the file that it is written to, at a time of the face's clock.
    fn file_name(&self, now: u64) -> String {
        let ending = self.front().ending();
        format!("{}-{}.{ending}", self.stem, now / 1000)
    }

    fn front(&self) -> &Pane {
        self.stack.last().map_or(&self.base, |inner| &inner.pane)
    }

    fn front_mut(&mut self) -> &mut Pane {
        match self.stack.last_mut() {
            Some(inner) => &mut inner.pane,
            None => &mut self.base,
        }
    }

    /// The way that it is looked at.
    pub(super) fn view_now(&self) -> View {
        self.front().view
    }

    /// Whether a search is being typed.
    pub(super) fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Whether the name of a file is being typed.
    pub(super) fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// The room for what is looked at: below one line of words and above another.
    fn look(theme: Theme, area: Rect, pixels: CellPixels) -> Look {
        let body = Rect {
            y: area.y.saturating_add(1),
            height: area.height.saturating_sub(2),
            ..area
        };
        Look {
            theme,
            body,
            pixels,
        }
    }

    /// Keeps everything within its bounds.
    fn keep(&mut self, look: Look) {
        self.front_mut().settle(look);
    }

    /// Draws it. `focused`: it has the keys, or a field of it has.
    pub(super) fn view(
        &self,
        theme: Theme,
        frame: &mut Frame<'_>,
        (area, pixels): (Rect, CellPixels),
        focused: bool,
    ) {
        let look = Self::look(theme, area, pixels);
        let top = Rect { height: 1, ..area };
        frame.render_widget(self.head(theme, usize::from(area.width)), top);
        self.front()
            .view(frame, look, self.needle.as_ref(), focused);
        let bottom = Rect {
            y: area.bottom().saturating_sub(1),
            height: area.height.min(1),
            ..area
        };
        self.status(look, frame, bottom, focused);
    }

    /// What became of it, and the ways to look at it.
    fn head(&self, theme: Theme, width: usize) -> Line<'static> {
        let (left, views) = self.both_ends(theme, width);
        let between = width.saturating_sub(left.width().saturating_add(views.width()));
        let mut spans = left.spans;
        spans.push(Span::raw(" ".repeat(between)));
        spans.extend(views.spans);
        Line::from(spans)
    }

    /// The left and the right end of the line at the top.
    fn both_ends(&self, theme: Theme, width: usize) -> (Line<'static>, Line<'static>) {
        let (sign, word, role) = if self.base.failed() {
            let word = "the function says that it failed";
            (theme.pick("✕", "x"), word, Role::Bad)
        } else {
            (theme.pick("●", "*"), self.word, Role::Good)
        };
        let mut spans = Vec::new();
        if !word.is_empty() {
            spans.push(Span::styled(format!("{sign} {word}"), theme.style(role)));
        }
        for more in [self.note.clone(), self.trail(theme)] {
            if more.is_empty() {
                continue;
            }
            if !spans.is_empty() {
                spans.push(Span::styled(theme.dot(), theme.style(Role::Quiet)));
            }
            spans.push(Span::styled(more, theme.style(Role::Quiet)));
        }
        let left = Line::from(spans);
        let views = self.views(theme, width.saturating_sub(left.width().saturating_add(2)));
        let room = width.saturating_sub(views.width().saturating_add(2));
        (rows::cut_line(left, room), views)
    }

    /// The way to what is looked at by itself.
    fn trail(&self, theme: Theme) -> String {
        match self.stack.last().map(|inner| &inner.trail) {
            Some(Trail::Own(words)) => words.clone(),
            Some(Trail::Path(path)) => server::quoted(theme, path, 40),
            None => String::new(),
        }
    }

    /// The ways to look at it, the present one set apart; that one alone where there
    /// is no room for all.
    fn views(&self, theme: Theme, room: usize) -> Line<'static> {
        let pane = self.front();
        // The brackets stand in the room between two; where that is scarce, one blank is
        // enough, and none at the end.
        for close in [false, true] {
            let last = pane.views.len().saturating_sub(1);
            let words = pane.views.iter().enumerate().map(|(place, view)| {
                let blank = if place == last { "" } else { " " };
                let (word, role) = match (*view == pane.view, close) {
                    (true, false) => (format!("[{}]", view.word()), Role::Focus),
                    (true, true) => (format!("[{}]{blank}", view.word()), Role::Focus),
                    (false, false) => (format!(" {} ", view.word()), Role::Quiet),
                    (false, true) => (format!("{}{blank}", view.word()), Role::Quiet),
                };
                Span::styled(word, theme.style(role))
            });
            let all = Line::from_iter(words);
            if all.width() <= room {
                return all;
            }
        }
        let word = format!("[{}]", pane.view.word());
        Line::styled(word, theme.style(Role::Focus))
    }

    /// The way to look at it whose name stands in a column of the line at the top.
    fn view_at(&self, theme: Theme, width: usize, column: usize) -> Option<View> {
        let (_, views) = self.both_ends(theme, width);
        let pane = self.front();
        if views.spans.len() != pane.views.len() {
            return None;
        }
        let mut from = width.saturating_sub(views.width());
        pane.views
            .iter()
            .zip(&views.spans)
            .find_map(|(view, span)| {
                let begin = from;
                from = from.saturating_add(span.width());
                (begin..from).contains(&column).then_some(*view)
            })
    }

    /// The line at the bottom: a field that is typed in, or where the screen is.
    fn status(&self, look: Look, frame: &mut Frame<'_>, area: Rect, focused: bool) {
        let theme = look.theme;
        let (label, field) = match (&self.saving, &self.search) {
            (Some(saving), _) => ("Write to ", &saving.name),
            (None, Some(search)) => ("Search for ", search),
            (None, None) => {
                let line = self.front().status(look);
                let line = rows::cut_line(line, usize::from(area.width));
                frame.render_widget(line, area);
                return;
            }
        };
        let label_cells = sanitise::width(label);
        let room = usize::from(area.width).saturating_sub(label_cells.saturating_add(1));
        let (shown, cell) = field.window(room);
        let line = Line::from(vec![
            Span::styled(label, theme.style(Role::Focus)),
            Span::raw(shown),
        ]);
        frame.render_widget(line, area);
        if focused {
            let x = u16::try_from(label_cells.saturating_add(cell)).unwrap_or(0);
            frame.set_cursor_position(Position::new(area.x.saturating_add(x), area.y));
        }
    }
}

#[cfg(test)]
mod tests;
