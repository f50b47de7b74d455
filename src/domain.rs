//! The words callboard is written in: plain types that every rung above shares.
//!
//! Nothing here does any work beyond keeping its own promises (a name is well
//! formed, a secret cannot be printed, a server's text cannot be drawn). It knows
//! no runtime, no network, no file and no screen.

mod agent;
mod call;
mod connector;
mod detection;
mod directory;
mod fault;
mod function;
mod grant;
mod held;
mod ids;
mod journal;
mod options;
mod question;
mod resource;
mod schema;
mod secret;
mod sign_in;
mod status;
mod time;
mod untrusted;
mod vault;
mod zone;

pub use agent::{Agent, AgentId, AgentKey, Door};
pub use call::{CallOutcome, Progress};
pub use connector::{AuthMethod, Connector, Target};
pub use detection::{
    AuthKind, Confidence, Detection, Era, Evidence, OAuthNeeds, Registration, ServerIdentity,
    Transport,
};
pub use directory::{
    DirectoryEntry, DirectoryId, DirectorySource, EntryInput, EntryStatus, NotAnId, Remote,
};
pub use fault::{Fault, FaultKind};
pub use function::{Function, FunctionState, Hints, Permission};
pub use grant::{Comparison, Condition, Grant, GrantId, GrantScope};
pub use held::{HeldAnswer, HeldCall, HeldEnd};
pub use ids::{ConnectorId, ConnectorName, NAME_LIMIT, NameError, PersonId};
pub use journal::{DecidedBy, Decision, JournalEntry, JournalEvent};
pub use options::{ConnectionOptions, TIMEOUT_RANGE};
pub use question::{Asked, Question, QuestionAnswer, QuestionEnd, QuestionId};
pub use resource::{Prompt, PromptArgument, Resource, ResourceTemplate, Resources};
pub use schema::Schema;
pub use secret::Secret;
pub use sign_in::{
    CONSENT_RANGE, Consent, ConsentId, DeviceCode, Exchange, ManualRegistration, Scope, SignIn,
    SignInOptions, SignInReport, SignInStage, SignInState, SignInStep,
};
pub use status::{FunctionCounts, Status};
pub use time::{Timestamp, duration, short_duration};
pub use untrusted::Untrusted;
pub use vault::{VaultKind, VaultState};
pub use zone::{Local, Zone};
