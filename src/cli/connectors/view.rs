//! How connectors look.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::cli::moment::ago;
use crate::cli::operation::evidence_list;
use crate::cli::sign_in::{report, signed_in};
use crate::cli::table::{Cell, Table};
use crate::cli::terminal::Paint;
use crate::domain::{
    AuthMethod, FunctionCounts, OAuthNeeds, Status, Timestamp, Untrusted, duration,
};
use crate::guard::sanitise::{self, Form};
use crate::protocol::ConnectorView;

/// Longest text of a server on a line, in characters.
const LIMIT: usize = 200;

/// The keys of `list --json`; `show --json` has more.
pub(super) fn row_document(connector: &ConnectorView) -> Value {
    json!({
        "name": connector.name,
        "url": connector.url,
        "description": connector.description,
        "auth": connector.auth,
        "enabled": connector.enabled,
        "status": connector.status,
        "fault": connector.fault,
        "protocol": connector.protocol,
        "functions": connector.functions,
    })
}

pub(super) fn is_locked(connector: &ConnectorView) -> bool {
    connector.status == Status::Locked
}

/// The board as a table; what is wrong stands in place of the address.
pub(super) fn table(connectors: &[ConnectorView], paint: Paint) -> Table {
    let mut table = Table::headed(&["", "NAME", "STATUS", "AUTH", "FUNCTIONS", "WHERE"]);
    for connector in connectors {
        let status = connector.status;
        let words = match &connector.fault {
            Some(fault) => Cell::painted(fault.message.clone(), move |text| paint.bad(text)),
            None => connector.url.clone().into(),
        };
        table.row(vec![
            Cell::painted(sign(status), move |text| painted(paint, status, text)),
            connector.name.as_str().into(),
            Cell::painted(status.word(), move |text| painted(paint, status, text)),
            connector.auth.title().into(),
            counted(connector.status, connector.functions).into(),
            words,
        ]);
    }
    table
}

fn counted(status: Status, counts: FunctionCounts) -> String {
    if counts.total == 0 && !matches!(status, Status::Connected | Status::Changed) {
        return "-".to_owned();
    }
    if counts.changed > 0 {
        format!("{} ({} changed)", counts.total, counts.changed)
    } else {
        counts.total.to_string()
    }
}

fn sign(status: Status) -> &'static str {
    match status {
        Status::Connected => "●",
        Status::Connecting => "◌",
        Status::SignIn => "◐",
        Status::Locked => "◑",
        Status::Changed => "!",
        Status::Failed => "✕",
        Status::Disabled => "○",
    }
}

fn painted(paint: Paint, status: Status, text: &str) -> String {
    match status {
        Status::Connected => paint.good(text),
        Status::Connecting | Status::Disabled => paint.faint(text),
        Status::SignIn | Status::Locked | Status::Changed => paint.warn(text),
        Status::Failed => paint.bad(text),
    }
}

/// One connector with everything that is known of it.
pub(in crate::cli) fn whole(
    connector: &ConnectorView,
    with_evidence: bool,
    paint: Paint,
    form: Form,
    columns: Option<usize>,
    now: Timestamp,
) -> String {
    let quoted = |text: &Untrusted| format!("\"{}\"", sanitise::line_as(text, LIMIT, form));
    let status = connector.status;
    let mut table = Table::default();
    let mut line = |name: &str, value: Cell| table.row(vec![format!("{name}:").into(), value]);
    line("where", connector.url.clone().into());
    if !connector.description.is_empty() {
        let words = Untrusted::from(connector.description.as_str());
        line(
            "description",
            format!("{} (your words)", quoted(&words)).into(),
        );
    }
    line(
        "status",
        Cell::painted(
            format!(
                "{} {}, {}",
                sign(status),
                status.word(),
                ago(connector.since, now)
            ),
            move |text| painted(paint, status, text),
        ),
    );
    if let Some(fault) = &connector.fault {
        line(
            "fault",
            Cell::painted(fault.message.clone(), move |text| paint.bad(text)),
        );
        for hint in &fault.hints {
            line("hint", hint.clone().into());
        }
    }
    if let Some(at) = connector.retry_at {
        line("tried again", format!("at {at}").into());
    }
    line("protocol", spoken(connector).into());
    if let Some(server) = &connector.server {
        line(
            "server",
            format!("{} {}", quoted(&server.name), quoted(&server.version)).into(),
        );
    }
    line("authentication", authentication(connector).into());
    if let Some(sign_in) = &connector.sign_in {
        for (name, text) in signed_in(sign_in, now) {
            line(name, text.into());
        }
    }
    if let Some(needs) = &connector.oauth {
        line("sign-in", oauth(needs, form).into());
    }
    let counts = connector.functions;
    line(
        "functions",
        format!(
            "{} · {} always · {} ask · {} block · {} changed",
            counts.total, counts.always, counts.ask, counts.block, counts.changed
        )
        .into(),
    );
    line("reached", reached(connector).into());
    line(
        "trusted",
        format!("by you, {}", ago(connector.trusted_at, now)).into(),
    );
    let mut text = format!("{}\n", paint.strong(connector.name.as_str()));
    text.push_str(&table.lines(columns));
    if connector.options.plain_http {
        // Writing to a string has no way to fail.
        let _ = writeln!(
            text,
            "{}",
            paint.warn("warning: plain http, everybody on the way can read and change it")
        );
    }
    if with_evidence && !connector.evidence.is_empty() {
        text.push_str("evidence:\n");
        text.push_str(&evidence_list(&connector.evidence, columns));
    }
    if let Some(failed) = &connector.sign_in_report {
        text.push_str(&report(failed));
    }
    if !connector.stderr.is_empty() {
        text.push_str("last lines on its standard error:\n");
        for line in &connector.stderr {
            let _ = writeln!(text, "  │ {}", sanitise::line_as(line, LIMIT, form));
        }
    }
    text
}

fn spoken(connector: &ConnectorView) -> String {
    let mut parts = Vec::new();
    match &connector.protocol {
        Some(version) => parts.push(format!(
            "MCP {}",
            sanitise::line(&Untrusted::from(version.as_str()), 32)
        )),
        None => parts.push("not connected".to_owned()),
    }
    if let Some(transport) = connector.transport {
        parts.push(transport.word().to_owned());
    }
    if let Some(latency) = connector.latency_ms {
        parts.push(duration(i64::try_from(latency).unwrap_or(i64::MAX)));
    }
    parts.join(" · ")
}

fn authentication(connector: &ConnectorView) -> String {
    match &connector.method {
        AuthMethod::Basic { user } => format!(
            "Basic as {}",
            sanitise::line(&Untrusted::from(user.as_str()), 64)
        ),
        AuthMethod::Header { names } => format!("header {}", names.join(", ")),
        _ => connector.auth.title().to_owned(),
    }
}

/// What a sign-in would need, on one line.
pub(in crate::cli) fn oauth(needs: &OAuthNeeds, form: Form) -> String {
    let quoted = |text: &Untrusted| format!("\"{}\"", sanitise::line_as(text, LIMIT, form));
    if let Some(broken) = &needs.broken {
        return format!("at {}, but it cannot work: {broken}", quoted(&needs.issuer));
    }
    let mut text = format!("at {}", quoted(&needs.issuer));
    if !needs.scopes.is_empty() {
        let scopes: Vec<String> = needs.scopes.iter().map(quoted).collect();
        let _ = write!(text, ", asks for {}", scopes.join(", "));
    }
    if needs.device {
        text.push_str(", device code possible");
    }
    text
}

fn reached(connector: &ConnectorView) -> String {
    let options = &connector.options;
    let mut parts = Vec::new();
    if options.ca_pem.is_some() {
        parts.push("with a certificate authority of its own".to_owned());
    }
    if let Some(proxy) = &options.proxy {
        parts.push(format!("through {proxy}"));
    }
    if let Some(seconds) = options.timeout_seconds {
        parts.push(format!("time-out {seconds} s"));
    }
    if parts.is_empty() {
        "as usual".to_owned()
    } else {
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::example::connector;
    use crate::domain::Fault;

    #[test]
    fn a_row_has_the_keys_of_the_contract() {
        let row = row_document(&connector());
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "name",
                "url",
                "description",
                "auth",
                "enabled",
                "status",
                "fault",
                "protocol",
                "functions",
            ]
        );
        let counts: Vec<&String> = row["functions"].as_object().unwrap().keys().collect();
        assert_eq!(counts, ["total", "always", "ask", "block", "changed"]);
    }

    #[test]
    fn the_board_at_a_glance() {
        let mut failed = connector();
        failed.status = Status::Failed;
        failed.fault = Some(Fault::config("the certificate expired"));
        failed.functions = FunctionCounts::default();
        let mut changed = connector();
        changed.status = Status::Changed;
        changed.functions.changed = 2;
        let table = table(&[connector(), changed, failed], Paint::PLAIN);
        insta::assert_snapshot!(table.lines(Some(72)));
    }

    #[test]
    fn one_connector_whole() {
        let connector = connector();
        let now = connector.since;
        let text = whole(&connector, true, Paint::PLAIN, Form::Unicode, Some(80), now);
        insta::assert_snapshot!(text);
    }
}
