//! The board against every misbehaving server: a named fault or no harm, bounded
//! memory, and a board that goes on.

mod expected;
mod memory;
mod neighbours;
mod offers;
mod program;
mod reconnecting;
mod redirects;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use callboard::domain::{Fault, Status};
use callboard::protocol::Add;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::board::{Board, wanted};
use crate::support::fake::{Behaviour, FakeServer, Function, Misbehaviour, authority_pem};
use expected::{Expected, expected};

/// How long a server may take that only has much to say, in seconds: enough on a
/// busy machine.
const LONG: u32 = 60;

/// An addition of this server, patient where only a patient one sees what is wrong.
fn addition(name: &str, server: &FakeServer, misbehaviour: Misbehaviour) -> Add {
    let mut add = wanted(name, &server.url);
    if !misbehaviour_is_slow(misbehaviour) {
        add.options.timeout_seconds = Some(LONG);
    }
    // So that a wrong certificate is wrong for its own reason alone.
    add.options.ca_pem = Some(authority_pem().to_owned());
    add
}

fn misbehaviour_is_slow(misbehaviour: Misbehaviour) -> bool {
    matches!(
        misbehaviour,
        Misbehaviour::SlowHeaders
            | Misbehaviour::Dribble
            | Misbehaviour::NeverAnswers
            | Misbehaviour::EndlessEvents
            | Misbehaviour::EndlessComments
    )
}

/// A fault as the table has it: the right kind, a phrase that names what is wrong,
/// and nothing that could drive a terminal.
fn assert_named(what: &str, fault: &Fault, row: Expected) {
    let said = format!("{what}: {:?}: {}", fault.kind, fault.message);
    assert_eq!(fault.kind, row.kind, "{said}");
    assert!(fault.message.contains(row.phrase), "{said}");
    assert!(!fault.message.contains(char::is_control), "{said}");
    assert!(!fault.message.ends_with('.'), "{said}");
}

/// Adds a misbehaving server in one of the two ways and calls it where it lets.
async fn meet(board: &Board, misbehaviour: Misbehaviour, looked_at: bool) {
    let what = format!("{misbehaviour:?}, looked at: {looked_at}");
    let name = format!("m{}{}", misbehaviour as usize, u8::from(looked_at));
    let server = FakeServer::start(Behaviour::misbehaving(misbehaviour));
    let add = addition(&name, &server, misbehaviour);
    let added = if looked_at {
        board.send_add(&add).await
    } else {
        board.send_open(&add).await
    };
    let rows = expected(misbehaviour);
    match (added, rows.adding(looked_at)) {
        (Err(fault), Some(row)) => assert_named(&what, &fault, row),
        (Err(fault), None) => panic!("{what}: {fault:?}"),
        (Ok(view), Some(_)) => panic!("{what}: {:?}", view.status),
        (Ok(view), None) => {
            assert_eq!(view.status, Status::Connected, "{what}");
            // Twice: what was wrong once does not spoil the session.
            for _ in 0..2 {
                let called = board.call(&name, "echo", json!({ "text": "x" })).await;
                match (called, rows.calling) {
                    (Err(fault), Some(row)) => assert_named(&what, &fault, row),
                    (Ok(answer), None) => assert_eq!(text(&answer.result), "x", "{what}"),
                    (Ok(answer), Some(_)) => panic!("{what}: {}", answer.result),
                    (Err(fault), None) => panic!("{what}: {fault:?}"),
                }
            }
        }
    }
    assert!(board.status().await.connectors.total > 0, "{what}");
    if misbehaviour.leads_elsewhere() {
        assert_eq!(server.elsewhere().requests().len(), 0, "{what}");
        assert_eq!(server.elsewhere().record().connections, 0, "{what}");
    }
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn each_ends_in_a_fault_that_names_it_and_the_board_goes_on() {
    let board = Arc::new(Board::start().await);
    let good = FakeServer::start(Behaviour::modern());
    board.add_open("good", &good.url).await.unwrap();
    let mut cases = JoinSet::new();
    for &misbehaviour in Misbehaviour::ALL {
        for looked_at in [true, false] {
            let board = Arc::clone(&board);
            cases.spawn(async move { meet(&board, misbehaviour, looked_at).await });
        }
    }
    let over = Arc::new(AtomicBool::new(false));
    let neighbour = tokio::spawn({
        let (board, over) = (Arc::clone(&board), Arc::clone(&over));
        async move {
            let mut calls = 0;
            while !over.load(Ordering::Relaxed) {
                let answer = board.call("good", "echo", json!({ "text": "on" })).await;
                assert_eq!(text(&answer.unwrap().result), "on");
                calls += 1;
            }
            calls
        }
    });
    let mut wrong = Vec::new();
    while let Some(case) = cases.join_next().await {
        wrong.extend(case.err());
    }
    over.store(true, Ordering::Relaxed);
    assert!(neighbour.await.unwrap() > 0);
    assert!(wrong.is_empty(), "{} of them: {wrong:#?}", wrong.len());
    let good = board.show("good").await;
    assert_eq!(good.status, Status::Connected);
    let last = board.call("good", "echo", json!({ "text": "on" })).await;
    assert_eq!(text(&last.unwrap().result), "on");
}

#[test]
fn no_phrase_serves_for_everything() {
    assert!(Misbehaviour::ALL.len() >= 30);
    for &misbehaviour in Misbehaviour::ALL {
        let rows = expected(misbehaviour);
        let named = rows.adding(true).is_some() || rows.calling.is_some();
        if misbehaviour.is_harmless() {
            assert!(!named, "{misbehaviour:?}");
        }
    }
    let mut phrases: Vec<_> = Misbehaviour::ALL
        .iter()
        .filter_map(|one| expected(*one).adding(true).or(expected(*one).calling))
        .map(|row| row.phrase)
        .collect();
    let all = phrases.len();
    phrases.sort_unstable();
    phrases.dedup();
    assert!(phrases.len() >= 30, "{} of {all} differ", phrases.len());
}

#[tokio::test]
async fn a_result_after_its_cancellation_reaches_nobody_and_spoils_nothing() {
    let board = Board::start().await;
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::ResultAfterCancel));
    board.add_open("late", &server.url).await.unwrap();
    tokio::select! {
        answer = board.call("late", "slow", json!({})) => panic!("{answer:?}"),
        () = server.wait_for(|record| record.waiting > 0) => {}
    }
    server.wait_for(|record| !record.cancelled.is_empty()).await;
    let answer = board.call("late", "echo", json!({ "text": "x" })).await;
    assert_eq!(text(&answer.unwrap().result), "x");
}

#[tokio::test]
async fn what_is_wrong_with_one_function_hides_no_other() {
    let board = Board::start().await;
    for (misbehaviour, listed) in [
        (Misbehaviour::NamelessFunction, 6),
        (Misbehaviour::SchemalessFunction, 6),
        (Misbehaviour::SameNameTwice, 6),
        (Misbehaviour::EscapesInName, 7),
        (Misbehaviour::MegabyteDescription, 7),
        (Misbehaviour::NetworkReference, 7),
    ] {
        let name = format!("m{}", misbehaviour as usize);
        let server = FakeServer::start(Behaviour::misbehaving(misbehaviour));
        board.add_open(&name, &server.url).await.unwrap();
        let functions = board.functions(&name).await;
        assert_eq!(functions.len(), listed, "{misbehaviour:?}");
        let echo = functions.iter().find(|one| one.name.raw() == "echo");
        let description = echo.unwrap().description.raw();
        assert_eq!(description, Function::usual()[0].definition["description"]);
    }
}
