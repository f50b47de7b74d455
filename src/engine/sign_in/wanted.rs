//! What a sign-in begins with.

use std::sync::Arc;

use url::Url;

use crate::domain::{AuthMethod, ConnectorId, ConsentId, Fault, Target};
use crate::engine::board::Board;
use crate::engine::credentials::CLIENT_SECRET;
use crate::mcp::oauth::{SignInRequest, check_options};
use crate::protocol::Login;

/// Letters that the id of a consent is made of; none is taken for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";

impl Board {
    /// What a sign-in of a connector needs.
    ///
    /// # Errors
    /// As [`Board::begin_sign_in`].
    pub(super) async fn sign_in_request(
        self: &Arc<Self>,
        connector: &ConnectorId,
        login: &Login,
    ) -> Result<SignInRequest, Fault> {
        let stored = self.stored(connector)?;
        let of = &stored.connector;
        let (AuthMethod::Oauth, Target::Http { url, .. }) = (&of.auth, &of.target) else {
            let name = &of.name;
            return Err(Fault::user(format!("{name} does not sign in by OAuth 2.1"))
                .hint(format!("`callboard edit {name} --auth oauth` has it do so")));
        };
        let server = Url::parse(url)
            .map_err(|_| Fault::internal("a checked URL could not be read again"))?;
        // Found out before anybody consents to what could not be kept.
        self.vault.ready().await?;
        let held = self.sign_ins.tokens(self, connector).hold().await?;
        let earlier = match self.read_record(connector).await {
            Ok(earlier) => earlier,
            Err(fault) if fault.locked => return Err(fault.fault),
            // What cannot be read is no reason not to sign in anew.
            Err(_) => None,
        };
        drop(held);
        let client_secret = self
            .secret(of, CLIENT_SECRET)
            .await
            .map_err(|plan| plan.fault)?;
        let (step_up, lost) = self
            .with_entry(connector, |entry| {
                (entry.signing.step_up.clone(), entry.signing.client_lost)
            })
            .unwrap_or_default();
        let mut options = stored.sign_in_options.clone();
        if !login.scopes.is_empty() {
            options.scopes.clone_from(&login.scopes);
        }
        check_options(&options)?;
        if options.client_metadata_url.is_none() {
            options
                .client_metadata_url
                .clone_from(&self.client_metadata_url);
        }
        Ok(SignInRequest {
            id: consent_id()?,
            server,
            challenge: None,
            options: of.options.clone(),
            sign_in: options,
            client_secret,
            step_up: step_up.filter(|_| login.scopes.is_empty() && earlier.is_some()),
            earlier,
            fresh_client: login.fresh_client || lost,
            asking: Arc::default(),
        })
    }
}

fn consent_id() -> Result<ConsentId, Fault> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| Fault::internal(format!("no random numbers: {error}")))?;
    let letters = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte & 31)).copied())
        .map(char::from);
    Ok(ConsentId::new(letters.collect::<String>()))
}
