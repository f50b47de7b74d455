//! The journal at rest.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::codec::{text, word};
use super::{Store, StoreError};
use crate::domain::{
    CallOutcome, ConnectorId, DecidedBy, Decision, JournalEntry, JournalEvent, PersonId, Timestamp,
    Untrusted,
};

/// A line about to be written; it gets its place and time from the store.
#[derive(Clone, Debug, Default)]
pub struct NewEntry {
    /// Who was at the board.
    pub person: Option<PersonId>,
    /// Which agent, as it calls itself.
    pub agent: Option<String>,
    /// Which connector, and its name at this time.
    pub connector: Option<(ConnectorId, String)>,
    /// Which function.
    pub function: Option<String>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// By whom.
    pub by: Option<DecidedBy>,
    /// By which rule.
    pub rule: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// How it ended.
    pub outcome: Option<CallOutcome>,
    /// Digest of the arguments.
    pub arguments_digest: Option<String>,
    /// Size of the result, in bytes.
    pub result_bytes: Option<i64>,
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default)]
pub struct JournalQuery {
    /// Only of this connector.
    pub connector: Option<ConnectorId>,
    /// Only of this function of it.
    pub function: Option<String>,
    /// Only of this agent.
    pub agent: Option<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only what came after this line.
    pub after_seq: Option<i64>,
    /// Only what came before this line.
    pub before_seq: Option<i64>,
    /// At most so many, the newest ones.
    pub limit: u32,
}

impl Store {
    /// Writes a line; it is on disk when this returns.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub async fn write_journal(
        &self,
        event: JournalEvent,
        entry: NewEntry,
    ) -> Result<JournalEntry, StoreError> {
        let at = Timestamp::now();
        let (connector_id, connector) = entry.connector.unzip();
        let (seq,): (i64,) = sqlx::query_as(
            "insert into journal (seq, at, event, person_id, agent, connector_id, connector, \
             function, decision, decided_by, rule, duration_ms, outcome, arguments_digest, \
             result_bytes) select coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, \
             $10, $11, $12, $13, $14 from journal returning seq",
        )
        .bind(at.as_millis())
        .bind(text(&event))
        .bind(
            entry
                .person
                .as_ref()
                .map(|person| person.as_str().to_owned()),
        )
        .bind(entry.agent.clone())
        .bind(connector_id.as_ref().map(|id| id.as_str().to_owned()))
        .bind(connector.clone())
        .bind(entry.function.clone())
        .bind(entry.decision.map(|decision| text(&decision)))
        .bind(entry.by.map(|by| text(&by)))
        .bind(entry.rule.clone())
        .bind(entry.duration_ms)
        .bind(entry.outcome.map(|outcome| text(&outcome)))
        .bind(entry.arguments_digest.clone())
        .bind(entry.result_bytes)
        .fetch_one(self.writing()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        Ok(JournalEntry {
            seq,
            at,
            event,
            agent: entry.agent,
            connector,
            function: entry.function.map(Untrusted::new),
            decision: entry.decision,
            by: entry.by,
            rule: entry.rule,
            duration_ms: entry.duration_ms,
            outcome: entry.outcome,
            arguments_digest: entry.arguments_digest,
            result_bytes: entry.result_bytes,
        })
    }

    /// One line of the journal, by its place.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn journal_line(&self, seq: i64) -> Result<Option<JournalEntry>, StoreError> {
        let row = sqlx::query(
            "select seq, at, event, agent, connector, function, decision, decided_by, rule, \
             duration_ms, outcome, arguments_digest, result_bytes from journal where seq = $1",
        )
        .bind(seq)
        .fetch_optional(self.reading()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        row.as_ref().map(|row| self.read_line(row)).transpose()
    }

    /// Lines of the journal, oldest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn journal(&self, query: &JournalQuery) -> Result<Vec<JournalEntry>, StoreError> {
        // Every filter is always bound, so that the text stays one.
        let rows = sqlx::query(
            "select seq, at, event, agent, connector, function, decision, decided_by, rule, \
             duration_ms, outcome, arguments_digest, result_bytes from journal \
             where seq > $1 and at >= $2 and ($3 = '' or connector_id = $3) \
             and ($4 = '' or function = $4) and ($5 = '' or agent = $5) and seq < $6 \
             order by seq desc limit $7",
        )
        .bind(query.after_seq.unwrap_or(0))
        .bind(query.since.map_or(i64::MIN, Timestamp::as_millis))
        .bind(query.connector.as_ref().map_or("", |id| id.as_str()))
        .bind(query.function.as_deref().unwrap_or(""))
        .bind(query.agent.as_deref().unwrap_or(""))
        .bind(query.before_seq.unwrap_or(i64::MAX))
        .bind(i64::from(query.limit))
        .fetch_all(self.reading()?)
        .await
        .map_err(|error| StoreError::from_sqlx(&self.path, &error))?;
        rows.iter().rev().map(|row| self.read_line(row)).collect()
    }

    fn read_line(&self, row: &AnyRow) -> Result<JournalEntry, StoreError> {
        read_entry(row).map_err(|what| StoreError::Unexpected {
            path: self.path.clone(),
            what,
        })
    }
}

fn read_entry(row: &AnyRow) -> Result<JournalEntry, String> {
    let optional = |name: &str| -> Result<Option<String>, String> {
        row.try_get(name).map_err(|error| error.to_string())
    };
    let number = |name: &str| -> Result<Option<i64>, String> {
        row.try_get(name).map_err(|error| error.to_string())
    };
    let event: String = row.try_get("event").map_err(|error| error.to_string())?;
    Ok(JournalEntry {
        seq: number("seq")?.unwrap_or_default(),
        at: Timestamp::from_millis(number("at")?.unwrap_or_default()),
        event: word(&event)?,
        agent: optional("agent")?,
        connector: optional("connector")?,
        function: optional("function")?.map(Untrusted::new),
        decision: optional("decision")?.map(|w| word(&w)).transpose()?,
        by: optional("decided_by")?.map(|w| word(&w)).transpose()?,
        rule: optional("rule")?,
        duration_ms: number("duration_ms")?,
        outcome: optional("outcome")?.map(|w| word(&w)).transpose()?,
        arguments_digest: optional("arguments_digest")?,
        result_bytes: number("result_bytes")?,
    })
}
