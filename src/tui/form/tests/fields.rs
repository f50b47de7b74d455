//! Each sort of field, from the schema to the value.

use serde_json::json;

use super::{Desk, map, object};
use crate::tui::form::{Filling, Form, Prefill};

#[test]
fn what_is_left_alone_is_left_out() {
    let members = json!({
        "text": { "type": "string" },
        "number": { "type": "number" },
        "switch": { "type": "boolean" },
        "choice": { "enum": ["a", "b"] },
        "several": { "type": "array", "items": { "enum": ["a", "b"] } },
        "list": { "type": "array", "items": { "type": "string" } },
        "group": { "type": "object", "properties": { "in": { "type": "string" } } },
        "variant": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
        "any": {},
        "with_default": { "type": "integer", "default": 3 }
    });
    let mut desk = Desk::of(members, &[]);
    assert_eq!(desk.value(), json!({}));
    desk.shows("(not given)").shows("(not given, else 3)");
}

#[test]
fn each_sort_is_filled_in_by_keys() {
    let members = json!({
        "title": { "type": "string" },
        "count": { "type": "integer" },
        "share": { "type": "number" },
        "on": { "type": "boolean" },
        "kind": { "enum": ["bug", "idea", 3] },
        "days": { "type": "array", "items": { "enum": ["mon", "tue", "wed"] } },
        "labels": { "type": "array", "items": { "type": "string" } }
    });
    let mut desk = Desk::of(members, &[]);
    desk.keys("Rate limit<tab>7<down>0.5<tab>");
    desk.keys("<right><tab><right><right><tab>");
    desk.keys(" <right><right> <tab>");
    desk.keys("<enter>slow<enter><enter>fast<enter>");
    assert_eq!(
        desk.value(),
        json!({
            "title": "Rate limit", "count": 7, "share": 0.5, "on": true,
            "kind": "idea", "days": ["mon", "wed"], "labels": ["slow", "fast"]
        })
    );
}

#[test]
fn an_empty_text_and_no_text_are_two_things() {
    let mut desk = Desk::of(json!({ "note": { "type": "string" } }), &[]);
    desk.keys("a<backspace>");
    desk.shows("(not given)");
    assert_eq!(desk.value(), json!({}));
    desk.keys("<alt-n>");
    desk.shows("(empty text)");
    assert_eq!(desk.value(), json!({ "note": "" }));
    desk.keys("<alt-n>");
    assert_eq!(desk.value(), json!({}));
    desk.keys("kept<alt-n>");
    desk.shows("(left out) kept");
    assert_eq!(desk.value(), json!({}));
    desk.keys("<alt-n>");
    assert_eq!(desk.value(), json!({ "note": "kept" }));
}

#[test]
fn null_is_reached_where_the_schema_has_it() {
    for schema in [
        json!({ "type": ["string", "null"] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
    ] {
        let mut desk = Desk::of(json!({ "note": schema }), &["note"]);
        desk.keys("x<alt-n>");
        desk.shows("(null) x");
        assert_eq!(desk.value(), json!({ "note": null }));
        desk.keys("<alt-n>");
        assert_eq!(desk.value(), json!({ "note": "x" }));
    }
}

#[test]
fn titled_choices_send_their_values() {
    let members = json!({
        "of": { "oneOf": [{ "const": "s", "title": "Small" }, { "const": "l", "title": "Large" }] },
        "named": { "enum": ["x", "y"], "enumNames": ["Ex", "Why"] }
    });
    let mut desk = Desk::of(members, &["of"]);
    desk.shows("\"Small\"").shows("\"Why\"");
    desk.keys("<right><right>");
    desk.shows("sends \"l\"");
    desk.keys("<tab><right>");
    assert_eq!(desk.value(), json!({ "of": "l", "named": "x" }));
}

#[test]
fn letters_find_one_of_many_choices() {
    let zones: Vec<String> = (0..300).map(|number| format!("Zone/{number}")).collect();
    let mut desk = Desk::of(json!({ "zone": { "enum": zones } }), &[]);
    desk.keys("29");
    desk.shows("\"29\" is in").shows("▸ \"Zone/29\"");
    desk.keys("8");
    desk.shows("is in one of them");
    assert_eq!(desk.value(), json!({ "zone": "Zone/298" }));
    desk.keys("<del>");
    assert_eq!(desk.value(), json!({}));
}

#[test]
fn items_are_added_taken_out_and_moved() {
    let members = json!({ "tags": { "type": "array", "items": { "type": "string" } } });
    let mut desk = Desk::of(members, &["tags"]);
    assert_eq!(desk.value(), json!({ "tags": [] }));
    desk.keys("<enter>a<alt-a>b<alt-a>c<alt-up><alt-up>");
    assert_eq!(desk.value(), json!({ "tags": ["c", "a", "b"] }));
    desk.keys("<down><alt-r>");
    assert_eq!(desk.value(), json!({ "tags": ["c", "b"] }));
    desk.keys("<alt-r><alt-r>");
    assert_eq!(desk.value(), json!({ "tags": [] }));
    desk.keys("<up><alt-r>");
    assert!(desk.said.is_some());
}

#[test]
fn lines_pasted_where_items_are_added_become_items() {
    let members = json!({ "tags": { "type": "array", "items": { "type": "string" } } });
    let mut desk = Desk::of(members, &[]);
    desk.keys("<right><down>");
    desk.paste("one\ntwo\r\nthree\n");
    assert_eq!(desk.value(), json!({ "tags": ["one", "two", "three"] }));
}

#[test]
fn a_nested_object_is_given_once_something_in_it_is() {
    let members = json!({ "place": {
        "type": "object",
        "required": ["city"],
        "properties": { "city": { "type": "string" }, "zip": { "type": "string" } }
    }});
    let mut desk = Desk::of(members, &[]);
    desk.shows("[+] not given").hides("city");
    assert_eq!(desk.value(), json!({}));
    desk.keys(" ");
    desk.shows("city *");
    assert_eq!(desk.value(), json!({}));
    desk.keys("<tab><tab>8001");
    assert!(desk.wrong().contains("must be given"));
    desk.keys("Bern");
    assert_eq!(
        desk.value(),
        json!({ "place": { "city": "Bern", "zip": "8001" } })
    );
    desk.keys("<up><alt-n>");
    desk.shows("left out");
    assert_eq!(desk.value(), json!({}));
    desk.keys("<tab>e");
    assert_eq!(desk.value()["place"]["city"], "Berne");
}

#[test]
fn a_form_is_chosen_and_its_fields_follow() {
    let members = json!({ "by": { "oneOf": [
        { "title": "By name", "type": "object", "required": ["name"],
          "properties": { "name": { "type": "string" } } },
        { "title": "By id", "type": "object", "required": ["id"],
          "properties": { "id": { "type": "integer" } } }
    ]}});
    let mut desk = Desk::of(members, &["by"]);
    desk.shows("\"By name\"").hides("name *");
    assert!(desk.wrong().contains("must be given"));
    desk.keys("<right>");
    desk.keys("<tab>ann");
    assert_eq!(desk.value(), json!({ "by": { "name": "ann" } }));
    desk.keys("<up><right><tab>12");
    assert_eq!(desk.value(), json!({ "by": { "id": 12 } }));
    // What was typed into the other is there still.
    desk.keys("<up><left>");
    assert_eq!(desk.value(), json!({ "by": { "name": "ann" } }));
}

#[test]
fn forms_that_only_say_what_belongs_together_leave_the_fields_alone() {
    let schema = json!({
        "type": "object",
        "properties": { "id": { "type": "string" }, "name": { "type": "string" } },
        "anyOf": [{ "required": ["id"] }, { "required": ["name"] }]
    });
    let mut desk = Desk::new(&schema);
    desk.shows("id").shows("name");
    desk.wrong();
    desk.keys("x");
    assert_eq!(desk.value(), json!({ "id": "x" }));
}

#[test]
fn references_and_all_of_are_followed_within_the_document() {
    let schema = json!({
        "type": "object",
        "$defs": {
            "id": { "type": "string", "description": "Its id", "minLength": 2 },
            "base": { "properties": { "id": { "$ref": "#/$defs/id" } }, "required": ["id"] }
        },
        "allOf": [
            { "$ref": "#/$defs/base" },
            { "properties": { "size": { "type": "integer" } } }
        ]
    });
    let mut desk = Desk::new(&schema);
    desk.shows("id *")
        .shows("Its id")
        .shows("at least 2 characters")
        .shows("size");
    desk.keys("ab<tab>3");
    assert_eq!(desk.value(), json!({ "id": "ab", "size": 3 }));
}

#[test]
fn a_schema_that_contains_itself_is_unfolded_step_by_step() {
    let schema = json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "parent": { "$ref": "#" },
            "children": { "type": "array", "items": { "$ref": "#" } }
        }
    });
    let mut desk = Desk::new(&schema);
    desk.keys("a<tab> <tab>b<tab> <tab>c");
    assert_eq!(
        desk.value(),
        json!({ "name": "a", "parent": { "name": "b", "parent": { "name": "c" } } })
    );
}

#[test]
fn members_with_names_of_ones_own_are_added() {
    let schema = json!({
        "type": "object",
        "properties": { "env": { "type": "object", "additionalProperties": { "type": "string" } } }
    });
    let mut desk = Desk::new(&schema);
    desk.keys("<right><down>");
    desk.shows("add a member");
    desk.keys("<enter>HOME<enter>/root<alt-a>");
    assert!(desk.wrong().contains("give it a name"));
    desk.keys("HOME<enter>x");
    assert!(desk.wrong().contains("is there already"));
    desk.keys("2<enter>");
    assert_eq!(
        desk.value(),
        json!({ "env": { "HOME": "/root", "HOME2": "x" } })
    );
}

#[test]
fn a_member_that_is_named_like_a_secret_is_one() {
    for free in [json!({ "type": "string" }), json!(true)] {
        let schema = json!({ "type": "object", "properties": {
            "env": { "type": "object", "additionalProperties": free } } });
        let mut desk = Desk::new(&schema);
        desk.keys("<right><down><enter>api_key<enter>hunter2");
        desk.shows("•••••••")
            .shows("a secret: not shown, not remembered");
        desk.hides("hunter2");
        desk.filling.toggle().unwrap();
        let (raw, _) = desk.filling.raw().unwrap();
        assert!(!raw.text().contains("hunter2"), "{}", raw.text());
        desk.filling.toggle().unwrap();
        assert_eq!(desk.value(), json!({ "env": { "api_key": "hunter2" } }));
        let kept = format!("{:?}", desk.filling.draft());
        assert!(!kept.contains("hunter2"), "{kept}");
    }
}

#[test]
fn what_was_typed_as_a_secret_is_not_shown_under_another_name() {
    let schema = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let mut desk = Desk::new(&schema);
    desk.keys("<enter>token<enter>hunter2<up>s<down>");
    desk.shows("tokens").hides("hunter2");
    desk.keys("<backspace><backspace><backspace><backspace><backspace><backspace><backspace>");
    desk.keys("<up><down>open");
    desk.shows("open");
    assert_eq!(desk.value(), json!({ "tokens": "open" }));
    // A name that is given last hides what stands there already.
    desk.keys("<up><ctrl-u>password<down>");
    desk.hides("[ open");
    assert_eq!(desk.value(), json!({ "password": "open" }));
}

#[test]
fn what_no_form_can_be_made_of_is_json() {
    let members = json!({
        "any": {},
        "tuple": { "type": "array", "prefixItems": [{ "type": "string" }] },
        "lost": { "$ref": "https://elsewhere.example/schema" },
        "odd": { "type": "file" }
    });
    let mut desk = Desk::of(members, &[]);
    desk.keys("{\"a\": 1}<tab>");
    desk.keys("[\"x\", 1]");
    let Some(value) = desk.filling.form().top.child(1) else {
        panic!("no member");
    };
    assert!(value.is_given());
    desk.shows("as JSON: no form can be made");
    desk.keys("<up>hello<tab>");
    desk.shows("text follows the value");
}

#[test]
fn defaults_fill_what_must_be_given_or_all() {
    let schema = object(
        json!({
            "size": { "type": "integer", "default": 3 },
            "name": { "type": "string", "default": "x" },
            "kind": { "const": "a" },
            "note": { "type": "string" }
        }),
        &["size", "kind"],
    );
    let mut desk = Desk::new(&schema);
    assert_eq!(desk.value(), json!({ "size": 3, "kind": "a" }));
    let mut desk = Desk::with(Filling::new(&schema, Prefill::All));
    assert_eq!(desk.value(), json!({ "size": 3, "name": "x", "kind": "a" }));
}

#[test]
fn a_long_text_has_lines_and_a_paste_makes_one_of_a_short_one() {
    let members = json!({ "body": { "type": "string" }, "title": { "type": "string" } });
    let mut desk = Desk::of(members, &[]);
    desk.keys("one<enter>two<tab>");
    desk.paste("first\nsecond");
    assert_eq!(
        desk.value(),
        json!({ "body": "one\ntwo", "title": "first\nsecond" })
    );
    let mut desk = Desk::of(json!({ "title": { "type": "string" } }), &[]);
    desk.keys("a<alt-l><enter>b");
    assert_eq!(desk.value(), json!({ "title": "a\nb" }));
    desk.keys("<up>x");
    assert_eq!(desk.value(), json!({ "title": "ax\nb" }));
}

#[test]
fn a_value_goes_into_the_fields_and_comes_out_again() {
    let schema = object(
        json!({
            "by": { "oneOf": [
                { "type": "object", "properties": { "id": { "type": "integer" } }, "required": ["id"] },
                { "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] }
            ]},
            "days": { "type": "array", "items": { "enum": ["mon", "tue"] } },
            "n": { "type": "integer" }
        }),
        &[],
    );
    let value = map(json!({
        "by": { "name": "ann" }, "days": ["tue", "mon"], "n": "seven", "unknown": [1]
    }));
    let mut form = Form::filled(&schema, Prefill::Required, value.clone());
    assert_eq!(form.write(), Ok(value));
    // A list that is in another order, and a number that is a text, are JSON.
    let screen = Desk::with(Filling::of(form)).screen(70);
    assert!(screen.contains("\"seven\""), "{screen}");
    assert!(
        screen.contains("\"unknown\"") || screen.contains("unknown"),
        "{screen}"
    );
}

#[test]
fn what_does_not_fit_is_a_field_again_once_it_is_emptied() {
    let schema = object(json!({ "n": { "type": "integer" } }), &[]);
    let form = Form::filled(&schema, Prefill::Required, map(json!({ "n": "x" })));
    let mut desk = Desk::with(Filling::of(form));
    desk.shows("emptied, it is a field again");
    desk.keys("<end><ctrl-u><tab>");
    desk.shows("whole number");
    desk.keys("5");
    assert_eq!(desk.value(), json!({ "n": 5 }));
}
