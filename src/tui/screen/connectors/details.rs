//! The overview of one connector, as lines.

use ratatui::text::{Line, Span};

use super::view::{fault_lines, functions, lacks_secret, moving};
use crate::domain::{AuthMethod, Era, OAuthNeeds, Registration, Status, Target};
use crate::guard::sanitise;
use crate::protocol::ConnectorView;
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};
use crate::tui::view::since;
use crate::tui::widget::{rows, server};

/// Width of the labels.
const LABELS: usize = 11;

/// Lines under construction: a label, a value, wrapped.
struct Sheet {
    theme: Theme,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Sheet {
    /// A label and a text of callboard's.
    fn fact(&mut self, label: &str, text: &str) {
        self.styled(label, text, Role::Text);
    }

    fn styled(&mut self, label: &str, text: &str, role: Role) {
        let room = self.width.saturating_sub(LABELS + 1).max(16);
        for (place, line) in sanitise::wrap(text, room).into_iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            let value = vec![Span::styled(line, self.theme.style(role))];
            self.lines
                .push(rows::labelled(self.theme, label, LABELS, value));
        }
    }

    fn blank(&mut self) {
        self.lines.push(Line::raw(""));
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.lines.push(Line::styled(
            text.to_owned(),
            self.theme.style(Role::Strong),
        ));
    }

    /// Cells for a value.
    fn room(&self) -> usize {
        self.width.saturating_sub(LABELS + 1)
    }
}

/// Everything that is known of a connector.
pub(super) fn lines(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut sheet = Sheet {
        theme,
        width,
        lines: Vec::new(),
    };
    for line in sanitise::wrap(&connector.url, width) {
        sheet
            .lines
            .push(Line::styled(line, theme.style(Role::Strong)));
    }
    if !connector.description.is_empty() {
        let text = format!("\"{}\" (your words)", connector.description);
        sheet
            .lines
            .extend(rows::wrapped(theme, Role::Text, &text, width, ""));
    }
    if connector.options.plain_http {
        let text =
            "! plain http: whoever is on the way reads and changes what passes; no secret is sent";
        sheet
            .lines
            .extend(rows::wrapped(theme, Role::Warn, text, width, "  "));
    }
    sheet.blank();
    status(model, &mut sheet, connector);
    next_step(model, &mut sheet, connector);
    if let Some(fault) = &connector.fault {
        sheet.lines.extend(fault_lines(model, fault, width));
    }
    connection(&mut sheet, connector);
    permissions(&mut sheet, connector);
    trust(model, &mut sheet, connector);
    if let Some(needs) = &connector.oauth
        && connector.status == Status::SignIn
    {
        sign_in(&mut sheet, needs);
    }
    evidence(&mut sheet, connector);
    stderr(&mut sheet, connector);
    sheet.lines
}

fn status(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let (sign, role) = sheet.theme.status(connector.status);
    let dot = sheet.theme.dot();
    let mut text = match moving(model, connector) {
        Some(word) => format!("{sign} {word}"),
        None if lacks_secret(connector) => format!("{sign} secret needed"),
        None => format!("{sign} {}", connector.status.word()),
    };
    let zone = model.zone.name_at(model.clock.wall);
    let since = since(model, connector.since);
    text.push_str(&format!(" since {since} {zone}"));
    if let Some(latency) = connector.latency_ms {
        text.push_str(&format!("{dot}last {latency} ms"));
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
        Status::SignIn => "somebody has to sign in at the server; what it needs is below",
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
    let kept = match (&connector.method, lacks_secret(connector)) {
        (AuthMethod::None | AuthMethod::Oauth, _) | (_, true) => "",
        (AuthMethod::Bearer, false) => ", kept in the vault",
        (AuthMethod::Basic { .. }, false) => ", password kept in the vault",
        (AuthMethod::Header { .. }, false) => ", value kept in the vault",
    };
    let auth = match &connector.method {
        AuthMethod::None => "nothing; it wants no authentication".to_owned(),
        AuthMethod::Bearer => format!("HTTP Bearer token{kept}"),
        AuthMethod::Basic { user } => format!("HTTP Basic as {user}{kept}"),
        AuthMethod::Header { names } => format!("header {}{kept}", names.join(", ")),
        AuthMethod::Oauth => "OAuth 2.1".to_owned(),
    };
    if matches!(connector.target, Target::Http { .. }) {
        sheet.fact("Signs in by", &auth);
    }
    if let Some(sign_in) = &connector.sign_in {
        let room = sheet.room();
        let who = sign_in.account.as_ref().map_or_else(
            || "signed in".to_owned(),
            |account| format!("as {}", server::quoted(sheet.theme, account, room / 2)),
        );
        sheet.fact("Signed in", &who);
    }
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
    options(sheet, connector);
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

fn trust(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let text = format!("added by you, {}", since(model, connector.trusted_at));
    sheet.fact("Trust", &text);
    let Some(vault) = &model.mirror.vault else {
        return;
    };
    let needs_secret = !matches!(connector.method, AuthMethod::None);
    if needs_secret && let Some(kind) = vault.kind {
        let locked = if vault.locked { ", locked now" } else { "" };
        sheet.fact("Vault", &format!("{}{locked}: {}", kind.word(), vault.why));
    }
}

/// What a sign-in would need. The sign-in itself takes its place under this.
fn sign_in(sheet: &mut Sheet, needs: &OAuthNeeds) {
    sheet.heading("Sign-in, as the server describes it");
    let room = sheet.room();
    sheet.fact("Issuer", &server::quoted(sheet.theme, &needs.issuer, room));
    if let Some(endpoint) = &needs.authorization_endpoint {
        sheet.fact(
            "Approve at",
            &server::quoted(sheet.theme, endpoint, room * 2),
        );
    }
    let ways: Vec<&str> = needs
        .registration
        .iter()
        .map(|way| match way {
            Registration::Cimd => "client metadata document",
            Registration::Dynamic => "dynamic registration",
            Registration::Manual => "by hand, with the provider",
        })
        .collect();
    if !ways.is_empty() {
        sheet.fact("Register by", &ways.join(", or "));
    }
    if !needs.scopes.is_empty() {
        let scopes: Vec<String> = needs
            .scopes
            .iter()
            .take(20)
            .map(|scope| server::quoted(sheet.theme, scope, 40))
            .collect();
        sheet.fact("Asks for", &scopes.join(" "));
    }
    let yes_no = |yes| if yes { "yes" } else { "no" };
    sheet.fact("Device code", yes_no(needs.device));
    sheet.fact("PKCE S256", yes_no(needs.pkce));
    if let Some(broken) = &needs.broken {
        sheet.styled("", &format!("! {broken}"), Role::Warn);
    }
}

fn evidence(sheet: &mut Sheet, connector: &ConnectorView) {
    if connector.evidence.is_empty() {
        return;
    }
    sheet.heading("How that was found out");
    for seen in &connector.evidence {
        let theme = sheet.theme;
        let request = server::request(&seen.request, &connector.url);
        let text = format!("{} {request}", theme.pick("·", "-"));
        sheet
            .lines
            .extend(rows::wrapped(theme, Role::Quiet, &text, sheet.width, "  "));
        let room = sheet.width.saturating_sub(4);
        let answer = server::quoted(sheet.theme, &seen.answer, room * 2);
        for line in sanitise::wrap(&answer, room) {
            sheet.lines.push(Line::raw(format!("  {line}")));
        }
        let means = format!("  {} {}", theme.pick("→", ">"), seen.means);
        sheet.lines.extend(rows::wrapped(
            theme,
            Role::Text,
            &means,
            sheet.width,
            "    ",
        ));
    }
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
