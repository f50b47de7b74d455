//! One file per subject.

mod cli;
mod documents;
mod fakes;
mod fence;
