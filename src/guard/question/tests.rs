use serde_json::{Value, json};

use super::*;

fn form(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

fn asking(schema: Value) -> Value {
    json!({ "message": "Who are you?", "requestedSchema": schema })
}

fn accept(content: Value) -> QuestionAnswer {
    match content {
        Value::Object(content) => QuestionAnswer::Accept { content },
        _ => panic!("an object"),
    }
}

#[test]
fn a_form_and_a_page_are_read_as_they_were_sent() {
    let schema = form(json!({ "z": { "type": "string" }, "a": { "type": "integer" } }));
    let Ok(Asked::Form {
        message,
        schema: read,
    }) = read(&asking(schema.clone()))
    else {
        panic!("a form");
    };
    assert_eq!(message.raw(), "Who are you?");
    assert_eq!(read.to_string(), schema.to_string());
    let page = json!({
        "mode": "url", "message": "Sign", "url": "https://x.example/a?b=c", "elicitationId": "7",
    });
    let Ok(Asked::Url { url, .. }) = super::read(&page) else {
        panic!("a page");
    };
    assert_eq!(url.raw(), "https://x.example/a?b=c");
}

#[test]
fn every_kind_of_plain_value_may_be_asked_for() {
    for field in [
        json!({ "type": "string", "format": "email", "maxLength": 9 }),
        json!({ "type": "number" }),
        json!({ "type": "integer", "minimum": 1 }),
        json!({ "type": "boolean", "default": false }),
        json!({ "type": "string", "enum": ["a", "b"], "enumNames": ["A", "B"] }),
        json!({ "enum": ["a", 2, null] }),
        json!({ "type": "string", "oneOf": [{ "const": "a", "title": "A" }] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
        json!({ "type": ["string", "null"] }),
        json!({ "type": "array", "items": { "type": "string", "enum": ["a", "b"] } }),
        json!({ "type": "array", "items": { "anyOf": [{ "const": "a", "title": "A" }] } }),
        json!({ "const": true }),
    ] {
        let read = read(&asking(form(json!({ "field": field.clone() }))));
        assert!(read.is_ok(), "{field}: {read:?}");
    }
}

#[test]
fn what_nobody_should_be_asked_is_refused_with_the_reason() {
    let deep = json!({ "type": "object", "properties": { "b": { "type": "string" } } });
    let many: Value = (0..101)
        .map(|n| (format!("f{n}"), json!({ "type": "string" })))
        .collect::<Map<_, _>>()
        .into();
    for (params, reason) in [
        (
            json!({ "requestedSchema": form(json!({})) }),
            "says nothing",
        ),
        (json!({ "message": "m" }), "no form"),
        (
            json!({ "message": "m".repeat(20_000), "requestedSchema": form(json!({})) }),
            "more than anybody",
        ),
        (json!({ "mode": "voice", "message": "m" }), "of a kind"),
        (json!({ "mode": 7, "message": "m" }), "of a kind"),
        (asking(json!({ "type": "string" })), "not an object"),
        (asking(json!({ "type": "object" })), "no fields"),
        (asking(form(many)), "too many"),
        (asking(form(json!({ "a": deep }))), "plain values"),
        (
            asking(form(json!({ "a": { "type": "array" } }))),
            "plain values",
        ),
        (
            asking(form(
                json!({ "a": { "type": "array", "items": { "type": "array", "items": { "type": "string" } } } }),
            )),
            "plain values",
        ),
        (
            asking(form(json!({ "a": { "$ref": "https://x.example/s" } }))),
            "plain values",
        ),
        (asking(form(json!({ "a": {} }))), "plain values"),
        (asking(form(json!({ "a": true }))), "plain values"),
        (
            asking(form(json!({ "a": { "type": "string", "pattern": "(" } }))),
            "no sense",
        ),
        (
            asking(form(
                json!({ "a": { "type": "string", "title": "x".repeat(70_000) } }),
            )),
            "too large",
        ),
        (json!({ "mode": "url", "message": "m" }), "no page"),
        (
            json!({ "mode": "url", "message": "m", "url": "not-one" }),
            "is none",
        ),
        (
            json!({ "mode": "url", "message": "m", "url": "https://x.example/a b" }),
            "blanks in it",
        ),
        (
            json!({ "mode": "url", "message": "m", "url": "javascript:alert(1)" }),
            "of the web",
        ),
        (
            json!({ "mode": "url", "message": "m", "url": "file:///etc/passwd" }),
            "of the web",
        ),
        (
            json!({ "mode": "url", "message": "m", "url": "https://bank.example@evil.example/" }),
            "behind a name",
        ),
        (
            json!({ "mode": "url", "message": "m", "url": format!("https://x.example/{}", "a".repeat(9000)) }),
            "too long",
        ),
        (json!([]), "says nothing"),
    ] {
        let refused = read(&params).unwrap_err();
        assert!(refused.contains(reason), "{params}: {refused}");
    }
}

#[test]
fn an_answer_goes_out_only_where_it_fits() {
    let schema = json!({
        "type": "object",
        "properties": {
            "email": { "type": "string", "format": "email" },
            "age": { "type": "integer", "minimum": 0 }
        },
        "required": ["email"]
    });
    let asked = read(&asking(schema)).unwrap();
    assert!(check(&asked, &accept(json!({ "email": "a@b.example", "age": 7 }))).is_ok());
    assert!(check(&asked, &QuestionAnswer::Decline).is_ok());
    assert!(check(&asked, &QuestionAnswer::Cancel).is_ok());
    for (content, words) in [
        (json!({}), "it must have \"email\""),
        (
            json!({ "email": "nobody" }),
            "email is not in the form \"email\"",
        ),
        (
            json!({ "email": "a@b.example", "age": -1 }),
            "age must be at least 0",
        ),
        (
            json!({ "email": "a@b.example", "more": 1 }),
            "more is no field of the form",
        ),
    ] {
        let fault = check(&asked, &accept(content)).unwrap_err();
        assert_eq!(fault.message, format!("the answer does not fit: {words}"));
    }
    let page = json!({ "mode": "url", "message": "m", "url": "https://x.example" });
    let page = read(&page).unwrap();
    assert!(check(&page, &accept(json!({}))).is_ok());
    assert!(check(&page, &accept(json!({ "a": 1 }))).is_err());
}

#[test]
fn defaults_stand_where_nothing_was_said() {
    let schema = form(json!({
        "a": { "type": "string", "default": "one" },
        "b": { "type": "boolean", "default": false },
        "c": { "type": "string" }
    }));
    let given = Map::from_iter([("a".to_owned(), json!("two"))]);
    let filled = with_defaults(&schema, given);
    assert_eq!(Value::Object(filled), json!({ "a": "two", "b": false }));
}

#[test]
fn a_host_is_shown_as_it_is_looked_up() {
    let host = |url: &str| host(&Untrusted::from(url)).unwrap();
    assert_eq!(host("https://x.example:8443/a"), "x.example:8443");
    assert_eq!(host("https://аpple.example/"), "xn--pple-43d.example");
    assert!(looks_alike(&host("https://аpple.example/")));
    assert!(!looks_alike(&host("https://apple.example/")));
}

fn field(schema: Value, required: bool) -> Field {
    let required = if required { vec!["f"] } else { vec![] };
    let form = json!({
        "type": "object", "properties": { "f": schema }, "required": required,
    });
    fields(&form).remove(0)
}

#[test]
fn what_is_typed_is_read_by_the_field() {
    let choices =
        json!({ "type": "string", "enum": ["red", "blue"], "enumNames": ["Red", "Blue"] });
    let several = json!({ "type": "array", "items": { "enum": ["a", "b", "c"] }, "maxItems": 2 });
    let optional = json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] });
    for (schema, typed, expected) in [
        (json!({ "type": "string" }), "1", json!("1")),
        (json!({ "type": "number" }), "1.5", json!(1.5)),
        (json!({ "type": "number" }), "2", json!(2)),
        (json!({ "type": "integer" }), "-3", json!(-3)),
        (json!({ "type": "boolean" }), "Y", json!(true)),
        (json!({ "type": "boolean" }), "no", json!(false)),
        (choices.clone(), "2", json!("blue")),
        (choices.clone(), "red", json!("red")),
        (choices.clone(), "Blue", json!("blue")),
        (several.clone(), "1, 3", json!(["a", "c"])),
        (several.clone(), "2,2", json!(["b"])),
        (
            json!({ "type": "array", "items": { "type": "string" } }),
            "x, y",
            json!(["x", "y"]),
        ),
        (optional, "4", json!(4)),
        (
            json!({ "type": "string", "oneOf": [{ "const": "#f00", "title": "Red" }] }),
            "1",
            json!("#f00"),
        ),
    ] {
        let read = field(schema.clone(), true).read(typed);
        assert_eq!(read, Ok(Some(expected)), "{schema} {typed}");
    }
    for (schema, typed, wrong) in [
        (
            json!({ "type": "integer" }),
            "1.5",
            "must be a whole number",
        ),
        (json!({ "type": "number" }), "inf", "must be a number"),
        (json!({ "type": "boolean" }), "perhaps", "must be y or n"),
        (
            json!({ "type": "string", "minLength": 3 }),
            "ab",
            "must have at least 3 characters",
        ),
        (
            json!({ "type": "string", "format": "email" }),
            "ab",
            "is not in the form \"email\"",
        ),
        (choices, "3", "must be a number from 1 to 2"),
        (several, "1,2,3", "must have at most 2 items"),
    ] {
        let read = field(schema.clone(), true).read(typed);
        assert_eq!(read, Err(wrong.to_owned()), "{schema} {typed}");
    }
}

#[test]
fn nothing_typed_is_the_default_or_nothing() {
    let text = json!({ "type": "string" });
    assert_eq!(
        field(text.clone(), true).read(""),
        Err("must be given".to_owned())
    );
    assert_eq!(field(text, false).read(""), Ok(None));
    let with_default = json!({ "type": "string", "default": "d" });
    assert_eq!(field(with_default, true).read(""), Ok(Some(json!("d"))));
}

#[test]
fn a_field_that_wants_a_secret_is_noticed() {
    let smells = |name: &str, schema: Value| {
        let form = json!({ "type": "object", "properties": { name: schema } });
        fields(&form).remove(0).smells_of_a_secret()
    };
    let text = || json!({ "type": "string" });
    assert!(smells("api_key", text()));
    assert!(smells(
        "x",
        json!({ "type": "string", "format": "password" })
    ));
    assert!(smells(
        "x",
        json!({ "type": "string", "title": "Your Access-Token" })
    ));
    assert!(!smells("max_tokens", text()));
    assert!(!smells("email", text()));
}
