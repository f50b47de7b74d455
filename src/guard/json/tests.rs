use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn read(text: &str) -> Result<Value, JsonFault> {
    read_strict(text.as_bytes(), Limits::bytes(10_000))
}

fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn ordinary_json_is_read_in_its_order() {
    let value =
        read(r#" {"b": [1, -2, 3.5, 1e3], "a": {"B": null, "b": true}, "é": "\ud83e\udd80"} "#)
            .unwrap();
    assert_eq!(
        value.to_string(),
        r#"{"b":[1,-2,3.5,1000.0],"a":{"B":null,"b":true},"é":"🦀"}"#
    );
    assert_eq!(read("18446744073709551615").unwrap(), json!(u64::MAX));
    assert_eq!(read("-9223372036854775808").unwrap(), json!(i64::MIN));
    assert_eq!(
        read("\"99999999999999999999 N [\\\"[\"").unwrap(),
        json!("99999999999999999999 N [\"[")
    );
}

#[test]
fn every_departure_is_refused_by_name() {
    for (text, words) in [
        (
            r#"{"a":1,"a":2}"#,
            r#"the key "a" stands twice in an object (line 1"#,
        ),
        (
            r#"{"x":[0,{"a":1,"\u0061":2}]}"#,
            r#"the key "a" stands twice in an object at x[1]"#,
        ),
        (
            "{\"\\u202e\":1,\"\\u202e\":2}",
            "the key \"⟨U+202E⟩\" stands twice",
        ),
        ("\u{feff}{}", "it begins with a byte order mark"),
        (r#""\ud800""#, "half a surrogate pair"),
        (r#""\ud800\u0041""#, "half a surrogate pair"),
        (r#""\udc00""#, "half a surrogate pair"),
        ("[NaN]", "NaN and Infinity are not JSON (line 1, column 2)"),
        ("[-Infinity]", "NaN and Infinity are not JSON"),
        ("{} {}", "text follows the value"),
        ("{}]", "text follows the value"),
        (
            "[1,\n 18446744073709551616]",
            "an integer is longer than 64 bits can keep (line 2, column 2)",
        ),
        ("-9223372036854775809", "an integer is longer than 64 bits"),
        ("1e999", "a number is larger than can be kept"),
        ("[1", "it ends too early"),
        ("", "it ends too early"),
        ("[01]", "it is not JSON"),
        ("{'a':1}", "it is not JSON"),
        ("[1,]", "it is not JSON"),
        ("\"\u{1}\"", "it is not JSON"),
        ("// x", "it is not JSON"),
    ] {
        assert!(refusal(text).contains(words), "{text}: {}", refusal(text));
    }
    let fault = read_strict(b"[\"a\",\n\"\xff\"]", Limits::bytes(99)).unwrap_err();
    assert_eq!((fault.line, fault.column), (2, 2));
}

#[test]
fn length_and_depth_are_bounded() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(&nested(64)).is_ok());
    assert!(refusal(&nested(65)).starts_with("it is more than 64 levels deep"));
    assert!(
        read_strict(
            "[".repeat(5_000).as_bytes(),
            Limits {
                max_bytes: 9_000,
                max_depth: 9_000
            }
        )
        .is_err()
    );
    assert!(refusal(&" ".repeat(10_001)).starts_with("it is 10001 bytes long"));
}

#[test]
fn canonical_text_is_that_of_rfc_8785() {
    // RFC 8785 section 3.2.2.
    let value = read(
        r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]}"#,
    )
    .unwrap();
    assert_eq!(
        canonical(&value),
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
    );
    // Section 3.2.3: keys by their UTF-16 units.
    let value =
        read(r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#)
            .unwrap();
    assert_eq!(
        canonical(&value),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
    );
}

#[test]
fn long_integers_keep_their_digits() {
    assert_eq!(
        canonical(&json!(9_007_199_254_740_993_u64)),
        "9007199254740993"
    );
    assert_ne!(
        digest(&json!(9_007_199_254_740_993_u64)),
        digest(&json!(9_007_199_254_740_992_u64))
    );
    assert_ne!(digest(&json!(i64::MIN)), digest(&json!(i64::MIN + 1)));
    assert_eq!(
        digest(&json!({})),
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_serde_writes_is_read_back(value in any_json()) {
        prop_assert_eq!(read_strict(value.to_string().as_bytes(), Limits::bytes(1 << 20)).unwrap(), value);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), text in "[\\[\\]{}\":,\\\\ u0-9eE.+\\-aN]{0,40}") {
        let _ = read_strict(&bytes, Limits::bytes(99));
        // What is read strictly is what anybody else would read.
        if let Ok(value) = read_strict(text.as_bytes(), Limits::bytes(99)) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn the_canonical_text_stands_for_the_value_and_agrees_with_another(value in any_json()) {
        let text = canonical(&value);
        let again: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(canonical(&again), text);
        let short = |value: &Value| serde_json_canonicalizer::to_string(value).unwrap();
        prop_assert_eq!(short(&again), short(&value));
    }
}
