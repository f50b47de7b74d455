//! One file per subject.

mod canary;
mod cli;
mod documents;
mod fakes;
mod fence;
mod misbehaving;
