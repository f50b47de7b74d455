//! What dies is made anew, what changes is noticed, and neither is hurried.

use std::time::Duration;

use callboard::domain::{FunctionState, Permission, Status};
use callboard::protocol::{Permit, Selection};
use serde_json::json;

use crate::support::board::Board;
use crate::support::fake::{Behaviour, Era, FakeServer, Function, Misbehaviour};

#[tokio::test]
async fn a_session_that_the_server_forgot_is_made_anew_by_the_next_call() {
    let board = Board::start().await;
    for (number, version) in Era::LEGACY.into_iter().skip(1).enumerate() {
        let name = format!("s{number}");
        let server = FakeServer::start(Behaviour::legacy(version));
        board.add_open(&name, &server.url).await.unwrap();
        server.kill_sessions();
        let answer = board.call(&name, "echo", json!({ "text": "on" })).await;
        assert_eq!(super::text(&answer.unwrap().result), "on", "{version}");
        assert_eq!(board.show(&name).await.status, Status::Connected);
        // The first was lost before it was looked at; nothing ran twice.
        let ran = server
            .requests()
            .iter()
            .filter(|r| r.function().is_some())
            .count();
        assert!(ran <= 2, "{version}: sent {ran} times");
    }
}

#[tokio::test]
async fn a_server_that_comes_back_is_connected_again_by_itself() {
    let board = Board::start().await;
    for (number, behaviour) in [
        Behaviour::modern(),
        Behaviour::legacy("2025-11-25"),
        Behaviour::sse(),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("s{number}");
        let mut server = FakeServer::start(behaviour);
        board.add(&name, &server.url).await.unwrap();
        server.stop();
        // Somebody calls, and so it shows.
        let gone = board.call(&name, "echo", json!({ "text": "on" })).await;
        assert!(gone.is_err());
        server.restart();
        board
            .wait_until(&name, |view| view.status == Status::Connected)
            .await;
        let answer = board.call(&name, "echo", json!({ "text": "on" })).await;
        assert_eq!(super::text(&answer.unwrap().result), "on", "{name}");
    }
}

/// A server that forgets every session after one request would otherwise be asked
/// for its list again and again, each time because the list could not be read.
#[tokio::test]
async fn a_server_that_forgets_each_session_is_not_stormed() {
    let board = Board::start().await;
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::SessionDies));
    board.add_open("dies", &server.url).await.unwrap();
    for _ in 0..3 {
        let answer = board.call("dies", "echo", json!({ "text": "on" })).await;
        assert_eq!(super::text(&answer.unwrap().result), "on");
    }
    // Nothing to wait for: what is looked for is that nothing comes.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let requests = server.requests().len();
    assert!(requests < 60, "{requests} requests");
    assert_eq!(board.show("dies").await.status, Status::Connected);
}

#[tokio::test]
async fn a_changed_list_shows_by_itself_and_keeps_permissions() {
    let board = Board::start().await;
    for (number, behaviour) in [
        Behaviour::modern(),
        Behaviour::legacy("2025-11-25"),
        Behaviour::sse(),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("s{number}");
        let server = FakeServer::start(behaviour);
        board.add(&name, &server.url).await.unwrap();
        permit(&board, &name, "echo", Permission::Always).await;
        permit(&board, &name, "add", Permission::Block).await;
        permit(&board, &name, "fail", Permission::Block).await;
        server.wait_for(|record| record.listeners > 0).await;
        let mut functions = Function::usual();
        functions[0] = Function::new("echo", "Answers otherwise now");
        functions[3] = Function::new("fail", "Fails otherwise now");
        functions.push(Function::new("fresh", "Was not there"));
        server.set_functions(functions);
        board
            .wait_until(&name, |view| view.functions.total == 7)
            .await;
        for (function, permission, state) in [
            ("echo", Permission::Always, FunctionState::Changed),
            ("add", Permission::Block, FunctionState::Accepted),
            ("fail", Permission::Block, FunctionState::Changed),
            ("fresh", Permission::Ask, FunctionState::New),
        ] {
            let listed = board.functions(&name).await;
            let one = listed
                .iter()
                .find(|one| one.name.raw() == function)
                .unwrap();
            assert_eq!(
                (one.permission, one.state),
                (permission, state),
                "{name} {function}"
            );
        }
        let view = board.show(&name).await;
        assert_eq!(
            (view.status, view.functions.changed),
            // What is on block waits for nobody.
            (Status::Changed, 2),
            "{name}"
        );
    }
}

async fn permit(board: &Board, name: &str, function: &str, permission: Permission) {
    let permit = Permit {
        name: name.to_owned(),
        functions: Selection::Named(vec![function.to_owned()]),
        permission,
        seen_digest: None,
    };
    board.client.send(&permit).await.unwrap();
}
