//! The viewer of results, on the screen and by its keys.

use std::sync::Arc;

use serde_json::{Value, json};

use super::run::answered;
use super::runner::{Runner, pictures};
use crate::domain::Fault;
use crate::tui::effect::{Answer, Effect, Ticket};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;
use crate::tui::theme::{Depth, Palette, Pictures};
use crate::tui::viewer::{Job, paint};

fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

fn issues() -> Value {
    let rows: Vec<Value> = (1..200)
        .map(|number| {
            json!({ "number": number, "title": format!("Issue {number} of the limiter"),
                "state": if number % 3 == 0 { "closed" } else { "open" },
                "labels": ["bug"], "author": { "login": "ann" },
                "url": format!("https://git.example/acme/api/issues/{number}") })
        })
        .collect();
    json!({ "content": [{ "type": "text", "text": "199 issues" }],
        "structuredContent": { "total": 199, "issues": rows } })
}

/// A result in which something hides.
fn hidden() -> Value {
    json!({
        "zone": "eu", "limit": 5000, "_meta": { "io.example/trace": "4f\u{200b}1c" },
        "content": [{ "type": "text", "text": "limits:\n\tper hour \u{1b}[8m(ignore this)\u{1b}[0m \u{202e}0005" }],
        "structuredContent": { "per_hour": 5000, "note": "漢字 and a long line of words that goes on until it meets the edge of the screen, and on behind it" },
        "isError": false,
    })
}

const MARKDOWN: &str = "# Rate limiter\n\nCounts *retries* **twice**; see `limit.rs`.\n\n\
    1. read [the docs](https://docs.example/limits)\n2. look at\n   - the log\n   - [https://good.example](https://evil.example/x)\n\n\
    > quoted words\n\n| limit | per |\n|---|---|\n| 5000 | hour |\n| 10 | second |\n\n```rust\nlet limit = 5;\n```\n";

/// A red square of eight pixels.
const RED: &str = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC";

fn picture() -> Value {
    json!({ "content": [{ "type": "image", "mimeType": "image/png", "data": RED }] })
}

fn parts() -> Value {
    json!({ "content": [
        { "type": "text", "text": "Two files and a picture.", "annotations": { "audience": ["user"], "priority": 0.9 } },
        { "type": "resource_link", "uri": "https://git.example/acme/api/blob/main/limit.rs", "name": "limit.rs",
          "mimeType": "text/x-rust", "size": 4096, "description": "Counts requests" },
        { "type": "resource", "resource": { "uri": "notes:///7", "mimeType": "text/plain", "text": "Look at the clock.\nIt is late." } },
        { "type": "image", "mimeType": "image/png", "data": RED },
        { "type": "audio", "mimeType": "audio/wav", "data": "UklGRiQAAABXQVZF" },
    ] })
}

/// Does what a picture needs, as the performer would.
fn drawn(runner: &mut Runner) {
    let (ticket, job) = job(runner);
    let result = paint(&job).map(|painted| Answer::Painted(Arc::new(painted)));
    runner.answer(ticket, result);
}

#[track_caller]
fn job(runner: &mut Runner) -> (Ticket, Job) {
    let wanted = runner.wanted();
    wanted
        .iter()
        .find_map(|effect| match effect {
            Effect::Paint(ticket, job) => Some((*ticket, (**job).clone())),
            _ => None,
        })
        .unwrap_or_else(|| panic!("nothing drawn: {wanted:?}"))
}

#[test]
fn what_each_view_looks_like() {
    pictures!("viewer_text", |w, h| {
        let lines: Vec<String> = (1..500)
            .map(|line| format!("{line}: the limiter counts retries twice, \u{1b}[31mred\u{1b}[0m"))
            .collect();
        let mut runner = answered(w, h, text(&lines.join("\n")));
        runner.keys("<pgdn>");
        runner
    });
    pictures!("viewer_markdown", |w, h| answered(w, h, text(MARKDOWN)));
    pictures!("viewer_table", |w, h| {
        let mut runner = answered(w, h, issues());
        runner.keys("jjj");
        runner
    });
    pictures!("viewer_row", |w, h| {
        let mut runner = answered(w, h, issues());
        runner.keys("jjj<enter>j");
        runner
    });
    pictures!("viewer_json", |w, h| {
        let mut runner = answered(w, h, issues());
        runner.keys("Jjjl/limiter<enter>n");
        runner
    });
    pictures!("viewer_tree", |w, h| {
        let mut runner = answered(w, h, hidden());
        runner.keys("A");
        runner
    });
    pictures!("viewer_raw", |w, h| {
        let mut runner = answered(w, h, hidden());
        runner.keys("R/limit<enter>");
        runner
    });
    pictures!("viewer_raw_of_much", |w, h| {
        let mut runner = answered(w, h, issues());
        runner.keys("R<pgdn>");
        runner
    });
    pictures!("viewer_parts", |w, h| {
        let mut runner = answered(w, h, parts());
        runner.keys("Ij");
        runner
    });
    pictures!("viewer_parts_as_text", |w, h| answered(w, h, parts()));
    pictures!("viewer_picture", |w, h| {
        let mut runner = answered(w, h, picture());
        drawn(&mut runner);
        runner
    });
    pictures!("viewer_picture_in_words", |w, h| {
        let mut runner = answered(w, h, parts());
        runner.model.theme.palette = Palette::Plain;
        runner.keys("P");
        drawn(&mut runner);
        runner
    });
    pictures!("viewer_failed", |w, h| {
        let failed = json!({ "isError": true, "content": [{ "type": "text", "text": "no such repository" }] });
        answered(w, h, failed)
    });
    pictures!("viewer_empty", |w, h| answered(
        w,
        h,
        json!({ "content": [] })
    ));
    pictures!("viewer_searching", |w, h| {
        let mut runner = answered(w, h, text(MARKDOWN));
        runner.keys("/limit");
        runner
    });
}

#[test]
fn keys_change_the_view() {
    let mut runner = answered(80, 24, issues());
    runner.shows("[table]");
    runner.keys("J");
    runner.shows("[JSON]");
    runner.keys("T");
    runner.shows("│ 199 issues");
    runner.keys("v");
    runner.shows("[table]");
    runner.keys("vv");
    runner.shows("[tree]");
    runner.keys("v");
    runner.shows("[raw]");
    runner.shows("\"structuredContent\": {");
    runner.keys("v");
    runner.shows("[text]");
    runner.keys("A");
    runner.shows("[tree]");
    runner.keys("R");
    runner.shows("[raw]");
    runner.keys("P");
    runner.shows("there is no picture in it");
}

#[test]
fn a_search_is_typed_and_gone_on_with() {
    let mut runner = answered(80, 24, issues());
    runner.keys("J/ISSUE 150<enter>");
    assert_eq!(runner.model.focus, Focus::Outcome);
    runner.shows(".issues[149].title");
    runner.keys("n");
    runner.shows("searched on from the beginning");
    // Esc leaves the search first, and the result then.
    runner.keys("/nowhere<enter>");
    runner.shows("\"nowhere\" is not in it");
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Outcome);
    runner.keys("/abc<esc>");
    assert_eq!(runner.model.focus, Focus::Outcome);
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
}

#[test]
fn letters_of_a_search_are_no_commands() {
    let mut runner = answered(80, 24, text("quite 1 text"));
    runner.keys("/q1");
    assert_eq!(runner.model.focus, Focus::ViewerSearch(Tab::Functions));
    assert_eq!(runner.model.tab, Tab::Functions);
    runner.shows("Search for q1");
    runner.paste("23\n4");
    runner.shows("Search for q123 4");
    assert!(runner.wanted().is_empty());
}

#[test]
fn what_is_chosen_is_copied_and_that_is_said() {
    let mut runner = answered(80, 24, text("raw \u{1b}text"));
    runner.wanted();
    runner.keys("y");
    assert!(matches!(&runner.wanted()[..], [Effect::Copy(text)] if text == "raw text"));
    runner.shows("the text went to the terminal's clipboard: 8 characters, 1 control");
    let mut runner = answered(80, 24, issues());
    runner.wanted();
    runner.keys("Jj");
    runner.keys("c");
    assert!(matches!(&runner.wanted()[..], [Effect::Copy(text)] if text == "199"));
}

#[test]
fn what_is_too_long_to_copy_can_be_saved() {
    let mut runner = answered(80, 24, text(&"x".repeat(60_000)));
    runner.wanted();
    runner.keys("y");
    assert!(runner.wanted().is_empty());
    runner.shows("the text is too long to copy: 60 kB, and a terminal takes 56 kB");
    runner.shows("o writes");
}

#[test]
fn a_picture_is_drawn_for_the_room_there_is() {
    let mut runner = answered(80, 24, picture());
    runner.shows("drawing…");
    let (ticket, job) = job(&mut runner);
    // One at a time: a size that has passed is not drawn.
    runner.msg(crate::tui::effect::Msg::Resized {
        width: 100,
        height: 30,
    });
    assert!(runner.wanted().is_empty());
    let result = paint(&job).map(|painted| Answer::Painted(Arc::new(painted)));
    runner.answer(ticket, result);
    drawn(&mut runner);
    runner.shows("PNG · 8 by 8 pixels · 75 bytes");
    runner.shows("│ ▀▀▀▀▀▀▀▀");
}

#[test]
fn a_broken_picture_says_so() {
    let broken =
        json!({ "content": [{ "type": "image", "mimeType": "image/png", "data": "aGVsbG8=" }] });
    let mut runner = answered(80, 24, broken);
    drawn(&mut runner);
    runner.shows("✕ it is none of the pictures that are drawn: PNG, JPEG, GIF, WebP");
}

#[test]
fn a_terminal_with_graphics_gets_them_beside_the_frame() {
    for how in [Pictures::Kitty, Pictures::Sixel] {
        let mut runner = answered(80, 24, parts());
        runner.model.theme.pictures = how;
        runner.keys("P");
        drawn(&mut runner);
        let placed = crate::tui::viewer::placement(&runner.model).unwrap();
        assert_eq!(placed.how, how);
        // What lies beneath it is blank, but for the gutter beside it.
        let screen: Vec<Vec<char>> = runner
            .screen()
            .lines()
            .map(|line| line.chars().collect())
            .collect();
        for y in placed.area.y..placed.area.bottom() {
            for x in placed.area.x..placed.area.right() {
                let cell = screen[usize::from(y)].get(usize::from(x));
                assert_eq!(cell.copied().unwrap_or(' '), ' ', "{x} {y}");
            }
        }
        for (away, back) in [("T", "P"), ("?", "<esc>"), ("1", "4")] {
            runner.keys(away);
            assert!(
                crate::tui::viewer::placement(&runner.model).is_none(),
                "{how:?} after {away}"
            );
            runner.keys(back);
            assert!(
                crate::tui::viewer::placement(&runner.model).is_some(),
                "{how:?} after {back}"
            );
        }
    }
}

#[test]
fn a_picture_of_the_list_of_parts_leads_back_to_it() {
    let mut runner = answered(80, 24, parts());
    runner.keys("Ijjj<enter>");
    runner.shows("[picture]");
    runner.keys("<esc>");
    runner.shows("[parts]");
    runner.keys("P<esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
}

#[test]
fn few_colours_still_make_a_picture() {
    let mut runner = answered(80, 24, picture());
    runner.model.theme.pictures = Pictures::HalfBlocks(Depth::Sixteen);
    drawn(&mut runner);
    drawn(&mut runner);
    runner.shows("▀▀▀▀");
}

#[test]
fn a_file_that_cannot_be_made_is_said_before_anything_is_written() {
    let broken = json!({ "content": [{ "type": "audio", "mimeType": "audio/wav", "data": "§" }] });
    let mut runner = answered(80, 24, broken);
    runner.wanted();
    runner.keys("o<enter>");
    assert!(runner.wanted().is_empty());
    runner.shows("not base64");
    assert_eq!(runner.model.focus, Focus::ViewerPath(Tab::Functions));
}

#[test]
fn a_file_is_written_though_another_tab_is_open_by_then() {
    let mut runner = answered(80, 24, text("hello"));
    runner.wanted();
    runner.keys("o<enter>");
    let wanted = runner.wanted();
    let file = wanted.iter().find_map(|effect| match effect {
        Effect::WriteFile(ticket, _, _) => Some(ticket),
        _ => None,
    });
    let ticket = file.unwrap_or_else(|| panic!("{wanted:?}"));
    runner.keys("<esc>1");
    runner.answer(*ticket, Ok(Answer::Done));
    runner.shows("written to get_issue-");
    runner.keys("4");
    assert_eq!(runner.model.focus, Focus::Outcome);
    runner.keys("o<enter>");
    let wanted = runner.wanted();
    let file = wanted.iter().find_map(|effect| match effect {
        Effect::WriteFile(ticket, _, _) => Some(ticket),
        _ => None,
    });
    let ticket = file.unwrap_or_else(|| panic!("{wanted:?}"));
    runner.answer(*ticket, Err(Fault::user("it is there already")));
    assert_eq!(runner.model.focus, Focus::ViewerPath(Tab::Functions));
}

#[test]
fn a_link_is_not_fetched() {
    let mut runner = answered(80, 24, parts());
    runner.wanted();
    runner.keys("Ij<enter>");
    assert!(runner.wanted().is_empty());
    runner.shows("nothing is fetched from here; y copies the address");
}
