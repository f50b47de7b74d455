//! The terminal interface: a face that shows what the board knows and asks it for
//! what the operator wants. It decides nothing.
//!
//! ```text
//! bytes → Input → (keymap by focus) → Action → update(&mut Model, Msg) → effects
//!                                                  ▲                        │
//!                view(&Model) → frame → terminal   └── Msg ◄── perform ◄────┘
//! ```
//!
//! `update` is pure: it has no clock, no terminal and no board, and everything
//! it wants done is an effect. `view` changes nothing. What a tab knows, does and
//! looks like is in its folder under `screen`.

mod action;
#[doc(hidden)]
pub mod bench;
mod clipboard;
mod dock;
mod effect;
mod environment;
mod focus;
mod form;
mod input;
mod keymap;
mod layout;
mod lesson;
mod mend;
mod mirror;
mod model;
mod offers;
mod overlay;
mod perform;
mod place;
mod pointer;
mod reach;
mod screen;
mod shell;
mod tab;
mod terminal;
mod theme;
mod update;
mod view;
mod viewer;
mod widget;

pub use environment::TerminalEnv;
pub use keymap::check_keys;
pub use lesson::Lesson;
pub use shell::{Leave, Start, run};

#[cfg(test)]
mod tests;
