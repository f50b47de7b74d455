//! Requests that are answered at once.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::CarriedSecret;
use super::sign_in::Forgotten;
use super::view::{
    CallRecord, ConnectorView, DirectoryView, EntryView, FunctionView, Reading, SnapshotView,
    StatusView, Undone,
};
use crate::domain::{
    AuthKind, ConnectorName, Function, JournalEntry, Permission, Prompt, Question, QuestionAnswer,
    QuestionId, Resources, Timestamp, Transport, Untrusted, VaultKind, VaultState,
};

/// A request with one answer: `POST` of its JSON to its path.
///
/// What only reads and takes no parameters also answers to `GET`, so that a board
/// can be looked at with `curl --unix-socket`.
pub trait Endpoint: Serialize + DeserializeOwned + Send + 'static {
    /// What comes back.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// Where it is sent.
    const PATH: &'static str;
    /// Whether it changes nothing and needs no parameters: it answers `GET` too.
    const ANSWERS_GET: bool;
}

macro_rules! endpoint {
    ($request:ty => $answer:ty, $path:literal $(, $get:ident)?) => {
        impl Endpoint for $request {
            type Answer = $answer;
            const PATH: &'static str = $path;
            const ANSWERS_GET: bool = endpoint!(@get $($get)?);
        }
    };
    (@get) => { false };
    (@get get) => { true };
}

/// Is the board up, and how does it fare?
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Status {}
endpoint!(Status => StatusView, "/v1/status", get);

/// Ends the board.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Stop {}
endpoint!(Stop => (), "/v1/stop");

/// Everything a face needs that has just attached.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {}
endpoint!(Snapshot => SnapshotView, "/v1/snapshot", get);

/// All connectors.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Connectors {}
endpoint!(Connectors => Vec<ConnectorView>, "/v1/connectors", get);

/// One connector.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Show {
    /// Which, by its name as typed.
    pub name: String,
}
endpoint!(Show => ConnectorView, "/v1/connectors/show");

/// Gives a connector another name. Nothing else changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rename {
    /// Which.
    pub name: String,
    /// Its new name.
    pub to: ConnectorName,
}
endpoint!(Rename => ConnectorView, "/v1/connectors/rename");

/// Forgets a connector, its secrets and its permissions. Its sign-in is taken back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Remove {
    /// Which.
    pub name: String,
}
endpoint!(Remove => Forgotten, "/v1/connectors/remove");

/// Switches a connector off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Disable {
    /// Which.
    pub name: String,
}
endpoint!(Disable => ConnectorView, "/v1/connectors/disable");

/// The functions of a connector.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Functions {
    /// Which connector.
    pub name: String,
}
endpoint!(Functions => Vec<Function>, "/v1/functions");

/// One function, with its last calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FunctionOf {
    /// Which connector.
    pub name: String,
    /// Which function, as the server spells it.
    pub function: String,
}
endpoint!(FunctionOf => FunctionView, "/v1/functions/show");

/// Which functions a permission is set for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// These, by name.
    Named(Vec<String>),
    /// These, each with the digest of the definition that was read or is known to be
    /// accepted; where one is another by now, nothing is set, unless they are blocked.
    Seen(Vec<(String, String)>),
    /// All that are listed.
    All,
    /// Those that the server says only read, and does not say destroy.
    Reading,
}

/// Sets the permission of functions. *Always* and *ask* also accept the definition they
/// have now: whoever sets them has read it. *Block* accepts nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Permit {
    /// Which connector.
    pub name: String,
    /// Which functions.
    pub functions: Selection,
    /// What is allowed from now on.
    pub permission: Permission,
    /// The digest that was on the screen, where exactly one function is named; if
    /// the definition is another by now, nothing is set. Blocking looks at no digest.
    #[serde(default)]
    pub seen_digest: Option<String>,
}
endpoint!(Permit => Permitted, "/v1/permissions/set");

/// Accepts the definition that a function has now. It keeps its permission, unless
/// what was accepted did not claim to destroy and this does: then it is *ask*.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Accept {
    /// Which connector.
    pub name: String,
    /// Which function, as the server spells it.
    pub function: String,
    /// The digest of the definition that was read; if it is another by now, nothing
    /// is accepted.
    pub seen_digest: String,
}
endpoint!(Accept => Permitted, "/v1/functions/accept");

/// What [`Permit`] or [`Accept`] did.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Permitted {
    /// The functions that now have it.
    pub functions: Vec<Untrusted>,
    /// What they have.
    pub permission: Permission,
}

/// Lines of the journal, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Journal {
    /// Only of this connector, by name.
    pub connector: Option<String>,
    /// Only of this agent.
    pub agent: Option<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only what came after this line.
    pub after_seq: Option<i64>,
    /// Only what came before this line.
    pub before_seq: Option<i64>,
    /// At most so many, the newest ones; `None` for 500.
    pub limit: Option<u32>,
}
endpoint!(Journal => Vec<JournalEntry>, "/v1/journal", get);

/// Chooses where the vault's key lives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChooseVault {
    /// Where.
    pub kind: VaultKind,
    /// The passphrase, for that kind.
    #[serde(default)]
    pub passphrase: Option<CarriedSecret>,
}
endpoint!(ChooseVault => VaultState, "/v1/vault/choose");

/// Tries the system keyring and chooses it if it works; otherwise nothing is
/// chosen, and the answer's `why` says what is wrong with it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct ProbeKeyring {}
endpoint!(ProbeKeyring => VaultState, "/v1/vault/probe");

/// Opens the vault.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Unlock {
    /// The passphrase, where the vault has one.
    #[serde(default)]
    pub passphrase: Option<CarriedSecret>,
}
endpoint!(Unlock => VaultState, "/v1/vault/unlock");

/// Closes the vault.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Lock {}
endpoint!(Lock => VaultState, "/v1/vault/lock");

/// What a server offers to be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListResources {
    /// Which connector.
    pub name: String,
}
endpoint!(ListResources => Resources, "/v1/resources");

/// Reads one resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadResource {
    /// Which connector.
    pub name: String,
    /// Which resource, by its URI.
    pub uri: String,
}
endpoint!(ReadResource => Reading, "/v1/resources/read");

/// The prompts of a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListPrompts {
    /// Which connector.
    pub name: String,
}
endpoint!(ListPrompts => Vec<Prompt>, "/v1/prompts");

/// Has the server fill a prompt in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GetPrompt {
    /// Which connector.
    pub name: String,
    /// Which prompt.
    pub prompt: String,
    /// What it is filled in with.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
}
endpoint!(GetPrompt => Reading, "/v1/prompts/get");

/// The questions that wait.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Questions {}
endpoint!(Questions => Vec<Question>, "/v1/questions", get);

/// Answers a question. The first answer wins; a later one is told who was first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerQuestion {
    /// Which.
    pub id: QuestionId,
    /// With what. A form that its schema does not take is refused, and the question
    /// stays open.
    pub answer: QuestionAnswer,
}
endpoint!(AnswerQuestion => (), "/v1/questions/answer");

/// Takes back the last change of a permission, an enabling or a removal. A removed
/// connector comes back without its sign-in.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Undo {}
endpoint!(Undo => Undone, "/v1/undo");

/// One call whole.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct WholeCall {
    /// The place of its line in the journal.
    pub seq: i64,
}
endpoint!(WholeCall => CallRecord, "/v1/journal/call");

/// All servers that are known, by title.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Directory {}
endpoint!(Directory => DirectoryView, "/v1/directory", get);

/// The known servers that fit, the best first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchDirectory {
    /// Words that have to be found, in title, publisher, id or description; empty:
    /// all servers, by title.
    pub words: String,
    /// Only those whose documentation says that they authenticate like this.
    pub authentication: Option<AuthKind>,
    /// Only those that can be reached like this.
    pub transport: Option<Transport>,
    /// Only those that are on the board already, or only those that are not.
    pub added: Option<bool>,
    /// At most so many, the best ones.
    pub limit: Option<u32>,
}
endpoint!(SearchDirectory => Vec<EntryView>, "/v1/directory/search", get);

/// One known server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShowEntry {
    /// Which, by its id.
    pub id: String,
}
endpoint!(ShowEntry => EntryView, "/v1/directory/show");
