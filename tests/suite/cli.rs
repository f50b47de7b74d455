//! The command line as a script sees it: words in, streams and exit code out.

mod accepting;
mod alone;
mod answering;
mod calling;
mod connecting;
mod directory;
mod keeping;
mod offering;
mod reaching;
mod telling;
