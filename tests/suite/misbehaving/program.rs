//! Local programs that misbehave.

use std::fs;
use std::path::Path;

use callboard::domain::{AuthMethod, FaultKind, Status, Untrusted};
use callboard::protocol::{Add, AuthWanted, ConnectorView, Disable, TargetWanted};
use serde_json::json;

use crate::support::board::{Board, SHORT, wanted};
use crate::support::program::stdio_server;

fn program(name: &str, mode: &str) -> Add {
    let mut add = Add {
        target: TargetWanted::Program {
            command: stdio_server().display().to_string(),
            args: vec![mode.to_owned()],
            path: Some("/usr/bin:/bin".to_owned()),
            cwd: "/".to_owned(),
        },
        auth: AuthWanted::Given(AuthMethod::None),
        ..wanted(name, "")
    };
    add.options.timeout_seconds = Some(if mode == "silent" { SHORT } else { 60 });
    add
}

/// Processes that a board started, theirs included.
fn started_by(board: &Board) -> Vec<u32> {
    let mut family = vec![board.pid()];
    let processes: Vec<(u32, u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| read_stat(&entry.path()))
        .collect();
    // A group outlives who began it.
    let mut found = 0;
    while found < family.len() {
        found = family.len();
        for &(pid, parent, group) in &processes {
            let related =
                family.contains(&parent) || (family.contains(&group) && group != board.pid());
            if related && !family.contains(&pid) {
                family.push(pid);
            }
        }
    }
    family.split_off(1)
}

/// Process id, parent and group of a process that has not ended.
fn read_stat(path: &Path) -> Option<(u32, u32, u32)> {
    let stat = fs::read_to_string(path.join("stat")).ok()?;
    let pid = stat.split(' ').next()?.parse().ok()?;
    let mut rest = stat.rsplit(')').next()?.split_whitespace();
    let state = rest.next()?;
    let parent = rest.next()?.parse().ok()?;
    let group = rest.next()?.parse().ok()?;
    (state != "Z").then_some((pid, parent, group))
}

/// Waits until none of these is there.
async fn all_gone(processes: &[u32]) {
    let wait = async {
        let there = |pid: &u32| read_stat(Path::new(&format!("/proc/{pid}"))).is_some();
        while processes.iter().any(there) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(20), wait).await;
    assert!(waited.is_ok(), "left behind: {processes:?}");
}

fn says(view: &ConnectorView, line: &str) -> bool {
    view.stderr
        .iter()
        .map(Untrusted::raw)
        .any(|one| one.contains(line))
}

async fn works(board: &Board, name: &str) {
    let answer = board.call(name, "echo", json!({ "text": "on" })).await;
    assert_eq!(super::text(&answer.unwrap().result), "on");
}

#[tokio::test]
async fn a_program_that_exits_is_named_with_its_code_and_its_last_words() {
    let board = Board::start().await;
    let fault = board
        .send_add(&program("exits", "exits-at-once"))
        .await
        .unwrap_err();
    assert!(fault.message.contains('3'), "{fault:?}");
    board
        .wait_until("exits", |view| says(view, "no configuration found"))
        .await;
    assert_eq!(board.show("exits").await.status, Status::Failed);
    board.send_add(&program("good", "normal")).await.unwrap();
    works(&board, "good").await;
}

#[tokio::test]
async fn a_program_that_exits_in_a_call_is_started_again() {
    let board = Board::start().await;
    board
        .send_add(&program("mid", "exits-mid-call"))
        .await
        .unwrap();
    let before = started_by(&board);
    let fault = board
        .call("mid", "echo", json!({ "text": "x" }))
        .await
        .unwrap_err();
    assert!(fault.message.contains("may have run"), "{fault:?}");
    assert!(fault.message.contains('4'), "{fault:?}");
    assert!(!fault.retry, "{fault:?}");
    all_gone(&before).await;
    board
        .wait_until("mid", |view| view.status == Status::Connected)
        .await;
    assert_eq!(started_by(&board).len(), 1);
}

#[tokio::test]
async fn a_program_that_is_silent_ends_by_time_and_leaves_nothing() {
    let board = Board::start().await;
    let fault = board
        .send_add(&program("silent", "silent"))
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Network, "{fault:?}");
    assert!(
        fault
            .message
            .contains("the program did not answer within 2 s"),
        "{fault:?}"
    );
    let started = started_by(&board);
    let name = "silent".to_owned();
    board.client.send(&Disable { name }).await.unwrap();
    all_gone(&started).await;
    assert_eq!(started_by(&board), Vec::<u32>::new());
}

#[tokio::test]
async fn what_a_program_says_beside_the_protocol_harms_nothing() {
    let board = Board::start().await;
    for mode in ["garbage", "floods-stderr", "exits-on-probe", "slow-start"] {
        let before = board.peak();
        let view = board.send_add(&program(mode, mode)).await.unwrap();
        assert_eq!(view.status, Status::Connected, "{mode}");
        works(&board, mode).await;
        works(&board, mode).await;
        assert!(board.peak() < before + 16, "{mode}");
    }
    let flooded = board.show("floods-stderr").await;
    assert!(flooded.stderr.len() <= 20);
    assert!(says(&flooded, "xxxx"));
}

#[tokio::test]
async fn nothing_of_a_program_s_group_outlives_its_connector() {
    let board = Board::start().await;
    for mode in ["normal", "ignores-term", "grandchild"] {
        board.send_add(&program(mode, mode)).await.unwrap();
        works(&board, mode).await;
        let started = started_by(&board);
        let expected = if mode == "grandchild" { 2 } else { 1 };
        assert_eq!(started.len(), expected, "{mode}");
        let name = mode.to_owned();
        board.client.send(&Disable { name }).await.unwrap();
        all_gone(&started).await;
    }
    works_again(&board).await;
}

/// A board that ends takes everything with it.
async fn works_again(board: &Board) {
    board.refresh("grandchild").await.unwrap_err();
    let name = "grandchild".to_owned();
    board
        .client
        .run(&callboard::protocol::Enable { name }, &mut |_| {})
        .await
        .unwrap();
    let started = started_by(board);
    assert_eq!(started.len(), 2);
    let _ = board.shell.run(&["stop"]).succeeded();
    all_gone(&started).await;
}
