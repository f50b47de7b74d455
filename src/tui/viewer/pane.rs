//! One thing looked at: which ways there are to look at it, and how far each is.

mod again;
mod draw;
mod hand_over;
mod ways;

use std::sync::Arc;

use ratatui::layout::Rect;
use serde_json::Value;

use super::markdown::{self, Markdown};
use super::needle::Needle;
use super::node::Node;
use super::pages::{Pages, Window};
use super::parts::{Origin, Part, PartKind, Parts};
use super::picture::{CellPixels, Gallery};
use super::table::{self, Table};
use super::text::Text;
use super::tree::{self, Tree};
use crate::domain::Untrusted;
use crate::tui::action::Action;
use crate::tui::theme::Theme;
use crate::tui::widget::cursor::Cursor;

use ways::{data, views};

/// A way to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum View {
    /// As text.
    Text,
    /// As text written in Markdown.
    Markdown,
    /// As a table.
    Table,
    /// As a JSON tree.
    Json,
    /// As a picture.
    Picture,
    /// Its parts, one a row.
    Parts,
    /// All that came, as a JSON tree.
    Raw,
}

impl View {
    /// What it is called.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "Markdown",
            Self::Table => "table",
            Self::Json => "JSON",
            Self::Picture => "picture",
            Self::Parts => "parts",
            Self::Raw => "raw",
        }
    }

    /// The action that shows it.
    fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::ViewText => Self::Text,
            Action::ViewMarkdown => Self::Markdown,
            Action::ViewTable => Self::Table,
            Action::ViewJson => Self::Json,
            Action::ViewPicture => Self::Picture,
            Action::ViewParts => Self::Parts,
            Action::ViewRaw => Self::Raw,
            _ => return None,
        })
    }
}

/// The way to something that is looked at by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trail {
    /// In callboard's words.
    Own(String),
    /// By the server's keys.
    Path(Untrusted),
}

/// What a key did.
#[derive(Debug)]
pub(super) enum Did {
    /// It means nothing here.
    NotMine,
    /// It is done.
    Done,
    /// Something of it is to be looked at by itself; the way there for the title.
    Inner(Box<Pane>, Trail),
    /// The resource at an address is wished for.
    Open(Untrusted),
    /// This is to be said.
    Say(String),
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pane {
    whole: Node,
    parts: Parts,
    /// The JSON that it is about, if it is.
    data: Option<Node>,
    pub(super) views: Vec<View>,
    pub(super) view: View,
    text: Option<Text>,
    markdown: Option<Markdown>,
    table: Option<Table>,
    json: Option<Tree>,
    raw: Option<Tree>,
    items: Cursor,
    gallery: Gallery,
    /// What of a text is on the screen, as it was laid out last.
    shown: Option<(Laid, Window)>,
}

/// What a text was laid out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Laid {
    view: View,
    paper: (Theme, usize),
    height: usize,
    pages: Pages,
}

/// The room there is, and the looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) theme: Theme,
    pub(super) body: Rect,
    pub(super) pixels: CellPixels,
}

impl Look {
    /// Columns for what is looked at; the last one is for the marks of more.
    fn width(self) -> usize {
        usize::from(self.body.width.saturating_sub(1))
    }

    fn height(self) -> usize {
        usize::from(self.body.height)
    }

    fn paper(self) -> (Theme, usize) {
        (self.theme, self.width())
    }
}

impl Laid {
    fn of(view: View, look: Look, pages: Pages) -> Self {
        Self {
            view,
            paper: look.paper(),
            height: look.height(),
            pages,
        }
    }
}

/// Whether what was laid out last is what is to be shown.
fn is_laid(shown: Option<&(Laid, Window)>, view: View, look: Look, pages: Pages) -> bool {
    shown.is_some_and(|(laid, _)| *laid == Laid::of(view, look, pages))
}

impl Pane {
    /// What came.
    pub(super) fn of(whole: &Arc<Value>, origin: Origin) -> Self {
        let parts = Parts::of(whole, origin);
        Self::new(Node::root(Arc::clone(whole)), parts)
    }

    /// Something inside of it.
    pub(super) fn at(node: Node) -> Self {
        let parts = Parts::of(&Arc::new(Value::Null), Origin::Value);
        Self::new(node, parts)
    }

    fn new(whole: Node, parts: Parts) -> Self {
        let data = data(&whole, &parts);
        let table = data.as_ref().and_then(table::find).map(Table::of);
        let views = views(&whole, &parts, data.is_some(), table.is_some());
        let mut pane = Self {
            gallery: Gallery::of(&parts),
            view: views.first().copied().unwrap_or(View::Json),
            whole,
            parts,
            data,
            views,
            text: None,
            markdown: None,
            table,
            json: None,
            raw: None,
            items: Cursor::default(),
            shown: None,
        };
        pane.view = pane.fitting();
        pane
    }

    /// Whether the server says that it failed.
    pub(super) fn failed(&self) -> bool {
        let result = match self.parts.origin {
            Origin::Call => self.whole.member("result"),
            _ => self.whole.clone(),
        };
        let by_function = matches!(self.parts.origin, Origin::Result | Origin::Call);
        by_function && result.value().get("isError") == Some(&Value::Bool(true))
    }

    /// The view that fits best.
    fn fitting(&self) -> View {
        let has = |view: View| self.views.contains(&view).then_some(view);
        let pictures_alone = self
            .parts
            .list
            .iter()
            .all(|part| part.kind == PartKind::Picture);
        if self.failed() || self.parts.origin == Origin::Call {
            return has(View::Text).unwrap_or(View::Raw);
        }
        if pictures_alone && let Some(view) = has(View::Picture) {
            return view;
        }
        if let Some(view) = has(View::Table).or(has(View::Json)) {
            return view;
        }
        if has(View::Markdown).is_some() && self.is_markdown() {
            return View::Markdown;
        }
        has(View::Text)
            .or(has(View::Parts))
            .or(has(View::Raw))
            .unwrap_or(View::Json)
    }

    /// Whether the text was written as Markdown, by what it says of itself or looks
    /// like.
    fn is_markdown(&self) -> bool {
        if let Some(text) = self.whole.value().as_str() {
            return markdown::is_likely(text);
        }
        let mut texts = self.parts.texts().take(8);
        texts.any(|part| match self.parts.media(part).as_str() {
            media if media.starts_with("text/markdown") => true,
            "" => self
                .parts
                .with_text(part, markdown::is_likely)
                .unwrap_or(false),
            _ => false,
        })
    }

    fn tree(&mut self) -> Option<&mut Tree> {
        match self.view {
            View::Raw => {
                let whole = &self.whole;
                Some(self.raw.get_or_insert_with(|| Tree::of(whole.clone())))
            }
            View::Json => {
                let data = self.data.as_ref().unwrap_or(&self.whole);
                Some(self.json.get_or_insert_with(|| Tree::of(data.clone())))
            }
            _ => None,
        }
    }

    /// Makes what the view needs, and keeps everything within its bounds.
    pub(super) fn settle(&mut self, look: Look) {
        let (height, paper) = (look.height(), look.paper());
        match self.view {
            View::Text => {
                let text = self
                    .text
                    .get_or_insert_with(|| Text::of(&self.parts, &self.whole));
                if is_laid(self.shown.as_ref(), View::Text, look, text.pages) {
                    return;
                }
                let mut pages = text.pages;
                let source = (&self.parts, &self.whole);
                let window = pages.settle(&text.paper(source, paper), height);
                text.pages = pages;
                self.shown = Some((Laid::of(View::Text, look, pages), window));
            }
            View::Markdown => {
                let alone = self.whole.value().as_str();
                let markdown = self
                    .markdown
                    .get_or_insert_with(|| Markdown::of(&self.parts, alone));
                if is_laid(self.shown.as_ref(), View::Markdown, look, markdown.pages) {
                    return;
                }
                let mut pages = markdown.pages;
                let window = pages.settle(&markdown.paper(&self.parts, paper), height);
                markdown.pages = pages;
                self.shown = Some((Laid::of(View::Markdown, look, pages), window));
            }
            View::Table => {
                if let Some(table) = &mut self.table {
                    table.settle(height);
                }
            }
            View::Json | View::Raw => {
                if let Some(tree) = self.tree() {
                    let rows = tree.rows();
                    tree.cursor.settle(rows, height);
                }
            }
            View::Parts => self.items.settle(self.parts.list.len(), height),
            View::Picture => {}
        }
    }

    /// Shows it another way.
    fn look_at(&mut self, view: View, look: Look) -> Did {
        if !self.views.contains(&view) {
            return Did::Say(format!("there is no {} in it", view.word()));
        }
        self.view = view;
        self.settle(look);
        Did::Done
    }

    /// Does what a key stands for.
    pub(super) fn act(&mut self, action: Action, look: Look) -> Did {
        if let Some(view) = View::of(action) {
            return self.look_at(view, look);
        }
        if action == Action::ToggleView {
            let here = self.views.iter().position(|view| *view == self.view);
            let next = here.map_or(0, |here| here.saturating_add(1));
            let view = self.views.get(next).or(self.views.first()).copied();
            return view.map_or(Did::Done, |view| self.look_at(view, look));
        }
        self.settle(look);
        let (height, paper) = (look.height(), look.paper());
        let mine = match self.view {
            View::Text => self.text.as_mut().is_some_and(|text| {
                let mut pages = text.pages;
                let paper = text.paper((&self.parts, &self.whole), paper);
                let mine = pages.act(action, &paper, height);
                text.pages = pages;
                mine
            }),
            View::Markdown => self.markdown.as_mut().is_some_and(|markdown| {
                let mut pages = markdown.pages;
                let mine = pages.act(action, &markdown.paper(&self.parts, paper), height);
                markdown.pages = pages;
                mine
            }),
            View::Table => return self.act_on_table(action, height),
            View::Json | View::Raw => return self.act_on_tree(action, height),
            View::Parts => return self.act_on_parts(action, look),
            View::Picture => match action {
                Action::ViewLeft | Action::Up => {
                    self.gallery.step(false);
                    true
                }
                Action::ViewRight | Action::Down => {
                    self.gallery.step(true);
                    true
                }
                _ => false,
            },
        };
        if !mine {
            return Did::NotMine;
        }
        self.settle(look);
        Did::Done
    }

    fn act_on_table(&mut self, action: Action, height: usize) -> Did {
        let Some(table) = &mut self.table else {
            return Did::NotMine;
        };
        if action == Action::ViewOpen {
            let title = format!("row {}", table.cursor.row.saturating_add(1));
            return Did::Inner(Box::new(Self::at(table.chosen())), Trail::Own(title));
        }
        if table.act(action, height) {
            Did::Done
        } else {
            Did::NotMine
        }
    }

    fn act_on_tree(&mut self, action: Action, height: usize) -> Did {
        let Some(tree) = self.tree() else {
            return Did::NotMine;
        };
        match tree.act(action, height) {
            tree::Did::NotMine => Did::NotMine,
            tree::Did::Done => Did::Done,
            tree::Did::Read => {
                let pane = Self::at(tree.chosen());
                Did::Inner(Box::new(pane), Trail::Path(tree.path()))
            }
            tree::Did::NotAll => Did::Say(
                "there is too much to unfold all of it: the first part of it is".to_owned(),
            ),
        }
    }

    /// The part that is chosen in the list of parts, or looked at.
    fn part(&self) -> Option<Part> {
        match self.view {
            View::Parts => self.parts.list.get(self.items.row).copied(),
            View::Picture => self.gallery.chosen(),
            _ => None,
        }
    }

    fn act_on_parts(&mut self, action: Action, look: Look) -> Did {
        let rows = self.parts.list.len();
        if self.items.go(action, rows, look.height()) {
            return Did::Done;
        }
        let Some(part) = self.part().filter(|_| action == Action::ViewOpen) else {
            return Did::NotMine;
        };
        let title = format!("part {} of {rows}", self.items.row.saturating_add(1));
        match part.kind {
            PartKind::Text | PartKind::Resource => match self.parts.text_node(part) {
                Some(node) => Did::Inner(Box::new(Self::at(node)), Trail::Own(title)),
                None => Did::Done,
            },
            PartKind::Unknown => {
                let pane = Self::at(self.parts.node(part));
                Did::Inner(Box::new(pane), Trail::Own(title))
            }
            PartKind::Picture => {
                self.gallery.choose(part);
                self.look_at(View::Picture, look)
            }
            PartKind::Link => match self.parts.says(part, "uri") {
                Some(uri) => Did::Open(uri),
                None => Did::Done,
            },
            PartKind::Audio | PartKind::Blob => {
                Did::Say("it cannot be shown here: o writes it to a file".to_owned())
            }
        }
    }

    /// Goes to the next match, or the one before. `None` where there is none; whether
    /// it went round the end otherwise.
    pub(super) fn seek(&mut self, needle: &Needle, forward: bool, look: Look) -> Option<bool> {
        self.settle(look);
        let (height, paper) = (look.height(), look.paper());
        match self.view {
            View::Text => {
                let source = (&self.parts, &self.whole);
                self.text
                    .as_mut()?
                    .seek(source, paper, height, needle, forward)
            }
            View::Markdown => {
                self.markdown
                    .as_mut()?
                    .seek(&self.parts, paper, height, needle, forward)
            }
            View::Table => self.table.as_mut()?.seek(height, needle, forward),
            View::Json | View::Raw => self.tree()?.seek(height, needle, forward),
            View::Parts | View::Picture => None,
        }
    }

    /// Whether there is anything to search in.
    pub(super) fn can_seek(&self) -> bool {
        !matches!(self.view, View::Parts | View::Picture)
    }

    pub(super) fn gallery(&self) -> Option<&Gallery> {
        (self.view == View::Picture).then_some(&self.gallery)
    }

    pub(super) fn gallery_mut(&mut self) -> (&mut Gallery, &Parts) {
        (&mut self.gallery, &self.parts)
    }
}
