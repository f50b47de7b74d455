//! A board that runs, and the link to it.

use std::time::{Duration, Instant};

use callboard::config::Home;
use callboard::domain::{ConnectionOptions, ConnectorId, ConnectorName, Status};
use callboard::link::Client;
use callboard::protocol::{Add, AuthWanted, ConnectorView, EventKind, TargetWanted};
use futures_util::future::join_all;
use std::collections::HashMap;
use tokio::runtime::Runtime;

use super::shell::Shell;

/// How long anything may take before there is nothing to measure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A board in a home of its own; ends when it is dropped.
pub struct Board {
    pub shell: Shell,
    pub runtime: Runtime,
}

impl Board {
    /// A home without a board.
    pub fn absent() -> Self {
        Self {
            shell: Shell::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    /// A board that has just started in an empty home.
    pub fn fresh() -> Self {
        let board = Self::absent();
        board.start();
        board
    }

    /// Starts it as a face does.
    pub fn start(&self) {
        let _ = self.shell.run(&["list", "--json"]).succeeded();
    }

    pub fn stop(&self) {
        let _ = self.shell.run(&["stop"]).succeeded();
    }

    pub fn pid(&self) -> i32 {
        self.shell.board()
    }

    pub async fn client(&self) -> Client {
        let home = Home::under(&self.shell.home().join("board"));
        Client::attach(&home).await.unwrap()
    }

    /// Adds these servers, all at once. How long each took from the common start.
    pub fn add_all(&self, urls: &[String]) -> Vec<Duration> {
        self.runtime.block_on(async {
            let client = self.client().await;
            let begun = Instant::now();
            let additions = urls.iter().enumerate().map(|(at, url)| {
                let client = client.clone();
                async move {
                    let add = addition(&format!("server-{at}"), url);
                    let view = client.run(&add, &mut |_| {}).await.unwrap();
                    assert_eq!(view.status, Status::Connected, "{:?}", view.fault);
                    begun.elapsed()
                }
            });
            join_all(additions).await
        })
    }

    /// Waits until so many connectors are connected; returns after how long, from
    /// `begun` on.
    pub fn connected(&self, wanted: usize, begun: Instant) -> Duration {
        let waiting = async {
            let mut events = self.client().await.events(None).await.unwrap();
            let mut connected: HashMap<ConnectorId, bool> = HashMap::new();
            let mut note = |view: &ConnectorView| {
                connected.insert(view.id.clone(), view.status == Status::Connected);
                connected.values().filter(|is| **is).count()
            };
            let mut known = 0;
            while known < wanted {
                match events.next().await.unwrap().kind {
                    EventKind::Snapshot(snapshot) => {
                        known = snapshot
                            .connectors
                            .iter()
                            .map(&mut note)
                            .last()
                            .unwrap_or(0);
                    }
                    EventKind::Connector(view) => known = note(&view),
                    _ => {}
                }
            }
            begun.elapsed()
        };
        self.runtime
            .block_on(async { tokio::time::timeout(PATIENCE, waiting).await.unwrap() })
    }
}

fn addition(name: &str, url: &str) -> Add {
    Add {
        name: ConnectorName::parse(name).unwrap(),
        description: String::new(),
        target: TargetWanted::Http {
            url: url.to_owned(),
        },
        auth: AuthWanted::Auto,
        user: None,
        secrets: Vec::new(),
        options: ConnectionOptions::default(),
        trust: true,
        connect: true,
        sign_in: callboard::domain::SignInOptions::default(),
    }
}
