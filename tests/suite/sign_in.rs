//! Sign-ins of a board, by the command line, against an authority and the server that
//! it protects: begun here, finished there, and what is left of them afterwards.

mod documents;
mod editing;
mod face;
mod keeping;
mod leaving;
mod meanwhile;
mod renewing;
mod waiting;

use face::{Face, consented, shell};
use serde_json::json;

use crate::support::authority::{Authority, Behaviour, Preset, Reply};

#[tokio::test]
async fn add_signs_in_and_connects_in_one_go() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    let consent = face.consent();
    assert_eq!(consent["host"], "127.0.0.1");
    assert_eq!(consent["scopes"][0]["words"], "read");
    consented(&consent).await;
    let end = face.ended(0);
    assert_eq!(end["event"], "connected");
    assert_eq!(end["status"], "connected");
    assert_eq!(end["sign_in"]["issuer"], json!(authority.origin));
    assert_eq!(end["sign_in"]["registration"], "dynamic");
    let called = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
    assert!(called.stdout.contains("hello"));
    let shown = shell.run(&["show", "wiki"]).succeeded().stdout;
    assert!(shown.contains("granted"), "{shown}");
    let log = shell.run(&["log"]).succeeded().stdout;
    assert!(log.contains("sign-in"), "{log}");
    assert!(shell.holds("s3cret").is_empty());
}

#[tokio::test]
async fn a_restart_of_the_board_loses_nothing() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    consented(&face.consent()).await;
    let before = face.ended(0);
    let _ = shell.run(&["stop"]).succeeded();
    let called = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
    assert!(called.stdout.contains("hello"));
    let after = shell.json(&["show", "wiki"]);
    assert_eq!(after["sign_in"], before["sign_in"]);
    assert_eq!(authority.count("/authorize"), 1);
}

#[tokio::test]
async fn signing_out_has_the_server_take_the_tokens_back() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    consented(&face.consent()).await;
    let _ = face.ended(0);
    let out = shell.run(&["logout", "wiki"]).succeeded();
    assert!(
        out.stdout.contains("took the tokens back"),
        "{}",
        out.stdout
    );
    assert_eq!(authority.count("/revoke"), 2);
    let called = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
    assert!(
        called.stderr.contains("callboard login wiki"),
        "{}",
        called.stderr
    );
    let shown = shell.json(&["show", "wiki"]);
    assert_eq!(shown["status"], "sign-in");
    assert_eq!(shown["sign_in"], json!(null));
    let again = shell.run(&["logout", "wiki"]).succeeded();
    assert!(again.stdout.contains("nobody was signed in"));
}

#[tokio::test]
async fn removing_signs_out_and_what_comes_back_is_signed_out() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    consented(&face.consent()).await;
    let _ = face.ended(0);
    let removed = shell.json(&["remove", "wiki", "--yes"]);
    assert_eq!(removed["revocation"], "accepted");
    let _ = shell.run(&["undo"]).succeeded();
    let shown = shell.json(&["show", "wiki"]);
    assert_eq!(shown["sign_in"], json!(null));
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
}

#[tokio::test]
async fn a_client_of_ones_own_is_kept_with_the_issuer_it_was_used_at() {
    let preset = Preset {
        id: "mine",
        secret: Some("client-s3cret"),
        redirect: "http://127.0.0.1/callback",
    };
    let authority = Authority::start(Behaviour::good().preset(preset));
    let mut shell = shell("file");
    shell.set("CLIENT", "client-s3cret");
    let words = ["--client-id", "mine", "--client-secret-env", "CLIENT"];
    let face = Face::adding_with(&shell, "wiki", &authority, &words);
    consented(&face.consent()).await;
    let end = face.ended(0);
    assert_eq!(end["sign_in"]["registration"], "manual");
    assert_eq!(end["sign_in_options"]["issuer"], json!(authority.origin));
    assert_eq!(authority.count("/register"), 0);
    assert!(shell.holds("s3cret").is_empty());
}

#[tokio::test]
async fn a_machine_account_needs_nobody() {
    let preset = Preset {
        id: "robot",
        secret: Some("client-s3cret"),
        redirect: "http://127.0.0.1/callback",
    };
    let authority = Authority::start(Behaviour::good().preset(preset));
    let mut shell = shell("file");
    shell.set("CLIENT", "client-s3cret");
    let words = [
        "--machine",
        "--issuer",
        &authority.origin,
        "--client-id",
        "robot",
        "--client-secret-env",
        "CLIENT",
    ];
    let face = Face::adding_with(&shell, "wiki", &authority, &words);
    assert_eq!(face.ended(0)["status"], "connected");
    authority.end_access();
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
}

#[tokio::test]
async fn a_server_that_wants_more_asks_once_and_a_no_is_remembered() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    consented(&face.consent()).await;
    let _ = face.ended(0);
    let more = || {
        Reply::new(403, "more").with(
            "www-authenticate",
            "Bearer error=\"insufficient_scope\", scope=\"read extra\"",
        )
    };
    authority.instead("/mcp", more());
    let run = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
    assert!(run.stderr.contains("extra"), "{}", run.stderr);
    let shown = shell.json(&["show", "wiki"]);
    assert_eq!(shown["scopes_wanted"][0]["name"], "extra");
    assert_eq!(shown["status"], "connected");
    let face = Face::running(&shell, &["login", "wiki"]);
    let consent = face.consent();
    assert_eq!(consent["added"][0]["name"], "extra");
    assert_eq!(consent["scopes"].as_array().unwrap().len(), 3);
    let _ = shell.run(&["login", "wiki", "--cancel"]).succeeded();
    let _ = face.ended(4);
    authority.instead("/mcp", more());
    let run = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(4);
    assert!(run.stderr.contains("you said no"), "{}", run.stderr);
    assert_eq!(shell.json(&["show", "wiki"])["scopes_wanted"], json!([]));
}
