use super::*;

fn read(values: &[&str]) -> Vec<Challenge> {
    read_challenges(values.iter().copied())
}

fn one(scheme: &str, params: &[(&str, &str)]) -> Challenge {
    Challenge {
        scheme: scheme.to_owned(),
        params: params
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
        token68: None,
    }
}

#[test]
fn challenges_are_read_as_the_rfc_writes_them() {
    for (value, challenges) in [
        ("Bearer", vec![one("bearer", &[])]),
        ("bEaReR ReAlM=x", vec![one("bearer", &[("realm", "x")])]),
        (
            r#"Basic realm="simple""#,
            vec![one("basic", &[("realm", "simple")])],
        ),
        (
            r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple""#,
            vec![
                one(
                    "newauth",
                    &[
                        ("realm", "apps"),
                        ("type", "1"),
                        ("title", r#"Login to "apps""#),
                    ],
                ),
                one("basic", &[("realm", "simple")]),
            ],
        ),
        (
            r#"Bearer error="invalid_token", resource_metadata="https://a.example/x""#,
            vec![one(
                "bearer",
                &[
                    ("error", "invalid_token"),
                    ("resource_metadata", "https://a.example/x"),
                ],
            )],
        ),
        (
            "Bearer resource_metadata=https://a.example/x?a=b",
            vec![one(
                "bearer",
                &[("resource_metadata", "https://a.example/x?a=b")],
            )],
        ),
        (
            "Bearer realm = \"a\" , scope\t=\t\"b c\"",
            vec![one("bearer", &[("realm", "a"), ("scope", "b c")])],
        ),
        (
            "Bearer, Basic realm=x",
            vec![one("bearer", &[]), one("basic", &[("realm", "x")])],
        ),
        (
            ",, Bearer ,, realm=x ,",
            vec![one("bearer", &[("realm", "x")])],
        ),
        (
            "Negotiate, NTLM",
            vec![one("negotiate", &[]), one("ntlm", &[])],
        ),
        (r#"Bearer realm="""#, vec![one("bearer", &[("realm", "")])]),
        (
            r#"Bearer realm="a", realm="b""#,
            vec![one("bearer", &[("realm", "a")])],
        ),
    ] {
        assert_eq!(read(&[value]), challenges, "{value}");
    }
}

#[test]
fn a_token68_is_kept_apart_from_parameters() {
    let negotiate = Challenge {
        scheme: "negotiate".to_owned(),
        params: Vec::new(),
        token68: Some("YIIabc+/==".to_owned()),
    };
    assert_eq!(read(&["Negotiate YIIabc+/=="]), vec![negotiate.clone()]);
    assert_eq!(
        read(&["Negotiate YIIabc+/==, Basic realm=\"x\""]),
        vec![negotiate, one("basic", &[("realm", "x")])]
    );
}

#[test]
fn nothing_inside_a_quoted_string_is_taken_for_a_parameter() {
    let value = r#"Bearer error_description="the scope=none, Basic realm=x, resource_metadata=https://evil.example", scope="read""#;
    let challenges = read(&[value]);
    assert_eq!(challenges.len(), 1);
    assert_eq!(challenges[0].param("scope"), Some("read"));
    assert_eq!(challenges[0].param("resource_metadata"), None);
}

#[test]
fn several_headers_are_read_in_order_and_do_not_mix() {
    let challenges = read(&[
        r#"Basic realm="a""#,
        r#"realm="stray""#,
        r#"Bearer scope="b""#,
    ]);
    assert_eq!(
        challenges,
        vec![
            one("basic", &[("realm", "a")]),
            one("bearer", &[("scope", "b")])
        ]
    );
}

#[test]
fn the_challenge_that_names_its_metadata_is_preferred() {
    let challenges = read(&[
        r#"Bearer realm="a""#,
        r#"Bearer resource_metadata="https://a.example/m""#,
    ]);
    let found = find(&challenges, "bearer").expect("a challenge");
    assert_eq!(
        found.param("resource_metadata"),
        Some("https://a.example/m")
    );
    assert!(find(&challenges, "basic").is_none());
}

#[test]
fn what_cannot_be_read_is_left_out() {
    for value in [
        "",
        "=",
        "\"",
        "@@@, ???",
        "Bearer \"",
        "Bearer realm=",
        "Bearer realm=\"open",
        "é=ü",
    ] {
        let challenges = read(&[value, "Basic realm=x"]);
        assert_eq!(
            challenges.last(),
            Some(&one("basic", &[("realm", "x")])),
            "{value}"
        );
    }
}

#[test]
fn a_flood_of_challenges_is_cut() {
    assert_eq!(read(&["a,".repeat(10_000).as_str()]).len(), CHALLENGE_LIMIT);
}

proptest::proptest! {
    #[test]
    fn no_header_makes_it_panic(values in proptest::collection::vec(".{0,80}", 0..4)) {
        let _ = read_challenges(values.iter().map(String::as_str));
    }

    #[test]
    fn no_punctuation_makes_it_panic(value in "[A-Za-z=\",\\\\ \t/+.é]{0,60}") {
        let _ = read_challenges([value.as_str()]);
    }

    #[test]
    fn a_quoted_value_comes_back_as_it_was(text in "[ -~]{0,40}") {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let header = format!("Bearer realm=\"{quoted}\", scope=x");
        let challenges = read_challenges([header.as_str()]);
        assert_eq!(challenges[0].param("realm"), Some(text.as_str()));
        assert_eq!(challenges[0].param("scope"), Some("x"));
    }
}
