//! The mouse, as far as callboard heeds it.

/// Something done with the mouse. Motion and buttons let go are never asked for or
/// are dropped, as is what a modifier is held with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Mouse {
    /// What was done.
    pub(in crate::tui) kind: MouseKind,
    /// Where, in cells from the left, from 0.
    pub(in crate::tui) column: u16,
    /// Where, in cells from the top, from 0.
    pub(in crate::tui) row: u16,
}

/// What was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum MouseKind {
    /// The first button went down.
    Press,
    /// The wheel was turned away from the hand.
    WheelUp,
    /// The wheel was turned towards it.
    WheelDown,
}
