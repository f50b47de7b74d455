//! What crosses the link between a face and the board.
//!
//! Every request is a type that knows its path and its answer ([`Endpoint`]), or
//! its steps and its answer where it takes a while ([`Operation`]). Adding one is
//! a type here and a line in the board's table of routes.

mod event;
mod held;
mod operation;
mod record;
mod request;
mod secret;
mod sign_in;
mod view;

pub use event::{Event, EventKind};
pub use held::{Agents, AnswerHeld, DeniedCalls, DenyAgent, HeldCalls};
pub use operation::{
    Add, AddStep, AuthWanted, Call, CallAnswer, CallStep, Detect, Edit, Enable, Frame,
    ListFunctions, Operation, Refresh, SecretName, Step, StepState, TargetWanted, WatchResource,
};
pub use record::BoardRecord;
pub use request::{
    Accept, AnswerQuestion, ChooseVault, Connectors, Directory, Disable, Endpoint, FunctionOf,
    Functions, GetPrompt, Journal, ListPrompts, ListResources, Lock, Permit, Permitted,
    ProbeKeyring, Questions, ReadResource, Remove, Rename, SearchDirectory, Selection, Show,
    ShowEntry, Snapshot, Status, Stop, Undo, Unlock, WholeCall,
};
pub use secret::CarriedSecret;
pub use sign_in::{
    CancelLogin, ConsentEnd, ConsentView, Consents, Forgotten, LoggedOut, Login, Logout,
    PasteLogin, Revocation, SignInNews,
};
pub use view::{
    BoardInfo, CallRecord, ConnectorCounts, ConnectorView, DirectoryView, EntryView, FunctionView,
    Person, Reading, Role, SnapshotView, StatusView, Undone,
};

/// Version of what this module says. A face and a board whose numbers differ do
/// not talk; the number is part of the socket's name.
pub const PROTOCOL_VERSION: u32 = 1;

/// callboard's own version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Header by which a face tells the board its version, and the board a face.
pub const VERSION_HEADER: &str = "callboard-version";
