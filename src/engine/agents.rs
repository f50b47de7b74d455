//! The agents that are connected.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Engine;
use super::board::Board;
use crate::domain::{Agent, AgentId, AgentKey, Door, Timestamp, Untrusted};
use crate::protocol::EventKind;

/// What an agent says of itself, and what its door knows about it.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// What it is called.
    pub name: Untrusted,
    /// What is certain about it.
    pub key: Option<AgentKey>,
    /// By which door it came.
    pub door: Door,
    /// The process that talks.
    pub pid: Option<u32>,
    /// Its working folder.
    pub cwd: Option<Untrusted>,
}

/// Who is connected.
#[derive(Debug, Default)]
pub(super) struct Agents {
    given: AtomicU64,
    present: Mutex<BTreeMap<AgentId, Agent>>,
}

impl Agents {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<AgentId, Agent>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everybody who is connected.
    pub(super) fn present(&self) -> Vec<Agent> {
        self.lock().values().cloned().collect()
    }

    /// Whether anybody is.
    pub(super) fn any(&self) -> bool {
        !self.lock().is_empty()
    }
}

/// A connected agent. Dropping the last one of it says that it is gone.
#[derive(Debug)]
pub struct Presence {
    board: Arc<Board>,
    id: AgentId,
}

impl Presence {
    /// Under what it is connected.
    pub fn id(&self) -> &AgentId {
        &self.id
    }

    /// The agent as it is known now.
    pub fn agent(&self) -> Option<Agent> {
        self.board.agents.lock().get(&self.id).cloned()
    }

    /// Takes the name that it gives itself, where nothing certain names it.
    pub fn rename(&self, name: Untrusted) {
        let changed = {
            let mut present = self.board.agents.lock();
            let agent = present.get_mut(&self.id);
            agent.and_then(|agent| {
                let free = !matches!(agent.key, Some(AgentKey::Token(_))) && agent.name != name;
                free.then(|| {
                    agent.name = name;
                    agent.clone()
                })
            })
        };
        if let Some(agent) = changed {
            self.board.bus.publish(EventKind::Agent(Box::new(agent)));
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.board.agents.lock().remove(&self.id);
        let id = self.id.clone();
        self.board.bus.publish(EventKind::AgentGone { id });
        self.board.activity.notify_waiters();
    }
}

impl Engine {
    /// Takes an agent in.
    pub fn introduce(&self, introduction: Introduction) -> Presence {
        let Introduction {
            name,
            key,
            door,
            pid,
            cwd,
        } = introduction;
        let number = self.board.agents.given.fetch_add(1, Ordering::Relaxed) + 1;
        let id = AgentId::new(format!("a{number}"));
        let agent = Agent {
            id: id.clone(),
            name,
            key,
            door,
            pid,
            cwd,
            since: Timestamp::now(),
        };
        self.board.agents.lock().insert(id.clone(), agent.clone());
        self.board.bus.publish(EventKind::Agent(Box::new(agent)));
        Presence {
            board: Arc::clone(&self.board),
            id,
        }
    }

    /// The agents that are connected.
    pub fn agents(&self) -> Vec<Agent> {
        self.board.agents.present()
    }
}
