//! One file per subject.

mod board;
mod cli;
mod fakes;
mod fence;
