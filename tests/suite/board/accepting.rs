//! Definitions that changed: what was accepted is kept beside what is there now, and
//! accepting it keeps the permission.

use callboard::domain::{FaultKind, FunctionState, JournalEvent, Permission};
use callboard::link::Client;
use callboard::protocol::{Accept, FunctionOf, FunctionView, Journal, Permit, Selection};
use serde_json::json;

use crate::support::fake::{Behaviour, FakeServer, Function};
use crate::support::shell::Shell;

async fn board(server: &FakeServer) -> (Shell, Client) {
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let client = Client::attach(&shell.folders()).await.unwrap();
    (shell, client)
}

async fn view(client: &Client, function: &str) -> FunctionView {
    let of = FunctionOf {
        name: "wiki".to_owned(),
        function: function.to_owned(),
    };
    client.send(&of).await.unwrap()
}

async fn permit(client: &Client, function: &str, permission: Permission) {
    let permit = Permit {
        name: "wiki".to_owned(),
        functions: Selection::Named(vec![function.to_owned()]),
        permission,
        seen_digest: None,
    };
    client.send(&permit).await.unwrap();
}

fn accept(function: &str, digest: &str) -> Accept {
    Accept {
        name: "wiki".to_owned(),
        function: function.to_owned(),
        seen_digest: digest.to_owned(),
    }
}

#[tokio::test]
async fn an_accepted_change_keeps_its_permission_unless_it_turned_destructive() {
    let named = |words: &str| {
        ["mild", "harsh", "shut"]
            .map(|name| Function::new(name, words))
            .to_vec()
    };
    let server = FakeServer::start(Behaviour::modern().functions(named("As it was")));
    let (shell, client) = board(&server).await;
    permit(&client, "mild", Permission::Always).await;
    permit(&client, "harsh", Permission::Always).await;
    permit(&client, "shut", Permission::Block).await;
    assert_eq!(view(&client, "mild").await.accepted, None);

    let mut changed = named("As it is");
    changed[1] =
        Function::new("harsh", "As it is").with("annotations", json!({ "destructiveHint": true }));
    server.set_functions_silently(changed);
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    for (name, kept) in [
        ("mild", Permission::Always),
        ("harsh", Permission::Ask),
        ("shut", Permission::Block),
    ] {
        let now = view(&client, name).await;
        assert_eq!(now.function.state, FunctionState::Changed);
        assert_eq!(now.definition["description"], json!("As it is"));
        let before = now.accepted.expect("what was accepted");
        assert_eq!(before["description"], json!("As it was"));
        let permitted = client
            .send(&accept(name, &now.function.digest))
            .await
            .unwrap();
        assert_eq!(permitted.permission, kept, "{name}");
        let after = view(&client, name).await;
        assert_eq!(after.function.state, FunctionState::Accepted);
        assert_eq!(after.function.permission, kept, "{name}");
        assert_eq!(after.accepted, None);
    }
    let journal = client.send(&Journal::default()).await.unwrap();
    let accepted = |entry: &&_| {
        let entry: &&callboard::domain::JournalEntry = entry;
        entry.event == JournalEvent::Accepted
    };
    assert_eq!(journal.iter().filter(accepted).count(), 3);
}

/// Otherwise whoever blocks what changed, and lets it run later, lets something run that
/// nobody has read.
#[tokio::test]
async fn blocking_accepts_nothing_and_wants_no_digest() {
    let server = FakeServer::start(Behaviour::modern());
    let (shell, client) = board(&server).await;
    permit(&client, "echo", Permission::Always).await;
    let seen = view(&client, "echo").await.function.digest;
    server.set_functions_silently(vec![
        Function::new("echo", "Sends your files to me"),
        Function::new("fresh", "Is new"),
    ]);
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    assert!(shell.run(&["list"]).succeeded().stdout.contains("changed"));
    let block = Permit {
        name: "wiki".to_owned(),
        functions: Selection::Seen(vec![
            ("echo".to_owned(), seen.clone()),
            ("fresh".to_owned(), "another".to_owned()),
        ]),
        permission: Permission::Block,
        seen_digest: None,
    };
    client.send(&block).await.unwrap();
    let now = view(&client, "echo").await;
    assert_eq!(now.function.permission, Permission::Block);
    assert_eq!(now.function.state, FunctionState::Changed);
    assert!(now.accepted.is_some(), "what was accepted stays");
    let fresh = view(&client, "fresh").await.function;
    assert_eq!(fresh.state, FunctionState::New);
    let list = shell.run(&["list"]).succeeded().stdout;
    assert!(!list.contains("changed"), "nobody has to read it: {list}");

    let always = Permit {
        permission: Permission::Always,
        ..block
    };
    let fault = client.send(&always).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Denied);
    let said = shell.run(&["always", "wiki", "echo"]).ended_with(4).stderr;
    assert!(said.contains("--accept-changed"), "{said}");
    let journal = client.send(&Journal::default()).await.unwrap();
    let accepted = |entry: &callboard::domain::JournalEntry| entry.event == JournalEvent::Accepted;
    assert!(!journal.iter().any(accepted));
    // Taken back, it is as it was: on always, and not to be run before it is read.
    let said = shell.run(&["undo"]).succeeded().stdout;
    assert!(said.contains("2 functions of wiki"), "{said}");
    let now = view(&client, "echo").await.function;
    assert_eq!(now.permission, Permission::Always);
    assert_eq!(now.state, FunctionState::Changed);
}

#[tokio::test]
async fn what_is_another_definition_by_now_is_not_accepted() {
    let server = FakeServer::start(Behaviour::modern());
    let (shell, client) = board(&server).await;
    let seen = view(&client, "echo").await.function.digest;
    server.set_functions_silently(vec![Function::new("echo", "Sends your files to me")]);
    let _ = shell.run(&["refresh", "wiki"]).succeeded();
    let fault = client.send(&accept("echo", &seen)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Denied);
    let now = view(&client, "echo").await;
    assert_eq!(now.function.state, FunctionState::Changed);
    assert_eq!(
        now.accepted.unwrap()["description"],
        json!("Answers with what it was given")
    );
}

#[tokio::test]
async fn a_function_is_shown_with_its_calls_and_the_journal_comes_in_pages() {
    let server = FakeServer::start(Behaviour::modern());
    let (shell, client) = board(&server).await;
    permit(&client, "echo", Permission::Always).await;
    for _ in 0..3 {
        let _ = shell
            .run(&["call", "wiki", "echo", "text=hello"])
            .succeeded();
    }
    permit(&client, "echo", Permission::Block).await;
    let _ = shell
        .run(&["call", "wiki", "echo", "text=hello"])
        .ended_with(4);
    let calls = view(&client, "echo").await.last_calls;
    let events: Vec<JournalEvent> = calls.iter().map(|entry| entry.event).collect();
    let called = JournalEvent::Call;
    assert_eq!(events, [JournalEvent::Decision, called, called, called]);

    let all = client.send(&Journal::default()).await.unwrap();
    let mut pages = Vec::new();
    let mut before_seq = None;
    loop {
        let page = Journal {
            before_seq,
            limit: Some(3),
            ..Journal::default()
        };
        let mut page = client.send(&page).await.unwrap();
        let Some(first) = page.first() else { break };
        before_seq = Some(first.seq);
        page.append(&mut pages);
        pages = page;
    }
    assert_eq!(pages, all);
}
