use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::*;

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn told(schema: &Value, arguments: &Value) -> Vec<String> {
    match check(schema, object(arguments)) {
        Ok(()) => vec![],
        Err(faults) => faults
            .into_iter()
            .map(|fault| format!("{} {}", fault.place, fault.message))
            .collect(),
    }
}

fn issue() -> Value {
    json!({
        "type": "object",
        "properties": {
            "owner": {"type": "string", "description": "Who owns it", "minLength": 1},
            "labels": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
            "count": {"type": "integer", "minimum": 1, "default": 10},
            "ratio": {"type": "number"},
            "draft": {"type": "boolean"},
            "state": {"enum": ["open", "closed"]},
            "when": {"type": "string", "format": "date"},
            "who": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}}, "additionalProperties": false},
            "id": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            "code": {"type": "string", "pattern": "^[a-z]+$"},
            "parent": {"$ref": "#/$defs/node"},
        },
        "required": ["owner"],
        "additionalProperties": false,
        "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}, "value": {"type": "number"}}}},
    })
}

#[test]
fn arguments_that_fit_pass() {
    let arguments = json!({
        "owner": "rust-lang", "labels": ["a"], "count": 3, "ratio": 0.5, "draft": true, "state": "open",
        "when": "2026-11-22", "who": {"name": "x", "age": null}, "id": "7", "code": "abc",
        "parent": {"next": {"next": {"value": 1}}},
    });
    assert_eq!(told(&issue(), &arguments), Vec::<String>::new());
    assert_eq!(told(&json!({}), &arguments), Vec::<String>::new());
}

#[test]
fn each_fault_names_its_place_in_plain_words() {
    for (arguments, words) in [
        (json!({}), "(the arguments) must have \"owner\""),
        (
            json!({"owner": "a", "lables": 1, "x\u{202e}": 2}),
            "(the arguments) must not have \"lables\", \"x⟨U+202E⟩\"",
        ),
        (json!({"owner": 1}), "owner must be a text, and is a number"),
        (json!({"owner": ""}), "owner must have at least 1 character"),
        (
            json!({"owner": "a", "labels": ["a", "b", 3]}),
            "labels[2] must be a text, and is a number",
        ),
        (
            json!({"owner": "a", "labels": ["a", "b", "c", "d"]}),
            "labels must have at most 3 items",
        ),
        (
            json!({"owner": "a", "count": 0}),
            "count must be at least 1",
        ),
        (
            json!({"owner": "a", "count": 1.5}),
            "count must be a whole number, and is a number",
        ),
        (
            json!({"owner": "a", "state": "shut"}),
            "state must be one of \"open\", \"closed\"",
        ),
        (
            json!({"owner": "a", "when": "tomorrow"}),
            "when is not in the form \"date\"",
        ),
        (
            json!({"owner": "a", "who": {"age": "x"}}),
            "who.age must be ",
        ),
        (
            json!({"owner": "a", "who": {"nick": "x"}}),
            "who must not have \"nick\"",
        ),
        (
            json!({"owner": "a", "id": []}),
            "id is a list, which fits none of the forms it may have",
        ),
        (
            json!({"owner": "a", "code": "A"}),
            "code must match the pattern \"^[a-z]+$\"",
        ),
        (
            json!({"owner": "a", "parent": {"next": {"value": "x"}}}),
            "parent.next.value must be a number, and is a text",
        ),
    ] {
        let told = told(&issue(), &arguments);
        assert!(
            told.iter().any(|fault| fault.starts_with(words)),
            "{words}: {told:?}"
        );
    }
}

#[test]
fn all_faults_are_told_up_to_eight() {
    let arguments = json!({"labels": (0..20).collect::<Vec<_>>()});
    assert_eq!(told(&issue(), &arguments).len(), MAX_FAULTS);
    let two = check(&issue(), object(&json!({"count": 0}))).unwrap_err();
    let fault = fault_of(&Untrusted::from("create\u{7}"), &two);
    assert_eq!(fault.kind, crate::domain::FaultKind::User);
    assert!(
        fault
            .message
            .starts_with("the arguments do not fit create⟨U+0007⟩: "),
        "{}",
        fault.message
    );
    assert_eq!(fault.hints.len(), 1);
    assert!(!fault_of(&Untrusted::from("f"), &[]).message.is_empty());
}

#[test]
fn an_argument_that_is_missing_or_too_much_is_named() {
    let message = |arguments: Value| {
        let faults = check(&issue(), object(&arguments)).unwrap_err();
        fault_of(&Untrusted::from("create"), &faults).message
    };
    assert_eq!(
        message(json!({})),
        "the arguments do not fit create: \"owner\" must be given"
    );
    assert_eq!(
        message(json!({"owner": "a", "lables": 1})),
        "the arguments do not fit create: \"lables\" must not be given"
    );
}

#[test]
fn a_schema_that_cannot_be_used_is_named() {
    let twice = |name: &str| json!({"allOf": [{"$ref": format!("#/$defs/{name}")}, {"$ref": format!("#/$defs/{name}")}]});
    let laughs: Map<String, Value> = (0..40)
        .map(|n| (format!("d{n}"), twice(&format!("d{}", n + 1))))
        .chain([("d40".to_owned(), json!({}))])
        .collect();
    let deep = (0..100).fold(json!({}), |inner, _| json!({"items": inner}));
    for (schema, words) in [
        (json!({"type": 1}), "cannot be used"),
        (
            json!({"properties": {"a": {"type": "strange"}}}),
            "cannot be used",
        ),
        (
            json!({"properties": {"a": {"pattern": "("}}}),
            "cannot be used",
        ),
        (
            json!({"properties": {"a": {"$ref": "https://example.org/s.json"}}}),
            "it refers to \"https://example.org/s.json\", and callboard fetches nothing",
        ),
        (
            json!({"properties": {"a": {"$ref": "file:///etc/passwd"}}}),
            "callboard fetches nothing",
        ),
        (
            json!({"$ref": "other.json#/a"}),
            "callboard fetches nothing",
        ),
        (
            json!({"$ref": "#/$defs/none"}),
            "it refers to \"#/$defs/none\", which it has not",
        ),
        (json!({"$ref": "#"}), "it refers to itself without end"),
        (
            json!({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"}),
            "itself without end",
        ),
        (
            json!({"$defs": laughs, "$ref": "#/$defs/d0"}),
            "would take too long",
        ),
        (deep, "it is deeper than 64 levels"),
        (
            json!({"enum": (0..20_001).collect::<Vec<_>>()}),
            "it is larger than 20000 values",
        ),
        (
            json!({"$schema": "https://example.org/dialect"}),
            "cannot be used",
        ),
        (
            json!({"properties": {"a": {"$id": "https://example.org/x", "$ref": "#/a"}}}),
            "another document",
        ),
    ] {
        let begun = Instant::now();
        let faults = check(&schema, object(&json!({"a": "b"}))).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(faults[0].is_of_schema());
        assert!(
            faults[0].message.contains(words),
            "{words}: {}",
            faults[0].message
        );
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert!(
            fault_of(&Untrusted::from("f"), &faults)
                .message
                .starts_with("f cannot be called: the server's schema")
        );
    }
}

#[test]
fn schemas_that_repeat_or_chain_come_to_an_end() {
    let chain: Map<String, Value> = (0..150)
        .map(|n| {
            (
                format!("d{n}"),
                json!({"$ref": format!("#/$defs/d{}", n + 1)}),
            )
        })
        .chain([("d150".to_owned(), json!({"required": ["x"]}))])
        .collect();
    assert_eq!(
        told(&json!({"$defs": chain, "$ref": "#/$defs/d0"}), &json!({})),
        ["(the arguments) must have \"x\""]
    );

    let long: Map<String, Value> = (0..5000)
        .map(|n| {
            (
                format!("d{n}"),
                json!({"properties": {"n": {"$ref": format!("#/$defs/d{}", n + 1)}}}),
            )
        })
        .chain([("d5000".to_owned(), json!({}))])
        .collect();
    // Whatever is said of it, it is said.
    let _ = told(&json!({"$defs": long, "$ref": "#/$defs/d0"}), &json!({}));

    let doubling = json!({"allOf": [{"properties": {"n": {"$ref": "#"}}}, {"properties": {"n": {"$ref": "#"}}}]});
    let nested = (0..40).fold(json!({}), |inner, _| json!({"n": inner}));
    assert!(told(&doubling, &nested)[0].contains("would take too long"));
    assert_eq!(
        told(&doubling, &json!({"n": {"n": {}}})),
        Vec::<String>::new()
    );

    let slow = json!({"properties": {"a": {"pattern": "^(?=(a+)+$)(a|aa)+\\1$"}}});
    let begun = Instant::now();
    let _ = told(&slow, &json!({"a": "a".repeat(60) + "b"}));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn anchors_are_followed() {
    let schema = json!({"$defs": {"x": {"$anchor": "word", "type": "string"}}, "properties": {"a": {"$ref": "#word"}}});
    assert_eq!(
        told(&schema, &json!({"a": 1})),
        ["a must be a text, and is a number"]
    );
    assert_eq!(told(&schema, &json!({"a": "b"})), Vec::<String>::new());
    let schema = json!({"$defs": {"a b/c": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/a%20b~1c"}}});
    assert_eq!(
        told(&schema, &json!({"a": 1})),
        ["a must be a text, and is a number"]
    );
}

#[test]
fn older_dialects_are_followed_where_they_are_named() {
    let schema = json!({"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"n": {"minimum": 1, "exclusiveMinimum": true}}});
    assert_eq!(told(&schema, &json!({"n": 1})), ["n must be more than 1"]);
    let schema = json!({"properties": {"n": {"prefixItems": [{"type": "string"}]}}});
    assert_eq!(
        told(&schema, &json!({"n": [1]})),
        ["n[0] must be a text, and is a number"]
    );
}

fn typed(words: &[&str]) -> Result<Value, Fault> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    from_words(&issue(), &words).map(Value::Object)
}

#[test]
fn words_are_read_by_the_schema() {
    let read = typed(&[
        "owner=42",
        "labels=a",
        "labels=b=c",
        "count=3",
        "ratio=1",
        "draft=true",
        "state=open",
        "who.name=7",
        "who.age=null",
        "id=8",
        "code=",
        "parent.next.value=1.5",
    ])
    .unwrap();
    assert_eq!(
        read,
        json!({
            "owner": "42", "labels": ["a", "b=c"], "count": 3, "ratio": 1, "draft": true, "state": "open",
            "who": {"name": "7", "age": null}, "id": 8, "code": "", "parent": {"next": {"value": 1.5}},
        })
    );
    assert_eq!(
        typed(&["labels=[\"a\",\"b\"]", "who={\"name\":\"x\"}", "id=x8"]).unwrap(),
        json!({"labels": ["a", "b"], "who": {"name": "x"}, "id": "x8"})
    );
    let open = |words: &[&str]| {
        from_words(
            &json!({}),
            &words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>(),
        )
        .unwrap()
    };
    assert_eq!(
        Value::Object(open(&["a=1", "b=x", "c=[1]"])),
        json!({"a": 1, "b": "x", "c": [1]})
    );
}

#[test]
fn words_that_do_not_fit_are_named_with_what_would() {
    for (words, message, hint) in [
        (vec!["owner"], "\"owner\" is not ARG=VALUE", "ARG=VALUE"),
        (
            vec!["ower=x"],
            "there is no argument \"ower\"",
            "did you mean \"owner\"?",
        ),
        (
            vec!["zzz=x"],
            "there is no argument \"zzz\"",
            "it takes \"owner\", \"labels\"",
        ),
        (
            vec!["who.nme=x"],
            "there is no argument \"who.nme\"",
            "did you mean \"name\"?",
        ),
        (
            vec!["count=many"],
            "\"count\" must be a whole number, and is \"many\"",
            "",
        ),
        (vec!["count=1.5"], "\"count\" must be a whole number", ""),
        (
            vec!["draft=yes"],
            "\"draft\" must be true or false, and is \"yes\"",
            "",
        ),
        (
            vec!["who={\"name\":1,\"name\":2}"],
            "the key \"name\" stands twice",
            "",
        ),
        (vec!["owner=a", "owner=b"], "\"owner\" is given twice", ""),
        (
            vec!["id=1", "who.name=x", "who={}"],
            "\"who\" is given twice",
            "",
        ),
        (vec!["=x"], "there is no argument \"\"", ""),
        (
            vec!["count=99999999999999999999"],
            "\"count\" must be a whole number",
            "",
        ),
    ] {
        let fault = typed(&words).unwrap_err();
        assert!(fault.message.contains(message), "{}", fault.message);
        assert!(fault.hints.concat().contains(hint), "{:?}", fault.hints);
    }
}

#[test]
fn the_arguments_are_listed_for_people() {
    let rows = summary(&issue());
    let row = |path: &str| rows.iter().find(|row| row.path.raw() == path).unwrap();
    assert!(row("owner").required && !row("count").required);
    assert_eq!(
        row("owner").description.as_ref().unwrap().raw(),
        "Who owns it"
    );
    assert_eq!(row("count").default, Some(json!(10)));
    assert_eq!(row("state").choices, [json!("open"), json!("closed")]);
    for (path, words) in [
        ("owner", "string"),
        ("labels", "list of strings"),
        ("state", "one of \"open\", \"closed\""),
        ("when", "date"),
        ("who", "object"),
        ("who.age", "integer or null"),
        ("id", "one of: integer, string"),
        ("parent", "object"),
        ("parent.next", "object"),
    ] {
        assert_eq!(row(path).type_words, words);
    }
}

#[test]
fn odd_schemas_make_nothing_panic() {
    for odd in [
        json!(true),
        json!(null),
        json!([]),
        json!({"properties": 1}),
        json!({"properties": {"a": true, "b": false, "c": 1, "d": {"type": 1}, "e": {"type": ["x\u{1b}", 1]}, "f": {"$ref": "#/none"}, "g": {"$ref": 1}, "h": {"enum": []}, "i": {"items": true, "anyOf": []}, "j": {"$ref": "#/properties/j"}, "": {}, "a.b": {}}}),
        json!({"properties": {"a": {"$ref": "#"}}, "required": 7}),
        json!({"$ref": "#", "anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}),
    ] {
        for row in summary(&odd) {
            assert!(!row.type_words.contains('\u{1b}'));
        }
        let words = ["a=1", "a.b=2", ".=3", "a..b=4", "j=5"].map(str::to_owned);
        for word in words {
            let _ = from_words(&odd, &[word]);
        }
        let _ = check(&odd, object(&json!({"a": {"a": [1]}, "j": 1})));
    }
}

#[test]
fn the_forms_of_an_argument_are_listed_each_with_its_members() {
    let schema = json!({ "properties": { "payment": { "oneOf": [
        { "title": "Cash", "type": "object", "properties": { "kind": { "const": "cash" } } },
        { "title": "Card", "type": "object", "required": ["number"],
          "properties": { "kind": { "const": "card" }, "number": { "type": "string" } } }
    ] } } });
    let rows: Vec<String> = summary(&schema)
        .iter()
        .map(|row| {
            let path = row.path.raw();
            format!(
                "{path}: {}{}",
                row.type_words,
                if row.required { "!" } else { "" }
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "payment: object",
            "payment: form 1 of 2",
            "payment.kind: \"cash\"",
            "payment: form 2 of 2",
            "payment.kind: \"card\"",
            "payment.number: string!",
        ]
    );
}
