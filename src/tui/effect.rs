//! What the interface wants done, as plain data, and what comes back of it.

mod errand;

pub(super) use errand::{Errand, Found};

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::input::Input;
use super::mirror::Packed;
use super::viewer::{CellPixels, Job, Painted};
use crate::domain::{Detection, Evidence, Fault, JournalEntry, VaultState};
use crate::protocol::{
    Accept, Add, AddStep, AnswerQuestion, Call, CallAnswer, CallRecord, CallStep, CancelLogin,
    CarriedSecret, ChooseVault, ConnectorView, Detect, Directory, DirectoryView, Disable, Edit,
    Enable, EventKind, Forgotten, FunctionOf, FunctionView, Journal, ListFunctions, LoggedOut,
    Login, Logout, PasteLogin, Permit, Permitted, ProbeKeyring, Reading, Refresh, Remove, Rename,
    Undo, Undone, Unlock, WholeCall,
};

/// What a result is recognised by. A result with a number that nobody waits for
/// any more is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Ticket(pub(super) u64);

/// What a timer was set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Timer {
    /// To turn the spinner.
    Spin,
    /// To look at the URL in the form, if it is still the one of this number.
    Detect(u64),
    /// To take the notice of this number away.
    Notice(u64),
    /// To see whether the prompt of this number is armed.
    Arm(u64),
    /// To show the details of the row on which the keys have rested, if they still do.
    Rest(u64),
    /// To count the minutes that the sign-in in the prompt of this number waits.
    Minute(u64),
    /// To try to reach the board again.
    Attach,
}

/// A question to the board that is answered at once.
#[derive(Clone, Debug)]
pub(super) enum Ask {
    /// The functions of a connector.
    Functions(ListFunctions),
    /// What the board remembers of a function.
    Function(FunctionOf),
    /// To set permissions.
    Permit(Permit),
    /// To accept a definition.
    Accept(Accept),
    /// Lines of the journal.
    Journal(Journal),
    /// One call whole.
    WholeCall(WholeCall),
    /// To switch a connector off.
    Disable(Disable),
    /// To forget a connector.
    Remove(Remove),
    /// To rename a connector.
    Rename(Rename),
    /// The servers that are known.
    Directory(Directory),
    /// To try the system keyring.
    ProbeKeyring(ProbeKeyring),
    /// To choose where secrets are kept.
    ChooseVault(ChooseVault),
    /// To open the vault.
    Unlock(Unlock),
    /// To take the last change back.
    Undo(Undo),
    /// To answer a question.
    AnswerQuestion(AnswerQuestion),
    /// To hand in what a browser ended at.
    PasteLogin(PasteLogin),
    /// To end a sign-in that is under way.
    CancelLogin(CancelLogin),
    /// To sign out.
    Logout(Logout),
}

/// What a form names and this process has: a file, variables of its environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gather {
    /// A file of certificate authorities, as typed.
    pub(super) authorities: Option<PathBuf>,
    /// Names of variables.
    pub(super) variables: Vec<String>,
}

/// What was found of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    /// The authorities, in PEM.
    pub(super) authorities: Option<Result<String, Fault>>,
    /// Each variable with its value; `None` where it is not set, or empty.
    pub(super) variables: Vec<(String, Option<CarriedSecret>)>,
}

/// What became of a text in an editor.
#[derive(Clone, Debug)]
pub(super) enum Edited {
    /// It is this now.
    Text(String),
    /// It is as it was.
    Same,
    /// No editor is named in the environment.
    NoEditor,
    /// The editor is not there, or failed.
    Failed(Fault),
}

/// What it answered.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// The functions.
    Functions(Packed),
    /// What is remembered of a function.
    Function(Box<FunctionView>),
    /// Lines of the journal, oldest first.
    Journal(Vec<JournalEntry>),
    /// A call whole.
    WholeCall(Box<CallRecord>),
    /// Which have the permission now.
    Permitted(Permitted),
    /// The connector as it is now.
    Connector(Box<ConnectorView>),
    /// The vault as it is now.
    Vault(VaultState),
    /// The servers that are known.
    Directory(Box<DirectoryView>),
    /// What the form named.
    Gathered(Gathered),
    /// What was taken back.
    Undone(Undone),
    /// What signing out did.
    LoggedOut(Box<LoggedOut>),
    /// What a removal did besides.
    Forgotten(Box<Forgotten>),
    /// The program of this name was given an address.
    Opened(String),
    /// A picture, drawn.
    Painted(Arc<Painted>),
    /// Nothing but that it is done.
    Done,
}

/// Something at the board that takes a while.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// Looking at a URL.
    Detect(Detect),
    /// Adding a connector; the words of the command line where it is a local
    /// program, whose place is found first.
    Add(Box<Add>, Option<Vec<String>>),
    /// Changing one.
    Edit(Box<Edit>),
    /// Switching one on.
    Enable(Enable),
    /// Connecting one anew.
    Refresh(Refresh),
    /// Signing in to one's server.
    Login(Box<Login>),
    /// Running a function.
    Call(Box<Call>),
    /// What a connector's details show.
    Details(Errand),
}

/// What it says on the way.
#[derive(Clone, Debug)]
pub(super) enum WorkStep {
    /// Detection saw this.
    Evidence(Evidence),
    /// A stage began or ended.
    Stage(AddStep),
    /// A call says how far it is, or asks something back.
    Call(CallStep),
    /// A resource that is watched, as it is now.
    Reading(Box<Reading>),
}

/// How it ended.
#[derive(Clone, Debug)]
pub(super) enum WorkEnd {
    /// What stands behind the URL.
    Detection(Box<Detection>),
    /// The connector as it is now.
    Connector(Box<ConnectorView>),
    /// What the function answered.
    Called(Box<CallAnswer>),
    /// What a connector's details show.
    Details(Found),
}

/// Something to be done outside of the model.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// To reach the board; to start it where none runs and `start` says so.
    Attach {
        /// Whether to start one.
        start: bool,
    },
    /// To ask the board.
    Ask(Ticket, Ask),
    /// To have the board do something.
    Work(Ticket, Work),
    /// To stop that.
    Cancel(Ticket),
    /// To say so when this time has passed.
    Timer(Timer, Duration),
    /// To write a file that is not there yet.
    WriteFile(Ticket, PathBuf, Vec<u8>),
    /// To read what the form names.
    Gather(Ticket, Gather),
    /// To have a JSON text changed in an editor, which gets the terminal meanwhile.
    EditOutside(Ticket, String),
    /// To take a picture apart and draw it.
    Paint(Ticket, Box<Job>),
    /// To open an address in a browser of this machine.
    Browse(Ticket, String),
    /// To put a text on the terminal's clipboard, between two frames.
    Copy(String),
    /// To leave.
    Leave,
    /// To go to sleep.
    Suspend,
    /// To draw everything anew.
    Redraw,
    /// To take the mouse, or to leave it to the terminal.
    Mouse(bool),
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) enum Msg {
    /// A key or a paste.
    Input(Input),
    /// The terminal has another size.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The pixels of a cell of the terminal; `None` where it does not say.
    CellPixels(CellPixels),
    /// What was last drawn has reached the terminal.
    Painted,
    /// A timer ran out.
    Timer(Timer),
    /// The board was reached.
    Attached,
    /// The board cannot be reached, or is gone.
    Lost(Fault),
    /// The board says what happened there.
    Board(Box<EventKind>),
    /// A question was answered.
    Answered(Ticket, Result<Answer, Fault>),
    /// A text came back from an editor.
    Edited(Ticket, Edited),
    /// Something under way said a step.
    Step(Ticket, WorkStep),
    /// Something under way ended.
    Ended(Ticket, Result<WorkEnd, Fault>),
}
