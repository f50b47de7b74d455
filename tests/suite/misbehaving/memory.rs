//! A board stays small whatever it is sent.

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use super::addition;
use crate::support::board::Board;
use crate::support::fake::{Behaviour, FakeServer, Misbehaviour};

/// How much a board may grow for one server, in MiB: three of the largest answers.
const GROWTH: u64 = 48;

#[tokio::test]
async fn no_server_makes_a_board_grow_without_end() {
    let mut cases = JoinSet::new();
    for misbehaviour in [
        Misbehaviour::HugeAnswer,
        Misbehaviour::EndlessJson,
        Misbehaviour::EndlessEvents,
        Misbehaviour::GzipBomb,
        Misbehaviour::ManyFunctions,
        Misbehaviour::EndlessPages,
        Misbehaviour::MegabyteDescription,
        Misbehaviour::DeepSchema,
        Misbehaviour::DeepJson,
        Misbehaviour::NotificationFlood,
        Misbehaviour::ListChangedFlood,
    ] {
        cases.spawn(async move {
            let grown = growth(misbehaviour).await;
            eprintln!("{misbehaviour:?}: {grown} MiB");
            (misbehaviour, grown)
        });
    }
    let mut large = Vec::new();
    while let Some(case) = cases.join_next().await {
        large.extend(Some(case.unwrap()).filter(|(_, grown)| *grown > GROWTH));
    }
    assert!(large.is_empty(), "grew by so many MiB: {large:?}");
}

/// By how many MiB a board of its own grows at the most.
async fn growth(misbehaviour: Misbehaviour) -> u64 {
    let board = Board::start().await;
    let before = board.peak();
    let server = FakeServer::start(Behaviour::misbehaving(misbehaviour));
    let add = addition("large", &server, misbehaviour);
    let _ = board.send_add(&add).await;
    let _ = board
        .send_open(&addition("again", &server, misbehaviour))
        .await;
    for name in ["large", "again"] {
        let _ = board.call(name, "echo", json!({ "text": "x" })).await;
    }
    board.peak().saturating_sub(before)
}

#[tokio::test]
async fn many_large_answers_at_once_are_not_kept() {
    let board = Arc::new(Board::start().await);
    let server = FakeServer::start(Behaviour::modern());
    board.add_open("big", &server.url).await.unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..3 {
        let board = Arc::clone(&board);
        calls.spawn(async move {
            let answer = board.call("big", "big", json!({ "bytes": 1 << 20 })).await;
            assert!(answer.unwrap().bytes > 1 << 20);
        });
    }
    let before = board.resident();
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    assert!(board.resident() < before + GROWTH);
}
