//! A face's end of the link.

use crate::config::Home;
use crate::domain::Fault;
use crate::protocol::{Endpoint, Event, Operation};

/// A board, as a face speaks to it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {}

/// The events of a board, from the moment of attaching on; the first is a
/// snapshot.
#[derive(Debug)]
pub struct EventStream {}

impl Client {
    /// Attaches to the board of this home.
    ///
    /// # Errors
    /// `not-found` where none runs.
    pub async fn attach(_home: &Home) -> Result<Self, Fault> {
        Err(Fault::internal("not built"))
    }

    /// Attaches to the board of this home, and starts it first where none runs.
    ///
    /// # Errors
    /// Why it could not be started.
    pub async fn attach_or_start(home: &Home) -> Result<Self, Fault> {
        Self::attach(home).await
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// The board's fault, or `network` where the board is gone.
    pub async fn send<R: Endpoint>(&self, _request: &R) -> Result<R::Answer, Fault> {
        Err(Fault::internal("not built"))
    }

    /// Runs an operation, saying each step. Dropping the future cancels it.
    ///
    /// # Errors
    /// The board's fault, or `network` where the board is gone.
    pub async fn run<O: Operation>(
        &self,
        _operation: &O,
        _on_step: &mut (dyn FnMut(O::Step) + Send),
    ) -> Result<O::Answer, Fault> {
        Err(Fault::internal("not built"))
    }

    /// The stream of events after the one with this id; a snapshot first where
    /// that is `None` or no longer kept.
    ///
    /// # Errors
    /// `network` where the board is gone.
    pub async fn events(&self, _after: Option<u64>) -> Result<EventStream, Fault> {
        Err(Fault::internal("not built"))
    }
}

impl EventStream {
    /// The next event; `None` when the board ended or the link broke.
    pub async fn next(&mut self) -> Option<Event> {
        None
    }
}
