//! Rows 23 and 24: refreshing, by many at once and through every failure.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use callboard::domain::{ConnectionOptions, Fault, FaultKind, Timestamp};
use callboard::mcp::network::Network;
use callboard::mcp::oauth::{RefreshFault, Refreshed, Shelf, SignInRecord, refresh};
use serde_json::json;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::case::{Case, Person, request, run};
use crate::support::authority::{Authority, Behaviour, Reply};

/// A shelf in memory that notes what it is told, and fails on request.
struct Memory {
    kept: Mutex<Option<SignInRecord>>,
    history: Mutex<Vec<SignInRecord>>,
    lock: Arc<AsyncMutex<()>>,
    /// How many of the next writes fail, after how many that do not.
    failing: Mutex<(u32, u32)>,
    loads: AtomicU32,
    /// What somebody else writes before this read.
    intrusion: Mutex<Option<(u32, SignInRecord)>>,
}

impl Memory {
    fn holding(record: &SignInRecord) -> Self {
        Self {
            kept: Mutex::new(Some(record.clone())),
            history: Mutex::default(),
            lock: Arc::default(),
            failing: Mutex::new((0, 0)),
            loads: AtomicU32::new(0),
            intrusion: Mutex::default(),
        }
    }

    fn record(&self) -> SignInRecord {
        self.kept.lock().unwrap().clone().unwrap()
    }
}

impl Shelf for Memory {
    type Guard = OwnedMutexGuard<()>;

    async fn lock(&self) -> Result<Self::Guard, Fault> {
        Ok(Arc::clone(&self.lock).lock_owned().await)
    }

    async fn load(&self) -> Result<Option<SignInRecord>, Fault> {
        let load = self.loads.fetch_add(1, Ordering::Relaxed) + 1;
        let mut intrusion = self.intrusion.lock().unwrap();
        if intrusion.as_ref().is_some_and(|(at, _)| *at == load) {
            *self.kept.lock().unwrap() = intrusion.take().map(|(_, record)| record);
        }
        Ok(self.kept.lock().unwrap().clone())
    }

    async fn save(&self, record: &SignInRecord) -> Result<(), Fault> {
        let mut failing = self.failing.lock().unwrap();
        if failing.0 > 0 {
            failing.0 -= 1;
        } else if failing.1 > 0 {
            failing.1 -= 1;
            return Err(Fault::config("the disk is full").hint("make room"));
        }
        self.history.lock().unwrap().push(record.clone());
        *self.kept.lock().unwrap() = Some(record.clone());
        Ok(())
    }
}

async fn signed_in(behaviour: Behaviour) -> (Authority, SignInRecord) {
    let outcome = Case::new(behaviour).run().await;
    let record = outcome.works().clone();
    (outcome.authority, record)
}

async fn refreshed(shelf: &Memory, known: u64) -> Result<Refreshed, RefreshFault> {
    let network = Network::new().unwrap();
    let mut told = String::new();
    let result = refresh(
        &network,
        &ConnectionOptions::default(),
        shelf,
        known,
        &mut |event| {
            told.push_str(&format!("{event:?}"));
        },
    )
    .await;
    assert!(!told.contains("s3cret"));
    assert!(!format!("{result:?}").contains("s3cret"));
    result
}

/// Requests that asked for a refresh.
fn asked(authority: &Authority) -> usize {
    let all = authority.at("/token");
    let refreshing = |one: &&crate::support::authority::Seen| {
        one.field("grant_type").as_deref() == Some("refresh_token")
    };
    all.iter().filter(refreshing).count()
}

#[tokio::test]
async fn twenty_who_refresh_at_once_ask_once_and_all_have_the_new_token() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Arc::new(Memory::holding(&record));
    let known = record.generation;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let shelf = Arc::clone(&shelf);
        all.spawn(async move { refreshed(&shelf, known).await.unwrap().into_record() });
    }
    let records = all.join_all().await;
    assert_eq!(asked(&authority), 1);
    for one in records {
        assert_eq!(one, shelf.record());
        assert!(authority.lets_in(one.access_token.expose()));
    }
}

#[tokio::test]
async fn a_refresh_is_marked_then_asked_then_kept_and_only_then_used() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Memory::holding(&record);
    let renewed = refreshed(&shelf, record.generation)
        .await
        .unwrap()
        .into_record();
    let history = shelf.history.lock().unwrap();
    assert_eq!(history.len(), 2);
    assert!(history[0].refreshing_since.is_some());
    assert_eq!(history[0].access_token, record.access_token);
    assert_eq!(history[1], renewed);
    assert_eq!(renewed.refreshing_since, None);
    assert_ne!(renewed.refresh_token, record.refresh_token);
    assert!(renewed.refreshed_at.is_some() && renewed.signed_in_at == record.signed_in_at);
    assert_eq!(renewed.scopes, record.scopes);
    let request = authority.at("/token").pop().unwrap();
    assert_eq!(request.field("resource"), Some(record.resource));
    assert_eq!(request.field("scope"), None);
}

#[tokio::test]
async fn a_refresh_token_that_is_not_given_again_stays() {
    let mut behaviour = Behaviour::good();
    behaviour.rotates = false;
    let (_authority, record) = signed_in(behaviour).await;
    let shelf = Memory::holding(&record);
    let renewed = refreshed(&shelf, record.generation)
        .await
        .unwrap()
        .into_record();
    assert_eq!(renewed.refresh_token, record.refresh_token);
    let again = refreshed(&shelf, renewed.generation)
        .await
        .unwrap()
        .into_record();
    assert_eq!(again.generation, record.generation + 2);
}

#[tokio::test]
async fn what_somebody_else_refreshed_is_taken_over() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Memory::holding(&record);
    refreshed(&shelf, record.generation).await.unwrap();
    let late = refreshed(&shelf, record.generation).await.unwrap();
    assert!(matches!(late, Refreshed::Adopted(_)));
    assert_eq!(asked(&authority), 1);
}

#[tokio::test]
async fn a_sign_in_that_the_server_ended_asks_for_a_person_and_never_again() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    authority.end_sign_ins();
    let shelf = Memory::holding(&record);
    for _ in 0..5 {
        let fault = refreshed(&shelf, record.generation)
            .await
            .unwrap_err()
            .fault;
        assert_eq!(fault.kind, FaultKind::SignIn);
        assert!(
            fault
                .hints
                .iter()
                .any(|hint| hint.contains("callboard login"))
        );
    }
    assert_eq!(asked(&authority), 1);
    // The record is kept: its registration serves the next sign-in.
    assert!(shelf.record().spent);
    assert_eq!(shelf.record().client, record.client);
}

#[tokio::test]
async fn a_person_who_signed_in_meanwhile_is_not_signed_out() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    authority.end_sign_ins();
    let shelf = Memory::holding(&record);
    let newer = SignInRecord {
        generation: record.generation + 1,
        ..record.clone()
    };
    *shelf.intrusion.lock().unwrap() = Some((2, newer.clone()));
    let found = refreshed(&shelf, record.generation).await.unwrap();
    assert_eq!(found, Refreshed::Adopted(Box::new(newer)));
    assert!(!shelf.record().spent);
}

#[tokio::test]
async fn a_server_that_is_busy_ends_no_sign_in() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    for status in [500, 503, 429] {
        authority.instead("/token", Reply::new(status, ""));
        let shelf = Memory::holding(&record);
        let fault = refreshed(&shelf, record.generation)
            .await
            .unwrap_err()
            .fault;
        assert!(fault.retry, "{fault}");
        assert!(!shelf.record().spent);
    }
    let shelf = Memory::holding(&record);
    refreshed(&shelf, record.generation).await.unwrap();
}

#[tokio::test]
async fn tokens_that_cannot_be_kept_are_not_used_and_not_lost() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Memory::holding(&record);
    *shelf.failing.lock().unwrap() = (1, 100);
    let failed = refreshed(&shelf, record.generation).await.unwrap_err();
    assert_eq!(failed.fault.kind, FaultKind::Config);
    let unsaved = failed.unsaved.unwrap();
    assert!(authority.lets_in(unsaved.access_token.expose()));
    assert_eq!(shelf.record().access_token, record.access_token);
}

#[tokio::test]
async fn a_disk_that_fails_once_loses_nothing() {
    let (_authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Memory::holding(&record);
    *shelf.failing.lock().unwrap() = (1, 2);
    let renewed = refreshed(&shelf, record.generation)
        .await
        .unwrap()
        .into_record();
    assert_eq!(shelf.record(), renewed);
}

#[tokio::test]
async fn nothing_is_asked_where_the_mark_cannot_be_kept() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Memory::holding(&record);
    *shelf.failing.lock().unwrap() = (0, 1);
    refreshed(&shelf, record.generation).await.unwrap_err();
    assert_eq!(asked(&authority), 0);
}

/// A crash between the answer and the disk, at a server that ends a family whose
/// token comes twice.
#[tokio::test]
async fn a_crash_before_the_disk_ends_in_a_sign_in_and_says_why() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let shelf = Memory::holding(&record);
    *shelf.failing.lock().unwrap() = (1, 100);
    refreshed(&shelf, record.generation).await.unwrap_err();
    *shelf.failing.lock().unwrap() = (0, 0);
    let fault = refreshed(&shelf, record.generation)
        .await
        .unwrap_err()
        .fault;
    assert_eq!(fault.kind, FaultKind::SignIn);
    assert!(fault.hints.iter().any(|hint| hint.contains("cut off")));
    assert_eq!(asked(&authority), 2);
}

/// The same at a server that does not rotate: the old token still serves.
#[tokio::test]
async fn a_crash_before_the_disk_is_mended_where_the_old_token_serves() {
    let mut behaviour = Behaviour::good();
    behaviour.rotates = false;
    let (_authority, record) = signed_in(behaviour).await;
    let shelf = Memory::holding(&record);
    *shelf.failing.lock().unwrap() = (1, 100);
    refreshed(&shelf, record.generation).await.unwrap_err();
    *shelf.failing.lock().unwrap() = (0, 0);
    refreshed(&shelf, record.generation).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_without_a_refresh_token_asks_for_a_person() {
    let (authority, record) =
        signed_in(Behaviour::good().tokens(json!({ "refresh_token": null }))).await;
    let shelf = Memory::holding(&record);
    let fault = refreshed(&shelf, record.generation)
        .await
        .unwrap_err()
        .fault;
    assert_eq!(fault.kind, FaultKind::SignIn);
    assert_eq!(asked(&authority), 0);
}

#[tokio::test]
async fn a_client_that_the_server_forgot_asks_for_a_person() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    authority.forget_clients();
    let shelf = Memory::holding(&record);
    let fault = refreshed(&shelf, record.generation)
        .await
        .unwrap_err()
        .fault;
    assert_eq!(fault.kind, FaultKind::SignIn);
    assert!(fault.message.contains("invalid_client"));
    assert!(shelf.record().spent);
}

/// The registration is no good any more, and nobody should have to know that.
#[tokio::test]
async fn a_client_that_a_refresh_found_forgotten_is_registered_anew_by_the_next_sign_in() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    authority.forget_clients();
    let shelf = Memory::holding(&record);
    let _ = refreshed(&shelf, record.generation).await.unwrap_err();
    let mut again = request(&authority).await;
    again.earlier = Some(shelf.record());
    let again = run(authority, None, again, Person::Browser).await;
    assert_ne!(again.works().client.id, record.client.id);
    assert!(!again.works().client_lost);
}

/// Tokens were refreshed while a person consented: the new sign-in is newer all the
/// same, and whoever was refused meanwhile takes it over as it is.
#[tokio::test]
async fn a_sign_in_that_took_long_is_newer_than_what_was_refreshed_meanwhile() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let known = record.generation + 7;
    let fresh = SignInRecord {
        refresh_token: None,
        ..record
    };
    let shelf = Memory::holding(&fresh.following(known));
    let adopted = refreshed(&shelf, known).await.unwrap();
    assert!(matches!(adopted, Refreshed::Adopted(_)));
    assert_eq!(asked(&authority), 0);
}

#[tokio::test]
async fn a_token_endpoint_that_moved_is_found_by_its_issuer() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let moved = SignInRecord {
        token: record.token.join("/old-token").unwrap(),
        ..record.clone()
    };
    let shelf = Memory::holding(&moved);
    let renewed = refreshed(&shelf, record.generation)
        .await
        .unwrap()
        .into_record();
    assert_eq!(renewed.token, record.token);
    // The MCP server was not asked where to send a refresh token.
    let resource = "/.well-known/oauth-protected-resource/mcp";
    assert_eq!(authority.count(resource), 1);
}

/// The issuer's document now names another issuer.
#[tokio::test]
async fn a_token_endpoint_that_another_issuer_names_gets_nothing() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let other = Authority::start(Behaviour::good());
    let evil =
        json!({ "issuer": other.origin, "token_endpoint": format!("{}/token", other.origin) });
    authority.instead(
        "/.well-known/oauth-authorization-server",
        Reply::json(200, &evil),
    );
    let moved = SignInRecord {
        token: record.token.join("/old-token").unwrap(),
        ..record.clone()
    };
    let shelf = Memory::holding(&moved);
    refreshed(&shelf, record.generation).await.unwrap_err();
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_refresh_that_is_redirected_goes_nowhere() {
    let (authority, record) = signed_in(Behaviour::good()).await;
    let other = Authority::start(Behaviour::good());
    let away = format!("{}/token", other.origin);
    authority.instead("/token", Reply::redirect(308, &away));
    let shelf = Memory::holding(&record);
    let fault = refreshed(&shelf, record.generation)
        .await
        .unwrap_err()
        .fault;
    assert!(
        fault.message.contains("redirects the refresh token"),
        "{fault}"
    );
    assert!(other.seen().is_empty());
    assert!(!shelf.record().spent);
}

/// A firewall's page, a proxy's: nobody said that the sign-in has ended.
#[tokio::test]
async fn an_answer_that_says_nothing_ends_no_sign_in() {
    for status in [200, 403, 404] {
        let (authority, record) = signed_in(Behaviour::good()).await;
        authority.instead("/token", Reply::new(status, "<html>"));
        let shelf = Memory::holding(&record);
        let failed = refreshed(&shelf, record.generation).await.unwrap_err();
        assert_eq!(failed.fault.kind, FaultKind::Server, "{}", failed.fault);
        assert!(!shelf.record().spent);
        refreshed(&shelf, record.generation).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_that_has_ended_is_known_by_the_clock() {
    let (_authority, record) = signed_in(Behaviour::good()).await;
    let end = record.expires_at.unwrap();
    assert!(!record.is_expired(Timestamp::now()));
    assert!(record.is_expired(end));
    assert!(record.refresh_at().unwrap() < end);
}
