//! Connectors do not wait for each other.

use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::board::{Board, wanted};
use crate::support::fake::{Behaviour, FakeServer, Misbehaviour, Phase};

/// As many as the largest board anybody spoke of.
const MANY: usize = 50;

/// Each server holds its list of functions back until all of them were asked for it:
/// a board that connects one after the other would wait for ever.
#[tokio::test]
async fn fifty_connect_side_by_side() {
    let board = Arc::new(Board::start().await);
    let servers: Vec<_> = (0..MANY)
        .map(|_| {
            FakeServer::start(Behaviour::misbehaving(Misbehaviour::NeverAnswers).at(Phase::List))
        })
        .collect();
    let mut adding = JoinSet::new();
    for (number, server) in servers.iter().enumerate() {
        let board = Arc::clone(&board);
        let mut add = wanted(&format!("s{number}"), &server.url);
        add.options.timeout_seconds = Some(600);
        adding.spawn(async move { board.send_open(&add).await });
    }
    for server in &servers {
        server
            .wait_for(|record| record.count("tools/list") == 1)
            .await;
    }
    // All of them wait for an answer now, none was given.
    assert!(adding.try_join_next().is_none());
    drop(servers);
    while let Some(added) = adding.join_next().await {
        assert!(added.unwrap().is_err());
    }
}

#[tokio::test]
async fn servers_that_never_answer_delay_nobody() {
    let board = Arc::new(Board::start().await);
    let good = FakeServer::start(Behaviour::modern());
    board.add_open("before", &good.url).await.unwrap();
    let silent: Vec<_> = [
        Misbehaviour::NeverAnswers,
        Misbehaviour::SlowHeaders,
        Misbehaviour::EndlessEvents,
        Misbehaviour::EndlessComments,
        Misbehaviour::Dribble,
    ]
    .into_iter()
    .map(|misbehaviour| FakeServer::start(Behaviour::misbehaving(misbehaviour)))
    .collect();
    let mut hanging = JoinSet::new();
    for (number, server) in silent.iter().enumerate() {
        let board = Arc::clone(&board);
        let mut add = wanted(&format!("silent{number}"), &server.url);
        add.options.timeout_seconds = Some(600);
        hanging.spawn(async move { board.send_open(&add).await });
    }
    for server in &silent {
        server.wait_for(|record| !record.requests.is_empty()).await;
    }
    board.add("after", &good.url).await.unwrap();
    for name in ["before", "after"] {
        let answer = board.call(name, "echo", json!({ "text": "on" })).await;
        assert_eq!(super::text(&answer.unwrap().result), "on");
        board.refresh(name).await.unwrap();
    }
    assert_eq!(board.status().await.connectors.connected, 2);
    assert!(hanging.try_join_next().is_none(), "they still hang");
}

#[tokio::test]
async fn a_call_that_hangs_delays_no_other_call_to_the_same_server() {
    let board = Board::start().await;
    let server = FakeServer::start(Behaviour::modern());
    board.add_open("wiki", &server.url).await.unwrap();
    let slow = board.call("wiki", "slow", json!({}));
    tokio::pin!(slow);
    let others = async {
        server.wait_for(|record| record.waiting == 1).await;
        let answer = board.call("wiki", "echo", json!({ "text": "on" })).await;
        assert_eq!(super::text(&answer.unwrap().result), "on");
    };
    tokio::select! {
        answer = &mut slow => panic!("{answer:?}"),
        () = others => {}
    }
    server.release();
    assert_eq!(super::text(&slow.await.unwrap().result), "done");
}
