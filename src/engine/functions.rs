//! Functions: shown, permitted.

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::board::Board;
use super::changing::Turn;
use super::undo::Change;
use super::{Engine, Steps};
use crate::domain::{
    ConnectorId, Fault, Function, FunctionState, JournalEntry, JournalEvent, Permission, Untrusted,
};
use crate::guard::{definition, sanitise};
use crate::policy::after_accepting;
use crate::protocol::{Accept, EventKind, FunctionView, Permit, Permitted, Selection};
use crate::store::{JournalQuery, NewEntry, StoredFunction};

/// How many of its last calls a function is shown with.
const LAST_CALLS: usize = 5;

/// How many functions of a list are handed over at a time.
const HANDED_OVER: usize = 50;

/// Among how many lines of the journal they are looked for: a call has two lines, and
/// permissions have some too.
const LINES_LOOKED_AT: u32 = 50;

impl Board {
    /// A stored function as everybody above the store knows it. Where permissions
    /// cannot be read for certain, none is shown as more than *ask*.
    pub(super) fn function_of(&self, stored: &StoredFunction) -> Function {
        let object = definition_of(&stored.definition);
        let permission = match stored.permission {
            Permission::Always if self.storage_fault().is_some() => Permission::Ask,
            permission => permission,
        };
        match definition::read(&object) {
            Ok(read) => Function {
                name: read.name,
                title: read.title,
                description: read.description,
                permission,
                state: stored.state,
                hints: read.hints,
                input_schema: read.input_schema.into(),
                output_schema: read.output_schema.map(Into::into),
                digest: stored.digest.clone(),
            },
            // It could be read when it was listed; an older callboard may have
            // been laxer.
            Err(_) => Function {
                name: Untrusted::from(stored.name.as_str()),
                title: None,
                description: Untrusted::default(),
                permission,
                state: stored.state,
                hints: crate::domain::Hints::default(),
                input_schema: Value::Bool(true).into(),
                output_schema: None,
                digest: stored.digest.clone(),
            },
        }
    }

    /// One listed function.
    ///
    /// # Errors
    /// `not-found`.
    pub(super) async fn listed(
        &self,
        id: &ConnectorId,
        function: &str,
    ) -> Result<StoredFunction, Fault> {
        self.store()
            .await
            .function(id, function, &self.person.id)
            .await
            .map_err(|error| self.storage_failed(error))?
            .ok_or_else(|| self.no_such_function(id, function))
    }

    /// Why a function is not there: the server does not list it, or it was never
    /// reached and nobody knows what it lists.
    fn no_such_function(&self, id: &ConnectorId, function: &str) -> Fault {
        let known = self.with_entry(id, |entry| {
            let connector = &entry.stored.connector;
            let unlisted = connector.pinned_at.is_none();
            let fault = entry.condition.fault.clone().filter(|_| unlisted);
            (connector.name.to_string(), fault)
        });
        match known {
            Some((_, Some(fault))) => fault,
            Some((name, None)) => {
                let shown = sanitise::line(&Untrusted::from(function), 60);
                Fault::not_found(format!("{name} has no function named {shown}"))
                    .hint(format!("`callboard functions {name}` lists them"))
            }
            None => super::changing::removed(),
        }
    }
}

fn definition_of(text: &str) -> Map<String, Value> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

impl Engine {
    /// The functions of a connector, in the server's order.
    ///
    /// # Errors
    /// `not-found` for an unknown connector.
    pub async fn functions(&self, name: &str) -> Result<Vec<Function>, Fault> {
        let id = self.board.find(name)?;
        Ok(self
            .stored_functions(&id)
            .await?
            .iter()
            .map(|stored| self.board.function_of(stored))
            .collect())
    }

    /// The same, handed over some at a time.
    ///
    /// # Errors
    /// `not-found` for an unknown connector.
    pub async fn list_functions(
        &self,
        name: &str,
        steps: Steps<Vec<Function>>,
        cancel: CancellationToken,
    ) -> Result<(), Fault> {
        let id = self.board.find(name)?;
        let stored = self.stored_functions(&id).await?;
        for some in stored.chunks(HANDED_OVER) {
            let functions = some.iter().map(|it| self.board.function_of(it)).collect();
            steps.hand(functions).await;
            if cancel.is_cancelled() {
                break;
            }
        }
        Ok(())
    }

    async fn stored_functions(&self, id: &ConnectorId) -> Result<Vec<StoredFunction>, Fault> {
        self.board
            .store()
            .await
            .functions(id, &self.board.person.id)
            .await
            .map_err(|error| self.board.storage_failed(error))
    }

    /// One function with its last calls.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn function(&self, name: &str, function: &str) -> Result<FunctionView, Fault> {
        let id = self.board.find(name)?;
        let stored = self.board.listed(&id, function).await?;
        let query = JournalQuery {
            connector: Some(id.clone()),
            function: Some(stored.name.clone()),
            limit: LINES_LOOKED_AT,
            ..JournalQuery::default()
        };
        let store = self.board.store().await;
        let lines = store
            .journal(&query)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        let last_calls = lines
            .into_iter()
            .rev()
            .filter(JournalEntry::ends_a_call)
            .take(LAST_CALLS)
            .collect();
        Ok(FunctionView {
            function: self.board.function_of(&stored),
            definition: Value::Object(definition_of(&stored.definition)),
            accepted: self.accepted(&id, &stored).await?.map(Value::Object),
            last_calls,
        })
    }

    /// The definition that was accepted of a function that differs from it.
    async fn accepted(
        &self,
        id: &ConnectorId,
        stored: &StoredFunction,
    ) -> Result<Option<Map<String, Value>>, Fault> {
        if stored.state != FunctionState::Changed {
            return Ok(None);
        }
        let accepted = self
            .board
            .store()
            .await
            .accepted_definition(id, &stored.name)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        Ok(accepted.as_deref().map(definition_of))
    }

    /// Accepts the definition that a function has now. It keeps its permission,
    /// unless it turned destructive.
    ///
    /// # Errors
    /// `not-found` for an unknown function; `denied` where the definition is no
    /// longer the one that was read; `config` where the database takes nothing.
    pub async fn accept(&self, accept: Accept) -> Result<Permitted, Fault> {
        let id = self.board.find(&accept.name)?;
        let turn = self.board.turn(&id).await?;
        let stored = self.board.listed(&id, &accept.function).await?;
        if stored.digest != accept.seen_digest {
            return Err(changed_meanwhile(&stored.name));
        }
        let claims = |definition: &Map<String, Value>| {
            definition::read(definition)
                .map(|read| read.hints)
                .unwrap_or_default()
        };
        let before = match stored.state {
            FunctionState::Accepted => Some(claims(&definition_of(&stored.definition))),
            _ => self.accepted(&id, &stored).await?.as_ref().map(claims),
        };
        let now = claims(&definition_of(&stored.definition));
        let permission = after_accepting(stored.permission, before, now);
        self.set(&id, turn, vec![stored], (permission, true)).await
    }

    /// Sets the permission of functions. Whoever lets one run has read it, so that
    /// accepts the definition it has; *block* needs no reading, and accepts nothing.
    ///
    /// # Errors
    /// `not-found` for an unknown function; `denied` where the definition is no
    /// longer the one that was read; `config` where the database takes nothing.
    pub async fn permit(&self, permit: Permit) -> Result<Permitted, Fault> {
        let id = self.board.find(&permit.name)?;
        // A call that was judged is sent before its permission changes, or judged anew.
        let turn = self.board.turn(&id).await?;
        let accepts = permit.permission != Permission::Block;
        let chosen = self.chosen(&id, &permit, accepts).await?;
        self.set(&id, turn, chosen, (permit.permission, accepts))
            .await
    }

    /// Sets a permission of functions as they were read, with nobody else changing
    /// the connector until that is written; their definitions are accepted with it, or
    /// not.
    async fn set(
        &self,
        id: &ConnectorId,
        turn: Turn,
        chosen: Vec<StoredFunction>,
        (permission, accepts): (Permission, bool),
    ) -> Result<Permitted, Fault> {
        let pairs: Vec<(String, String)> = chosen
            .iter()
            .map(|function| (function.name.clone(), function.digest.clone()))
            .collect();
        let names: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
        let before = self
            .board
            .before_permitting(id, &names, (permission, accepts))
            .await?;
        let store = self.board.store().await;
        let changed = store
            .permit(id, &self.board.person.id, &pairs, permission, accepts)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        if let Some(function) = changed {
            return Err(changed_meanwhile(&function));
        }
        drop(turn);
        if !before.is_empty() {
            self.board.remember(Change::Permission {
                connector: id.clone(),
                set: permission,
                accepted: accepts,
                before,
            });
        }
        self.board.recount(id).await?;
        self.board
            .bus
            .publish(EventKind::Functions { id: id.clone() });
        self.board.publish(id);
        let connector = self.board.stored(id)?.connector.name.to_string();
        for function in &chosen {
            let about = NewEntry {
                connector: Some((id.clone(), connector.clone())),
                function: Some(function.name.clone()),
                ..NewEntry::default()
            };
            if accepts && function.state != FunctionState::Accepted {
                self.board.note(JournalEvent::Accepted, about.clone()).await;
            }
            let entry = NewEntry {
                rule: Some(format!("permission {}", permission.word())),
                ..about
            };
            self.board.note(JournalEvent::Permission, entry).await;
        }
        Ok(Permitted {
            functions: chosen
                .into_iter()
                .map(|function| Untrusted::from(function.name))
                .collect(),
            permission,
        })
    }

    async fn chosen(
        &self,
        id: &ConnectorId,
        permit: &Permit,
        accepts: bool,
    ) -> Result<Vec<StoredFunction>, Fault> {
        match &permit.functions {
            Selection::Named(names) => {
                let mut chosen = Vec::new();
                for name in names {
                    let stored = self.board.listed(id, name).await?;
                    if let Some(seen) = &permit.seen_digest
                        && accepts
                        && *seen != stored.digest
                    {
                        return Err(changed_meanwhile(&stored.name));
                    }
                    chosen.push(stored);
                }
                Ok(chosen)
            }
            Selection::Seen(seen) => {
                let mut chosen = Vec::new();
                for (name, digest) in seen {
                    let stored = self.board.listed(id, name).await?;
                    if accepts && *digest != stored.digest {
                        return Err(changed_meanwhile(&stored.name));
                    }
                    chosen.push(stored);
                }
                Ok(chosen)
            }
            Selection::All => self.stored_functions(id).await,
            Selection::Reading => {
                let all = self.stored_functions(id).await?;
                Ok(all
                    .into_iter()
                    .filter(|stored| self.only_reads(stored))
                    .collect())
            }
        }
    }

    /// Whether the server says so; a claim, which the operator chose to go by.
    fn only_reads(&self, stored: &StoredFunction) -> bool {
        let hints = self.board.function_of(stored).hints;
        hints.read_only == Some(true) && hints.destructive != Some(true)
    }
}

/// The fault of a definition that is another by now.
pub(super) fn changed_meanwhile(function: &str) -> Fault {
    let shown = sanitise::line(&Untrusted::from(function), 60);
    Fault::denied(format!("the server changed {shown} while you read it"))
        .hint("read it again, then decide")
}
