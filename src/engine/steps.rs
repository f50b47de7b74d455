//! Where an operation says its steps.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// Something that is done when it is done.
type Done = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Hears each step of an operation. Cheap to clone.
pub struct Steps<T> {
    hear: Arc<dyn Fn(T) + Send + Sync>,
    take: Arc<dyn Fn(T) -> Done + Send + Sync>,
}

impl<T> Steps<T> {
    /// Steps that are told to `hear`, which may leave some out, and handed to `take`,
    /// which takes its time.
    pub fn new(
        hear: impl Fn(T) + Send + Sync + 'static,
        take: impl Fn(T) -> Done + Send + Sync + 'static,
    ) -> Self {
        Self {
            hear: Arc::new(hear),
            take: Arc::new(take),
        }
    }

    /// Says a step. Who is too slow to hear it hears the next one.
    pub fn say(&self, step: T) {
        (self.hear)(step);
    }

    /// Hands a step over that must not be left out, once everything before it was
    /// taken: however slow the other side is, no more than one waits.
    pub async fn hand(&self, step: T) {
        (self.take)(step).await;
    }
}

impl<T> Clone for Steps<T> {
    fn clone(&self) -> Self {
        Self {
            hear: Arc::clone(&self.hear),
            take: Arc::clone(&self.take),
        }
    }
}

impl<T> fmt::Debug for Steps<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Steps")
    }
}
