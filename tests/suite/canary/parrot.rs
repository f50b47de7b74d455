//! A server that refuses everything and quotes what it was given.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// Starts one; it ends with the test's process.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = refuse(stream);
        }
    });
    url
}

fn refuse(mut stream: TcpStream) -> std::io::Result<()> {
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => heard.extend_from_slice(&buffer[..read]),
        }
    }
    let heard = String::from_utf8_lossy(&heard).into_owned();
    let quoted: Vec<&str> = heard
        .lines()
        .filter(|line| {
            let line = line.to_lowercase();
            ["authorization", "x-api-key", "post ", "get "]
                .iter()
                .any(|start| line.starts_with(start))
        })
        .collect();
    let message = format!("invalid key: {}", quoted.join(", "));
    let body = serde_json::json!({
        "jsonrpc": "2.0", "id": null, "error": { "code": -32000, "message": message }
    })
    .to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}
