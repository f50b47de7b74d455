//! `callboard demo`: a board in a throw-away home, with practice servers in this very
//! process. Nothing is left behind, and no network is needed.

use std::future::Future;

use callboard::config::{Environment, Home, Settings};
use callboard::daemon::{ServeOptions, serve};
use callboard::domain::{
    AuthMethod, ConnectionOptions, ConnectorName, Fault, FaultKind, Secret, VaultKind,
};
use callboard::link::Client;
use callboard::practice::{Practice, PracticeServer, Ticket};
use callboard::protocol::{
    Add, AuthWanted, CarriedSecret, ChooseVault, Enable, SecretName, TargetWanted,
};
use callboard::tui::{self, Lesson};

/// Runs the demo until it is left.
///
/// # Errors
/// Where there is no terminal, no folder for the board, or no port for a server.
pub(crate) async fn run(environment: Environment) -> Result<(), Fault> {
    let folder = tempfile::Builder::new()
        .prefix("callboard-demo-")
        .tempdir()
        .map_err(|error| {
            Fault::config(format!("there is no room for a practice board: {error}"))
        })?;
    let home = Home::under(folder.path());
    let practice = Practice::start().await?;
    let options = ServeOptions::default();
    let end = options.end.clone();
    let (ready, listening) = tokio::sync::oneshot::channel();
    let board = serve(home.clone(), options, |_| {
        // Nobody waits where the interface has failed already.
        let _ = ready.send(());
    });
    let face = async {
        // A board that does not come up says why itself.
        let _ = listening.await;
        let settings = Settings::load(&home, &environment)?;
        let here = std::env::current_dir().unwrap_or_else(|_| "/".into());
        let start = tui::Start {
            home: home.clone(),
            start: false,
            calm: false,
            settings,
            lesson: lesson(&practice),
        };
        let face = tui::run(start, tui::TerminalEnv::new(environment, here));
        accompanied(face, furnish(&home, &practice)).await
    };
    let left = hosted(board, face).await;
    end.cancel();
    left
}

/// Runs the interface for as long as the board lives.
async fn hosted(
    board: impl Future<Output = Result<(), Fault>>,
    face: impl Future<Output = Result<(), Fault>>,
) -> Result<(), Fault> {
    tokio::pin!(board);
    tokio::select! {
        left = face => left,
        ended = &mut board => {
            ended?;
            Err(Fault::internal("the practice board ended by itself"))
        }
    }
}

/// Runs the interface while the board is being furnished: connectors appear in it one
/// after the other.
async fn accompanied(
    face: impl Future<Output = Result<tui::Leave, Fault>>,
    furnish: impl Future<Output = Result<(), Fault>>,
) -> Result<(), Fault> {
    tokio::pin!(face);
    tokio::select! {
        left = &mut face => left.map(drop),
        furnished = furnish => {
            furnished?;
            face.await.map(drop)
        }
    }
}

/// What the lesson has to know of the server that is added by hand.
fn lesson(practice: &Practice) -> Option<Lesson> {
    practice
        .servers()
        .iter()
        .find_map(|server| match server.ticket {
            Ticket::Bearer(token) => Some(Lesson {
                name: server.name.to_owned(),
                url: server.url.clone(),
                token: token.to_owned(),
            }),
            _ => None,
        })
}

/// Puts the practice servers on the board.
async fn furnish(home: &Home, practice: &Practice) -> Result<(), Fault> {
    let client = Client::attach(home).await?;
    let choose = ChooseVault {
        kind: VaultKind::Memory,
        passphrase: None,
    };
    client.send(&choose).await?;
    for server in practice.servers() {
        if let Some(add) = addition(server)? {
            client.run(&add, &mut |_| {}).await?;
        }
        if server.ticket == Ticket::SignIn {
            let enable = Enable {
                name: server.name.to_owned(),
            };
            match client.run(&enable, &mut |_| {}).await {
                // As it is meant to be: the lesson says how to sign in.
                Err(fault) if fault.kind == FaultKind::SignIn => {}
                enabled => drop(enabled?),
            }
        }
    }
    Ok(())
}

/// How a server is added; `None` for the one that a lesson has added by hand. One that
/// wants a sign-in is added without connecting, which would begin it at once.
fn addition(server: &PracticeServer) -> Result<Option<Add>, Fault> {
    let name = ConnectorName::parse(server.name)
        .map_err(|error| Fault::internal(format!("{}: {error}", server.name)))?;
    let (auth, secrets) = match server.ticket {
        Ticket::None => (AuthMethod::None, vec![]),
        Ticket::Bearer(_) => return Ok(None),
        Ticket::SignIn => (AuthMethod::Oauth, vec![]),
        Ticket::Basic(user, password) => (
            AuthMethod::Basic {
                user: user.to_owned(),
            },
            vec![(SecretName::Password, CarriedSecret(Secret::new(password)))],
        ),
    };
    Ok(Some(Add {
        name,
        description: server.description.to_owned(),
        target: TargetWanted::Http {
            url: server.url.clone(),
        },
        auth: AuthWanted::Given(auth),
        user: None,
        secrets,
        options: ConnectionOptions::default(),
        trust: true,
        connect: server.ticket != Ticket::SignIn,
        sign_in: callboard::domain::SignInOptions::default(),
    }))
}
