//! The whole interface without a terminal and without a board: keys are typed,
//! messages are given, the screen is looked at.

mod board;
mod connectors;
mod custom;
mod dock;
mod edit;
mod filter;
mod functions;
mod hostile;
mod keys;
mod lost;
mod manners;
mod options;
mod retry;
mod run;
mod runner;
mod said;
mod viewer;

/// The looks that tests are drawn in.
pub(super) fn theme() -> super::theme::Theme {
    use super::theme::{Depth, Palette, Pictures, Signs, Theme};
    Theme {
        palette: Palette::Sixteen,
        signs: Signs::Unicode,
        calm: false,
        pictures: Pictures::HalfBlocks(Depth::True),
    }
}
