//! A consent waits in the board: for any face, and for none.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use callboard::domain::{AuthMethod, SignInOptions};
use callboard::protocol::{Add, AuthWanted, ConsentEnd, EventKind};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::face::{Face, approved, consented, shell};
use crate::support::authority::{Authority, Behaviour, Returns};
use crate::support::board::{Board, wanted};
use crate::support::shell::Run;

#[tokio::test]
async fn it_is_finished_from_another_process_by_what_was_pasted() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding_with(&shell, "wiki", &authority, &["--no-wait"]);
    let address = approved(&face.consent()).await;
    let _ = face.ended(3);
    let wrong = shell.run_with(&["login", "wiki", "--paste", "-"], "nonsense ?x\n");
    assert_ne!(wrong.code, 0, "{}", wrong.everything());
    assert_eq!(shell.json(&["show", "wiki"])["signing_in"], json!(true));
    let right = shell.run_with(&["login", "wiki", "--paste", "-"], &format!("{address}\n"));
    let right = right.succeeded();
    assert!(right.stdout.contains("connected"), "{}", right.stdout);
    let none = shell.run(&["login", "wiki", "--paste", "x"]).ended_with(5);
    assert!(none.stderr.contains("no sign-in of wiki waits"));
    assert!(shell.holds("s3cret").is_empty());
}

#[tokio::test]
async fn one_line_is_enough_of_a_stdin_that_stays_open() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding_with(&shell, "wiki", &authority, &["--no-wait"]);
    let address = approved(&face.consent()).await;
    let _ = face.ended(3);
    let mut pasting = shell
        .command(&["login", "wiki", "--paste", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = pasting.stdin.take().unwrap();
    stdin.write_all(format!("{address}\n").as_bytes()).unwrap();
    let _ = Run::of(pasting).succeeded();
    drop(stdin);
}

#[tokio::test]
async fn a_command_that_is_interrupted_says_that_the_sign_in_goes_on() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let words = ["add", "wiki", &authority.url, "--trust", "--auth", "oauth"];
    let mut adding = shell.start(&words);
    let mut stderr = BufReader::new(adding.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("  until ") {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{said}");
    }
    let pid = i32::try_from(adding.id()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert!(!adding.wait().unwrap().success());
    assert!(said.contains("the sign-in waits on in the board"), "{said}");
    let _ = shell.run(&["login", "wiki", "--cancel"]).succeeded();
}

#[tokio::test]
async fn a_face_that_dies_ends_nothing() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    let consent = face.consent();
    face.kill();
    let watching = Face::running(
        &shell,
        &["login", "wiki", "--paste", &approved(&consent).await],
    );
    assert_eq!(watching.ended(0)["status"], "connected");
}

#[tokio::test]
async fn a_device_code_needs_no_browser_here() {
    let authority = Authority::start(Behaviour::good().device(&["authorization_pending"]));
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    assert_eq!(face.consent()["device"]["code"], "WDJB-MJHT");
    assert_eq!(face.ended(0)["status"], "connected");
    let again = Face::running(&shell, &["login", "wiki", "--device"]);
    assert_eq!(again.ended(0)["status"], "connected");
}

#[tokio::test]
async fn a_device_code_that_nobody_offers_is_said_so() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding_with(&shell, "wiki", &authority, &["--no-wait"]);
    let _ = face.consent();
    let _ = face.ended(3);
    let run = shell.run(&["login", "wiki", "--device"]).ended_with(2);
    assert!(
        run.stderr.contains("offers no device code"),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn a_new_sign_in_replaces_the_old_one_only_when_it_succeeded() {
    let authority = Authority::start(Behaviour::good());
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    consented(&face.consent()).await;
    let before = face.ended(0);
    let again = Face::running(&shell, &["login", "wiki"]);
    let _ = again.consent();
    let _ = shell.run(&["login", "wiki", "--cancel"]).succeeded();
    let _ = again.ended(4);
    let after = shell.json(&["show", "wiki"]);
    assert_eq!(after["sign_in"], before["sign_in"]);
    let _ = shell.run(&["call", "wiki", "echo", "--yes"]).succeeded();
}

#[tokio::test]
async fn one_that_failed_shows_each_step_with_its_cure() {
    let authority = Authority::start(Behaviour::good().returns(Returns::Denied));
    let shell = shell("file");
    let face = Face::adding(&shell, "wiki", &authority);
    let page = crate::support::authority::browse(&approved(&face.consent()).await).await;
    assert!(!page.text.is_empty());
    let end = face.ended(4);
    assert_eq!(end["error"]["kind"], "denied");
    let shown = shell.run(&["show", "wiki"]).succeeded().stdout;
    assert!(shown.contains("the sign-in failed"), "{shown}");
    assert!(shown.contains("$ curl"), "{shown}");
    assert!(shown.contains("cause:"), "{shown}");
}

#[tokio::test]
async fn a_consent_that_nobody_answers_ends_where_it_can_be_seen() {
    let authority = Authority::start(Behaviour::good());
    let board = Board::start().await;
    let mut events = board.client.events(None).await.unwrap();
    let add = Add {
        auth: AuthWanted::Given(AuthMethod::Oauth),
        sign_in: SignInOptions {
            consent_seconds: Some(1),
            ..SignInOptions::default()
        },
        ..wanted("wiki", &authority.url)
    };
    let fault = board.send_add(&add).await.unwrap_err();
    assert_eq!(fault.kind.exit_code(), 3, "{fault:?}");
    assert!(
        fault
            .hints
            .iter()
            .any(|hint| hint.contains("callboard login wiki"))
    );
    let end = loop {
        if let EventKind::ConsentClosed { end, .. } = events.next().await.unwrap().kind {
            break end;
        }
    };
    assert_eq!(end, ConsentEnd::Expired);
    assert!(board.show("wiki").await.sign_in_report.is_some());
}
