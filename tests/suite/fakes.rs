//! The fakes do what they say, by plain HTTP.

mod access;
mod client;
mod misbehaviours;
mod offers;
mod program;
mod understood;

use serde_json::json;

use self::client::{Client, Events};
use crate::support::fake::{Answers, Behaviour, Era, FakeServer, Function};

const NOTHING: serde_json::Value = serde_json::Value::Null;

#[tokio::test]
async fn a_modern_server_answers_each_request_by_itself() {
    let server = FakeServer::start(Behaviour::modern());
    let mut client = Client::modern(&server);
    let found = client.result("server/discover", json!({})).await;
    assert_eq!(found["supportedVersions"], json!([Era::MODERN]));
    assert_eq!(found["resultType"], "complete");
    assert_eq!(
        client.names().await,
        ["echo", "add", "slow", "fail", "binary", "big"]
    );
    let sum = client.call("add", json!({ "a": 1, "b": 2 })).await;
    assert_eq!(sum["structuredContent"]["sum"], 3.0);
    assert_eq!(client.call("fail", json!({})).await["isError"], true);
    let big = client.call("big", json!({ "bytes": 100_000 })).await;
    assert_eq!(big["content"][0]["text"].as_str().unwrap().len(), 100_000);
    assert_eq!(
        client.call("binary", json!({})).await["content"][0]["mimeType"],
        "image/png"
    );
    assert_eq!(server.count("tools/call"), 4);
    assert_eq!(
        server.requests()[0].header("mcp-method"),
        Some("server/discover")
    );
}

#[tokio::test]
async fn a_modern_server_refuses_what_the_headers_belie() {
    let server = FakeServer::start(Behaviour::modern());
    let mut old = Client::new(&server.url, false);
    let response = old.send("initialize", client::initialize()).await.unwrap();
    assert_eq!(response.status(), 400);
    let error: serde_json::Value = response.json().await.unwrap();
    assert_eq!(error["error"]["code"], -32022);
    assert_eq!(error["error"]["data"]["supported"], json!([Era::MODERN]));

    let mut client = Client::modern(&server);
    let request = client.request("tools/list", json!({}));
    let (http, request) = request.build_split();
    let mut request = request.unwrap();
    request
        .headers_mut()
        .insert("mcp-method", "tools/call".parse().unwrap());
    let response = http.execute(request).await.unwrap();
    assert_eq!(response.status(), 400);
    let error: serde_json::Value = response.json().await.unwrap();
    assert_eq!(error["error"]["code"], -32020);
    let get = client.http.get(&server.url).send().await.unwrap();
    assert_eq!(get.status(), 405);
}

#[tokio::test]
async fn a_legacy_server_of_every_version_keeps_sessions() {
    for version in Era::LEGACY {
        let server = FakeServer::start(Behaviour::legacy(version));
        let mut client = Client::legacy(&server).await;
        assert_eq!(client.names().await.len(), 6);
        let echo = client.call("echo", json!({ "text": "hé" })).await;
        assert_eq!(echo["content"][0]["text"], "hé");
        server.kill_sessions();
        let dead = client.send("tools/list", json!({})).await.unwrap();
        assert_eq!(dead.status(), 404);
        client.session = None;
        let without = client.send("tools/list", json!({})).await.unwrap();
        assert_eq!(without.status(), 400);
    }
}

#[tokio::test]
async fn a_session_ends_with_delete() {
    let server = FakeServer::start(Behaviour::legacy("2025-11-25"));
    let mut client = Client::legacy(&server).await;
    let session = client.session.clone().unwrap();
    let request = client.http.delete(&server.url);
    let response = request
        .header("mcp-session-id", session)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
    assert_eq!(server.record().deleted_sessions, 1);
    assert_eq!(client.send("ping", json!({})).await.unwrap().status(), 404);
}

#[tokio::test]
async fn answers_come_as_events_where_the_server_likes_that() {
    for behaviour in [Behaviour::modern(), Behaviour::legacy("2025-06-18")] {
        let legacy = behaviour.era != Era::Modern;
        let server = FakeServer::start(behaviour.answers(Answers::Sse));
        let mut client = match legacy {
            true => Client::legacy(&server).await,
            false => Client::modern(&server),
        };
        let response = client.send("tools/list", json!({})).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(client.names().await.len(), 6);
    }
}

#[tokio::test]
async fn the_old_transport_answers_on_its_stream() {
    let server = FakeServer::start(Behaviour::sse());
    let mut client = Client::new(&server.url, false);
    let mut events = client.listen().await;
    let endpoint = events.next().await.unwrap();
    client.url = format!("{}{endpoint}", server.origin());
    let taken = client
        .send("initialize", client::initialize())
        .await
        .unwrap();
    assert_eq!(taken.status(), 202);
    assert_eq!(
        events.json().await["result"]["protocolVersion"],
        "2024-11-05"
    );
    client.send("tools/list", json!({})).await.unwrap();
    assert_eq!(events.json().await["result"]["tools"][0]["name"], "echo");
    client
        .send(
            "tools/call",
            json!({ "name": "slow", "_meta": { "progressToken": 7 } }),
        )
        .await
        .unwrap();
    assert_eq!(events.json().await["params"]["progressToken"], 7);
    server.release();
    loop {
        let message = events.json().await;
        if message["result"]["content"][0]["text"] == "done" {
            break;
        }
    }
    server.set_functions(Function::many(1));
    assert_eq!(
        events.json().await["method"],
        "notifications/tools/list_changed"
    );
}

#[tokio::test]
async fn a_server_of_both_eras_serves_both() {
    let server = FakeServer::start(Behaviour::modern().era(Era::Both));
    assert_eq!(Client::modern(&server).names().await.len(), 6);
    assert_eq!(Client::legacy(&server).await.names().await.len(), 6);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let server = FakeServer::start(Behaviour::modern().functions(Function::many(5)).page(2));
    let mut client = Client::modern(&server);
    let mut sizes = Vec::new();
    let mut cursor = NOTHING;
    loop {
        let page = client
            .result("tools/list", json!({ "cursor": cursor }))
            .await;
        sizes.push(page["tools"].as_array().unwrap().len());
        cursor = page["nextCursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn a_slow_call_reports_until_it_is_released() {
    let server = FakeServer::start(Behaviour::modern());
    let mut client = Client::modern(&server);
    let params = json!({ "name": "slow", "_meta": { "progressToken": "p" } });
    let mut events = Events::new(client.send("tools/call", params).await.unwrap());
    assert_eq!(events.json().await["params"]["progress"], 1);
    assert_eq!(events.json().await["params"]["progress"], 2);
    server.release();
    let mut last = events.json().await;
    while last.get("result").is_none() {
        last = events.json().await;
    }
    assert_eq!(last["result"]["content"][0]["text"], "done");
    assert_eq!(events.next().await, None);
    assert!(server.cancelled().is_empty());
}

#[tokio::test]
async fn closing_the_stream_cancels_a_modern_call() {
    let server = FakeServer::start(Behaviour::modern());
    let mut client = Client::modern(&server);
    let call = client
        .send("tools/call", json!({ "name": "slow" }))
        .await
        .unwrap();
    server.wait_for(|record| record.waiting == 1).await;
    drop(call);
    server
        .wait_for(|record| record.cancelled == [json!(1)])
        .await;
    server.wait_for(|record| record.waiting == 0).await;
}

#[tokio::test]
async fn a_notification_cancels_a_legacy_call() {
    let server = FakeServer::start(Behaviour::legacy("2025-11-25"));
    let mut client = Client::legacy(&server).await;
    let call = client
        .send("tools/call", json!({ "name": "slow" }))
        .await
        .unwrap();
    let cancel = json!({ "requestId": 2, "reason": "enough" });
    client
        .send("notifications/cancelled", cancel)
        .await
        .unwrap();
    assert_eq!(Events::new(call).next().await, None);
    assert_eq!(server.cancelled(), [json!(2)]);
    assert!(server.record().abandoned.is_empty());
}

#[tokio::test]
async fn list_changes_reach_listeners_of_both_eras() {
    let server = FakeServer::start(Behaviour::modern());
    let mut client = Client::modern(&server);
    let params = json!({ "notifications": { "toolsListChanged": true } });
    let response = client.send("subscriptions/listen", params).await.unwrap();
    let mut events = Events::new(response);
    assert_eq!(
        events.json().await["method"],
        "notifications/subscriptions/acknowledged"
    );
    server.set_functions(Function::many(3));
    let change = events.json().await;
    assert_eq!(change["method"], "notifications/tools/list_changed");
    assert_eq!(
        change["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"],
        1
    );
    assert_eq!(client.names().await.len(), 3);

    let server = FakeServer::start(Behaviour::legacy("2025-03-26"));
    let client = Client::legacy(&server).await;
    let mut events = client.listen().await;
    server.wait_for(|record| record.listeners == 1).await;
    server.set_functions(Function::many(3));
    assert_eq!(
        events.json().await["method"],
        "notifications/tools/list_changed"
    );
    server.kill_sessions();
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_server_comes_back_on_its_port() {
    let mut server = FakeServer::start(Behaviour::legacy("2025-11-25"));
    let mut client = Client::legacy(&server).await;
    server.stop();
    // Another client: this one's pool holds a connection that died.
    let refused = client::http().get(&server.url).send().await;
    assert!(refused.unwrap_err().is_connect());
    server.restart();
    assert_eq!(client.send("ping", json!({})).await.unwrap().status(), 404);
    assert_eq!(Client::legacy(&server).await.names().await.len(), 6);
    assert_eq!(server.count("initialize"), 2);
}

#[test]
fn a_test_that_blocks_can_wait_too() {
    let server = FakeServer::start(Behaviour::modern());
    let address = server.origin().replace("http://", "");
    let _stream = std::net::TcpStream::connect(address).unwrap();
    server.wait_for_blocking(|record| record.connections == 1);
}
