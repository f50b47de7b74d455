//! One file per subject.

mod board;
mod canary;
mod cli;
mod documents;
mod fakes;
mod fence;
mod misbehaving;
mod terminal;
