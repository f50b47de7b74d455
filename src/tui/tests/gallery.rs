//! The pictures of the README: real frames, compared with what is in
//! `docs/pictures`. `.ci/pictures` draws them anew.

use std::path::Path;

use super::board::{all_kinds, functions, snapshot};
use super::functions::showing;
use super::runner::Runner;
use super::svg::svg;
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
            let mut runner = Runner::on(WIDTH, HEIGHT, snapshot(all_kinds()));
            runner.keys("j");
            runner
        },
    },
    Scene {
        name: "functions",
        title: "Functions: what each does, and what it may do",
        prepare: || {
            let mut runner = showing(WIDTH, HEIGHT, functions());
            runner.keys("j");
            runner
        },
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
        name: "empty",
        title: "The empty board says what to do",
        prepare: || Runner::on(WIDTH, HEIGHT, snapshot(vec![])),
    },
];

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
