//! Lines of the journal in words.

pub(in crate::tui) use crate::domain::duration;

use crate::domain::{
    CallOutcome, DecidedBy, Decision, JournalEntry, JournalEvent, Status, Untrusted,
};
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::server;

/// Who did it: an agent's name in quotes, as it is its own claim.
pub(in crate::tui) fn who(theme: Theme, entry: &JournalEntry, cells: usize) -> String {
    match &entry.agent {
        Some(agent) => server::quoted(theme, &Untrusted::from(agent.as_str()), cells),
        // Nobody here did that.
        None if entry.event == JournalEvent::Changed => String::new(),
        None => "you".to_owned(),
    }
}

/// Whether it is about a call.
pub(in crate::tui) fn is_call(entry: &JournalEntry) -> bool {
    matches!(entry.event, JournalEvent::Call | JournalEvent::Decision)
}

/// Whether a call failed, or was not let through.
pub(in crate::tui) fn failed(entry: &JournalEntry) -> bool {
    match entry.event {
        JournalEvent::Call => entry.outcome != Some(CallOutcome::Ok),
        JournalEvent::Decision => !entry.begins_a_call(),
        _ => false,
    }
}

/// How a call ended, with a sign and its role.
pub(in crate::tui) fn ending(theme: Theme, entry: &JournalEntry) -> (&'static str, Role, String) {
    let bad = (theme.pick("✕", "x"), Role::Bad);
    let (sign, role) = match (entry.event, entry.outcome) {
        (JournalEvent::Call, Some(CallOutcome::Ok)) => (theme.pick("●", "*"), Role::Good),
        (JournalEvent::Call, Some(CallOutcome::Cancelled)) => (theme.pick("○", "-"), Role::Quiet),
        (JournalEvent::Call, Some(CallOutcome::Unknown)) => ("!", Role::Warn),
        (JournalEvent::Call, _) => bad,
        (JournalEvent::Decision, _) if entry.begins_a_call() => theme.status(Status::Connecting),
        (JournalEvent::Decision, _) if entry.decision == Some(Decision::Withdrawn) => {
            (theme.pick("○", "-"), Role::Quiet)
        }
        (JournalEvent::Decision, _) => bad,
        (JournalEvent::Changed, _) => ("!", Role::Warn),
        _ => (" ", Role::Quiet),
    };
    let words = match (entry.event, entry.outcome, entry.decision) {
        (JournalEvent::Call, Some(ended), _) => outcome(ended).to_owned(),
        (JournalEvent::Decision, _, Some(decided)) if !entry.begins_a_call() => {
            decision(decided, entry.by).to_owned()
        }
        (JournalEvent::Decision, ..) => "no answer yet".to_owned(),
        _ => happened(entry),
    };
    (sign, role, words)
}

/// How a call ended.
pub(in crate::tui) fn outcome(outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Ok => "answered",
        CallOutcome::Error => "error",
        CallOutcome::NotSent => "not sent",
        CallOutcome::Cancelled => "cancelled",
        CallOutcome::Unknown => "may have run",
    }
}

/// What was decided, and by whom.
pub(in crate::tui) fn decision(decision: Decision, by: Option<DecidedBy>) -> &'static str {
    match (decision, by) {
        (Decision::Allowed, _) => "allowed by rule",
        (Decision::Approved, _) => "allowed by you",
        (Decision::Denied, Some(DecidedBy::Operator)) => "denied by you",
        (Decision::Denied, Some(DecidedBy::Nobody)) => "nobody said yes",
        (Decision::Denied, _) => "denied by rule",
        (Decision::Blocked, _) => "blocked by rule",
        (Decision::Expired, _) => "no answer came",
        (Decision::Withdrawn, _) => "taken back",
    }
}

/// The same where there is little room.
pub(in crate::tui) fn decision_in_short(decision: Decision, by: Option<DecidedBy>) -> &'static str {
    match (decision, by) {
        (Decision::Allowed, _) => "rule: yes",
        (Decision::Approved, _) => "you: yes",
        (Decision::Denied, Some(DecidedBy::Operator)) => "you: no",
        (Decision::Denied, Some(DecidedBy::Nobody)) => "nobody",
        (Decision::Denied, _) => "rule: no",
        (Decision::Blocked, _) => "blocked",
        (Decision::Expired, _) => "expired",
        (Decision::Withdrawn, _) => "withdrawn",
    }
}

/// What happened, where it was no call.
pub(in crate::tui) fn happened(entry: &JournalEntry) -> String {
    match entry.event {
        JournalEvent::Decision => "decided".to_owned(),
        JournalEvent::Call => "called".to_owned(),
        JournalEvent::Permission => match rule(entry) {
            Some(rule) => format!(
                "set to {}",
                rule.strip_prefix("permission ").unwrap_or(&rule)
            ),
            None => "permission set".to_owned(),
        },
        JournalEvent::Added => "connector added".to_owned(),
        JournalEvent::Edited => "connector edited".to_owned(),
        JournalEvent::Removed => "connector removed".to_owned(),
        JournalEvent::Enabled => "switched on".to_owned(),
        JournalEvent::Disabled => "switched off".to_owned(),
        JournalEvent::Changed => "changed by its server".to_owned(),
        JournalEvent::Accepted => "definition accepted".to_owned(),
        JournalEvent::Question => match rule(entry) {
            Some(rule) => format!("asked back: {rule}"),
            None => "asked back".to_owned(),
        },
        JournalEvent::Undone => match rule(entry) {
            Some(rule) => format!("taken back: {rule}"),
            None => "taken back".to_owned(),
        },
        JournalEvent::SignIn => match rule(entry) {
            Some(rule) => format!("sign-in: {rule}"),
            None => "sign-in".to_owned(),
        },
        JournalEvent::Vault => match rule(entry) {
            Some(rule) => format!("vault: {rule}"),
            None => "vault".to_owned(),
        },
    }
}

/// The rule that decided, or what was set: callboard's own words, which never need
/// more than the letters that those have.
fn rule(entry: &JournalEntry) -> Option<String> {
    let rule = entry.rule.as_deref()?;
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    Some(rule.chars().filter(plain).take(60).collect())
}

/// Which rule decided, for a call shown whole.
pub(in crate::tui) fn by_which_rule(entry: &JournalEntry) -> Option<String> {
    rule(entry)
}

/// A number of bytes, in the unit that fits.
pub(in crate::tui) fn size(bytes: i64) -> String {
    match bytes {
        ..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{}.{} kB", bytes / 1000, bytes / 100 % 10),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// Whether all words, in small letters, are in a line: in its names or in what is said
/// of it.
pub(in crate::tui) fn has(entry: &JournalEntry, words: &[&str]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut text = String::new();
    let mut add = |part: &str| {
        text.push_str(part);
        text.push('\n');
    };
    match &entry.agent {
        Some(agent) => add(agent),
        None => add("you"),
    }
    if let Some(connector) = &entry.connector {
        add(connector);
    }
    if let Some(function) = &entry.function {
        add(function.raw());
    }
    if let Some(decided) = entry.decision {
        add(decision(decided, entry.by));
    }
    if let Some(ended) = entry.outcome {
        add(outcome(ended));
    }
    if !is_call(entry) {
        add(&happened(entry));
    }
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_the_unit_that_fits() {
        let times = [0, 999, 1000, 12_345, 60_000, 3_725_000].map(duration);
        assert_eq!(
            times,
            [
                "0 ms",
                "999 ms",
                "1.0 s",
                "12.3 s",
                "1 min 00 s",
                "1 h 02 min"
            ]
        );
        let sizes = [0, 999, 1000, 123_456, 12_345_678].map(size);
        assert_eq!(sizes, ["0 B", "999 B", "1.0 kB", "123.4 kB", "12.3 MB"]);
    }
}
