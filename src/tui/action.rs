//! The vocabulary of the interface: one table of actions, from which the keymap,
//! the footer and the help come, so that they cannot disagree.

mod places;
mod table;

pub(super) use places::{Group, PLACES, Place};
pub(super) use table::ACTIONS;

#[cfg(test)]
use super::input::Key;

/// Where a key counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Context {
    /// Everywhere.
    Global,
    /// Wherever tabs can be changed.
    Tabs,
    /// Wherever there are several panes or fields.
    Panes,
    /// Any list.
    List,
    /// Any text that scrolls.
    Scroll,
    /// The list of connectors.
    Connectors,
    /// A connector, in the list or in its details.
    ConnectorKeys,
    /// Details of something.
    Details,
    /// A connector's details, whichever of them is shown.
    ConnectorDetails,
    /// Those of them that are a text.
    ConnectorText,
    /// Those of them that are a list.
    ConnectorRows,
    /// What a server offers besides functions.
    Offers,
    /// What a prompt or the address of a resource is filled in with.
    OfferForm,
    /// The same, no field being typed in.
    OfferFormIdle,
    /// A resource that was read, or a prompt.
    Reading,
    /// A field of the form.
    Form,
    /// The form, no field being typed in.
    FormIdle,
    /// A field of a form that was made from a schema.
    Fill,
    /// Such a form, no field being typed in.
    FillIdle,
    /// The list of the directory.
    Directory,
    /// A server of the directory, in the list or in its preview.
    DirectoryKeys,
    /// The list of calls and decisions.
    Activity,
    /// The choice of a connector.
    Picker,
    /// The list of functions.
    Functions,
    /// A function, in the list or in its details.
    FunctionKeys,
    /// The filter over the functions.
    Filter,
    /// The arguments, as a form or as JSON.
    Arguments,
    /// The arguments as JSON.
    ArgumentsRaw,
    /// The arguments, nothing being typed.
    ArgumentsIdle,
    /// A running function, or what it answered.
    Outcome,
    /// Whatever is shown in the viewer of results.
    Viewer,
    /// What is searched for in it.
    ViewerSearch,
    /// The name of a file.
    SavePath,
    /// Any prompt.
    Dock,
    /// The choice of a vault.
    DockVault,
    /// A passphrase.
    DockPassphrase,
    /// A removal.
    DockRemove,
    /// A sign-out.
    DockLogout,
    /// Scopes that a server wants besides.
    DockStepUp,
    /// A sign-in that waits for a person.
    DockConsent,
    /// The line in it for what the browser ended at.
    DockPaste,
    /// A sign-in that waits no longer.
    DockConsentOver,
    /// Several permissions at once.
    DockSeveral,
    /// A call.
    DockCall,
    /// A form that a server wants filled in.
    DockForm,
    /// A page that a server wants visited.
    DockPage,
    /// Something that happened.
    DockWarning,
    /// Prompts behind which others wait.
    DockQueue,
    /// The help.
    Help,
    /// The palette.
    Palette,
}

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Action {
    Help,
    Quit,
    Cancel,
    Redraw,
    Suspend,
    Palette,
    ToggleMouse,
    ShowOffers,
    Undo,
    ToDock,
    LessonNext,
    LessonBack,
    LessonHide,
    StartBoard,
    Unlock,
    TabConnectors,
    TabDirectory,
    TabCustom,
    TabFunctions,
    TabActivity,
    NextTab,
    PreviousTab,
    NextPane,
    PreviousPane,
    Up,
    Down,
    First,
    Last,
    PageUp,
    PageDown,
    HalfUp,
    HalfDown,
    Open,
    Back,
    NextDetail,
    PreviousDetail,
    LeaveDetails,
    OpenRow,
    Evidence,
    Watch,
    ReadAgain,
    FillIn,
    LeaveOfferForm,
    NewConnector,
    FromDirectory,
    OpenEntry,
    AddEntry,
    ReadEntry,
    FilterAuth,
    FilterTransport,
    FilterAdded,
    ReadDirectory,
    Toggle,
    Reconnect,
    Edit,
    Remove,
    ShowFunctions,
    SignIn,
    SignInByDevice,
    SignOut,
    CopyCurl,
    FieldUp,
    FieldDown,
    ChoiceBefore,
    ChoiceAfter,
    Press,
    Connect,
    LeaveField,
    EnterField,
    ClearForm,
    LeaveEdit,
    PickConnector,
    Always,
    Ask,
    Block,
    Mark,
    AlwaysReading,
    AcceptChange,
    AllConnectors,
    ByPermission,
    ByClaim,
    ByState,
    MarkShown,
    InvertMarks,
    SameAgent,
    SameConnector,
    SameFunction,
    SameDecision,
    SameOutcome,
    FromThen,
    AsSlow,
    AsLarge,
    FailedOnly,
    Filter,
    FilterDone,
    FilterClear,
    ShowAll,
    Try,
    RunCall,
    NewLine,
    LeaveArguments,
    GiveOrNot,
    AddItem,
    RemoveItem,
    ItemUp,
    ItemDown,
    LongText,
    RawView,
    EditOutside,
    ToggleView,
    ViewText,
    ViewMarkdown,
    ViewTable,
    ViewJson,
    ViewPicture,
    ViewParts,
    ViewTree,
    ViewRaw,
    ViewOpen,
    ViewFold,
    ViewLeft,
    ViewRight,
    FoldAll,
    UnfoldAll,
    Search,
    SearchNext,
    SearchBack,
    SearchDone,
    SearchNot,
    Copy,
    ViewBack,
    Save,
    SaveNow,
    SaveNot,
    RunAgain,
    DockBack,
    ChoosePlace,
    PlaceUp,
    PlaceDown,
    PassphraseNext,
    ConfirmRemove,
    ConfirmLogout,
    GiveMore,
    GiveNoMore,
    OpenAddress,
    CopyAddress,
    QrCode,
    PasteAnswer,
    CopyTunnel,
    HandIn,
    LeavePaste,
    PutAway,
    StopSignIn,
    SignInAgain,
    SeeReport,
    ConfirmSeveral,
    AllowCall,
    DenyCall,
    AgreePage,
    SendForm,
    DeclineQuestion,
    CopyLink,
    SeeWarning,
    NextPrompt,
    ReadOn,
    ReadBack,
    FormReadOn,
    FormReadBack,
    FormNextPrompt,
    HelpFilter,
    PaletteUp,
    PaletteDown,
    PalettePageUp,
    PalettePageDown,
    PaletteRun,
    PaletteClose,
}

/// What the table says about an action.
#[derive(Debug)]
pub(super) struct ActionSpec {
    /// Which.
    pub(super) action: Action,
    /// What it is called in the configuration.
    pub(super) name: &'static str,
    /// A word or two for the footer.
    pub(super) title: &'static str,
    /// A line for the help.
    pub(super) doc: &'static str,
    /// Where it counts.
    pub(super) contexts: &'static [Context],
    /// Its keys, as [`crate::tui::input::Key::parse`] reads them, the one to show first.
    pub(super) keys: &'static [&'static str],
    /// Its place in the footer, the smallest first; 0: not there.
    pub(super) footer: u8,
}

impl Action {
    /// Whether it does nothing but show another part of what is there.
    pub(super) fn only_looks(self) -> bool {
        matches!(
            self,
            Self::Up
                | Self::Down
                | Self::First
                | Self::Last
                | Self::PageUp
                | Self::PageDown
                | Self::HalfUp
                | Self::HalfDown
                | Self::Help
                | Self::Palette
                | Self::PaletteUp
                | Self::PaletteDown
                | Self::PalettePageUp
                | Self::PalettePageDown
                | Self::Redraw
                | Self::Suspend
                | Self::ViewLeft
                | Self::ViewRight
        )
    }

    /// Whether it says yes to something that cannot be had back as it was. No key
    /// that is pressed out of habit may be bound to it.
    pub(super) fn permits(self) -> bool {
        matches!(
            self,
            Self::AllowCall
                | Self::ConfirmRemove
                | Self::ConfirmLogout
                | Self::ConfirmSeveral
                | Self::AgreePage
        )
    }

    /// Whether the palette alone has it, unless somebody binds a key to it: it is done
    /// seldom.
    #[cfg(test)]
    pub(super) fn is_of_the_palette(self) -> bool {
        matches!(self, Self::ToggleMouse | Self::ShowOffers)
    }

    /// Whether it must have a key: the way out, the way to the keys, and the no.
    pub(super) fn is_essential(self) -> bool {
        matches!(
            self,
            Self::Help | Self::Quit | Self::Cancel | Self::DenyCall | Self::DockBack
        )
    }

    /// Whether its letter counts on a field of a form that takes none: the others
    /// are swallowed there, so that nobody leaves by typing.
    pub(super) fn counts_on_a_choice(self) -> bool {
        matches!(
            self,
            Self::Help | Self::Palette | Self::RawView | Self::EditOutside
        )
    }

    /// Whether it lets something happen that a question asks about: such a key counts
    /// only where the question is armed.
    pub(super) fn is_a_yes(self) -> bool {
        matches!(
            self,
            Self::AllowCall | Self::ConfirmSeveral | Self::AgreePage | Self::SendForm
        )
    }

    /// Whether it is one of the viewer of results.
    pub(super) fn is_of_the_viewer(self) -> bool {
        ACTIONS
            .iter()
            .find(|spec| spec.action == self)
            .is_some_and(|spec| spec.contexts.contains(&Context::Viewer))
    }

    /// Its line in the table.
    pub(super) fn spec(self) -> Option<&'static ActionSpec> {
        ACTIONS.iter().find(|spec| spec.action == self)
    }
}

/// Fills in the keys that a sentence names: `{reconnect}` stands for the key of that
/// action.
pub(super) type Say<'a> = &'a dyn Fn(&str) -> String;

/// A sentence with the keys of its actions, each as `key` has it. What is no name of an
/// action stays as it is.
pub(super) fn said(sentence: &str, key: &dyn Fn(&ActionSpec) -> String) -> String {
    let mut said = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        let name = after.split_once('}').map(|(name, _)| name);
        let spec = ACTIONS.iter().find(|spec| Some(spec.name) == name);
        rest = match spec {
            Some(spec) => {
                said.push_str(&key(spec));
                after.split_once('}').map_or("", |(_, rest)| rest)
            }
            None => {
                said.push('{');
                after
            }
        };
    }
    said.push_str(rest);
    said
}

/// The same with the keys of the table, for where nobody knows those in force.
#[cfg(test)]
pub(super) fn by_the_table(sentence: &str) -> String {
    said(sentence, &|spec| {
        let first = spec.keys.first().and_then(|key| Key::parse(key));
        first.map_or_else(|| spec.name.to_owned(), |key| key.to_string())
    })
}
