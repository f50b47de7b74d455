//! One call whole.

use callboard::domain::{FaultKind, JournalEvent, VaultKind};
use callboard::protocol::{CallRecord, ChooseVault, Journal, Lock, WholeCall};
use serde_json::{Value, json};

use crate::support::board::Board;
use crate::support::fake::{Behaviour, FakeServer};

async fn lines(board: &Board, event: JournalEvent) -> Vec<i64> {
    let all = board.client.send(&Journal::default()).await.unwrap();
    let of = all.into_iter().filter(|line| line.event == event);
    of.map(|line| line.seq).collect()
}

async fn whole(board: &Board, seq: i64) -> CallRecord {
    board.client.send(&WholeCall { seq }).await.unwrap()
}

#[tokio::test]
async fn a_call_is_kept_in_memory_alone_and_goes_when_the_vault_is_locked() {
    let server = FakeServer::start(Behaviour::modern());
    let board = Board::start().await;
    board.add_open("wiki", &server.url).await.unwrap();
    let arguments = json!({ "text": "sesame-4711" });
    board.call("wiki", "echo", arguments.clone()).await.unwrap();
    let refused = board.call("wiki", "echo", json!({ "text": 7 })).await;
    assert_eq!(refused.unwrap_err().kind, FaultKind::User);
    let [seq] = lines(&board, JournalEvent::Call).await[..] else {
        panic!("one call");
    };
    let record = whole(&board, seq).await;
    assert_eq!(record.entry.seq, seq);
    assert_eq!(record.arguments, Some(arguments.clone()));
    assert_eq!(record.result.unwrap()["content"][0]["text"], "sesame-4711");
    let decision = lines(&board, JournalEvent::Decision).await[0];
    assert_eq!(whole(&board, decision).await.arguments, Some(arguments));
    assert_eq!(board.shell.holds("sesame-4711"), Vec::<String>::new());
    let fault = board
        .client
        .send(&WholeCall { seq: 9999 })
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound);
    let file = ChooseVault {
        kind: VaultKind::File,
        passphrase: None,
    };
    board.client.send(&file).await.unwrap();
    board.client.send(&Lock {}).await.unwrap();
    let record = whole(&board, seq).await;
    assert_eq!((record.arguments, record.result), (None, None::<Value>));
}

#[tokio::test]
async fn a_large_result_is_left_out_and_its_arguments_stay() {
    let server = FakeServer::start(Behaviour::modern());
    let board = Board::start().await;
    board.add_open("wiki", &server.url).await.unwrap();
    let arguments = json!({ "bytes": 2_000_000 });
    board.call("wiki", "big", arguments.clone()).await.unwrap();
    let seq = lines(&board, JournalEvent::Call).await[0];
    let record = whole(&board, seq).await;
    assert_eq!((record.arguments, record.result), (Some(arguments), None));
}
