//! One thing looked at: which ways there are to look at it, and how far each is.

mod act;
mod again;
mod draw;
mod hand_over;
mod views;

pub(in crate::tui) use views::View;

use std::sync::Arc;

use ratatui::layout::Rect;
use serde_json::Value;

use super::markdown::Markdown;
use super::node::Node;
use super::pages::{Pages, Window};
use super::parts::{Origin, Parts};
use super::picture::{CellPixels, Gallery};
use super::table::{self, Table};
use super::text::Text;
use super::tree::Tree;
use crate::domain::Untrusted;
use crate::tui::theme::Theme;
use crate::tui::widget::cursor::Cursor;

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
    /// All that came, as a tree and as the text of its JSON.
    all: Option<Tree>,
    raw: Option<Text>,
    items: Cursor,
    gallery: Gallery,
    /// Whether the picture was opened from the list of parts.
    from_parts: bool,
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
        let data = views::data(&whole, &parts);
        let table = data.as_ref().and_then(table::find).map(Table::of);
        let views = views::views(&whole, &parts, data.is_some(), table.is_some());
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
            all: None,
            raw: None,
            items: Cursor::default(),
            from_parts: false,
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

    fn tree(&mut self) -> Option<&mut Tree> {
        match self.view {
            View::Tree => {
                let whole = &self.whole;
                Some(self.all.get_or_insert_with(|| Tree::of(whole.clone())))
            }
            View::Json => {
                let data = self.data.as_ref().unwrap_or(&self.whole);
                Some(self.json.get_or_insert_with(|| Tree::of(data.clone())))
            }
            _ => None,
        }
    }

    /// The text that is looked at, with what it is laid out from.
    fn words_mut(&mut self) -> Option<(&mut Text, (&Parts, &Node))> {
        let text = match self.view {
            View::Text => self.text.as_mut(),
            View::Raw => self.raw.as_mut(),
            _ => None,
        };
        Some((text?, (&self.parts, &self.whole)))
    }

    /// The same, to be read.
    fn words(&self) -> Option<&Text> {
        match self.view {
            View::Text => self.text.as_ref(),
            View::Raw => self.raw.as_ref(),
            _ => None,
        }
    }

    /// Makes what the view needs, and keeps everything within its bounds.
    pub(super) fn settle(&mut self, look: Look) {
        let (height, paper) = (look.height(), look.paper());
        match self.view {
            view @ (View::Text | View::Raw) => {
                let text = match view {
                    View::Raw => self.raw.get_or_insert_with(|| Text::raw(&self.whole)),
                    _ => self
                        .text
                        .get_or_insert_with(|| Text::of(&self.parts, &self.whole)),
                };
                if is_laid(self.shown.as_ref(), view, look, text.pages) {
                    return;
                }
                let mut pages = text.pages;
                let source = (&self.parts, &self.whole);
                let window = pages.settle(&text.paper(source, paper), height);
                text.pages = pages;
                self.shown = Some((Laid::of(view, look, pages), window));
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
            View::Json | View::Tree => {
                if let Some(tree) = self.tree() {
                    let rows = tree.rows();
                    tree.cursor.settle(rows, height);
                }
            }
            View::Parts => self.items.settle(self.parts.list.len(), height),
            View::Picture => {}
        }
    }

    pub(super) fn gallery(&self) -> Option<&Gallery> {
        (self.view == View::Picture).then_some(&self.gallery)
    }

    pub(super) fn gallery_mut(&mut self) -> (&mut Gallery, &Parts) {
        (&mut self.gallery, &self.parts)
    }
}
