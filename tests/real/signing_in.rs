//! Signing in at authorization servers that others wrote: fastmcp's own, and
//! oidc-provider.

use callboard::domain::{Consent, FaultKind, Registration};
use callboard::mcp::challenge::Challenge;
use callboard::mcp::oauth::{Revoked, SignInRecord};
use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::servers::Server;
use crate::sign_in::{asked, refreshed, request, revoked, signed_in, stepping_up};

/// Opens a page and presses whatever has to be pressed until there is nothing left:
/// logs in under a name, then agrees.
pub async fn consents(browser: &mut Browser, url: &str) -> Page {
    let page = browser.open(url).await;
    agrees(browser, page).await
}

async fn agrees(browser: &mut Browser, mut page: Page) -> Page {
    for _ in 0..4 {
        let forms = page.forms();
        let has = |label: &str| {
            let mut buttons = forms.iter().flat_map(|form| &form.buttons);
            buttons.any(|(_, value)| value == label)
        };
        let (fill, button): (&[(&str, &str)], &str) = if has("Sign-in") {
            (
                &[("login", "somebody"), ("password", "anything")],
                "Sign-in",
            )
        } else if has("Continue") {
            (&[], "Continue")
        } else if has("Yes") {
            (&[], "Yes")
        } else {
            break;
        };
        page = browser.submit(&page, fill, button).await;
    }
    assert_eq!(page.status, 200, "{} {}", page.url, page.text);
    page
}

/// A person with a browser on this machine.
async fn person(consent: Consent) {
    consents(&mut Browser::new(), consent.url.as_deref().unwrap()).await;
}

/// A person who types the device code.
async fn typist(consent: Consent) {
    let device = consent.device.expect("the server offers device codes");
    types(&device.url, device.code.raw()).await;
}

/// Types a code at its address, and agrees.
pub async fn types(url: &str, code: &str) {
    let mut browser = Browser::new();
    let page = browser.open(url).await;
    let typed = code.to_lowercase();
    let page = browser
        .submit(&page, &[("user_code", &typed)], "Continue")
        .await;
    let page = agrees(&mut browser, page).await;
    assert!(page.text.contains("Done"), "{} {}", page.url, page.text);
}

/// Opens a session with this token and calls a function; the status of that, and what
/// came back.
async fn called(url: &str, record: &SignInRecord, name: &str) -> (u16, Option<Challenge>, String) {
    let token = record.access_token.expose();
    let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": { "name": "tests", "version": "1" } } });
    let (status, challenge, session, text) = asked(url, token, None, &hello).await;
    if status != 200 {
        return (status, challenge, text);
    }
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let _ = asked(url, token, session.as_deref(), &ready).await;
    let call: Value = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": name, "arguments": {} } });
    let (status, challenge, _, text) = asked(url, token, session.as_deref(), &call).await;
    (status, challenge, text)
}

/// What holds of both servers: sign in, be let in, refresh, and take it all back.
async fn from_sign_in_to_revocation(url: &str, record: SignInRecord, function: &str) {
    assert_eq!(record.client.kind, Registration::Dynamic);
    let (status, _, text) = called(url, &record, function).await;
    assert_eq!(status, 200, "{text}");
    let renewed = refreshed(&record).await.unwrap();
    assert_ne!(renewed.access_token, record.access_token);
    assert_ne!(renewed.refresh_token, record.refresh_token, "it rotates");
    assert_eq!(renewed.scopes, record.scopes);
    let (status, _, text) = called(url, &renewed, function).await;
    assert_eq!(status, 200, "{text}");
    let (taken_back, _) = revoked(&renewed).await;
    assert_eq!(taken_back, Revoked::Accepted);
    let (status, ..) = called(url, &renewed, function).await;
    assert_eq!(status, 401);
    let failed = refreshed(&renewed).await.unwrap_err();
    assert_eq!(failed.fault.kind, FaultKind::SignIn, "{}", failed.fault);
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_with_its_own_authorization_server() {
    let url = Server::fast_oauth_url();
    let record = signed_in(request(&url), person).await.unwrap();
    assert_eq!(record.scopes, ["read"]);
    from_sign_in_to_revocation(&url, record, "image").await;
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_with_a_browser() {
    let url = Server::oidc_url();
    let record = signed_in(request(&url), person).await.unwrap();
    assert_eq!(record.resource, url);
    assert!(
        record.scopes.contains(&"mcp:read".to_owned()),
        "{:?}",
        record.scopes
    );
    from_sign_in_to_revocation(&url, record, "image").await;
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_with_a_device_code() {
    let url = Server::oidc_url();
    let record = signed_in(request(&url), typist).await.unwrap();
    from_sign_in_to_revocation(&url, record, "image").await;
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_ends_a_sign_in_whose_refresh_token_comes_twice() {
    let url = Server::oidc_url();
    let record = signed_in(request(&url), person).await.unwrap();
    let renewed = refreshed(&record).await.unwrap();
    assert!(refreshed(&record).await.is_err());
    let failed = refreshed(&renewed).await.unwrap_err();
    assert_eq!(failed.fault.kind, FaultKind::SignIn, "{}", failed.fault);
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_grants_more_when_asked_again() {
    let url = Server::oidc_url();
    let record = signed_in(request(&url), person).await.unwrap();
    let (status, challenge, _) = called(&url, &record, "count").await;
    assert_eq!(status, 403);
    let request = stepping_up(&record, &challenge.unwrap());
    let more = signed_in(request, person).await.unwrap();
    assert_eq!(
        more.client.id, record.client.id,
        "the registration is used again"
    );
    assert!(
        more.scopes.contains(&"mcp:write".to_owned()),
        "{:?}",
        more.scopes
    );
    let (status, _, text) = called(&url, &more, "count").await;
    assert_eq!(status, 200, "{text}");
}
