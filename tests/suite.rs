//! One file per subject.

mod canary;
mod cli;
mod fakes;
mod fence;
mod misbehaving;
