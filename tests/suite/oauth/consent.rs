//! Rows 21, 22 and 29: what a person does, and what comes back.

use callboard::domain::{FaultKind, Registration};
use tokio::net::TcpListener;

use super::case::{Case, Person};
use crate::support::authority::{Behaviour, Returns};

#[tokio::test]
async fn whatever_a_person_pastes_of_the_answer_is_enough() {
    for person in [
        Person::PastesAddress,
        Person::PastesQuery,
        Person::PastesCode,
        Person::PastesCodeAndState,
    ] {
        let outcome = Case::good().person(person).run().await;
        outcome.works();
        assert_eq!(outcome.verdicts, [Ok(())], "{person:?}");
        assert!(outcome.pages.is_empty());
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_paste_is_said_and_the_sign_in_goes_on() {
    for (text, why) in [
        ("", "nothing was pasted"),
        ("hello there", "a code has no spaces"),
        ("http://127.0.0.1:41763/callback", "that"),
        ("?code=x&state=old", "is of another sign-in"),
        ("x#old", "is of another sign-in"),
        (
            "https://as.example/authorize?response_type=code",
            "that is the address to open",
        ),
    ] {
        let outcome = Case::good().person(Person::PastesFirst(text)).run().await;
        outcome.works();
        let said = outcome.verdicts[0].as_ref().unwrap_err();
        assert!(said.message.contains(why), "{text}: {said}");
        assert_eq!(said.kind, FaultKind::User);
    }
}

#[tokio::test]
async fn a_person_who_refuses_ends_the_sign_in() {
    let outcome = Case::new(Behaviour::good().returns(Returns::Denied))
        .run()
        .await;
    let failed = outcome.fails(
        FaultKind::Denied,
        "refuses the sign-in: access_denied (“not today”)",
    );
    assert!(!failed.fault.retry);
    assert_eq!(outcome.pages[0].status, 200);
}

#[tokio::test]
async fn a_server_that_wants_another_login_says_so() {
    let outcome = Case::new(Behaviour::good().returns(Returns::LoginRequired))
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "login_required");
}

/// Comes back wrong, is refused, and expires.
async fn comes_back(returns: Returns, why: &str) {
    let outcome = Case::new(Behaviour::good().returns(returns))
        .set(|set| set.consent_seconds = Some(1))
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "nobody answered in time");
    assert!(
        outcome.refused[0].message.contains(why),
        "{}",
        outcome.refused[0]
    );
    assert_eq!(outcome.pages[0].status, 400);
    assert_eq!(outcome.authority.count("/token"), 0);
}

#[tokio::test]
async fn an_answer_with_a_wrong_state_is_refused() {
    comes_back(Returns::WrongState, "its state is not the one sent").await;
}

#[tokio::test]
async fn an_answer_without_a_state_is_refused() {
    comes_back(Returns::NoState, "has no state").await;
}

#[tokio::test]
async fn an_answer_with_two_codes_is_refused() {
    comes_back(Returns::TwoCodes, "says code twice").await;
}

#[tokio::test]
async fn an_answer_with_an_empty_code_is_refused() {
    comes_back(Returns::EmptyCode, "the code in the answer is empty").await;
}

#[tokio::test]
async fn an_answer_in_a_fragment_never_reaches_the_listener() {
    comes_back(Returns::Implicit, "neither a code nor an error").await;
}

#[tokio::test]
async fn a_token_in_a_pasted_fragment_is_not_taken() {
    let outcome = Case::new(Behaviour::good().returns(Returns::Implicit))
        .set(|set| set.consent_seconds = Some(1))
        .person(Person::PastesAddress)
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "nobody answered in time");
    let said = outcome.verdicts[0].as_ref().unwrap_err();
    assert!(said.message.contains("a token instead of a code"), "{said}");
}

#[tokio::test]
async fn a_consent_that_nobody_answers_expires() {
    let outcome = Case::good()
        .person(Person::Nobody)
        .set(|set| set.consent_seconds = Some(1))
        .run()
        .await;
    outcome.fails(FaultKind::SignIn, "nobody answered in time");
    let consent = outcome.consent();
    assert_eq!(consent.since.age_at(consent.expires_at).as_secs(), 1);
    let port = consent.callback_port.unwrap();
    // The port is free again.
    TcpListener::bind(("127.0.0.1", port)).await.unwrap();
}

#[tokio::test]
async fn a_consent_shows_host_scopes_port_and_registration() {
    let outcome = Case::good().run().await;
    let consent = outcome.consent();
    assert_eq!(consent.host, "127.0.0.1");
    assert_eq!(consent.issuer.raw(), outcome.authority.origin);
    let words: Vec<_> = consent
        .scopes
        .iter()
        .map(|scope| scope.words.as_deref())
        .collect();
    assert_eq!(words, [Some("read"), Some("change")]);
    assert!(consent.added.is_empty());
    assert_eq!(consent.registration, Registration::Dynamic);
    let port = consent.callback_port.unwrap();
    let redirect = format!("http://127.0.0.1:{port}/callback");
    assert_eq!(consent.redirect_url.as_ref(), Some(&redirect));
    assert!(consent.url.as_ref().unwrap().contains("response_type=code"));
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn a_port_that_the_operator_chose_is_used() {
    let port = free_port().await;
    let outcome = Case::good()
        .set(move |set| set.callback_port = Some(port))
        .run()
        .await;
    let record = outcome.works();
    assert_eq!(
        record.redirect_url,
        Some(format!("http://127.0.0.1:{port}/callback"))
    );
}

#[tokio::test]
async fn a_chosen_port_that_is_taken_is_no_reason_to_use_another() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let outcome = Case::good()
        .set(move |set| set.callback_port = Some(port))
        .run()
        .await;
    outcome.fails(FaultKind::Config, "is taken");
    assert_eq!(outcome.authority.count("/register"), 0);
}

#[tokio::test]
async fn a_redirect_url_is_used_letter_by_letter() {
    let port = free_port().await;
    let redirect = format!("http://localhost:{port}/oauth/back?from=callboard");
    let expected = Some(redirect.clone());
    let outcome = Case::good()
        .set(move |set| set.redirect_url = Some(redirect))
        .run()
        .await;
    assert_eq!(outcome.works().redirect_url, expected);
    assert_eq!(
        outcome.authority.at("/authorize")[0].parameter("redirect_uri"),
        expected
    );
    assert_eq!(
        outcome.authority.at("/token")[0].field("redirect_uri"),
        expected
    );
}

#[tokio::test]
async fn a_redirect_url_on_another_machine_leaves_pasting() {
    let redirect = "https://relay.example/back".to_owned();
    let outcome = Case::good()
        .person(Person::PastesAddress)
        .set(move |set| set.redirect_url = Some(redirect))
        .run()
        .await;
    outcome.works();
    assert_eq!(outcome.consent().callback_port, None);
}

#[tokio::test]
async fn a_redirect_url_that_no_browser_ends_at_is_refused() {
    for redirect in [
        "relay",
        "http://relay.example/back",
        "app:/back",
        "http://127.0.0.1/#x",
    ] {
        let redirect = redirect.to_owned();
        let outcome = Case::good()
            .set(move |set| set.redirect_url = Some(redirect))
            .run()
            .await;
        outcome.fails(FaultKind::User, "the redirect URL");
    }
}
