//! What a form consists of: a tree of fields, each with what was typed into it.

use serde_json::Value;

use super::kind::{Choice, FormName, Why};
use super::schema::Source;
use super::words::Wrong;
use crate::domain::Untrusted;
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::{Field, SecretField};

/// How a field is called.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Name {
    /// Not at all: it is the whole.
    Top,
    /// By the schema.
    Member(Untrusted),
    /// By its place in a list.
    Item,
    /// By whoever fills the form in.
    Free,
    /// By the form that was chosen above it.
    Form,
}

/// What was said about a value besides the value itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stance {
    /// Nothing: it is given when something is there.
    #[default]
    Auto,
    /// It is given, even if it is empty.
    Given,
    /// It is left out; what is there is kept.
    Left,
    /// It is null.
    Null,
}

/// What the schema says about a field.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) name: Name,
    pub(super) title: Option<Untrusted>,
    pub(super) description: Option<Untrusted>,
    pub(super) required: bool,
    pub(super) nullable: bool,
    /// What the server takes where it is not given.
    pub(super) default: Option<Value>,
    /// What it is, in callboard's words.
    pub(super) words: String,
}

/// A field, or several in one.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) about: About,
    pub(super) source: Source,
    /// How many others it is inside of.
    pub(super) level: usize,
    pub(super) stance: Stance,
    pub(super) content: Content,
    /// What is wrong with it, once that was looked at.
    pub(super) wrong: Option<Wrong>,
}

/// What was typed or chosen.
#[derive(Debug)]
pub(super) enum Content {
    Text(Field),
    Long(Editor),
    Secret(SecretField),
    Number { field: Field, whole: bool },
    Pick(Pick),
    Ticks(Ticks),
    List(List),
    Group(Group),
    Variants(Variants),
    Json(Editor, Why),
}

/// One of several values.
#[derive(Debug)]
pub(super) struct Pick {
    pub(super) choices: Vec<Choice>,
    /// Values that are not among them, because there are too many.
    pub(super) more: usize,
    pub(super) chosen: Option<usize>,
    /// Letters typed to find one.
    pub(super) search: String,
    /// It is one of *true* and *false*.
    pub(super) switch: bool,
}

/// Several of several values.
#[derive(Debug)]
pub(super) struct Ticks {
    pub(super) choices: Vec<Choice>,
    pub(super) ticked: Vec<bool>,
    /// The one that a tick is put to.
    pub(super) at: usize,
}

/// Values in a row.
#[derive(Debug)]
pub(super) struct List {
    pub(super) open: bool,
    pub(super) items: Vec<Node>,
    pub(super) of: Source,
}

/// Members by name.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) open: bool,
    /// It has no line of its own: the whole, or what was chosen above it.
    pub(super) bare: bool,
    /// `None`: not read yet.
    pub(super) members: Option<Vec<Node>>,
    /// Members that the schema does not name.
    pub(super) extras: Vec<Extra>,
    /// What they may be; `None`: there may be none.
    pub(super) free: Option<Source>,
    /// Members that have no field, because there are too many.
    pub(super) more: usize,
}

/// A member whose name is typed.
#[derive(Debug)]
pub(super) struct Extra {
    pub(super) key: Field,
    /// It came with its name, which may be empty then.
    pub(super) named: bool,
    pub(super) node: Node,
}

/// One of several forms.
#[derive(Debug)]
pub(super) struct Variants {
    pub(super) forms: Vec<(FormName, Source)>,
    pub(super) chosen: Option<usize>,
    /// What was typed into each, the present one or not.
    pub(super) nodes: Vec<Option<Node>>,
}

impl Variants {
    /// The form that is filled in.
    pub(super) fn node(&self) -> Option<&Node> {
        self.nodes.get(self.chosen?)?.as_ref()
    }

    fn node_mut(&mut self) -> Option<&mut Node> {
        self.nodes.get_mut(self.chosen?)?.as_mut()
    }
}

impl Group {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        let members = self.members.as_ref().map_or(0, Vec::len);
        members.saturating_add(self.extras.len())
    }

    /// Fields and free members, in the order of the form.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        let members = self.members.iter().flatten();
        members.chain(self.extras.iter().map(|extra| &extra.node))
    }

    /// The free member at a place among all.
    pub(super) fn extra(&self, place: usize) -> Option<&Extra> {
        let members = self.members.as_ref().map_or(0, Vec::len);
        self.extras.get(place.checked_sub(members)?)
    }

    /// The same, to be typed into.
    pub(super) fn extra_mut(&mut self, place: usize) -> Option<&mut Extra> {
        let members = self.members.as_ref().map_or(0, Vec::len);
        self.extras.get_mut(place.checked_sub(members)?)
    }
}

impl Content {
    /// Whether something is there.
    pub(super) fn is_filled(&self) -> bool {
        match self {
            Self::Text(field) | Self::Number { field, .. } => !field.text().is_empty(),
            Self::Long(editor) => !editor.is_empty(),
            Self::Json(editor, _) => !editor.text().trim().is_empty(),
            Self::Secret(field) => !field.is_empty(),
            Self::Pick(pick) => pick.chosen.is_some(),
            Self::Ticks(ticks) => ticks.ticked.contains(&true),
            Self::List(list) => !list.items.is_empty(),
            Self::Group(group) => {
                !group.extras.is_empty() || group.members.iter().flatten().any(Node::is_given)
            }
            Self::Variants(variants) => variants.chosen.is_some(),
        }
    }

    /// Whether its value is typed, and not chosen or put together.
    pub(super) fn is_typed(&self) -> bool {
        matches!(
            self,
            Self::Text(_) | Self::Long(_) | Self::Secret(_) | Self::Number { .. } | Self::Json(..)
        )
    }

    /// Whether letters go into it.
    pub(super) fn takes_text(&self) -> bool {
        match self {
            Self::Pick(pick) => pick.is_searched(),
            other => other.is_typed(),
        }
    }
}

impl Pick {
    /// Whether there are so many that letters find one.
    pub(super) fn is_searched(&self) -> bool {
        self.choices.len() > 8
    }
}

impl Node {
    /// Whether it is part of the value.
    pub(super) fn is_given(&self) -> bool {
        match self.stance {
            Stance::Auto => self.content.is_filled(),
            Stance::Given | Stance::Null => true,
            Stance::Left => false,
        }
    }

    /// The part of this number.
    pub(super) fn child(&self, place: usize) -> Option<&Self> {
        match &self.content {
            Content::List(list) => list.items.get(place),
            Content::Group(group) => match group.members.as_ref().and_then(|it| it.get(place)) {
                Some(member) => Some(member),
                None => group.extra(place).map(|extra| &extra.node),
            },
            Content::Variants(variants) => variants.node(),
            _ => None,
        }
    }

    fn child_mut(&mut self, place: usize) -> Option<&mut Self> {
        match &mut self.content {
            Content::List(list) => list.items.get_mut(place),
            Content::Group(group) => {
                let members = group.members.as_ref().map_or(0, Vec::len);
                match place.checked_sub(members) {
                    None => group.members.as_mut()?.get_mut(place),
                    Some(place) => group.extras.get_mut(place).map(|extra| &mut extra.node),
                }
            }
            Content::Variants(variants) => variants.node_mut(),
            _ => None,
        }
    }

    /// Its parts, in the order of their numbers.
    pub(super) fn children(&self) -> Vec<&Self> {
        match &self.content {
            Content::List(list) => list.items.iter().collect(),
            Content::Group(group) => group.nodes().collect(),
            Content::Variants(variants) => variants.node().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The part that a path leads to.
    pub(super) fn at(&self, path: &[usize]) -> Option<&Self> {
        path.iter().try_fold(self, |node, place| node.child(*place))
    }

    /// The same, to be changed.
    pub(super) fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        path.iter()
            .try_fold(self, |node, place| node.child_mut(*place))
    }

    /// Does something to each part on the way to a path, the outermost first, the
    /// last one too.
    pub(super) fn on_the_way(&mut self, path: &[usize], does: &mut dyn FnMut(&mut Self)) {
        does(self);
        if let Some((first, rest)) = path.split_first()
            && let Some(child) = self.child_mut(*first)
        {
            child.on_the_way(rest, does);
        }
    }

    /// Does something to it and to each part that is there, however deep.
    pub(super) fn each(&mut self, does: &mut dyn FnMut(&mut Self)) {
        does(self);
        self.each_part(&mut |part| part.each(does));
    }

    /// Does something to each of its parts.
    pub(super) fn each_part(&mut self, does: &mut dyn FnMut(&mut Self)) {
        match &mut self.content {
            Content::List(list) => list.items.iter_mut().for_each(does),
            Content::Group(group) => {
                let members = group.members.iter_mut().flatten();
                let extras = group.extras.iter_mut().map(|extra| &mut extra.node);
                members.chain(extras).for_each(does);
            }
            Content::Variants(variants) => {
                if let Some(node) = variants.node_mut() {
                    does(node);
                }
            }
            _ => {}
        }
    }
}
