//! What keys do to a pane.

use ratatui::layout::Rect;

use super::{Did, Look, Pane, Trail, View};
use crate::tui::action::Action;
use crate::tui::pointer::Click;
use crate::tui::viewer::needle::Needle;
use crate::tui::viewer::parts::{Part, PartKind};
use crate::tui::viewer::tree;
use crate::tui::widget::cursor::Hit;

impl Pane {
    /// Shows it another way.
    fn look_at(&mut self, view: View, look: Look) -> Did {
        if !self.views.contains(&view) {
            return Did::Say(format!("there is no {} in it", view.word()));
        }
        self.view = view;
        self.from_parts = false;
        self.settle(look);
        Did::Done
    }

    /// Goes back to the list of parts, where what is looked at was opened from it.
    pub(in crate::tui::viewer) fn back(&mut self) -> bool {
        let back = std::mem::take(&mut self.from_parts);
        if back {
            self.view = View::Parts;
        }
        back
    }

    /// Does what a key stands for.
    pub(in crate::tui::viewer) fn act(&mut self, action: Action, look: Look) -> Did {
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
            View::Text | View::Raw => self.words_mut().is_some_and(|(text, source)| {
                let mut pages = text.pages;
                let paper = text.paper(source, paper);
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
            View::Json | View::Tree => return self.act_on_tree(action, height),
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

    /// Takes the mouse where there are rows; `None` where it is a text or a picture.
    pub(in crate::tui::viewer) fn click(&mut self, click: Click, look: Look) -> Option<Hit> {
        self.settle(look);
        let body = look.body;
        match self.view {
            View::Json | View::Tree => {
                let tree = self.tree()?;
                let rows = tree.rows();
                Some(tree.cursor.click(click, body, rows))
            }
            View::Table => {
                // The first line is the heading.
                let below = Rect {
                    y: body.y.saturating_add(1),
                    height: body.height.saturating_sub(1),
                    ..body
                };
                let table = self.table.as_mut()?;
                let rows = table.rows();
                Some(table.cursor.click(click, below, rows))
            }
            View::Parts => Some(self.items.click(click, body, self.parts.list.len())),
            View::Text | View::Markdown | View::Raw | View::Picture => None,
        }
    }

    /// The part that is chosen in the list of parts, or looked at.
    pub(super) fn part(&self) -> Option<Part> {
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
                let did = self.look_at(View::Picture, look);
                self.from_parts = true;
                did
            }
            PartKind::Link => match self.parts.says(part, "uri") {
                Some(uri) => Did::Open(uri),
                None => Did::Done,
            },
            PartKind::Audio | PartKind::Blob => {
                Did::Say("it cannot be shown here: {save} writes it to a file".to_owned())
            }
        }
    }

    /// Goes to the next match, or the one before. `None` where there is none; whether
    /// it went round the end otherwise.
    pub(in crate::tui::viewer) fn seek(
        &mut self,
        needle: &Needle,
        forward: bool,
        look: Look,
    ) -> Option<bool> {
        self.settle(look);
        let (height, paper) = (look.height(), look.paper());
        match self.view {
            View::Text | View::Raw => {
                let (text, source) = self.words_mut()?;
                text.seek(source, paper, height, needle, forward)
            }
            View::Markdown => {
                self.markdown
                    .as_mut()?
                    .seek(&self.parts, paper, height, needle, forward)
            }
            View::Table => self.table.as_mut()?.seek(height, needle, forward),
            View::Json | View::Tree => self.tree()?.seek(height, needle, forward),
            View::Parts | View::Picture => None,
        }
    }

    /// Whether there is anything to search in.
    pub(in crate::tui::viewer) fn can_seek(&self) -> bool {
        !matches!(self.view, View::Parts | View::Picture)
    }
}
