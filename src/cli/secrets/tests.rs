use super::*;

fn given(token: bool, user: bool, password: bool, header: bool) -> Given {
    Given {
        token: token.then(|| Secret::new("t")),
        user: user.then(|| "ana".to_owned()),
        password: password.then(|| Secret::new("p")),
        headers: if header {
            vec![("X-Key".to_owned(), Secret::new("k"))]
        } else {
            vec![]
        },
    }
}

fn word(auth: AuthFlag, given: Given) -> String {
    match plan(auth, given) {
        Ok(Plan::Ready(Credentials {
            auth: AuthWanted::Given(method),
            secrets,
        })) => format!("{} with {}", method.kind().word(), secrets.len()),
        Ok(Plan::Ready(_)) => "auto".to_owned(),
        Ok(Plan::Missing(want)) => format!("missing {want:?}"),
        Ok(Plan::LookFirst) => "look first".to_owned(),
        Err(fault) => {
            assert_eq!(fault.kind.exit_code(), 2);
            fault.message
        }
    }
}

#[test]
fn what_follows_from_the_flags() {
    use AuthFlag::{Auto, Basic, Bearer, Header, None, Oauth};
    let nothing = || given(false, false, false, false);
    let token = || given(true, false, false, false);
    for (auth, given, expected) in [
        (Auto, nothing(), "look first"),
        (Auto, token(), "bearer with 1"),
        (Auto, given(false, true, true, false), "basic with 1"),
        (Auto, given(false, false, false, true), "header with 1"),
        (None, nothing(), "none with 0"),
        (Oauth, nothing(), "oauth with 0"),
        (Bearer, nothing(), "missing Token"),
        (Bearer, token(), "bearer with 1"),
        (Basic, nothing(), "missing Password { user: None }"),
        (
            Basic,
            given(false, true, false, false),
            "missing Password { user: Some(\"ana\") }",
        ),
        (
            Auto,
            given(false, false, true, false),
            "Basic needs a user name",
        ),
        (Header, nothing(), "missing Header"),
        (
            None,
            token(),
            "--auth and the secret that is given do not go together",
        ),
        (
            Auto,
            given(true, true, true, false),
            "a connector authenticates in one way",
        ),
    ] {
        assert_eq!(word(auth, given), expected);
    }
}

#[test]
fn a_header_is_a_name_and_a_variable() {
    assert_eq!(
        header("X-Api-Key=KEY").unwrap(),
        ("X-Api-Key".to_owned(), "KEY".to_owned())
    );
    assert!(header("X-Api-Key").is_err());
    assert!(header("X Key=KEY").is_err());
    let secret_itself = header("X-Key=sk-hunter2!").unwrap_err();
    assert!(!secret_itself.contains("hunter2"));
}

#[test]
fn a_secret_is_the_first_line_without_its_end() {
    assert_eq!(
        first_line("hunter2\r\nmore\n".to_owned()).expose(),
        "hunter2"
    );
    assert!(first_line("\n".to_owned()).is_empty());
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let environment = Environment::of(&[("TOKEN", "t"), ("EMPTY", "")]);
    assert!(from_variable(&environment, "TOKEN").is_ok());
    let fault = from_variable(&environment, "EMPTY").unwrap_err();
    assert_eq!(fault.message, "the variable EMPTY is not set, or empty");
}
