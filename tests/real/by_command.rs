//! Signing in by the command line at authorization servers that others wrote.

use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::face::Face;
use crate::servers::Server;
use crate::shell::Shell;
use crate::signing_in::{consents, types};

fn shell() -> Shell {
    let mut shell = Shell::new();
    shell.set("CALLBOARD_VAULT", "file");
    shell
}

fn adding(shell: &Shell, name: &str, url: &str, more: &[&str]) -> Face {
    Face::running(shell, &[&["add", name, url, "--trust"], more].concat())
}

/// Consents in a browser on this machine.
async fn agreed(consent: &Value) {
    consents(&mut Browser::new(), consent["url"].as_str().unwrap()).await;
}

fn calls(shell: &Shell, name: &str) {
    let called = shell.json(&["call", name, "echo", "text=hello", "--yes"]);
    assert_eq!(called["content"][0]["text"], "hello", "{called}");
}

/// Adds, calls, comes back after the board's end, signs out and in again.
async fn from_add_to_logout(name: &str, url: &str) {
    let shell = shell();
    let face = adding(&shell, name, url, &[]);
    agreed(&face.consent()).await;
    let end = face.ended(0);
    assert_eq!(end["status"], "connected", "{end}");
    assert_eq!(end["sign_in"]["registration"], "dynamic");
    calls(&shell, name);
    let _ = shell.run(&["stop"]).succeeded();
    calls(&shell, name);
    let out = shell.run(&["logout", name]).succeeded();
    assert!(
        out.stdout.contains("took the tokens back"),
        "{}",
        out.stdout
    );
    let call = ["call", name, "echo", "text=hello", "--yes"];
    let _ = shell.run(&call).ended_with(3);
    let face = Face::running(&shell, &["login", name]);
    agreed(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
    calls(&shell, name);
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_from_add_to_logout() {
    from_add_to_logout("fast", &Server::fast_oauth_url()).await;
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_from_add_to_logout() {
    from_add_to_logout("oidc", &Server::oidc_url()).await;
}

/// The page that the browser of another machine ends on is pasted.
async fn pasted(name: &str, url: &str) {
    let shell = shell();
    let face = adding(&shell, name, url, &["--no-wait"]);
    let consent = face.consent();
    let _ = face.ended(3);
    let callback = consent["callback"].as_str().unwrap();
    let mut browser = Browser::elsewhere(callback);
    let page = consents(&mut browser, consent["url"].as_str().unwrap()).await;
    let address = page.url.as_str();
    assert!(address.starts_with(callback), "{address}");
    let other = format!("{callback}?code=x&state=other\n");
    let wrong = shell.run_with(&["login", name, "--paste", "-"], &other);
    let wrong = wrong.ended_with(2);
    assert!(wrong.stderr.contains("another sign-in"), "{}", wrong.stderr);
    let right = shell.run_with(&["login", name, "--paste", "-"], &format!("{address}\n"));
    let _ = right.succeeded();
    calls(&shell, name);
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn fastmcp_by_a_pasted_address() {
    pasted("fast", &Server::fast_oauth_url()).await;
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_by_a_pasted_address() {
    pasted("oidc", &Server::oidc_url()).await;
}

#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_by_a_device_code() {
    let shell = shell();
    let face = adding(&shell, "oidc", &Server::oidc_url(), &[]);
    let device = face.consent()["device"].clone();
    let text = |key: &str| device[key].as_str().unwrap().to_owned();
    types(&text("url"), &text("code")).await;
    assert_eq!(face.ended(0)["status"], "connected");
    calls(&shell, "oidc");
    let face = Face::running(&shell, &["login", "oidc", "--device"]);
    let device = face.consent()["device"].clone();
    let text = |key: &str| device[key].as_str().unwrap().to_owned();
    types(&text("url"), &text("code")).await;
    assert_eq!(face.ended(0)["status"], "connected");
}

/// oidc-provider ends a sign-in whose refresh token comes twice: two renewals in a row,
/// one of them after a restart, are only had by who kept what the first gave.
#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_renews_again_and_again() {
    let shell = shell();
    let face = adding(&shell, "oidc", &Server::oidc_brief_url(), &[]);
    agreed(&face.consent()).await;
    let mut before = face.ended(0)["sign_in"].clone();
    for restarts in [false, true, false] {
        let end = before["expires_at"].as_str().unwrap();
        let end: jiff::Timestamp = end.parse().unwrap();
        let left = end.duration_since(jiff::Timestamp::now());
        // The end of the token is what is waited for.
        tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
        if restarts {
            let _ = shell.run(&["stop"]).succeeded();
        }
        calls(&shell, "oidc");
        let now = shell.json(&["show", "oidc"])["sign_in"].clone();
        assert_ne!(now["refreshed_at"], json!(null));
        assert_ne!(now["refreshed_at"], before["refreshed_at"]);
        assert_eq!(now["scopes"], before["scopes"]);
        before = now;
    }
    assert_eq!(shell.json(&["show", "oidc"])["status"], "connected");
}

/// `count` wants a scope that was not asked for.
#[tokio::test]
#[ignore = "needs the servers that .ci/real-servers starts"]
async fn oidc_provider_is_given_more_once_somebody_says_so() {
    let shell = shell();
    let face = adding(&shell, "oidc", &Server::oidc_url(), &[]);
    agreed(&face.consent()).await;
    let _ = face.ended(0);
    let run = shell.run(&["call", "oidc", "count", "--yes"]).ended_with(3);
    assert!(run.stderr.contains("mcp:write"), "{}", run.stderr);
    let face = Face::running(&shell, &["login", "oidc"]);
    let consent = face.consent();
    assert_eq!(consent["added"][0]["name"], "mcp:write");
    agreed(&consent).await;
    let _ = face.ended(0);
    let _ = shell.run(&["call", "oidc", "count", "--yes"]).succeeded();
}
