//! A schema read part by part: what `$ref` leads to and what `allOf` adds stand
//! beside each other, and a keyword is looked for in all of them. Nothing is copied:
//! a part is known by its JSON pointer in the document.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value};

use crate::guard::arguments::pointer;

/// Parts of one schema that are looked at.
const MAX_PARTS: usize = 32;
/// Members of an object that get a field.
const MAX_MEMBERS: usize = 200;

/// A type of JSON Schema 2020-12 (core, 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    List,
    Object,
}

impl Type {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::Text,
            "array" => Self::List,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// What it is called.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "true or false",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// Where a schema stands in its document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// Pointers of the parts that all apply; none: anything goes.
    at: Vec<String>,
    /// The one type that was chosen of several.
    only: Option<Type>,
    /// Lists of forms (`oneOf`, `anyOf`) of which one was chosen.
    decided: Vec<String>,
}

impl Source {
    /// The whole document, as the schema of an object.
    pub(super) fn document() -> Self {
        Self {
            at: vec![String::new()],
            only: Some(Type::Object),
            decided: Vec::new(),
        }
    }

    /// What lets everything pass.
    pub(super) fn anything() -> Self {
        Self::default()
    }

    /// The same, narrowed to one type.
    pub(super) fn only(&self, kind: Type) -> Self {
        Self {
            only: Some(kind),
            ..self.clone()
        }
    }

    /// The same with one form of a list of forms.
    pub(super) fn with_form(&self, forms: &str, form: usize) -> Self {
        let mut source = self.clone();
        source.at.push(format!("{forms}/{form}"));
        source.decided.push(forms.to_owned());
        source
    }

    /// The same with a list of forms set aside.
    pub(super) fn without_forms(&self, forms: &str) -> Self {
        let mut source = self.clone();
        source.decided.push(forms.to_owned());
        source
    }

    /// The forms that were chosen: where the schema stands that has the list, and
    /// where the form does.
    pub(super) fn chosen_forms(&self) -> impl Iterator<Item = (&str, &str)> {
        self.at.iter().filter_map(|form| {
            let (list, _) = form.rsplit_once('/')?;
            let (schema, _) = list.rsplit_once('/')?;
            let chosen = self.decided.iter().any(|decided| decided == list);
            chosen.then_some((schema, form.as_str()))
        })
    }

    fn at(pointer: String) -> Self {
        Self {
            at: vec![pointer],
            ..Self::default()
        }
    }
}

/// The forms of which a value has one.
pub(super) enum Forms {
    /// There is no such list.
    None,
    /// The pointer of the list, and how many there are.
    These(String, usize),
    /// Several lists at once.
    Several,
}

/// A member of an object.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) required: bool,
}

/// A schema, its parts gathered.
pub(super) struct View<'s> {
    parts: Vec<(String, &'s Map<String, Value>)>,
    source: Source,
    /// It leads out of the document, nowhere, or too far.
    pub(super) odd: bool,
    /// The last word of the reference that it is, for a name.
    pub(super) reference: Option<String>,
}

impl<'s> View<'s> {
    /// Gathers the parts.
    pub(super) fn of(root: &'s Value, source: &Source) -> Self {
        let mut view = Self {
            parts: Vec::new(),
            source: source.clone(),
            odd: false,
            reference: None,
        };
        let mut waiting: VecDeque<String> = source.at.iter().cloned().collect();
        while let Some(at) = waiting.pop_front() {
            if view.parts.iter().any(|(known, _)| *known == at) {
                continue;
            }
            if view.parts.len() >= MAX_PARTS || waiting.len() > 2 * MAX_PARTS {
                view.odd = true;
                break;
            }
            match root.pointer(&at) {
                Some(Value::Object(keywords)) => {
                    view.follow(root, &at, keywords, &mut waiting);
                    view.parts.push((at, keywords));
                }
                Some(Value::Bool(true)) => {}
                _ => view.odd = true,
            }
        }
        view
    }

    /// The form of this number of a list of forms, alone.
    pub(super) fn of_form(root: &'s Value, forms: &str, form: usize) -> Self {
        Self::of(root, &Source::at(format!("{forms}/{form}")))
    }

    fn follow(
        &mut self,
        root: &Value,
        at: &str,
        keywords: &Map<String, Value>,
        waiting: &mut VecDeque<String>,
    ) {
        // They come next, in the order of the document.
        let all = keywords.get("allOf").and_then(Value::as_array);
        for place in (0..all.map_or(0, Vec::len).min(MAX_PARTS.saturating_add(1))).rev() {
            waiting.push_front(format!("{at}/allOf/{place}"));
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            match pointer(reference).filter(|target| root.pointer(target).is_some()) {
                Some(target) => {
                    if self.reference.is_none() {
                        self.reference = target.rsplit('/').next().map(unescaped);
                    }
                    waiting.push_front(target);
                }
                None => self.odd = true,
            }
        }
        self.odd |= ["$dynamicRef", "$recursiveRef"]
            .iter()
            .any(|key| keywords.contains_key(*key));
    }

    /// A keyword, from the first part that has it.
    pub(super) fn get(&self, key: &str) -> Option<&'s Value> {
        self.all(key).next()
    }

    /// A keyword, from every part that has it.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &'s Value> {
        self.parts
            .iter()
            .filter_map(move |(_, keywords)| keywords.get(key))
    }

    /// A keyword that is a text.
    pub(super) fn text(&self, key: &str) -> Option<&'s str> {
        self.all(key).find_map(Value::as_str)
    }

    /// A keyword that counts: the largest of a lower bound, else the smallest.
    pub(super) fn count(&self, key: &str) -> Option<u64> {
        let counts = self.all(key).filter_map(Value::as_u64);
        if key.starts_with("min") {
            counts.max()
        } else {
            counts.min()
        }
    }

    /// Whether a keyword says yes.
    pub(super) fn says(&self, key: &str) -> bool {
        self.all(key).any(|value| *value == Value::Bool(true))
    }

    /// The types that a value may have; none: any, or none that is known.
    pub(super) fn types(&self) -> Vec<Type> {
        if let Some(only) = self.source.only {
            return vec![only];
        }
        let mut found: Option<Vec<Type>> = None;
        for value in self.all("type") {
            let named: Vec<Type> = match value {
                Value::String(name) => Type::named(name).into_iter().collect(),
                Value::Array(names) => names
                    .iter()
                    .filter_map(Value::as_str)
                    .filter_map(Type::named)
                    .collect(),
                _ => continue,
            };
            found = Some(match found {
                None => named,
                Some(before) => before.iter().filter_map(|it| meet(*it, &named)).collect(),
            });
        }
        found.unwrap_or_else(|| self.guessed())
    }

    /// The type that the keywords speak of, where none is named.
    fn guessed(&self) -> Vec<Type> {
        const SIGNS: &[(Type, &[&str])] = &[
            (
                Type::Object,
                &[
                    "properties",
                    "required",
                    "additionalProperties",
                    "patternProperties",
                ],
            ),
            (Type::List, &["items", "prefixItems", "minItems"]),
            (Type::Text, &["pattern", "minLength", "maxLength", "format"]),
            (Type::Number, &["minimum", "maximum", "multipleOf"]),
        ];
        SIGNS
            .iter()
            .filter(|(_, keys)| keys.iter().any(|key| self.get(key).is_some()))
            .map(|(kind, _)| *kind)
            .collect()
    }

    /// The list of forms that has still to be decided.
    pub(super) fn forms(&self) -> Forms {
        let mut found = Forms::None;
        for (at, keywords) in &self.parts {
            for key in ["oneOf", "anyOf"] {
                let Some(forms) = keywords.get(key).and_then(Value::as_array) else {
                    continue;
                };
                let place = format!("{at}/{key}");
                if self.source.decided.contains(&place) {
                    continue;
                }
                found = match found {
                    Forms::None => Forms::These(place, forms.len()),
                    _ => return Forms::Several,
                };
            }
        }
        found
    }

    /// Whether it says what a value is, and not only what it must have.
    pub(super) fn describes(&self) -> bool {
        const SAYS_WHAT: &[&str] = &[
            "type", "enum", "const", "items", "oneOf", "anyOf", "format", "pattern",
        ];
        self.parts.iter().any(|(_, keywords)| {
            SAYS_WHAT.iter().any(|key| keywords.contains_key(*key))
                || keywords
                    .get("properties")
                    .and_then(Value::as_object)
                    .is_some_and(|members| !members.is_empty())
        })
    }

    /// The names that must be there.
    fn required(&self) -> Vec<&'s str> {
        let mut seen = HashSet::new();
        self.all("required")
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(Value::as_str)
            .filter(|name| seen.insert(*name))
            .collect()
    }

    /// The members that get a field, in the schema's order, and how many do not.
    /// Where there are too many, those that are required come first.
    pub(super) fn members(&self) -> (Vec<Member>, usize) {
        let required = self.required();
        let mut must: HashSet<&str> = required.iter().copied().collect();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut all: Vec<(&str, Vec<String>)> = Vec::new();
        for (at, keywords) in &self.parts {
            let Some(properties) = keywords.get("properties").and_then(Value::as_object) else {
                continue;
            };
            for name in properties.keys() {
                let pointer = format!("{at}/properties/{}", escaped(name));
                match places.get(name.as_str()).and_then(|at| all.get_mut(*at)) {
                    Some((_, pointers)) => pointers.push(pointer),
                    None => {
                        places.insert(name, all.len());
                        all.push((name, vec![pointer]));
                    }
                }
            }
        }
        let other = self.free().unwrap_or_else(Source::anything);
        for name in &required {
            if !places.contains_key(name) {
                all.push((name, other.at.clone()));
            }
        }
        let total = all.len();
        if total > MAX_MEMBERS {
            let mut room = MAX_MEMBERS.saturating_sub(must.len());
            all.retain(|(name, _)| {
                let kept = must.contains(name) || room > 0;
                if kept && !must.contains(name) {
                    room -= 1;
                }
                kept
            });
            all.truncate(MAX_MEMBERS);
        }
        let more = total.saturating_sub(all.len());
        let members = all
            .into_iter()
            .map(|(name, at)| Member {
                name: name.to_owned(),
                source: Source {
                    at,
                    ..Source::default()
                },
                required: must.remove(name),
            })
            .collect();
        (members, more)
    }

    /// What members of other names may be; `None` where there may be none. A
    /// schema that names members and says nothing of others is taken to have none,
    /// as servers mean it.
    pub(super) fn free(&self) -> Option<Source> {
        let mut free = None;
        let mut named = false;
        for (at, keywords) in &self.parts {
            named |= keywords
                .get("properties")
                .and_then(Value::as_object)
                .is_some_and(|members| !members.is_empty());
            match keywords.get("additionalProperties") {
                Some(Value::Bool(false)) => return None,
                Some(Value::Object(_)) if free.is_none() => {
                    free = Some(Source::at(format!("{at}/additionalProperties")));
                }
                Some(Value::Bool(true)) if free.is_none() => free = Some(Source::anything()),
                _ => {}
            }
            if keywords.contains_key("patternProperties") && free.is_none() {
                free = Some(Source::anything());
            }
        }
        free.or_else(|| (!named).then(Source::anything))
    }

    /// What the items of a list are; `None` where each place has a schema of its
    /// own.
    pub(super) fn items(&self) -> Option<Source> {
        let mut at = Vec::new();
        for (place, keywords) in &self.parts {
            if keywords.contains_key("prefixItems") {
                return None;
            }
            match keywords.get("items") {
                Some(Value::Array(_)) => return None,
                Some(Value::Object(_) | Value::Bool(false)) => at.push(format!("{place}/items")),
                _ => {}
            }
        }
        Some(Source {
            at,
            ..Source::default()
        })
    }

    /// What a value of one line has to keep, as a schema of its own.
    pub(super) fn leaf(&self) -> Value {
        const KEPT: &[&str] = &[
            "type",
            "enum",
            "const",
            "pattern",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ];
        let parts: Vec<Value> = self
            .parts
            .iter()
            .map(|(_, keywords)| {
                let kept = KEPT.iter().filter_map(|key| {
                    let value = keywords.get(*key)?;
                    Some(((*key).to_owned(), value.clone()))
                });
                Value::Object(kept.collect())
            })
            .collect();
        serde_json::json!({ "allOf": parts })
    }
}

/// The narrower of a type and those it may be, if there is one.
fn meet(kind: Type, others: &[Type]) -> Option<Type> {
    if others.contains(&kind) {
        return Some(kind);
    }
    let whole = (kind == Type::Number && others.contains(&Type::Integer))
        || (kind == Type::Integer && others.contains(&Type::Number));
    whole.then_some(Type::Integer)
}

/// RFC 6901, section 3.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}
