//! Fields made from a schema, empty or filled with a value. Nothing of the value is
//! lost: what a field would not take becomes JSON.

use serde_json::{Map, Value};

use super::kind::{Choice, FormName, Kind, Read, Reading, Why};
use super::node::{About, Content, Extra, Group, List, Name, Node, Pick, Stance, Ticks, Variants};
use super::schema::{Source, View};
use super::{Prefill, secret, words};
use crate::domain::Untrusted;
use crate::tui::widget::editor::Editor;
use crate::tui::widget::field::{Field, SecretField};

/// Levels of fields inside each other.
const MAX_LEVEL: usize = 12;
/// Items of a list that get a field.
const MAX_ITEMS: usize = 200;
/// Longest description that is kept, in characters.
const MAX_DESCRIPTION: usize = 4_000;
/// Longest text in a field of one line, in characters.
const MAX_LINE: usize = 2_000;

/// Makes fields.
pub(super) struct Builder<'s> {
    reading: Reading<'s>,
    prefill: Prefill,
}

/// Where a field is wanted.
pub(super) struct Spot {
    pub(super) name: Name,
    pub(super) source: Source,
    pub(super) required: bool,
    pub(super) level: usize,
}

impl<'s> Builder<'s> {
    pub(super) fn new(root: &'s Value, prefill: Prefill) -> Self {
        Self {
            reading: Reading::new(root),
            prefill,
        }
    }

    /// A field, filled with the value if there is one.
    pub(super) fn node(&mut self, spot: Spot, value: Option<Value>) -> Node {
        let room = self.reading.make();
        let Read {
            kind,
            nullable,
            source,
        } = if spot.level > MAX_LEVEL || !room {
            Read {
                kind: Kind::Json(Why::TooMuch),
                nullable: false,
                source: spot.source.clone(),
            }
        } else {
            self.reading.read(&spot.source)
        };
        let view = View::of(self.reading.root, &source);
        let about = about(&view, &spot, &kind, nullable);
        let prefilled = about
            .default
            .as_ref()
            .filter(|_| value.is_none())
            .filter(|_| match self.prefill {
                Prefill::Nothing => false,
                Prefill::Required => spot.required,
                Prefill::All => true,
            })
            .cloned();
        let mut node = Node {
            about,
            source,
            level: spot.level,
            stance: Stance::Auto,
            content: Content::Json(Editor::default(), Why::Misfit),
            wrong: None,
        };
        match value.or(prefilled) {
            Some(Value::Null) if nullable => {
                node.content = self.empty(kind, &node, &view);
                node.stance = Stance::Null;
            }
            Some(value) => self.fill(&mut node, kind, &view, value),
            None => {
                node.content = self.empty(kind, &node, &view);
                if self.prefill != Prefill::Nothing {
                    node.stance = stance_of_empty(&node, &view);
                }
            }
        }
        if node.about.required
            && self.prefill != Prefill::Nothing
            && let Content::Pick(Pick {
                choices,
                chosen: chosen @ None,
                more: 0,
                ..
            }) = &mut node.content
            && choices.len() == 1
            && node.stance == Stance::Auto
        {
            // There is nothing to choose.
            *chosen = Some(0);
        }
        node
    }

    fn fill(&mut self, node: &mut Node, kind: Kind, view: &View<'_>, value: Value) {
        let left_empty = matches!(&value, Value::String(text) if text.is_empty())
            || matches!(&value, Value::Array(items) if items.is_empty())
            || matches!(&value, Value::Object(members) if members.is_empty());
        match self.filled(node, kind, view, value) {
            Ok(content) => {
                node.content = content;
                node.stance = if left_empty {
                    Stance::Given
                } else {
                    stance_of_empty(node, view)
                };
            }
            Err(value) => {
                node.content = json(&value, Why::Misfit);
                node.about.words = words::misfit(&node.about.words);
            }
        }
    }

    /// The value as what is typed into a field of this kind, or the value back.
    fn filled(
        &mut self,
        node: &Node,
        kind: Kind,
        view: &View<'_>,
        value: Value,
    ) -> Result<Content, Value> {
        match (kind, value) {
            (Kind::Text, Value::String(text)) => match text_field(node, view) {
                Content::Secret(_) => SecretField::with(&text)
                    .map(Content::Secret)
                    .ok_or(Value::String(text)),
                Content::Text(_) if !text.contains('\n') && text.chars().count() <= MAX_LINE => {
                    Ok(Content::Text(Field::with(&text)))
                }
                _ => Ok(Content::Long(Editor::with(&text))),
            },
            (Kind::Number { whole }, Value::Number(number)) => Ok(Content::Number {
                field: Field::with(&number.to_string()),
                whole,
            }),
            (Kind::Switch, Value::Bool(on)) => Ok(Content::Pick(Pick {
                chosen: Some(usize::from(!on)),
                ..switch()
            })),
            (Kind::Choice { choices, more }, value) => {
                let chosen = choices.iter().position(|choice| choice.value == value);
                match chosen {
                    Some(_) => Ok(Content::Pick(Pick {
                        chosen,
                        ..pick(choices, more)
                    })),
                    None => Err(value),
                }
            }
            (Kind::Several(choices), Value::Array(items)) => ticks(choices, &items)
                .map(Content::Ticks)
                .ok_or(Value::Array(items)),
            (Kind::List(of), Value::Array(items)) if items.len() <= MAX_ITEMS => {
                let items = items
                    .into_iter()
                    .map(|item| self.item(&of, node.level, Some(item)))
                    .collect();
                Ok(Content::List(List {
                    open: true,
                    items,
                    of,
                }))
            }
            (Kind::Group, Value::Object(members)) => {
                self.group_of(view, node.level, members).map(Content::Group)
            }
            (Kind::Variants(forms), value) => self.variants_of(forms, node.level, value),
            (Kind::Json(why), value) => Ok(json(&value, why)),
            (_, value) => Err(value),
        }
    }

    /// An item of a list.
    pub(super) fn item(&mut self, of: &Source, level: usize, value: Option<Value>) -> Node {
        let mut node = self.unnamed(Name::Item, of, level, value);
        node.mean();
        node
    }

    /// A member that the schema does not name. With the name of a secret it is one.
    pub(super) fn extra(
        &mut self,
        key: &str,
        free: &Source,
        level: usize,
        value: Option<Value>,
    ) -> Node {
        let mut node = self.unnamed(Name::Free, free, level, value);
        node.mean();
        if secret::named(key) {
            node.hide();
        }
        node
    }

    /// One form of several.
    pub(super) fn form(&mut self, source: &Source, level: usize, value: Option<Value>) -> Node {
        let mut node = self.unnamed(Name::Form, source, level, value);
        if let Content::Group(group) = &mut node.content {
            group.bare = true;
        }
        node
    }

    /// A field without a name of the schema's, one level down.
    fn unnamed(&mut self, name: Name, source: &Source, level: usize, value: Option<Value>) -> Node {
        let spot = Spot {
            name,
            source: source.clone(),
            required: true,
            level: level.saturating_add(1),
        };
        self.node(spot, value)
    }

    /// The members that a schema names, without values.
    pub(super) fn members(&mut self, source: &Source, level: usize) -> Vec<Node> {
        let view = View::of(self.reading.root, source);
        let (members, _) = view.members();
        members
            .into_iter()
            .map(|member| {
                let spot = Spot {
                    name: Name::Member(member.name.into()),
                    source: member.source,
                    required: member.required,
                    level: level.saturating_add(1),
                };
                self.node(spot, None)
            })
            .collect()
    }

    fn group_of(
        &mut self,
        view: &View<'_>,
        level: usize,
        mut given: Map<String, Value>,
    ) -> Result<Group, Value> {
        let (named, more) = view.members();
        let unnamed = given
            .keys()
            .filter(|key| !named.iter().any(|member| member.name == **key))
            .count();
        if unnamed > MAX_ITEMS {
            return Err(Value::Object(given));
        }
        let mut members = Vec::new();
        for member in named {
            let value = given.shift_remove(&member.name);
            let spot = Spot {
                name: Name::Member(member.name.into()),
                source: member.source,
                required: member.required,
                level: level.saturating_add(1),
            };
            members.push(self.node(spot, value));
        }
        let free = view.free();
        let source = free.clone().unwrap_or_else(Source::anything);
        let extras = given
            .into_iter()
            .map(|(key, value)| Extra {
                node: self.extra(&key, &source, level, Some(value)),
                key: Field::with(&key),
                named: true,
            })
            .collect();
        Ok(Group {
            open: true,
            bare: false,
            members: Some(members),
            extras,
            free,
            more,
        })
    }

    /// The first form that the value fits without a rest, else the value back.
    fn variants_of(
        &mut self,
        forms: Vec<(FormName, Source)>,
        level: usize,
        value: Value,
    ) -> Result<Content, Value> {
        for place in 0..forms.len() {
            let Some((_, source)) = forms.get(place) else {
                break;
            };
            if !self.reading.step() {
                break;
            }
            let node = self.form(source, level, Some(value.clone()));
            if fits(&node) {
                let mut nodes: Vec<Option<Node>> = forms.iter().map(|_| None).collect();
                if let Some(slot) = nodes.get_mut(place) {
                    *slot = Some(node);
                }
                return Ok(Content::Variants(Variants {
                    forms,
                    chosen: Some(place),
                    nodes,
                }));
            }
        }
        Err(value)
    }

    fn empty(&mut self, kind: Kind, node: &Node, view: &View<'_>) -> Content {
        match kind {
            Kind::Text => text_field(node, view),
            Kind::Number { whole } => Content::Number {
                field: Field::default(),
                whole,
            },
            Kind::Switch => Content::Pick(switch()),
            Kind::Choice { choices, more } => Content::Pick(pick(choices, more)),
            Kind::Several(choices) => Content::Ticks(Ticks {
                ticked: vec![false; choices.len()],
                choices,
                at: 0,
            }),
            Kind::List(of) => Content::List(List {
                open: false,
                items: Vec::new(),
                of,
            }),
            Kind::Group => {
                let (_, more) = view.members();
                let open = node.about.required;
                Content::Group(Group {
                    open,
                    bare: false,
                    members: open.then(|| self.members(&node.source, node.level)),
                    extras: Vec::new(),
                    free: view.free(),
                    more,
                })
            }
            Kind::Variants(forms) => Content::Variants(Variants {
                nodes: forms.iter().map(|_| None).collect(),
                forms,
                chosen: None,
            }),
            Kind::Json(why) => Content::Json(Editor::default(), why),
        }
    }
}

/// A group that must be there is there; so is a list that may be empty.
fn stance_of_empty(node: &Node, view: &View<'_>) -> Stance {
    let there = node.about.required
        && match &node.content {
            Content::Group(_) => true,
            Content::List(_) | Content::Ticks(_) => view.count("minItems").unwrap_or(0) == 0,
            _ => false,
        };
    if there { Stance::Given } else { Stance::Auto }
}

/// Whether a value went into the fields of a form: nothing had to become JSON, and
/// nothing that is required is missing.
fn fits(node: &Node) -> bool {
    if node.about.required && !node.is_given() {
        return false;
    }
    match &node.content {
        Content::Json(_, why) => *why != Why::Misfit,
        Content::List(list) => list.items.iter().all(fits),
        Content::Group(group) => {
            (group.free.is_some() || group.extras.is_empty())
                && (!node.is_given() || group.nodes().all(fits))
        }
        Content::Variants(variants) => variants.node().is_none_or(fits),
        _ => true,
    }
}

fn about(view: &View<'_>, spot: &Spot, kind: &Kind, nullable: bool) -> About {
    let text = |key: &str| {
        let text = view.text(key).filter(|text| !text.is_empty())?;
        let head: String = text.chars().take(MAX_DESCRIPTION).collect();
        Some(Untrusted::new(head))
    };
    About {
        name: spot.name.clone(),
        title: text("title").filter(|_| spot.name != Name::Top),
        description: text("description").filter(|_| spot.name != Name::Top),
        required: spot.required,
        nullable,
        default: view.get("default").cloned(),
        words: words::about(view, kind),
    }
}

fn text_field(node: &Node, view: &View<'_>) -> Content {
    let name = match &node.about.name {
        Name::Member(name) => name.raw(),
        _ => "",
    };
    if secret::is_secret(view, name) {
        Content::Secret(SecretField::default())
    } else if words::is_long(view, name) {
        Content::Long(Editor::default())
    } else {
        Content::Text(Field::default())
    }
}

fn json(value: &Value, why: Why) -> Content {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    Content::Json(Editor::with(&text), why)
}

fn pick(choices: Vec<Choice>, more: usize) -> Pick {
    Pick {
        choices,
        more,
        chosen: None,
        search: String::new(),
        switch: false,
    }
}

fn switch() -> Pick {
    let choice = |on: bool| Choice {
        value: Value::Bool(on),
        title: None,
    };
    Pick {
        switch: true,
        ..pick(vec![choice(true), choice(false)], 0)
    }
}

/// The ticks that stand for a list: each item one of the choices, in their order.
fn ticks(choices: Vec<Choice>, items: &[Value]) -> Option<Ticks> {
    let mut ticked = vec![false; choices.len()];
    let mut last = None;
    for item in items {
        let place = choices.iter().position(|choice| choice.value == *item)?;
        if last.is_some_and(|last| place <= last) {
            return None;
        }
        last = Some(place);
        *ticked.get_mut(place)? = true;
    }
    Some(Ticks {
        choices,
        ticked,
        at: 0,
    })
}
