//! What faces see of each other's changes.

use std::time::Duration;

use callboard::daemon::{ServeOptions, serve};
use callboard::domain::ConnectorName;
use callboard::link::{Client, EventStream};
use callboard::protocol::{ConnectorView, Edit, Event, EventKind, Rename, Status, Stop};
use tokio::time::timeout;

use crate::support::rude_face::PATIENCE;
use crate::support::shell::Shell;

async fn next(events: &mut EventStream) -> Event {
    let event = timeout(PATIENCE, events.next()).await.unwrap();
    event.expect("the stream goes on")
}

/// The next event about a connector.
async fn connector(events: &mut EventStream) -> (u64, ConnectorView) {
    loop {
        let event = next(events).await;
        if let EventKind::Connector(view) = event.kind {
            return (event.id, *view);
        }
    }
}

/// A board with one connector that is switched off.
async fn board() -> (Shell, Client) {
    let shell = Shell::new();
    let words = ["add", "wiki", "--trust", "--no-connect", "--", "/bin/cat"];
    let _ = shell.run(&words).succeeded();
    let client = Client::attach(&shell.folders()).await.unwrap();
    (shell, client)
}

async fn rename(client: &Client, from: &str, to: &str) {
    let rename = Rename {
        name: from.to_owned(),
        to: ConnectorName::parse(to).unwrap(),
    };
    client.send(&rename).await.unwrap();
}

#[tokio::test]
async fn every_face_sees_a_change_and_a_late_one_gets_everything() {
    let (shell, client) = board().await;
    let mut one = client.events(None).await.unwrap();
    let mut other = client.events(None).await.unwrap();
    for events in [&mut one, &mut other] {
        assert!(matches!(next(events).await.kind, EventKind::Snapshot(_)));
    }
    assert_eq!(client.send(&Status {}).await.unwrap().faces, 2);
    rename(&client, "wiki", "notes").await;
    for events in [&mut one, &mut other] {
        assert_eq!(connector(events).await.1.name.as_str(), "notes");
    }
    let mut late = client.events(None).await.unwrap();
    let EventKind::Snapshot(snapshot) = next(&mut late).await.kind else {
        panic!("a snapshot comes first");
    };
    assert_eq!(snapshot.connectors[0].name.as_str(), "notes");
    drop((one, late));
    let alone = async {
        while client.send(&Status {}).await.unwrap().faces != 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, alone)
        .await
        .expect("who vanished is counted out");
    drop(shell);
}

#[tokio::test]
async fn a_face_that_comes_back_gets_exactly_what_it_missed() {
    let (_shell, client) = board().await;
    let mut events = client.events(None).await.unwrap();
    assert!(matches!(
        next(&mut events).await.kind,
        EventKind::Snapshot(_)
    ));
    rename(&client, "wiki", "n-0").await;
    let (seen, _) = connector(&mut events).await;
    drop(events);
    for place in 0..20 {
        let (from, to) = (format!("n-{place}"), format!("n-{}", place + 1));
        rename(&client, &from, &to).await;
    }
    let mut again = client.events(Some(seen)).await.unwrap();
    let mut names = Vec::new();
    let mut id = seen;
    while names.len() < 20 {
        let event = next(&mut again).await;
        assert_eq!(event.id, id + 1, "none twice, none missing");
        id = event.id;
        if let EventKind::Connector(view) = event.kind {
            names.push(view.name.to_string());
        }
    }
    let expected: Vec<String> = (1..=20).map(|place| format!("n-{place}")).collect();
    assert_eq!(names, expected);
    for unknown in [1, u64::MAX] {
        let mut events = client.events(Some(unknown)).await.unwrap();
        assert!(matches!(
            next(&mut events).await.kind,
            EventKind::Snapshot(_)
        ));
    }
}

#[tokio::test]
async fn a_face_that_falls_behind_gets_a_snapshot_and_goes_on() {
    let (_shell, client) = board().await;
    let mut slow = client.events(None).await.unwrap();
    assert!(matches!(next(&mut slow).await.kind, EventKind::Snapshot(_)));
    // Events large enough that not many fit on the way.
    let edit = Edit {
        name: "wiki".to_owned(),
        description: Some("d".repeat(8000)),
        ..Edit::default()
    };
    client.run(&edit, &mut |_| {}).await.unwrap();
    let mut name = "wiki".to_owned();
    for place in 0..500 {
        let to = format!("n-{place}");
        rename(&client, &name, &to).await;
        name = to;
    }
    let snapshot = loop {
        if let EventKind::Snapshot(snapshot) = next(&mut slow).await.kind {
            break snapshot;
        }
    };
    assert!(snapshot.connectors[0].name.as_str().starts_with("n-"));
    rename(&client, &name, "last").await;
    while connector(&mut slow).await.1.name.as_str() != "last" {}
}

#[tokio::test]
async fn a_board_of_no_use_ends_by_itself_and_not_before() {
    let shell = Shell::new();
    let home = shell.folders();
    let limit = Duration::from_millis(300);
    let options = ServeOptions {
        idle_limit: limit,
        ..ServeOptions::default()
    };
    let start = || tokio::spawn(serve(home.clone(), options.clone(), |_| {}));
    let mut board = start();
    let client = loop {
        if let Ok(client) = Client::attach(&home).await {
            break client;
        }
        tokio::task::yield_now().await;
    };
    let mut events = client.events(None).await.unwrap();
    let _ = next(&mut events).await;
    assert!(timeout(limit * 4, &mut board).await.is_err());
    drop(events);
    timeout(PATIENCE, board).await.unwrap().unwrap().unwrap();
    assert!(!client.socket().exists());
}

#[tokio::test]
async fn a_stream_ends_when_its_board_does() {
    let (_shell, client) = board().await;
    let mut events = client.events(None).await.unwrap();
    let _ = next(&mut events).await;
    client.send(&Stop {}).await.unwrap();
    let rest = async {
        let mut last = None;
        while let Some(event) = events.next().await {
            last = Some(event.kind);
        }
        last
    };
    assert_eq!(
        timeout(PATIENCE, rest).await.unwrap(),
        Some(EventKind::Stopping)
    );
}
