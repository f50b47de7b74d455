//! The `callboard` program: parse, choose a face, exit code.

fn main() {}
