//! A vault that is locked, and one that takes nothing: nothing is used before it is
//! kept, nobody is signed out, and nobody has to consent twice.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use super::face::{Face, consented, shell};
use crate::support::authority::{Authority, Behaviour};
use crate::support::shell::{Run, Shell};

pub async fn signed_in(authority: &Authority) -> Shell {
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", authority);
    consented(&face.consent()).await;
    assert_eq!(face.ended(0)["status"], "connected");
    shell
}

pub fn until(so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited in vain");
        std::thread::yield_now();
    }
}

/// A vault that cannot be written, by whomever: where its lock was, a folder is.
pub struct Full(std::path::PathBuf);

impl Full {
    pub fn of(shell: &Shell) -> Self {
        let lock = shell.home().join("board/secrets/vault.lock");
        fs::rename(&lock, lock.with_extension("aside")).unwrap();
        fs::create_dir(&lock).unwrap();
        Self(lock)
    }

    pub fn mend(self) {
        fs::remove_dir(&self.0).unwrap();
        fs::rename(self.0.with_extension("aside"), &self.0).unwrap();
    }
}

fn call(shell: &Shell) -> Run {
    shell.run(&["call", "wiki", "echo", "--yes"])
}

#[tokio::test]
async fn a_locked_vault_names_what_opens_it_and_keeps_the_sign_in() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    let _ = shell.run(&["lock"]).succeeded();
    authority.end_access();
    for words in [
        &["call", "wiki", "echo", "--yes"][..],
        &["refresh", "wiki"],
        &["login", "wiki"],
        &["logout", "wiki"],
    ] {
        let run = shell.run(words).ended_with(6);
        assert!(run.stderr.contains("locked"), "{}", run.stderr);
        assert!(run.stderr.contains("callboard unlock"), "{}", run.stderr);
        let run = shell.run(&[words, &["--json"]].concat()).ended_with(6);
        assert_eq!(run.last_json()["error"]["kind"], "config");
    }
    assert_eq!(shell.json(&["show", "wiki"])["status"], "locked");
    assert_eq!((authority.refreshes(), authority.count("/revoke")), (0, 0));
    let _ = shell.run(&["unlock"]).succeeded();
    let _ = call(&shell).succeeded();
    assert_eq!(authority.refreshes(), 1);
    assert_eq!(authority.count("/authorize"), 1, "nobody is asked again");
}

#[tokio::test]
async fn a_vault_that_is_locked_while_a_token_is_renewed_loses_nothing() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_access();
    authority.hold_tokens(true);
    let calling = shell.start(&["call", "wiki", "echo", "--yes"]);
    until(|| authority.refreshes() == 1);
    let _ = shell.run(&["lock"]).succeeded();
    // Whoever waited for the token is told at once; the server refused the old one.
    let run = Run::of(calling).ended_with(6);
    assert!(run.stderr.contains("was not sent"), "{}", run.stderr);
    assert!(run.stderr.contains("locked"), "{}", run.stderr);
    assert!(run.stderr.contains("callboard unlock"), "{}", run.stderr);
    assert!(!run.stderr.contains("may have run"), "{}", run.stderr);
    authority.hold_tokens(false);
    let _ = call(&shell).ended_with(6);
    let _ = shell.run(&["unlock"]).succeeded();
    let _ = call(&shell).succeeded();
    assert_eq!(authority.refreshes(), 1, "the answer was kept");
    let log = shell.run(&["log", "--json"]).succeeded().stdout;
    assert!(log.contains("\"outcome\":\"not-sent\""), "{log}");
    assert!(!log.contains("\"outcome\":\"unknown\""), "{log}");
    assert_eq!(authority.count("/authorize"), 1);
}

#[tokio::test]
async fn a_vault_that_is_locked_while_a_person_consents_is_waited_for() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    let consent = face.consent();
    let _ = shell.run(&["lock"]).succeeded();
    consented(&consent).await;
    let refused = face.line("refused");
    let said = refused["fault"]["message"].as_str().unwrap();
    assert!(said.contains("you are signed in"), "{said}");
    assert!(said.contains("locked"), "{said}");
    assert!(
        refused["fault"]["hints"][0]
            .as_str()
            .unwrap()
            .contains("callboard unlock")
    );
    let _ = shell.run(&["unlock"]).succeeded();
    assert_eq!(face.ended(0)["status"], "connected");
    assert_eq!(authority.count("/authorize"), 1);
}

#[tokio::test]
async fn tokens_that_cannot_be_kept_are_not_used_and_nobody_is_signed_out() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    // Nothing is asked for that could not be kept.
    let full = Full::of(&shell);
    authority.end_access();
    let run = call(&shell).ended_with(6);
    assert!(run.stderr.contains("vault"), "{}", run.stderr);
    assert_eq!(authority.refreshes(), 0);
    full.mend();
    // It breaks while the server answers.
    authority.hold_tokens(true);
    let calling = shell.start(&["call", "wiki", "echo", "--yes"]);
    until(|| authority.refreshes() == 1);
    let full = Full::of(&shell);
    authority.hold_tokens(false);
    let _ = Run::of(calling).ended_with(6);
    let _ = call(&shell).ended_with(6);
    let news = authority.secrets();
    let new = news.iter().rfind(|(what, _)| *what == "access token");
    let new = &new.unwrap().1;
    let used = |seen: &crate::support::authority::Seen| seen.mentions(new);
    assert!(!authority.at("/mcp").iter().any(used), "not kept, and used");
    let shown = shell.json(&["show", "wiki"]);
    assert_ne!(shown["sign_in"], json!(null), "{shown}");
    assert_ne!(shown["status"], "sign-in", "{shown}");
    full.mend();
    let _ = call(&shell).succeeded();
    assert!(authority.at("/mcp").iter().any(used));
    assert_eq!(authority.refreshes(), 1);
    assert_eq!(authority.count("/authorize"), 1);
}

#[tokio::test]
async fn a_second_refusal_presents_no_refresh_token_that_was_used_already() {
    let authority = Authority::start(Behaviour::good());
    let shell = signed_in(&authority).await;
    authority.end_access();
    authority.let_calls_out(0);
    let calling: Vec<_> = (1..=2)
        .map(|nth| {
            let child = shell.start(&["call", "wiki", "echo", "--yes"]);
            until(|| authority.calls() == nth);
            child
        })
        .collect();
    let [first, second] = <[_; 2]>::try_from(calling).unwrap();
    // The first is refused, and what is refreshed for it cannot be kept.
    authority.hold_tokens(true);
    authority.let_another_call_out();
    until(|| authority.refreshes() == 1);
    let full = Full::of(&shell);
    authority.hold_tokens(false);
    let _ = Run::of(first).ended_with(6);
    // The second is refused once it can.
    full.mend();
    authority.let_another_call_out();
    authority.let_calls_out(99);
    let _ = Run::of(second).succeeded();
    assert_eq!(authority.refreshes(), 1);
}

#[tokio::test]
async fn a_first_sign_in_that_cannot_be_kept_is_kept_once_it_can_be() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    let consent = face.consent();
    let full = Full::of(&shell);
    consented(&consent).await;
    let _ = face.line("refused");
    full.mend();
    assert_eq!(face.ended(0)["status"], "connected");
}

#[tokio::test]
async fn what_could_not_be_kept_is_taken_back() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    let consent = face.consent();
    let full = Full::of(&shell);
    consented(&consent).await;
    let _ = face.line("refused");
    let _ = shell.run(&["login", "wiki", "--cancel"]).succeeded();
    let _ = face.ended(4);
    until(|| authority.count("/revoke") == 2);
    full.mend();
    assert_eq!(shell.json(&["show", "wiki"])["sign_in"], json!(null));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    const LIFE: u64 = 12;
    let authority = Authority::start(Behaviour::good().first_life(LIFE));
    let shell = signed_in(&authority).await;
    let before = shell.json(&["show", "wiki"])["sign_in"]["expires_at"].clone();
    // Three quarters of its life: what is waited for is time itself.
    std::thread::sleep(Duration::from_millis(LIFE * 750 + 100));
    let _ = call(&shell).succeeded();
    let _ = call(&shell).succeeded();
    assert_eq!(authority.refreshes(), 1);
    let shown = shell.json(&["show", "wiki"])["sign_in"].clone();
    let at = |value: &serde_json::Value| value.as_str().unwrap().parse::<jiff::Timestamp>();
    let (renewed, end) = (at(&shown["refreshed_at"]).unwrap(), at(&before).unwrap());
    assert!(renewed < end, "{renewed} is not before {end}");
    let secrets = authority.secrets();
    let mut tokens = secrets.iter().filter(|(what, _)| *what == "access token");
    let new = &tokens.nth(1).unwrap().1;
    let calls = authority.at("/mcp");
    let calls: Vec<_> = calls
        .iter()
        .filter(|seen| seen.mentions("tools/call"))
        .collect();
    assert_eq!(calls.len(), 2, "none was refused and sent again");
    assert!(calls.iter().all(|seen| seen.mentions(new)));
}
