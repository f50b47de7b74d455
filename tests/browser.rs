//! A consent page in a real browser. `.ci/browser` runs this; without it the test is
//! passed over.
#![allow(unreachable_pub)]
// Helpers of tests are outside `#[test]`, where the lints do not spare them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code, reason = "shared with the other tests")]
#[path = "support/sign_in.rs"]
mod sign_in;

use std::process::Stdio;

use callboard::domain::Consent;
use callboard::practice::{Practice, Ticket};
use tokio::process::Command;

use sign_in::{refreshed, request, signed_in};

/// Names the program that opens an address and presses a button there.
const DRIVER: &str = "CALLBOARD_BROWSER_DRIVER";

/// Opens the consent in the browser and presses *Allow*.
async fn person(consent: Consent) {
    let driver = std::env::var(DRIVER).unwrap_or_else(|_| panic!("run .ci/browser"));
    let pressed = Command::new(driver)
        .args(["press", consent.url.as_deref().unwrap(), "Allow"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap();
    let seen = String::from_utf8(pressed.stdout).unwrap();
    assert!(pressed.status.success(), "{seen}");
    let (url, text) = seen.split_once('\n').unwrap();
    assert_eq!(Some(url), consent.redirect_url.as_deref(), "{seen}");
    assert!(text.contains("callboard has the answer"), "{seen}");
}

#[tokio::test]
#[ignore = "needs the browser that .ci/browser starts"]
async fn a_consent_page_is_finished_in_a_real_browser() {
    let practice = Practice::start().await.unwrap();
    let mut servers = practice.servers().iter();
    let server = servers
        .find(|server| server.ticket == Ticket::SignIn)
        .unwrap();
    let record = signed_in(request(&server.url), person).await.unwrap();
    assert_eq!(record.scopes, ["cast:read"]);
    let renewed = refreshed(&record).await.unwrap();
    assert_ne!(renewed.access_token, record.access_token);
}
