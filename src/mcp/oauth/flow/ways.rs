//! The ways in which an answer may come; the first that does wins.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::attempt::Attempt;
use super::{End, Pasted};
use crate::domain::{Fault, FaultKind, Secret};
use crate::mcp::oauth::answer::{Said, read_callback, read_pasted};
use crate::mcp::oauth::authorize::Authorization;
use crate::mcp::oauth::callback::{Arrival, Callback};
use crate::mcp::oauth::client::Client;
use crate::mcp::oauth::device::{self, Device};
use crate::mcp::oauth::token::Tokens;
use crate::mcp::oauth::trail::{SignInEvent, Trail};

/// What answered first.
pub(super) enum Answered {
    Code(Secret),
    Tokens(Tokens),
}

/// The ways in which an answer may come.
pub(super) struct Ways<'a> {
    pub(super) asked: Option<&'a Authorization>,
    pub(super) callback: Option<&'a mut Callback>,
    pub(super) pasted: &'a mut mpsc::Receiver<Pasted>,
    pub(super) device: Option<&'a Device>,
}

impl Ways<'_> {
    /// Waits for the first answer.
    pub(super) async fn wait(
        &mut self,
        attempt: &Attempt<'_>,
        client: &Client,
        end: Instant,
        trail: &mut Trail<'_>,
    ) -> Result<Answered, End> {
        let (token, resource) = (&attempt.found.server.token, attempt.resource.as_str());
        let (device, asking) = (self.device, attempt.request.asking.as_ref());
        let polling = async {
            match device {
                Some(device) => {
                    device::wait(&attempt.asker, client, token, device, resource, asking).await
                }
                None => std::future::pending().await,
            }
        };
        let mut polling = std::pin::pin!(polling);
        let (mut polls, mut pastes) = (true, true);
        loop {
            tokio::select! {
                arrival = next(self.callback.as_deref_mut()) => {
                    let judged = match self.asked {
                        Some(asked) => read_callback(arrival.query.expose(), asked),
                        None => Err(Fault::user("no answer is waited for here")),
                    };
                    // The browser may be gone.
                    let _ = arrival.verdict.send(judged.is_ok());
                    match judged {
                        Ok(Said::Code(code)) => return Ok(Answered::Code(code)),
                        Ok(Said::Refused(fault)) => return Err(fault.into()),
                        Err(fault) => trail.tell(SignInEvent::Refused(fault)),
                    }
                }
                paste = self.pasted.recv(), if pastes => {
                    let Some(Pasted { text, verdict }) = paste else {
                        pastes = false;
                        continue;
                    };
                    let judged = match self.asked {
                        Some(asked) => read_pasted(text.expose(), asked),
                        None => Err(Fault::user("this sign-in ends by itself once the code was typed")
                            .hint("type the device code at the address shown; there is nothing to paste")),
                    };
                    let _ = verdict.send(judged.as_ref().map(|_| ()).map_err(Clone::clone));
                    match judged {
                        Ok(Said::Code(code)) => return Ok(Answered::Code(code)),
                        Ok(Said::Refused(fault)) => return Err(fault.into()),
                        Err(fault) => trail.tell(SignInEvent::Refused(fault)),
                    }
                }
                polled = &mut polling, if polls => match polled {
                    Ok(tokens) => return Ok(Answered::Tokens(tokens)),
                    Err(failed) => {
                        let end = End::from(failed);
                        if end.fault.kind == FaultKind::Denied || self.asked.is_none() {
                            return Err(end);
                        }
                        polls = false;
                        trail.tell(SignInEvent::Refused(end.fault));
                    }
                },
                () = sleep_until(end) => {
                    // The answer that is under way may be the tokens.
                    let last = until_over(polling.as_mut(), asking);
                    if polls && let Some(Ok(tokens)) = last.await {
                        return Ok(Answered::Tokens(tokens));
                    }
                    return Err(Fault::new(FaultKind::SignIn, "nobody answered in time, so the sign-in has ended")
                        .hint("start it again: callboard login NAME")
                        .into());
                }
            }
        }
    }
}

/// Goes on with something for as long as a question of it is under way. `None`: it came
/// to no end with that.
pub async fn until_over<F: Future + Unpin>(mut doing: F, asking: &AtomicBool) -> Option<F::Output> {
    poll_fn(|context| {
        if !asking.load(Ordering::Relaxed) {
            return Poll::Ready(None);
        }
        match Pin::new(&mut doing).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if asking.load(Ordering::Relaxed) => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
        }
    })
    .await
}

async fn next(callback: Option<&mut Callback>) -> Arrival {
    match callback {
        Some(callback) => callback.next().await,
        None => std::future::pending().await,
    }
}
