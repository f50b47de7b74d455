//! What is wrong with what was filled in: at a field when it is left, and with all of
//! it when it is to be used.

use serde_json::{Map, Value};

use super::moves::fold;
use super::node::{Content, Node, Stance};
use super::rows::{Part, Place, rows, written};
use super::schema::View;
use super::value::{Mode, Unwritten, Writer, json, number};
use super::words::{Unshown, Wrong};
use super::{Form, words};
use crate::domain::Untrusted;
use crate::guard::arguments::{self, ArgumentFault};
use crate::guard::sanitise;

/// Forms chosen within a form that a fault is followed into.
const FORMS_WITHIN: usize = 4;

/// What is wrong with a typed value, by itself; `None`: nothing, as far as that can
/// be seen without the rest.
pub(super) fn leaf(schema: &Value, node: &Node) -> Option<String> {
    if !node.is_given() || node.stance == Stance::Null {
        return None;
    }
    let value = match &node.content {
        Content::Text(field) => Value::from(field.text()),
        Content::Long(editor) => Value::from(editor.text()),
        Content::Secret(field) => Value::from(field.secret().expose()),
        Content::Number { field, whole } => match number(field.text(), *whole) {
            Ok(number) => number,
            Err(why) => return Some(why),
        },
        Content::Json(editor, _) => return json(&editor.text()).err(),
        _ => return None,
    };
    let view = View::of(schema, &node.source);
    let alone = serde_json::json!({ "type": "object", "properties": { "value": view.leaf() } });
    let mut arguments = Map::new();
    arguments.insert("value".to_owned(), value);
    let faults = arguments::check(&alone, &arguments).err()?;
    let fault = faults.iter().find(|fault| !fault.is_of_schema())?;
    Some(in_words(&view, fault))
}

/// A fault of one value, with what would mend it.
fn in_words(view: &View<'_>, fault: &ArgumentFault) -> String {
    if fault.message.starts_with("is not in the form")
        && let Some(wanted) = words::wanted_format(view)
    {
        return wanted;
    }
    fault.message.clone()
}

impl Form {
    /// The value, if all of it is as the schema wants it. Otherwise what is wrong
    /// stands at the fields, and the first of them has the keys.
    pub(in crate::tui) fn submit(&mut self) -> Option<Map<String, Value>> {
        self.leave();
        self.settle();
        self.fault = None;
        self.top.each(&mut |node| node.wrong = None);
        let missing = mark_missing(&mut self.top);
        let mut writer = Writer::new(Mode::Send);
        let value = writer.node(&self.top);
        let unwritten = std::mem::take(&mut writer.faults);
        if missing || !unwritten.is_empty() {
            mark_typed(&mut self.top, &self.schema);
            let first_key = unwritten.iter().find(|fault| fault.part == Part::Key);
            let first_key = first_key.map(|fault| fault.path.clone());
            for fault in unwritten {
                self.mark_unwritten(fault);
            }
            self.go_to_the_first(first_key);
            return None;
        }
        let Some(Value::Object(value)) = value else {
            self.fault = Some("the arguments are an object: { }".to_owned());
            return None;
        };
        match arguments::check(&self.schema, &value) {
            Ok(()) => Some(value),
            Err(faults) => {
                let faults = faults
                    .into_iter()
                    .flat_map(|fault| self.of_the_chosen(fault, &value, FORMS_WITHIN))
                    .collect::<Vec<_>>();
                self.mark(&faults);
                None
            }
        }
    }

    /// What is wrong with a value that fits none of its forms, measured by the form
    /// that was chosen for it; the fault itself where that finds nothing.
    fn of_the_chosen(
        &self,
        fault: ArgumentFault,
        value: &Map<String, Value>,
        within: usize,
    ) -> Vec<ArgumentFault> {
        let Some(narrowed) = self.narrowed(&fault.place).filter(|_| within > 0) else {
            return vec![fault];
        };
        let found = arguments::check(&narrowed, value).err().unwrap_or_default();
        let nearer: Vec<ArgumentFault> = found
            .into_iter()
            .filter(|other| *other != fault && lies_in(&other.place, &fault.place))
            .collect();
        if nearer.is_empty() {
            return vec![fault];
        }
        // A form may be chosen within a form.
        nearer
            .into_iter()
            .flat_map(|fault| self.of_the_chosen(fault, value, within.saturating_sub(1)))
            .collect()
    }

    /// The schema with the forms that were chosen at a place and above it, beside the
    /// lists that they were chosen from; `None` where none was.
    fn narrowed(&self, place: &str) -> Option<Value> {
        let mut chosen = Vec::new();
        for (path, here) in places(&self.top) {
            if here.is_empty() || !lies_in(place, &here) {
                continue;
            }
            let Some(node) = self.top.at(&path) else {
                continue;
            };
            chosen.extend(node.source.chosen_forms());
            // What was chosen may have no line, and so no place, of its own.
            if let Content::Variants(variants) = &node.content
                && let Some(below) = variants.node()
            {
                chosen.extend(below.source.chosen_forms());
            }
        }
        let mut schema = (!chosen.is_empty()).then(|| self.schema.clone())?;
        // From within: what is put beside the outer list has the inner choice in it.
        for (list, form) in chosen.into_iter().rev() {
            let Some(form) = schema.pointer(form).cloned() else {
                continue;
            };
            let Some(Value::Object(keywords)) = schema.pointer_mut(list) else {
                continue;
            };
            let all = keywords
                .entry("allOf")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(all) = all
                && !all.contains(&form)
            {
                all.push(form);
            }
        }
        Some(schema)
    }

    /// Puts faults to the fields that they are of, and gives the first the keys.
    fn mark(&mut self, faults: &[ArgumentFault]) {
        let places = places(&self.top);
        for fault in faults {
            let found = nearest(&places, &fault.place).filter(|_| !fault.is_of_schema());
            let Some(path) = found else {
                let text = if fault.is_of_schema() {
                    fault.message.clone()
                } else {
                    format!("{} {}", fault.place, fault.message)
                };
                self.fault.get_or_insert(text);
                continue;
            };
            let Some(node) = self.top.at_mut(&path) else {
                continue;
            };
            if node.wrong.is_none() {
                let view = View::of(&self.schema, &node.source);
                node.wrong = Some(Wrong::Told(match &node.content {
                    // A message may quote what it is about.
                    Content::Secret(field) if fault.message.contains(field.secret().expose()) => {
                        "does not fit".to_owned()
                    }
                    _ => in_words(&view, fault),
                }));
            }
        }
        self.go_to_the_first(None);
    }

    fn mark_unwritten(&mut self, fault: Unwritten) {
        if let Some(node) = self.top.at_mut(&fault.path)
            && node.wrong.is_none()
        {
            node.wrong = Some(fault.why);
        }
    }

    /// Unfolds what hides a fault, and gives the first fault the keys.
    fn go_to_the_first(&mut self, key: Option<Vec<usize>>) {
        let (schema, prefill) = (&self.schema, self.prefill);
        let wrong: Vec<Vec<usize>> = places(&self.top)
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| self.top.at(path).is_some_and(|node| node.wrong.is_some()))
            .collect();
        for path in wrong {
            let depth = path.len().saturating_sub(1);
            let above = path.get(..depth).unwrap_or_default();
            self.top
                .on_the_way(above, &mut |node| fold(node, schema, prefill, true));
        }
        let first = rows(&self.top)
            .into_iter()
            .find(|row| row.place.part != Part::Add && row.node.wrong.is_some())
            .map(|row| row.place);
        if let Some(mut place) = first {
            if place.part == Part::Key && key.as_ref() != Some(&place.path) {
                place.part = Part::Value;
            }
            self.here = place;
        }
        self.settle();
    }

    /// The value with what cannot be written left aside, as it is shown in JSON.
    ///
    /// # Errors
    /// The first field that cannot be written, with its name; it gets the keys.
    pub(super) fn write(&mut self) -> Result<Map<String, Value>, Unshown> {
        let mut writer = Writer::new(Mode::Show);
        let value = writer.node(&self.top);
        let mut faults = std::mem::take(&mut writer.faults);
        if faults.is_empty() {
            return match value {
                Some(Value::Object(members)) => Ok(members),
                _ => Ok(Map::new()),
            };
        }
        let first = faults.remove(0);
        let name = sanitise::line(&Untrusted::from(written(&self.top, &first.path)), 40);
        let unshown = Unshown {
            at: format!("\"{name}\": "),
            why: first.why.clone(),
        };
        let place = Place {
            path: first.path.clone(),
            part: first.part,
        };
        self.mark_unwritten(first);
        let (schema, prefill) = (&self.schema, self.prefill);
        let depth = place.path.len().saturating_sub(1);
        let above = place.path.get(..depth).unwrap_or_default();
        self.top
            .on_the_way(above, &mut |node| fold(node, schema, prefill, true));
        self.here = place;
        self.settle();
        Err(unshown)
    }
}

/// Names what is required and not given, in what is given. Returns whether there is
/// any.
fn mark_missing(node: &mut Node) -> bool {
    if !node.is_given() {
        if node.about.required {
            node.wrong = Some(words::missing(&node.content));
        }
        return node.about.required;
    }
    if node.stance == Stance::Null {
        return false;
    }
    let mut missing = false;
    node.each_part(&mut |part| missing |= mark_missing(part));
    missing
}

/// Names what is wrong with what was typed, in what is given.
fn mark_typed(node: &mut Node, schema: &Value) {
    if !node.is_given() || node.stance == Stance::Null {
        return;
    }
    if node.content.is_typed() && node.wrong.is_none() {
        node.wrong = leaf(schema, node).map(Wrong::Told);
    }
    node.each_part(&mut |part| mark_typed(part, schema));
}

/// Every field with its place as the check writes it, those around others first.
fn places(top: &Node) -> Vec<(Vec<usize>, String)> {
    let mut found = Vec::new();
    gather(top, top, &mut Vec::new(), &mut found);
    found
}

fn gather(top: &Node, node: &Node, path: &mut Vec<usize>, found: &mut Vec<(Vec<usize>, String)>) {
    let place = sanitise::line(&Untrusted::from(written(top, path)), 80);
    let bare = matches!(&node.content, Content::Group(group) if group.bare);
    if !bare {
        found.push((path.clone(), place));
    }
    for (place, child) in node.children().into_iter().enumerate() {
        path.push(place);
        gather(top, child, path, found);
        path.pop();
    }
}

/// Whether a place is another one, or inside of it.
fn lies_in(place: &str, whole: &str) -> bool {
    place
        .strip_prefix(whole)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The field of a place, or else the smallest that it lies in.
fn nearest(places: &[(Vec<usize>, String)], wanted: &str) -> Option<Vec<usize>> {
    let holds = |place: &str| lies_in(wanted, place);
    let exact = places.iter().find(|(_, place)| place == wanted);
    exact
        .or_else(|| {
            places
                .iter()
                .filter(|(_, place)| !place.is_empty() && holds(place))
                .max_by_key(|(_, place)| place.len())
        })
        .map(|(path, _)| path.clone())
}
