//! Tab 5: calls and decisions as they happen.

mod view;

pub(in crate::tui) use view::view;

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {}

/// What it asked the board for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Wish {}
