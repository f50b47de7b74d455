//! The interface as somebody at a terminal sees it: the real program in a
//! pseudo-terminal, keys in, screen out.

mod accepting;
mod arguments;
mod asking;
mod coming_back;
mod keys;
mod leaving;
mod reading;
mod working;
