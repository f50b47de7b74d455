//! Taking changes back.

use callboard::domain::{AuthMethod, ConnectorName, Fault};
use callboard::domain::{FaultKind, FunctionState, JournalEvent, Permission, Status};
use callboard::protocol::{Add, AuthWanted, Edit, SecretName};
use callboard::protocol::{
    ConnectorView, Disable, Enable, Journal, Permit, Remove, Rename, Selection, Undo, Undone,
};
use serde_json::json;

use crate::support::board::{Board, carried, wanted};
use crate::support::fake::{Auth, Behaviour, FakeServer, Function};

async fn board() -> (FakeServer, Board) {
    let server = FakeServer::start(Behaviour::modern());
    let board = Board::start().await;
    board.add_open("wiki", &server.url).await.unwrap();
    (server, board)
}

async fn permit(board: &Board, functions: Selection, permission: Permission) {
    let permit = Permit {
        name: "wiki".to_owned(),
        functions,
        permission,
        seen_digest: None,
    };
    board.client.send(&permit).await.unwrap();
}

fn named(name: &str) -> Selection {
    Selection::Named(vec![name.to_owned()])
}

async fn undo(board: &Board) -> Result<Undone, Fault> {
    board.client.send(&Undo {}).await
}

async fn undone(board: &Board) -> String {
    undo(board).await.unwrap().what
}

async fn over(board: &Board) -> String {
    let fault = undo(board).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotFound, "{fault}");
    fault.message
}

async fn of(board: &Board, name: &str) -> (Permission, FunctionState) {
    let functions = board.functions("wiki").await;
    let found = functions.iter().find(|f| f.name.raw() == name).unwrap();
    (found.permission, found.state)
}

async fn lines(board: &Board) -> Vec<String> {
    let all = board.client.send(&Journal::default()).await.unwrap();
    let of = all
        .into_iter()
        .filter(|line| line.event == JournalEvent::Undone);
    of.map(|line| line.rule.unwrap()).collect()
}

#[tokio::test]
async fn a_permission_goes_back_to_what_it_was_the_last_one_first() {
    use FunctionState::Accepted;
    let (_server, board) = board().await;
    permit(&board, named("echo"), Permission::Always).await;
    permit(&board, named("echo"), Permission::Block).await;
    assert_eq!(undone(&board).await, "echo of wiki is on always again");
    assert_eq!(of(&board, "echo").await, (Permission::Always, Accepted));
    assert_eq!(undone(&board).await, "echo of wiki is on ask again");
    assert_eq!(of(&board, "echo").await, (Permission::Ask, Accepted));
    assert_eq!(over(&board).await, "there is nothing to take back");
    assert_eq!(lines(&board).await, ["permission always", "permission ask"]);
    let counts = board.show("wiki").await.functions;
    assert_eq!((counts.always, counts.block), (0, 0));
}

#[tokio::test]
async fn many_at_once_are_one_change_and_what_changes_nothing_is_none() {
    let (_server, board) = board().await;
    permit(&board, named("fail"), Permission::Block).await;
    permit(&board, Selection::All, Permission::Always).await;
    permit(&board, Selection::All, Permission::Always).await;
    assert_eq!(
        undone(&board).await,
        "6 functions of wiki have the permissions again that they had"
    );
    assert_eq!(of(&board, "fail").await.0, Permission::Block);
    assert_eq!(of(&board, "echo").await.0, Permission::Ask);
    assert_eq!(undone(&board).await, "fail of wiki is on ask again");
}

/// Otherwise `echo` would be on *always* with a definition that was looked at for
/// *ask* alone.
#[tokio::test]
async fn taking_a_permission_back_takes_back_what_it_accepted_and_says_so() {
    let (server, board) = board().await;
    permit(&board, named("echo"), Permission::Always).await;
    let mut functions = Function::usual();
    functions[0] = Function::new("echo", "Answers, and tells others");
    functions.push(Function::new("more", "Something new"));
    server.set_functions(functions);
    board
        .wait_until("wiki", |view| view.functions.changed == 2)
        .await;
    permit(&board, named("echo"), Permission::Ask).await;
    assert_eq!(
        of(&board, "echo").await,
        (Permission::Ask, FunctionState::Accepted)
    );
    assert_eq!(
        undone(&board).await,
        "echo of wiki is on always again; its definition is not accepted any more: look at it before it runs"
    );
    assert_eq!(
        of(&board, "echo").await,
        (Permission::Always, FunctionState::Changed)
    );
    let fault = board
        .call("wiki", "echo", json!({ "text": "x" }))
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Denied, "it runs for nobody: {fault}");
    permit(&board, named("more"), Permission::Always).await;
    assert!(undone(&board).await.contains("not accepted any more"));
    assert_eq!(
        of(&board, "more").await,
        (Permission::Ask, FunctionState::New)
    );
}

#[tokio::test]
async fn what_somebody_changed_since_stays_and_is_said() {
    let (server, board) = board().await;
    permit(&board, named("echo"), Permission::Always).await;
    let edit = Edit {
        name: "wiki".to_owned(),
        url: Some(server.url.replace("/mcp", "/moved")),
        trust: true,
        ..Edit::default()
    };
    board.client.run(&edit, &mut |_| {}).await.unwrap();
    assert_eq!(
        over(&board).await,
        "what was set for wiki was changed since, and stays as it is"
    );
    assert_eq!(
        of(&board, "echo").await.0,
        Permission::Ask,
        "of another server"
    );
}

#[tokio::test]
async fn switching_goes_both_ways() {
    let (_server, board) = board().await;
    let name = || "wiki".to_owned();
    board.client.send(&Disable { name: name() }).await.unwrap();
    assert_eq!(undone(&board).await, "wiki is switched on again");
    board
        .wait_until("wiki", |view| view.status == Status::Connected)
        .await;
    board.client.send(&Disable { name: name() }).await.unwrap();
    board
        .client
        .run(&Enable { name: name() }, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(undone(&board).await, "wiki is switched off again");
    board
        .wait_until("wiki", |view| view.status == Status::Disabled)
        .await;
    assert_eq!(undone(&board).await, "wiki is switched on again");
    assert_eq!(over(&board).await, "there is nothing to take back");
}

fn kept(view: &ConnectorView) -> (String, String, callboard::domain::ConnectorId) {
    let name = view.name.to_string();
    (name, view.description.clone(), view.id.clone())
}

#[tokio::test]
async fn a_removed_connector_comes_back_whole_but_for_its_secrets() {
    let token = "open-sesame";
    let server = FakeServer::start(Behaviour::modern().auth(Auth::Bearer(token.to_owned())));
    let board = Board::start().await;
    let add = Add {
        description: "Team wiki".to_owned(),
        auth: AuthWanted::Given(AuthMethod::Bearer),
        secrets: vec![(SecretName::Token, carried(token))],
        ..wanted("wiki", &server.url)
    };
    board.send_add(&add).await.unwrap();
    permit(&board, named("echo"), Permission::Always).await;
    let before = board.show("wiki").await;
    let remove = Remove {
        name: "wiki".to_owned(),
    };
    board.client.send(&remove).await.unwrap();
    assert_eq!(
        undone(&board).await,
        "wiki is back with its permissions, but not its secrets: `callboard edit wiki` gives them anew"
    );
    board
        .wait_until("wiki", |view| view.status == Status::SignIn)
        .await;
    assert_eq!(kept(&board.show("wiki").await), kept(&before));
    assert_eq!(
        of(&board, "echo").await,
        (Permission::Always, FunctionState::Accepted)
    );
    assert_eq!(
        of(&board, "add").await,
        (Permission::Ask, FunctionState::Accepted)
    );
    let edit = Edit {
        name: "wiki".to_owned(),
        secrets: vec![(SecretName::Token, carried(token))],
        ..Edit::default()
    };
    board.client.run(&edit, &mut |_| {}).await.unwrap();
    let answer = board
        .call("wiki", "echo", json!({ "text": "again" }))
        .await
        .unwrap();
    assert_eq!(answer.result["content"][0]["text"], "again");
    // What was done before the removal can still be taken back.
    assert_eq!(undone(&board).await, "echo of wiki is on ask again");
}

#[tokio::test]
async fn a_removed_connector_waits_until_its_name_is_free() {
    let (server, board) = board().await;
    let remove = Remove {
        name: "wiki".to_owned(),
    };
    board.client.send(&remove).await.unwrap();
    board.add_open("Wiki", &server.url).await.unwrap();
    let fault = undo(&board).await.unwrap_err();
    assert_eq!(fault.message, "another connector is named wiki by now");
    let rename = Rename {
        name: "Wiki".to_owned(),
        to: ConnectorName::parse("other").unwrap(),
    };
    board.client.send(&rename).await.unwrap();
    assert_eq!(undone(&board).await, "wiki is back with its permissions");
    board
        .wait_until("wiki", |view| view.status == Status::Connected)
        .await;
}
