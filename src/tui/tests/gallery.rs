//! The pictures of the README: real frames, compared with what is in
//! `docs/pictures`. `.ci/pictures` draws them anew.

use std::path::Path;

use serde_json::json;

use super::activity;
use super::activity::whole::call;
use super::board::{all_kinds, called, connector, function, functions, remembered, snapshot};
use super::changed::{accepted, changed};
use super::directory::{self, servers};
use super::functions::showing;
use super::runner::Runner;
use super::svg::svg;
use crate::domain::{CallOutcome, DecidedBy, Decision, FunctionCounts, JournalEntry, Permission};
use crate::protocol::ConnectorView;
use crate::tui::effect::{Answer, Ask};
use crate::tui::theme::Palette;

const WIDTH: u16 = 104;
const HEIGHT: u16 = 28;

/// A picture: the name of its file, what it shows, and how to get there.
struct Scene {
    name: &'static str,
    title: &'static str,
    prepare: fn() -> Runner,
}

const SCENES: &[Scene] = &[
    Scene {
        name: "connectors",
        title: "My Connectors: what is connected, what needs you, and why",
        prepare: || {
            let mut runner = Runner::on(WIDTH, HEIGHT, snapshot(lively()));
            runner.keys("jj");
            runner
        },
    },
    Scene {
        name: "functions",
        title: "Functions: what each may do, and what a changed one changed, word by word",
        prepare: one_changed,
    },
    Scene {
        name: "question",
        title: "A question in the dock: nothing runs before somebody says yes",
        prepare: || {
            let mut runner = showing(WIDTH, HEIGHT, functions());
            runner.keys("jtacme/api<tab>Rate limit is wrong<alt-enter>");
            runner.light();
            runner
        },
    },
    Scene {
        name: "directory",
        title: "Directory: servers that are known, and what is known of each",
        prepare: || {
            let mut servers = servers();
            servers.retain(|server| !server.to_string().contains("rude"));
            let mut runner = directory::open(WIDTH, HEIGHT, vec![connector("github")], servers);
            runner.keys("j");
            runner
        },
    },
    Scene {
        name: "activity",
        title: "Activity: every call and decision as it happens",
        prepare: || activity::with(WIDTH, HEIGHT, an_hour()),
    },
    Scene {
        name: "result",
        title: "A call whole: arguments and result, to be folded, searched and copied",
        prepare: || {
            let arguments = json!({ "repo": "acme/api", "number": 12 });
            let issue = json!({ "number": 12, "title": "The limiter counts retries twice",
                "state": "open", "labels": ["bug", "limiter"], "author": { "login": "ann" },
                "comments": [{ "by": "ben", "text": "It does, since 2.4" }] });
            let text = "Issue 12: The limiter counts retries twice";
            let result = json!({ "content": [{ "type": "text", "text": text }],
                "structuredContent": issue });
            let mut runner = call(WIDTH, HEIGHT, arguments, result);
            runner.keys("/limiter<enter>n");
            runner
        },
    },
    Scene {
        name: "empty",
        title: "The empty board says what to do",
        prepare: || Runner::on(WIDTH, HEIGHT, snapshot(vec![])),
    },
];

/// Connectors in every state, of different sizes.
fn lively() -> Vec<ConnectorView> {
    let mut all = all_kinds();
    for connector in &mut all {
        let (always, ask, block) = match connector.name.as_str() {
            "github" => (9, 14, 3),
            "wiki" => (3, 5, 0),
            "local-files" => (6, 5, 1),
            "old" => (2, 10, 0),
            _ => (0, 0, 0),
        };
        connector.functions = FunctionCounts {
            total: always + ask + block,
            always,
            ask,
            block,
            ..connector.functions
        };
    }
    all
}

/// Functions of every permission, two of them marked, and one that changed.
fn one_changed() -> Runner {
    let mut list = functions();
    list.retain(|function| function.name.raw() != "search_code");
    list.push(changed());
    for (name, permission) in [
        ("add_comment", Permission::Ask),
        ("close_issue", Permission::Ask),
        ("list_branches", Permission::Always),
        ("list_issues", Permission::Always),
        ("merge_pull_request", Permission::Block),
        ("read_file", Permission::Always),
    ] {
        let mut function = function(name);
        function.permission = permission;
        function.hints.read_only = Some(permission == Permission::Always);
        list.push(function);
    }
    let mut runner = showing(WIDTH, HEIGHT, list);
    runner.keys("vv");
    runner.click_on("search_code");
    runner.rest();
    let asks = runner.asks();
    let of = |ask: &Ask| matches!(ask, Ask::Function(of) if of.function == "search_code");
    let (ticket, _) = asks.iter().find(|(_, ask)| of(ask)).unwrap();
    let view = remembered(&changed(), Some(accepted()), vec![]);
    runner.answer(*ticket, Ok(Answer::Function(Box::new(view))));
    runner
}

/// An hour of two agents at work.
fn an_hour() -> Vec<JournalEntry> {
    let functions = [
        "get_issue",
        "search_code",
        "list_issues",
        "read_page",
        "create_issue",
    ];
    let mut lines = Vec::new();
    for minute in 0..59_i64 {
        // More in the middle of the hour than at its ends.
        let calls = (minute % 7) * (60 - (minute - 30).abs()) / 120;
        for call in 0..calls {
            let place = usize::try_from(minute + 3 * call).unwrap();
            let function = functions[place % functions.len()];
            let second = call * 11 % 60;
            let at = format!("2026-11-22T13:{minute:02}:{second:02}Z");
            let seq = i64::try_from(lines.len()).unwrap() + 1;
            let mut line = called(seq, &at, function);
            line.agent = Some(if place % 3 == 0 { "claude" } else { "codex" }.to_owned());
            line.duration_ms = Some(30 + i64::try_from(place * 37 % 900).unwrap());
            line.result_bytes = Some(400 + i64::try_from(place * 997 % 40_000).unwrap());
            if function == "read_page" {
                line.connector = Some("wiki".to_owned());
            }
            if function == "create_issue" {
                line.by = Some(DecidedBy::Operator);
                line.decision = Some(Decision::Approved);
            }
            if place % 11 == 0 {
                line.outcome = Some(CallOutcome::Error);
            }
            lines.push(line);
        }
    }
    lines
}

fn drawn(scene: &Scene) -> String {
    let mut runner = (scene.prepare)();
    runner.model.theme.palette = Palette::OnDark;
    svg(&runner.buffer(), scene.title)
}

#[test]
fn every_picture_in_docs_is_what_the_screen_shows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let write = std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always");
    for scene in SCENES {
        let path = folder.join(format!("{}.svg", scene.name));
        let now = drawn(scene);
        if write {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == now,
            "{} is old: .ci/pictures draws it anew",
            path.display()
        );
    }
}

#[test]
fn the_readme_shows_every_picture() {
    let readme = include_str!("../../../README.md");
    for scene in SCENES {
        let place = format!("docs/pictures/{}.svg", scene.name);
        assert!(readme.contains(&place), "README.md has no {place}");
    }
}
