//! One file per subject.

mod cli;
mod fakes;
mod fence;
mod terminal;
