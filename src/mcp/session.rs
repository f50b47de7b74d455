//! One session with one server.
