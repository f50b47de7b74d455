//! One file per subject.

mod fakes;
mod fence;
