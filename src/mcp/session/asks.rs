//! What a server asks back (MCP elicitation), and which call it belongs to.
//!
//! Up to 2025-11-25 a server sends a request of its own. Over Streamable HTTP it
//! comes on the stream of the call it belongs to, and that says whose it is; over
//! other wires, and from servers that use the session's own stream, nothing does.
//! Then it belongs to the one call that is under way. Where there are several, it is
//! asked without naming a function, and only if all of them may ask.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use rmcp::{model::RequestId, service::InboundStreamOrigin};
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc, oneshot};

use super::wire::same;
use crate::domain::{Asked, QuestionAnswer};
use crate::guard::question;

/// Questions of one call that wait to be taken up; what comes beyond is declined.
const BUFFER: usize = 16;

/// Answers what a server asks back during one call.
pub trait AskBack: Send + Sync {
    /// Whether what is asked may become a question to somebody.
    fn willing(&self) -> bool;

    /// Asks. `certain` where it is known that it belongs to this call and to no
    /// other that is under way. Dropping the future takes the question back.
    fn ask(&self, asked: Asked, certain: bool) -> BoxFuture<'_, QuestionAnswer>;

    /// Something was asked that nobody is asked, for this reason.
    fn refused(&self, why: &str);
}

/// A question on its way to the call it belongs to.
pub(super) struct Incoming {
    params: Value,
    certain: bool,
    reply: oneshot::Sender<Result<Value, &'static str>>,
}

/// The calls of a session that are under way.
#[derive(Default)]
pub(super) struct Asks {
    calls: Mutex<Calls>,
    changed: Notify,
}

#[derive(Default)]
struct Calls {
    begun: u64,
    under_way: Vec<UnderWay>,
}

struct UnderWay {
    place: u64,
    /// `None` until it was handed over.
    id: Option<RequestId>,
    willing: bool,
    outlet: mpsc::Sender<Incoming>,
}

/// Whose a question is.
enum Whose {
    Call(mpsc::Sender<Incoming>, bool),
    Nobodys,
    /// It comes on the stream of a request that is just being handed over.
    NotYetKnown,
}

/// What became of a question.
pub(super) enum Routed {
    /// Its answer, as a result of `elicitation/create`.
    Answer(Value),
    /// It cannot be asked.
    Refused(&'static str),
    /// No call that it could belong to is under way.
    Outside,
}

impl Asks {
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call begins.
    pub(super) fn listen(self: &Arc<Self>, willing: bool) -> Listening {
        let (outlet, incoming) = mpsc::channel(BUFFER);
        let mut calls = self.lock();
        calls.begun += 1;
        let place = calls.begun;
        calls.under_way.push(UnderWay {
            place,
            id: None,
            willing,
            outlet,
        });
        Listening {
            asks: Arc::clone(self),
            place,
            incoming,
        }
    }

    /// Brings a question to its call and waits for the answer.
    pub(super) async fn route(
        &self,
        origin: Option<&InboundStreamOrigin>,
        params: Value,
    ) -> Routed {
        let (outlet, certain) = loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.whose(origin) {
                Whose::Call(outlet, certain) => break (outlet, certain),
                Whose::Nobodys => return Routed::Outside,
                Whose::NotYetKnown => changed.await,
            }
        };
        let (reply, answer) = oneshot::channel();
        let incoming = Incoming {
            params,
            certain,
            reply,
        };
        if outlet.try_send(incoming).is_err() {
            return Routed::Answer(result(&QuestionAnswer::Decline, false));
        }
        match answer.await {
            Ok(Ok(answer)) => Routed::Answer(answer),
            Ok(Err(why)) => Routed::Refused(why),
            // The call ended.
            Err(_) => Routed::Answer(result(&QuestionAnswer::Cancel, false)),
        }
    }

    fn whose(&self, origin: Option<&InboundStreamOrigin>) -> Whose {
        let calls = self.lock();
        let found = |call: &UnderWay, certain| Whose::Call(call.outlet.clone(), certain);
        if let Some(InboundStreamOrigin::OutboundRequest(id)) = origin {
            let own = |call: &&UnderWay| call.id.as_ref().is_some_and(|known| same(known, id));
            return match calls.under_way.iter().find(own) {
                Some(call) => found(call, true),
                None if calls.under_way.iter().any(|call| call.id.is_none()) => Whose::NotYetKnown,
                None => Whose::Nobodys,
            };
        }
        match calls.under_way.as_slice() {
            [] => Whose::Nobodys,
            [only] => found(only, true),
            [first, ..] => {
                // Of one that may not ask nothing is asked, whichever it is.
                let unwilling = calls.under_way.iter().find(|call| !call.willing);
                found(unwilling.unwrap_or(first), false)
            }
        }
    }
}

/// A call under way, as far as questions are concerned.
pub(super) struct Listening {
    asks: Arc<Asks>,
    place: u64,
    incoming: mpsc::Receiver<Incoming>,
}

impl Listening {
    /// The request that it was handed over as.
    pub(super) fn is(&self, id: &RequestId) {
        let mut calls = self.asks.lock();
        let mine = |call: &&mut UnderWay| call.place == self.place;
        if let Some(call) = calls.under_way.iter_mut().find(mine) {
            call.id = Some(id.clone());
        }
        drop(calls);
        self.asks.changed.notify_waiters();
    }

    /// The next question of this call. None comes after the last, ever.
    pub(super) async fn next(&mut self) -> Incoming {
        match self.incoming.recv().await {
            Some(incoming) => incoming,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let place = self.place;
        self.asks
            .lock()
            .under_way
            .retain(|call| call.place != place);
        self.asks.changed.notify_waiters();
    }
}

/// Puts a question and sends its answer back; ends without one where the server
/// takes it back.
pub(super) async fn put(asks: &dyn AskBack, incoming: Incoming) {
    let Incoming {
        params,
        certain,
        mut reply,
    } = incoming;
    let answer = match question::read(&params) {
        Ok(asked) => {
            let page = matches!(asked, Asked::Url { .. });
            tokio::select! {
                biased;
                () = reply.closed() => return,
                answer = asks.ask(asked, certain) => Ok(result(&answer, page)),
            }
        }
        Err(why) => {
            asks.refused(why);
            Err(why)
        }
    };
    // Whoever asked may just have gone.
    let _ = reply.send(answer);
}

/// An answer as the result of an `elicitation/create` (MCP `ElicitResult`).
pub(super) fn result(answer: &QuestionAnswer, page: bool) -> Value {
    match answer {
        QuestionAnswer::Accept { .. } if page => json!({ "action": "accept" }),
        QuestionAnswer::Accept { content } => json!({ "action": "accept", "content": content }),
        QuestionAnswer::Decline => json!({ "action": "decline" }),
        QuestionAnswer::Cancel => json!({ "action": "cancel" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: i64) -> RequestId {
        RequestId::Number(id)
    }

    fn begin(asks: &Arc<Asks>, id: i64, willing: bool) -> Listening {
        let listening = asks.listen(willing);
        listening.is(&of(id));
        listening
    }

    /// Which call gets a question, and whether it is certain.
    async fn gets(
        asks: &Arc<Asks>,
        origin: Option<InboundStreamOrigin>,
        calls: &mut [&mut Listening],
    ) -> Option<(usize, bool)> {
        let routing = tokio::spawn({
            let asks = Arc::clone(asks);
            async move {
                matches!(
                    asks.route(origin.as_ref(), json!({})).await,
                    Routed::Outside
                )
            }
        });
        for (place, call) in calls.iter_mut().enumerate() {
            let next = tokio::time::timeout(std::time::Duration::from_millis(50), call.next());
            if let Ok(incoming) = next.await {
                return Some((place, incoming.certain));
            }
        }
        assert!(routing.await.unwrap(), "it went nowhere");
        None
    }

    #[tokio::test(start_paused = true)]
    async fn the_stream_says_whose_a_question_is() {
        let asks = Arc::new(Asks::default());
        let (mut one, mut two) = (begin(&asks, 1, true), begin(&asks, 2, true));
        let on = |id| Some(InboundStreamOrigin::OutboundRequest(of(id)));
        assert_eq!(
            gets(&asks, on(2), &mut [&mut one, &mut two]).await,
            Some((1, true))
        );
        assert_eq!(gets(&asks, on(3), &mut [&mut one, &mut two]).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_stream_it_is_the_only_call_s_or_nobody_s_for_certain() {
        let asks = Arc::new(Asks::default());
        assert_eq!(gets(&asks, None, &mut []).await, None);
        let mut one = begin(&asks, 1, true);
        assert_eq!(gets(&asks, None, &mut [&mut one]).await, Some((0, true)));
        let session = Some(InboundStreamOrigin::Unassociated);
        let mut two = begin(&asks, 2, true);
        assert_eq!(
            gets(&asks, session.clone(), &mut [&mut one, &mut two]).await,
            Some((0, false))
        );
        let mut mute = begin(&asks, 3, false);
        assert_eq!(
            gets(&asks, session, &mut [&mut one, &mut two, &mut mute]).await,
            Some((2, false)),
            "one that may not ask declines for all"
        );
        drop((one, two, mute));
        assert_eq!(gets(&asks, None, &mut []).await, None);
    }

    #[tokio::test]
    async fn a_question_that_is_faster_than_its_call_waits_for_it() {
        let asks = Arc::new(Asks::default());
        let mut early = asks.listen(true);
        let routing = tokio::spawn({
            let asks = Arc::clone(&asks);
            let origin = InboundStreamOrigin::OutboundRequest(of(9));
            async move { asks.route(Some(&origin), json!({})).await }
        });
        tokio::task::yield_now().await;
        early.is(&of(9));
        let incoming = early.next().await;
        assert!(incoming.certain);
        incoming.reply.send(Ok(json!(1))).unwrap();
        assert!(matches!(routing.await.unwrap(), Routed::Answer(answer) if answer == json!(1)));
    }
}
