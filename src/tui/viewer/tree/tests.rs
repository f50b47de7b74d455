use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::tui::tests::theme;

fn tree(value: Value) -> Tree {
    Tree::of(Node::root(Arc::new(value)))
}

fn shown(tree: &Tree, height: usize) -> Vec<String> {
    tree.lines((theme(), 50), height, Role::Chosen, None)
        .iter()
        .map(|line| line.to_string().trim_end().to_owned())
        .collect()
}

#[test]
fn a_small_value_is_unfolded_and_folds() {
    let mut tree = tree(json!({ "name": "x\u{1b}[2J", "list": [1, { "a b": null }], "none": {} }));
    assert_eq!(
        shown(&tree, 20),
        [
            "│ ▾ {3}",
            "│     name: \"x⟨U+001B⟩[2J\"",
            "│   ▾ list: [2]",
            "│       0: 1",
            "│     ▾ 1: {1}",
            "│         a b: null",
            "│     none: {0}",
        ]
    );
    for action in [Action::Down, Action::Down, Action::ViewOpen] {
        assert_eq!(tree.act(action, 20), Did::Done);
    }
    assert_eq!(
        shown(&tree, 20),
        [
            "│ ▾ {3}",
            "│     name: \"x⟨U+001B⟩[2J\"",
            "│   ▸ list: [2] 1, {1}",
            "│     none: {0}",
        ]
    );
    assert_eq!(tree.path().raw(), ".list");
}

#[test]
fn left_and_right_go_up_and_down_the_tree() {
    let mut tree = tree(json!({ "a": { "b": [1] } }));
    tree.act(Action::Last, 20);
    assert_eq!(tree.path().raw(), ".a.b[0]");
    tree.act(Action::ViewLeft, 20);
    assert_eq!(tree.path().raw(), ".a.b");
    tree.act(Action::ViewLeft, 20);
    assert_eq!(shown(&tree, 20).len(), 3);
    tree.act(Action::ViewLeft, 20);
    assert_eq!(tree.path().raw(), ".a");
    tree.act(Action::FoldAll, 20);
    assert_eq!(shown(&tree, 20), ["│ ▾ {1}", "│   ▸ a: {1} b: [1]"]);
    tree.act(Action::UnfoldAll, 20);
    assert_eq!(shown(&tree, 20).len(), 4);
    assert_eq!(tree.path().raw(), ".a");
    tree.act(Action::First, 20);
    tree.act(Action::ViewLeft, 20);
    assert_eq!(shown(&tree, 20), ["│ ▸ {1} a: {1}"]);
    tree.act(Action::ViewRight, 20);
    tree.act(Action::ViewRight, 20);
    assert_eq!(tree.path().raw(), ".a");
}

#[test]
fn a_text_is_read_whole_by_enter() {
    let mut tree = tree(json!({ "a": "long", "b": 1 }));
    tree.act(Action::Down, 20);
    assert_eq!(tree.act(Action::ViewOpen, 20), Did::Read);
    assert_eq!(tree.chosen().value(), &json!("long"));
    tree.act(Action::Down, 20);
    assert_eq!(tree.act(Action::ViewOpen, 20), Did::Done);
}

#[test]
fn a_match_in_what_is_folded_is_unfolded() {
    let mut tree = tree(json!({ "a": [[["deep"]]], "b": "deep" }));
    tree.act(Action::FoldAll, 20);
    let needle = Needle::new("DEEP").unwrap();
    assert_eq!(tree.seek(20, &needle, true), Some(false));
    assert_eq!(tree.path().raw(), ".a[0][0][0]");
    assert_eq!(tree.seek(20, &needle, true), Some(false));
    assert_eq!(tree.seek(20, &needle, true), Some(true));
    assert_eq!(tree.seek(20, &needle, false), Some(true));
    assert_eq!(tree.path().raw(), ".b");
    assert_eq!(tree.seek(20, &Needle::new("none").unwrap(), true), None);
}

#[test]
fn a_hundred_thousand_elements_are_gone_through_a_screen_at_a_time() {
    let mut tree = tree(Value::Array(vec![json!({ "id": 1 }); 100_000]));
    assert_eq!(tree.rows(), 100_001);
    tree.act(Action::Last, 20);
    assert_eq!(tree.path().raw(), "[99999]");
    assert_eq!(tree.act(Action::UnfoldAll, 20), Did::NotAll);
    assert_eq!(tree.path().raw(), "[99999]");
    assert_eq!(shown(&tree, 20).len(), 20);
    tree.act(Action::ViewRight, 20);
    assert_eq!(tree.path().raw(), "[99999].id");
}
