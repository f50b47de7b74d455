//! No keys on no schema panic; a value that goes in comes out; what comes out is
//! right or says where it is not.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Desk;
use crate::guard::arguments::check;
use crate::tui::form::tests::BRUSH;
use crate::tui::form::{Filling, Form, Keys, Prefill, Shown};

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("a".to_owned()),
        Just("b/~c".to_owned()),
        Just("body".to_owned()),
        Just("password".to_owned()),
        Just("日本".to_owned()),
        Just(String::new()),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6f64).prop_map(Value::from),
        "[ -~é\\n\\t]{0,8}".prop_map(Value::from),
        Just(json!("a")),
        Just(json!(1)),
    ];
    leaf.prop_recursive(3, 12, 3, |inside| {
        prop_oneof![
            proptest::collection::vec(inside.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map(names(), inside, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Schemas that make sense, and some that make none.
fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({ "type": "string" })),
        Just(json!({ "type": "string", "minLength": 2, "maxLength": 3, "default": "ab" })),
        Just(json!({ "type": "string", "pattern": "^a", "format": "date" })),
        Just(json!({ "type": ["string", "null"], "format": "password" })),
        Just(json!({ "type": "integer", "minimum": 1, "maximum": 3, "default": 2 })),
        Just(json!({ "type": "number", "multipleOf": 0.5 })),
        Just(json!({ "type": "boolean", "default": true })),
        Just(json!({ "enum": ["a", 1, null, [1], { "x": 1 }] })),
        Just(json!({ "const": "a" })),
        Just(json!({ "type": "array", "items": { "enum": ["a", "b"] }, "minItems": 1 })),
        Just(json!({ "oneOf": [{ "const": 1, "title": "One" }, { "const": 2 }] })),
        Just(json!({ "type": "null" })),
        Just(json!({ "$ref": "#" })),
        Just(json!({ "$ref": "#/properties/a" })),
        Just(json!({ "$ref": "https://x.example" })),
        Just(json!({ "type": "array", "prefixItems": [{}] })),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({})),
        values(),
    ];
    leaf.prop_recursive(4, 24, 4, |inside| {
        prop_oneof![
            (
                proptest::collection::btree_map(names(), inside.clone(), 0..4),
                proptest::collection::vec(names(), 0..2),
                proptest::option::of(inside.clone())
            )
                .prop_map(|(members, required, free)| {
                    let members: Map<String, Value> = members.into_iter().collect();
                    let mut schema = json!({ "type": "object", "properties": members, "required": required });
                    if let Some(free) = free {
                        schema["additionalProperties"] = free;
                    }
                    schema
                }),
            inside.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            proptest::collection::vec(inside.clone(), 1..4).prop_map(|all| json!({ "oneOf": all })),
            proptest::collection::vec(inside.clone(), 1..4).prop_map(|all| json!({ "anyOf": all })),
            proptest::collection::vec(inside.clone(), 1..3).prop_map(|all| json!({ "allOf": all })),
            (inside.clone(), inside).prop_map(|(a, b)| json!({ "type": "object",
                "properties": { "a": a }, "oneOf": [{ "properties": { "b": b } }, { "required": ["a"] }] })),
        ]
    })
}

fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    const KEYS: &[&str] = &[
        "<tab>",
        "<tab>",
        "<down>",
        "<up>",
        "<shift-tab>",
        "<left>",
        "<right>",
        "<right>",
        "<enter>",
        "<enter>",
        " ",
        "a",
        "1",
        "{}",
        "[1]",
        "\"x\"",
        "2026-11-22",
        "<backspace>",
        "<del>",
        "<alt-n>",
        "<alt-a>",
        "<alt-r>",
        "<alt-up>",
        "<alt-down>",
        "<alt-l>",
        "<ctrl-u>",
    ];
    proptest::collection::vec(proptest::sample::select(KEYS), 0..40)
}

/// Everything that is on the screen is where it says.
fn sheet_is_sound(filling: &Filling, width: usize) {
    let sheet = filling.painted(BRUSH, width, Keys::Here);
    let mut before = 0;
    for field in &sheet.fields {
        assert!(field.start >= before && field.end > field.start);
        assert!(field.end <= sheet.lines.len());
        before = field.end;
    }
    if let Some(chosen) = sheet.chosen {
        let field = sheet.fields.get(chosen).unwrap();
        for height in [1, 5, 40] {
            for top in [0, 3, 1000] {
                let top = sheet.top(top, height);
                assert!(
                    top <= sheet
                        .lines
                        .len()
                        .saturating_sub(height.min(sheet.lines.len()))
                );
                if field.len() <= height {
                    assert!(top <= field.start && field.end <= top + height);
                }
            }
        }
    } else {
        assert!(sheet.fields.is_empty(), "nothing has the keys");
    }
    if let Some((line, cell)) = sheet.cursor {
        assert!(line < sheet.lines.len() && cell < width.max(40) + 4);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_keys_on_no_schema_panic_and_what_comes_out_is_right_or_named(
        schema in schemas(), keys in keys(), width in 20usize..120
    ) {
        let mut desk = Desk::new(&schema);
        for key in keys {
            desk.keys(key);
            sheet_is_sound(&desk.filling, width);
        }
        let draft = desk.filling.draft();
        let written = serde_json::to_string(&draft).unwrap();
        prop_assert_eq!(&serde_json::from_str::<crate::tui::form::Draft>(&written).unwrap().arguments, &draft.arguments);
        Filling::of_draft(&schema, Prefill::Required, &draft);
        match desk.filling.submit() {
            Some(value) => prop_assert!(check(&schema, &value).is_ok()),
            None => {
                let screen = desk.screen(80);
                prop_assert!(screen.contains('✕'), "wrong and nothing said:\n{}", screen);
            }
        }
        sheet_is_sound(&desk.filling, width);
        if desk.filling.toggle().is_ok() {
            prop_assert_eq!(desk.filling.shown(), Shown::Raw);
            desk.filling.toggle().unwrap();
        }
    }

    #[test]
    fn a_value_that_goes_in_comes_out(
        schema in schemas(),
        value in proptest::collection::btree_map(names(), values(), 0..4)
    ) {
        let value: Map<String, Value> = value.into_iter().collect();
        let form = Form::filled(&schema, Prefill::Required, value.clone());
        let mut writer = super::super::value::Writer::new(super::super::value::Mode::Send);
        let sent = writer.node(&form.top);
        prop_assert_eq!(&writer.faults, &vec![]);
        prop_assert_eq!(sent, Some(Value::Object(value.clone())));
        // Through the JSON too, secrets and all.
        let mut filling = Filling::of(form);
        let text = filling.text().unwrap();
        filling.take(&text);
        let mut writer = super::super::value::Writer::new(super::super::value::Mode::Send);
        prop_assert_eq!(writer.node(&filling.form().top), Some(Value::Object(value)));
    }

    #[test]
    fn filled_by_a_default_and_by_hand_alike_a_form_can_be_cleared(schema in schemas(), keys in keys()) {
        let mut desk = Desk::with(Filling::new(&schema, Prefill::All));
        let before = desk.screen(70);
        for key in keys {
            desk.keys(key);
        }
        desk.filling.act(crate::tui::action::Action::ClearForm);
        prop_assert_eq!(desk.screen(70), before);
    }
}
