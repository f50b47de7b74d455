//! Everything that waits for the operator, as a pure step.
//!
//! [`Broker::step`] takes what happened and says what is to be done; it starts
//! nothing itself. What waits (`Q`) and what it is answered with (`A`) are no
//! business of its own: a question of a server, a call that is held and a consent
//! are one to it.
//!
//! Whatever happens, a question ends once: with the first answer, with its asker, in
//! time, or with the board. Nobody is told *yes* by any other way than an answer.

use std::collections::{BTreeMap, VecDeque};

use crate::domain::{QuestionEnd, QuestionId};

/// Questions that one asker may have open; what it asks beyond is declined.
pub(super) const OPEN_OF_ONE: usize = 4;
/// Questions that may be open altogether.
pub(super) const OPEN_OF_ALL: usize = 256;
/// Questions whose end is remembered, for whoever answers too late.
const REMEMBERED: usize = 256;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event<Q, A> {
    /// Something is asked.
    Ask {
        /// Who asks: what limits are counted by.
        asker: String,
        /// What.
        what: Q,
    },
    /// Somebody answers.
    Answer {
        /// Which question.
        id: QuestionId,
        /// With what.
        answer: A,
        /// That in a word, for everybody else.
        word: &'static str,
        /// Who.
        by: String,
    },
    /// The asker takes it back, or is gone.
    Withdraw {
        /// Which question.
        id: QuestionId,
    },
    /// Its time has run out.
    Due {
        /// Which question.
        id: QuestionId,
    },
    /// The board ends.
    End,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect<A> {
    /// Show it to every face.
    Open {
        /// Which question.
        id: QuestionId,
    },
    /// Tell its asker how it ended.
    Tell {
        /// Which question.
        id: QuestionId,
        /// How.
        reply: Reply<A>,
    },
    /// Tell every face that it waits no longer.
    Close {
        /// Which question.
        id: QuestionId,
        /// How it ended.
        end: QuestionEnd,
    },
    /// Tell who asked that it is not asked at all.
    Refuse(No),
    /// Tell who answered that nothing waits under that id.
    TooLate {
        /// How it ended, where that is still known.
        end: Option<QuestionEnd>,
    },
}

/// What an asker is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply<A> {
    /// Somebody answered.
    Answered {
        /// With what.
        answer: A,
        /// Who.
        by: String,
    },
    /// Nobody did.
    No(No),
}

/// Why there is no answer. It means *no*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum No {
    /// The asker has too many questions open.
    TooMany,
    /// The time ran out.
    Expired,
    /// The asker took it back.
    Withdrawn,
    /// The board ends.
    Ended,
}

/// A question that waits.
#[derive(Clone, Debug)]
struct Open<Q> {
    asker: String,
    what: Q,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Broker<Q> {
    /// What sets this board's ids apart from those of the board before it, so that
    /// an answer that was meant for one is never taken for another.
    tag: String,
    given: u64,
    open: BTreeMap<u64, Open<Q>>,
    ended: VecDeque<(u64, QuestionEnd)>,
    over: bool,
}

impl<Q> Broker<Q> {
    /// Nothing waits. `tag` is the head of every id that is given.
    pub(super) fn new(tag: impl Into<String>) -> Self {
        Self {
            tag: tag.into(),
            given: 0,
            open: BTreeMap::new(),
            ended: VecDeque::new(),
            over: false,
        }
    }

    /// What waits, in the order it was asked.
    pub(super) fn open(&self) -> impl Iterator<Item = (QuestionId, &Q)> {
        self.open
            .iter()
            .map(|(number, open)| (self.id(*number), &open.what))
    }

    /// What waits under this id.
    pub(super) fn find(&self, id: &QuestionId) -> Option<&Q> {
        self.open.get(&self.number(id)?).map(|open| &open.what)
    }

    /// The step.
    pub(super) fn step<A>(&mut self, event: Event<Q, A>) -> Vec<Effect<A>> {
        match event {
            Event::Ask { asker, what } => self.ask(asker, what),
            Event::Answer {
                id,
                answer,
                word,
                by,
            } => {
                let end = QuestionEnd::Answered {
                    answer: word.to_owned(),
                    by: by.clone(),
                };
                let closed = self.close(&id, end, Reply::Answered { answer, by });
                match closed {
                    Some(effects) => effects,
                    None => vec![Effect::TooLate {
                        end: self.end_of(&id),
                    }],
                }
            }
            Event::Withdraw { id } => self
                .close(&id, QuestionEnd::Withdrawn, Reply::No(No::Withdrawn))
                .unwrap_or_default(),
            Event::Due { id } => self
                .close(&id, QuestionEnd::Expired, Reply::No(No::Expired))
                .unwrap_or_default(),
            Event::End => {
                self.over = true;
                let all: Vec<QuestionId> = self.open().map(|(id, _)| id).collect();
                all.iter()
                    .filter_map(|id| self.close(id, QuestionEnd::Withdrawn, Reply::No(No::Ended)))
                    .flatten()
                    .collect()
            }
        }
    }

    fn ask<A>(&mut self, asker: String, what: Q) -> Vec<Effect<A>> {
        if self.over {
            return vec![Effect::Refuse(No::Ended)];
        }
        let of_one = self.open.values().filter(|open| open.asker == asker);
        if of_one.count() >= OPEN_OF_ONE || self.open.len() >= OPEN_OF_ALL {
            return vec![Effect::Refuse(No::TooMany)];
        }
        self.given += 1;
        self.open.insert(self.given, Open { asker, what });
        vec![Effect::Open {
            id: self.id(self.given),
        }]
    }

    /// Ends a question that waits; `None` where none waits under that id.
    fn close<A>(
        &mut self,
        id: &QuestionId,
        end: QuestionEnd,
        reply: Reply<A>,
    ) -> Option<Vec<Effect<A>>> {
        let number = self.number(id)?;
        self.open.remove(&number)?;
        if self.ended.len() == REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back((number, end.clone()));
        let id = self.id(number);
        let tell = Effect::Tell {
            id: id.clone(),
            reply,
        };
        Some(vec![tell, Effect::Close { id, end }])
    }

    fn end_of(&self, id: &QuestionId) -> Option<QuestionEnd> {
        let number = self.number(id)?;
        let found = self.ended.iter().find(|(ended, _)| *ended == number);
        found.map(|(_, end)| end.clone())
    }

    fn id(&self, number: u64) -> QuestionId {
        QuestionId::new(format!("{}-{number}", self.tag))
    }

    /// The number of an id that this board gave.
    fn number(&self, id: &QuestionId) -> Option<u64> {
        let number = id.as_str().strip_prefix(&self.tag)?.strip_prefix('-')?;
        let number = number.parse().ok()?;
        // `k-007` was never given, whatever it may be read as.
        (self.id(number) == *id).then_some(number)
    }
}

#[cfg(test)]
mod tests;
