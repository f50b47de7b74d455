//! Finding a key or a value in JSON, folded or not.

use serde_json::Value;

use crate::tui::viewer::needle::Needle;
use crate::tui::viewer::node::{self, Label};

fn has(needle: &Needle, label: Label<'_>, value: &Value) -> bool {
    if let Label::Key(key) = label
        && needle.is_in(key)
    {
        return true;
    }
    match value {
        Value::String(text) => needle.is_in(text),
        Value::Number(number) => needle.is_in(&number.to_string()),
        Value::Bool(true) => needle.is_in("true"),
        Value::Bool(false) => needle.is_in("false"),
        Value::Null => needle.is_in("null"),
        Value::Array(_) | Value::Object(_) => false,
    }
}

/// The first match in a value behind a way, in the order of the text. `None` for the
/// way: all of it is behind.
pub(super) fn after(value: &Value, way: Option<&[usize]>, needle: &Needle) -> Option<Vec<usize>> {
    let (first, mut rest) = match way {
        Some([first, rest @ ..]) => (*first, Some(rest)),
        Some([]) | None => (0, None),
    };
    for (at, (label, child)) in node::from(value, first).enumerate() {
        let place = first.saturating_add(at);
        let inner = rest.take();
        if inner.is_none() && has(needle, label, child) {
            return Some(vec![place]);
        }
        if let Some(mut found) = after(child, inner, needle) {
            found.insert(0, place);
            return Some(found);
        }
    }
    None
}

/// The last match in a value before a way. `None` for the way: all of it is before.
pub(super) fn before(value: &Value, way: Option<&[usize]>, needle: &Needle) -> Option<Vec<usize>> {
    let count = node::children(value);
    let (end, mut rest) = match way {
        Some([first, rest @ ..]) => (first.saturating_add(1).min(count), Some(rest)),
        Some([]) => return None,
        None => (count, None),
    };
    // Backwards: an object gives no last member without passing the others.
    let children: Vec<_> = node::from(value, 0).take(end).collect();
    for (place, (label, child)) in children.into_iter().enumerate().rev() {
        let inner = rest.take();
        let is_the_way = inner == Some(&[]);
        if !is_the_way && let Some(mut found) = before(child, inner, needle) {
            found.insert(0, place);
            return Some(found);
        }
        if !is_the_way && has(needle, label, child) {
            return Some(vec![place]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn matches_come_in_the_order_of_the_text() {
        let value = json!({ "x": [1, { "x": "no" }], "y": "axe", "z": [["x"]] });
        let needle = Needle::new("X").unwrap();
        let mut forward = Vec::new();
        let mut way: Option<Vec<usize>> = None;
        while let Some(found) = after(&value, way.as_deref(), &needle) {
            forward.push(found.clone());
            way = Some(found);
        }
        assert_eq!(forward, [vec![0], vec![0, 1, 0], vec![1], vec![2, 0, 0]]);
        let mut back = Vec::new();
        let mut way: Option<Vec<usize>> = None;
        while let Some(found) = before(&value, way.as_deref(), &needle) {
            back.push(found.clone());
            way = Some(found);
        }
        back.reverse();
        assert_eq!(back, forward);
    }

    #[test]
    fn a_search_goes_on_from_where_the_cursor_is() {
        let value = json!({ "a": { "b": "hit" }, "c": "hit" });
        let needle = Needle::new("hit").unwrap();
        assert_eq!(after(&value, Some(&[]), &needle), Some(vec![0, 0]));
        assert_eq!(after(&value, Some(&[0]), &needle), Some(vec![0, 0]));
        assert_eq!(after(&value, Some(&[0, 0]), &needle), Some(vec![1]));
        assert_eq!(before(&value, Some(&[1]), &needle), Some(vec![0, 0]));
        assert_eq!(before(&value, Some(&[0]), &needle), None);
        assert_eq!(before(&value, Some(&[]), &needle), None);
    }
}
