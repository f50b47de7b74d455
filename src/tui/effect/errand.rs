//! What the details of a connector want of the board. Some of it is asked of the
//! connector's server and may take a while, so all of it can be cancelled.

use crate::domain::{JournalEntry, Prompt, Resources};
use crate::protocol::{
    GetPrompt, Journal, ListPrompts, ListResources, ReadResource, Reading, WatchResource,
};

/// See the module.
#[derive(Clone, Debug)]
pub(in crate::tui) enum Errand {
    /// Lines of the journal.
    Journal(Journal),
    /// What a server offers to be read.
    Resources(ListResources),
    /// Its prompts.
    Prompts(ListPrompts),
    /// To read a resource.
    Read(ReadResource),
    /// To have a prompt filled in.
    Fill(GetPrompt),
    /// To read a resource, and again whenever it changes.
    Watch(WatchResource),
}

/// What it came back with.
#[derive(Clone, Debug)]
pub(in crate::tui) enum Found {
    /// Lines of the journal, oldest first.
    Journal(Vec<JournalEntry>),
    /// What a server offers to be read.
    Resources(Resources),
    /// Its prompts.
    Prompts(Vec<Prompt>),
    /// A resource, or a prompt that was filled in.
    Reading(Box<Reading>),
    /// Nothing but that it is over.
    Over,
}
