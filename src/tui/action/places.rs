//! The places where keys count: what each is called in a configuration and for
//! people, in the order of `docs/keys.md`.

use super::Context;

/// What is known of a place.
#[derive(Debug)]
pub(in crate::tui) struct Place {
    /// Which.
    pub(in crate::tui) context: Context,
    /// Its table below `[keys]` in a configuration. No action has that name.
    pub(in crate::tui) name: &'static str,
    /// Where it is, as a heading.
    pub(in crate::tui) title: &'static str,
}

/// How far a place reaches, for the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::tui) enum Group {
    /// One place alone.
    Here,
    /// Whatever is a list, a text or one of several panes.
    Lists,
    /// Nearly everything.
    Everywhere,
}

/// All places.
#[rustfmt::skip]
pub(in crate::tui) const PLACES: &[Place] = &[
    Place { context: Context::Global, name: "everywhere", title: "Everywhere" },
    Place { context: Context::Tabs, name: "tabs", title: "Wherever tabs can be changed" },
    Place { context: Context::Panes, name: "panes", title: "Between panes and fields" },
    Place { context: Context::List, name: "lists", title: "In any list" },
    Place { context: Context::Scroll, name: "texts", title: "In any text that scrolls" },
    Place { context: Context::Connectors, name: "connectors", title: "In the list of connectors" },
    Place { context: Context::ConnectorKeys, name: "connector", title: "On a connector, in the list or in its details" },
    Place { context: Context::ConnectorDetails, name: "connector-details", title: "In the details of a connector, whichever of them is shown" },
    Place { context: Context::ConnectorText, name: "connector-overview", title: "In its overview, and in how it signs in" },
    Place { context: Context::ConnectorRows, name: "connector-rows", title: "In the list of its functions, of its prompts and resources, of its history" },
    Place { context: Context::Offers, name: "offers", title: "On a prompt or a resource in the list" },
    Place { context: Context::OfferForm, name: "offer-form", title: "In what a prompt or an address is filled in with" },
    Place { context: Context::OfferFormIdle, name: "offer-form-left", title: "In the same, once Esc has left the field" },
    Place { context: Context::Reading, name: "reading", title: "On a resource that was read, or a prompt that was filled in" },
    Place { context: Context::Details, name: "details", title: "In the details of something" },
    Place { context: Context::Form, name: "form", title: "In a field of the form" },
    Place { context: Context::FormIdle, name: "form-left", title: "In the form, once Esc has left the field" },
    Place { context: Context::Fill, name: "fill", title: "In a form made from a schema" },
    Place { context: Context::FillIdle, name: "fill-left", title: "In such a form, once Esc has left the field" },
    Place { context: Context::Directory, name: "directory", title: "In the directory" },
    Place { context: Context::DirectoryKeys, name: "directory-entry", title: "On a server of the directory, in the list or in its preview" },
    Place { context: Context::Activity, name: "activity", title: "In the calls and decisions" },
    Place { context: Context::Picker, name: "picker", title: "In the choice of a connector" },
    Place { context: Context::Functions, name: "functions", title: "In the list of functions" },
    Place { context: Context::FunctionKeys, name: "function", title: "On a function, in the list or in its details" },
    Place { context: Context::Filter, name: "filter-line", title: "In the filter" },
    Place { context: Context::Arguments, name: "arguments", title: "In the arguments, as a form or as JSON" },
    Place { context: Context::ArgumentsRaw, name: "arguments-json", title: "In the arguments as JSON" },
    Place { context: Context::ArgumentsIdle, name: "arguments-left", title: "In the arguments, once Esc has left the field" },
    Place { context: Context::Outcome, name: "result", title: "On a result" },
    Place { context: Context::Viewer, name: "viewer", title: "In the viewer of results" },
    Place { context: Context::ViewerSearch, name: "viewer-search", title: "In what is searched for in a result" },
    Place { context: Context::SavePath, name: "file-name", title: "In the name of a file" },
    Place { context: Context::Dock, name: "prompts", title: "In any prompt" },
    Place { context: Context::DockVault, name: "vault-prompt", title: "In the choice of a vault" },
    Place { context: Context::DockPassphrase, name: "passphrase-prompt", title: "In a passphrase" },
    Place { context: Context::DockRemove, name: "removal-prompt", title: "Before a connector is removed" },
    Place { context: Context::DockLogout, name: "sign-out-prompt", title: "Before somebody is signed out" },
    Place { context: Context::DockStepUp, name: "step-up", title: "Where a server wants more than it was given" },
    Place { context: Context::DockConsent, name: "sign-in-box", title: "In a sign-in that waits for you" },
    Place { context: Context::DockPaste, name: "sign-in-answer", title: "In its line for what the browser ended at" },
    Place { context: Context::DockConsentOver, name: "sign-in-over", title: "On a sign-in that waits no longer" },
    Place { context: Context::DockSeveral, name: "several", title: "Before several functions are set to always" },
    Place { context: Context::DockCall, name: "call-prompt", title: "Before a function runs" },
    Place { context: Context::DockForm, name: "asked-form", title: "In a form that a server wants filled in" },
    Place { context: Context::DockPage, name: "asked-page", title: "Before a page that a server wants visited" },
    Place { context: Context::DockWarning, name: "warning", title: "On a warning" },
    Place { context: Context::DockQueue, name: "prompt-queue", title: "Where several prompts wait" },
    Place { context: Context::Help, name: "key-list", title: "In the list of keys" },
    Place { context: Context::Palette, name: "palette-list", title: "In the palette" },
];

impl Context {
    /// Its line in the table of places.
    pub(in crate::tui) fn place(self) -> Option<&'static Place> {
        PLACES.iter().find(|place| place.context == self)
    }

    /// How far it reaches.
    pub(in crate::tui) fn group(self) -> Group {
        match self {
            Self::Global | Self::Tabs => Group::Everywhere,
            Self::Panes | Self::List | Self::Scroll => Group::Lists,
            _ => Group::Here,
        }
    }
}

impl Place {
    /// Where it is, within a sentence.
    pub(in crate::tui) fn words(&self) -> String {
        let mut letters = self.title.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        first.into_iter().chain(letters).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tui::action::ACTIONS;
    use crate::tui::focus::Focus;

    #[test]
    fn every_place_of_the_table_of_actions_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = PLACES.iter().map(|place| place.name).collect();
        assert_eq!(names.len(), PLACES.len());
        for spec in ACTIONS {
            assert!(!names.contains(spec.name), "{} is an action too", spec.name);
            for context in spec.contexts {
                assert!(context.place().is_some(), "{} in {context:?}", spec.name);
            }
        }
        for focus in Focus::ALL {
            for context in focus.contexts() {
                assert!(context.place().is_some(), "{context:?} of {focus:?}");
            }
        }
    }
}
