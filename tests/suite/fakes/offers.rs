//! Resources and prompts of the fakes.

use serde_json::json;

use super::client::{Client, Events};
use crate::support::fake::{Behaviour, FakeServer};

#[tokio::test]
async fn both_eras_offer_the_same() {
    for behaviour in [Behaviour::modern(), Behaviour::legacy("2025-06-18")] {
        let modern = behaviour.era == crate::support::fake::Era::Modern;
        let server = FakeServer::start(behaviour.offering().page(3));
        let mut client = match modern {
            true => Client::modern(&server),
            false => Client::legacy(&server).await,
        };
        let page = client.result("resources/list", json!({})).await;
        assert_eq!(page["resources"].as_array().unwrap().len(), 3);
        let next = json!({ "cursor": page["nextCursor"] });
        let page = client.result("resources/list", next).await;
        assert_eq!(page["resources"][0]["uri"], "note://slow");
        assert!(page.get("nextCursor").is_none());
        let greet = json!({ "name": "greet", "arguments": { "who": "Ana" } });
        let filled_in = client.result("prompts/get", greet).await;
        assert_eq!(filled_in["messages"][0]["content"]["text"], "Hello, Ana!");
    }
}

#[tokio::test]
async fn a_server_without_any_knows_no_such_method() {
    let server = FakeServer::start(Behaviour::legacy("2025-11-25"));
    let mut client = Client::legacy(&server).await;
    let answer = client.send("resources/list", json!({})).await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(answer["error"]["code"], -32601);
}

#[tokio::test]
async fn updates_reach_those_alone_who_asked_for_them() {
    let server = FakeServer::start(Behaviour::modern().offering());
    let wanted = json!({ "notifications": { "resourceSubscriptions": ["note://today"] } });
    let mut client = Client::modern(&server);
    let stream = client.send("subscriptions/listen", wanted).await;
    let mut events = Events::new(stream.unwrap());
    assert_eq!(
        events.json().await["params"]["notifications"],
        json!({ "resourceSubscriptions": ["note://today"] })
    );
    assert_eq!(server.set_text("note://counter", "1"), 0);
    assert_eq!(server.set_text("note://today", "2"), 1);
    assert_eq!(events.json().await["params"]["uri"], "note://today");

    let server = FakeServer::start(Behaviour::legacy("2025-11-25").offering());
    let mut client = Client::legacy(&server).await;
    let mut events = client.listen().await;
    server.wait_for(|record| record.listeners == 1).await;
    let today = || json!({ "uri": "note://today" });
    client.result("resources/subscribe", today()).await;
    assert_eq!(server.set_text("note://counter", "1"), 0);
    assert_eq!(server.set_text("note://today", "2"), 1);
    let told = events.json().await;
    assert_eq!(told["method"], "notifications/resources/updated");
    assert_eq!(told["params"], today());
    client.result("resources/unsubscribe", today()).await;
    assert_eq!(server.set_text("note://today", "3"), 0);
}
