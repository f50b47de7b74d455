//! The practice server that wants a sign-in, as a person with a browser meets it.

use callboard::domain::{Consent, FaultKind, SignInOptions};
use callboard::mcp::oauth::{Revoked, SignInRecord};
use callboard::practice::{Practice, Ticket};
use serde_json::{Value, json};

use crate::support::browser::{Browser, Page};
use crate::support::sign_in::{asked, refreshed, request, revoked, signed_in, stepping_up};

async fn practice() -> (Practice, String) {
    let practice = Practice::start().await.unwrap();
    let mut servers = practice.servers().iter();
    let found = servers.find(|server| server.ticket == Ticket::SignIn);
    let url = found.unwrap().url.clone();
    (practice, url)
}

/// Signs in with a browser that presses *Allow*.
async fn allowed(url: &str) -> SignInRecord {
    let person = |consent: Consent| async move {
        let mut browser = Browser::new();
        let page = browser.open(consent.url.as_deref().unwrap()).await;
        let page = browser.submit(&page, &[], "Allow").await;
        assert_eq!(page.status, 200, "{}", page.text);
    };
    signed_in(request(url), person).await.unwrap()
}

fn call(name: &str, arguments: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": name, "arguments": arguments } })
}

/// Opens a session.
async fn session(url: &str, token: &str) -> String {
    let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {} });
    let (status, _, session, _) = asked(url, token, None, &hello).await;
    assert_eq!(status, 200);
    session.unwrap()
}

#[tokio::test]
async fn the_consent_page_names_client_scope_and_place_and_runs_no_script() {
    let (_practice, url) = practice().await;
    let person = |consent: Consent| async move {
        let mut browser = Browser::new();
        let page = browser.open(consent.url.as_deref().unwrap()).await;
        let redirect = consent.redirect_url.unwrap();
        for part in ["callboard", "cast:read", redirect.as_str()] {
            assert!(page.text.contains(part), "{part}: {}", page.text);
        }
        assert!(!page.text.contains("<script"), "{}", page.text);
        assert!(!page.text.contains("flowers"), "{}", page.text);
        let labels = |page: &Page| -> Vec<String> {
            let forms = page.forms();
            forms[0]
                .buttons
                .iter()
                .map(|(_, label)| label.clone())
                .collect()
        };
        assert_eq!(labels(&page), ["Allow", "Deny"]);
        let page = browser.submit(&page, &[], "Allow").await;
        assert_eq!(page.status, 200, "{}", page.text);
    };
    let record = signed_in(request(&url), person).await.unwrap();
    assert_eq!(record.scopes, ["cast:read"]);
    assert!(record.refresh_token.is_some() && record.revocation.is_some());
    let life = record.issued_at.age_at(record.expires_at.unwrap());
    assert!(life.as_secs() <= 60, "it is to be seen refreshed");
}

#[tokio::test]
async fn who_presses_deny_is_not_signed_in() {
    let (_practice, url) = practice().await;
    let person = |consent: Consent| async move {
        let mut browser = Browser::new();
        let page = browser.open(consent.url.as_deref().unwrap()).await;
        browser.submit(&page, &[], "Deny").await;
    };
    let failed = signed_in(request(&url), person).await.unwrap_err();
    assert_eq!(failed.fault.kind, FaultKind::Denied, "{}", failed.fault);
}

#[tokio::test]
async fn a_page_is_answered_once_and_never_from_another_site() {
    let (_practice, url) = practice().await;
    let person = |consent: Consent| async move {
        let mut browser = Browser::new();
        let page = browser.open(consent.url.as_deref().unwrap()).await;
        let mut elsewhere = page.clone();
        elsewhere.url = "http://evil.example/".parse().unwrap();
        let consent = page.url.join("/consent").unwrap();
        elsewhere.text = elsewhere.text.replace("/consent", consent.as_str());
        let foreign = browser.submit(&elsewhere, &[], "Allow").await;
        assert_eq!(foreign.status, 403, "{}", foreign.text);
        let done = browser.submit(&page, &[], "Allow").await;
        assert_eq!(done.status, 200, "{}", done.text);
        let again = browser.submit(&page, &[], "Allow").await;
        assert_eq!(again.status, 400, "{}", again.text);
    };
    signed_in(request(&url), person).await.unwrap();
}

#[tokio::test]
async fn a_refreshed_token_is_new_and_the_old_one_ends_the_sign_in_when_it_comes_again() {
    let (_practice, url) = practice().await;
    let first = allowed(&url).await;
    let second = refreshed(&first).await.unwrap();
    assert_ne!(first.access_token, second.access_token);
    assert_ne!(first.refresh_token, second.refresh_token);
    let token = second.access_token.expose();
    let id = session(&url, token).await;
    let (status, _, _, text) = asked(&url, token, Some(&id), &call("show_pass", &json!({}))).await;
    assert_eq!(status, 200);
    assert!(text.contains("\"renewed\":1"), "{text}");
    let failed = refreshed(&first).await.unwrap_err();
    assert_eq!(failed.fault.kind, FaultKind::SignIn, "{}", failed.fault);
    let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {} });
    let (status, challenge, _, _) = asked(&url, token, None, &hello).await;
    assert_eq!(status, 401);
    assert_eq!(challenge.unwrap().param("error"), Some("invalid_token"));
}

#[tokio::test]
async fn flowers_need_a_further_consent() {
    let (_practice, url) = practice().await;
    let first = allowed(&url).await;
    let token = first.access_token.expose();
    let id = session(&url, token).await;
    let flowers = call("send_flowers", &json!({ "room": "2" }));
    let (status, challenge, _, _) = asked(&url, token, Some(&id), &flowers).await;
    assert_eq!(status, 403);
    let request = stepping_up(&first, &challenge.unwrap());
    let person = |consent: Consent| async move {
        let added: Vec<&str> = consent.added.iter().map(|one| one.name.raw()).collect();
        assert_eq!(added, ["flowers:send"]);
        let mut browser = Browser::new();
        let page = browser.open(consent.url.as_deref().unwrap()).await;
        browser.submit(&page, &[], "Allow").await;
    };
    let more = signed_in(request, person).await.unwrap();
    assert_eq!(more.scopes, ["cast:read", "flowers:send"]);
    assert_eq!(
        more.client.id, first.client.id,
        "the registration is used again"
    );
    let token = more.access_token.expose();
    let id = session(&url, token).await;
    let (status, _, _, text) = asked(&url, token, Some(&id), &flowers).await;
    assert_eq!(status, 200);
    assert!(text.contains("the flowers stand before room 2"), "{text}");
}

#[tokio::test]
async fn a_code_that_is_typed_elsewhere_signs_in() {
    let (_practice, url) = practice().await;
    let person = |consent: Consent| async move {
        let device = consent.device.unwrap();
        let mut browser = Browser::new();
        let page = browser.open(&device.url).await;
        let wrong = browser
            .submit(&page, &[("user_code", "BBBB-BBBB")], "Continue")
            .await;
        assert!(wrong.text.contains("no code that waits"), "{}", wrong.text);
        let typed = device.code.raw().to_lowercase();
        let page = browser
            .submit(&wrong, &[("user_code", &typed)], "Continue")
            .await;
        assert!(page.text.contains("cast:read"), "{}", page.text);
        let page = browser.submit(&page, &[], "Allow").await;
        assert!(
            page.text.contains("Go back to the terminal"),
            "{}",
            page.text
        );
    };
    let record = signed_in(request(&url), person).await.unwrap();
    assert_eq!(record.scopes, ["cast:read"]);
}

#[tokio::test]
async fn tokens_that_were_taken_back_let_nobody_in() {
    let (_practice, url) = practice().await;
    let record = allowed(&url).await;
    assert_eq!(revoked(&record).await, (Revoked::Accepted, 2));
    let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {} });
    let (status, ..) = asked(&url, record.access_token.expose(), None, &hello).await;
    assert_eq!(status, 401);
    assert!(refreshed(&record).await.is_err());
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused() {
    let (_practice, url) = practice().await;
    let record = allowed(&url).await;
    let origin = url.trim_end_matches("/mcp");
    let redirect = record.redirect_url.clone().unwrap();
    let good = [
        ("client_id", record.client.id.as_str()),
        ("redirect_uri", redirect.as_str()),
        ("response_type", "code"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
        ("resource", url.as_str()),
        ("state", "s"),
    ];
    let client = plain(origin);
    for (field, value, status, said) in [
        ("client_id", "nobody", 400, "no client of that name"),
        (
            "redirect_uri",
            "https://evil.example/",
            400,
            "none that the client registered",
        ),
        (
            "response_type",
            "token",
            303,
            "error=unsupported_response_type",
        ),
        ("code_challenge", "", 303, "error=invalid_request"),
        (
            "code_challenge_method",
            "plain",
            303,
            "error=invalid_request",
        ),
        (
            "resource",
            "https://other.example/",
            303,
            "error=invalid_target",
        ),
        ("scope", "crown:wear", 303, "error=invalid_scope"),
    ] {
        let mut fields: Vec<(&str, &str)> = good.to_vec();
        fields.retain(|(known, _)| *known != field);
        fields.push((field, value));
        let (found, text) = client.get("/authorize", &fields).await;
        assert_eq!(found, status, "{field}: {text}");
        assert!(text.contains(said), "{field}: {text}");
        if status == 303 {
            assert!(
                text.contains("state=s") && text.contains("iss=http"),
                "{text}"
            );
        }
    }
}

/// Asks without following anything.
struct Plain {
    origin: String,
    client: reqwest::Client,
}

fn plain(origin: &str) -> Plain {
    let network = callboard::mcp::network::Network::new().unwrap();
    let client = network.client(&callboard::domain::ConnectionOptions::default());
    Plain {
        origin: origin.to_owned(),
        client: client.unwrap(),
    }
}

impl Plain {
    async fn get(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let base = format!("{}{path}", self.origin);
        let url = url::Url::parse_with_params(&base, fields).unwrap();
        let response = self.client.get(url).send().await.unwrap();
        let leads = response.headers().get("location").cloned();
        let status = response.status().as_u16();
        match leads {
            Some(place) => (status, place.to_str().unwrap().to_owned()),
            None => (status, response.text().await.unwrap()),
        }
    }
}

#[tokio::test]
async fn scopes_of_the_operator_are_asked_for_at_once() {
    let (_practice, url) = practice().await;
    let mut request = request(&url);
    request.sign_in = SignInOptions {
        scopes: vec!["cast:read".to_owned(), "flowers:send".to_owned()],
        ..request.sign_in
    };
    let person = |consent: Consent| async move {
        let mut browser = Browser::new();
        let page = browser.open(consent.url.as_deref().unwrap()).await;
        assert!(
            page.text.contains("send flowers in your name"),
            "{}",
            page.text
        );
        browser.submit(&page, &[], "Allow").await;
    };
    let record = signed_in(request, person).await.unwrap();
    assert_eq!(record.scopes.len(), 2);
}
