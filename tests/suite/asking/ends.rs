//! How questions end that nobody answers.

use callboard::domain::QuestionEnd;
use callboard::protocol::{Disable, EventKind, Questions, Stop};
use serde_json::json;
use tokio::time::timeout;

use super::{asking, closed, everyone, journal_says, next, opened, start};
use crate::support::fake::Behaviour;
use crate::support::rude_face::PATIENCE;

#[tokio::test]
async fn a_call_that_is_taken_back_takes_its_question_along() {
    for behaviour in everyone() {
        let (server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "form").await;
        let question = opened(&mut events).await;
        // The face that called is gone.
        running.abort();
        assert_eq!(closed(&mut events, &question).await, QuestionEnd::Withdrawn);
        assert_eq!(client.send(&Questions {}).await.unwrap(), []);
        journal_says(client, &["form withdrawn"]).await;
        drop(server);
    }
}

#[tokio::test]
async fn what_the_server_takes_back_waits_no_longer() {
    for behaviour in [Behaviour::legacy("2025-06-18"), Behaviour::sse()] {
        let (server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "withdraws").await;
        let question = opened(&mut events).await;
        server.release();
        assert_eq!(closed(&mut events, &question).await, QuestionEnd::Withdrawn);
        let answer = timeout(PATIENCE, running).await.unwrap().unwrap().unwrap();
        assert_eq!(answer.result["structuredContent"]["answers"], json!([]));
    }
}

#[tokio::test]
async fn what_is_asked_outside_of_any_call_is_declined_and_written_down_once() {
    for behaviour in [Behaviour::legacy("2025-11-25"), Behaviour::sse()] {
        let (server, board) = asking(behaviour).await;
        server.wait_for(|record| record.listeners > 0).await;
        server.ask_outside();
        server.ask_outside();
        server.wait_for(|record| record.answers.len() == 2).await;
        assert_eq!(
            server.record().answers,
            vec![json!({ "action": "decline" }); 2]
        );
        let client = &board.client;
        let line = "question declined: asked outside of any call";
        journal_says(client, &[line]).await;
        assert_eq!(client.send(&Questions {}).await.unwrap(), []);
    }
}

#[tokio::test]
async fn the_end_of_the_board_is_a_no() {
    let (server, board) = asking(Behaviour::legacy("2025-11-25")).await;
    let client = &board.client;
    let mut events = client.events(None).await.unwrap();
    let running = start(client, "form").await;
    let question = opened(&mut events).await;
    client.send(&Stop {}).await.unwrap();
    assert_eq!(closed(&mut events, &question).await, QuestionEnd::Withdrawn);
    while !matches!(next(&mut events).await, EventKind::Stopping) {}
    assert!(running.await.unwrap().is_err());
    assert_eq!(server.record().count("tools/call"), 1);
    let mut events = board.client.events(None).await;
    while let Ok(stream) = &mut events {
        if stream.next().await.is_none() {
            break;
        }
    }
    let shell = &board.shell;
    let _ = shell.run(&["status"]);
    let log = shell.run(&["log", "--json"]).succeeded().stdout;
    assert!(log.contains("form withdrawn"), "{log}");
}

#[tokio::test]
async fn a_connector_that_is_switched_off_ends_its_questions() {
    for behaviour in everyone() {
        let (_server, board) = asking(behaviour).await;
        let client = &board.client;
        let mut events = client.events(None).await.unwrap();
        let running = start(client, "form").await;
        let question = opened(&mut events).await;
        let name = "air".to_owned();
        client.send(&Disable { name }).await.unwrap();
        assert_eq!(closed(&mut events, &question).await, QuestionEnd::Withdrawn);
        assert!(timeout(PATIENCE, running).await.unwrap().unwrap().is_err());
    }
}
