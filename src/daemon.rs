//! The board process: lock, sockets, routes, signals.
