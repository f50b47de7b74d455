//! kill -9 at any moment.

use std::collections::BTreeMap;
use std::time::Duration;

use callboard::domain::{ConnectionOptions, ConnectorName, Fault, Permission};
use callboard::link::{Client, Found, find};
use callboard::protocol::{
    Add, AuthWanted, Connectors, Disable, FunctionOf, Journal, Permit, Remove, Rename, Selection,
    TargetWanted,
};
use rustix::process::Signal;

use crate::support::fake::{Behaviour, FakeServer};
use crate::support::rude_face::{signal, wait_until};
use crate::support::shell::Shell;

/// What the board said that it did.
#[derive(Debug, Default)]
struct Acknowledged {
    connectors: BTreeMap<String, ()>,
    permission: Option<Permission>,
    /// Names that a request was about that was never answered.
    in_doubt: Vec<String>,
    permission_in_doubt: Option<Permission>,
}

fn program(name: &str) -> Add {
    Add {
        name: ConnectorName::parse(name).unwrap(),
        description: String::new(),
        target: TargetWanted::Program {
            command: "/bin/cat".to_owned(),
            args: Vec::new(),
            path: None,
            cwd: "/".to_owned(),
        },
        auth: AuthWanted::Auto,
        user: None,
        secrets: Vec::new(),
        options: ConnectionOptions::default(),
        trust: true,
        connect: false,
        sign_in: callboard::domain::SignInOptions::default(),
    }
}

/// Changes this and that until the board is gone.
async fn change(client: &Client, round: usize, known: &mut Acknowledged) -> Fault {
    for turn in 0.. {
        let name = format!("r{round}-{turn}");
        let renamed = format!("{name}-n");
        known.in_doubt = vec![name.clone()];
        if let Err(fault) = client.run(&program(&name), &mut |_| {}).await {
            return fault;
        }
        known.connectors.insert(name.clone(), ());
        known.in_doubt = vec![name.clone(), renamed.clone()];
        let rename = Rename {
            name: name.clone(),
            to: ConnectorName::parse(&renamed).unwrap(),
        };
        if let Err(fault) = client.send(&rename).await {
            return fault;
        }
        known.connectors.remove(&name);
        known.connectors.insert(renamed.clone(), ());
        known.in_doubt.clear();
        let permission = match turn % 3 {
            0 => Permission::Always,
            1 => Permission::Block,
            _ => Permission::Ask,
        };
        known.permission_in_doubt = Some(permission);
        let permit = Permit {
            name: "wiki".to_owned(),
            functions: Selection::Named(vec!["echo".to_owned()]),
            permission,
            seen_digest: None,
        };
        if let Err(fault) = client.send(&permit).await {
            return fault;
        }
        known.permission = Some(permission);
        known.permission_in_doubt = None;
        if turn % 4 == 3 {
            known.in_doubt = vec![renamed.clone()];
            if let Err(fault) = client
                .send(&Remove {
                    name: renamed.clone(),
                })
                .await
            {
                return fault;
            }
            known.connectors.remove(&renamed);
            known.in_doubt.clear();
        }
        let switch = Disable {
            name: "wiki".to_owned(),
        };
        if let Err(fault) = client.send(&switch).await {
            return fault;
        }
    }
    unreachable!()
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_and_nothing_is_half_done() {
    let server = FakeServer::start(Behaviour::modern());
    let shell = Shell::new();
    let _ = shell
        .run(&["add", "wiki", &server.url, "--trust"])
        .succeeded();
    let mut known = Acknowledged::default();
    for (round, delay) in [3, 17, 40, 71, 113, 160, 230, 310].into_iter().enumerate() {
        let _ = shell.run(&["list"]).succeeded();
        let client = Client::attach(&shell.folders()).await.unwrap();
        let board = shell.board();
        let home = shell.folders();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(delay));
            signal(board, Signal::KILL);
            // Its threads may outlive the first of them, and hold the lock.
            wait_until("the board is gone", || find(&home) == Ok(Found::None));
        });
        let fault = change(&client, round, &mut known).await;
        assert!(fault.message.contains("does not answer"), "{fault}");
        killer.join().unwrap();
        let _ = shell.run(&["list"]).succeeded();
        let client = Client::attach(&shell.folders()).await.unwrap();
        check(&client, &mut known).await;
    }
}

async fn check(client: &Client, known: &mut Acknowledged) {
    let there: Vec<String> = client
        .send(&Connectors {})
        .await
        .unwrap()
        .into_iter()
        .map(|view| view.name.to_string())
        .filter(|name| name != "wiki")
        .collect();
    for name in known.connectors.keys() {
        assert!(
            there.contains(name) || known.in_doubt.contains(name),
            "{name} is lost"
        );
    }
    for name in &there {
        let expected = known.connectors.contains_key(name) || known.in_doubt.contains(name);
        assert!(expected, "{name} came from nowhere");
    }
    let doubtful = there.iter().filter(|name| known.in_doubt.contains(name));
    assert!(doubtful.count() <= 1, "a rename is done or not: {there:?}");
    known.connectors = there.into_iter().map(|name| (name, ())).collect();
    let of = FunctionOf {
        name: "wiki".to_owned(),
        function: "echo".to_owned(),
    };
    let permission = client.send(&of).await.unwrap().function.permission;
    let expected = [
        Some(known.permission.unwrap_or(Permission::Ask)),
        known.permission_in_doubt,
    ];
    assert!(
        expected.contains(&Some(permission)),
        "{permission:?}: {expected:?}"
    );
    known.permission = Some(permission);
    known.permission_in_doubt = None;
    let query = Journal {
        limit: Some(10_000),
        ..Journal::default()
    };
    let journal = client.send(&query).await.unwrap();
    for (line, expected) in journal.iter().zip(1..) {
        assert_eq!(line.seq, expected, "the journal has no gaps");
    }
}
