//! What faces are shown.

use serde::{Deserialize, Serialize};

use super::sign_in::ConsentView;
use crate::domain::{
    Agent, AuthKind, AuthMethod, ConnectionOptions, ConnectorId, ConnectorName, DirectoryEntry,
    Era, Evidence, Fault, Function, FunctionCounts, HeldCall, JournalEntry, OAuthNeeds, Question,
    Scope, ServerIdentity, SignIn, SignInOptions, SignInReport, Status, Target, Timestamp,
    Transport, Untrusted, VaultState,
};

/// A connector as faces show it (`list --json`, `show --json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorView {
    /// What it is called.
    pub name: ConnectorName,
    /// Its address, fit to be shown: a query is cut.
    pub url: String,
    /// The operator's words.
    pub description: String,
    /// How it authenticates.
    pub auth: AuthKind,
    /// Whether it is switched on.
    pub enabled: bool,
    /// How it fares.
    pub status: Status,
    /// What is wrong, if anything is.
    pub fault: Option<Fault>,
    /// The protocol version spoken; `None` while not connected.
    pub protocol: Option<String>,
    /// Its functions, counted.
    pub functions: FunctionCounts,
    /// The sign-in by OAuth 2.1; `None` where nobody is signed in.
    pub sign_in: Option<SignIn>,
    /// What the server calls itself.
    pub server: Option<ServerIdentity>,
    /// Since when the status holds.
    pub since: Timestamp,
    /// What its permissions are kept under.
    pub id: ConnectorId,
    /// How messages travel.
    pub transport: Option<Transport>,
    /// Which protocol family.
    pub era: Option<Era>,
    /// How long the last handshake took, in milliseconds.
    pub latency_ms: Option<u64>,
    /// When it will be tried again by itself.
    pub retry_at: Option<Timestamp>,
    /// Where it points, whole; a URL's query is cut here too.
    pub target: Target,
    /// How it authenticates, with user and header names.
    pub method: AuthMethod,
    /// How it is reached; a proxy's password is cut.
    pub options: ConnectionOptions,
    /// When the operator said that they trust it.
    pub trusted_at: Timestamp,
    /// What a sign-in would need.
    pub oauth: Option<OAuthNeeds>,
    /// What detection saw when it was added or last looked at.
    pub evidence: Vec<Evidence>,
    /// The last lines a local program wrote to its standard error.
    pub stderr: Vec<Untrusted>,
    /// How it signs in by OAuth 2.1, where that differs from the usual.
    #[serde(default)]
    pub sign_in_options: SignInOptions,
    /// Whether a sign-in is under way.
    #[serde(default)]
    pub signing_in: bool,
    /// The last sign-in that failed, since this board began and since one succeeded.
    #[serde(default)]
    pub sign_in_report: Option<SignInReport>,
    /// Scopes that the server wants and the sign-in does not have. The next sign-in
    /// asks for them; taking that back is remembered as a no.
    #[serde(default)]
    pub scopes_wanted: Vec<Scope>,
}

/// One function with what is remembered of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionView {
    /// The function.
    #[serde(flatten)]
    pub function: Function,
    /// The definition exactly as the server sent it.
    pub definition: serde_json::Value,
    /// The definition that was accepted, where it differs from this one; `None`: it
    /// is this one, or none was accepted yet.
    #[serde(default)]
    pub accepted: Option<serde_json::Value>,
    /// Its last calls, newest first: how each ended, or that it was not let through.
    pub last_calls: Vec<JournalEntry>,
}

/// The board process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardInfo {
    /// Its process id.
    pub pid: u32,
    /// callboard's version there.
    pub version: String,
    /// Since when.
    pub started_at: Timestamp,
}

/// What one may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Admin,
    /// Everything but adding, editing and removing connectors.
    Member,
}

impl Role {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

/// Who the board takes the face's user for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// How many connectors, by how they fare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorCounts {
    /// All.
    pub total: usize,
    /// With a session.
    pub connected: usize,
    /// That cannot be reached or used.
    pub failed: usize,
    /// That wait for a sign-in or a secret.
    #[serde(default)]
    pub sign_in: usize,
    /// Whose secret is in a vault that is closed.
    #[serde(default)]
    pub locked: usize,
}

/// The board in short (`status --json`, without `running`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusView {
    /// The process.
    #[serde(flatten)]
    pub board: BoardInfo,
    /// Its connectors, counted.
    pub connectors: ConnectorCounts,
    /// Calls that wait for the operator.
    pub held: usize,
    /// The vault.
    pub vault: VaultState,
    /// What is wrong with the database, if anything is; every permission is *ask*
    /// for as long as it is.
    pub storage: Option<Fault>,
    /// Faces attached.
    pub faces: usize,
}

/// Everything a face needs that attaches late or fell behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotView {
    /// The process.
    pub board: BoardInfo,
    /// Who is attached.
    pub person: Person,
    /// All connectors, by name.
    pub connectors: Vec<ConnectorView>,
    /// The vault.
    pub vault: VaultState,
    /// What is wrong with the database.
    pub storage: Option<Fault>,
    /// The questions that wait, in the order they were asked.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// The consents that wait, in the order they were opened.
    #[serde(default)]
    pub consents: Vec<ConsentView>,
    /// The held calls, in the order they came.
    #[serde(default)]
    pub held: Vec<HeldCall>,
    /// The agents that are connected.
    #[serde(default)]
    pub agents: Vec<Agent>,
}

/// A resource as it was read, or a prompt as it was filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The MCP result as the server gave it (`contents`, or `messages`).
    pub result: serde_json::Value,
    /// Its size on the wire, in bytes.
    pub bytes: u64,
}

/// A call whole, as far as the board still has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// Its line in the journal.
    pub entry: JournalEntry,
    /// What was sent; `None`: not kept any more. Arguments are kept in memory alone,
    /// for the last calls.
    pub arguments: Option<serde_json::Value>,
    /// What came back; `None`: not kept any more, or too large to be.
    pub result: Option<serde_json::Value>,
}

/// What [`Undo`](super::Undo) took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// In words: `create_issue of github is on ask again`.
    pub what: String,
    /// Whose change it was.
    pub connector: ConnectorId,
}

/// A server of the directory as faces show it (`directory show --json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// The entry.
    #[serde(flatten)]
    pub entry: DirectoryEntry,
    /// The connectors of this board that lead there.
    pub added: Vec<ConnectorName>,
}

/// The whole directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryView {
    /// Its entries, by title.
    pub entries: Vec<EntryView>,
    /// How many entries were left out because they make no sense.
    pub skipped: usize,
}
