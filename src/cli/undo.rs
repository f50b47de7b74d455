//! `undo`: takes the last change back.

use super::context::Context;
use super::report::Ending;
use crate::protocol::Undo;

pub(super) async fn run(context: &Context) -> Ending {
    let client = context.board().await?;
    let undone = client.send(&Undo {}).await?;
    context.output.either(&undone, || undone.what.clone())?;
    Ok(0)
}
