//! Finds out what stands behind a URL.
