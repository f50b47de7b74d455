//! The command line as a script sees it: words in, streams and exit code out.

mod alone;
mod calling;
mod connecting;
mod directory;
mod keeping;
mod reaching;
mod telling;
