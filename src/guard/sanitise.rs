//! Makes text from outside fit to be shown.
