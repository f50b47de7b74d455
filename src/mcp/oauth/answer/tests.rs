use super::*;
use crate::domain::FaultKind;
use crate::mcp::oauth::pkce::Verifier;

fn asked(names_itself: bool) -> Authorization {
    Authorization {
        url: Url::parse("https://as.example/authorize?response_type=code").unwrap(),
        state: Secret::new("st4te"),
        verifier: Verifier::draw().unwrap(),
        redirect: "http://127.0.0.1:41763/callback".to_owned(),
        issuer: "https://as.example".to_owned(),
        names_itself,
    }
}

fn code(text: &str) -> Result<String, String> {
    match read_pasted(text, &asked(false)) {
        Ok(Said::Code(code)) => Ok(code.expose().to_owned()),
        Ok(Said::Refused(fault)) => Err(format!("refused: {fault}")),
        Err(fault) => {
            assert_eq!(fault.kind, FaultKind::User);
            Err(fault.message)
        }
    }
}

#[test]
fn every_form_of_an_answer_is_taken() {
    for text in [
        "http://127.0.0.1:41763/callback?code=c0de&state=st4te",
        "  http://127.0.0.1:41763/callback?state=st4te&code=c0de#x \n",
        "http://localhost:41763/callback?code=c0de&state=st4te&iss=https://as.example",
        "http://127.0.0.1:41763/callback?code=c0\n  de&sta\nte=st4te",
        "127.0.0.1:41763/callback?code=c0de&state=st4te",
        "?code=c0de&state=st4te",
        "code=c0de&state=st4te",
        "/callback?code=c0de&state=st4te",
        "http://127.0.0.1:41763/callback#code=c0de&state=st4te",
        "\"http://127.0.0.1:41763/callback?code=c0de&state=st4te\"",
        "c0de",
        "c0de#st4te",
    ] {
        assert_eq!(code(text).as_deref(), Ok("c0de"), "{text}");
    }
}

/// Codes are often base64, and that ends in padding.
#[test]
fn a_code_may_end_in_signs_of_equality() {
    assert_eq!(code("c0de==").as_deref(), Ok("c0de=="));
    assert_eq!(code(" c0de=#st4te").as_deref(), Ok("c0de="));
    assert!(code("c0de==#other").is_err());
    for text in ["code=", "state=#x", "=", "a=b=", "a&b="] {
        assert!(code(text).is_err(), "{text}");
    }
}

#[test]
fn whatever_else_is_pasted_is_told_what_is_wrong_with_it() {
    for (text, why) in [
        ("", "nothing was pasted"),
        ("   ", "nothing was pasted"),
        (
            "yes please",
            "a code has no spaces; there is one at place 4",
        ),
        ("c\u{f6}de", "a code has ASCII letters and signs only"),
        ("#st4te", "there is no code before the #"),
        ("c0de#", "there is nothing behind the #"),
        ("c0de#other", "the part behind the # is of another sign-in"),
        ("?code=c0de", "the answer has no state"),
        ("?code=c0de&state=other", "the answer is of another sign-in"),
        ("?code=a&code=b&state=st4te", "the answer says code twice"),
        (
            "?code=a&state=st4te&state=st4te",
            "the answer says state twice",
        ),
        ("?code=&state=st4te", "the code in the answer is empty"),
        (
            "http://127.0.0.1:41763/callback",
            "that address has no code: what follows the ? is missing",
        ),
        (
            "https://as.example/authorize?response_type=code&state=st4te",
            "that is the address to open, not the page that the browser ends on",
        ),
        (
            "https://elsewhere.example/home",
            "that is not the page the sign-in ends on; it begins with http://127.0.0.1:41763/callback",
        ),
        ("a=b", "there is no code in that"),
        (
            "http://127.0.0.1:41763/callback#access_token=t&state=st4te",
            "the answer holds a token instead of a code",
        ),
        (
            "?code=c&state=st4te&iss=https://evil.example",
            "the answer is of another authorization server (“https://evil.example” instead",
        ),
        (
            "?code=c&state=st4te&iss=https://as.example/",
            "the answer is of another authorization server (“https://as.example/” instead",
        ),
        (
            "?error=access_denied&state=other",
            "the answer is of another sign-in",
        ),
        (
            "?error=access_denied&state=st4te&iss=https://evil.example",
            "the answer is of another authorization server",
        ),
        (
            "?error=access_denied&error_description=no+way&state=st4te",
            "refused: as.example refuses the sign-in: access_denied (“no way”)",
        ),
    ] {
        let said = code(text).unwrap_err();
        assert!(said.starts_with(why), "{text}: {said}");
    }
}

#[test]
fn a_server_that_names_itself_must_do_so() {
    let asked = asked(true);
    assert!(read_callback("code=c&state=st4te", &asked).is_err());
    assert!(read_callback("error=access_denied&state=st4te", &asked).is_err());
    let named = "code=c&state=st4te&iss=https%3A%2F%2Fas.example";
    assert!(matches!(read_callback(named, &asked), Ok(Said::Code(_))));
    // What a person copied off a page is no answer of the protocol's.
    assert!(matches!(read_pasted("c", &asked), Ok(Said::Code(_))));
}

#[test]
fn the_browser_brings_no_bare_code() {
    assert!(read_callback("c0de", &asked(false)).is_err());
    assert!(read_callback("", &asked(false)).is_err());
    assert!(read_callback(&"a".repeat(LIMIT + 1), &asked(false)).is_err());
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_fail_and_no_foreign_state_passes(text in ".{0,200}") {
        let _ = read_pasted(&text, &asked(true));
        if let Ok(Said::Code(_)) = read_callback(&text, &asked(false)) {
            proptest::prop_assert!(text.contains("st4te"));
        }
    }
}
