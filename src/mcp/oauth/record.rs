//! What is kept of a sign-in. All of it is one secret in the vault.
//!
//! It holds the endpoints that the sign-in used, so that a refresh needs no discovery:
//! a server that later names another authorization server cannot have these
//! credentials sent there.

use serde::{Deserialize, Serialize, Serializer};
use std::time::Duration;
use url::Url;

use super::address::Rules;
use super::client::{Client, ClientAuth};
use super::metadata::resource::covers;
use super::scopes::described;
use super::token::Tokens;
use crate::domain::{Fault, FaultKind, Registration, Secret, SignIn, Timestamp, Untrusted};

/// Form of the text in the vault.
const VERSION: u32 = 1;

/// Longest time ahead of its end that a token is refreshed.
const AHEAD: Duration = Duration::from_secs(120);

/// A sign-in that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInRecord {
    /// The MCP server that the tokens may be sent to.
    pub server: Url,
    /// What they are for (RFC 8707), letter by letter.
    pub resource: String,
    /// The authorization server that they are from, letter by letter.
    pub issuer: String,
    /// The client they were given to.
    pub client: Client,
    /// The redirect URL that was used and is registered.
    pub redirect_url: Option<String>,
    /// Where tokens are refreshed.
    pub token: Url,
    /// Where they are revoked.
    pub revocation: Option<Url>,
    /// The operator accepted private networks for this server.
    pub private_network: bool,
    /// It is a machine account: a new token needs no refresh token.
    pub machine: bool,
    /// Scopes that were asked for.
    pub scopes_asked: Vec<String>,
    /// Scopes that were granted.
    pub scopes: Vec<String>,
    /// The access token.
    pub access_token: Secret,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
    /// When the access token was given.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When a person signed in.
    pub signed_in_at: Timestamp,
    /// When the tokens were refreshed last.
    pub refreshed_at: Option<Timestamp>,
    /// Who signed in; a claim.
    pub account: Option<String>,
    /// Rises with every change of the tokens; who finds a higher one than it knew
    /// takes it over instead of refreshing.
    pub generation: u64,
    /// When a refresh was begun whose end is not known.
    pub refreshing_since: Option<Timestamp>,
    /// The server refused the refresh token: only a person can mend it.
    pub spent: bool,
    /// The server no longer knows the client: the next sign-in registers anew.
    pub client_lost: bool,
}

impl SignInRecord {
    pub(super) fn rules(&self) -> Rules {
        Rules {
            server: self.server.clone(),
            private_network: self.private_network,
        }
    }

    /// The token for a request to `url`.
    ///
    /// # Errors
    /// [`FaultKind::Denied`] where the token is for another server.
    pub fn bearer_for(&self, url: &Url) -> Result<&Secret, Fault> {
        if covers(&self.resource, url) && url.origin() == self.server.origin() {
            return Ok(&self.access_token);
        }
        let host = url.host_str().unwrap_or_default();
        Err(
            Fault::denied(format!("the sign-in is for another address than {host}"))
                .hint("sign in again: callboard login NAME"),
        )
    }

    /// Whether a new token can be had without a person.
    pub fn is_refreshable(&self) -> bool {
        !self.spent && (self.machine || self.refresh_token.is_some())
    }

    /// When the token is to be refreshed: a little ahead of its end, but never before
    /// three quarters of a short life. `None` where its end is not known: then a 401
    /// says so.
    pub fn refresh_at(&self) -> Option<Timestamp> {
        let end = self.expires_at?;
        let life = self.issued_at.age_at(end);
        Some(end.before(AHEAD.min(life / 4)))
    }

    /// Whether the token has ended.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Takes new tokens in. A refresh token that is not given again stays (RFC 6749
    /// section 6), and so do scopes.
    #[must_use]
    pub(super) fn renewed(&self, tokens: Tokens, now: Timestamp) -> Self {
        Self {
            access_token: tokens.access,
            refresh_token: tokens.refresh.or_else(|| self.refresh_token.clone()),
            issued_at: now,
            expires_at: tokens.expires_at,
            scopes: tokens.scopes.unwrap_or_else(|| self.scopes.clone()),
            account: tokens.account.or_else(|| self.account.clone()),
            refreshed_at: Some(now),
            generation: self.generation.saturating_add(1),
            refreshing_since: None,
            spent: false,
            ..self.clone()
        }
    }

    /// A new sign-in in place of one of this generation. The tokens may have been
    /// renewed since it began, and it is newer all the same.
    #[must_use]
    pub fn following(self, generation: u64) -> Self {
        Self {
            generation: self.generation.max(generation.saturating_add(1)),
            ..self
        }
    }

    /// Whether this is a renewal of what is kept: of the same sign-in, and newer.
    pub fn renews(&self, kept: &Self) -> bool {
        self.issuer == kept.issuer
            && self.server == kept.server
            && self.client.id == kept.client.id
            && self.generation > kept.generation
    }

    /// Whether its tokens can be taken back without a loss, once `new` is kept. A server
    /// that takes back a refresh token takes back all that came of it, and one that
    /// ended a sign-in has nothing to take back.
    pub fn is_replaced_by(&self, new: &Self) -> bool {
        !self.spent && self.refresh_token != new.refresh_token
    }

    /// What may be shown of it.
    pub fn shown(&self) -> SignIn {
        SignIn {
            account: self.account.clone().map(Untrusted::from),
            issuer: Untrusted::new(self.issuer.as_str()),
            resource: self.resource.clone(),
            registration: self.client.kind,
            client_id: Untrusted::new(self.client.id.as_str()),
            redirect_url: self.redirect_url.clone(),
            scopes_asked: described(&self.scopes_asked),
            scopes: described(&self.scopes),
            expires_at: self.expires_at,
            refreshable: self.is_refreshable(),
            signed_in_at: self.signed_in_at,
            refreshed_at: self.refreshed_at,
        }
    }

    /// Every secret in it, for taking them out of what is shown or logged.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut all = vec![self.access_token.clone()];
        all.extend(self.refresh_token.clone());
        all.extend(self.client.secret.clone());
        all
    }

    /// As the one text that the vault keeps, under the record name `oauth` with
    /// [`Self::issuer`] in its key.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_secret(&self) -> Result<Secret, Fault> {
        serde_json::to_string(&Kept::from(self))
            .map(Secret::new)
            .map_err(|_| Fault::internal("a sign-in cannot be written down"))
    }

    /// Reads it back.
    ///
    /// # Errors
    /// [`FaultKind::SignIn`] where it is none that this version can read. Nothing of it
    /// is quoted.
    pub fn from_secret(secret: &Secret) -> Result<Self, Fault> {
        let kept: Option<Kept> = serde_json::from_str(secret.expose()).ok();
        kept.filter(|kept| kept.version == VERSION)
            .map(Self::from)
            .ok_or_else(|| {
                Fault::new(
                    FaultKind::SignIn,
                    "what is kept of the sign-in cannot be read by this version",
                )
                .hint("sign in again: callboard login NAME")
            })
    }
}

/// A secret inside the text that the vault seals.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
struct Sealed(Secret);

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    server: Url,
    resource: String,
    issuer: String,
    kind: Registration,
    client_id: String,
    client_secret: Option<Sealed>,
    client_secret_expires_at: Option<Timestamp>,
    client_auth: ClientAuth,
    redirect_url: Option<String>,
    token: Url,
    revocation: Option<Url>,
    #[serde(default)]
    private_network: bool,
    #[serde(default)]
    machine: bool,
    scopes_asked: Vec<String>,
    scopes: Vec<String>,
    access_token: Sealed,
    refresh_token: Option<Sealed>,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    signed_in_at: Timestamp,
    refreshed_at: Option<Timestamp>,
    account: Option<String>,
    generation: u64,
    #[serde(default)]
    refreshing_since: Option<Timestamp>,
    #[serde(default)]
    spent: bool,
    #[serde(default)]
    client_lost: bool,
}

impl From<&SignInRecord> for Kept {
    fn from(record: &SignInRecord) -> Self {
        let sealed = |secret: &Option<Secret>| secret.clone().map(Sealed);
        Self {
            version: VERSION,
            server: record.server.clone(),
            resource: record.resource.clone(),
            issuer: record.issuer.clone(),
            kind: record.client.kind,
            client_id: record.client.id.clone(),
            client_secret: sealed(&record.client.secret),
            client_secret_expires_at: record.client.secret_expires_at,
            client_auth: record.client.auth,
            redirect_url: record.redirect_url.clone(),
            token: record.token.clone(),
            revocation: record.revocation.clone(),
            private_network: record.private_network,
            machine: record.machine,
            scopes_asked: record.scopes_asked.clone(),
            scopes: record.scopes.clone(),
            access_token: Sealed(record.access_token.clone()),
            refresh_token: sealed(&record.refresh_token),
            issued_at: record.issued_at,
            expires_at: record.expires_at,
            signed_in_at: record.signed_in_at,
            refreshed_at: record.refreshed_at,
            account: record.account.clone(),
            generation: record.generation,
            refreshing_since: record.refreshing_since,
            spent: record.spent,
            client_lost: record.client_lost,
        }
    }
}

impl From<Kept> for SignInRecord {
    fn from(kept: Kept) -> Self {
        let opened = |sealed: Option<Sealed>| sealed.map(|one| one.0);
        Self {
            server: kept.server,
            resource: kept.resource,
            issuer: kept.issuer,
            client: Client {
                kind: kept.kind,
                id: kept.client_id,
                secret: opened(kept.client_secret),
                secret_expires_at: kept.client_secret_expires_at,
                auth: kept.client_auth,
            },
            redirect_url: kept.redirect_url,
            token: kept.token,
            revocation: kept.revocation,
            private_network: kept.private_network,
            machine: kept.machine,
            scopes_asked: kept.scopes_asked,
            scopes: kept.scopes,
            access_token: kept.access_token.0,
            refresh_token: opened(kept.refresh_token),
            issued_at: kept.issued_at,
            expires_at: kept.expires_at,
            signed_in_at: kept.signed_in_at,
            refreshed_at: kept.refreshed_at,
            account: kept.account,
            generation: kept.generation,
            refreshing_since: kept.refreshing_since,
            spent: kept.spent,
            client_lost: kept.client_lost,
        }
    }
}
