//! What functions answer: text, structure, pictures, errors, progress.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::keeping::calls;
use crate::servers::Server;
use crate::shell::Shell;
use crate::terminal::Terminal;

fn connected(server: &Server) -> Shell {
    let mut shell = Shell::new();
    let _ = server.add(&mut shell);
    let _ = shell.run(&["always", server.name, "--all"]).succeeded();
    shell
}

fn call(shell: &Shell, server: &Server, words: &[&str]) -> Value {
    shell.json(&[&["call", server.name], words].concat())
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_answers_with_text_structure_and_a_picture() {
    for server in [Server::fast(), Server::fast_stdio()] {
        let shell = connected(&server);
        let sum = call(&shell, &server, &["add", "a=1.5", "b=2"]);
        assert_eq!(sum["content"], json!([{"type": "text", "text": "3.5"}]));
        assert_eq!(sum["structuredContent"], json!({"result": 3.5}));
        assert_eq!(sum["isError"], json!(false));

        let picture = call(&shell, &server, &["image"]);
        assert_eq!(picture["content"][0]["mimeType"], json!("image/png"));
        let data = picture["content"][0]["data"].as_str().unwrap();
        let words = [
            "call",
            server.name,
            "image",
            "--output",
            "red.png",
            "--json",
        ];
        let written = shell.run(&words).succeeded().json();
        assert_eq!(written["mime_type"], json!("image/png"));
        let bytes = fs::read(shell.home().join("red.png")).unwrap();
        assert_eq!(written["bytes"], json!(bytes.len()));
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.ends_with(b"IEND\xaeB`\x82"));
        assert_eq!(STANDARD.encode(bytes), data);
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn fastmcp_s_own_errors_end_with_one() {
    let server = Server::fast();
    let shell = connected(&server);
    let words = ["call", server.name, "fail", "reason=because"];
    let run = shell.run(&words).ended_with(1);
    assert_eq!(run.stdout, "failed: because\n");
    let run = shell.run(&[&words[..], &["--json"]].concat()).ended_with(1);
    assert_eq!(run.json()["isError"], json!(true));
    assert_eq!(run.json()["content"][0]["text"], json!("failed: because"));
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn server_everything_answers_the_same_over_every_transport() {
    for server in [
        Server::everything_http(),
        Server::everything_sse(),
        Server::everything_stdio(),
    ] {
        let shell = connected(&server);
        let weather = call(
            &shell,
            &server,
            &["get-structured-content", "location=Chicago"],
        );
        assert!(
            weather["structuredContent"]["humidity"].is_number(),
            "{weather}"
        );
        let answer = call(&shell, &server, &["get-tiny-image"]);
        let pieces = answer["content"].as_array().unwrap();
        let picture = pieces.iter().find(|piece| piece["type"] == json!("image"));
        let picture = picture.unwrap();
        let bytes = STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{picture}");
        let words = [
            "call",
            server.name,
            "get-tiny-image",
            "--output",
            "whole.json",
        ];
        let _ = shell.run(&words).succeeded();
        let whole = fs::read(shell.home().join("whole.json")).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&whole).unwrap(), answer);
        if server.transport == "stdio" {
            let run = shell.run(&["call", server.name, "get-env"]).succeeded();
            assert!(!run.stdout.contains("CALLBOARD"), "{}", run.stdout);
        }
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn progress_is_shown_as_it_comes() {
    let fast = ["slow", "steps=4", "pause_ms=20"];
    let everything = ["trigger-long-running-operation", "duration=1", "steps=4"];
    for (server, words, message) in [
        (Server::fast(), fast, "step 2 of 4"),
        (Server::fast_stdio(), fast, "step 2 of 4"),
        (Server::everything_http(), everything, "50 %"),
        (Server::everything_sse(), everything, "50 %"),
        (Server::everything_stdio(), everything, "50 %"),
    ] {
        let shell = connected(&server);
        let mut terminal = Terminal::start(&shell, &[&["call", server.name], &words[..]].concat());
        terminal.read_until(message);
        let (code, said) = terminal.end();
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("50 %"), "{said}");
        assert!(
            said.contains("4 steps done") || said.contains("completed"),
            "{said}"
        );
    }
}

#[test]
#[ignore = "needs the servers that .ci/real-servers starts"]
fn wrong_arguments_are_named_before_anything_is_sent() {
    for (server, function) in [
        (Server::fast(), "add"),
        (Server::everything_sse(), "get-sum"),
    ] {
        let shell = connected(&server);
        for (words, named) in [
            (&["a=1", "b=two"][..], "\"b\" must be a number"),
            (&["a=1"], "\"b\" must be given"),
            (&["--args", "{\"a\":1,\"b\":\"two\"}"], "b must be a number"),
            (&["--args", "{\"a\":1,\"b\":[]}"], "b must be a number"),
        ] {
            let words = [&["call", server.name, function, "--json"], words].concat();
            let error = shell.run(&words).ended_with(2).json()["error"].clone();
            assert_eq!(error["kind"], json!("user"));
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(named), "{message}");
        }
        assert_eq!(calls(&shell, server.name), 0);
    }
}
