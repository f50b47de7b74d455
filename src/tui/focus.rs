//! Where the keys go. One value in the model; drawing never decides it.

use super::action::Context;
use super::tab::Tab;

/// What has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Focus {
    /// The list of connectors.
    Connectors,
    /// The filter over that list.
    ConnectorFilter,
    /// A connector's details: a text.
    ConnectorDetail,
    /// A connector's details: its functions.
    ConnectorFunctions,
    /// A connector's details: its prompts and resources.
    ConnectorOffers,
    /// A connector's details: what happened with it.
    ConnectorHistory,
    /// The filter over one of these lists.
    ConnectorRowFilter,
    /// What a prompt, or the address of a resource, is filled in with.
    OfferForm,
    /// The same as a whole: Esc was pressed in it.
    OfferFormIdle,
    /// A resource that was read, or a prompt that was filled in.
    OfferReading,
    /// One line of what happened, whole.
    JournalLine,
    /// The list of the directory.
    Directory,
    /// The words that are searched for there.
    DirectorySearch,
    /// An entry's preview.
    DirectoryDetail,
    /// The field of the form that is chosen.
    Form,
    /// The form as a whole: Esc was pressed in a field.
    FormIdle,
    /// The choice of a connector whose functions are to be shown.
    Picker,
    /// The list of functions.
    Functions,
    /// The filter over that list.
    Filter,
    /// A function's details.
    FunctionDetail,
    /// The arguments of a function to be run, as a form.
    Arguments,
    /// The same as JSON.
    ArgumentsRaw,
    /// The arguments as a whole: Esc was pressed in them.
    ArgumentsIdle,
    /// A running function, or what it answered.
    Outcome,
    /// Something in the viewer of results, in a tab where nothing else can stand in
    /// its place.
    Viewer(Tab),
    /// What is searched for there.
    ViewerSearch(Tab),
    /// The name of the file that it is written to.
    ViewerPath(Tab),
    /// The list of calls and decisions.
    Activity,
    /// The filter over that list.
    ActivityFilter,
    /// One call whole.
    ActivityDetail,
    /// The choice of where secrets are kept.
    DockVault,
    /// A passphrase.
    DockPassphrase,
    /// A removal to be confirmed.
    DockRemove,
    /// A sign-out to be confirmed.
    DockLogout,
    /// Scopes that a server wants besides.
    DockStepUp,
    /// A sign-in that waits for a person.
    DockConsent,
    /// The line in it for what the browser ended at.
    DockPaste,
    /// A sign-in that waits no longer.
    DockConsentOver,
    /// Several permissions to be confirmed.
    DockSeveral,
    /// A call to be permitted.
    DockCall,
    /// A form that a server wants filled in.
    DockForm,
    /// A page that a server wants visited.
    DockPage,
    /// Something that happened and may need you.
    DockWarning,
    /// The list of keys.
    Help,
    /// What is searched for in it.
    HelpFilter,
    /// The palette.
    Palette,
}

impl Focus {
    /// Every focus.
    pub(super) const ALL: &'static [Self] = &[
        Self::Connectors,
        Self::ConnectorFilter,
        Self::ConnectorDetail,
        Self::ConnectorFunctions,
        Self::ConnectorOffers,
        Self::ConnectorHistory,
        Self::ConnectorRowFilter,
        Self::OfferForm,
        Self::OfferFormIdle,
        Self::OfferReading,
        Self::JournalLine,
        Self::Directory,
        Self::DirectorySearch,
        Self::DirectoryDetail,
        Self::Form,
        Self::FormIdle,
        Self::Picker,
        Self::Functions,
        Self::Filter,
        Self::FunctionDetail,
        Self::Arguments,
        Self::ArgumentsRaw,
        Self::ArgumentsIdle,
        Self::Outcome,
        Self::Viewer(Tab::Connectors),
        Self::ViewerSearch(Tab::Functions),
        Self::ViewerPath(Tab::Functions),
        Self::Activity,
        Self::ActivityFilter,
        Self::ActivityDetail,
        Self::DockVault,
        Self::DockPassphrase,
        Self::DockRemove,
        Self::DockLogout,
        Self::DockStepUp,
        Self::DockConsent,
        Self::DockPaste,
        Self::DockConsentOver,
        Self::DockSeveral,
        Self::DockCall,
        Self::DockForm,
        Self::DockPage,
        Self::DockWarning,
        Self::Help,
        Self::HelpFilter,
        Self::Palette,
    ];

    /// The contexts whose keys count here, the nearest first.
    pub(super) fn contexts(self) -> &'static [Context] {
        use Context as C;
        match self {
            Self::Connectors => &[
                C::Connectors,
                C::ConnectorKeys,
                C::List,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::ConnectorDetail => &[
                C::ConnectorText,
                C::ConnectorDetails,
                C::ConnectorKeys,
                C::Scroll,
                C::Tabs,
                C::Global,
            ],
            Self::ConnectorFunctions | Self::ConnectorHistory => &[
                C::ConnectorRows,
                C::ConnectorDetails,
                C::ConnectorKeys,
                C::List,
                C::Tabs,
                C::Global,
            ],
            Self::ConnectorOffers => &[
                C::Offers,
                C::ConnectorRows,
                C::ConnectorDetails,
                C::ConnectorKeys,
                C::List,
                C::Tabs,
                C::Global,
            ],
            Self::OfferForm => &[C::OfferForm, C::Fill, C::Panes, C::Tabs, C::Global],
            Self::OfferFormIdle => &[
                C::OfferFormIdle,
                C::OfferForm,
                C::FillIdle,
                C::List,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::OfferReading => &[C::Reading, C::Viewer, C::Scroll, C::Tabs, C::Global],
            Self::JournalLine => &[C::Details, C::Scroll, C::Tabs, C::Global],
            Self::Form => &[C::Form, C::Panes, C::Tabs, C::Global],
            Self::FormIdle => &[C::FormIdle, C::Panes, C::Tabs, C::Global],
            Self::Picker => &[C::Picker, C::List, C::Panes, C::Tabs, C::Global],
            Self::Functions => &[
                C::Functions,
                C::FunctionKeys,
                C::List,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::Filter
            | Self::ConnectorFilter
            | Self::ConnectorRowFilter
            | Self::DirectorySearch
            | Self::ActivityFilter => &[C::Filter, C::Tabs, C::Global],
            Self::Directory => &[
                C::Directory,
                C::DirectoryKeys,
                C::List,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::DirectoryDetail => &[
                C::Details,
                C::DirectoryKeys,
                C::Scroll,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::Activity => &[C::Activity, C::List, C::Panes, C::Tabs, C::Global],
            Self::ActivityDetail => &[C::Details, C::Scroll, C::Panes, C::Tabs, C::Global],
            Self::FunctionDetail => &[
                C::Details,
                C::FunctionKeys,
                C::Scroll,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::Arguments => &[C::Arguments, C::Fill, C::Panes, C::Tabs, C::Global],
            Self::ArgumentsRaw => &[C::ArgumentsRaw, C::Arguments, C::Tabs, C::Global],
            Self::ArgumentsIdle => &[
                C::ArgumentsIdle,
                C::Arguments,
                C::FillIdle,
                C::List,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::Outcome => &[
                C::Outcome,
                C::Viewer,
                C::Scroll,
                C::Panes,
                C::Tabs,
                C::Global,
            ],
            Self::Viewer(_) => &[C::Viewer, C::Scroll, C::Panes, C::Tabs, C::Global],
            Self::ViewerSearch(_) => &[C::ViewerSearch, C::Global],
            Self::ViewerPath(_) => &[C::SavePath, C::Global],
            Self::DockVault => &[C::DockVault, C::Dock, C::Global],
            Self::DockPassphrase => &[C::DockPassphrase, C::Dock, C::Global],
            Self::DockRemove => &[C::DockRemove, C::Dock, C::Global],
            Self::DockLogout => &[C::DockLogout, C::Dock, C::Global],
            Self::DockStepUp => &[C::DockStepUp, C::DockQueue, C::Dock, C::Global],
            Self::DockConsent => &[C::DockConsent, C::DockQueue, C::Dock, C::Global],
            Self::DockPaste => &[C::DockPaste, C::Global],
            Self::DockConsentOver => &[C::DockConsentOver, C::DockQueue, C::Dock, C::Global],
            Self::DockSeveral => &[C::DockSeveral, C::DockQueue, C::Dock, C::Global],
            Self::DockCall => &[C::DockCall, C::DockQueue, C::Dock, C::Global],
            Self::DockForm => &[C::DockForm, C::Fill, C::Panes, C::Global],
            Self::DockPage => &[C::DockPage, C::DockQueue, C::Dock, C::Global],
            Self::DockWarning => &[C::DockWarning, C::DockQueue, C::Dock, C::Global],
            Self::Help => &[C::Help, C::Scroll, C::Global],
            Self::HelpFilter => &[C::Filter, C::Global],
            Self::Palette => &[C::Palette, C::Global],
        }
    }

    /// Whether keys with a character are typed into a field, whatever is chosen in
    /// it. Forms have other places too and say so themselves.
    pub(super) fn takes_text(self) -> bool {
        matches!(
            self,
            Self::ConnectorFilter
                | Self::ConnectorRowFilter
                | Self::OfferForm
                | Self::DirectorySearch
                | Self::Filter
                | Self::Arguments
                | Self::ArgumentsRaw
                | Self::ViewerSearch(_)
                | Self::ViewerPath(_)
                | Self::ActivityFilter
                | Self::DockPassphrase
                | Self::DockPaste
                | Self::HelpFilter
                | Self::Palette
        )
    }

    /// Whether the keys are the viewer's, or those of a field of it.
    pub(super) fn in_viewer(self) -> bool {
        matches!(
            self,
            Self::Outcome
                | Self::OfferReading
                | Self::Viewer(_)
                | Self::ViewerSearch(_)
                | Self::ViewerPath(_)
        )
    }

    /// Whether a field of the viewer takes what is typed.
    pub(super) fn in_viewer_field(self) -> bool {
        matches!(self, Self::ViewerSearch(_) | Self::ViewerPath(_))
    }

    /// Whether a tab looks at keys before the table of actions does.
    pub(super) fn is_field(self) -> bool {
        self.takes_text() || matches!(self, Self::Form | Self::Arguments)
    }

    /// Whether it belongs to the run of a function: its arguments, or what came of it.
    pub(super) fn in_run(self) -> bool {
        let before = matches!(
            self,
            Self::Picker | Self::Functions | Self::Filter | Self::FunctionDetail | Self::Viewer(_)
        );
        self.tab() == Some(Tab::Functions) && !before
    }

    /// Whether it belongs to the details of a connector.
    pub(super) fn in_connector_details(self) -> bool {
        let list = matches!(
            self,
            Self::Connectors | Self::ConnectorFilter | Self::Viewer(_)
        );
        self.tab() == Some(Tab::Connectors) && !list
    }

    /// Whether it belongs to a prompt in the dock.
    pub(super) fn in_dock(self) -> bool {
        self.tab().is_none() && !self.in_overlay()
    }

    /// Whether a prompt takes what is pasted.
    pub(super) fn takes_paste_in_dock(self) -> bool {
        matches!(
            self,
            Self::DockPassphrase | Self::DockForm | Self::DockConsent | Self::DockPaste
        )
    }

    /// Whether it belongs to what is laid over the tab.
    pub(super) fn in_overlay(self) -> bool {
        matches!(self, Self::Help | Self::HelpFilter | Self::Palette)
    }

    /// The tab it belongs to; `None` for the dock and what is laid over the tab.
    pub(super) fn tab(self) -> Option<Tab> {
        match self {
            Self::Connectors
            | Self::ConnectorFilter
            | Self::ConnectorDetail
            | Self::ConnectorFunctions
            | Self::ConnectorOffers
            | Self::ConnectorHistory
            | Self::ConnectorRowFilter
            | Self::OfferForm
            | Self::OfferFormIdle
            | Self::OfferReading
            | Self::JournalLine => Some(Tab::Connectors),
            Self::Directory | Self::DirectorySearch | Self::DirectoryDetail => Some(Tab::Directory),
            Self::Form | Self::FormIdle => Some(Tab::Custom),
            Self::Activity | Self::ActivityFilter | Self::ActivityDetail => Some(Tab::Activity),
            Self::Picker
            | Self::Functions
            | Self::Filter
            | Self::FunctionDetail
            | Self::Arguments
            | Self::ArgumentsRaw
            | Self::ArgumentsIdle
            | Self::Outcome => Some(Tab::Functions),
            Self::Viewer(tab) | Self::ViewerSearch(tab) | Self::ViewerPath(tab) => Some(tab),
            Self::DockVault
            | Self::DockPassphrase
            | Self::DockRemove
            | Self::DockLogout
            | Self::DockStepUp
            | Self::DockConsent
            | Self::DockPaste
            | Self::DockConsentOver
            | Self::DockSeveral
            | Self::DockCall
            | Self::DockForm
            | Self::DockPage
            | Self::DockWarning
            | Self::Help
            | Self::HelpFilter
            | Self::Palette => None,
        }
    }
}
