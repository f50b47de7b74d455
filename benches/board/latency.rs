//! How long a person or an agent waits.

use std::process::{Command, Stdio};

use callboard::domain::Permission;
use callboard::protocol::{Call, Permit, Selection};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;

use super::fake::{Behaviour, FakeServer};
use super::row;
use super::running::Board;
use super::servers::start;
use super::spread::Spread;

/// `callboard list`, beside a program that does nothing.
pub fn list() {
    let board = Board::fresh();
    against_nothing("running board, no connector", 200, &board, || {});
    let servers = start();
    board.add_all(
        &servers
            .iter()
            .map(|server| server.url.clone())
            .collect::<Vec<_>>(),
    );
    against_nothing("running board, 20 connected", 200, &board, || {});
    against_nothing("board to be started, 20 known", 30, &board, || board.stop());
    let board = Board::fresh();
    against_nothing("board to be started, no connector", 50, &board, || {
        board.stop()
    });
    let boards: Vec<Board> = (0..30).map(|_| Board::absent()).collect();
    let mut first = Spread::default();
    for board in &boards {
        let _ = first.time(|| board.shell.run(&["list", "--json"]).succeeded());
    }
    row("board to be started, empty home", &first.to_string());
}

fn against_nothing(what: &str, runs: usize, board: &Board, prepare: impl Fn()) {
    let mut listed = Spread::default();
    let mut nothing = Spread::default();
    for _ in 0..runs {
        prepare();
        nothing.time(|| {
            Command::new("/bin/true")
                .env_clear()
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .output()
                .unwrap()
        });
        let _ = listed.time(|| board.shell.run(&["list", "--json"]).succeeded());
    }
    let ratio = listed.ratio(&nothing);
    row(
        what,
        &format!("{listed}; {ratio:.1} x /bin/true ({nothing})"),
    );
}

/// A call through the board, beside the same request without one.
pub fn call() {
    const RUNS: usize = 300;
    let server = FakeServer::start(Behaviour::modern());
    let board = Board::fresh();
    board.add_all(std::slice::from_ref(&server.url));
    let mut through = Spread::default();
    let mut bare = Spread::default();
    board.runtime.block_on(async {
        let client = board.client().await;
        let permit = Permit {
            name: "server-0".to_owned(),
            functions: Selection::All,
            permission: Permission::Always,
            seen_digest: None,
        };
        client.send(&permit).await.unwrap();
        let stream = TcpStream::connect(server.origin().trim_start_matches("http://"));
        let stream = stream.await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (mut http, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        for _ in 0..RUNS {
            let begun = std::time::Instant::now();
            let call = Call {
                ask_back: false,
                name: "server-0".to_owned(),
                function: "echo".to_owned(),
                arguments: json!({ "text": "hello" }).as_object().cloned().unwrap(),
                approved_digest: None,
            };
            let answer = client.run(&call, &mut |_| {}).await.unwrap();
            through.push(begun.elapsed());
            assert!(answer.result.to_string().contains("hello"));
            let begun = std::time::Instant::now();
            let response = http.send_request(request()).await.unwrap();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            bare.push(begun.elapsed());
            let text = String::from_utf8_lossy(&body);
            assert!(text.contains("hello"), "{text}");
        }
    });
    let ratio = through.ratio(&bare);
    row("a call through the board, on always", &format!("{through}"));
    row(
        "the same by a bare HTTP client",
        &format!("{bare}; ratio {ratio:.1}"),
    );
}

fn request() -> Request<Full<Bytes>> {
    let body = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": "echo",
            "arguments": { "text": "hello" },
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": { "name": "bench", "version": "1" },
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    });
    Request::post("/mcp")
        .header("host", "127.0.0.1")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/call")
        .header("mcp-name", "echo")
        .body(Full::new(Bytes::from(body.to_string())))
        .unwrap()
}
