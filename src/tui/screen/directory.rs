//! Tab 2: servers that are known, to be added from.

mod view;

pub(in crate::tui) use view::view;

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {}

/// What it asked the board for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Wish {}
