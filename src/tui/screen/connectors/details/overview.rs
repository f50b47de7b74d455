//! The overview of one connector, as lines.

use std::time::Duration;

use ratatui::text::{Line, Span};

use super::calls::HOURS;
use super::journal::{self, PageState};
use super::sheet::Sheet;
use super::sign_in::{evidence, method};
use super::{progress, text};
use crate::domain::{Era, Status, Target, Timestamp};
use crate::guard::sanitise;
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::connectors::chosen;
use crate::tui::screen::connectors::view::{fault_lines, functions, lacks_secret, moving};
use crate::tui::theme::Role;
use crate::tui::view::since;
use crate::tui::widget::{server, spark};

/// Everything that is known of a connector.
pub(super) fn lines(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(model.theme, width);
    let theme = model.theme;
    for line in sanitise::wrap(&connector.url, width) {
        sheet
            .lines
            .push(Line::styled(line, theme.style(Role::Strong)));
    }
    if !connector.description.is_empty() {
        let text = format!("\"{}\" (your words)", connector.description);
        sheet.text(&text, Role::Text, "");
    }
    if connector.options.plain_http {
        let text =
            "! plain http: whoever is on the way reads and changes what passes; no secret is sent";
        sheet.text(text, Role::Warn, "  ");
    }
    sheet.blank();
    status(model, &mut sheet, connector);
    progress::lines(model, &mut sheet, connector);
    next_step(model, &mut sheet, connector);
    if let Some(fault) = &connector.fault {
        sheet.lines.extend(fault_lines(model, fault, width));
    }
    connection(&mut sheet, connector);
    permissions(&mut sheet, connector);
    calls(model, &mut sheet, connector);
    trust(model, &mut sheet, connector);
    program(&mut sheet, connector);
    options(&mut sheet, connector);
    looked_at(model, &mut sheet, connector);
    stderr(&mut sheet, connector);
    sheet.lines
}

fn status(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let (sign, role) = sheet.theme.status(connector.status);
    let dot = sheet.theme.dot();
    let zone = model.zone.name_at(model.clock.wall);
    let since = since(model, connector.since);
    let mut text = match moving(model, connector) {
        Some(word) => format!("{sign} {word}"),
        None if lacks_secret(connector) => format!("{sign} secret needed since {since} {zone}"),
        None => format!("{sign} {} since {since} {zone}", connector.status.word()),
    };
    if let Some(latency) = connector.latency_ms {
        let latency = crate::domain::duration(i64::try_from(latency).unwrap_or(i64::MAX));
        text.push_str(&format!("{dot}last {latency}"));
    }
    sheet.styled("Status", &text, role);
    if let Some(at) = connector.retry_at
        && connector.enabled
    {
        let when = model.zone.local(at).time;
        sheet.fact("", &format!("tried again by itself at {when}"));
    }
}

/// The key that mends what is wrong, where a key does.
fn next_step(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let text = match connector.status {
        Status::Changed => "{show-functions} shows which functions differ from what you accepted",
        Status::Locked => "{unlock} opens the vault, and it connects",
        Status::Disabled => "{toggle} switches it on",
        _ if lacks_secret(connector) => {
            "its secret is missing or was refused; {edit} gives it again"
        }
        Status::SignIn => "{sign-in} signs in at its server; Sign-in says how",
        Status::Failed => "{reconnect} tries again; {edit} changes how it is reached",
        Status::Connected | Status::Connecting => return,
    };
    sheet.styled("", &model.words(text), Role::Key);
}

fn connection(sheet: &mut Sheet, connector: &ConnectorView) {
    let dot = sheet.theme.dot();
    let protocol = match (&connector.protocol, connector.era) {
        (Some(version), Some(Era::Modern)) => Some(format!("MCP {version}, stateless")),
        (Some(version), _) => Some(format!("MCP {version}")),
        (None, _) => None,
    };
    let transport = connector
        .transport
        .map(|transport| transport.word().to_owned());
    let parts: Vec<String> = protocol.into_iter().chain(transport).collect();
    if !parts.is_empty() {
        sheet.fact("Protocol", &parts.join(dot));
    }
    if let Some(identity) = &connector.server {
        let room = sheet.room();
        let name = server::quoted(sheet.theme, &identity.name, room / 2);
        let version = server::quoted(sheet.theme, &identity.version, room / 3);
        sheet.fact("Says it is", &format!("{name} {version}"));
    }
    match &connector.sign_in {
        Some(sign_in) => {
            let room = sheet.room();
            let who = sign_in.account.as_ref().map_or_else(
                || "yes; the server does not say as whom".to_owned(),
                |account| format!("as {}", server::quoted(sheet.theme, account, room / 2)),
            );
            sheet.fact("Signed in", &who);
        }
        None if matches!(connector.target, Target::Http { .. }) => {
            sheet.fact("Signs in by", &method(connector));
        }
        None => {}
    }
}

fn permissions(sheet: &mut Sheet, connector: &ConnectorView) {
    let counts = connector.functions;
    if counts.total == 0 {
        sheet.fact("Functions", "none listed");
        return;
    }
    let dot = sheet.theme.dot();
    let text = format!(
        "{}: {} always{dot}{} ask{dot}{} blocked",
        functions(counts.total),
        counts.always,
        counts.ask,
        counts.block
    );
    sheet.fact("Functions", &text);
    if counts.changed > 0 {
        let text = format!(
            "! {} changed or new; agents do not get them until you set their permission",
            counts.changed
        );
        sheet.styled("", &text, Role::Warn);
    }
}

/// A chart of the last hours, and how many calls there were today.
fn calls(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let theme = sheet.theme;
    let book = &model.tabs.connectors.details.book;
    let Some(calls) = book.calls(&connector.id) else {
        match book.page(&connector.id).map(|page| &page.state) {
            Some(PageState::Missing(fault)) => {
                let text = format!("not known: {}", fault.message);
                sheet.styled("Calls", &text, Role::Quiet);
            }
            _ => sheet.styled("Calls", "counting them", Role::Quiet),
        }
        return;
    };
    let now = model.clock.wall;
    let hours = calls.hours(now);
    let today = calls.since(day_of(model, now));
    let recent = hours.iter().any(|calls| *calls > 0);
    let dot = theme.dot();
    let mut text = match (today.made, recent) {
        (0, false) => format!("none today, nor in the last {HOURS} hours"),
        (0, true) => "none today".to_owned(),
        (made, _) => format!("{made} today"),
    };
    if calls.is_partial {
        text.push_str(" or more");
    }
    if today.failed > 0 {
        text.push_str(&format!("{dot}{} failed", today.failed));
    }
    if today.refused > 0 {
        text.push_str(&format!("{dot}{} not allowed", today.refused));
    }
    if !recent {
        sheet.fact("Calls", &text);
        return;
    }
    let chart = spark::line(theme, &hours);
    let about = format!(" {HOURS} h{dot}");
    let room = sheet.room().saturating_sub(HOURS + sanitise::width(&about));
    let mut rest = sanitise::wrap(&text, room.max(8)).into_iter();
    let spans = vec![
        Span::styled(chart, theme.style(Role::Key)),
        Span::styled(about, theme.style(Role::Quiet)),
        Span::raw(rest.next().unwrap_or_default()),
    ];
    sheet.spans("Calls", spans);
    for line in rest {
        let indent = " ".repeat(HOURS + 1);
        sheet.spans("", vec![Span::raw(format!("{indent}{line}"))]);
    }
}

/// The first moment of the day, by the clock on the wall; an hour off on the days
/// when that is put forward or back.
fn day_of(model: &Model, now: Timestamp) -> Timestamp {
    let time = model.zone.local(now).time;
    let seconds = time.split(':').fold(0, |seconds: u64, part| {
        let part: u64 = part.parse().unwrap_or(0);
        seconds.saturating_mul(60).saturating_add(part)
    });
    now.before(Duration::from_secs(seconds))
}

fn trust(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let added = since(model, connector.trusted_at);
    let mut text = format!("added by you, {added}");
    if connector.status == Status::Connected {
        // Otherwise it would be changed.
        let dot = sheet.theme.dot();
        text.push_str(&format!("{dot}functions as accepted"));
    }
    sheet.fact("Trust", &text);
}

fn program(sheet: &mut Sheet, connector: &ConnectorView) {
    if let Target::Program {
        command,
        args,
        env,
        cwd,
        ..
    } = &connector.target
    {
        sheet.fact("Program", command);
        if !args.is_empty() {
            sheet.fact("Arguments", &args.join(" "));
        }
        sheet.fact("Started in", cwd);
        if !env.is_empty() {
            sheet.fact("Variables", &env.join(", "));
        }
    }
}

fn options(sheet: &mut Sheet, connector: &ConnectorView) {
    if let Some(proxy) = &connector.options.proxy {
        sheet.fact("Proxy", proxy);
    }
    if connector.options.ca_pem.is_some() {
        sheet.fact("CA", "one of its own, besides the system's");
    }
    if let Some(seconds) = connector.options.timeout_seconds {
        sheet.fact("Time-out", &format!("{seconds} s"));
    }
}

/// What detection saw, behind a key: it is long and seldom wanted.
fn looked_at(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let count = connector.evidence.len();
    if count == 0 {
        return;
    }
    let shown = model.tabs.connectors.details.evidence;
    if !shown {
        let requests = if count == 1 { "request" } else { "requests" };
        let text = format!("{count} {requests} when it was looked at; {{evidence}} shows");
        sheet.fact("Evidence", &model.words(&text));
        return;
    }
    evidence(sheet, connector);
}

fn stderr(sheet: &mut Sheet, connector: &ConnectorView) {
    if connector.stderr.is_empty() {
        return;
    }
    sheet.heading("What the program wrote to its standard error");
    for line in &connector.stderr {
        let lines = server::behind_gutter(sheet.theme, line, sheet.width);
        sheet.lines.extend(lines);
    }
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    if action != Action::Evidence {
        return text::act(model, action, lines);
    }
    let has_some = chosen(model).is_some_and(|connector| !connector.evidence.is_empty());
    if !has_some {
        return Some(vec![model.say("there is none: nothing was looked at yet")]);
    }
    let before = line_count(model);
    let details = &mut model.tabs.connectors.details;
    details.evidence = !details.evidence;
    if details.evidence {
        // Its heading, below an empty line, comes to the top.
        details.scroll = before.saturating_add(1);
    }
    Some(vec![])
}

/// How many lines stand above the evidence.
fn line_count(model: &Model) -> usize {
    let width = usize::from(text::inside(super::area(model)).width);
    let Some(connector) = chosen(model) else {
        return 0;
    };
    let mut without = connector.clone();
    without.evidence.clear();
    without.stderr.clear();
    lines(model, &without, width).len()
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::Evidence => chosen(model).is_some_and(|it| !it.evidence.is_empty()),
        Action::CopyCurl => false,
        _ => true,
    }
}

/// What it still has to be told: how many calls there were.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let Some(connector) = chosen(model).cloned() else {
        return vec![];
    };
    let book = &model.tabs.connectors.details.book;
    if book
        .calls(&connector.id)
        .is_some_and(|calls| !calls.is_partial)
    {
        return vec![];
    }
    journal::wants(model, &connector)
}
