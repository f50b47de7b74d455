use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::tui::tests::theme;
use crate::tui::viewer::parts::Origin;

fn nothing() -> Parts {
    Parts::of(&Arc::new(Value::Null), Origin::Value)
}

fn drawn(text: &str, width: usize) -> Vec<Line<'static>> {
    let parts = nothing();
    let markdown = Markdown::of(&parts, Some(text));
    let paper = markdown.paper(&parts, (theme(), width));
    (0..paper.pieces())
        .flat_map(|piece| paper.lay(piece))
        .collect()
}

fn shown(text: &str, width: usize) -> Vec<String> {
    drawn(text, width)
        .iter()
        .map(|line| line.to_string().trim_end().to_owned())
        .collect()
}

#[test]
fn blocks_are_told_apart() {
    let text = "# Title\n\nSome *soft* and **loud** `code`.\n\n- one\n- two\n  1. in\n  2. deep\n\n> said\n> twice\n\n```rust\nfn a() {}\n```\n\n---\n\nend";
    assert_eq!(
        shown(text, 60),
        [
            "│ # Title",
            "│",
            "│ Some soft and loud `code`.",
            "│",
            "│ • one",
            "│ • two",
            "│   1. in",
            "│   2. deep",
            "│",
            "│ > said twice",
            "│",
            "│ ```rust",
            "│     fn a() {}",
            "│",
            "│ ────────────────────────────────────────",
            "│",
            "│ end",
        ]
    );
}

#[test]
fn a_link_never_hides_where_it_goes() {
    assert_eq!(
        shown("[the docs](https://evil.example/x)", 60),
        ["│ the docs -> https://evil.example/x"]
    );
    assert_eq!(
        shown("[https://good.example](https://evil.example)", 70),
        ["│ https://good.example ! -> https://evil.example"]
    );
    assert_eq!(
        shown("[good.example/a](https://www.good.example/b)", 70),
        ["│ good.example/a -> https://www.good.example/b"]
    );
    assert_eq!(shown("<https://a.example>", 60), ["│ https://a.example"]);
    assert_eq!(
        shown("![cat](https://a.example/cat.png \"t\")", 70),
        ["│ [picture, not fetched: cat -> https://a.example/cat.png \"t\"]"]
    );
    assert_eq!(
        shown("[a][r]\n\n[r]: javascript:alert(1)", 70),
        ["│ a -> javascript:alert(1)"]
    );
}

#[test]
fn a_table_keeps_its_columns() {
    let text = "| a | number |\n|---|---|\n| some words that are long | 1 |\n";
    assert_eq!(
        shown(text, 60),
        [
            "│ a                        │ number",
            "│ ─────────────────────────┼───────",
            "│ some words that are long │ 1",
        ]
    );
    assert_eq!(
        shown(text, 24),
        [
            "│ a             │ number",
            "│ ──────────────┼───────",
            "│ some words    │ 1",
            "│ that are long │",
        ]
    );
}

#[test]
fn long_text_is_read_as_far_as_it_is_read_and_says_so() {
    let parts = nothing();
    let text = "- a line of a list\n".repeat(50_000);
    let markdown = Markdown::of(&parts, Some(&text));
    assert!(markdown.left_out > 600_000);
    assert_eq!(markdown.left_out % 19, 0);
}

#[test]
fn marks_with_nothing_behind_them_are_shown_as_they_came() {
    assert_eq!(shown(">>>", 20), ["│ >>>"]);
    assert_eq!(shown("", 20), Vec::<String>::new());
}

#[test]
fn hostile_markdown_is_read_in_bounded_time_and_width() {
    let bombs = [
        "[".repeat(50_000),
        "*a _b ".repeat(20_000),
        ">".repeat(50_000),
        "<!--".repeat(30_000),
        "`a``b```c".repeat(10_000),
        "|a".repeat(30_000) + "\n" + &"|-".repeat(30_000) + "\n" + &"|b".repeat(10),
        "- ".repeat(30_000),
        "![".repeat(30_000) + &"](a)".repeat(30_000),
        "&".repeat(50_000),
        "\u{1b}]52;c;eXl5\u{7}\u{202e}# x".repeat(500),
    ];
    for bomb in bombs {
        let started = std::time::Instant::now();
        let parts = nothing();
        let markdown = Markdown::of(&parts, Some(&bomb));
        let paper = markdown.paper(&parts, (theme(), 60));
        // A screen at either end.
        let end = paper.pieces().saturating_sub(40);
        for piece in (0..paper.pieces()).filter(|piece| *piece < 40 || *piece >= end) {
            let lines = paper.lay(piece);
            assert!(lines.iter().all(|line| line.width() <= 60));
            assert!(lines.len() < 1000, "{} rows", lines.len());
        }
        // Far more than it takes; what is quadratic takes minutes.
        assert!(started.elapsed().as_secs() < 15, "{bomb:.20}");
    }
}

#[test]
fn what_was_written_as_markdown_is_recognised() {
    for text in [
        "# A\n",
        "```\nx\n```",
        "|a|b|\n|---|---|",
        "see [a](https://b)",
        "- a\n- b",
    ] {
        assert!(is_likely(text), "{text}");
    }
    for text in [
        "plain words",
        "#!/bin/sh\necho",
        "a - b",
        "{\"a\": 1}",
        "1 * 2 * 3",
    ] {
        assert!(!is_likely(text), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics_or_leaves_the_gutter(text in "[-#>|*_`\\[\\]()!<a \n\t\u{1b}\u{202e}漢]{0,200}", width in 10usize..80) {
        for line in drawn(&text, width) {
            prop_assert!(line.to_string().starts_with("│ "));
            prop_assert!(line.width() <= width, "{} > {width}", line.width());
            prop_assert!(!line.to_string().chars().any(char::is_control));
        }
    }
}
