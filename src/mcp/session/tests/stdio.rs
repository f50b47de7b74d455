//! Local programs, written in sh.

use std::time::Duration;

use rustix::process::{Pid, test_kill_process};
use serde_json::json;

use super::{fake::text, *};
use crate::domain::Secret;

const HEAD: &str = r#"
say() { printf '%s\n' "$1"; }
while read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
  case "$line" in
  *'"initialize"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"sh\",\"version\":\"1\"}}}" ;;
  *'"tools/list"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"tools\":[{\"name\":\"echo\",\"inputSchema\":{\"type\":\"object\"},\"vendor\":1}]}}" ;;
"#;
const TAIL: &str = "\n  esac\ndone\n";

/// A program that handshakes and lists; `more` are further cases of its `case`.
pub(super) fn server(before: &str, more: &str) -> ConnectPlan {
    program(&format!("{before}\n{HEAD}{more}{TAIL}"))
}

fn program(script: &str) -> ConnectPlan {
    let mut plan = plan("");
    plan.target = Target::Program {
        command: "/bin/sh".to_owned(),
        args: vec!["-c".to_owned(), script.to_owned()],
        env: vec![],
        path: None,
        cwd: "/".to_owned(),
    };
    plan
}

fn alive(pid: i32) -> bool {
    // A zombie still answers to signals; it is gone all the same.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let zombie = stat
        .rsplit(')')
        .next()
        .is_some_and(|rest| rest.starts_with(" Z"));
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok() && !zombie
}

async fn gone(pid: i32) {
    within(async {
        while alive(pid) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

fn number(answer: &CallAnswer) -> i32 {
    answer.result["pid"].as_i64().unwrap().try_into().unwrap()
}

const HELLO: &str = r#"*'"tools/call"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"vendor\":1}}" ;;"#;

#[tokio::test]
async fn a_program_is_started_listed_called_and_ended() {
    let pids =
        r#"*'"tools/call"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"pid\":$$}}" ;;"#;
    let tried = connect(server("", pids)).await.unwrap();
    let info = tried.session.info();
    assert_eq!(
        (info.transport, info.server.name.raw()),
        (Transport::Stdio, "sh")
    );
    let functions = within(tried.session.list_functions()).await.unwrap();
    assert_eq!(functions[0].definition["vendor"], 1);
    let pid = number(&call(&tried.session, "echo").await.unwrap());
    assert!(alive(pid));
    within(tried.session.close()).await;
    assert!(!alive(pid));
}

#[tokio::test]
async fn what_a_program_started_ends_with_it_also_when_the_session_is_dropped() {
    let child =
        r#"*'"tools/call"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"pid\":$kept}}" ;;"#;
    let tried = connect(server("sleep 1000 & kept=$!", child))
        .await
        .unwrap();
    let pid = number(&call(&tried.session, "echo").await.unwrap());
    assert!(alive(pid));
    drop(tried);
    gone(pid).await;
}

#[tokio::test]
async fn a_program_that_does_not_listen_is_ended_by_signal() {
    let deaf = r#"*'"tools/call"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"pid\":$$}}"; exec sleep 1000 ;;"#;
    let tried = connect(server("", deaf)).await.unwrap();
    let pid = number(&call(&tried.session, "echo").await.unwrap());
    within(tried.session.close()).await;
    assert!(!alive(pid));
}

#[tokio::test]
async fn a_program_sees_its_own_variables_and_few_of_ours() {
    let vars = r#"*'"tools/call"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"key\":\"$KEY\",\"term\":\"$TERM\",\"cargo\":\"$CARGO_PKG_NAME\"}}" ;;"#;
    let mut plan = server("", vars);
    plan.credentials = Credentials::Environment(vec![("KEY".to_owned(), Secret::new("s3"))]);
    let tried = connect(plan).await.unwrap();
    let answer = call(&tried.session, "echo").await.unwrap();
    assert_eq!(
        answer.result,
        json!({"key": "s3", "term": "dumb", "cargo": ""})
    );
}

#[tokio::test]
async fn noise_on_standard_output_is_passed_over_and_standard_error_is_kept() {
    let mut tried = connect(server("echo Welcome!; echo starting >&2", HELLO))
        .await
        .unwrap();
    assert_eq!(
        call(&tried.session, "echo").await.unwrap().result,
        text("hi")
    );
    let said = within(tried.events.recv()).await;
    assert_eq!(said, Some(SessionEvent::Stderr("starting".into())));
}

#[tokio::test]
async fn a_program_that_ends_at_once_is_quoted() {
    let fault = connect(program("echo 'no key set' >&2; exit 3"))
        .await
        .err()
        .unwrap();
    assert!(fault.message.contains("exit status 3"), "{fault}");
    assert!(
        fault.hints.iter().any(|hint| hint.contains("no key set")),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_program_that_is_no_server_is_named() {
    let mut plan = program("echo hello; cat >/dev/null");
    plan.options.timeout_seconds = Some(1);
    let fault = connect(plan).await.err().unwrap();
    assert!(
        fault.hints.iter().any(|hint| hint.contains("not MCP")),
        "{fault:?}"
    );
    let fault = connect(program("cat")).await.err().unwrap();
    assert!(fault.message.contains("repeats"), "{fault}");
    let fault = connect(program("yes")).await.err().unwrap();
    assert!(fault.message.contains("not MCP"), "{fault}");
}

#[tokio::test]
async fn a_program_that_dies_in_a_call_leaves_it_unknown() {
    let dies = r#"*'"tools/call"'*) echo 'out of luck' >&2; exit 9 ;;"#;
    let mut tried = connect(server("", dies)).await.unwrap();
    let ended = call(&tried.session, "echo").await.unwrap_err();
    assert!(matches!(ended, CallFault::Unknown(_)), "{ended:?}");
    let fault = tried.closed().await;
    assert!(fault.message.contains("exit status 9"), "{fault}");
    let ended = call(&tried.session, "echo").await.unwrap_err();
    assert!(matches!(ended, CallFault::NotSent(_)), "{ended:?}");
}

#[tokio::test]
async fn an_answer_with_a_key_twice_is_refused_and_the_program_goes_on() {
    let twice =
        r#"*'"bad"'*) say "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"a\":1,\"a\":2}}" ;;"#;
    let tried = connect(server("", &format!("{twice}\n{HELLO}")))
        .await
        .unwrap();
    let ended = call(&tried.session, "bad").await.unwrap_err();
    assert!(
        matches!(&ended, CallFault::Unknown(f) if f.message.contains("twice")),
        "{ended:?}"
    );
    assert_eq!(
        call(&tried.session, "echo").await.unwrap().result,
        text("hi")
    );
}

#[tokio::test]
async fn a_program_of_the_newest_kind_is_found_after_it_refused_the_old_way() {
    let script = r#"while read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
  case "$line" in
  *'"initialize"'*) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"modern only"}}\n' "$id" ;;
  *'"server/discover"'*) printf '{"jsonrpc":"2.0","id":%s,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}}\n' "$id" ;;
  esac
done"#;
    let tried = connect(program(script)).await.unwrap();
    assert_eq!(tried.session.info().era, Era::Modern);
}
