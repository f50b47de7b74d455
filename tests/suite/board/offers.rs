//! Resources and prompts behind the board.

use std::collections::BTreeMap;

use callboard::domain::{Fault, FaultKind, Resources};
use callboard::protocol::{
    Disable, EventKind, GetPrompt, Journal, ListPrompts, ListResources, ReadResource, Reading,
};
use serde_json::json;
use tokio::time::timeout;

use crate::support::board::Board;
use crate::support::fake::{Answers, Behaviour, FakeServer, Offers};
use crate::support::rude_face::PATIENCE;

/// A board that is connected to this server under the name *wiki*.
async fn connected(behaviour: Behaviour) -> (FakeServer, Board) {
    let server = FakeServer::start(behaviour);
    let board = Board::start().await;
    board.add("wiki", &server.url).await.unwrap();
    (server, board)
}

async fn list(board: &Board) -> Result<Resources, Fault> {
    let name = "wiki".to_owned();
    board.client.send(&ListResources { name }).await
}

async fn read(board: &Board, uri: &str) -> Result<Reading, Fault> {
    let (name, uri) = ("wiki".to_owned(), uri.to_owned());
    board.client.send(&ReadResource { name, uri }).await
}

async fn get(board: &Board, prompt: &str, pairs: &[(&str, &str)]) -> Result<Reading, Fault> {
    let arguments = pairs
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    let get = GetPrompt {
        name: "wiki".to_owned(),
        prompt: prompt.to_owned(),
        arguments: arguments.collect::<BTreeMap<_, _>>(),
    };
    board.client.send(&get).await
}

#[tokio::test]
async fn they_cross_the_link_whatever_the_server_speaks() {
    for behaviour in [
        Behaviour::modern(),
        Behaviour::modern().answers(Answers::Sse),
        Behaviour::legacy("2025-11-25"),
        Behaviour::legacy("2024-11-05"),
        Behaviour::sse(),
    ] {
        let (server, board) = connected(behaviour.offering().page(3)).await;
        let listed = list(&board).await.unwrap();
        let uris: Vec<_> = listed.resources.iter().map(|one| one.uri.raw()).collect();
        let expected = [
            "note://today",
            "note://counter",
            "note://pixel",
            "note://slow",
        ];
        assert_eq!(uris, expected);
        assert_eq!(listed.resources[0].size, Some(22));
        assert_eq!(listed.templates[0].uri_template.raw(), "note://page/{n}");
        assert!(listed.subscribe);
        let name = "wiki".to_owned();
        let prompts = board.client.send(&ListPrompts { name }).await.unwrap();
        let arguments = &prompts[0].arguments;
        assert!(arguments[0].required && !arguments[1].required);

        // Members that nobody knows come through as well.
        let today = read(&board, "note://today").await.unwrap();
        let contents = &today.result["contents"][0];
        assert_eq!(contents["text"], "first line\nsecond line");
        assert_eq!(contents["vendor"], json!({"kept": true}));
        assert!(today.bytes > 20);
        let page = read(&board, "note://page/7").await.unwrap();
        assert_eq!(page.result["contents"][0]["text"], "page 7");
        let pixel = read(&board, "note://pixel").await.unwrap();
        assert!(pixel.result["contents"][0]["blob"].is_string());
        let greeting = get(&board, "greet", &[("who", "Ana")]).await.unwrap();
        let said = &greeting.result["messages"][0]["content"]["text"];
        assert_eq!(said, "Hello, Ana!");
        assert_eq!(greeting.result["vendor"], 1);

        let missing = read(&board, "note://nowhere").await.unwrap_err();
        assert_eq!(missing.kind, FaultKind::NotFound);
        assert!(missing.message.contains("no such resource"), "{missing}");
        let refused = get(&board, "greet", &[]).await.unwrap_err();
        assert_eq!(refused.kind, FaultKind::Server);
        assert!(
            refused.message.contains("Missing argument: who"),
            "{refused}"
        );
        assert_eq!(server.count("tools/call"), 0);
    }
}

#[tokio::test]
async fn a_server_that_offers_none_is_not_asked() {
    let (server, board) = connected(Behaviour::modern()).await;
    let fault = list(&board).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound);
    assert_eq!(fault.message, "wiki offers no resources");
    let fault = get(&board, "greet", &[]).await.unwrap_err();
    assert_eq!(fault.message, "wiki offers no prompts");
    for method in ["resources/list", "prompts/list", "prompts/get"] {
        assert_eq!(server.count(method), 0);
    }
}

#[tokio::test]
async fn the_state_of_the_connector_is_said_as_for_a_call() {
    let (mut server, board) = connected(Behaviour::legacy("2025-11-25").offering()).await;
    let name = "nobody".to_owned();
    let unknown = board.client.send(&ListResources { name }).await;
    assert_eq!(unknown.unwrap_err().kind, FaultKind::NotFound);

    let name = "wiki".to_owned();
    board.client.send(&Disable { name }).await.unwrap();
    let off = read(&board, "note://today").await.unwrap_err();
    assert_eq!(
        (off.kind, &*off.message),
        (FaultKind::Config, "wiki is disabled")
    );

    server.stop();
    let _ = board.shell.run(&["enable", "wiki"]).ended_with(1);
    let gone = read(&board, "note://today").await.unwrap_err();
    assert_eq!(gone.kind, FaultKind::Network);
    assert!(gone.message.contains("refused the connection"), "{gone}");
}

#[tokio::test]
async fn a_face_that_goes_away_takes_back_what_it_asked_for() {
    for behaviour in [Behaviour::modern(), Behaviour::legacy("2025-11-25")] {
        let (server, board) = connected(behaviour.offering()).await;
        tokio::select! {
            read = read(&board, "note://slow") => panic!("{read:?}"),
            () = server.wait_for(|record| record.waiting > 0) => {}
        }
        server.wait_for(|record| !record.cancelled.is_empty()).await;
        server.wait_for(|record| record.waiting == 0).await;
        // Whoever stays gets it.
        server.release();
        let slow = read(&board, "note://slow").await.unwrap();
        assert_eq!(slow.result["contents"][0]["text"], "at last");
    }
}

#[tokio::test]
async fn changed_lists_are_told_to_every_face() {
    for behaviour in [Behaviour::modern(), Behaviour::legacy("2025-11-25")] {
        let (server, board) = connected(behaviour.offering()).await;
        let id = board.show("wiki").await.id;
        let mut events = board.client.events(None).await.unwrap();
        let _ = events.next().await;
        server.wait_for(|record| record.listeners > 0).await;
        let mut fewer = Offers::usual();
        fewer.resources.truncate(1);
        server.set_offers(fewer);
        let told = async {
            loop {
                let event = events.next().await.expect("the stream goes on");
                if event.kind == (EventKind::Offers { id: id.clone() }) {
                    break;
                }
            }
        };
        timeout(PATIENCE, told).await.unwrap();
        assert_eq!(list(&board).await.unwrap().resources.len(), 1);
    }
}

#[tokio::test]
async fn nothing_of_it_is_in_the_journal() {
    let (_server, board) = connected(Behaviour::modern().offering()).await;
    let journal = || async { board.client.send(&Journal::default()).await.unwrap().len() };
    let before = journal().await;
    list(&board).await.unwrap();
    read(&board, "note://today").await.unwrap();
    get(&board, "talk", &[]).await.unwrap();
    assert_eq!(journal().await, before);
    assert_eq!(board.shell.holds("second line"), [""; 0]);
}
