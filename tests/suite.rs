//! One file per subject.

mod board;
mod cli;
mod documents;
mod fakes;
mod fence;
