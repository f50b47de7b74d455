//! One file per subject.

mod asking;
mod board;
mod canary;
mod cli;
mod documents;
mod fakes;
mod fence;
mod misbehaving;
mod oauth;
mod practice;
mod sign_in;
mod terminal;
