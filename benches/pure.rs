//! What runs without a network or a clock, each alone.
#![allow(unreachable_pub, dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::{Cell, RefCell};

use callboard::domain::{Fault, FaultKind, FunctionState, Permission, Untrusted};
use callboard::engine::lifecycle;
use callboard::guard::json::{Limits, digest, read_strict};
use callboard::guard::{arguments, definition, sanitise};
use callboard::policy::{Circumstances, decide};
use callboard::search::{Haystack, Words};
use callboard::tui::bench::Face;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use serde_json::{Map, Value, json};

const MEGABYTE: usize = 1_000_000;

fn main() {
    divan::main();
}

/// Connects, loses the session, waits, and connects again: five steps.
#[divan::bench]
fn lifecycle_round() -> usize {
    let mut life = lifecycle::Life::default();
    let fault = Fault::new(FaultKind::Network, "the server is gone").retryable();
    let lost = |attempt| lifecycle::Event::Lost {
        attempt,
        fault: fault.clone(),
        dice: 7,
    };
    [
        lifecycle::Event::Renew,
        lifecycle::Event::Connected { attempt: 1 },
        lost(1),
        lifecycle::Event::Due { attempt: 1 },
        lifecycle::Event::Connected { attempt: 2 },
    ]
    .into_iter()
    .map(|event| life.step(black_box(event)).len())
    .sum()
}

#[divan::bench]
fn policy_decide() -> bool {
    decide(black_box(Circumstances {
        permission: Permission::Always,
        state: FunctionState::Accepted,
        approved: false,
        permissions_sound: true,
    }))
    .runs()
}

/// Texts of a megabyte: nothing hidden, letters of other scripts, and one hidden
/// character in four.
#[divan::bench(args = ["plain", "scripts", "hostile"])]
fn sanitise_megabyte(bencher: Bencher<'_, '_>, kind: &str) {
    let piece = match kind {
        "plain" => "Searches the issues of a repository, newest first.\n",
        "scripts" => "Поиск задач в репозитории 检索问题 نتائج البحث\n",
        _ => "ab\u{1b}[2Jc\u{202e}d\u{200b}ef\u{e0041}",
    };
    let text = piece.repeat(MEGABYTE / piece.len());
    let text = Untrusted::from(text.as_str());
    bencher
        .counter(BytesCount::of_str(text.raw()))
        .bench(|| sanitise::block(black_box(&text)));
}

#[divan::bench]
fn sanitise_a_line_of_a_megabyte(bencher: Bencher<'_, '_>) {
    let text = Untrusted::from("x".repeat(MEGABYTE).as_str());
    bencher.bench(|| sanitise::line(black_box(&text), 80));
}

#[divan::bench]
fn arguments_check(bencher: Bencher<'_, '_>) {
    let function = function();
    let schema = function.get("inputSchema").unwrap();
    let arguments = json!({
        "repository": "octo/example",
        "query": "crash on start",
        "labels": ["bug", "linux"],
        "page": 2,
    });
    let arguments = object(&arguments);
    arguments::check(schema, &arguments).unwrap();
    bencher.bench(|| arguments::check(black_box(schema), black_box(&arguments)));
}

#[divan::bench]
fn strict_json_megabyte(bencher: Bencher<'_, '_>) {
    let functions = vec![function(); MEGABYTE / function().to_string().len()];
    let text = Value::Array(functions).to_string();
    let limits = || Limits::bytes(2 * MEGABYTE);
    read_strict(text.as_bytes(), limits()).unwrap();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| read_strict(black_box(text.as_bytes()), limits()));
}

#[divan::bench]
fn definition_read(bencher: Bencher<'_, '_>) {
    let definition = object(&function());
    bencher.bench(|| definition::read(black_box(&definition)));
}

#[divan::bench]
fn canonical_digest(bencher: Bencher<'_, '_>) {
    let function = function();
    bencher.bench(|| digest(black_box(&function)));
}

fn face() -> RefCell<Face> {
    RefCell::new(Face::with_functions(10_000).expect("a face"))
}

/// A frame at 120x40: where nothing differs from the one before, and where the whole list
/// and the details do.
#[divan::bench(args = ["the same", "another page"])]
fn frame_over_10_000_functions(bencher: Bencher<'_, '_>, kind: &str) {
    let (face, down) = (face(), Cell::new(false));
    bencher
        .with_inputs(|| {
            if kind == "another page" {
                down.set(!down.get());
                let mut face = face.borrow_mut();
                face.key(if down.get() { "pgdn" } else { "pgup" });
                face.rest();
            }
        })
        .bench_local_values(|()| face.borrow_mut().frame());
}

/// A key in the filter and the frame that it leads to: the first letter, one more, and
/// one taken away again.
#[divan::bench(args = ["first letter", "second letter", "letter taken away"])]
fn filter_10_000_functions(bencher: Bencher<'_, '_>, kind: &str) {
    let face = face();
    face.borrow_mut().key("/");
    let (before, key) = match kind {
        "first letter" => ("", "e"),
        "second letter" => ("e", "r"),
        _ => ("er", "backspace"),
    };
    bencher
        .with_inputs(|| {
            let mut face = face.borrow_mut();
            face.key("ctrl-u");
            for letter in before.chars() {
                face.key(&letter.to_string());
            }
            face.frame();
        })
        .bench_local_values(|()| {
            let mut face = face.borrow_mut();
            face.key(key);
            face.frame()
        });
}

/// A key that goes one row down, and the frame that it leads to.
#[divan::bench]
fn row_down_10_000(bencher: Bencher<'_, '_>) {
    let face = face();
    let rows = Cell::new(0);
    bencher
        .with_inputs(|| {
            // Within one page, as most rows are.
            rows.set((rows.get() + 1) % 30);
            if rows.get() == 0 {
                let mut face = face.borrow_mut();
                face.key("g");
                face.frame();
            }
        })
        .bench_local_values(|()| {
            let mut face = face.borrow_mut();
            face.key("j");
            face.frame()
        });
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// A definition of the usual length.
fn function() -> Value {
    json!({
        "name": "search_issues",
        "title": "Search issues",
        "description": "Searches the issues of a repository, newest first. ".repeat(6),
        "inputSchema": {
            "type": "object",
            "properties": {
                "repository": { "type": "string", "description": "Owner and name, e.g. octo/example" },
                "query": { "type": "string", "description": "Words that the issue has to have" },
                "state": { "type": "string", "enum": ["open", "closed", "all"], "default": "open" },
                "labels": { "type": "array", "items": { "type": "string" }, "maxItems": 20 },
                "page": { "type": "integer", "minimum": 1, "description": "Which page, from 1" },
                "per_page": { "type": "integer", "minimum": 1, "maximum": 100 },
            },
            "required": ["repository", "query"],
        },
        "annotations": { "readOnlyHint": true, "openWorldHint": true },
    })
}

/// A keystroke in the search of a directory of 20,000 servers.
#[divan::bench(args = ["n", "notion", "search pages", "io.github.example", "nte"])]
fn directory_keystroke(bencher: Bencher<'_, '_>, typed: &str) {
    let servers: Vec<Haystack> = (0..20_000)
        .map(|number| {
            let id = format!("io.github.example-{number}/notes-mcp-server");
            let about = "Search, read and write the pages, issues and projects of your workspace";
            Haystack::new(&["Notes", "Example"], &id, about)
        })
        .collect();
    bencher.bench(|| {
        Words::new(black_box(typed))
            .rank(servers.iter().enumerate())
            .len()
    });
}
