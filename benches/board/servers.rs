//! The servers that a board connects.

use std::io::{Read, Write, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use serde_json::json;

use super::fake::{Behaviour, FakeServer, Function};

/// How many servers.
pub const SERVERS: usize = 20;

/// How many functions each has.
pub const FUNCTIONS: usize = 50;

/// Servers of both eras, half and half, with functions about as long as those of
/// servers that people use (1.2 kB each).
pub fn start() -> Vec<FakeServer> {
    (0..SERVERS)
        .map(|at| {
            let behaviour = if at % 2 == 0 {
                Behaviour::modern()
            } else {
                // With a session, and a GET stream that stays open.
                Behaviour::legacy("2025-11-25")
            };
            FakeServer::start(behaviour.functions(functions()))
        })
        .collect()
}

fn functions() -> Vec<Function> {
    let sentence =
        "Searches the issues of a repository and answers with those that fit, newest first. ";
    let mut functions: Vec<Function> = (0..FUNCTIONS - 1)
        .map(|at| {
            Function::raw(json!({
                "name": format!("search_issues_{at}"),
                "title": "Search issues",
                "description": sentence.repeat(4),
                "inputSchema": {
                    "type": "object",
                    "properties": {
                        "repository": { "type": "string", "description": "Owner and name, e.g. octo/example" },
                        "query": { "type": "string", "description": "Words that the issue has to have" },
                        "state": { "type": "string", "enum": ["open", "closed", "all"], "default": "open" },
                        "labels": { "type": "array", "items": { "type": "string" }, "maxItems": 20 },
                        "page": { "type": "integer", "minimum": 1, "description": "Which page, from 1" },
                        "per_page": { "type": "integer", "minimum": 1, "maximum": 100 },
                    },
                    "required": ["repository", "query"],
                },
                "annotations": { "readOnlyHint": true, "openWorldHint": true },
            }))
        })
        .collect();
    functions.push(Function::new("echo", "Answers with what it was given"));
    functions
}

/// A way to a server on which every connection stands idle for so long first.
/// Returns the URL that leads there.
pub fn slow_way_to(server: &FakeServer, delay: Duration) -> String {
    let address = server.origin().strip_prefix("http://").unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let address = address.clone();
            std::thread::spawn(move || {
                std::thread::sleep(delay);
                if let Ok(far) = TcpStream::connect(address) {
                    relay(near, far);
                }
            });
        }
    });
    url
}

fn relay(near: TcpStream, far: TcpStream) {
    let (Ok(from_near), Ok(to_far)) = (near.try_clone(), far.try_clone()) else {
        return;
    };
    let forth = std::thread::spawn(move || pump(from_near, to_far));
    pump(far, near);
    let _ = forth.join();
}

fn pump(mut from: impl Read, mut to: TcpStream) {
    let _ = to.set_nodelay(true);
    let _ = copy(&mut from, &mut to);
    let _ = to.flush();
    let _ = to.shutdown(Shutdown::Write);
}
