//! The whole interface without a terminal and without a board: keys are typed,
//! messages are given, the screen is looked at.

mod activity;
mod all_functions;
mod arguments;
mod asked;
mod attention;
pub(super) mod board;
mod changed;
mod connectors;
mod custom;
mod details;
mod directory;
mod dock;
mod edit;
mod filter;
mod from_directory;
mod functions;
mod gallery;
mod hostile;
mod keys;
mod lesson;
mod lost;
mod manners;
mod mouse;
mod options;
mod overlay;
mod place;
mod rebound;
mod retry;
mod run;
mod runner;
mod said;
mod several;
mod sign_in;
mod svg;
mod undo;
mod viewer;
mod waiting;
mod warning;
mod wire;

/// The looks that tests are drawn in.
pub(super) fn theme() -> super::theme::Theme {
    use super::theme::{Contrast, Depth, Palette, Pictures, Signs, Theme};
    Theme {
        palette: Palette::Sixteen,
        contrast: Contrast::Usual,
        signs: Signs::Unicode,
        calm: false,
        pictures: Pictures::HalfBlocks(Depth::True),
    }
}

/// What the interface knows before it knows anything.
pub(super) fn blank() -> super::model::Model {
    runner::Runner::blank(80, 24).model
}
