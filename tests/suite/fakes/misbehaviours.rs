//! Every misbehaviour shows, in the phase it names.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::client::{Client, Events};
use crate::support::fake::{Behaviour, FakeServer, Misbehaviour, Phase};

/// What a client sees of one request: status, a few headers, the body's start and
/// length, or the error.
async fn seen(client: &mut Client, method: &str, params: Value) -> String {
    let response = client
        .request(method, params)
        .timeout(Duration::from_secs(3))
        .send()
        .await;
    let mut response = match response {
        Ok(response) => response,
        Err(error) => return format!("{error:?}").replace(&client.url, "URL"),
    };
    let mut text = format!("{} ", response.status());
    for name in [
        "content-type",
        "location",
        "retry-after",
        "content-encoding",
        "mcp-session-id",
    ] {
        if let Some(value) = response.headers().get(name) {
            text.push_str(&format!("{name}={value:?} "));
        }
    }
    let (mut body, mut end) = (Vec::new(), "whole");
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(_) => end = "cut",
        }
        if end == "cut" || body.len() > 1 << 20 {
            break;
        }
    }
    body.truncate(1 << 20);
    format!("{text}{end} {}", String::from_utf8_lossy(&body))
}

/// The whole path of a client, request by request.
async fn path(server: &FakeServer, legacy: bool) -> Vec<(Phase, String)> {
    let mut client = Client::new(&server.url, !legacy);
    let first = if legacy {
        "initialize"
    } else {
        "server/discover"
    };
    let mut seen_so_far = vec![(
        Phase::Detect,
        seen(&mut client, first, super::client::initialize()).await,
    )];
    if legacy {
        // As the server shows it, for the first session of a fresh server.
        client.session = Some("session-0".to_owned());
    }
    seen_so_far.push((
        Phase::List,
        seen(&mut client, "tools/list", json!({})).await,
    ));
    for _ in 0..2 {
        let params = json!({ "name": "echo", "arguments": { "text": "x" } });
        seen_so_far.push((Phase::Call, seen(&mut client, "tools/call", params).await));
    }
    seen_so_far
}

#[tokio::test]
async fn every_misbehaviour_shows_in_the_phase_it_names() {
    let mut tries = JoinSet::new();
    for &misbehaviour in Misbehaviour::ALL {
        // These two show on a stream and in a cancelled call: tests of their own. What
        // is wrong with resources and prompts does not show on this path.
        if matches!(
            misbehaviour,
            Misbehaviour::ListChangedFlood | Misbehaviour::ResultAfterCancel
        ) || misbehaviour.during() == Phase::Offers
        {
            continue;
        }
        tries.spawn(async move {
            let mut honest = Behaviour::misbehaving(misbehaviour);
            honest.misbehaviour = None;
            honest.tls = None;
            let honest = path(&FakeServer::start(honest), misbehaviour.is_legacy()).await;
            let server = FakeServer::start(Behaviour::misbehaving(misbehaviour));
            let wrong = path(&server, misbehaviour.is_legacy()).await;
            let first = honest.iter().zip(&wrong).find(|(good, bad)| good != bad);
            (
                misbehaviour,
                first.map(|(_, (phase, seen))| (*phase, seen.clone())),
            )
        });
    }
    while let Some(tried) = tries.join_next().await {
        let (misbehaviour, first) = tried.unwrap();
        let Some((phase, seen)) = first else {
            panic!("{misbehaviour:?} behaves");
        };
        let expected = match misbehaviour.during() {
            Phase::Connect => Phase::Detect,
            phase => phase,
        };
        // A session that is forgotten shows with the request after the first.
        let start: String = seen.chars().take(200).collect();
        assert_eq!(phase, expected, "{misbehaviour:?}: {start}");
    }
}

#[test]
fn there_are_more_than_enough() {
    assert!(Misbehaviour::ALL.len() >= 34, "{}", Misbehaviour::ALL.len());
}

#[tokio::test]
async fn a_misbehaviour_can_be_moved_to_another_phase() {
    let behaviour = Behaviour::misbehaving(Misbehaviour::HtmlPage).at(Phase::Call);
    let server = FakeServer::start(behaviour);
    let mut client = Client::modern(&server);
    assert_eq!(client.names().await.len(), 6);
    let params = json!({ "name": "echo", "arguments": { "text": "x" } });
    let page = client.send("tools/call", params).await.unwrap();
    assert!(page.text().await.unwrap().starts_with("<!doctype"));
}

#[tokio::test]
async fn what_follows_a_redirect_is_recorded_elsewhere() {
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::RedirectElsewhere));
    let mut client = Client::modern(&server);
    client.headers.push(("x-api-key".into(), "s3cret".into()));
    let redirect = client.send("server/discover", json!({})).await.unwrap();
    client.url = redirect.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(client.url, server.elsewhere().url);
    client.send("server/discover", json!({})).await.unwrap();
    assert!(server.elsewhere().requests()[0].mentions("s3cret"));
}

#[tokio::test]
async fn a_listener_can_be_flooded() {
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::ListChangedFlood));
    let params = json!({ "notifications": { "toolsListChanged": true } });
    let response = Client::modern(&server)
        .send("subscriptions/listen", params)
        .await;
    let mut events = Events::new(response.unwrap());
    events.next().await.unwrap();
    for _ in 0..10_000 {
        events.next().await.unwrap();
    }
}

#[tokio::test]
async fn a_result_can_come_after_the_cancellation() {
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::ResultAfterCancel));
    let mut client = Client::legacy(&server).await;
    let call = client
        .send("tools/call", json!({ "name": "slow" }))
        .await
        .unwrap();
    let cancel = json!({ "requestId": 2 });
    client
        .send("notifications/cancelled", cancel)
        .await
        .unwrap();
    let result = Events::new(call).json().await;
    assert_eq!(result["result"]["content"][0]["text"], "done");
}

#[tokio::test]
async fn the_bomb_is_a_gzip_file() {
    let server = FakeServer::start(Behaviour::misbehaving(Misbehaviour::GzipBomb));
    let response = Client::modern(&server)
        .send("server/discover", json!({}))
        .await;
    let bomb = response.unwrap().bytes().await.unwrap();
    assert!(bomb.len() < 8 << 20);
    let mut gzip = Command::new("sh")
        .args([
            "-c",
            "gzip -dc 2>/dev/null | head -c 10000000 | tr -d '\\0' | wc -c",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // `head` ends early, and with it the pipe.
    let _ = gzip.stdin.take().unwrap().write_all(&bomb);
    let output = gzip.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "0");
}
