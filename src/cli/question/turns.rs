//! Questions one after the other, as they open and close.

use std::collections::VecDeque;

use tokio::sync::mpsc::UnboundedReceiver;

use super::form::{Person, Said};
use super::typed::Typed;
use super::{Look, answered, ended, text};
use crate::cli::context::Context;
use crate::cli::report::Failure;
use crate::domain::{Fault, FaultKind, Question, QuestionAnswer, QuestionEnd, QuestionId};
use crate::link::{Client, EventStream};
use crate::protocol::{AnswerQuestion, EventKind};

/// Where questions come from.
#[derive(Debug)]
pub(in crate::cli) struct News {
    /// What the board says.
    pub(in crate::cli) events: EventStream,
    /// The questions of one's own call; without it, all of the board.
    pub(in crate::cli) own: Option<UnboundedReceiver<Question>>,
}

/// Something that happened to the questions.
enum Happened {
    Opened(Question),
    Closed(QuestionId, QuestionEnd),
    /// These are all that wait.
    All(Vec<Question>),
    BoardEnded,
}

impl News {
    async fn next(&mut self) -> Happened {
        loop {
            let event = match &mut self.own {
                None => self.events.next().await,
                Some(own) => tokio::select! {
                    biased;
                    Some(question) = own.recv() => return Happened::Opened(question),
                    event = self.events.next() => event,
                },
            };
            let own = self.own.is_some();
            match event.map(|event| event.kind) {
                None | Some(EventKind::Stopping) => return Happened::BoardEnded,
                Some(EventKind::QuestionOpened(question)) if !own => {
                    return Happened::Opened(*question);
                }
                Some(EventKind::QuestionClosed { id, end }) => return Happened::Closed(id, end),
                Some(EventKind::Snapshot(snapshot)) => return Happened::All(snapshot.questions),
                Some(_) => {}
            }
        }
    }
}

/// Questions and who answers them.
pub(in crate::cli) struct Turns<'a> {
    context: &'a Context,
    client: &'a Client,
    typed: Typed,
    news: News,
    waiting: VecDeque<Question>,
    /// Left to others; not asked again.
    left: Vec<QuestionId>,
}

/// What ended the asking of one question.
enum Turn {
    Said(Said),
    Happened(Happened),
}

impl<'a> Turns<'a> {
    /// Nothing is asked yet.
    pub(in crate::cli) fn new(context: &'a Context, client: &'a Client, news: News) -> Self {
        Self {
            context,
            client,
            typed: Typed::new(),
            news,
            waiting: VecDeque::new(),
            left: Vec::new(),
        }
    }

    /// A question that came before.
    pub(in crate::cli) fn with(mut self, question: Question) -> Self {
        self.waiting.push_back(question);
        self
    }

    /// Asks until the input ends.
    ///
    /// # Errors
    /// The board is gone.
    pub(in crate::cli) async fn run(mut self) -> Result<(), Failure> {
        loop {
            let Some(question) = self.waiting.front().cloned() else {
                let happened = self.news.next().await;
                self.take_in(happened, None)?;
                continue;
            };
            let more = self.waiting.len() - 1;
            self.show(&question, more)?;
            if !self.ask(&question).await? {
                return Ok(());
            }
        }
    }

    fn show(&self, question: &Question, more: usize) -> Result<(), Failure> {
        let mut shown = text(question, Look::of(&self.context.terminal));
        match more {
            0 => {}
            1 => shown.push_str("one more question waits after it\n"),
            more => shown.push_str(&format!("{more} more questions wait after it\n")),
        }
        self.say(shown.trim_end())
    }

    /// Of a call the result is what goes to stdout; of watching, this is.
    fn say(&self, text: &str) -> Result<(), Failure> {
        if self.news.own.is_some() {
            self.context.terminal.say(text);
            return Ok(());
        }
        self.context.output.text(text)
    }

    /// Asks one question until it is answered or ends; false where nobody will
    /// answer any more.
    async fn ask(&mut self, question: &Question) -> Result<bool, Failure> {
        loop {
            let mut person = Person {
                terminal: &self.context.terminal,
                typed: &mut self.typed,
            };
            let mut later = Vec::new();
            let turn = {
                let asking = person.ask(question);
                tokio::pin!(asking);
                loop {
                    tokio::select! {
                        biased;
                        happened = self.news.next() => {
                            if ends(&happened, &question.id) {
                                break Turn::Happened(happened);
                            }
                            later.push(happened);
                        }
                        said = &mut asking => break Turn::Said(said),
                    }
                }
            };
            for happened in later {
                self.take_in(happened, Some(&question.id))?;
            }
            match turn {
                Turn::Happened(happened) => {
                    // The line of the prompt has not ended.
                    self.context.terminal.say("");
                    self.take_in(happened, None)?;
                    return Ok(true);
                }
                Turn::Said(Said::End) => return Ok(false),
                Turn::Said(Said::Later) => {
                    self.say("it stays open")?;
                    self.left.push(question.id.clone());
                    self.done(&question.id);
                    return Ok(true);
                }
                Turn::Said(Said::Answer(answer)) => {
                    if self.send(question, answer).await? {
                        self.done(&question.id);
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// Sends an answer; false where it has to be given again.
    async fn send(&self, question: &Question, answer: QuestionAnswer) -> Result<bool, Failure> {
        let word = answered(&answer);
        let request = AnswerQuestion {
            id: question.id.clone(),
            answer,
        };
        match self.client.send(&request).await {
            Ok(()) => self.say(word)?,
            Err(fault) if fault.kind == FaultKind::NotFound => self.say(&fault.message)?,
            Err(fault) if fault.kind == FaultKind::User => {
                self.say(&fault.message)?;
                return Ok(false);
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(true)
    }

    fn done(&mut self, id: &QuestionId) {
        self.waiting.retain(|question| question.id != *id);
    }

    /// Takes in what happened, while this one is asked.
    fn take_in(&mut self, happened: Happened, asked: Option<&QuestionId>) -> Result<(), Failure> {
        match happened {
            Happened::Opened(question) => {
                self.add(question);
                Ok(())
            }
            Happened::Closed(id, end) => {
                if self.waiting.iter().any(|question| question.id == id) {
                    self.done(&id);
                    self.say(&format!("question {id}: {}", ended(Some(&end))))?;
                }
                Ok(())
            }
            Happened::All(questions) => {
                let gone: Vec<QuestionId> = self
                    .waiting
                    .iter()
                    .map(|question| question.id.clone())
                    .filter(|id| !questions.iter().any(|question| question.id == *id))
                    .filter(|id| Some(id) != asked)
                    .collect();
                for id in gone {
                    self.done(&id);
                    self.say(&format!("question {id}: {}", ended(None)))?;
                }
                if self.news.own.is_none() {
                    questions
                        .into_iter()
                        .for_each(|question| self.add(question));
                }
                Ok(())
            }
            Happened::BoardEnded => Err(Fault::new(FaultKind::Network, "the board has ended")
                .hint("`callboard status` says whether one runs")
                .retryable()
                .into()),
        }
    }

    fn add(&mut self, question: Question) {
        let known = self.left.contains(&question.id)
            || self.waiting.iter().any(|other| other.id == question.id);
        if !known {
            self.waiting.push_back(question);
        }
    }
}

/// Whether what happened is the end of asking this.
fn ends(happened: &Happened, id: &QuestionId) -> bool {
    match happened {
        Happened::Closed(closed, _) => closed == id,
        Happened::All(questions) => !questions.iter().any(|question| question.id == *id),
        Happened::BoardEnded => true,
        Happened::Opened(_) => false,
    }
}
