//! Where an operation says its steps.

use std::fmt;
use std::sync::Arc;

/// Hears each step of an operation. Cheap to clone.
pub struct Steps<T> {
    hear: Arc<dyn Fn(T) + Send + Sync>,
}

impl<T> Steps<T> {
    /// Steps that are told to `hear`.
    pub fn new(hear: impl Fn(T) + Send + Sync + 'static) -> Self {
        Self {
            hear: Arc::new(hear),
        }
    }

    /// Says a step.
    pub fn say(&self, step: T) {
        (self.hear)(step);
    }
}

impl<T> Clone for Steps<T> {
    fn clone(&self) -> Self {
        Self {
            hear: Arc::clone(&self.hear),
        }
    }
}

impl<T> fmt::Debug for Steps<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Steps")
    }
}
