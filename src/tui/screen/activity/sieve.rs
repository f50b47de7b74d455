//! Filters over the journal, each made of the value of a line.

use super::told;
use crate::domain::Untrusted;
use crate::domain::{CallOutcome, DecidedBy, Decision, JournalEntry, JournalEvent, Timestamp};
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::theme::Theme;
use crate::tui::widget::server;
use serde::{Deserialize, Serialize};

/// What a filter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Who did it.
    Agent,
    /// At which connector.
    Connector,
    /// Which function of it.
    Function,
    /// What was decided, and by whom.
    Decision,
    /// How it ended.
    Outcome,
    /// When.
    Time,
    /// How long it took.
    Duration,
    /// How large the result was.
    Size,
    /// Whether it failed.
    Failed,
}

impl Kind {
    /// The filter that a key stands for.
    pub(super) fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::SameAgent => Self::Agent,
            Action::SameConnector => Self::Connector,
            Action::SameFunction => Self::Function,
            Action::SameDecision => Self::Decision,
            Action::SameOutcome => Self::Outcome,
            Action::FromThen => Self::Time,
            Action::AsSlow => Self::Duration,
            Action::AsLarge => Self::Size,
            Action::FailedOnly => Self::Failed,
            _ => return None,
        })
    }
}

/// One filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Only {
    /// `None`: the operator.
    Agent(Option<String>),
    Connector(String),
    Function(Option<String>, Untrusted),
    Decision(Decision, Option<DecidedBy>),
    Outcome(CallOutcome),
    From(Timestamp),
    Slow(i64),
    Large(i64),
    Failed,
}

impl Only {
    fn kind(&self) -> Kind {
        match self {
            Self::Agent(_) => Kind::Agent,
            Self::Connector(_) => Kind::Connector,
            Self::Function(..) => Kind::Function,
            Self::Decision(..) => Kind::Decision,
            Self::Outcome(_) => Kind::Outcome,
            Self::From(_) => Kind::Time,
            Self::Slow(_) => Kind::Duration,
            Self::Large(_) => Kind::Size,
            Self::Failed => Kind::Failed,
        }
    }

    /// The filter that lets through what is like a line; an error says what the line
    /// lacks.
    fn like(kind: Kind, entry: &JournalEntry) -> Result<Self, &'static str> {
        Ok(match kind {
            Kind::Agent if entry.event == JournalEvent::Changed => {
                return Err("a server changed that by itself");
            }
            Kind::Agent => Self::Agent(entry.agent.clone()),
            Kind::Connector => Self::Connector(
                entry
                    .connector
                    .clone()
                    .ok_or("this line names no connector")?,
            ),
            Kind::Function => {
                let name = entry
                    .function
                    .clone()
                    .ok_or("this line names no function")?;
                Self::Function(entry.connector.clone(), name)
            }
            Kind::Decision => {
                let decision = entry.decision.ok_or("nothing was decided in this line")?;
                Self::Decision(decision, entry.by)
            }
            Kind::Outcome => Self::Outcome(entry.outcome.ok_or("no call ended in this line")?),
            Kind::Time => Self::From(entry.at),
            Kind::Duration => Self::Slow(entry.duration_ms.ok_or("no call ended in this line")?),
            Kind::Size => Self::Large(entry.result_bytes.ok_or("this line has no result")?),
            Kind::Failed => Self::Failed,
        })
    }

    fn lets(&self, entry: &JournalEntry) -> bool {
        match self {
            Self::Agent(agent) => entry.agent == *agent && entry.event != JournalEvent::Changed,
            Self::Connector(name) => entry.connector.as_ref() == Some(name),
            Self::Function(connector, name) => {
                entry.connector == *connector && entry.function.as_ref() == Some(name)
            }
            Self::Decision(decision, by) => entry.decision == Some(*decision) && entry.by == *by,
            Self::Outcome(outcome) => entry.outcome == Some(*outcome),
            Self::From(moment) => entry.at >= *moment,
            Self::Slow(least) => entry.duration_ms.is_some_and(|took| took >= *least),
            Self::Large(least) => entry.result_bytes.is_some_and(|size| size >= *least),
            Self::Failed => told::failed(entry),
        }
    }

    fn words(&self, theme: Theme) -> String {
        match self {
            Self::Agent(None) => "by you".to_owned(),
            Self::Agent(Some(agent)) => server::quoted(theme, &Untrusted::from(agent.as_str()), 20),
            Self::Connector(name) => sanitise::cut(name, 20),
            Self::Function(_, name) => server::quoted(theme, name, 24),
            Self::Decision(decision, by) => told::decision(*decision, *by).to_owned(),
            Self::Outcome(outcome) => told::outcome(*outcome).to_owned(),
            // The day and the time are said by whoever knows the zone.
            Self::From(_) => "from then on".to_owned(),
            Self::Slow(least) => format!("{} or longer", told::duration(*least)),
            Self::Large(least) => format!("{} or larger", told::size(*least)),
            Self::Failed => "failed only".to_owned(),
        }
    }
}

/// The filters that are set, the last one last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Sieve {
    only: Vec<Only>,
}

impl Sieve {
    /// Whether none is set.
    pub(super) fn is_empty(&self) -> bool {
        self.only.is_empty()
    }

    /// Whether a line is shown.
    pub(super) fn lets(&self, entry: &JournalEntry) -> bool {
        self.only.iter().all(|only| only.lets(entry))
    }

    /// Sets a filter to the value of a line, or takes it away.
    ///
    /// # Errors
    /// What the line lacks.
    pub(super) fn toggle(
        &mut self,
        kind: Kind,
        entry: Option<&JournalEntry>,
    ) -> Result<(), &'static str> {
        if let Some(place) = self.only.iter().position(|only| only.kind() == kind) {
            self.only.remove(place);
            return Ok(());
        }
        self.only.push(match entry {
            _ if kind == Kind::Failed => Only::Failed,
            Some(entry) => Only::like(kind, entry)?,
            None => return Err("there is no line here"),
        });
        Ok(())
    }

    /// Takes the filter away that was set last.
    pub(super) fn take_last(&mut self) {
        self.only.pop();
    }

    /// What is set, in words.
    pub(super) fn words(&self, theme: Theme) -> Vec<String> {
        self.only.iter().map(|only| only.words(theme)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> JournalEntry {
        JournalEntry {
            seq: 1,
            at: Timestamp::from_millis(100),
            event: JournalEvent::Call,
            agent: Some("codex".to_owned()),
            connector: Some("wiki".to_owned()),
            function: Some("read".into()),
            decision: Some(Decision::Allowed),
            by: Some(DecidedBy::Rule),
            rule: None,
            duration_ms: Some(20),
            outcome: Some(CallOutcome::Error),
            arguments_digest: None,
            result_bytes: Some(7),
        }
    }

    #[test]
    fn every_value_of_a_line_makes_a_filter_that_lets_it_through_and_another_not() {
        let another = JournalEntry {
            at: Timestamp::from_millis(99),
            agent: None,
            connector: Some("crm".to_owned()),
            function: Some("write".into()),
            decision: Some(Decision::Approved),
            by: Some(DecidedBy::Operator),
            duration_ms: Some(19),
            outcome: Some(CallOutcome::Ok),
            result_bytes: None,
            ..entry()
        };
        for kind in [
            Kind::Agent,
            Kind::Connector,
            Kind::Function,
            Kind::Decision,
            Kind::Outcome,
            Kind::Time,
            Kind::Duration,
            Kind::Size,
            Kind::Failed,
        ] {
            let mut sieve = Sieve::default();
            sieve.toggle(kind, Some(&entry())).unwrap();
            assert!(sieve.lets(&entry()), "{kind:?}");
            assert!(!sieve.lets(&another), "{kind:?}");
            sieve.toggle(kind, Some(&another)).unwrap();
            assert!(sieve.is_empty(), "{kind:?} is taken away by its own key");
        }
    }

    #[test]
    fn a_function_of_the_same_name_elsewhere_is_another_one() {
        let mut sieve = Sieve::default();
        sieve.toggle(Kind::Function, Some(&entry())).unwrap();
        let elsewhere = JournalEntry {
            connector: Some("crm".to_owned()),
            ..entry()
        };
        assert!(!sieve.lets(&elsewhere));
    }

    #[test]
    fn filters_combine_and_the_last_one_goes_first() {
        let mut sieve = Sieve::default();
        sieve.toggle(Kind::Connector, Some(&entry())).unwrap();
        sieve.toggle(Kind::Failed, None).unwrap();
        let fine = JournalEntry {
            outcome: Some(CallOutcome::Ok),
            ..entry()
        };
        assert!(!sieve.lets(&fine));
        sieve.take_last();
        assert!(sieve.lets(&fine));
    }

    #[test]
    fn what_a_line_lacks_makes_no_filter() {
        let mut sieve = Sieve::default();
        let bare = JournalEntry {
            event: JournalEvent::Vault,
            connector: None,
            result_bytes: None,
            ..entry()
        };
        assert!(sieve.toggle(Kind::Connector, Some(&bare)).is_err());
        assert!(sieve.toggle(Kind::Size, Some(&bare)).is_err());
        assert!(sieve.toggle(Kind::Agent, None).is_err());
        assert!(sieve.is_empty());
    }
}
