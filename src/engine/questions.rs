//! Performs what the [`Broker`] asks for: faces are told, askers get their answers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

use super::Engine;
use super::board::Board;
use super::broker::{Broker, Effect, Event, No, Reply};
use crate::domain::{
    Asked, ConnectorId, Fault, Question, QuestionAnswer, QuestionEnd, QuestionId, Timestamp,
    Untrusted,
};
use crate::guard::{question, sanitise};
use crate::protocol::{AnswerQuestion, EventKind};

/// Letters of which the head of an id is made; none is taken for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";

/// What is asked, before it has an id.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    /// How long it waits before it is answered with *no* by itself.
    pub(super) patience: Option<Duration>,
    /// Whose server asks.
    pub(super) connector: ConnectorId,
    /// What that connector is called.
    pub(super) connector_name: String,
    /// During a call of this function.
    pub(super) function: Option<Untrusted>,
    /// What.
    pub(super) asked: Asked,
}

/// What waits.
#[derive(Clone, Debug)]
struct Open {
    opened_at: Timestamp,
    asking: Asking,
}

/// The questions that wait, and who waits for their answers.
#[derive(Debug)]
pub(super) struct Questions(Mutex<State>);

#[derive(Debug)]
struct State {
    broker: Broker<Open>,
    askers: HashMap<QuestionId, oneshot::Sender<Reply<QuestionAnswer>>>,
}

impl Questions {
    /// Of a board that began now.
    pub(super) fn new(started_at: Timestamp) -> Self {
        let dice = getrandom::u32()
            .unwrap_or_else(|_| u32::try_from(started_at.as_millis() & 0xF_FFFF).unwrap_or(0));
        let tag: String = (0..4)
            .map(|place| usize::try_from(dice >> (5 * place) & 31).unwrap_or(0))
            .filter_map(|letter| LETTERS.get(letter).copied().map(char::from))
            .collect();
        Self(Mutex::new(State {
            broker: Broker::new(tag),
            askers: HashMap::new(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// As faces see it.
    fn shown(&self, id: QuestionId) -> Question {
        let asking = &self.asking;
        Question {
            id,
            opened_at: self.opened_at,
            expires_at: asking.patience.map(|wait| self.opened_at.after(wait)),
            connector: asking.connector.clone(),
            connector_name: asking.connector_name.clone(),
            function: asking.function.clone(),
            asked: asking.asked.clone(),
        }
    }
}

/// A question that its asker waits for: taken back when the asker is gone.
struct Waiting<'a> {
    board: &'a Board,
    id: QuestionId,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let id = self.id.clone();
        // Of no effect where it has ended already.
        let _ = self.board.happens(Event::Withdraw { id });
    }
}

impl Board {
    /// Asks the operator, and waits. `opened` hears the question as faces see it;
    /// `asker` is what limits are counted by. Dropping this takes the question back.
    pub(super) async fn ask(
        &self,
        asker: String,
        asking: Asking,
        opened: impl FnOnce(Question),
    ) -> Reply<QuestionAnswer> {
        let patience = asking.patience;
        let (question, mut told) = match self.open_question(asker, asking) {
            Ok(open) => open,
            Err(no) => return Reply::No(no),
        };
        let waiting = Waiting {
            board: self,
            id: question.id.clone(),
        };
        opened(question);
        tokio::select! {
            biased;
            reply = &mut told => return answered(reply),
            () = run_out(patience) => {}
        }
        let id = waiting.id.clone();
        let _ = self.happens(Event::Due { id });
        answered(told.await)
    }

    fn open_question(
        &self,
        asker: String,
        asking: Asking,
    ) -> Result<(Question, oneshot::Receiver<Reply<QuestionAnswer>>), No> {
        let what = Open {
            opened_at: Timestamp::now(),
            asking,
        };
        let mut state = self.questions.lock();
        let asked = Event::<_, QuestionAnswer>::Ask { asker, what };
        let effects = state.broker.step(asked);
        for effect in &effects {
            match effect {
                Effect::Refuse(no) => return Err(*no),
                Effect::Open { id } => {
                    let Some(question) = state.broker.find(id).map(|open| open.shown(id.clone()))
                    else {
                        continue;
                    };
                    let (tell, told) = oneshot::channel();
                    state.askers.insert(id.clone(), tell);
                    // Under the lock, so that no face hears of the end before.
                    let shown = Box::new(question.clone());
                    self.bus.publish(EventKind::QuestionOpened(shown));
                    return Ok((question, told));
                }
                Effect::Tell { .. } | Effect::Close { .. } | Effect::TooLate { .. } => {}
            }
        }
        Err(No::Ended)
    }

    /// Lets something happen to a question that waits. Says where it came too late
    /// how that question had ended.
    fn happens(&self, event: Event<Open, QuestionAnswer>) -> Result<(), Option<QuestionEnd>> {
        let mut state = self.questions.lock();
        let mut late = Ok(());
        for effect in state.broker.step(event) {
            match effect {
                Effect::Tell { id, reply } => {
                    if let Some(asker) = state.askers.remove(&id) {
                        // An asker that is gone needs no answer.
                        let _ = asker.send(reply);
                    }
                }
                Effect::Close { id, end } => {
                    self.bus.publish(EventKind::QuestionClosed { id, end });
                }
                Effect::TooLate { end } => late = Err(end),
                Effect::Open { .. } | Effect::Refuse(_) => {}
            }
        }
        late
    }

    /// The questions that wait, in the order they were asked.
    pub(super) fn open_questions(&self) -> Vec<Question> {
        let state = self.questions.lock();
        state
            .broker
            .open()
            .map(|(id, open)| open.shown(id))
            .collect()
    }

    /// Answers everything that waits with *no*: the board ends.
    pub(super) fn end_questions(&self) {
        // Nobody answered, so nobody is late.
        let _ = self.happens(Event::End);
    }
}

fn answered<E>(reply: Result<Reply<QuestionAnswer>, E>) -> Reply<QuestionAnswer> {
    reply.unwrap_or(Reply::No(No::Withdrawn))
}

async fn run_out(patience: Option<Duration>) {
    match patience {
        Some(patience) => sleep(patience).await,
        None => std::future::pending().await,
    }
}

impl Engine {
    /// The questions that wait, in the order they were asked.
    pub fn questions(&self) -> Vec<Question> {
        self.board.open_questions()
    }

    /// Answers a question.
    ///
    /// # Errors
    /// `user` for an answer that does not fit: the question stays open. `not-found`
    /// where it waits no longer; the message says who was first.
    pub fn answer(&self, request: AnswerQuestion) -> Result<(), Fault> {
        let AnswerQuestion { id, answer } = request;
        let asked = {
            let state = self.board.questions.lock();
            state.broker.find(&id).map(|open| open.asking.asked.clone())
        };
        if let Some(asked) = asked {
            question::check(&asked, &answer)?;
        }
        let word = answer.word();
        let by = self.board.whoever_asks().name.clone();
        let event = Event::Answer {
            id: id.clone(),
            answer,
            word,
            by,
        };
        self.board
            .happens(event)
            .map_err(|end| too_late(&id, end.as_ref()))
    }
}

fn too_late(id: &QuestionId, end: Option<&QuestionEnd>) -> Fault {
    match end {
        Some(QuestionEnd::Answered { answer, by }) => {
            Fault::not_found(format!("{by} was first: the question is {answer}"))
        }
        Some(QuestionEnd::Withdrawn) => {
            Fault::not_found("the question was taken back before your answer came")
        }
        Some(QuestionEnd::Expired) => {
            Fault::not_found("the question's time ran out before your answer came")
        }
        None => {
            let id = sanitise::line(&Untrusted::from(id.as_str()), 40);
            Fault::not_found(format!("no question {id} waits"))
        }
    }
    .hint("`callboard watch` shows those that wait")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Home;
    use crate::domain::FaultKind;

    async fn engine() -> (Engine, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::under(folder.path());
        let engine = Engine::open(&home, Duration::ZERO, None).await.unwrap();
        // From here on nothing but these questions needs time.
        tokio::time::pause();
        (engine, folder)
    }

    fn page(patience: Option<u64>) -> Asking {
        Asking {
            patience: patience.map(Duration::from_secs),
            connector: ConnectorId::new("c1"),
            connector_name: "wiki".to_owned(),
            function: None,
            asked: Asked::Url {
                message: Untrusted::from("m"),
                url: Untrusted::from("https://x.example"),
            },
        }
    }

    fn decline(engine: &Engine, id: &QuestionId) -> Result<(), Fault> {
        let (id, answer) = (id.clone(), QuestionAnswer::Decline);
        engine.answer(AnswerQuestion { id, answer })
    }

    async fn ask(engine: &Engine, asking: Asking) -> Reply<QuestionAnswer> {
        let board = Arc::clone(&engine.board);
        board.ask("wiki".to_owned(), asking, |_| {}).await
    }

    #[tokio::test]
    async fn a_question_that_nobody_answers_in_time_is_a_no() {
        let (engine, _folder) = engine().await;
        let mut id = None;
        let opened = |question: Question| {
            assert!(question.expires_at > Some(question.opened_at));
            id = Some(question.id);
        };
        let reply = engine
            .board
            .ask("wiki".to_owned(), page(Some(60)), opened)
            .await;
        assert_eq!(reply, Reply::No(No::Expired));
        assert_eq!(engine.questions(), []);
        let fault = decline(&engine, &id.unwrap()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::NotFound);
        assert!(fault.message.contains("time ran out"), "{fault}");
    }

    #[tokio::test]
    async fn an_asker_that_is_gone_leaves_no_question_behind() {
        let (engine, _folder) = engine().await;
        let asking = tokio::spawn({
            let engine = engine.clone();
            async move { ask(&engine, page(None)).await }
        });
        while engine.questions().is_empty() {
            tokio::task::yield_now().await;
        }
        let id = engine.questions()[0].id.clone();
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        assert_eq!(engine.questions(), []);
        let fault = decline(&engine, &id).unwrap_err();
        assert!(fault.message.contains("taken back"), "{fault}");
        assert!(engine.board.questions.lock().askers.is_empty());
        let other = QuestionId::new("zzzz-1");
        let fault = decline(&engine, &other).unwrap_err();
        assert_eq!(fault.message, "no question zzzz-1 waits");
    }

    #[tokio::test]
    async fn of_many_answers_at_once_one_wins() {
        let (engine, _folder) = engine().await;
        let asking = tokio::spawn({
            let engine = engine.clone();
            async move { ask(&engine, page(None)).await }
        });
        while engine.questions().is_empty() {
            tokio::task::yield_now().await;
        }
        let id = engine.questions()[0].id.clone();
        let won = (0..10).filter(|_| decline(&engine, &id).is_ok()).count();
        assert_eq!(won, 1);
        let by = "operator".to_owned();
        let answer = QuestionAnswer::Decline;
        assert_eq!(asking.await.unwrap(), Reply::Answered { answer, by });
    }

    #[tokio::test]
    async fn a_board_that_ends_asks_nothing_more() {
        let (engine, _folder) = engine().await;
        engine.board.end_questions();
        let reply = ask(&engine, page(None)).await;
        assert_eq!(reply, Reply::No(No::Ended));
    }
}
