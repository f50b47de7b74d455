//! What the engine holds.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::agents::Agents;
use super::bus::Bus;
use super::keeper::Order;
use super::people::Someone;
use super::questions::Questions;
use super::recent::Recent;
use super::sign_in::{SignIns, Signing};
use super::storage::Storage;
use super::undo::Past;
use super::vault::Desk;
use crate::config::Home;
use crate::domain::{
    ConnectorId, ConnectorName, Fault, FunctionCounts, Status, Target, Timestamp, Untrusted,
};
use crate::mcp::network::Network;
use crate::mcp::session::{Session, SessionInfo};
use crate::protocol::{BoardInfo, EventKind, VERSION};
use crate::store::{Store, StoreError, StoredConnector};

/// Everything a board is made of.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) info: BoardInfo,
    pub(super) person: Someone,
    pub(super) storage: Storage,
    pub(super) vault: Desk,
    pub(super) network: Network,
    pub(super) bus: Bus,
    /// What waits for the operator.
    pub(super) questions: Questions,
    /// The agents that are connected.
    pub(super) agents: Agents,
    /// The last calls whole.
    pub(super) recent: Recent,
    /// Sign-ins under way, and the tokens of those that stand.
    pub(super) sign_ins: SignIns,
    /// Where the client ID metadata document is published, where it is used.
    pub(super) client_metadata_url: Option<String>,
    /// What can be taken back.
    pub(super) past: Past,
    /// Keepers, and sessions that say goodbye.
    pub(super) tasks: TaskTracker,
    /// Requests under way.
    pub(super) requests: TaskTracker,
    /// Somebody asked the board to end.
    pub(super) stopping: CancellationToken,
    /// No request is under way any more: sessions end.
    pub(super) hanging_up: CancellationToken,
    pub(super) activity: Notify,
    /// A list older than this is read again at the next use.
    pub(super) list_age: Duration,
    /// Names that are being added right now.
    pub(super) coming: Mutex<Vec<String>>,
    entries: Mutex<BTreeMap<ConnectorId, Entry>>,
    storage_fault: Mutex<Option<Fault>>,
    /// Whether the connectors were read; held while they are.
    loaded: AtomicBool,
    loading: tokio::sync::Mutex<()>,
}

/// A connector while the board runs.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) stored: StoredConnector,
    pub(super) condition: Condition,
    pub(super) live: Option<Live>,
    pub(super) counts: FunctionCounts,
    pub(super) orders: Option<mpsc::UnboundedSender<Order>>,
    /// Whoever changes what is kept of it waits for their turn.
    pub(super) turns: Arc<tokio::sync::Mutex<()>>,
    /// Its sign-ins.
    pub(super) signing: Signing,
}

/// A session that calls may use.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) session: Arc<Session>,
    /// Where it leads: not where the connector points, once that was edited.
    pub(super) target: Target,
    /// When its functions were listed last.
    pub(super) listed_at: Instant,
}

/// How a connector fares.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) status: Status,
    pub(super) fault: Option<Fault>,
    pub(super) since: Timestamp,
    pub(super) retry_at: Option<Timestamp>,
    pub(super) info: Option<SessionInfo>,
    pub(super) stderr: VecDeque<Untrusted>,
}

impl Entry {
    /// A connector that is not looked after yet.
    pub(super) fn new(stored: StoredConnector, counts: FunctionCounts) -> Self {
        Self {
            stored,
            condition: Condition {
                status: Status::Disabled,
                fault: None,
                since: Timestamp::now(),
                retry_at: None,
                info: None,
                stderr: VecDeque::new(),
            },
            live: None,
            counts,
            orders: None,
            turns: Arc::default(),
            signing: Signing::default(),
        }
    }
}

impl Board {
    /// Opens everything and connects nothing.
    pub(super) async fn open(
        home: &Home,
        list_age: Duration,
        client_metadata_url: Option<String>,
    ) -> Result<Self, Fault> {
        let started_at = Timestamp::now();
        let person = Someone::operator();
        let storage = Storage::open(home.database()).await;
        let board = Self {
            info: BoardInfo {
                pid: std::process::id(),
                version: VERSION.to_owned(),
                started_at,
            },
            person,
            storage,
            vault: Desk::open(&home.secrets),
            network: Network::new()?,
            bus: Bus::new(started_at),
            questions: Questions::new(started_at),
            agents: Agents::default(),
            recent: Recent::default(),
            sign_ins: SignIns::default(),
            client_metadata_url,
            past: Past::default(),
            tasks: TaskTracker::new(),
            requests: TaskTracker::new(),
            stopping: CancellationToken::new(),
            hanging_up: CancellationToken::new(),
            activity: Notify::new(),
            list_age,
            coming: Mutex::new(Vec::new()),
            entries: Mutex::default(),
            storage_fault: Mutex::default(),
            loaded: AtomicBool::new(false),
            loading: tokio::sync::Mutex::default(),
        };
        board.load().await;
        Ok(board)
    }

    /// Whether the connectors were read from a sound database.
    pub(super) fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// Reads the connectors from the database, as far as it can be read; says which
    /// were not there before.
    pub(super) async fn load(&self) -> Vec<ConnectorId> {
        let _one_at_a_time = self.loading.lock().await;
        let store = self.store().await;
        if self.is_loaded() {
            return Vec::new();
        }
        match self.read_connectors(&store).await {
            Ok(read) => {
                let sound = store.impairment().is_none();
                self.loaded.store(sound, Ordering::Release);
                self.take_in(read)
            }
            Err(error) => {
                tracing::error!(%error, "the database cannot be used");
                self.storage.broke(&error);
                self.note_storage(Some(Fault::from(error)));
                Vec::new()
            }
        }
    }

    async fn read_connectors(&self, store: &Store) -> Result<Vec<Entry>, StoreError> {
        let person = &self.person;
        if store.impairment().is_none() {
            store
                .ensure_operator(&person.name, person.role.word())
                .await?;
        }
        let counts = store.counts(&person.id).await?;
        let read = store.connectors().await?;
        Ok(read
            .into_iter()
            .map(|stored| {
                let counts = counts.get(&stored.connector.id).copied();
                Entry::new(stored, counts.unwrap_or_default())
            })
            .collect())
    }

    fn take_in(&self, read: Vec<Entry>) -> Vec<ConnectorId> {
        self.with_entries(|entries| {
            let mut new = Vec::new();
            for entry in read {
                let id = entry.stored.connector.id.clone();
                if !entries.contains_key(&id) {
                    entries.insert(id.clone(), entry);
                    new.push(id);
                }
            }
            new
        })
    }

    /// Looks at, or changes, the connectors. Never held over an await.
    pub(super) fn with_entries<T>(
        &self,
        look: impl FnOnce(&mut BTreeMap<ConnectorId, Entry>) -> T,
    ) -> T {
        look(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at, or changes, one connector; `None` where it is gone.
    pub(super) fn with_entry<T>(
        &self,
        id: &ConnectorId,
        look: impl FnOnce(&mut Entry) -> T,
    ) -> Option<T> {
        self.with_entries(|entries| entries.get_mut(id).map(look))
    }

    /// Finds a connector by its name as typed, whatever its case.
    ///
    /// # Errors
    /// `not-found`, with the nearest name there is.
    pub(super) fn find(&self, name: &str) -> Result<ConnectorId, Fault> {
        let wanted = name.to_ascii_lowercase();
        self.with_entries(|entries| {
            let found = entries
                .iter()
                .find(|(_, entry)| entry.stored.connector.name.folded() == wanted);
            match found {
                Some((id, _)) => Ok(id.clone()),
                None => {
                    let names = entries.values().map(|entry| &entry.stored.connector.name);
                    Err(no_such_connector(name, names))
                }
            }
        })
    }

    /// Tells a connector's keeper something.
    pub(super) fn order(&self, id: &ConnectorId, order: Order) {
        self.with_entry(id, |entry| {
            if let Some(orders) = &entry.orders {
                // A keeper that has ended is about to be forgotten.
                let _ = orders.send(order);
            }
        });
    }

    /// What is wrong with the database, if anything is.
    pub(super) fn storage_fault(&self) -> Option<Fault> {
        self.storage_fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The database, ready to be written; tells the faces when it broke or healed.
    pub(super) async fn store(&self) -> Store {
        let store = self.storage.store().await;
        let now = store.impairment().cloned().map(Fault::from);
        self.note_storage(now);
        store
    }

    /// Notes a failure of the database that shows only in use: until it is over no
    /// permission is taken for more than *ask*.
    pub(super) fn storage_failed(&self, error: StoreError) -> Fault {
        let lasting = matches!(
            error,
            StoreError::Damaged { .. }
                | StoreError::Locked { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::Full { .. }
                | StoreError::Failing { .. }
        );
        if lasting {
            self.storage.broke(&error);
        }
        let fault = Fault::from(error);
        if lasting {
            self.note_storage(Some(fault.clone()));
        }
        fault
    }

    fn note_storage(&self, now: Option<Fault>) {
        let mut known = self
            .storage_fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if *known != now {
            known.clone_from(&now);
            self.bus.publish(EventKind::Storage { fault: now });
        }
    }
}

fn no_such_connector<'a>(name: &str, names: impl Iterator<Item = &'a ConnectorName>) -> Fault {
    let shown = crate::guard::sanitise::line(&Untrusted::from(name), 40);
    let fault = Fault::not_found(format!("there is no connector named {shown}"));
    let nearest = names
        .map(|known| (distance(&known.folded(), &name.to_ascii_lowercase()), known))
        .min_by_key(|(distance, _)| *distance);
    match nearest {
        // Of a short name, two slips leave nothing.
        Some((distance, known))
            if distance <= 2 && distance * 2 <= name.chars().count().min(known.as_str().len()) =>
        {
            fault.hint(format!("the nearest name is {known}"))
        }
        _ => fault.hint("`callboard list` shows them all"),
    }
}

/// Edits that make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (b, above) in other.iter().zip(row.iter().skip(1)) {
            left = (above + 1)
                .min(left + 1)
                .min(diagonal + usize::from(a != *b));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(distance("wiki", "wiki"), 0);
        assert_eq!(distance("wiki", "wki"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_mistyped_name_is_answered_with_the_nearest() {
        let names = [ConnectorName::parse("wiki").unwrap()];
        let fault = no_such_connector("wkii", names.iter());
        assert_eq!(fault.hints, ["the nearest name is wiki"]);
        let fault = no_such_connector("crm", names.iter());
        assert_eq!(fault.hints, ["`callboard list` shows them all"]);
        let short = [ConnectorName::parse("a").unwrap()];
        let fault = no_such_connector("c", short.iter());
        assert_eq!(fault.hints, ["`callboard list` shows them all"]);
    }
}
