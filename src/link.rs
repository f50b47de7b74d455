//! The way from a face to the board.
