//! What a server asks back during a call: put to the operator where the face that
//! called said so, declined otherwise, and written down. Answers are not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::Steps;
use super::board::Board;
use super::broker::{No, Reply};
use super::questions::Asking;
use crate::domain::{
    Asked, ConnectorId, DecidedBy, Decision, JournalEvent, QuestionAnswer, Untrusted,
};
use crate::mcp::session::AskBack;
use crate::protocol::CallStep;
use crate::store::NewEntry;

/// How long a question of a server waits for its answer.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Questions of one call that are asked; what comes beyond is declined.
const QUESTIONS_OF_ONE_CALL: usize = 32;

/// Lines that the questions of one call get in the journal.
const LINES_OF_ONE_CALL: usize = 40;

/// Why a question is declined while others of the same server are open.
const TOO_MANY_WAIT: &str = "too many of its questions wait already";

/// Answers what a server asks back during one call.
#[derive(Debug)]
pub(super) struct Asks {
    board: Arc<Board>,
    connector: (ConnectorId, String),
    function: String,
    /// Whether the face that called wants to be asked.
    willing: bool,
    steps: Steps<CallStep>,
    asked: AtomicUsize,
    lines: AtomicUsize,
}

impl Asks {
    /// For a call of this function.
    pub(super) fn new(
        board: &Arc<Board>,
        connector: (ConnectorId, String),
        function: &str,
        willing: bool,
        steps: Steps<CallStep>,
    ) -> Self {
        Self {
            board: Arc::clone(board),
            connector,
            function: function.to_owned(),
            willing,
            steps,
            asked: AtomicUsize::new(0),
            lines: AtomicUsize::new(0),
        }
    }

    async fn put(&self, asked: Asked, certain: bool) -> QuestionAnswer {
        let form = form_of(&asked);
        let message = words_of(&asked).clone();
        if !self.willing {
            self.note(Decision::Denied, DecidedBy::Nobody, form, "declined");
            self.say_declined(Some(message), "nobody was to be asked");
            return QuestionAnswer::Decline;
        }
        if self.asked.fetch_add(1, Ordering::Relaxed) >= QUESTIONS_OF_ONE_CALL {
            let why = "it asks too much in one call";
            let line = format!("declined: {why}");
            self.note(Decision::Denied, DecidedBy::Rule, form, &line);
            self.say_declined(Some(message), why);
            return QuestionAnswer::Decline;
        }
        let mut noting = Noting {
            asks: self,
            form,
            noted: false,
        };
        let (connector, connector_name) = self.connector.clone();
        let asking = Asking {
            patience: Some(PATIENCE),
            connector: connector.clone(),
            connector_name,
            function: certain.then(|| Untrusted::from(self.function.as_str())),
            asked,
        };
        let opened = |question| self.steps.say(CallStep::Question(Box::new(question)));
        let asker = connector.as_str().to_owned();
        let reply = self.board.ask(asker, asking, opened).await;
        noting.end(&reply);
        match reply {
            Reply::Answered { answer, .. } => answer,
            Reply::No(No::TooMany) => {
                self.say_declined(Some(message), TOO_MANY_WAIT);
                QuestionAnswer::Decline
            }
            Reply::No(No::Expired | No::Withdrawn | No::Ended) => QuestionAnswer::Cancel,
        }
    }

    /// Tells the face that called, as often as there are lines for it.
    fn say_declined(&self, message: Option<Untrusted>, why: &str) {
        if self.lines.load(Ordering::Relaxed) <= LINES_OF_ONE_CALL {
            let why = why.to_owned();
            self.steps.say(CallStep::Declined { message, why });
        }
    }

    /// Writes a line, in a task of its own: who asked may be gone.
    fn note(&self, decision: Decision, by: DecidedBy, form: &str, what: &str) {
        if self.lines.fetch_add(1, Ordering::Relaxed) >= LINES_OF_ONE_CALL {
            return;
        }
        let entry = NewEntry {
            connector: Some(self.connector.clone()),
            function: Some(self.function.clone()),
            decision: Some(decision),
            by: Some(by),
            rule: Some(format!("{form} {what}")),
            ..NewEntry::default()
        };
        let board = Arc::clone(&self.board);
        self.board
            .tasks
            .spawn(async move { board.note(JournalEvent::Question, entry).await });
    }
}

impl AskBack for Asks {
    fn willing(&self) -> bool {
        self.willing
    }

    fn ask(&self, asked: Asked, certain: bool) -> BoxFuture<'_, QuestionAnswer> {
        self.put(asked, certain).boxed()
    }

    fn refused(&self, why: &str) {
        let line = format!("declined: {why}");
        self.note(Decision::Denied, DecidedBy::Rule, "question", &line);
        self.say_declined(None, why);
    }
}

fn words_of(asked: &Asked) -> &Untrusted {
    match asked {
        Asked::Form { message, .. } | Asked::Url { message, .. } => message,
    }
}

fn form_of(asked: &Asked) -> &'static str {
    match asked {
        Asked::Form { .. } => "form",
        Asked::Url { .. } => "page",
    }
}

/// The line of a question that is open; *withdrawn* where its asker is dropped.
struct Noting<'a> {
    asks: &'a Asks,
    form: &'static str,
    noted: bool,
}

impl Noting<'_> {
    fn end(&mut self, reply: &Reply<QuestionAnswer>) {
        self.noted = true;
        let (decision, by, what) = match reply {
            Reply::Answered { answer, .. } => {
                let decision = match answer {
                    QuestionAnswer::Accept { .. } => Decision::Approved,
                    QuestionAnswer::Decline | QuestionAnswer::Cancel => Decision::Denied,
                };
                (decision, DecidedBy::Operator, answer.word())
            }
            Reply::No(No::TooMany) => (
                Decision::Denied,
                DecidedBy::Rule,
                "declined: too many of its questions wait already",
            ),
            Reply::No(No::Expired) => {
                (Decision::Expired, DecidedBy::Nobody, "not answered in time")
            }
            Reply::No(No::Withdrawn | No::Ended) => {
                (Decision::Withdrawn, DecidedBy::Nobody, "withdrawn")
            }
        };
        self.asks.note(decision, by, self.form, what);
    }
}

impl Drop for Noting<'_> {
    fn drop(&mut self) {
        if !self.noted {
            self.end(&Reply::No(No::Withdrawn));
        }
    }
}
