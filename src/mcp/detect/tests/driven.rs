//! The driver, against servers on this machine.

use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::{
    AuthKind, ConnectionOptions, Detection, Era, Evidence, Fault, FaultKind, Transport,
};
use crate::mcp::detect::{DetectRequest, detect};
use crate::mcp::network::Network;
use crate::mcp::network::tests::loopback::{Authority, Loopback, Reply, http};

async fn detect_with(
    url: String,
    options: ConnectionOptions,
) -> (Result<Detection, Fault>, Vec<Evidence>) {
    let network = Network::new().expect("a network");
    let mut told = Vec::new();
    let request = DetectRequest { url, options };
    let mut on_evidence = |one: &Evidence| told.push(one.clone());
    let result = detect(&network, &request, &mut on_evidence).await;
    (result, told)
}

async fn detect_at(server: &Loopback) -> (Result<Detection, Fault>, Vec<Evidence>) {
    detect_with(server.url("/mcp"), ConnectionOptions::default()).await
}

fn answer_of(request: &str, result: &Value) -> String {
    let body = request.split("\r\n\r\n").nth(1).unwrap_or_default();
    let asked: Value = serde_json::from_str(body).unwrap_or_default();
    json!({"jsonrpc": "2.0", "id": asked["id"], "result": result}).to_string()
}

/// A modern server; `events`: it answers in event streams, comments first.
fn modern(request: &str, events: bool) -> Reply {
    let result = if request.contains("server/discover") {
        json!({"supportedVersions": ["2026-07-28"]})
    } else if request.contains("tools/list") {
        json!({"tools": []})
    } else {
        return http(404, "text/plain", "");
    };
    let body = answer_of(request, &result);
    if !events {
        return http(200, "application/json", &body);
    }
    let note = json!({"jsonrpc": "2.0", "method": "notifications/message"});
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    // It stays open behind its answer, as many do.
    Reply::Hold(
        format!("{head}: hello\n\ndata: {note}\n\nevent: message\ndata: {body}\n\n").into_bytes(),
    )
}

#[tokio::test]
async fn a_modern_server_is_found_over_the_wire() {
    for events in [false, true] {
        let server = Loopback::http(move |request| modern(request, events)).await;
        let (result, told) = detect_at(&server).await;
        let found = result.expect("a server");
        assert_eq!((found.era, found.auth), (Some(Era::Modern), AuthKind::None));
        assert_eq!(
            found.evidence, told,
            "told as it happens, and whole at the end"
        );
        let first = &server.seen()[0];
        assert!(
            first.starts_with("POST /mcp HTTP/1.1")
                && first.contains("mcp-method: server/discover"),
            "{first}"
        );
    }
}

#[tokio::test]
async fn an_sse_server_is_found_though_its_stream_never_ends() {
    let server = Loopback::http(|request| match request.starts_with("GET /mcp") {
        true => Reply::Hold(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: endpoint\ndata: /messages?s=1\n\n".to_vec(),
        ),
        false => http(404, "text/plain", ""),
    })
    .await;
    let (result, _) = detect_at(&server).await;
    assert_eq!(result.expect("a server").transport, Some(Transport::Sse));
}

#[tokio::test]
async fn all_challenges_of_an_answer_are_read() {
    let server = Loopback::http(|request| match request.starts_with("POST") {
        true => Reply::Whole(
            b"HTTP/1.1 401 X\r\nwww-authenticate: Basic realm=x\r\nwww-authenticate: Bearer realm=y\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
        ),
        false => http(404, "text/plain", ""),
    })
    .await;
    let (result, told) = detect_at(&server).await;
    assert_eq!(result.expect("a server").auth, AuthKind::Bearer);
    assert!(
        told[0]
            .answer
            .raw()
            .contains("Basic realm=x, Bearer realm=y")
    );
}

#[tokio::test]
async fn an_endless_answer_ends_in_a_named_fault() {
    for media_type in ["text/event-stream", "application/json", "text/html"] {
        let server = Loopback::http(move |_| {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\n\r\n");
            Reply::Endless(head.into_bytes(), b": nothing but comments\n\n".repeat(200))
        })
        .await;
        let (result, _) = detect_at(&server).await;
        let fault = result.expect_err("a fault");
        assert_eq!(fault.kind, FaultKind::NotMcp, "{fault}");
        let says = if media_type == "text/html" {
            "is a web page"
        } else {
            "sends more than"
        };
        assert!(fault.message.contains(says), "{media_type}: {fault}");
    }
}

#[tokio::test]
async fn what_only_calls_itself_an_event_stream_is_named() {
    let server = Loopback::http(|_| http(200, "text/event-stream", "hello\nworld\n\n")).await;
    let (result, _) = detect_at(&server).await;
    assert!(
        result
            .expect_err("a fault")
            .message
            .contains("not MCP (text/event-stream)")
    );
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let server = Loopback::http(|_| Reply::Hold(Vec::new())).await;
    let options = ConnectionOptions {
        timeout_seconds: Some(1),
        ..ConnectionOptions::default()
    };
    let (result, _) = detect_with(server.url("/mcp"), options).await;
    let fault = result.expect_err("a fault");
    assert_eq!(fault.kind, FaultKind::Network);
    assert!(
        fault.message.contains("did not answer in time") && fault.retry,
        "{fault}"
    );
}

#[tokio::test]
async fn a_detection_that_is_dropped_ends() {
    let server = Loopback::http(|_| Reply::Hold(Vec::new())).await;
    let dropped = tokio::time::timeout(Duration::from_millis(50), detect_at(&server)).await;
    assert!(dropped.is_err());
}

#[tokio::test]
async fn a_refused_connection_and_a_bad_address_are_told() {
    let closed = Loopback::closed().await;
    let (result, _) = detect_with(format!("{closed}/mcp"), ConnectionOptions::default()).await;
    assert_eq!(result.expect_err("a fault").kind, FaultKind::Network);
    let (result, _) = detect_with(
        "http://a.example/mcp".to_owned(),
        ConnectionOptions::default(),
    )
    .await;
    assert_eq!(result.expect_err("a fault").kind, FaultKind::User);
}

#[tokio::test]
async fn a_server_behind_an_authority_of_its_own_is_found_with_it() {
    let authority = Authority::new();
    let server = Loopback::https(authority.valid("localhost"), |request| {
        modern(request, false)
    })
    .await;
    let (result, _) = detect_at(&server).await;
    let fault = result.expect_err("a fault");
    assert!(
        fault.hints.iter().any(|hint| hint.contains("--ca FILE")),
        "{fault:?}"
    );
    let options = ConnectionOptions {
        ca_pem: Some(authority.pem()),
        ..ConnectionOptions::default()
    };
    let (result, _) = detect_with(server.url("/mcp"), options).await;
    assert_eq!(result.expect("a server").era, Some(Era::Modern));
}
