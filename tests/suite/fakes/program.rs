//! The practice server on standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::support::program::stdio_server;

struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(mode: &str) -> Self {
        let mut child = Command::new(stdio_server())
            .arg(mode)
            .env("PRACTICE", "yes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    fn send(&mut self, id: u64, method: &str, params: Value) {
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    fn json(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    fn call(&mut self, name: &str) -> String {
        self.send(9, "tools/call", json!({ "name": name, "arguments": {} }));
        let answer = self.json();
        answer["result"]["content"][0]["text"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_speaks_mcp_and_shows_its_environment() {
    let mut program = Program::start("normal");
    program.send(1, "initialize", json!({}));
    assert_eq!(program.json()["result"]["protocolVersion"], "2025-11-25");
    program.send(2, "tools/list", json!({}));
    assert_eq!(program.json()["result"]["tools"][1]["name"], "env");
    assert!(
        program
            .call("env")
            .lines()
            .any(|line| line == "PRACTICE=yes")
    );
    program.input = None;
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn a_slow_call_can_be_cancelled() {
    let mut program = Program::start("normal");
    let params = json!({ "name": "slow", "arguments": { "steps": 100_000 },
        "_meta": { "progressToken": 1 } });
    program.send(5, "tools/call", params);
    assert_eq!(program.json()["params"]["progress"], 1);
    program.say(
        &json!({ "jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": { "requestId": 5 } }),
    );
    let mut errors = BufReader::new(program.child.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    assert_eq!(line, "cancelled 5\n");
}

#[test]
fn it_exits_when_it_should_not() {
    let mut program = Program::start("exits-at-once");
    assert_eq!(program.child.wait().unwrap().code(), Some(3));
    let mut program = Program::start("exits-mid-call");
    program.send(1, "tools/call", json!({ "name": "echo" }));
    assert_eq!(program.child.wait().unwrap().code(), Some(4));
    let mut program = Program::start("exits-on-probe");
    program.send(1, "server/discover", json!({}));
    assert_eq!(program.child.wait().unwrap().code(), Some(5));
}

#[test]
fn it_prints_garbage() {
    let mut program = Program::start("garbage");
    assert_eq!(program.line(), "Practice server 1.0 is ready!\n");
    program.send(1, "ping", json!({}));
    assert!(serde_json::from_str::<Value>(&program.line()).is_err());
    assert_eq!(program.json()["id"], 1);
}

#[test]
fn it_floods_stderr() {
    let mut program = Program::start("floods-stderr");
    let mut errors = program.child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
    program.send(1, "initialize", json!({}));
    program.json();
    program.input = None;
    assert!(reader.join().unwrap().unwrap() >= 8 << 20);
}

#[test]
fn it_ignores_a_polite_end() {
    let mut program = Program::start("ignores-term");
    program.send(1, "ping", json!({}));
    program.json();
    program.terminate();
    program.send(2, "ping", json!({}));
    assert_eq!(program.json()["id"], 2);
}

#[test]
fn it_starts_a_grandchild() {
    let mut program = Program::start("grandchild");
    let pid = program.call("grandchild");
    let alive = |pid: &str| {
        Command::new("kill")
            .args(["-0", pid])
            .status()
            .unwrap()
            .success()
    };
    assert!(alive(&pid));
    Command::new("kill").arg(&pid).status().unwrap();
}

#[test]
fn it_can_be_silent() {
    let mut program = Program::start("silent");
    program.send(1, "initialize", json!({}));
    program.input = None;
    let mut rest = String::new();
    program.output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}
