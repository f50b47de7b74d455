//! Changing a connector.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::changing::Turn;
use super::credentials::{
    CLIENT_SECRET, PROXY_PASSWORD, QUERY, part_proxy, part_query, record_name,
};
use super::{Engine, Steps};
use crate::domain::{
    AuthMethod, ConnectionOptions, ConnectorId, Fault, FunctionCounts, JournalEvent, Secret,
    SignInOptions, Target, Timestamp,
};
use crate::guard::address::{is_loopback, read_address};
use crate::mcp::oauth::{SignInRecord, check_options};
use crate::protocol::{AddStep, ConnectorView, ConsentEnd, Edit, EventKind};
use crate::secrets::RecordKey;
use crate::store::StoredConnector;

impl Engine {
    /// Changes a connector, and connects it anew where that matters.
    ///
    /// # Errors
    /// `not-found`, `denied`, `user` for what makes no sense: nothing is changed
    /// then. Otherwise why it does not connect as it is now.
    pub async fn edit(
        &self,
        edit: Edit,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        self.board.require_admin("edit connectors")?;
        let id = self.board.find(&edit.name)?;
        // Nobody renews what may have to be let go of.
        let held = self.board.hold_sign_in(&id).await?;
        let mut turn = self.board.turn(&id).await?;
        let mut stored = turn.stored.clone();
        let mut secrets: Vec<(String, Secret)> = edit
            .secrets
            .iter()
            .map(|(name, secret)| (record_name(name), secret.0.clone()))
            .collect();
        let before = stored.clone();
        if let Some(description) = &edit.description {
            stored.connector.description.clone_from(description);
        }
        if let Some(options) = &edit.options {
            refuse_useless(&stored, options)?;
            stored.connector.options = options.clone();
            if let Some(password) = part_proxy(&mut stored.connector.options)? {
                secrets.push((PROXY_PASSWORD.to_owned(), password));
            }
        }
        if let Some(auth) = &edit.auth {
            stored.connector.auth = auth.clone();
        }
        if let Some(options) = &edit.sign_in {
            check_options(options)?;
            stored.sign_in_options = options.clone();
        }
        let elsewhere = self.point(&edit, &mut stored, &mut secrets)?;
        refuse_exposed_secret(&stored)?;
        let reconnect = elsewhere
            || !secrets.is_empty()
            || before.connector.auth != stored.connector.auth
            || before.connector.options != stored.connector.options;
        let signs_out =
            before.sign_in.is_some() && (elsewhere || stored.connector.auth != AuthMethod::Oauth);
        let signed_in = match signs_out {
            true => self.board.read_record(&id).await.ok().flatten(),
            false => None,
        };
        if signs_out {
            stored.sign_in = None;
        }
        if elsewhere && edit.sign_in.is_none() {
            // A client that one provider knows is nothing for another.
            stored.sign_in_options = SignInOptions::default();
        }
        let signs_in_differently = before.connector.auth != stored.connector.auth
            || before.sign_in_options != stored.sign_in_options;
        turn.stored = stored;
        // Secrets go first, and must not change where the rest cannot.
        self.require_writable().await?;
        let another_proxy = before.connector.options.proxy != turn.stored.connector.options.proxy;
        if another_proxy && !elsewhere {
            self.forget_secret(&before, PROXY_PASSWORD).await?;
        }
        let another_client =
            before.sign_in_options.client_id != turn.stored.sign_in_options.client_id;
        if another_client && !elsewhere {
            self.forget_secret(&before, CLIENT_SECRET).await?;
        }
        if elsewhere {
            self.let_go(&mut turn, secrets).await?;
        } else {
            let connector = &turn.stored.connector;
            self.board.keep_secrets(connector, secrets).await?;
            self.board.write(&turn).await?;
        }
        if elsewhere || signs_out {
            self.let_sign_in_go(&id, &before, signed_in).await;
        } else if signs_in_differently {
            // Its consent is to what was before.
            self.cut_sign_in(&id);
        }
        drop(held);
        let reconnect = reconnect && turn.stored.connector.enabled;
        let connecting = reconnect.then(|| self.begin_connecting(&id, steps));
        drop(turn);
        self.note(JournalEvent::Edited, &id).await;
        self.board.publish(&id);
        match connecting {
            Some(connecting) => self
                .connected(&id, connecting, cancel)
                .await
                .map_err(|fault| fault.hint("what you changed is kept")),
            None => self.board.view(&id),
        }
    }

    fn cut_sign_in(&self, id: &ConnectorId) {
        let fault = Fault::config("the connector was edited meanwhile");
        self.board.cut_sign_in(id, ConsentEnd::Cancelled, &fault);
    }

    /// Ends what is under way, forgets the tokens and has the server take them back,
    /// which nobody waits for.
    async fn let_sign_in_go(
        &self,
        id: &ConnectorId,
        before: &StoredConnector,
        signed_in: Option<SignInRecord>,
    ) {
        self.cut_sign_in(id);
        let unsaved = self.board.sign_ins.end(id).map(|unsaved| *unsaved);
        if let Some(sign_in) = &before.sign_in
            && let Err(fault) = self
                .board
                .remove_record(&before.connector, sign_in.issuer.raw())
                .await
        {
            tracing::warn!(connector = %id, kind = ?fault.kind, "a sign-in was not forgotten");
        }
        for record in signed_in.into_iter().chain(unsaved) {
            let (board, id) = (Arc::clone(&self.board), id.clone());
            self.board
                .tasks
                .spawn(async move { board.take_back(&id, &record).await });
        }
    }

    /// The password of one proxy is nothing for another, nor is a client's secret.
    async fn forget_secret(
        &self,
        before: &StoredConnector,
        name: &'static str,
    ) -> Result<(), Fault> {
        let connector = &before.connector;
        let key = RecordKey::new(connector.id.clone(), connector.target.origin(), name);
        self.board
            .vault
            .with(move |vault| {
                if !vault.names(&key.connector).contains(&key.name) {
                    return Ok(());
                }
                vault.remove(&key).map(|_| ())
            })
            .await
            .map_err(Fault::from)
    }

    /// Points a connector at the URL of an edit; says whether that is elsewhere.
    fn point(
        &self,
        edit: &Edit,
        stored: &mut StoredConnector,
        secrets: &mut Vec<(String, Secret)>,
    ) -> Result<bool, Fault> {
        let Some(typed) = &edit.url else {
            return Ok(false);
        };
        if matches!(stored.connector.target, Target::Program { .. }) {
            return Err(
                Fault::user("this connector is a local program and has no URL")
                    .hint("remove it and add the server by its URL"),
            );
        }
        let url = read_address(typed, stored.connector.options.plain_http)?;
        let (bare, query) = part_query(url);
        let target = Target::Http {
            url: bare,
            query: query.is_some(),
        };
        let elsewhere = target != stored.connector.target;
        if elsewhere && !edit.trust {
            return Err(
                Fault::user("a new URL is a new server, and needs your trust anew").hint(
                    "`--trust` says that you trust it; its secrets and permissions begin anew",
                ),
            );
        }
        secrets.extend(query.map(|query| (QUERY.to_owned(), query)));
        stored.connector.target = target;
        Ok(elsewhere)
    }

    /// Lets go of what belonged to the server that a connector pointed at, and
    /// points it at the other one.
    async fn let_go(&self, turn: &mut Turn, secrets: Vec<(String, Secret)>) -> Result<(), Fault> {
        let connector = &mut turn.stored.connector;
        connector.transport = None;
        connector.era = None;
        connector.pinned_at = None;
        connector.trusted_at = Timestamp::now();
        turn.stored.oauth = None;
        turn.stored.evidence.clear();
        let id = turn.stored.connector.id.clone();
        let of = id.clone();
        self.board
            .vault
            .with(move |vault| vault.remove_connector(&of).map(|_| ()))
            .await?;
        self.board
            .keep_secrets(&turn.stored.connector, secrets)
            .await?;
        self.board.write_elsewhere(turn).await?;
        self.board
            .with_entry(&id, |entry| entry.counts = FunctionCounts::default());
        self.board.bus.publish(EventKind::Functions { id });
        Ok(())
    }
}

/// A local program is not reached over the network.
fn refuse_useless(stored: &StoredConnector, options: &ConnectionOptions) -> Result<(), Fault> {
    let networked = options.ca_pem.is_some() || options.proxy.is_some() || options.plain_http;
    if networked && matches!(stored.connector.target, Target::Program { .. }) {
        return Err(Fault::user(
            "a local program is not reached over the network: no CA, proxy or plain http",
        )
        .hint("leave those out"));
    }
    Ok(())
}

fn refuse_exposed_secret(stored: &StoredConnector) -> Result<(), Fault> {
    let Target::Http { url, .. } = &stored.connector.target else {
        return Ok(());
    };
    let url = read_address(url, stored.connector.options.plain_http)?;
    if url.scheme() == "http" && !is_loopback(&url) && stored.connector.auth != AuthMethod::None {
        return Err(
            Fault::user("no secret is sent by plain http to another machine")
                .hint("use an https:// address"),
        );
    }
    Ok(())
}
