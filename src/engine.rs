//! The board itself: connectors and their lives, calls, events.
