//! The store against real files.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::domain::{
    AuthMethod, ConnectionOptions, Connector, ConnectorId, ConnectorName, FunctionState,
    JournalEvent, Permission, PersonId, Target, Timestamp,
};

async fn fresh() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    assert_eq!(store.impairment(), None);
    (dir, store)
}

async fn open(dir: &Path) -> Store {
    let store = Store::open(&dir.join("data/board.db")).await;
    if store.impairment().is_none() {
        store.ensure_operator("op", "admin").await.unwrap();
    }
    store
}

fn connector(id: &str, name: &str) -> StoredConnector {
    StoredConnector {
        connector: Connector {
            id: ConnectorId::new(id),
            name: ConnectorName::parse(name).unwrap(),
            description: "words".to_owned(),
            target: Target::Http {
                url: "https://x.example/mcp".to_owned(),
                query: false,
            },
            auth: AuthMethod::Basic {
                user: "ana".to_owned(),
            },
            transport: None,
            era: None,
            enabled: true,
            options: ConnectionOptions::default(),
            trusted_at: Timestamp::from_millis(5),
            pinned_at: None,
        },
        oauth: None,
        evidence: Vec::new(),
        sign_in_options: crate::domain::SignInOptions::default(),
        sign_in: None,
    }
}

fn listed(name: &str, digest: &str) -> Listed {
    Listed {
        name: name.to_owned(),
        definition: format!("{{\"name\":\"{name}\"}}"),
        digest: digest.to_owned(),
    }
}

fn op() -> PersonId {
    PersonId::operator()
}

#[tokio::test]
async fn what_was_stored_is_there_after_opening_again() {
    let (dir, store) = fresh().await;
    let wiki = connector("c1", "wiki");
    store.insert_connector(&wiki, &op()).await.unwrap();
    drop(store);
    assert_eq!(open(dir.path()).await.connectors().await.unwrap(), [wiki]);
}

#[tokio::test]
async fn the_database_is_private_from_birth() {
    let (dir, _store) = fresh().await;
    let mode = |path: &str| {
        let meta = std::fs::metadata(dir.path().join(path)).unwrap();
        meta.permissions().mode() & 0o777
    };
    assert_eq!(mode("data"), 0o700);
    assert_eq!(mode("data/board.db"), 0o600);
    assert_eq!(mode("data/board.db-wal"), 0o600);
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case() {
    let (_dir, store) = fresh().await;
    store
        .insert_connector(&connector("c1", "wiki"), &op())
        .await
        .unwrap();
    assert_eq!(
        store
            .insert_connector(&connector("c2", "WIKI"), &op())
            .await,
        Err(StoreError::NameTaken)
    );
}

#[tokio::test]
async fn a_permission_outlives_refresh_rename_and_a_time_of_absence() {
    let (_dir, store) = fresh().await;
    let mut wiki = connector("c1", "wiki");
    let id = wiki.connector.id.clone();
    store.insert_connector(&wiki, &op()).await.unwrap();
    let both = [listed("read", "d1"), listed("write", "d2")];
    store.save_listing(&id, &both).await.unwrap();
    let read = [("read".to_owned(), "d1".to_owned())];
    store
        .permit(&id, &op(), &read, Permission::Always, true)
        .await
        .unwrap();

    store.save_listing(&id, &both).await.unwrap();
    wiki.connector.name = ConnectorName::parse("pages").unwrap();
    store.update_connector(&wiki).await.unwrap();
    let change = store.save_listing(&id, &both[1..]).await.unwrap();
    assert_eq!(change.gone, ["read"]);
    assert!(store.function(&id, "read", &op()).await.unwrap().is_none());
    store.save_listing(&id, &both).await.unwrap();

    let functions = store.functions(&id, &op()).await.unwrap();
    assert_eq!(functions[0].permission, Permission::Always);
    assert_eq!(functions[0].state, FunctionState::Accepted);
    assert_eq!(functions[1].permission, Permission::Ask);
}

#[tokio::test]
async fn what_is_new_or_differs_waits_until_somebody_sets_its_permission() {
    let (_dir, store) = fresh().await;
    let id = ConnectorId::new("c1");
    store
        .insert_connector(&connector("c1", "wiki"), &op())
        .await
        .unwrap();
    store
        .save_listing(&id, &[listed("read", "d1")])
        .await
        .unwrap();
    let change = store
        .save_listing(&id, &[listed("read", "d9"), listed("write", "d2")])
        .await
        .unwrap();
    assert_eq!(change.changed, ["read"]);
    assert_eq!(change.new, ["write"]);
    let states = |functions: Vec<StoredFunction>| -> Vec<FunctionState> {
        functions.into_iter().map(|f| f.state).collect()
    };
    assert_eq!(
        states(store.functions(&id, &op()).await.unwrap()),
        [FunctionState::Changed, FunctionState::New]
    );
    assert_eq!(store.counts(&op()).await.unwrap()[&id].changed, 2);

    // A digest that is not the present one accepts nothing.
    let stale = [("read".to_owned(), "d1".to_owned())];
    store
        .permit(&id, &op(), &stale, Permission::Ask, true)
        .await
        .unwrap();
    let now = [("write".to_owned(), "d2".to_owned())];
    store
        .permit(&id, &op(), &now, Permission::Block, false)
        .await
        .unwrap();
    assert_eq!(
        states(store.functions(&id, &op()).await.unwrap()),
        [FunctionState::Changed, FunctionState::New]
    );
    // What never runs waits for nobody.
    assert_eq!(store.counts(&op()).await.unwrap()[&id].changed, 1);
    store
        .permit(&id, &op(), &now, Permission::Ask, true)
        .await
        .unwrap();
    assert_eq!(
        states(store.functions(&id, &op()).await.unwrap()),
        [FunctionState::Changed, FunctionState::Accepted]
    );
}

#[tokio::test]
async fn what_was_accepted_is_kept_beside_what_is_listed_now() {
    let (_dir, store) = fresh().await;
    let wiki = connector("c1", "wiki");
    let id = wiki.connector.id.clone();
    store.insert_connector(&wiki, &op()).await.unwrap();
    store
        .save_listing(&id, &[listed("read", "d1")])
        .await
        .unwrap();
    let mut other = listed("read", "d2");
    other.definition = "{\"name\":\"read\",\"description\":\"other\"}".to_owned();
    store
        .save_listing(&id, &[other.clone(), listed("new", "d3")])
        .await
        .unwrap();
    let accepted = |name: &'static str| {
        let (store, id) = (store.clone(), id.clone());
        async move { store.accepted_definition(&id, name).await.unwrap() }
    };
    assert_eq!(
        accepted("read").await,
        Some(listed("read", "d1").definition)
    );
    assert_eq!(accepted("new").await, None);
    assert_eq!(accepted("absent").await, None);
    let now = [("read".to_owned(), "d2".to_owned())];
    store
        .permit(&id, &op(), &now, Permission::Ask, true)
        .await
        .unwrap();
    assert_eq!(accepted("read").await, Some(other.definition));
}

#[tokio::test]
async fn the_journal_counts_without_gaps_and_filters() {
    let (_dir, store) = fresh().await;
    for name in ["a", "b", "a"] {
        let entry = NewEntry {
            connector: Some((ConnectorId::new(name), name.to_owned())),
            ..NewEntry::default()
        };
        store
            .write_journal(JournalEvent::Added, entry)
            .await
            .unwrap();
    }
    let of = |query: JournalQuery| {
        let store = store.clone();
        async move {
            let lines = store.journal(&query).await.unwrap();
            lines.into_iter().map(|line| line.seq).collect::<Vec<_>>()
        }
    };
    let all = JournalQuery {
        limit: 10,
        ..JournalQuery::default()
    };
    assert_eq!(of(all.clone()).await, [1, 2, 3]);
    let of_a = JournalQuery {
        connector: Some(ConnectorId::new("a")),
        ..all.clone()
    };
    assert_eq!(of(of_a).await, [1, 3]);
    let newest = JournalQuery {
        limit: 2,
        ..all.clone()
    };
    assert_eq!(of(newest).await, [2, 3]);
    let before = JournalQuery {
        before_seq: Some(3),
        limit: 1,
        ..all.clone()
    };
    assert_eq!(of(before).await, [2]);
    let between = JournalQuery {
        after_seq: Some(1),
        before_seq: Some(3),
        ..all
    };
    assert_eq!(of(between).await, [2]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_kept_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("board.db");
    std::fs::write(&path, "my shopping list, which is long enough").unwrap();
    let store = Store::open(&path).await;
    assert!(matches!(
        store.impairment(),
        Some(StoreError::Damaged { .. })
    ));
    assert!(store.connectors().await.unwrap().is_empty());
    assert!(
        store
            .insert_connector(&connector("c", "c"), &op())
            .await
            .is_err()
    );
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "my shopping list, which is long enough"
    );
}

#[tokio::test]
async fn a_database_with_broken_pages_is_never_written() {
    let (dir, store) = fresh().await;
    store
        .insert_connector(&connector("c1", "wiki"), &op())
        .await
        .unwrap();
    store.close().await;
    let path = dir.path().join("data/board.db");
    let sound = std::fs::read(&path).unwrap();
    for page in 1..sound.len() / 4096 {
        let mut broken = sound.clone();
        broken[page * 4096..page * 4096 + 64].fill(0xff);
        std::fs::write(&path, &broken).unwrap();
        let store = Store::open(&path).await;
        if let Some(impairment) = store.impairment() {
            assert!(
                matches!(impairment, StoreError::Damaged { .. }),
                "{impairment}"
            );
            store.close().await;
            assert_eq!(
                std::fs::read(&path).unwrap(),
                broken,
                "page {page} was touched"
            );
        }
        store.close().await;
    }
    for length in (1..sound.len()).step_by(512) {
        std::fs::write(&path, &sound[..length]).unwrap();
        let store = Store::open(&path).await;
        assert!(
            store.impairment().is_some(),
            "{length} bytes passed for whole"
        );
        store.close().await;
        assert_eq!(std::fs::read(&path).unwrap(), &sound[..length]);
    }
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let (dir, store) = fresh().await;
    sqlx::query("update _sqlx_migrations set version = 99 where version = (select max(version) from _sqlx_migrations)")
        .execute(store.writing().unwrap())
        .await
        .unwrap();
    store.close().await;
    let store = open(dir.path()).await;
    assert!(matches!(
        store.impairment(),
        Some(StoreError::Newer {
            found: 99,
            known: 2,
            ..
        })
    ));
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_named_locked() {
    let (dir, store) = fresh().await;
    let mut holder = store.writing().unwrap().acquire().await.unwrap();
    sqlx::query("begin exclusive")
        .execute(&mut *holder)
        .await
        .unwrap();
    let second = Store::open(&dir.path().join("data/board.db")).await;
    assert!(matches!(
        second.impairment(),
        Some(StoreError::Locked { .. })
    ));
}
