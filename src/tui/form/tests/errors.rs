//! What is wrong, where it is said, and what happens to secrets.

use serde_json::json;

use super::{Desk, object};
use crate::tui::form::{Draft, Filling, Prefill};

#[test]
fn a_field_says_what_is_wrong_as_it_is_left_and_not_before() {
    let members = json!({
        "n": { "type": "integer", "minimum": 1, "maximum": 5 },
        "when": { "type": "string", "format": "date" },
        "mail": { "type": "string", "format": "email" },
        "site": { "type": "string", "format": "uri" },
        "code": { "type": "string", "pattern": "^[A-Z]{3}$" },
        "name": { "type": "string", "minLength": 2, "maxLength": 3 },
        "end": { "type": "string" }
    });
    let mut desk = Desk::of(members, &[]);
    desk.keys("9");
    desk.hides("✕");
    desk.keys("<tab>soon<tab>ann<tab>example<tab>abc<tab>x<tab>");
    desk.shows("✕ must be at most 5")
        .shows("✕ must be a date, such as 2026-11-22")
        .shows("✕ must be an e-mail address, such as ann@example.com")
        .shows("✕ must be an address with its scheme, such as")
        .shows("✕ must match the pattern \"^[A-Z]{3}$\"")
        .shows("✕ must have at least 2 characters");
    desk.keys("<up>y");
    desk.hides("at least 2 characters");
}

#[test]
fn a_number_that_is_none_says_so() {
    let members = json!({ "n": { "type": "integer" }, "x": { "type": "number" }, "z": {} });
    let mut desk = Desk::of(members, &[]);
    desk.keys("twelve<tab>1,5<tab>hello<tab>");
    desk.shows("must be a whole number, such as 3, and is \"twelve\"")
        .shows("must be a number, such as 3 or 2.5, and is \"1,5\"")
        .shows("must be JSON, where a text stands in quotes");
    desk.keys("<ctrl-u>99999999999999999999<tab>");
    desk.shows("64 bits");
}

#[test]
fn the_first_wrong_field_gets_the_keys_even_in_a_folded_group() {
    let members = json!({
        "a": { "type": "string" },
        "place": { "type": "object", "required": ["city"],
            "properties": { "city": { "type": "string" }, "zip": { "type": "string" } } }
    });
    let mut desk = Desk::of(members, &["place"]);
    // Folded.
    desk.keys("<tab> ");
    desk.hides("city");
    let screen = desk.wrong();
    assert!(screen.contains("▸│   city *"), "{screen}");
    desk.keys("Bern");
    assert_eq!(desk.value(), json!({ "place": { "city": "Bern" } }));
}

#[test]
fn what_the_check_of_the_whole_finds_stands_at_its_field() {
    let members = json!({
        "tags": { "type": "array", "uniqueItems": true, "items": { "type": "string", "maxLength": 3 } },
        "b": { "type": "string" }
    });
    let schema = json!({
        "type": "object", "properties": members, "not": { "required": ["b"] }
    });
    let mut desk = Desk::new(&schema);
    desk.keys("<enter>a<alt-a>a");
    assert!(desk.wrong().contains("✕ must not have an item twice"));
    desk.keys("<down>bbbb");
    let screen = desk.wrong();
    assert!(
        screen.contains("✕ must have at most 3 characters"),
        "{screen}"
    );
    desk.keys("<backspace><backspace><tab><tab><tab>x");
    assert!(
        desk.wrong()
            .contains("✕ (the arguments) has a form that is ruled out")
    );
}

#[test]
fn a_missing_field_is_named_only_when_it_is_asked_for() {
    let mut desk = Desk::of(json!({ "a": { "type": "string" }, "b": {} }), &["a"]);
    desk.keys("<tab><tab>");
    desk.hides("✕").shows("(required)");
    assert!(desk.wrong().contains("✕ must be given"));
    desk.keys("x");
    desk.hides("✕");
}

fn login() -> serde_json::Value {
    object(
        json!({
            "user": { "type": "string" },
            "password": { "type": "string" },
            "note": { "type": "string", "writeOnly": true },
            "pin": { "type": "string", "format": "password" },
            "more": {}
        }),
        &["user", "password"],
    )
}

#[test]
fn secrets_are_masked_sent_and_not_remembered() {
    let mut desk = Desk::new(&login());
    desk.keys("ann<tab>hunter2<tab>n0te<tab>1234<tab>");
    desk.paste("{\"apiKey\": \"k-123\", \"size\": 2}");
    let screen = desk.screen(70);
    assert!(screen.contains("•••••••"), "{screen}");
    for secret in ["hunter2", "n0te", "1234"] {
        assert!(!screen.contains(secret), "{screen}");
    }
    assert_eq!(
        desk.value(),
        json!({ "user": "ann", "password": "hunter2", "note": "n0te", "pin": "1234",
            "more": { "apiKey": "k-123", "size": 2 } })
    );
    let draft = desk.filling.draft();
    let written = serde_json::to_string(&draft).unwrap();
    assert_eq!(
        written,
        "{\"arguments\":{\"user\":\"ann\",\"more\":{\"size\":2}},\"half\":{},\"raw\":null}"
    );
    assert!(!format!("{:?}", desk.filling).contains("hunter2"));
    let again: Draft = serde_json::from_str(&written).unwrap();
    let mut desk = Desk::with(Filling::of_draft(&login(), Prefill::Required, &again));
    desk.shows("[ ann");
    assert!(desk.wrong().contains("must be given"));
}

#[test]
fn what_is_half_typed_is_there_the_next_time() {
    let schema = object(
        json!({ "n": { "type": "integer" }, "in": { "type": "object",
            "properties": { "j": {} } }, "l": { "type": "array", "items": { "type": "number" } } }),
        &[],
    );
    let mut desk = Desk::new(&schema);
    desk.keys("12x<tab> <tab>{\"a\": <tab><enter>1<alt-a>2y");
    let draft = desk.filling.draft();
    let written = serde_json::to_string(&draft).unwrap();
    let again: Draft = serde_json::from_str(&written).unwrap();
    let desk = Desk::with(Filling::of_draft(&schema, Prefill::Required, &again));
    desk.shows("[ 12x").shows("[ {\"a\":").shows("[ 1_");
}

#[test]
fn half_typed_text_that_may_hold_a_secret_is_in_no_file() {
    let schema = object(json!({ "j": {} }), &[]);
    let mut desk = Desk::new(&schema);
    desk.keys("{\"api_key\": \"k-99");
    let draft = desk.filling.draft();
    assert!(!serde_json::to_string(&draft).unwrap().contains("k-99"));
    assert!(!format!("{draft:?}").contains("k-99"));
    let desk = Desk::with(Filling::of_draft(&schema, Prefill::Required, &draft));
    desk.shows("k-99");
}

#[test]
fn emptying_a_form_wipes_its_secrets() {
    let mut desk = Desk::new(&login());
    desk.keys("ann<tab>hunter2");
    desk.filling.act(crate::tui::action::Action::ClearForm);
    desk.hides("•").hides("ann");
    assert!(desk.filling.draft().is_empty());
}

#[test]
fn what_is_wrong_in_a_chosen_form_is_said_at_its_field() {
    let card = json!({ "title": "Card", "type": "object", "required": ["kind", "number"],
        "properties": { "kind": { "const": "card" },
            "number": { "type": "string", "pattern": "^[0-9]{16}$" } } });
    let cash = json!({ "title": "Cash", "type": "object", "required": ["kind"],
        "properties": { "kind": { "const": "cash" } } });
    let members = json!({ "payment": { "oneOf": [cash, card] } });
    let mut desk = Desk::of(members, &["payment"]);
    desk.keys("<right><right>");
    desk.shows("number *");
    desk.keys("<tab><tab>4242");
    let screen = desk.wrong();
    assert!(
        screen.contains("must match the pattern \"^[0-9]{16}$\""),
        "{screen}"
    );
    assert!(!screen.contains("fits none of the forms"), "{screen}");
    assert!(screen.contains("▸│   number *"), "{screen}");
}

#[test]
fn what_is_wrong_in_a_form_within_a_form_of_an_item_is_said_at_its_field() {
    let inner = json!({ "anyOf": [
        { "title": "Near", "type": "object", "required": ["street"],
          "properties": { "street": { "type": "string", "minLength": 3 } } },
        { "title": "Far", "type": "object", "required": ["land"],
          "properties": { "land": { "$ref": "#/$defs/land" } } } ] });
    let schema = json!({ "type": "object", "required": ["list"],
        "$defs": { "land": { "type": "string", "pattern": "^[A-Z]{2}$" } },
        "properties": { "list": { "type": "array", "items": { "oneOf": [
            { "title": "A name", "type": "string" },
            { "title": "A place", "type": "object", "required": ["where"],
              "properties": { "where": inner } } ] } } } });
    let value = json!({ "list": ["x", { "where": { "land": "swiss" } }, { "where": { "street": "Long" } }] });
    let filling = Filling::of(crate::tui::form::Form::filled(
        &schema,
        Prefill::Required,
        super::map(value),
    ));
    let screen = Desk::with(filling).wrong();
    assert!(screen.contains("must match the pattern"), "{screen}");
    assert!(!screen.contains("fits none"), "{screen}");
}
