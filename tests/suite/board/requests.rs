//! What no honest face sends.

use std::io::{Read, Write};
use std::path::PathBuf;

use callboard::domain::FaultKind;
use callboard::link::Client;
use callboard::protocol::{PROTOCOL_VERSION, Show};
use serde_json::Value;

use crate::support::rude_face::{connect, exchange, request};
use crate::support::shell::Shell;

fn board() -> (Shell, PathBuf) {
    let shell = Shell::new();
    let _ = shell.run(&["list"]).succeeded();
    let socket = shell.folders().socket(PROTOCOL_VERSION);
    (shell, socket)
}

/// Status line and body of an answer.
fn parts(answer: &str) -> (&str, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.lines().next().unwrap_or_default();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[test]
fn what_makes_no_sense_is_answered_with_a_fault_and_nothing_breaks() {
    let (shell, socket) = board();
    let pid = shell.board();
    for (bytes, status, kind) in [
        (request("GET", "/v1/nothing", ""), "404", "not-found"),
        (request("POST", "/", "{}"), "404", "not-found"),
        (request("DELETE", "/v1/status", ""), "405", "user"),
        (request("GET", "/v1/detect", ""), "405", "user"),
        (request("POST", "/v1/connectors/show", ""), "400", "user"),
        (
            request("POST", "/v1/connectors/show", "{\"name\":"),
            "400",
            "user",
        ),
        (request("POST", "/v1/connectors/show", "[1]"), "400", "user"),
        (request("POST", "/v1/call", "\u{0}\u{1}"), "400", "user"),
        (
            request("POST", "/v1/connectors/show", &"[".repeat(100_000)),
            "400",
            "user",
        ),
        (
            request("POST", "/v1/call", &"x".repeat(20_000_000)),
            "400",
            "user",
        ),
    ] {
        let answer = exchange(&socket, &bytes);
        let (line, fault) = parts(&answer);
        let asked = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
        assert!(line.contains(status), "{asked}: {line}");
        assert_eq!(fault["kind"], kind, "{asked}: {answer}");
        assert!(fault["message"].is_string());
    }
    for garbage in [&b"\x16\x03\x01\x02\x00\r\n\r\n"[..], b"GET\r\n\r\n"] {
        let answer = exchange(&socket, garbage);
        assert!(answer.is_empty() || answer.contains("400"), "{answer}");
    }
    assert_eq!(shell.board(), pid);
}

#[test]
fn half_a_request_keeps_nobody_waiting() {
    let (shell, socket) = board();
    let halves: Vec<_> = [
        &b"POST /v1/status HTTP/1.1\r\nhost: bo"[..],
        b"POST /v1/status HTTP/1.1\r\nhost: board\r\ncontent-length: 100\r\n\r\n{",
    ]
    .iter()
    .map(|half| {
        let mut stream = connect(&socket);
        stream.write_all(half).unwrap();
        stream
    })
    .collect();
    let _ = shell.run(&["list"]).succeeded();
    let _ = shell.run(&["stop"]).succeeded();
    drop(halves);
}

#[test]
fn two_hundred_connections_at_once_are_all_answered() {
    let (shell, socket) = board();
    let asking: Vec<_> = (0..200)
        .map(|_| {
            let socket = socket.clone();
            std::thread::spawn(move || exchange(&socket, &request("GET", "/v1/snapshot", "")))
        })
        .collect();
    for thread in asking {
        let answer = thread.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // And as many that are open and say nothing.
    let silent: Vec<_> = (0..200).map(|_| connect(&socket)).collect();
    let _ = shell.run(&["list"]).succeeded();
    drop(silent);
}

#[test]
fn a_face_that_does_not_read_keeps_nobody_waiting() {
    let (shell, socket) = board();
    let mut slow = connect(&socket);
    for _ in 0..2000 {
        // Answers pile up until the board stops reading.
        slow.set_write_timeout(Some(std::time::Duration::from_millis(50)))
            .unwrap();
        if slow
            .write_all(b"GET /v1/snapshot HTTP/1.1\r\nhost: board\r\n\r\n")
            .is_err()
        {
            break;
        }
    }
    let _ = shell.run(&["list"]).succeeded();
    let _ = shell.run(&["stop"]).succeeded();
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest);
    assert!(rest.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused_in_words() {
    let (shell, _) = board();
    let client = Client::attach(&shell.folders()).await.unwrap();
    let large = Show {
        name: "x".repeat(20_000_000),
    };
    let fault = client.send(&large).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::User, "{fault}");
    assert!(fault.message.contains("larger than 16 MiB"), "{fault}");
}
