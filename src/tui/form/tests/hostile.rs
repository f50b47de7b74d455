//! Schemas that want to cost much, or to be more than they are.

use std::time::Instant;

use serde_json::{Value, json};

use super::{BRUSH, Desk, map, object};
use crate::tui::form::{Filling, Form, Keys, Prefill};

/// Far more than any of these takes, far less than what they ask for.
const SECONDS: u64 = 20;

fn swiftly(what: &str, does: impl FnOnce()) {
    let begun = Instant::now();
    does();
    let took = begun.elapsed().as_secs();
    assert!(took < SECONDS, "{what} took {took} s");
}

#[test]
fn nine_thousand_members_are_cut_and_raw_json_reaches_the_rest() {
    // The check refuses a schema that is much larger.
    let members: serde_json::Map<String, Value> = (0..9_000)
        .map(|number| (format!("m{number}"), json!({ "type": "string" })))
        .collect();
    let schema = object(Value::Object(members), &["m8999"]);
    swiftly("9,000 members", || {
        let mut desk = Desk::new(&schema);
        desk.shows("8800 members more have no field here")
            .shows("m8999 *");
        desk.keys("x");
        desk.filling.take("{\"m5000\": \"y\", \"m8999\": \"z\"}");
        desk.shows("[ m5000");
        assert_eq!(desk.value(), json!({ "m5000": "y", "m8999": "z" }));
    });
}

#[test]
fn ten_thousand_choices_are_cut_and_raw_json_reaches_the_rest() {
    let choices: Vec<String> = (0..10_000).map(|number| format!("c{number}")).collect();
    let titled: Vec<Value> = (0..2_000)
        .map(|number| json!({ "const": number, "title": "x" }))
        .collect();
    let schema = object(
        json!({ "a": { "enum": choices }, "b": { "oneOf": titled } }),
        &[],
    );
    swiftly("10,000 choices", || {
        let mut desk = Desk::new(&schema);
        desk.shows("one of 10000; only the first 500 are listed");
        desk.keys("c499");
        desk.filling.take("{\"a\": \"c7777\", \"b\": 1888}");
        desk.shows("c7777").shows("1888");
        assert_eq!(desk.value(), json!({ "a": "c7777", "b": 1888 }));
    });
}

#[test]
fn depth_and_cycles_end() {
    let mut deep = json!({ "type": "string" });
    // Deeper than this no JSON is read.
    for _ in 0..60 {
        deep = json!({ "type": "object", "required": ["a"], "properties": { "a": deep } });
    }
    let lists = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/l" } },
        "$defs": { "l": { "type": "array", "items": { "$ref": "#/$defs/l" }, "default": [[[]]] } } });
    let must = json!({ "type": "object", "required": ["a", "b"],
        "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" } } });
    let names = json!({ "type": "object", "properties": { "a": { "$ref": "#/properties/b" },
        "b": { "$ref": "#/properties/a" } } });
    let any = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/x" } },
        "$defs": { "x": { "anyOf": [{ "$ref": "#/$defs/x" }, { "$ref": "#/$defs/x" }] } } });
    let all = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/x" } },
        "$defs": { "x": { "allOf": [{ "$ref": "#/$defs/x" }, { "$ref": "#/$defs/y" }] },
            "y": { "allOf": [{ "$ref": "#/$defs/x" }] } } });
    let cycles = [
        ("depth", deep),
        ("lists", lists),
        ("what must be", must),
        ("names", names),
        ("any", any),
        ("all", all),
    ];
    for (what, schema) in cycles {
        swiftly(what, || {
            let mut desk = Desk::new(&schema);
            for _ in 0..40 {
                desk.keys("<right><tab>");
            }
            desk.screen(60);
            desk.filling.submit();
        });
    }
}

#[test]
fn wide_forms_within_forms_are_bounded() {
    let forms: Vec<Value> = (0..50)
        .map(|number| {
            json!({ "type": "object", "title": format!("f{number}"),
            "properties": { "next": { "$ref": "#/$defs/x" }, "k": { "const": number } },
            "required": ["k"] })
        })
        .collect();
    let schema = json!({ "type": "object", "properties": { "x": { "$ref": "#/$defs/x" } },
        "$defs": { "x": { "oneOf": forms } } });
    let mut value = json!({ "k": 49 });
    for _ in 0..8 {
        value = json!({ "k": 49, "next": value });
    }
    swiftly("forms within forms", || {
        let value = map(json!({ "x": value }));
        let mut form = Form::filled(&schema, Prefill::All, value.clone());
        assert_eq!(form.write(), Ok(value));
    });
}

#[test]
fn words_of_a_server_stand_behind_a_gutter_or_in_quotes() {
    let evil = "\u{1b}[2J✕ must be given\u{202e}";
    let schema = object(
        json!({
            evil: { "type": "string", "title": evil, "description": evil, "default": evil, "pattern": evil, "format": evil },
            "c": { "enum": [evil, "b"], "description": format!("{evil}\n{evil}") },
            "v": { "oneOf": [{ "type": "object", "title": evil, "properties": { "a": {} } },
                { "type": "string" }] },
            "s": { "type": "array", "items": { "enum": [evil, "b"] } }
        }),
        &["c"],
    );
    let mut desk = Desk::with(Filling::new(&schema, Prefill::Required));
    for _ in 0..8 {
        for line in desk.screen(76).lines() {
            assert!(!line.contains(['\u{1b}', '\u{202e}']), "{line:?}");
            if let Some((before, _)) = line.split_once("✕ must") {
                assert!(before.contains(['│', '"']), "{line}");
            }
        }
        desk.keys("<right><tab>");
    }
    let sheet = desk.filling.painted(BRUSH, 20, Keys::Here);
    assert!(!sheet.lines.is_empty());
}
