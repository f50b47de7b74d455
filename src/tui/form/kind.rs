//! Which sort of field a schema becomes.

use serde_json::Value;

use super::schema::{Forms, Source, Type, View};
use crate::domain::Untrusted;
use crate::guard::sanitise;

/// Steps of reading that one build, or one unfolding, may take.
const MAX_STEPS: usize = 20_000;
/// Fields that one build, or one unfolding, makes.
const MAX_NODES: usize = 2_000;
/// Choices of one field.
pub(super) const MAX_CHOICES: usize = 500;
/// Forms of which one is chosen.
const MAX_FORMS: usize = 60;
/// Choices of which several can be ticked.
const MAX_TICKS: usize = 40;

/// One of the values that a field may have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) value: Value,
    /// What the server calls it.
    pub(super) title: Option<Untrusted>,
}

/// What a form among several is called.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FormName {
    /// By the server.
    Theirs(Untrusted),
    /// By callboard.
    Ours(String),
}

/// Why a part is typed as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The schema lets anything pass.
    Anything,
    /// No form can be made from it.
    Odd,
    /// It lies too deep, or there is too much.
    TooMuch,
    /// What is in it is nothing that the field would take.
    Misfit,
}

/// A sort of field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Number { whole: bool },
    Switch,
    Choice { choices: Vec<Choice>, more: usize },
    Several(Vec<Choice>),
    List(Source),
    Group,
    Variants(Vec<(FormName, Source)>),
    Json(Why),
}

/// What a schema becomes.
pub(super) struct Read {
    pub(super) kind: Kind,
    /// It may be null besides.
    pub(super) nullable: bool,
    /// The schema itself, what was decided on the way included.
    pub(super) source: Source,
}

/// Reads schemas, and counts what that costs: a schema of a few lines can have
/// more of them than there are seconds.
pub(super) struct Reading<'s> {
    pub(super) root: &'s Value,
    steps: usize,
    /// Fields that may still be made.
    nodes: usize,
}

impl<'s> Reading<'s> {
    pub(super) fn new(root: &'s Value) -> Self {
        Self {
            root,
            steps: MAX_STEPS,
            nodes: MAX_NODES,
        }
    }

    /// Makes room for a field; `false` where there are enough.
    pub(super) fn make(&mut self) -> bool {
        self.nodes = self.nodes.saturating_sub(1);
        self.nodes > 0
    }

    /// Takes a step; `false` where there are none left.
    pub(super) fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    /// The sort of field that a schema becomes.
    pub(super) fn read(&mut self, source: &Source) -> Read {
        let read = |kind| Read {
            kind,
            nullable: false,
            source: source.clone(),
        };
        if !self.step() {
            return read(Kind::Json(Why::TooMuch));
        }
        let view = View::of(self.root, source);
        if view.odd {
            return read(Kind::Json(Why::Odd));
        }
        if let Some((choices, more, nullable)) = self.listed(&view) {
            let read = read(Kind::Choice { choices, more });
            return Read { nullable, ..read };
        }
        match view.forms() {
            Forms::Several => read(Kind::Json(Why::Odd)),
            Forms::These(at, count) => self.forms(source, &view, &at, count),
            Forms::None => {
                let (kind, nullable) = self.by_type(source, &view);
                let read = read(kind);
                Read { nullable, ..read }
            }
        }
    }

    /// The only values that there are, how many more, and whether null is one
    /// besides; `None` where they are not listed.
    fn listed(&mut self, view: &View<'s>) -> Option<(Vec<Choice>, usize, bool)> {
        if let Some((choices, more)) = constants(view, false) {
            return Some((choices, more, false));
        }
        let Forms::These(at, count) = view.forms() else {
            return None;
        };
        let (rest, nullable) = self.rest(&at, count)?;
        let all: Option<Vec<Vec<Choice>>> = rest
            .iter()
            .map(|(_, form)| constants(form, true).map(|(choices, _)| choices))
            .collect();
        let mut choices: Vec<Choice> = all?.into_iter().flatten().collect();
        let cut = choices.len().saturating_sub(MAX_CHOICES);
        choices.truncate(MAX_CHOICES);
        let more = count.saturating_sub(MAX_CHOICES).saturating_add(cut);
        (!choices.is_empty()).then_some((choices, more, nullable))
    }

    /// The forms of a list that are more than null, and whether null is one too.
    fn rest(&mut self, at: &str, count: usize) -> Option<(Vec<(usize, View<'s>)>, bool)> {
        let mut rest = Vec::new();
        let mut nullable = false;
        for form in 0..count.min(MAX_CHOICES) {
            if !self.step() {
                return None;
            }
            let of_form = View::of_form(self.root, at, form);
            if of_form.types() == [Type::Null] {
                nullable = true;
            } else {
                rest.push((form, of_form));
            }
        }
        Some((rest, nullable))
    }

    fn forms(&mut self, source: &Source, view: &View<'s>, at: &str, count: usize) -> Read {
        let Some((rest, nullable)) = self.rest(at, count) else {
            return Read {
                kind: Kind::Json(Why::TooMuch),
                nullable: false,
                source: source.clone(),
            };
        };
        // What only says which members go together is left to the check.
        let plain = !rest.is_empty() && rest.iter().all(|(_, form)| !form.describes());
        let one = match rest.as_slice() {
            _ if plain && !view.types().is_empty() => Some(source.without_forms(at)),
            [(only, _)] => Some(source.with_form(at, *only)),
            _ => None,
        };
        if let Some(source) = one {
            let read = self.read(&source);
            let nullable = nullable || read.nullable;
            return Read { nullable, ..read };
        }
        let kind = if rest.is_empty() {
            Kind::Json(Why::Odd)
        } else if count > MAX_FORMS {
            Kind::Json(Why::TooMuch)
        } else {
            let named =
                |(form, view): &(usize, View<'s>)| (self.name(view), source.with_form(at, *form));
            Kind::Variants(rest.iter().map(named).collect())
        };
        Read {
            kind,
            nullable,
            source: source.clone(),
        }
    }

    /// What tells a form from the others: its title, what it refers to, the one
    /// value of a member, or what it is.
    fn name(&self, form: &View<'s>) -> FormName {
        if let Some(title) = form.text("title") {
            return FormName::Theirs(title.into());
        }
        if let Some(reference) = &form.reference {
            return FormName::Theirs(reference.as_str().into());
        }
        let (members, _) = form.members();
        for member in members.iter().take(20) {
            let view = View::of(self.root, &member.source);
            if let Some(only) = view.get("const").filter(|it| !it.is_object()) {
                let text = match only {
                    Value::String(text) => text.clone(),
                    other => sanitise::json_ascii_safe(other),
                };
                return FormName::Theirs(text.into());
            }
        }
        if let Some((choices, more)) = constants(form, false) {
            let count = choices.len().saturating_add(more);
            return FormName::Ours(format!("one of {count} values"));
        }
        let words: Vec<&str> = form.types().into_iter().map(Type::word).collect();
        let required: Vec<&str> = members
            .iter()
            .filter(|member| member.required)
            .map(|member| member.name.as_str())
            .take(3)
            .collect();
        if words.is_empty() {
            FormName::Ours("anything".to_owned())
        } else if required.is_empty() {
            FormName::Ours(words.join(" or "))
        } else {
            FormName::Theirs(required.join(", ").into())
        }
    }

    fn by_type(&mut self, source: &Source, view: &View<'s>) -> (Kind, bool) {
        let mut types = view.types();
        let declared = view.get("type").is_some();
        let nullable = types.len() > 1 && types.contains(&Type::Null);
        if nullable {
            types.retain(|kind| *kind != Type::Null);
        }
        if types.contains(&Type::Number) {
            types.retain(|kind| *kind != Type::Integer);
        }
        let kind = match types.as_slice() {
            [] if declared => Kind::Json(Why::Odd),
            [] => Kind::Json(Why::Anything),
            [Type::Null] => Kind::Choice {
                choices: vec![Choice {
                    value: Value::Null,
                    title: None,
                }],
                more: 0,
            },
            [Type::Boolean] => Kind::Switch,
            [Type::Integer] => Kind::Number { whole: true },
            [Type::Number] => Kind::Number { whole: false },
            [Type::Text] => Kind::Text,
            [Type::Object] => Kind::Group,
            [Type::List] => self.list(view),
            several => Kind::Variants(
                several
                    .iter()
                    .map(|kind| {
                        let name = FormName::Ours(kind.word().to_owned());
                        (name, source.only(*kind))
                    })
                    .collect(),
            ),
        };
        (kind, nullable)
    }

    fn list(&mut self, view: &View<'s>) -> Kind {
        let Some(items) = view.items() else {
            return Kind::Json(Why::Odd);
        };
        let view = View::of(self.root, &items);
        match self.listed(&view) {
            Some((choices, 0, false))
                if (2..=MAX_TICKS).contains(&choices.len()) && differ(&choices) =>
            {
                Kind::Several(choices)
            }
            _ => Kind::List(items),
        }
    }
}

fn differ(choices: &[Choice]) -> bool {
    choices.iter().enumerate().all(|(place, choice)| {
        !choices
            .iter()
            .take(place)
            .any(|other| other.value == choice.value)
    })
}

/// The values that a schema lists, and how many more there are; `None` where it
/// lists none. Where it is one of several forms, its title is that of its value.
fn constants(view: &View<'_>, is_form: bool) -> Option<(Vec<Choice>, usize)> {
    let title = view.text("title").filter(|_| is_form).map(Untrusted::from);
    if let Some(only) = view.get("const") {
        let value = only.clone();
        return Some((vec![Choice { value, title }], 0));
    }
    let mut lists = view.all("enum").filter_map(Value::as_array);
    let first = lists.next()?;
    let others: Vec<&Vec<Value>> = lists.collect();
    let names = view.get("enumNames").and_then(Value::as_array);
    let mut choices = Vec::new();
    let mut more = 0_usize;
    for (place, value) in first.iter().enumerate() {
        if choices.len() >= MAX_CHOICES {
            more = first.len().saturating_sub(place);
            break;
        }
        if others.iter().all(|list| list.contains(value)) {
            let name = names.and_then(|names| names.get(place)?.as_str());
            let title = match first.len() {
                1 => name.map(Untrusted::from).or_else(|| title.clone()),
                _ => name.map(Untrusted::from),
            };
            choices.push(Choice {
                value: value.clone(),
                title,
            });
        }
    }
    (!choices.is_empty()).then_some((choices, more))
}
