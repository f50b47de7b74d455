//! The arguments of a function: as a form, as JSON, in an editor.

use serde_json::json;

use super::board::{function, functions};
use super::functions::showing;
use super::runner::Runner;
use crate::domain::{Fault, Function, Permission};
use crate::tui::effect::{Edited, Effect, Msg, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::tab::Tab;

/// A function with a field of every sort.
pub(super) fn rich() -> Function {
    let mut function = function("create_event");
    function.permission = Permission::Always;
    function.input_schema = json!({
        "type": "object",
        "required": ["title", "who", "place", "by"],
        "properties": {
            "title": { "type": "string", "maxLength": 80, "description": "What it is called" },
            "body": { "type": "string", "description": "Markdown. It may have several lines, and it is shown to everybody who was invited." },
            "guests": { "type": "integer", "minimum": 1, "maximum": 50, "default": 10 },
            "open": { "type": "boolean", "description": "Whether others may come" },
            "kind": { "oneOf": [
                { "const": "talk", "title": "A talk" }, { "const": "walk", "title": "A walk" } ] },
            "zone": { "enum": ["Europe/Bern", "Europe/Rome", "Asia/Tokyo", "Asia/Seoul", "UTC",
                "America/Lima", "America/Bogota", "Africa/Cairo", "Africa/Lagos"] },
            "days": { "type": "array", "items": { "enum": ["mon", "tue", "wed", "thu"] } },
            "labels": { "type": "array", "items": { "type": "string" }, "maxItems": 5 },
            "when": { "type": ["string", "null"], "format": "date-time" },
            "who": { "type": "string", "format": "email" },
            "place": { "type": "object", "required": ["city"], "properties": {
                "city": { "type": "string" },
                "geo": { "type": "object", "properties": {
                    "lat": { "type": "number" }, "lon": { "type": "number" } } } } },
            "by": { "oneOf": [
                { "title": "By name", "type": "object", "required": ["name"],
                  "properties": { "name": { "type": "string" } } },
                { "title": "By id", "type": "object", "required": ["id"],
                  "properties": { "id": { "type": "integer" } } } ] },
            "api_key": { "type": "string", "description": "Of the calendar" },
            "extra": { "description": "Whatever else is to be kept" }
        }
    }).into();
    function
}

/// Its form.
fn form(width: u16, height: u16) -> Runner {
    let mut runner = showing(width, height, vec![rich()]);
    runner.keys("t");
    runner
}

/// Takes pictures at the smallest size too.
macro_rules! all_sizes {
    ($name:literal, $keys:expr) => {
        for (width, height) in [(60, 20), (80, 24), (120, 40)] {
            let mut runner = form(width, height);
            runner.keys($keys);
            insta::assert_snapshot!(format!("{}_{width}x{height}", $name), runner.screen());
        }
    };
}

/// Everything, from above to below.
const FILLED: &str = "Spring meeting<tab>First line.<enter>Second line.<tab>12<tab><right><tab>\
    <right><tab>tok<tab> <right><right> <tab><enter>new<alt-a>big<tab><tab><alt-n><alt-n>\
    <tab>ann@example.com<tab><tab>Bern<tab> <tab>46.9<tab><tab><right><right><tab>7<tab>\
    s3cret<tab>{\"a\": [1]}";

#[test]
fn what_a_form_looks_like() {
    all_sizes!("arguments_empty", "");
    all_sizes!("arguments_filled", FILLED);
    all_sizes!(
        "arguments_filled_at_its_top",
        &format!("{FILLED}<esc>g<enter>")
    );
    all_sizes!(
        "arguments_wrong",
        "x<tab><tab>99<tab><tab><tab><tab><tab><tab>soon<tab>ann<alt-enter>"
    );
    all_sizes!(
        "arguments_nested",
        "<esc>Gkkkkk<enter><right><down><down><right><down>1<down>x<down>"
    );
    all_sizes!(
        "arguments_list",
        "<esc>gjjjjjjj<enter><enter>new<alt-a>big<alt-a>old<alt-up>"
    );
    all_sizes!("arguments_one_of", "<esc>Gkk<enter><right><tab>ann");
    all_sizes!("arguments_choice", "<esc>gjjjjj<enter>a/");
    all_sizes!("arguments_secret", "<esc>Gk<enter>hunter2");
    all_sizes!("arguments_raw", "Spring meeting<tab><tab>12<alt-j>");
    all_sizes!("arguments_idle", "Spring<esc>");
}

#[test]
fn what_is_filled_in_is_what_is_sent() {
    let mut runner = form(80, 24);
    runner.keys(FILLED);
    runner.keys("<alt-enter>");
    let (_, work) = runner.worked();
    let Work::Call(call) = work else {
        panic!("no call: {work:?}");
    };
    assert_eq!(
        serde_json::Value::Object(call.arguments),
        json!({
            "title": "Spring meeting", "body": "First line.\nSecond line.", "guests": 12,
            "open": true, "kind": "talk", "zone": "Asia/Tokyo", "days": ["mon", "wed"],
            "labels": ["new", "big"], "when": null, "who": "ann@example.com",
            "place": { "city": "Bern", "geo": { "lat": 46.9 } }, "by": { "id": 7 },
            "api_key": "s3cret", "extra": { "a": [1] }
        })
    );
}

#[test]
fn letters_neither_leave_nor_are_lost_where_none_are_typed() {
    let mut runner = form(80, 24);
    runner.keys("<tab><tab><tab>q1x");
    assert_eq!(runner.model.focus, Focus::Arguments);
    assert!(runner.wanted().is_empty());
    runner.keys("J");
    assert_eq!(runner.model.focus, Focus::ArgumentsRaw);
    runner.keys("<alt-j>?");
    runner.shows("Keys here");
}

#[test]
fn escape_leaves_the_field_then_the_arguments() {
    let mut runner = form(80, 24);
    runner.keys("half<esc>");
    assert_eq!(runner.model.focus, Focus::ArgumentsIdle);
    // Digits change tabs now, and the form is there afterwards.
    runner.keys("1");
    assert_eq!(runner.model.tab, Tab::Connectors);
    runner.keys("4");
    runner.shows("[ half");
    runner.keys("<enter>-typed<esc><esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
    runner.keys("t");
    runner.shows("[ half-typed");
    runner.keys("<esc>x");
    runner.hides("half");
    assert_eq!(runner.model.focus, Focus::Arguments);
}

#[test]
fn arguments_are_remembered_for_each_function_without_secrets() {
    let mut other = function("other");
    other.input_schema =
        json!({ "type": "object", "properties": { "q": { "type": "string" } } }).into();
    let mut runner = showing(80, 24, vec![rich(), other]);
    runner.keys("tMeeting<esc>Gk<enter>s3cret<esc><esc>jtwhat<esc><esc>");
    runner.keys("kt");
    runner.shows("[ Meeting");
    runner.keys("<esc>G");
    runner.hides("•");
    runner.keys("<esc>jt");
    runner.shows("[ what");
}

fn edited(runner: &mut Runner) -> (Ticket, String) {
    let wanted = runner.wanted();
    match &wanted[..] {
        [Effect::EditOutside(ticket, text)] => (*ticket, text.clone()),
        other => panic!("no editor: {other:?}"),
    }
}

#[test]
fn an_editor_gets_the_arguments_and_gives_them_back() {
    let mut runner = form(80, 24);
    runner.keys("Meeting<alt-e>");
    let (ticket, text) = edited(&mut runner);
    assert_eq!(text, "{\n  \"title\": \"Meeting\",\n  \"place\": {}\n}");
    let text = "{ \"title\": \"Dinner\", \"guests\": 4, \"unknown\": true }\n";
    runner.msg(Msg::Edited(ticket, Edited::Text(text.to_owned())));
    runner.shows("[ Dinner");
    runner.shows("the arguments are as the editor left them");
    assert_eq!(runner.model.focus, Focus::Arguments);
    // The same again is dropped: nobody waits for it.
    runner.msg(Msg::Edited(ticket, Edited::Text("{}".to_owned())));
    runner.shows("[ Dinner");
    runner.keys("<esc>e");
    let (ticket, text) = edited(&mut runner);
    assert!(text.contains("\"unknown\": true"), "{text}");
    runner.msg(Msg::Edited(ticket, Edited::Same));
    runner.shows("nothing was changed");
}

#[test]
fn what_an_editor_spoils_is_kept_and_its_place_is_named() {
    let mut runner = form(80, 24);
    runner.keys("Meeting<alt-e>");
    let (ticket, _) = edited(&mut runner);
    let broken = "{\n  \"title\": \"Din\n}".to_owned();
    runner.msg(Msg::Edited(ticket, Edited::Text(broken)));
    assert_eq!(runner.model.focus, Focus::ArgumentsRaw);
    runner.shows("what the editor left is no arguments");
    runner.shows("(line 3, column");
    runner.shows("\"Din");
}

#[test]
fn without_an_editor_the_json_is_changed_in_place() {
    let mut runner = form(80, 24);
    runner.keys("Meeting<alt-e>");
    let (ticket, _) = edited(&mut runner);
    runner.msg(Msg::Edited(ticket, Edited::NoEditor));
    assert_eq!(runner.model.focus, Focus::ArgumentsRaw);
    runner.shows("neither VISUAL nor EDITOR names an editor");
    runner.shows("\"title\": \"Meeting\"");
    let mut runner = form(80, 24);
    runner.keys("Meeting<alt-e>");
    let (ticket, _) = edited(&mut runner);
    let fault = Fault::user("EDITOR names vix, which is not there");
    runner.msg(Msg::Edited(ticket, Edited::Failed(fault)));
    runner.shows("EDITOR names vix");
    runner.shows("[ Meeting");
}

#[test]
fn an_unfinished_field_is_finished_before_an_editor_opens() {
    let mut runner = form(80, 24);
    runner.keys("<tab><tab>1x<alt-e>");
    assert!(
        !runner
            .wanted()
            .iter()
            .any(|effect| matches!(effect, Effect::EditOutside(..)))
    );
    runner.shows("must be a whole number");
    assert_eq!(runner.model.focus, Focus::Arguments);
}

#[test]
fn a_function_without_arguments_says_so() {
    let mut bare = function("ping");
    bare.input_schema = json!({ "type": "object", "additionalProperties": false }).into();
    bare.permission = Permission::Always;
    let mut runner = showing(80, 24, vec![bare]);
    runner.keys("t");
    runner.shows("It takes no arguments. Enter goes on.");
    runner.keys("<tab><right> x<alt-n><alt-enter>");
    assert!(matches!(runner.worked().1, Work::Call(call) if call.arguments.is_empty()));
}

#[test]
fn a_schema_that_names_no_arguments_is_one_without_and_letters_do_nothing_there() {
    for schema in [
        json!({ "type": "object" }),
        json!({ "type": "object", "properties": {} }),
    ] {
        let mut bare = function("ping");
        bare.input_schema = schema.into();
        bare.permission = Permission::Always;
        let mut runner = showing(80, 24, vec![bare]);
        runner.keys("t");
        runner.shows("It takes no arguments. Enter goes on.");
        runner.hides("add a member");
        runner.hides("editor");
        runner.keys("eJxa5q");
        assert!(runner.wanted().is_empty());
        runner.shows("It takes no arguments.");
        runner.keys("<enter>");
        assert!(matches!(runner.worked().1, Work::Call(call) if call.arguments.is_empty()));
    }
}

#[test]
fn esc_leaves_a_function_without_arguments_at_once() {
    let mut runner = showing(80, 24, vec![function("ping")]);
    runner.keys("t");
    runner.shows("Esc back");
    runner.keys("<esc>");
    assert_eq!(runner.model.focus, Focus::Functions);
}

#[test]
fn empty_json_is_no_arguments() {
    let mut bare = function("ping");
    bare.permission = Permission::Always;
    let mut runner = showing(80, 24, vec![bare]);
    runner.keys("t<alt-j><ctrl-k><backspace><backspace><alt-enter>");
    assert!(matches!(runner.worked().1, Work::Call(call) if call.arguments.is_empty()));
}

#[test]
fn a_definition_that_changed_meanwhile_is_checked_again() {
    let mut runner = showing(80, 24, functions());
    runner.keys("tx");
    let id = super::board::connector("github").id;
    runner.event(crate::protocol::EventKind::Functions { id });
    let (ticket, _) = runner.asked();
    let mut changed = functions();
    changed[0].input_schema = json!({ "type": "object", "required": ["new"] }).into();
    runner.answer(
        ticket,
        Ok(crate::tui::effect::Answer::Functions(changed.into())),
    );
    runner.keys("<alt-enter>");
    let ran = |effect: &Effect| matches!(effect, Effect::Work(..));
    assert!(!runner.wanted().iter().any(ran));
    runner.shows("\"new\" must be given");
}

#[test]
fn the_pane_scrolls_with_the_field_that_has_the_keys() {
    let mut runner = form(60, 20);
    for _ in 0..40 {
        runner.keys("<down>");
        runner.shows("▸");
    }
    for _ in 0..40 {
        runner.keys("<up>");
        runner.shows("▸");
    }
    runner.shows("title *");
}
