//! `log`: calls and decisions.

use clap::Args;

use super::context::Context;
use super::moment::since;
use super::report::{Ending, Failure};
use crate::domain::{
    CallOutcome, DecidedBy, Decision, Fault, FaultKind, JournalEntry, JournalEvent, Timestamp,
    Untrusted,
};
use crate::guard::sanitise::{self, Form};
use crate::link::{Client, EventStream};
use crate::protocol::{EventKind, Journal, WholeCall};

/// Longest name in a line, in characters.
const NAME_LIMIT: usize = 64;

/// Arguments of `log`.
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// Go on with what happens from now on
    #[arg(long)]
    pub(super) follow: bool,
    /// Only of this connector
    #[arg(long, value_name = "NAME")]
    connector: Option<String>,
    /// Only of this agent, as it calls itself
    #[arg(long, value_name = "NAME")]
    agent: Option<String>,
    /// Only from then on: 30m, 2h, 5d, or a moment in RFC 3339
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// At most so many lines, the newest
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// One call whole, by its line's `seq`: what was sent and what came back, as far as the board has it in memory
    #[arg(long, value_name = "SEQ", conflicts_with_all = ["follow", "connector", "agent", "since", "limit"])]
    whole: Option<i64>,
}

pub(super) async fn run(context: &Context, args: LogArgs) -> Ending {
    let from = args
        .since
        .as_deref()
        .map(|text| since(text, Timestamp::now()))
        .transpose()?;
    let client = context.board().await?;
    if let Some(seq) = args.whole {
        return whole(context, &client, seq).await;
    }
    // Attached before the past is read, so that nothing falls between the two.
    let events = if args.follow {
        Some(client.events(None).await?)
    } else {
        None
    };
    let past = client
        .send(&Journal {
            connector: args.connector.clone(),
            agent: args.agent.clone(),
            since: from,
            after_seq: None,
            before_seq: None,
            limit: args.limit,
        })
        .await?;
    for entry in &past {
        print(context, entry)?;
    }
    match events {
        Some(events) => {
            let last = past.last().map_or(0, |entry| entry.seq);
            follow(context, events, &args, last).await
        }
        None => Ok(0),
    }
}

/// One call whole.
async fn whole(context: &Context, client: &Client, seq: i64) -> Ending {
    let record = client.send(&WholeCall { seq }).await?;
    context.output.either(&record, || {
        let part = |name: &str, value: &Option<serde_json::Value>| match value {
            Some(value) => format!("{name}:\n{}\n", sanitise::json_ascii_safe_pretty(value)),
            None => format!("{name}: not kept\n"),
        };
        let line = entry_line(&record.entry, context.terminal.form());
        let sent = part("sent", &record.arguments);
        let came = part("came back", &record.result);
        format!("{line}\n{sent}{came}")
    })?;
    Ok(0)
}

async fn follow(
    context: &Context,
    mut events: EventStream,
    args: &LogArgs,
    mut last: i64,
) -> Ending {
    while let Some(event) = events.next().await {
        match event.kind {
            EventKind::Journal(entry) if entry.seq > last => {
                last = entry.seq;
                if is_meant(&entry, args) {
                    print(context, &entry)?;
                }
            }
            EventKind::Stopping => break,
            _ => {}
        }
    }
    Err(Fault::new(FaultKind::Network, "the board has ended")
        .hint("`callboard status` says whether one runs")
        .retryable()
        .into())
}

fn is_meant(entry: &JournalEntry, args: &LogArgs) -> bool {
    let same = |wanted: &Option<String>, found: &Option<String>| match wanted {
        Some(wanted) => found
            .as_ref()
            .is_some_and(|found| found.eq_ignore_ascii_case(wanted)),
        None => true,
    };
    same(&args.connector, &entry.connector) && same(&args.agent, &entry.agent)
}

fn print(context: &Context, entry: &JournalEntry) -> Result<(), Failure> {
    context.output.either(entry, || {
        let line = entry_line(entry, context.terminal.form());
        match context.terminal.width() {
            Some(columns) => sanitise::cut(&line, columns),
            None => line,
        }
    })
}

/// One line of the journal for people.
pub(super) fn entry_line(entry: &JournalEntry, form: Form) -> String {
    let name = |text: &str| sanitise::line_as(&Untrusted::from(text), NAME_LIMIT, form);
    let mut words = vec![second(entry.at), event(entry.event).to_owned()];
    match (&entry.connector, &entry.function) {
        (Some(connector), Some(function)) => words.push(format!(
            "{} · {}",
            name(connector),
            sanitise::line_as(function, NAME_LIMIT, form)
        )),
        (Some(connector), None) => words.push(name(connector)),
        (None, _) => {}
    }
    if let Some(agent) = &entry.agent {
        words.push(format!("for \"{}\"", name(agent)));
    }
    if let (JournalEvent::Question, Some(rule)) = (entry.event, &entry.rule) {
        // What was asked and what became of it; the decision says the same.
        words.push(name(rule));
    } else if let Some(decision) = entry.decision {
        let mut words_of = decided(decision).to_owned();
        match (entry.by, &entry.rule) {
            (Some(DecidedBy::Rule), Some(rule)) => {
                words_of.push_str(&format!(" by rule ({})", name(rule)));
            }
            (Some(DecidedBy::Rule), None) => words_of.push_str(" by rule"),
            (Some(DecidedBy::Operator), _) => words_of.push_str(" by you"),
            (Some(DecidedBy::Nobody), _) => words_of.push_str(" as nobody answered"),
            (None, _) => {}
        }
        words.push(words_of);
    } else if let Some(rule) = &entry.rule {
        // What was set: a permission, a kind of vault.
        words.push(name(rule.strip_prefix("permission ").unwrap_or(rule)));
    }
    if let Some(outcome) = entry.outcome {
        words.push(ended(outcome).to_owned());
    }
    if let Some(duration) = entry.duration_ms {
        words.push(crate::domain::duration(duration));
    }
    if let Some(bytes) = entry.result_bytes {
        words.push(format!("{bytes} bytes"));
    }
    words.join("  ")
}

/// A moment to the second, in UTC, as people read it.
fn second(moment: Timestamp) -> String {
    let text = moment.to_string();
    let second = text.split('.').next().unwrap_or(&text);
    format!("{}Z", second.replace('T', " "))
}

fn event(event: JournalEvent) -> &'static str {
    match event {
        JournalEvent::Decision => "decision",
        JournalEvent::Call => "call",
        JournalEvent::Permission => "permission",
        JournalEvent::Added => "added",
        JournalEvent::Edited => "edited",
        JournalEvent::Removed => "removed",
        JournalEvent::Enabled => "enabled",
        JournalEvent::Disabled => "disabled",
        JournalEvent::Changed => "changed",
        JournalEvent::Accepted => "accepted",
        JournalEvent::SignIn => "sign-in",
        JournalEvent::Vault => "vault",
        JournalEvent::Question => "question",
        JournalEvent::Undone => "undone",
    }
}

fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Approved => "approved",
        Decision::Denied => "denied",
        Decision::Blocked => "blocked",
        Decision::Expired => "expired",
        Decision::Withdrawn => "withdrawn",
    }
}

fn ended(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Ok => "answered",
        CallOutcome::Error => "answered with an error",
        CallOutcome::NotSent => "not sent",
        CallOutcome::Cancelled => "cancelled",
        CallOutcome::Unknown => "its fate is unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> JournalEntry {
        JournalEntry {
            seq: 7,
            at: Timestamp::parse("2026-11-22T08:00:00Z").unwrap(),
            event: JournalEvent::Call,
            agent: Some("codex\u{1b}[2J".to_owned()),
            connector: Some("wiki".to_owned()),
            function: Some(Untrusted::from("search")),
            decision: Some(Decision::Allowed),
            by: Some(DecidedBy::Rule),
            rule: Some("permission always".to_owned()),
            duration_ms: Some(38),
            outcome: Some(CallOutcome::Ok),
            arguments_digest: None,
            result_bytes: Some(12),
        }
    }

    #[test]
    fn a_line_says_who_what_and_how_it_ended() {
        let line = entry_line(&entry(), Form::Unicode);
        assert_eq!(
            line,
            "2026-11-22 08:00:00Z  call  wiki · search  for \"codex⟨U+001B⟩[2J\"  \
             allowed by rule (permission always)  answered  38 ms  12 bytes"
        );
    }

    #[test]
    fn a_permission_is_told_with_what_it_was_set_to() {
        let set = JournalEntry {
            event: JournalEvent::Permission,
            agent: None,
            decision: None,
            by: None,
            rule: Some("permission block".to_owned()),
            outcome: None,
            duration_ms: None,
            result_bytes: None,
            ..entry()
        };
        let line = entry_line(&set, Form::Unicode);
        assert!(line.ends_with("permission  wiki · search  block"), "{line}");
    }

    #[test]
    fn the_document_has_the_keys_of_the_contract() {
        let document = serde_json::to_value(entry()).unwrap();
        let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "seq",
                "at",
                "event",
                "agent",
                "connector",
                "function",
                "decision",
                "by",
                "rule",
                "duration_ms",
                "outcome",
                "arguments_digest",
                "result_bytes",
            ]
        );
    }

    #[test]
    fn following_keeps_to_what_was_asked_for() {
        let args = |connector: Option<&str>, agent: Option<&str>| LogArgs {
            follow: true,
            connector: connector.map(str::to_owned),
            agent: agent.map(str::to_owned),
            since: None,
            limit: None,
            whole: None,
        };
        assert!(is_meant(&entry(), &args(None, None)));
        assert!(is_meant(&entry(), &args(Some("Wiki"), None)));
        assert!(!is_meant(&entry(), &args(Some("crm"), None)));
        assert!(!is_meant(&entry(), &args(None, Some("claude"))));
    }
}
