//! What the details of a connector want of the board.

use crate::domain::Fault;
use crate::link::Client;
use crate::tui::effect::{Errand, Found, WorkStep};

/// Does one thing.
pub(super) async fn run(
    client: &Client,
    errand: Errand,
    on_step: &mut (dyn FnMut(WorkStep) + Send),
) -> Result<Found, Fault> {
    let reading = |reading| Found::Reading(Box::new(reading));
    match errand {
        Errand::Journal(request) => client.send(&request).await.map(Found::Journal),
        Errand::Resources(request) => client.send(&request).await.map(Found::Resources),
        Errand::Prompts(request) => client.send(&request).await.map(Found::Prompts),
        Errand::Read(request) => client.send(&request).await.map(reading),
        Errand::Fill(request) => client.send(&request).await.map(reading),
        Errand::Watch(request) => {
            let mut step = |reading| on_step(WorkStep::Reading(Box::new(reading)));
            client.run(&request, &mut step).await?;
            Ok(Found::Over)
        }
    }
}
