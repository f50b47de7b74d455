//! Practice servers: small MCP servers in this very process, for `callboard demo`.
//!
//! They listen on loopback alone, keep nothing, and each shows one thing that the
//! servers of the world do: being open, asking for a token, a password or a sign-in, changing
//! their functions, hiding something in their words, taking their time.

mod box_office;
mod doorkeeper;
mod ledger;
mod plays;
mod rehearsal;
mod script;
mod stage_door;
mod stagehand;
mod understudy;
mod wire;

use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::domain::Fault;
use doorkeeper::Doorkeeper;
use script::Script;

/// What a practice server wants to see before it talks. These are no secrets: they
/// are printed on the screen of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticket {
    /// Nothing.
    None,
    /// This Bearer token.
    Bearer(&'static str),
    /// This user and this password.
    Basic(&'static str, &'static str),
    /// A sign-in by OAuth 2.1, with an authorization server of its own.
    SignIn,
}

/// A practice server that listens.
#[derive(Clone, Debug)]
pub struct PracticeServer {
    /// A name for its connector.
    pub name: &'static str,
    /// What it is there for, in a sentence.
    pub description: &'static str,
    /// Where it listens.
    pub url: String,
    /// What it wants to see.
    pub ticket: Ticket,
}

/// All practice servers. They end when this is dropped.
#[derive(Debug)]
pub struct Practice {
    servers: Vec<PracticeServer>,
    _end: DropGuard,
}

impl Practice {
    /// Starts them, each on a port of its own on loopback.
    ///
    /// # Errors
    /// Where no port is to be had.
    pub async fn start() -> Result<Self, Fault> {
        let end = CancellationToken::new();
        let guard = end.clone().drop_guard();
        let mut servers = Vec::new();
        for (script, description, ticket) in cast() {
            servers.push(listen(script, description, ticket, &end).await?);
        }
        Ok(Self {
            servers,
            _end: guard,
        })
    }

    /// The servers, in the order in which they are best tried.
    pub fn servers(&self) -> &[PracticeServer] {
        &self.servers
    }
}

type Part = (Arc<dyn Script>, &'static str, Ticket);

fn cast() -> Vec<Part> {
    vec![
        (
            Arc::new(plays::Plays::default()),
            "An open server: plays to read, to add and to look at",
            Ticket::None,
        ),
        (
            Arc::new(box_office::BoxOffice::default()),
            "Wants a Bearer token; sells seats",
            Ticket::Bearer("curtain-up"),
        ),
        (
            Arc::new(ledger::Ledger::default()),
            "Wants a user and a password; counts the takings",
            Ticket::Basic("cashier", "tuppence"),
        ),
        (
            Arc::new(stage_door::StageDoor::default()),
            "Wants you to sign in with a browser; lets you knock at dressing rooms",
            Ticket::SignIn,
        ),
        (
            Arc::new(rehearsal::Rehearsal::default()),
            "Changes its functions when you ask it to",
            Ticket::None,
        ),
        (
            Arc::new(understudy::Understudy),
            "Hides things in its words, as a hostile server would",
            Ticket::None,
        ),
        (
            Arc::new(stagehand::Stagehand),
            "Takes its time and says how far it is",
            Ticket::None,
        ),
    ]
}

async fn listen(
    script: Arc<dyn Script>,
    description: &'static str,
    ticket: Ticket,
    end: &CancellationToken,
) -> Result<PracticeServer, Fault> {
    let failed =
        |error: std::io::Error| Fault::config(format!("no practice server can listen: {error}"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let name = script.name();
    let url = format!("http://{address}/mcp");
    let door = (ticket == Ticket::SignIn).then(|| {
        let origin = format!("http://{address}");
        Arc::new(Doorkeeper::new(origin, url.clone(), script.scopes()))
    });
    let server = axum::serve(listener, wire::routes(script, ticket, door, end.clone()))
        .with_graceful_shutdown(end.clone().cancelled_owned());
    tokio::spawn(server.into_future());
    Ok(PracticeServer {
        name,
        description,
        url,
        ticket,
    })
}

#[cfg(test)]
mod tests;
