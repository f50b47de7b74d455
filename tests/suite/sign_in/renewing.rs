//! Tokens are renewed once for everybody, and what cannot be renewed is said once.

use std::time::{Duration, Instant};

use serde_json::json;

use super::face::{Face, consented, shell};
use crate::support::authority::{Authority, Behaviour, Reply};
use crate::support::shell::{Run, Shell};

/// How many processes use one connector.
const PROCESSES: usize = 20;

async fn signed_in(authority: &Authority) -> Shell {
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", authority);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
    shell
}

fn calls(shell: &Shell) -> Vec<Run> {
    let started: Vec<_> = (0..PROCESSES)
        .map(|_| shell.start(&["call", "wiki", "echo", "--yes"]))
        .collect();
    started.into_iter().map(Run::of).collect()
}

#[tokio::test]
async fn twenty_processes_renew_an_expired_token_once() {
    let authority = Authority::start(Behaviour::good().first_life(2));
    let shell = signed_in(&authority).await;
    // The end of the token is what is waited for.
    std::thread::sleep(Duration::from_millis(2100));
    for run in calls(&shell) {
        let _ = run.succeeded();
    }
    assert_eq!(authority.refreshes(), 1);
    let shown = shell.json(&["show", "wiki"]);
    assert_ne!(shown["sign_in"]["refreshed_at"], json!(null));
    assert!(shell.holds("s3cret").is_empty());
}

#[tokio::test]
async fn twenty_processes_renew_a_refused_token_once() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_access();
    for run in calls(&shell) {
        let _ = run.succeeded();
    }
    assert_eq!(authority.refreshes(), 1);
}

#[tokio::test]
async fn a_refresh_token_that_ended_is_one_question_and_no_loop() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_sign_ins();
    for run in calls(&shell) {
        let run = run.ended_with(3);
        assert!(
            run.stderr.contains("callboard login wiki"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(authority.refreshes(), 1);
    assert_eq!(shell.json(&["show", "wiki"])["status"], "sign-in");
    let _ = shell.run(&["stop"]).succeeded();
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
    assert_eq!(authority.refreshes(), 1, "nor after a restart");
    let face = Face::running(&shell, &["login", "wiki"]);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
    assert_eq!(
        authority.count("/register"),
        1,
        "the registration is used again"
    );
}

#[tokio::test]
async fn a_server_that_accepts_no_token_gets_no_storm_of_refreshes() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_access();
    // Each asks twice at most.
    for _ in 0..2 * PROCESSES {
        authority.instead("/mcp", Reply::new(401, "never"));
    }
    for run in calls(&shell) {
        assert_ne!(run.code, 0);
    }
    assert!(authority.refreshes() <= 2, "{}", authority.refreshes());
}

#[tokio::test]
async fn a_board_killed_between_the_answer_and_the_disk_says_that_a_sign_in_is_needed() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_access();
    authority.hold_tokens(true);
    let calling = shell.start(&["call", "wiki", "echo", "--yes"]);
    let begun = Instant::now();
    while authority.refreshes() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    }
    // The server has given new tokens away; nobody has them.
    shell.kill_board();
    assert_ne!(Run::of(calling).code, 0);
    authority.hold_tokens(false);
    let run = shell.run(&["call", "wiki", "echo", "--yes"]).ended_with(3);
    assert!(
        run.stderr.contains("callboard login wiki"),
        "{}",
        run.stderr
    );
    assert_eq!(authority.refreshes(), 2);
    assert_eq!(shell.json(&["show", "wiki"])["status"], "sign-in");
}
