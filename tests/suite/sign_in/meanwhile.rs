//! What happens while a sign-in is under way: its connector is edited, it is ended, the
//! board ends.

use std::time::{Duration, Instant};

use callboard::config::Home;
use callboard::link::Client;
use callboard::protocol::EventKind;
use serde_json::{Value, json};

use super::face::{Face, consented, shell};
use crate::support::authority::{Authority, Behaviour};
use crate::support::shell::{Run, Shell};

/// Begins a sign-in that waits in the board.
fn waiting(shell: &Shell, authority: &Authority) -> Value {
    let face = Face::adding_with(shell, "wiki", authority, &["--no-wait"]);
    let consent = face.consent();
    let _ = face.ended(3);
    consent
}

fn until(so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited in vain");
        std::thread::yield_now();
    }
}

/// The same up to the answer of the token endpoint, which does not leave.
async fn exchanging(shell: &Shell, authority: &Authority) {
    let consent = waiting(shell, authority);
    authority.hold_tokens(true);
    consented(&consent).await;
    until(|| authority.count("/token") == 1);
}

#[tokio::test]
async fn an_edit_of_how_it_signs_in_ends_a_consent_to_what_was_before() {
    for words in [&["--scope", "read"][..], &["--auth", "none"]] {
        let authority = Authority::start(Behaviour::good());
        let shell = shell("file");
        let _ = waiting(&shell, &authority);
        // It does not connect without a sign-in, whatever the edit says.
        let _ = shell.run(&[&["edit", "wiki"], words].concat());
        let shown = shell.json(&["show", "wiki"]);
        assert_eq!(shown["signing_in"], json!(false), "{words:?}");
    }
}

#[tokio::test]
async fn an_edit_of_something_else_leaves_a_consent_alone() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let _ = waiting(&shell, &authority);
    let _ = shell
        .run(&["edit", "wiki", "--description", "mine"])
        .succeeded();
    assert_eq!(shell.json(&["show", "wiki"])["signing_in"], json!(true));
}

#[tokio::test]
async fn tokens_that_arrive_for_a_sign_in_that_was_ended_are_taken_back() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    exchanging(&shell, &authority).await;
    let _ = shell.run(&["login", "wiki", "--cancel"]).succeeded();
    assert_eq!(shell.json(&["show", "wiki"])["signing_in"], json!(false));
    authority.hold_tokens(false);
    until(|| authority.count("/revoke") == 2);
    assert_eq!(shell.json(&["show", "wiki"])["sign_in"], json!(null));
}

#[tokio::test]
async fn a_board_that_ends_while_tokens_are_on_their_way_keeps_them() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    exchanging(&shell, &authority).await;
    let home = Home::under(&shell.home().join("board"));
    let client = Client::attach(&home).await.unwrap();
    let mut events = client.events(None).await.unwrap();
    let stopping = shell.start(&["stop"]);
    while !matches!(events.next().await.unwrap().kind, EventKind::Stopping) {}
    authority.hold_tokens(false);
    let _ = Run::of(stopping).succeeded();
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    assert_eq!(authority.count("/authorize"), 1);
}
