//! Keys as a configuration binds them.

use super::board::{connector, functions, snapshot};
use super::dock::has_run;
use super::functions::showing;
use super::runner::Runner;
use crate::config::{Environment, Home, Settings, reference};
use crate::domain::{Fault, FaultKind};
use crate::tui::effect::{Ask, Effect, Timer, Work};
use crate::tui::focus::Focus;
use crate::tui::keymap::{Keymap, check_keys};

fn settings(text: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::under(folder.path());
    std::fs::create_dir_all(&home.config).unwrap();
    std::fs::write(home.config_file(), text).unwrap();
    Settings::load(&home, &Environment::default()).unwrap()
}

fn bound(text: &str) -> Keymap {
    Keymap::rebound(settings(text).keys()).unwrap()
}

#[track_caller]
fn refused(text: &str) -> Fault {
    let fault = check_keys(&settings(text)).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Config, "{text}");
    assert!(
        fault.hints.len() > 1,
        "{text}: a next step besides the file"
    );
    fault
}

/// What is wrong, without the file's path, and the next step.
#[track_caller]
fn said(text: &str) -> (String, String) {
    let fault = refused(text);
    let (_, said) = fault.message.split_once("config.toml, ").unwrap();
    (said.to_owned(), fault.hints.last().unwrap().clone())
}

#[test]
fn other_keys_work_and_are_shown_and_the_old_ones_do_nothing() {
    let mut runner = Runner::on(120, 40, snapshot(vec![connector("wiki")]));
    runner.model.keymap = bound("[keys]\nreconnect = [\"f5\", \"R\"]\nremove = \"alt-d\"\n");
    runner.shows("F5 reconnect");
    runner.shows("Alt-d remove");
    runner.keys("rx");
    assert!(runner.wanted().is_empty());
    runner.keys("R");
    let (_, work) = runner.worked();
    assert!(matches!(work, Work::Refresh(_)));
    runner.keys("<f5>");
    runner.worked();
    runner.keys("?");
    runner.shows("F5 R ");
    runner.keys("<esc>:recon");
    runner.shows("F5 ");
    runner.keys("<esc><alt-d>");
    assert_eq!(runner.model.focus, Focus::DockRemove);
}

#[test]
fn a_place_of_its_own_wins_over_everywhere_and_one_without_keys_is_found_by_its_name() {
    let keymap =
        bound("[keys.functions]\nreconnect = \"f6\"\n[keys]\nreconnect = \"f5\"\nmark = []\n");
    let mut runner = showing(80, 24, functions());
    runner.model.keymap = keymap;
    runner.keys("<f5>v");
    assert!(runner.wanted().is_empty());
    runner.hides("mark");
    runner.keys("<f6>");
    runner.worked();
    runner.keys(":mark<enter>");
    runner.shows("1 marked");
    runner.keys("1<f5>");
    runner.worked();
}

#[test]
fn a_key_of_the_prompt_is_shown_there_and_the_arming_is_the_same() {
    let mut runner = showing(80, 24, functions());
    runner.model.keymap = bound("[keys]\nallow-call = \"o\"\n");
    runner.keys("jt<alt-j><ctrl-k>");
    runner.paste("{\"repo\": \"acme/api\", \"title\": \"t\"}");
    runner.keys("<alt-enter>");
    assert_eq!(runner.model.focus, Focus::DockCall);
    runner.shows("o works in a moment");
    runner.keys("o");
    assert!(!has_run(&mut runner));
    runner.wait(5000);
    runner.keys("y");
    assert!(!has_run(&mut runner));
    runner.wait(5000);
    runner.timer(Timer::Arm(0));
    runner.shows("o run it this once");
    runner.keys("o");
    assert!(has_run(&mut runner));
}

#[test]
fn what_there_is_not_is_named_with_its_place_in_the_file() {
    assert_eq!(
        said("[keys]\nhelp = \"f2\"\nrecnnect = \"f5\"\n"),
        (
            "line 3, column 1: there is no action \"recnnect\"".to_owned(),
            "perhaps reconnect is meant; docs/keys.md has every name".to_owned()
        )
    );
    let (what, next) = said("[keys.fnctions]\nmark = \"f5\"\n");
    assert_eq!(what, "line 1, column 7: there is no place \"fnctions\"");
    assert!(
        next.starts_with("the places are everywhere, tabs, "),
        "{next}"
    );
    assert_eq!(
        said("[keys.picker]\nmark = \"f5\"\n"),
        (
            "line 2, column 1: mark does nothing in picker".to_owned(),
            "it counts in functions".to_owned()
        )
    );
    let (what, next) = said("[keys]\nmark = [\"m\", \"ctrl+m\"]\n");
    assert_eq!(what, "line 2, column 14: \"ctrl+m\" is no key");
    assert!(next.starts_with("keys are written like r, R"), "{next}");
    let (what, _) = said("[keys]\nallow-call = \"paste\"\n");
    assert_eq!(what, "line 2, column 14: \"paste\" is no key");
}

#[test]
fn a_key_that_never_arrives_is_refused() {
    let (what, _) = said("[keys]\nmark = \"ctrl-m\"\n");
    assert_eq!(
        what,
        "line 2, column 8: most terminals have no way to send Ctrl-m"
    );
    for (text, name) in [
        ("[keys]\nfilter-done = \"ctrl-w\"\n", "filter-done"),
        ("[keys]\npress = \"p\"\n", "press"),
        ("[keys]\npalette-run = \"o\"\n", "palette-run"),
    ] {
        let (what, _) = said(text);
        let reason = format!("would never be {name}: a field there takes it");
        assert!(what.ends_with(&reason), "{what}");
    }
    // Where it arrives in some of the places it may stand.
    bound("[keys]\nhelp = \"H\"\n");
}

#[test]
fn a_key_that_would_do_two_things_is_refused_with_both_names() {
    assert_eq!(
        said("[keys]\nreconnect = \"x\"\n"),
        (
            "line 2, column 13: x would do two things on a connector, in the list or in its \
             details: reconnect and remove"
                .to_owned(),
            "take another key here, or give remove another one, or [] for none".to_owned()
        )
    );
    let (what, _) = said("[keys]\nmark = \"z\"\nblock = [\"b\", \"z\"]\n");
    assert!(
        what.starts_with("line 3, column 15: z would do two things"),
        "{what}"
    );
    let (what, _) = said("[keys]\nquit = \"j\"\n");
    assert!(what.contains("quit") && what.contains("down"), "{what}");
    let (what, _) = said("[keys.call-prompt]\nallow-call = \"n\"\n");
    assert!(what.contains("allow-call and deny-call"), "{what}");
    // Once the other has gone elsewhere, it may.
    bound("[keys]\nreconnect = \"x\"\nremove = \"D\"\nclear-form = \"x\"\n");
}

#[test]
fn the_way_out_has_to_stay() {
    for name in ["help", "quit", "cancel", "deny-call", "prompt-back"] {
        let (what, next) = said(&format!("[keys]\n{name} = []\n"));
        assert_eq!(what, format!("line 2, column 1: {name} has to have a key"));
        assert!(next.starts_with("give it one"));
    }
    let (what, _) = said("[keys.everywhere]\nquit = []\n");
    assert_eq!(what, "line 2, column 1: quit has to have a key");
}

#[test]
fn no_key_of_habit_says_yes() {
    for key in [
        "enter",
        "Esc",
        "space",
        "alt-enter",
        "shift-tab",
        "backspace",
        "down",
        "ctrl-space",
    ] {
        for action in ["allow-call", "confirm-remove"] {
            let (what, next) = said(&format!("[keys]\n{action} = \"{key}\"\n"));
            let reason = format!("may not be {action}: it is pressed out of habit");
            assert!(what.ends_with(&reason), "{what}");
            assert_eq!(next, "take a letter");
        }
    }
}

#[test]
fn the_example_of_the_page_can_be_bound() {
    let page = reference();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let keymap = bound(example);
    let key = crate::tui::input::Key::parse("f5").unwrap();
    assert!(keymap.find(Focus::Connectors, key).is_some());
}

#[test]
fn on_a_choice_of_the_form_only_the_keys_of_help_and_palette_get_through() {
    let mut runner = Runner::on(80, 24, snapshot(vec![connector("wiki")]));
    runner.model.keymap = bound("[keys]\nhelp = \"H\"\nquit = \"?\"\n");
    runner.keys("e<down><down><down>?q");
    assert!(!runner.wanted().iter().any(|it| matches!(it, Effect::Leave)));
    runner.keys("H");
    assert_eq!(runner.model.focus, Focus::Help);
    assert!(
        !runner
            .wanted()
            .iter()
            .any(|it| matches!(it, Effect::Ask(_, Ask::Remove(_))))
    );
}

#[test]
fn sentences_name_the_keys_in_force() {
    let mut wiki = connector("wiki");
    wiki.status = crate::domain::Status::Failed;
    wiki.fault = Some(Fault::user("it is off").hint("`callboard enable wiki` switches it on"));
    let mut runner = Runner::on(120, 40, snapshot(vec![wiki]));
    runner.model.keymap = bound("[keys]\nreconnect = \"f5\"\ntoggle = []\nundo = \"ctrl-y\"\n");
    runner.shows("F5 tries again; e changes how it is reached");
    runner.shows("→ : toggle on the connector switches it on");
    runner.keys("x");
    runner.shows("Ctrl-y takes it back");
    let words = "{reconnect} {no-such-thing} {quit";
    assert_eq!(runner.model.words(words), "F5 {no-such-thing} {quit");
}

#[test]
fn forms_and_lessons_name_the_keys_in_force() {
    let mut runner = showing(120, 40, functions());
    runner.model.keymap = bound("[keys]\ngive-or-not = \"alt-y\"\nnew-connector = \"f7\"\n");
    runner.keys("jt<alt-enter>");
    runner.shows("must be given: type it; Alt-y gives it");
    let mut runner = Runner::on(80, 24, snapshot(vec![]));
    runner.model.keymap = bound("[keys]\nnew-connector = \"f7\"\n");
    runner.keys("4");
    runner.shows("There is no connector yet. F7 connects one.");
}

#[test]
fn a_form_that_a_server_wants_filled_in_names_the_keys_in_force() {
    let mut board = snapshot(vec![connector("plays")]);
    let schema = serde_json::json!({ "type": "object", "required": ["a"], "properties": {
        "a": { "type": "string" } } });
    let message = "who".into();
    board.questions = vec![super::asked::question(
        "q-1",
        crate::domain::Asked::Form { message, schema },
    )];
    let mut runner = Runner::on(120, 40, board);
    runner.model.keymap = bound("[keys]\ngive-or-not = \"alt-y\"\n");
    runner.light();
    runner.keys("!");
    runner.light();
    runner.keys("<alt-enter>");
    runner.shows("Alt-y gives it");
}
