//! What servers offer besides functions: resources are listed and read, prompts listed
//! and filled in.
//!
//! Nothing of it is kept, and no line of the journal is written: reading runs nothing,
//! and it is the operator who asks.

use tokio_util::sync::CancellationToken;

use super::Engine;
use super::board::Live;
use super::changing::removed;
use super::connectors::cancelled;
use crate::domain::{ConnectorId, ConnectorName, Fault, FaultKind, Prompt, Resources};
use crate::mcp::session::{Offers, RawReading};
use crate::protocol::{GetPrompt, ReadResource, Reading};

/// What is wanted of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Resources,
    /// To be told when a resource changes.
    Changes,
    Prompts,
}

impl Wanted {
    /// Why a server that says this of itself is not asked.
    ///
    /// # Errors
    /// `not-found`, or `server` where it merely does not tell of changes.
    fn offered(self, offers: Offers, name: &ConnectorName) -> Result<(), Fault> {
        let missing = |what: &str| {
            Err(
                Fault::not_found(format!("{name} offers no {what}")).hint(format!(
                    "`callboard functions {name}` lists what it does offer"
                )),
            )
        };
        match self {
            Self::Resources | Self::Changes if !offers.resources => missing("resources"),
            Self::Prompts if !offers.prompts => missing("prompts"),
            Self::Changes if !offers.subscribe => Err(Fault::new(
                FaultKind::Server,
                format!("{name} does not tell when a resource changes"),
            )
            .hint("it can be read again whenever you like")),
            _ => Ok(()),
        }
    }
}

impl Engine {
    /// What a server offers to be read, listed now.
    ///
    /// # Errors
    /// `not-found` where there is no such connector or it offers no resources; the
    /// state of a connector that is not connected; what is wrong with its list.
    pub async fn resources(
        &self,
        name: &str,
        cancel: CancellationToken,
    ) -> Result<Resources, Fault> {
        let live = self.offering(name, Wanted::Resources, &cancel).await?;
        unless(&cancel, live.session.list_resources()).await
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// As for [`Engine::resources`], and what the server says.
    pub async fn read_resource(
        &self,
        read: ReadResource,
        cancel: CancellationToken,
    ) -> Result<Reading, Fault> {
        let live = self
            .offering(&read.name, Wanted::Resources, &cancel)
            .await?;
        let reading = unless(&cancel, live.session.read_resource(&read.uri)).await?;
        Ok(carried(reading))
    }

    /// The prompts of a server, listed now.
    ///
    /// # Errors
    /// As for [`Engine::resources`].
    pub async fn prompts(
        &self,
        name: &str,
        cancel: CancellationToken,
    ) -> Result<Vec<Prompt>, Fault> {
        let live = self.offering(name, Wanted::Prompts, &cancel).await?;
        unless(&cancel, live.session.list_prompts()).await
    }

    /// Has the server fill a prompt in.
    ///
    /// # Errors
    /// As for [`Engine::resources`], and what the server says.
    pub async fn get_prompt(
        &self,
        get: GetPrompt,
        cancel: CancellationToken,
    ) -> Result<Reading, Fault> {
        let live = self.offering(&get.name, Wanted::Prompts, &cancel).await?;
        let filling_in = live.session.get_prompt(&get.prompt, &get.arguments);
        Ok(carried(unless(&cancel, filling_in).await?))
    }

    /// The session of a connector that offers this; an attempt that is under way is
    /// waited for.
    async fn offering(
        &self,
        name: &str,
        wanted: Wanted,
        cancel: &CancellationToken,
    ) -> Result<Live, Fault> {
        let id = self.board.find(name)?;
        let live = self.session(&id, cancel).await?;
        self.require_offer(&id, &live, wanted)?;
        Ok(live)
    }

    /// Makes sure that a server offers this.
    ///
    /// # Errors
    /// As [`Wanted::offered`].
    pub(super) fn require_offer(
        &self,
        id: &ConnectorId,
        live: &Live,
        wanted: Wanted,
    ) -> Result<(), Fault> {
        let name = self
            .board
            .with_entry(id, |entry| entry.stored.connector.name.clone())
            .ok_or_else(removed)?;
        wanted.offered(live.session.info().offers, &name)
    }
}

/// A reading as it crosses the link.
pub(super) fn carried(reading: RawReading) -> Reading {
    Reading {
        result: reading.result,
        bytes: reading.bytes,
    }
}

/// Waits for this, unless it is taken back first.
async fn unless<T>(
    cancel: &CancellationToken,
    asking: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::select! {
        answer = asking => answer,
        () = cancel.cancelled() => Err(cancelled()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_does_not_offer_is_named() {
        let name = ConnectorName::parse("wiki").unwrap();
        let said = |wanted: Wanted, offers: Offers| {
            wanted
                .offered(offers, &name)
                .err()
                .map(|fault| fault.message)
        };
        let nothing = Offers::default();
        let no_resources = Some("wiki offers no resources".to_owned());
        assert_eq!(said(Wanted::Resources, nothing), no_resources);
        assert_eq!(said(Wanted::Changes, nothing), no_resources);
        let no_prompts = Some("wiki offers no prompts".to_owned());
        assert_eq!(said(Wanted::Prompts, nothing), no_prompts);
        let some = Offers {
            resources: true,
            ..nothing
        };
        assert_eq!(said(Wanted::Resources, some), None);
        let fault = Wanted::Changes.offered(some, &name).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Server);
        assert!(fault.message.contains("does not tell"), "{fault}");
    }
}
