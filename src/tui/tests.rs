//! The whole interface without a terminal and without a board: keys are typed,
//! messages are given, the screen is looked at.

mod board;
mod calm;
mod connectors;
mod custom;
mod dock;
mod functions;
mod hostile;
mod keys;
mod options;
mod retry;
mod run;
mod runner;
