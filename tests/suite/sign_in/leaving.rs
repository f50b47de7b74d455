//! Somebody signs out, removes or signs in anew: nothing of the sign-in before lives on.

use std::time::Duration;

use callboard::domain::{AuthMethod, ConnectorId, Secret, SignInOptions};
use callboard::protocol::{Add, AuthWanted};
use callboard::secrets::{RecordKey, Vault};
use serde_json::json;

use super::face::{Face, consented, shell};
use super::keeping::{Full, signed_in, until};
use crate::support::authority::{Authority, Behaviour};
use crate::support::board::{Board, wanted};
use crate::support::shell::{Run, Shell};

/// Leaves the board with new tokens that it could not keep.
fn unsaved(authority: &Authority, shell: &Shell) -> [String; 2] {
    authority.end_access();
    authority.hold_tokens(true);
    let calling = shell.start(&["call", "wiki", "echo", "--yes"]);
    until(|| authority.refreshes() == 1);
    let full = Full::of(shell);
    authority.hold_tokens(false);
    let _ = Run::of(calling).ended_with(6);
    full.mend();
    ["access token", "refresh token"].map(|kind| authority.newest(kind))
}

#[tokio::test]
async fn tokens_that_could_not_be_kept_are_taken_back_by_whatever_ends_the_sign_in() {
    for words in [
        &["logout", "wiki"][..],
        &["remove", "wiki", "--yes"],
        &["edit", "wiki", "--auth", "none"],
    ] {
        let authority = Authority::start(Behaviour::good());
        let shell = signed_in(&authority).await;
        let [access, refresh] = unsaved(&authority, &shell);
        assert!(authority.lets_in(&access));
        // Without a sign-in it does not connect, which an edit says.
        let _ = shell.run(words);
        until(|| !authority.lets_in(&access) && !authority.refreshes_with(&refresh));
    }
}

#[tokio::test]
async fn a_sign_in_in_place_of_another_takes_the_tokens_of_that_back() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    let old = ["access token", "refresh token"].map(|kind| authority.newest(kind));
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
    until(|| !authority.lets_in(&old[0]) && !authority.refreshes_with(&old[1]));
    assert!(authority.lets_in(&authority.newest("access token")));
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
    assert_eq!(authority.refreshes(), 0);
}

#[tokio::test]
async fn tokens_that_could_not_be_kept_are_taken_back_by_a_new_sign_in() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    let [access, refresh] = unsaved(&authority, &shell);
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
    until(|| !authority.lets_in(&access) && !authority.refreshes_with(&refresh));
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
}

#[tokio::test]
async fn whoever_signed_out_is_not_told_that_the_server_ended_it() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_access();
    authority.let_calls_out(0);
    authority.hold("/revoke", true);
    let calling = shell.start(&["call", "wiki", "echo", "--yes"]);
    until(|| authority.calls() == 1);
    let leaving = shell.start(&["logout", "wiki"]);
    until(|| authority.count("/revoke") == 1);
    // It is refused, and waits for its turn to renew.
    authority.let_calls_out(99);
    authority.hold("/revoke", false);
    let _ = Run::of(leaving).succeeded();
    let _ = Run::of(calling).ended_with(3);
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
    let log = shell.run(&["log"]).succeeded().stdout;
    assert!(log.contains("signed out"), "{log}");
    assert!(!log.contains("ended by its server"), "{log}");
}

#[tokio::test]
async fn a_record_that_cannot_be_read_keeps_nobody_from_signing_out() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    let id = shell.json(&["show", "wiki"])["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let _ = shell.run(&["stop"]).succeeded();
    let mut vault = Vault::open(&shell.home().join("board/secrets")).unwrap();
    let key = RecordKey {
        issuer: Some(authority.origin.clone()),
        ..RecordKey::new(ConnectorId::new(id), authority.origin.clone(), "oauth")
    };
    assert!(vault.get(&key).unwrap().is_some());
    vault.put(&key, &Secret::new("{\"version\":99}")).unwrap();
    drop(vault);
    let out = shell.json(&["logout", "wiki"]);
    assert!(out["revocation"]["failed"].is_object(), "{out}");
    assert_eq!(shell.json(&["show", "wiki"])["sign_in"], json!(null));
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
}

#[tokio::test]
async fn nothing_is_pasted_before_there_is_a_consent() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    authority.hold("/register", true);
    let face = Face::adding(&shell, "wiki", &authority);
    until(|| authority.count("/register") == 1);
    let pasting = shell.start(&["login", "wiki", "--paste", "http://127.0.0.1/?code=x"]);
    let early = Run::of(pasting).ended_with(5);
    assert!(
        early.stderr.contains("no sign-in of wiki waits"),
        "{}",
        early.stderr
    );
    authority.hold("/register", false);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
}

#[tokio::test]
async fn tokens_of_a_device_code_that_arrive_for_a_sign_in_that_was_ended_are_taken_back() {
    let authority = Authority::start(Behaviour::good().device(&[]));
    let shell = shell("file");
    authority.hold_tokens(true);
    let face = Face::adding(&shell, "wiki", &authority);
    let _ = face.consent();
    until(|| authority.count("/token") == 1);
    let _ = shell.run(&["login", "wiki", "--cancel"]).succeeded();
    let _ = face.ended(4);
    authority.hold_tokens(false);
    until(|| authority.count("/revoke") == 2);
    assert!(!authority.lets_in(&authority.newest("access token")));
}

#[tokio::test]
async fn tokens_of_a_device_code_that_are_on_their_way_as_time_runs_out_are_waited_for() {
    const SECONDS: u32 = 2;
    let authority = Authority::start(Behaviour::good().device(&[]));
    let board = Board::start().await;
    authority.hold_tokens(true);
    let add = Add {
        auth: AuthWanted::Given(AuthMethod::Oauth),
        sign_in: SignInOptions {
            consent_seconds: Some(SECONDS),
            ..SignInOptions::default()
        },
        ..wanted("wiki", &authority.url)
    };
    let late = async {
        // The end of the consent is what is waited for.
        tokio::time::sleep(Duration::from_secs(u64::from(SECONDS) + 2)).await;
        assert_eq!(authority.count("/token"), 1);
        authority.hold_tokens(false);
    };
    let (added, ()) = tokio::join!(board.send_add(&add), late);
    assert!(added.unwrap().sign_in.is_some());
}
