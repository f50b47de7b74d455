//! The board as a process: who starts it, who may speak to it, what it survives,
//! and how it ends.

mod accepting;
mod changes;
mod database;
mod ending;
mod events;
mod homes;
mod killed;
mod lists;
mod offers;
mod process;
mod requests;
mod undoing;
mod watching;
