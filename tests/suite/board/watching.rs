//! A resource that is watched.

use callboard::domain::{Fault, FaultKind};
use callboard::link::Client;
use callboard::protocol::{Disable, Reading, Remove, Stop, WatchResource};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::board::{Board, wanted};
use crate::support::fake::{Behaviour, FakeServer, Offers};
use crate::support::rude_face::{PATIENCE, wait_until};

const COUNTER: &str = "note://counter";

async fn connected(behaviour: Behaviour) -> (FakeServer, Board) {
    let server = FakeServer::start(behaviour);
    let board = Board::start().await;
    let mut add = wanted("wiki", &server.url);
    // A busy machine is no server that is away.
    add.options.timeout_seconds = None;
    board.send_add(&add).await.unwrap();
    (server, board)
}

fn watch(uri: &str) -> WatchResource {
    WatchResource {
        name: "wiki".to_owned(),
        uri: uri.to_owned(),
    }
}

/// A face that watches. Dropped, it goes away.
struct Watching {
    readings: UnboundedReceiver<Reading>,
    running: JoinHandle<Result<(), Fault>>,
}

impl Watching {
    fn of(client: &Client, uri: &str) -> Self {
        let (tell, readings) = unbounded_channel();
        let (client, watch) = (client.clone(), watch(uri));
        let running = tokio::spawn(async move {
            let mut on_step = |reading| drop(tell.send(reading));
            client.run(&watch, &mut on_step).await
        });
        Self { readings, running }
    }

    /// The next text.
    async fn next(&mut self) -> String {
        let reading = timeout(PATIENCE, self.readings.recv()).await.unwrap();
        let Some(reading) = reading else {
            let ended = (&mut self.running).await;
            panic!("it ended: {ended:?}");
        };
        let text = reading.result["contents"][0]["text"].as_str();
        text.unwrap().to_owned()
    }

    /// Texts until this one; how many.
    async fn until(&mut self, text: &str) -> usize {
        for count in 1.. {
            if self.next().await == text {
                return count;
            }
        }
        unreachable!()
    }

    async fn ended(mut self) -> Fault {
        timeout(PATIENCE, &mut self.running)
            .await
            .unwrap()
            .unwrap()
            .unwrap_err()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Waits until a server is ready to tell: of the era's own signs.
async fn subscribed(server: &FakeServer) {
    server
        .wait_for(|record| {
            let legacy = record.subscribed > 0 && record.listeners > 0;
            let modern = record.count("subscriptions/listen") > 1 && record.listeners > 1;
            legacy || modern
        })
        .await;
}

fn both_eras() -> [Behaviour; 3] {
    [
        Behaviour::modern().offering(),
        Behaviour::legacy("2025-11-25").offering(),
        Behaviour::sse().offering(),
    ]
}

#[tokio::test]
async fn it_is_read_at_once_and_again_at_each_update() {
    for behaviour in both_eras() {
        let (server, board) = connected(behaviour).await;
        let mut watching = Watching::of(&board.client, COUNTER);
        assert_eq!(watching.next().await, "0");
        subscribed(&server).await;
        for text in ["1", "2", "3"] {
            assert_eq!(server.set_text(COUNTER, text), 1);
            assert_eq!(watching.next().await, text);
        }
        // What is somebody else's business is none of this one's.
        let reads = server.count("resources/read");
        server.set_text("note://today", "other");
        server.announce_update_to_all("note://today");
        server.announce_update_to_all("note://\u{1b}[2J");
        server.set_text(COUNTER, "4");
        assert_eq!(watching.next().await, "4");
        assert_eq!(server.count("resources/read"), reads + 1);
    }
}

#[tokio::test]
async fn the_server_is_told_when_the_last_watcher_leaves() {
    for behaviour in both_eras() {
        let (server, board) = connected(behaviour).await;
        let mut one = Watching::of(&board.client, COUNTER);
        let mut two = Watching::of(&board.client, COUNTER);
        assert_eq!(
            (one.next().await, two.next().await),
            ("0".into(), "0".into())
        );
        subscribed(&server).await;
        let streams = server.record().listeners;
        drop(one);
        server.set_text(COUNTER, "1");
        assert_eq!(two.next().await, "1");
        assert_eq!(server.count("resources/unsubscribe"), 0);
        assert_eq!(server.record().listeners, streams);
        drop(two);
        server
            .wait_for(|record| record.unsubscribed == 1 || record.listeners < streams)
            .await;
        assert!(server.count("resources/subscribe") <= 1);
        // The server writes a request down before it does what that asks for.
        wait_until("nobody is told", || server.set_text(COUNTER, "2") == 0);
        // And begins again.
        let mut three = Watching::of(&board.client, COUNTER);
        assert_eq!(three.next().await, "2");
    }
}

#[tokio::test]
async fn a_storm_of_updates_is_a_few_readings_and_ends_with_the_last() {
    for behaviour in both_eras() {
        let (server, board) = connected(behaviour).await;
        let mut watching = Watching::of(&board.client, COUNTER);
        assert_eq!(watching.next().await, "0");
        subscribed(&server).await;
        for n in 1..=5_000 {
            server.set_text(COUNTER, &n.to_string());
        }
        let readings = watching.until("5000").await;
        assert!(readings < 500, "{readings} readings");
        assert!(server.count("resources/read") < 500);
    }
}

#[tokio::test]
async fn a_slow_face_misses_what_is_old_and_never_what_is_last() {
    let (server, board) = connected(Behaviour::modern().offering()).await;
    let large = |n: usize| format!("{n}{}", "x".repeat(1 << 20));
    let before = board.peak();
    let request = watch(COUNTER);
    let (tell, mut told) = unbounded_channel();
    let mut updates = 0;
    let mut on_step = |reading: Reading| {
        let text = reading.result["contents"][0]["text"].as_str().unwrap();
        let _ = tell.send(text.trim_end_matches('x').to_owned());
        if updates < 120 {
            // While this face looks away, the server changes it and changes it.
            for _ in 0..20 {
                updates += 1;
                server.set_text(COUNTER, &large(updates));
            }
        }
    };
    let mut seen = Vec::new();
    let watching = async {
        tokio::select! {
            ended = board.client.run(&request, &mut on_step) => panic!("{ended:?}"),
            () = async {
                while seen.last().is_none_or(|last| last != "120") {
                    seen.extend(told.recv().await);
                }
            } => {}
        }
    };
    timeout(PATIENCE, watching).await.unwrap();
    assert!(seen.len() < 20, "{seen:?}");
    let grown = board.peak().saturating_sub(before);
    assert!(grown < 64, "the board grew by {grown} MiB");
}

#[tokio::test]
async fn a_server_that_does_not_tell_is_named_and_not_asked() {
    let silent = Offers {
        subscribe: false,
        ..Offers::usual()
    };
    let (server, board) = connected(Behaviour::legacy("2025-11-25").offers(silent)).await;
    let fault = Watching::of(&board.client, COUNTER).ended().await;
    assert_eq!(fault.message, "wiki does not tell when a resource changes");
    assert_eq!(server.count("resources/subscribe"), 0);
    let (_server, board) = connected(Behaviour::modern().offering()).await;
    let fault = Watching::of(&board.client, "note://nowhere").ended().await;
    assert_eq!(fault.kind, FaultKind::NotFound);
}

#[tokio::test]
async fn it_follows_its_connector_into_the_next_session() {
    for behaviour in both_eras() {
        let (server, board) = connected(behaviour).await;
        let mut watching = Watching::of(&board.client, COUNTER);
        assert_eq!(watching.next().await, "0");
        subscribed(&server).await;
        server.set_text_silently(COUNTER, "1");
        board.refresh("wiki").await.unwrap();
        assert_eq!(watching.next().await, "1");
        server.wait_for(|record| record.listeners > 0).await;
        // A stream that was just opened may not have been listened to at first.
        while server.set_text(COUNTER, "2") == 0 {
            tokio::task::yield_now().await;
        }
        watching.until("2").await;
    }
}

#[tokio::test]
async fn it_outlives_a_server_that_is_away_for_a_while() {
    for behaviour in [Behaviour::modern(), Behaviour::sse()] {
        let (mut server, board) = connected(behaviour.offering()).await;
        let mut watching = Watching::of(&board.client, COUNTER);
        assert_eq!(watching.next().await, "0");
        subscribed(&server).await;
        server.stop();
        if server.url.ends_with("/sse") {
            // Its session is the stream; the others only notice when they ask.
            board.wait_until("wiki", |view| view.fault.is_some()).await;
        }
        server.set_text_silently(COUNTER, "1");
        server.restart();
        assert_eq!(watching.next().await, "1");
    }
}

#[tokio::test]
async fn a_server_that_ends_its_session_over_it_again_and_again_is_left_alone() {
    let (server, board) = connected(Behaviour::sse().offering()).await;
    let mut watching = Watching::of(&board.client, COUNTER);
    assert_eq!(watching.next().await, "0");
    for reads in 1..=2 {
        server
            .wait_for(|record| record.count("resources/read") == reads)
            .await;
        server.kill_sessions();
    }
    // In which words depends on what it was cut off in.
    let fault = watching.ended().await;
    assert_eq!(server.count("resources/read"), 2, "{fault}");
}

#[tokio::test]
async fn what_was_missed_while_nobody_could_hear_is_read() {
    // A stream that breaks is opened again.
    let (server, board) = connected(Behaviour::modern().offering()).await;
    let mut watching = Watching::of(&board.client, COUNTER);
    assert_eq!(watching.next().await, "0");
    subscribed(&server).await;
    server.cut_streams();
    server.set_text_silently(COUNTER, "1");
    assert_eq!(watching.next().await, "1");

    // A session that was forgotten is made anew, and asked for updates again.
    let (server, board) = connected(Behaviour::legacy("2025-11-25").offering()).await;
    let mut watching = Watching::of(&board.client, COUNTER);
    assert_eq!(watching.next().await, "0");
    subscribed(&server).await;
    server.set_text_silently(COUNTER, "1");
    server.kill_sessions();
    assert_eq!(watching.next().await, "1");
    server.wait_for(|record| record.subscribed == 2).await;
    while server.set_text(COUNTER, "2") == 0 {
        tokio::task::yield_now().await;
    }
    watching.until("2").await;
}

#[tokio::test]
async fn what_ends_it_is_said() {
    let (server, board) = connected(Behaviour::modern().offering()).await;
    let name = || "wiki".to_owned();
    let begin = || async {
        let mut watching = Watching::of(&board.client, COUNTER);
        watching.next().await;
        watching
    };
    let watching = begin().await;
    board.client.send(&Disable { name: name() }).await.unwrap();
    let fault = watching.ended().await;
    assert!(fault.message.contains("switched off"), "{fault}");

    let _ = board.shell.run(&["enable", "wiki"]).succeeded();
    let watching = begin().await;
    let other = FakeServer::start(Behaviour::modern().offering());
    let words = ["edit", "wiki", "--url", &other.url, "--trust"];
    let _ = board.shell.run(&words).succeeded();
    let fault = watching.ended().await;
    assert!(fault.message.contains("points elsewhere"), "{fault}");
    assert_eq!(other.count("resources/read"), 0);

    let watching = begin().await;
    board.client.send(&Remove { name: name() }).await.unwrap();
    let fault = watching.ended().await;
    assert_eq!(fault.kind, FaultKind::NotFound);
    drop(server);

    board.add("wiki", &other.url).await.unwrap();
    let watching = begin().await;
    board.client.send(&Stop {}).await.unwrap();
    let fault = watching.ended().await;
    assert_eq!(fault.message, "the board has ended");
}
