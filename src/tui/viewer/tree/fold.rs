//! Which containers of a JSON value are unfolded, and which row that makes of what.
//!
//! Only what is unfolded is kept, so that an array of a hundred thousand elements
//! costs nothing until somebody opens them. Each knows how many rows lie beneath it;
//! a row is found by halving, a level at a time.

use serde_json::Value;

use crate::tui::viewer::node;

/// Most containers that are unfolded at once.
pub(super) const MOST: usize = 20_000;

/// An unfolded container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Open {
    /// The unfolded ones among its children, in order.
    kids: Vec<Kid>,
    /// How many children it has.
    children: usize,
    /// Rows beneath it.
    below: usize,
}

/// An unfolded child.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kid {
    /// Its place among all children.
    at: usize,
    /// Rows beneath the unfolded children before it.
    before: usize,
    open: Open,
}

impl Open {
    /// Unfolded, its children folded.
    pub(super) fn shallow(value: &Value) -> Self {
        let children = node::children(value);
        Self {
            kids: Vec::new(),
            children,
            below: children,
        }
    }

    /// Unfolded with all that is in it, as long as `budget` containers last.
    pub(super) fn deep(value: &Value, budget: &mut usize) -> Self {
        let mut open = Self::shallow(value);
        for (at, (_, child)) in node::from(value, 0).enumerate() {
            if node::children(child) == 0 {
                continue;
            }
            let Some(left) = budget.checked_sub(1) else {
                break;
            };
            *budget = left;
            open.kids.push(Kid {
                at,
                before: 0,
                open: Self::deep(child, budget),
            });
        }
        open.count();
        open
    }

    /// Rows beneath it.
    pub(super) fn below(&self) -> usize {
        self.below
    }

    fn count(&mut self) {
        let mut before = 0_usize;
        for kid in &mut self.kids {
            kid.before = before;
            before = before.saturating_add(kid.open.below);
        }
        self.below = self.children.saturating_add(before);
    }

    fn find(&self, at: usize) -> Result<usize, usize> {
        self.kids.binary_search_by_key(&at, |kid| kid.at)
    }

    /// The unfolded child at a place.
    pub(super) fn kid(&self, at: usize) -> Option<&Self> {
        let place = self.find(at).ok()?;
        self.kids.get(place).map(|kid| &kid.open)
    }

    /// Whether the container at the end of a way is unfolded.
    pub(super) fn is_open(&self, way: &[usize]) -> bool {
        match way {
            [] => true,
            [first, rest @ ..] => self.kid(*first).is_some_and(|kid| kid.is_open(rest)),
        }
    }

    /// How many containers are unfolded in it.
    #[cfg(test)]
    fn opened(&self) -> usize {
        self.kids
            .iter()
            .map(|kid| kid.open.opened().saturating_add(1))
            .sum()
    }

    /// Unfolds the container at the end of a way, and all that lead there.
    pub(super) fn open(&mut self, value: &Value, way: &[usize]) {
        self.set(value, way, Some(None));
    }

    /// Unfolds it as `open` says, and all that lead there.
    pub(super) fn open_as(&mut self, value: &Value, way: &[usize], open: Self) {
        self.set(value, way, Some(Some(open)));
    }

    /// Folds it.
    pub(super) fn fold(&mut self, value: &Value, way: &[usize]) {
        self.set(value, way, None);
    }

    fn set(&mut self, value: &Value, way: &[usize], wish: Option<Option<Self>>) {
        let [first, rest @ ..] = way else {
            if let Some(Some(open)) = wish {
                *self = open;
            }
            return;
        };
        let Some((_, child)) = node::child(value, *first) else {
            return;
        };
        match (self.find(*first), rest.is_empty(), wish) {
            (Ok(place), true, None) => drop(self.kids.remove(place)),
            (Ok(place), _, wish) => {
                if let Some(kid) = self.kids.get_mut(place) {
                    kid.open.set(child, rest, wish);
                }
            }
            (Err(_), _, None) => {}
            (Err(place), _, wish) => {
                // A scalar has nothing to unfold.
                if node::children(child) > 0 {
                    let mut open = Self::shallow(child);
                    open.set(child, rest, wish);
                    self.kids.insert(
                        place,
                        Kid {
                            at: *first,
                            before: 0,
                            open,
                        },
                    );
                }
            }
        }
        self.count();
    }

    /// The way to the row so many beneath it, from 0.
    pub(super) fn way(&self, mut row: usize) -> Option<Vec<usize>> {
        let mut way = Vec::new();
        let mut here = self;
        loop {
            if row >= here.below {
                return None;
            }
            // The last unfolded child that begins at this row or before it.
            let after = here
                .kids
                .partition_point(|kid| kid.at.saturating_add(kid.before) <= row);
            let Some(kid) = after.checked_sub(1).and_then(|last| here.kids.get(last)) else {
                way.push(row);
                return Some(way);
            };
            let begins = kid.at.saturating_add(kid.before);
            let inside = row.saturating_sub(begins);
            if inside == 0 {
                way.push(kid.at);
                return Some(way);
            }
            if inside > kid.open.below {
                let rows = kid.before.saturating_add(kid.open.below);
                way.push(row.saturating_sub(rows));
                return Some(way);
            }
            way.push(kid.at);
            row = inside.saturating_sub(1);
            here = &kid.open;
        }
    }

    /// The row of what is at the end of a way, if all that lead there are unfolded.
    pub(super) fn row(&self, way: &[usize]) -> Option<usize> {
        let [first, rest @ ..] = way else {
            return None;
        };
        let place = self.kids.partition_point(|kid| kid.at < *first);
        let before = match self.kids.get(place) {
            Some(kid) => kid.before,
            None => self
                .kids
                .last()
                .map_or(0, |kid| kid.before.saturating_add(kid.open.below)),
        };
        let row = first.saturating_add(before);
        if rest.is_empty() {
            return Some(row);
        }
        let inside = self.kid(*first)?.row(rest)?;
        Some(row.saturating_add(inside).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Every row there is, the plain way.
    fn rows(value: &Value, open: &Open, way: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        for (at, (_, child)) in node::from(value, 0).enumerate() {
            way.push(at);
            all.push(way.clone());
            if let Some(kid) = open.kid(at) {
                rows(child, kid, way, all);
            }
            way.pop();
        }
    }

    #[test]
    fn a_way_leads_to_its_row_and_back() {
        let value = json!({ "a": [1, { "b": 2 }, 3], "c": {}, "d": [4] });
        let mut open = Open::shallow(&value);
        assert_eq!(open.below(), 3);
        open.open(&value, &[0, 1]);
        open.open(&value, &[1]);
        assert_eq!(open.below(), 7);
        assert_eq!(open.way(3), Some(vec![0, 1, 0]));
        assert_eq!(open.row(&[0, 2]), Some(4));
        assert_eq!(open.row(&[2]), Some(6));
        assert_eq!(open.row(&[2, 0]), None);
        open.fold(&value, &[0]);
        assert_eq!(open.below(), 3);
        assert!(!open.is_open(&[0]));
    }

    #[test]
    fn a_hundred_thousand_elements_cost_no_more_than_is_allowed() {
        let value = Value::Array(vec![json!({ "a": [1] }); 100_000]);
        let mut budget = MOST;
        let open = Open::deep(&value, &mut budget);
        assert_eq!(budget, 0);
        assert_eq!(open.opened(), MOST);
        let last = open.below() - 1;
        assert_eq!(open.way(last), Some(vec![99_999]));
        assert_eq!(open.row(&[99_999]), Some(last));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(1)),
            Just(json!("x")),
            Just(json!([])),
            Just(json!({}))
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                proptest::collection::vec(inner, 0..5).prop_map(|all| Value::Object(
                    all.into_iter()
                        .enumerate()
                        .map(|(at, it)| (format!("k{at}"), it))
                        .collect()
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn rows_and_ways_agree_whatever_is_unfolded(
            value in value(),
            turns in proptest::collection::vec((0usize..60, any::<bool>()), 0..30),
        ) {
            let mut open = Open::shallow(&value);
            for (row, unfold) in turns {
                if let Some(way) = open.way(row) {
                    if unfold { open.open(&value, &way) } else { open.fold(&value, &way) }
                }
                let mut all = Vec::new();
                rows(&value, &open, &mut Vec::new(), &mut all);
                prop_assert_eq!(open.below(), all.len());
                for (row, way) in all.iter().enumerate() {
                    prop_assert_eq!(open.way(row), Some(way.clone()));
                    prop_assert_eq!(open.row(way), Some(row));
                }
            }
        }
    }
}
