//! Refreshes a token as a transaction over everybody who uses it (RFC 6749 section 6,
//! RFC 9700 section 4.14).
//!
//! Lock, read again, take over what somebody else refreshed meanwhile; else mark the
//! refresh durably, ask, and keep the new tokens before anybody uses them. A rotating
//! refresh token is presented once; a crash in between leaves a mark, and the next one
//! to come tries the token that is kept.
//!
//! The future is to run in a task of its own: a caller that loses patience must not
//! cut it off between the answer and the disk.

use super::ask::Asker;
use super::discover::find_server;
use super::record::SignInRecord;
use super::token::{self, TokenFault, Tokens};
use super::trail::{SignInEvent, Trail};
use crate::domain::{ConnectionOptions, Fault, FaultKind, SignInStage, Timestamp};
use crate::mcp::network::Network;

/// How often the new tokens are tried to be kept before that is given up.
const KEEP_TRIES: u32 = 3;

/// Where the record of one sign-in is kept.
pub trait Shelf: Sync {
    /// Excludes every other refresh of this sign-in, in all processes, until dropped.
    type Guard: Send;

    /// Waits for the guard.
    fn lock(&self) -> impl Future<Output = Result<Self::Guard, Fault>> + Send;

    /// Reads the record anew, past every cache.
    fn load(&self) -> impl Future<Output = Result<Option<SignInRecord>, Fault>> + Send;

    /// Keeps a record; when this returns it is on the disk.
    fn save(&self, record: &SignInRecord) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// A refresh that went well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// These are new.
    Renewed(Box<SignInRecord>),
    /// Somebody else had refreshed already, or a person had signed in.
    Adopted(Box<SignInRecord>),
}

impl Refreshed {
    /// The record to use from now on.
    pub fn into_record(self) -> SignInRecord {
        match self {
            Self::Renewed(record) | Self::Adopted(record) => *record,
        }
    }
}

/// A refresh that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshFault {
    /// What went wrong. [`FaultKind::SignIn`]: only a person can mend it, and no
    /// further refresh is to be tried.
    pub fault: Fault,
    /// New tokens that could not be kept. They are not to be used before they are.
    pub unsaved: Option<Box<SignInRecord>>,
}

impl From<Fault> for RefreshFault {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            unsaved: None,
        }
    }
}

/// Refreshes the tokens of a sign-in. `known` is the generation of the record whose
/// token ended or was refused.
///
/// # Errors
/// As [`RefreshFault`].
pub async fn refresh(
    network: &Network,
    options: &ConnectionOptions,
    shelf: &impl Shelf,
    known: u64,
    on_event: &mut (dyn FnMut(SignInEvent) + Send),
) -> Result<Refreshed, RefreshFault> {
    let _guard = shelf.lock().await?;
    let Some(record) = shelf.load().await? else {
        return Err(needed("there is no sign-in any more").into());
    };
    if record.generation > known && !record.is_expired(Timestamp::now()) {
        return Ok(Refreshed::Adopted(Box::new(record)));
    }
    if !record.is_refreshable() {
        return Err(needed(if record.spent {
            "the authorization server has ended the sign-in"
        } else {
            "the token has ended, and the server gave none to refresh it with"
        })
        .into());
    }
    let cut_off = record.refreshing_since.is_some();
    let marked = SignInRecord {
        refreshing_since: Some(Timestamp::now()),
        ..record.clone()
    };
    shelf.save(&marked).await?;
    let mut trail = Trail::new(on_event);
    trail.begin(SignInStage::Token);
    let asked = ask(network, options, &record, &mut trail).await;
    let result = match asked {
        Ok((tokens, moved)) => {
            let mut renewed = record.renewed(tokens, Timestamp::now());
            if let Some(token) = moved {
                renewed.token = token;
            }
            keep(shelf, renewed).await
        }
        Err(fault) => give_up(shelf, &record, fault, cut_off).await,
    };
    match &result {
        Ok(_) => trail.done(),
        Err(failed) => trail.failed(&failed.fault),
    }
    result
}

/// Asks at the endpoint that is kept. Where that is gone, its issuer says where the new
/// one is; the MCP server is not asked, because it could name anybody.
async fn ask(
    network: &Network,
    options: &ConnectionOptions,
    record: &SignInRecord,
    trail: &mut Trail<'_>,
) -> Result<(Tokens, Option<url::Url>), TokenFault> {
    let wrong = TokenFault::Wrong;
    let asker = Asker::new(network, options, record.rules()).map_err(wrong)?;
    let request = |token| match &record.refresh_token {
        Some(with) => Ok(token::refresh(
            &record.client,
            token,
            with,
            &record.resource,
        )),
        None if record.machine => Ok(token::for_a_machine(
            &record.client,
            token,
            &record.scopes_asked,
            &record.resource,
        )),
        None => Err(wrong(needed("there is nothing to refresh with"))),
    };
    let what = "the refresh token";
    match token::ask(&asker, &request(&record.token)?, what, trail).await {
        Err(TokenFault::Gone(fault)) => {
            let found = find_server(&asker, &record.issuer, trail).await;
            match found {
                Ok(server) if server.token != record.token => {
                    let request = request(&server.token)?;
                    let tokens = token::ask(&asker, &request, what, trail).await?;
                    Ok((tokens, Some(server.token)))
                }
                _ => Err(TokenFault::Gone(fault)),
            }
        }
        other => other.map(|tokens| (tokens, None)),
    }
}

/// On disk before anybody uses it.
async fn keep(shelf: &impl Shelf, renewed: SignInRecord) -> Result<Refreshed, RefreshFault> {
    let mut trouble = None;
    for _ in 0..KEEP_TRIES {
        match shelf.save(&renewed).await {
            Ok(()) => return Ok(Refreshed::Renewed(Box::new(renewed))),
            Err(fault) => trouble = Some(fault),
        }
    }
    Err(RefreshFault {
        fault: trouble.unwrap_or_else(|| Fault::internal("new tokens were not kept")),
        unsaved: Some(Box::new(renewed)),
    })
}

async fn give_up(
    shelf: &impl Shelf,
    record: &SignInRecord,
    fault: TokenFault,
    cut_off: bool,
) -> Result<Refreshed, RefreshFault> {
    let mut client_lost = false;
    let (ended, fault) = match fault {
        TokenFault::Refused(code, fault) => {
            client_lost = code == "invalid_client";
            let ends = matches!(
                code.as_str(),
                "invalid_grant" | "invalid_client" | "unauthorized_client" | "access_denied"
            );
            (ends, fault)
        }
        // The mark stays: whether the server saw the request is not known.
        TokenFault::Passing(fault) => return Err(fault.into()),
        TokenFault::Gone(fault) | TokenFault::Wrong(fault) => (false, undecided(fault)),
    };
    // Somebody who does not know the lock may have signed in meanwhile.
    if let Some(now) = shelf.load().await?
        && now.generation > record.generation
    {
        return Ok(Refreshed::Adopted(Box::new(now)));
    }
    let kept = SignInRecord {
        refreshing_since: None,
        spent: ended,
        client_lost,
        ..record.clone()
    };
    shelf.save(&kept).await?;
    if !ended {
        return Err(fault.into());
    }
    let mut sign_in = needed(&fault.message);
    if cut_off {
        sign_in = sign_in.hint("an earlier refresh was cut off before its answer was kept");
    }
    Err(sign_in.into())
}

/// An answer that says nothing of the sign-in, such as a firewall's page, does not end
/// it.
fn undecided(mut fault: Fault) -> Fault {
    if fault.kind == FaultKind::SignIn {
        fault.kind = FaultKind::Server;
        return fault.retryable();
    }
    fault
}

fn needed(what: &str) -> Fault {
    Fault::new(FaultKind::SignIn, what).hint("sign in again: callboard login NAME")
}
