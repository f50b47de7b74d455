//! Pictures are taken apart on a thread of their own: their bytes come from outside,
//! and a decoder that stumbles over them in a way that nobody foresaw must cost no more
//! than the picture.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::domain::Fault;
use crate::tui::effect::{Answer, Msg, Ticket};
use crate::tui::terminal::PICTURES;
use crate::tui::viewer::{Job, Painted, paint};

/// Draws a picture and says what came of it.
pub(super) fn draw(ticket: Ticket, job: Job, messages: &UnboundedSender<Msg>) {
    let say = messages.clone();
    let started = thread::Builder::new()
        .name(PICTURES.to_owned())
        .spawn(move || {
            let result = guarded(|| paint(&job));
            let answer = result.map(|painted| Answer::Painted(Arc::new(painted)));
            say.send(Msg::Answered(ticket, answer)).ok();
        });
    if let Err(error) = started {
        let fault = Fault::user(format!("it cannot be drawn now: {error}"));
        messages.send(Msg::Answered(ticket, Err(fault))).ok();
    }
}

/// A panic is a picture that cannot be read.
fn guarded(paint: impl FnOnce() -> Result<Painted, Fault>) -> Result<Painted, Fault> {
    catch_unwind(AssertUnwindSafe(paint))
        .unwrap_or_else(|_| Err(Fault::user("it is damaged, and cannot be drawn")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_costs_the_picture_and_nothing_else() {
        let result = thread::Builder::new()
            .name(PICTURES.to_owned())
            .spawn(|| guarded(|| panic!("a decoder stumbled")))
            .unwrap()
            .join()
            .unwrap();
        assert!(result.unwrap_err().message.contains("damaged"));
    }
}
