//! A line of the journal in words: short for a list, or whole.

use ratatui::text::{Line, Span};

use super::sheet::Sheet;
use crate::domain::{
    CallOutcome, DecidedBy, Decision, JournalEntry, JournalEvent, Timestamp, Untrusted,
};
use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Cells for a moment in a list.
const MOMENT: usize = 11;

/// A moment in a list: the time, or the day where it is not today's.
pub(super) fn moment(at: Timestamp, now: Timestamp) -> String {
    let (text, today) = (at.to_string(), now.to_string());
    let day = |text: &str| text.get(..10).unwrap_or("?").to_owned();
    if day(&text) == day(&today) {
        text.get(11..19).unwrap_or("?").to_owned()
    } else {
        let date = text.get(5..10).unwrap_or("?");
        format!("{date} {}", text.get(11..16).unwrap_or("?"))
    }
}

/// A moment in full.
fn in_full(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{} UTC", text.trim_end_matches('Z').replace('T', " "))
}

/// What happened, with a sign.
struct Word {
    sign: &'static str,
    role: Role,
    text: String,
}

fn word(theme: Theme, entry: &JournalEntry) -> Word {
    let (unicode, ascii, role, text) = match entry.event {
        JournalEvent::Call => outcome(entry.outcome),
        JournalEvent::Decision => decision(entry),
        JournalEvent::Permission => {
            let rule = entry.rule.as_deref().unwrap_or_default();
            let set = rule.strip_prefix("permission ").unwrap_or(rule);
            ("·", "-", Role::Text, format!("set to {set}"))
        }
        JournalEvent::Added => ("+", "+", Role::Good, "added".to_owned()),
        JournalEvent::Edited => ("·", "-", Role::Text, "edited".to_owned()),
        JournalEvent::Removed => ("✕", "x", Role::Bad, "removed".to_owned()),
        JournalEvent::Enabled => ("●", "*", Role::Good, "switched on".to_owned()),
        JournalEvent::Disabled => ("○", "o", Role::Quiet, "switched off".to_owned()),
        JournalEvent::Changed => (
            "!",
            "!",
            Role::Warn,
            "not what was accepted any more".to_owned(),
        ),
        JournalEvent::Accepted => ("✓", "+", Role::Good, "definition accepted".to_owned()),
        JournalEvent::Vault => (
            "·",
            "-",
            Role::Text,
            entry.rule.clone().unwrap_or_else(|| "vault".to_owned()),
        ),
    };
    Word {
        sign: theme.pick(unicode, ascii),
        role,
        text,
    }
}

type Signed = (&'static str, &'static str, Role, String);

fn outcome(outcome: Option<CallOutcome>) -> Signed {
    let (unicode, ascii, role, text) = match outcome {
        Some(CallOutcome::Ok) => ("✓", "+", Role::Good, "answered"),
        Some(CallOutcome::Error) => ("✕", "x", Role::Bad, "answered with an error"),
        Some(CallOutcome::NotSent) => ("✕", "x", Role::Bad, "not sent"),
        Some(CallOutcome::Cancelled) => ("○", "o", Role::Quiet, "cancelled"),
        Some(CallOutcome::Unknown) => ("!", "!", Role::Warn, "answer lost, may have run"),
        None => ("·", "-", Role::Text, "called"),
    };
    (unicode, ascii, role, text.to_owned())
}

fn decision(entry: &JournalEntry) -> Signed {
    let (unicode, ascii, role, word) = match entry.decision {
        Some(Decision::Allowed) => ("·", "-", Role::Quiet, "allowed"),
        Some(Decision::Approved) => ("·", "-", Role::Quiet, "approved"),
        Some(Decision::Denied) => ("✕", "x", Role::Bad, "denied"),
        Some(Decision::Blocked) => ("✕", "x", Role::Bad, "blocked"),
        Some(Decision::Expired) => ("!", "!", Role::Warn, "not answered in time"),
        Some(Decision::Withdrawn) => ("○", "o", Role::Quiet, "withdrawn"),
        None => ("·", "-", Role::Text, "decided"),
    };
    let by = match entry.by {
        Some(DecidedBy::Rule) => " by rule",
        Some(DecidedBy::Operator) => " by you",
        Some(DecidedBy::Nobody) => ": nobody was there",
        None => "",
    };
    (unicode, ascii, role, format!("{word}{by}"))
}

/// What a line is searched by.
pub(super) fn searched(theme: Theme, entry: &JournalEntry) -> String {
    let function = entry.function.as_ref().map_or("", Untrusted::raw);
    let agent = entry.agent.as_deref().unwrap_or("");
    let text = word(theme, entry).text;
    format!("{function} {agent} {text} {}", about(entry)).to_lowercase()
}

/// What a line is about, where it is not about one function.
fn about(entry: &JournalEntry) -> &'static str {
    match entry.event {
        JournalEvent::Decision => "decision",
        JournalEvent::Call => "call",
        JournalEvent::Permission => "permission",
        JournalEvent::Changed | JournalEvent::Accepted => "definition",
        JournalEvent::Vault => "vault",
        _ => "connector",
    }
}

/// A row of the list.
pub(super) fn row(
    theme: Theme,
    entry: &JournalEntry,
    now: Timestamp,
    width: usize,
) -> Line<'static> {
    let word = word(theme, entry);
    let names = (width.saturating_sub(MOMENT + 4) * 2 / 5).clamp(8, 28);
    let name = match &entry.function {
        Some(function) => server::name(theme, function, names),
        None => about(entry).to_owned(),
    };
    let mut text = word.text;
    let dot = theme.dot();
    if let Some(took) = entry.duration_ms {
        text.push_str(&format!("{dot}{took} ms"));
    }
    if let Some(agent) = &entry.agent {
        let agent = server::quoted(theme, &Untrusted::new(agent.clone()), 20);
        text.push_str(&format!("{dot}{agent}"));
    }
    let room = width.saturating_sub(1 + MOMENT + 1 + names + 1 + 2);
    Line::from(vec![
        Span::raw(" "),
        Span::styled(
            rows::cell(&moment(entry.at, now), MOMENT),
            theme.style(Role::Quiet),
        ),
        Span::raw(" "),
        Span::raw(rows::cell(&name, names)),
        Span::raw(" "),
        Span::styled(format!("{} ", word.sign), theme.style(word.role)),
        Span::raw(sanitise::cut(&text, room)),
    ])
}

/// A line whole.
pub(super) fn whole(theme: Theme, entry: &JournalEntry, width: usize) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(theme, width);
    let word = word(theme, entry);
    sheet.fact("When", &in_full(entry.at));
    sheet.fact("About", about(entry));
    if let Some(function) = &entry.function {
        let name = server::quoted(theme, function, sheet.room());
        sheet.fact("Function", &name);
    }
    let what = format!("{} {}", word.sign, word.text);
    sheet.styled("What", &what, word.role);
    match &entry.agent {
        Some(agent) => {
            let agent = server::quoted(theme, &Untrusted::new(agent.clone()), 60);
            sheet.fact("For", &format!("{agent}, as the agent calls itself"));
        }
        None => sheet.fact("For", "you"),
    }
    if entry.event == JournalEvent::Call && entry.decision.is_some() {
        let (_, _, _, text) = decision(entry);
        sheet.fact("Decision", &text);
    }
    if let Some(rule) = &entry.rule {
        sheet.fact("Rule", rule);
    }
    if let Some(took) = entry.duration_ms {
        sheet.fact("Took", &format!("{took} ms"));
    }
    if let Some(bytes) = entry.result_bytes {
        sheet.fact("Result", &format!("{bytes} bytes"));
    }
    if let Some(digest) = &entry.arguments_digest {
        sheet.fact("Arguments", &format!("{digest} (SHA-256)"));
    }
    if let Some(connector) = &entry.connector {
        sheet.fact("Connector", &format!("{connector}, as it was called then"));
    }
    sheet.fact("Line", &format!("{} of the journal", entry.seq));
    if entry.arguments_digest.is_some() {
        sheet.blank();
        let text = "The journal keeps digests and sizes, never arguments or results.";
        sheet.text(text, Role::Quiet, "");
    }
    sheet.lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_moment_of_today_is_a_time_and_another_has_its_day() {
        let now = at("2026-11-22T14:00:00Z");
        assert_eq!(moment(at("2026-11-22T09:08:07Z"), now), "09:08:07");
        assert_eq!(moment(at("2026-11-21T09:08:07Z"), now), "11-21 09:08");
        assert!(in_full(now).starts_with("2026-11-22 14:00:00"));
        assert!(in_full(now).ends_with(" UTC"));
    }
}
