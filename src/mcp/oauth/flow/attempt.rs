//! One sign-in, once it is known where to sign in.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use url::Url;

use super::ways::{Answered, Ways};
use super::{End, Pasted, SignInRequest};
use crate::domain::{
    CONSENT_RANGE, Consent, Fault, Registration, SignInStage, Timestamp, Untrusted,
};
use crate::guard::address::is_loopback;
use crate::mcp::oauth::address::openable;
use crate::mcp::oauth::ask::Asker;
use crate::mcp::oauth::authorize::{Authorization, Wish, authorize, refuse_without_pkce};
use crate::mcp::oauth::callback::{Callback, Place, USUAL_PATH, place_of};
use crate::mcp::oauth::client::Client;
use crate::mcp::oauth::device::{self, Device};
use crate::mcp::oauth::discover::Discovered;
use crate::mcp::oauth::metadata::server::ServerMetadata;
use crate::mcp::oauth::record::SignInRecord;
use crate::mcp::oauth::registration::{Earlier, Plan, by_hand, plan, register};
use crate::mcp::oauth::scopes::described;
use crate::mcp::oauth::token::{self, Tokens};
use crate::mcp::oauth::trail::{SignInEvent, Trail};

/// How long a consent waits where nothing else was set, in seconds.
const CONSENT_SECONDS: u32 = 300;

/// One sign-in under way.
pub(super) struct Attempt<'a> {
    pub(super) request: &'a SignInRequest,
    pub(super) found: Discovered,
    pub(super) scopes: Vec<String>,
    pub(super) resource: String,
    /// The authorization server is the one that the operator named, or took before.
    pub(super) is_named: bool,
    pub(super) asker: Asker<'a>,
}

impl Attempt<'_> {
    /// Signs a machine account in.
    pub(super) async fn for_a_machine(
        &mut self,
        trail: &mut Trail<'_>,
    ) -> Result<SignInRecord, End> {
        trail.begin(SignInStage::Register);
        let set = &self.request.sign_in;
        let secret = self.request.client_secret.as_ref();
        let server = &self.found.server;
        let plan = plan(server, set, secret, None, None, Timestamp::now())?;
        let Plan::Known(client) = plan else {
            return Err(Fault::internal("a machine account without a client").into());
        };
        if client.secret.is_none() {
            return Err(Fault::user("a machine account needs a client secret")
                .hint("give it with --client-secret-stdin")
                .into());
        }
        trail.begin(SignInStage::Token);
        let request = token::for_a_machine(&client, &server.token, &self.scopes, &self.resource);
        let tokens = token::ask(&self.asker, &request, "the machine account", trail).await?;
        Ok(self.record(client, None, tokens))
    }

    /// Signs a person in.
    pub(super) async fn with_a_person(
        &mut self,
        pasted: &mut mpsc::Receiver<Pasted>,
        trail: &mut Trail<'_>,
    ) -> Result<SignInRecord, End> {
        trail.begin(SignInStage::Register);
        let server = &self.found.server;
        let set = &self.request.sign_in;
        if server.authorization.is_some() {
            refuse_without_pkce(server, set.unadvertised_pkce)?;
        }
        let (mut callback, redirect) = self.listen().await?;
        let (client, redirect) = self.client(redirect, trail).await?;
        trail.begin(SignInStage::Consent);
        let device = self.device(&client, trail).await?;
        let wish = Wish {
            client_id: &client.id,
            redirect: &redirect,
            scopes: &self.scopes,
            resource: &self.resource,
        };
        let asked = match (&server.authorization, &device) {
            (None, Some(_)) => None,
            _ => Some(authorize(server, wish)?),
        };
        let consent = self.consent(&client, asked.as_ref(), callback.as_ref(), device.as_ref());
        let end = Instant::now() + Duration::from_secs(self.consent_seconds().into());
        trail.tell(SignInEvent::Consent(Box::new(consent)));
        let mut ways = Ways {
            asked: asked.as_ref(),
            callback: callback.as_mut(),
            pasted,
            device: device.as_ref(),
        };
        let answered = ways.wait(self, &client, end, trail).await?;
        // The port is closed before anything else happens.
        drop(callback);
        trail.begin(SignInStage::Token);
        let tokens = match (answered, &asked) {
            (Answered::Tokens(tokens), _) => tokens,
            (Answered::Code(code), Some(asked)) => {
                let token = &self.found.server.token;
                let request = token::exchange(
                    &client,
                    token,
                    &code,
                    &asked.verifier,
                    &asked.redirect,
                    &self.resource,
                );
                token::ask(&self.asker, &request, "the code", trail).await?
            }
            (Answered::Code(_), None) => {
                return Err(Fault::internal("a code that nobody asked for").into());
            }
        };
        let redirect = asked.map(|asked| asked.redirect);
        Ok(self.record(client, redirect, tokens))
    }

    /// The listener, where one fits, and the redirect URL.
    async fn listen(&self) -> Result<(Option<Callback>, String), Fault> {
        let set = &self.request.sign_in;
        if let Some(redirect) = &set.redirect_url {
            let callback = match place_of(redirect, set.callback_port)? {
                Some(place) => Some(Callback::listen(&place).await?),
                None => None,
            };
            return Ok((callback, redirect.clone()));
        }
        let before = self.request.earlier.as_ref().and_then(|record| {
            let url = Url::parse(record.redirect_url.as_deref()?).ok()?;
            url.port().filter(|_| is_loopback(&url))
        });
        let callback = Callback::listen(&Place {
            port: set.callback_port,
            rather: before,
            path: USUAL_PATH.to_owned(),
            v6_too: true,
        })
        .await?;
        let redirect = format!("http://127.0.0.1:{}{USUAL_PATH}", callback.port);
        Ok((Some(callback), redirect))
    }

    /// The client, and the redirect URL that it is registered with.
    async fn client(
        &self,
        redirect: String,
        trail: &mut Trail<'_>,
    ) -> Result<(Client, String), End> {
        let (request, server) = (self.request, &self.found.server);
        let set = &request.sign_in;
        let mut redirects = vec![redirect.clone()];
        if set.redirect_url.is_none() {
            // Some servers know this machine by its name alone.
            redirects.push(redirect.replacen("127.0.0.1", "localhost", 1));
        }
        let fits = |record: &&SignInRecord| !request.fresh_client && !record.client_lost;
        let record = request.earlier.as_ref().filter(fits);
        let earlier = record.map(|record| Earlier {
            client: &record.client,
            issuer: &record.issuer,
            redirect: record.redirect_url.as_deref(),
        });
        let secret = request.client_secret.as_ref();
        for redirect in &redirects {
            let now = Timestamp::now();
            let decided = plan(server, set, secret, earlier, Some(redirect), now)?;
            if let Plan::Known(client) = decided {
                let again = redirects.first() != Some(redirect);
                if !again || client.kind == Registration::Dynamic {
                    return Ok((client, redirect.clone()));
                }
            }
        }
        match plan(server, set, secret, None, Some(&redirect), Timestamp::now())? {
            Plan::Known(client) => Ok((client, redirect)),
            Plan::Dynamic(endpoint) => {
                let asked = register(
                    &self.asker,
                    server,
                    &endpoint,
                    &redirects,
                    &self.scopes,
                    trail,
                );
                Ok(asked.await?)
            }
            Plan::ByHand => {
                let (fault, form) = by_hand(server, Some(&redirect), &self.scopes);
                Err(End {
                    fault,
                    by_hand: Some(Box::new(form)),
                    client_lost: false,
                })
            }
        }
    }

    /// A device code, where the server has them. Where a browser can be used as well,
    /// the sign-in does without.
    async fn device(&self, client: &Client, trail: &mut Trail<'_>) -> Result<Option<Device>, End> {
        let server = &self.found.server;
        let Some(endpoint) = &server.device else {
            return Ok(None);
        };
        let begun = match self.may_introduce(client) {
            Ok(()) => {
                let (scopes, resource) = (&self.scopes, &self.resource);
                let begun = device::begin(&self.asker, client, endpoint, scopes, resource, trail);
                begun.await.map_err(End::from)
            }
            Err(fault) => Err(fault.into()),
        };
        match begun {
            Ok(device) => Ok(Some(device)),
            Err(end) if server.authorization.is_none() => Err(end),
            Err(end) => {
                trail.tell(SignInEvent::Refused(end.fault));
                Ok(None)
            }
        }
    }

    /// A device code is asked for before a person has seen where. The secret of a client
    /// that was registered by hand goes to no server that the MCP server alone named.
    fn may_introduce(&self, client: &Client) -> Result<(), Fault> {
        let by_hand = client.kind == Registration::Manual && client.secret.is_some();
        if self.is_named || !by_hand {
            return Ok(());
        }
        Err(Fault::user(
            "a device code would cost the client's secret, at a server that nobody has named yet",
        )
        .hint("give the authorization server with --issuer https://… to have device codes"))
    }

    fn consent_seconds(&self) -> u32 {
        let seconds = self.request.sign_in.consent_seconds;
        seconds
            .unwrap_or(CONSENT_SECONDS)
            .clamp(*CONSENT_RANGE.start(), *CONSENT_RANGE.end())
    }

    fn consent(
        &self,
        client: &Client,
        asked: Option<&Authorization>,
        callback: Option<&Callback>,
        device: Option<&Device>,
    ) -> Consent {
        let since = Timestamp::now();
        let server = &self.found.server;
        let place = asked.map(|asked| asked.url.clone());
        let host = match (&place, device) {
            (Some(url), _) => url.host_str().unwrap_or_default().to_owned(),
            (None, Some(device)) => Url::parse(&device.shown.url)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_default(),
            (None, None) => String::new(),
        };
        let added = self.request.step_up.as_ref();
        Consent {
            id: self.request.id.clone(),
            url: place.as_ref().map(openable),
            host,
            issuer: Untrusted::new(server.issuer.as_str()),
            scopes: described(&self.scopes),
            added: added.map_or_else(Vec::new, |step| described(&step.added)),
            redirect_url: asked.map(|asked| asked.redirect.clone()),
            callback_port: callback.filter(|_| asked.is_some()).map(|one| one.port),
            device: device.map(|one| one.shown.clone()),
            registration: client.kind,
            unadvertised_pkce: !server.pkce && asked.is_some(),
            since,
            expires_at: since.after(Duration::from_secs(self.consent_seconds().into())),
        }
    }

    fn record(&self, client: Client, redirect: Option<String>, tokens: Tokens) -> SignInRecord {
        let (request, now) = (self.request, Timestamp::now());
        let server: &ServerMetadata = &self.found.server;
        let before = request
            .earlier
            .as_ref()
            .map_or(0, |record| record.generation);
        SignInRecord {
            server: request.server.clone(),
            resource: self.resource.clone(),
            issuer: server.issuer.clone(),
            client,
            redirect_url: redirect,
            token: server.token.clone(),
            revocation: server.revocation.clone(),
            private_network: request.sign_in.private_network,
            machine: request.sign_in.machine,
            scopes: tokens.scopes.unwrap_or_else(|| self.scopes.clone()),
            scopes_asked: self.scopes.clone(),
            access_token: tokens.access,
            refresh_token: tokens.refresh,
            issued_at: now,
            expires_at: tokens.expires_at,
            signed_in_at: now,
            refreshed_at: None,
            account: tokens.account,
            generation: before.saturating_add(1),
            refreshing_since: None,
            spent: false,
            client_lost: false,
        }
    }
}
