use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::tui::action::Action;
use crate::tui::tests::theme;

struct Shown {
    parts: Parts,
    node: Node,
    text: Text,
}

fn shown(value: Value, origin: Origin) -> Shown {
    let whole = Arc::new(value);
    let parts = Parts::of(&whole, origin);
    let node = Node::root(whole);
    let text = Text::of(&parts, &node);
    Shown { parts, node, text }
}

fn result(text: &str) -> Shown {
    let content = json!({ "content": [{ "type": "text", "text": text }] });
    shown(content, Origin::Result)
}

impl Shown {
    fn rows(&self, width: usize, height: usize) -> Vec<String> {
        let paper = self.text.paper((&self.parts, &self.node), (theme(), width));
        let window = self.text.pages.clone().settle(&paper, height);
        window.lines.iter().map(Line::to_string).collect()
    }

    fn act(&mut self, action: Action, width: usize, height: usize) {
        let mut pages = self.text.pages;
        let paper = self.text.paper((&self.parts, &self.node), (theme(), width));
        pages.act(action, &paper, height);
        pages.settle(&paper, height);
        self.text.pages = pages;
    }

    fn seek(&mut self, typed: &str, forward: bool) -> Option<bool> {
        let needle = Needle::new(typed).unwrap();
        self.text.seek(
            (&self.parts, &self.node),
            (theme(), 40),
            5,
            &needle,
            forward,
        )
    }
}

#[test]
fn a_lone_text_stands_behind_the_gutter_as_it_is() {
    let shown = result("one\ntwo\r\n\u{1b}[2J");
    assert_eq!(shown.rows(40, 9), ["│ one", "│ two␍", "│ ⟨U+001B⟩[2J"]);
}

#[test]
fn what_is_no_text_is_named() {
    let shown = shown(
        json!({ "content": [
            { "type": "text", "text": "one" },
            { "type": "resource_link", "uri": "https://x.example/a" },
        ] }),
        Origin::Result,
    );
    assert_eq!(
        shown.rows(60, 9),
        [
            "Text · 3 bytes",
            "│ one",
            "",
            "Link, not fetched · \"https://x.example/a\"",
        ]
    );
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let nothing = |value, origin| shown(value, origin).rows(60, 3);
    let empty = json!({ "content": [] });
    assert_eq!(
        nothing(empty, Origin::Result),
        ["It answered with nothing."]
    );
    let empty = json!({ "contents": [] });
    assert_eq!(
        nothing(empty, Origin::Contents),
        ["The resource has nothing in it."]
    );
}

#[test]
fn a_call_shows_its_arguments_above_its_result() {
    let call = json!({ "arguments": { "a": 1 },
        "result": { "content": [{ "type": "text", "text": "done" }] } });
    let shown = shown(call, Origin::Call);
    assert_eq!(
        shown.rows(40, 9),
        [
            "Arguments",
            "│ {",
            "│   \"a\": 1",
            "│ }",
            "",
            "Result",
            "│ done"
        ]
    );
}

#[test]
fn a_line_of_a_megabyte_is_paged_like_any_other() {
    let mut shown = result(&"0123456789".repeat(100_000));
    shown.act(Action::Last, 42, 5);
    let rows = shown.rows(42, 5);
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| row.starts_with("│ ")));
    shown.act(Action::PageUp, 42, 5);
    shown.act(Action::First, 42, 5);
    assert_eq!(shown.rows(42, 1), [format!("│ {}", "0123456789".repeat(4))]);
}

#[test]
fn matches_are_gone_to_one_by_one_and_round_the_end() {
    let text: String = (0..100).map(|line| format!("line {line}\n")).collect();
    let mut shown = result(&text);
    assert_eq!(shown.seek("LINE 42", true), Some(false));
    assert!(shown.rows(40, 5).contains(&"│ line 42".to_owned()));
    assert_eq!(shown.seek("line 42", true), Some(true));
    assert_eq!(shown.seek("line 9", true), Some(false));
    assert!(shown.rows(40, 5).contains(&"│ line 90".to_owned()));
    assert_eq!(shown.seek("line 9", false), Some(false));
    assert!(shown.rows(40, 5).contains(&"│ line 9".to_owned()));
    assert_eq!(shown.seek("line 9", false), Some(true));
    assert_eq!(shown.seek("nowhere", true), None);
}

#[test]
fn a_match_far_inside_a_long_line_is_put_on_the_screen() {
    let mut shown = result(&format!("{}here{}", "x".repeat(50_000), "y".repeat(9_000)));
    assert_eq!(shown.seek("here", true), Some(false));
    assert!(
        shown
            .rows(40, 5)
            .concat()
            .replace("│ ", "")
            .contains("here")
    );
}
