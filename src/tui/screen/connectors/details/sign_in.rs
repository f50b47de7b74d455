//! How a connector signs in: what is kept for it, what is missing, what its server
//! would need.

mod account;
mod report;

use ratatui::text::Line;

use super::sheet::Sheet;
use crate::domain::{AuthMethod, OAuthNeeds, Registration, Status, Target, Untrusted};
use crate::guard::sanitise;
use crate::protocol::ConnectorView;
use crate::tui::dock::scope_names;
use crate::tui::model::Model;
use crate::tui::screen::connectors::view::{fault_lines, lacks_secret, waits_for_a_yes};
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Scopes that are listed at most.
const SCOPES: usize = 20;

pub(super) use report::{copy_curl, has_curl};

/// How a connector signs in, as lines.
pub(super) fn lines(model: &Model, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let mut sheet = Sheet::new(model.theme, width);
    sheet.fact("Signs in by", &method(connector));
    if let Some(sign_in) = &connector.sign_in {
        account::lines(model, &mut sheet, sign_in);
    }
    kept(model, &mut sheet, connector);
    missing(model, &mut sheet, connector);
    let is_about_it = matches!(connector.status, Status::SignIn | Status::Locked);
    if let Some(fault) = connector.fault.as_ref().filter(|_| is_about_it) {
        sheet.lines.extend(fault_lines(model, fault, width));
    }
    if let Some(report) = &connector.sign_in_report {
        report::lines(model, &mut sheet, report);
    }
    if let Some(needs) = &connector.oauth {
        oauth(&mut sheet, needs);
    }
    evidence(&mut sheet, connector);
    sheet.lines
}

/// How it authenticates, in a line.
pub(in crate::tui::screen::connectors) fn method(connector: &ConnectorView) -> String {
    if matches!(connector.target, Target::Program { .. }) {
        return "nothing: a local program is started, not signed in to".to_owned();
    }
    match &connector.method {
        AuthMethod::None => "nothing: it wants no authentication".to_owned(),
        AuthMethod::Bearer => "HTTP Bearer token".to_owned(),
        AuthMethod::Basic { user } => format!("HTTP Basic as {user}"),
        AuthMethod::Header { names } => format!("header {}", names.join(", ")),
        AuthMethod::Oauth => "OAuth 2.1".to_owned(),
    }
}

/// What the vault is to hold for a connector, in words.
fn secrets(connector: &ConnectorView) -> Vec<String> {
    let mut secrets = Vec::new();
    match &connector.method {
        AuthMethod::None => {}
        AuthMethod::Bearer => secrets.push("the token".to_owned()),
        AuthMethod::Basic { user } => secrets.push(format!("the password of {user}")),
        AuthMethod::Header { names } => {
            secrets.push(format!("the value of {}", names.join(", ")));
        }
        AuthMethod::Oauth if connector.sign_in.is_some() => {
            secrets.push("the tokens of the sign-in".to_owned());
        }
        AuthMethod::Oauth => {}
    }
    match &connector.target {
        Target::Http { query: true, .. } => secrets.push("the query of its URL".to_owned()),
        Target::Program { env, .. } if !env.is_empty() => {
            secrets.push(format!("the values of {}", env.join(", ")));
        }
        _ => {}
    }
    secrets
}

fn kept(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let secrets = secrets(connector);
    if secrets.is_empty() {
        sheet.fact("Secrets", "none");
        return;
    }
    let missing = if lacks_secret(connector) {
        "; see below"
    } else {
        ""
    };
    sheet.fact("Secrets", &format!("{}{missing}", secrets.join(", ")));
    let Some(vault) = &model.mirror.vault else {
        return;
    };
    match vault.kind {
        None => sheet.fact(
            "Vault",
            "none was chosen yet; the first secret asks for one",
        ),
        Some(kind) => {
            let locked = if vault.locked { ", locked now" } else { "" };
            let text = format!("the vault ({}{locked}): {}", kind.word(), vault.why);
            sheet.fact("Kept in", &text);
        }
    }
    if let Some(warning) = &vault.warning {
        sheet.styled("", &format!("! {warning}"), Role::Warn);
    }
}

/// What is missing, and the key that mends it.
fn missing(model: &Model, sheet: &mut Sheet, connector: &ConnectorView) {
    let (what, key) = match connector.status {
        _ if waits_for_a_yes(model, connector) => {
            ("a sign-in waits for your yes", "{sign-in} goes to it")
        }
        _ if !connector.scopes_wanted.is_empty() => {
            let wanted = scope_names(sheet.theme, &connector.scopes_wanted);
            let text = format!("! the server wants more than it was given: {wanted}");
            sheet.styled("Missing", &text, Role::Warn);
            sheet.styled("", &model.words("{sign-in} signs in for it"), Role::Key);
            return;
        }
        Status::Locked => ("the vault is locked", "{unlock} opens it, and it connects"),
        _ if lacks_secret(connector) => (
            "the secret is missing, or the server refused it",
            "{edit} gives it again",
        ),
        Status::SignIn => (
            "somebody has to sign in",
            "{sign-in} signs in; where the server also takes a token of yours, {edit} sets \
             Bearer and takes it",
        ),
        _ => {
            sheet.fact("Missing", "nothing");
            return;
        }
    };
    sheet.styled("Missing", &format!("! {what}"), Role::Warn);
    sheet.styled("", &model.words(key), Role::Key);
}

fn known_by(way: Registration) -> &'static str {
    match way {
        Registration::Cimd => "client metadata document",
        Registration::Dynamic => "dynamic registration",
        Registration::Manual => "by hand, with the provider",
    }
}

fn scopes(sheet: &Sheet, scopes: &[Untrusted]) -> String {
    let mut shown: Vec<String> = scopes
        .iter()
        .take(SCOPES)
        .map(|scope| server::quoted(sheet.theme, scope, 40))
        .collect();
    let more = scopes.len().saturating_sub(SCOPES);
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(" ")
}

/// What a sign-in would need. The sign-in itself takes its place under this.
fn oauth(sheet: &mut Sheet, needs: &OAuthNeeds) {
    sheet.heading("What a sign-in needs, as the server describes it");
    let room = sheet.room();
    let theme = sheet.theme;
    sheet.fact("Issuer", &server::quoted(theme, &needs.issuer, room));
    if let Some(endpoint) = &needs.authorization_endpoint {
        sheet.fact("Approve at", &server::quoted(theme, endpoint, room * 2));
    }
    if let Some(resource) = &needs.resource {
        sheet.fact("Token for", &server::quoted(theme, resource, room * 2));
    }
    let ways: Vec<&str> = needs
        .registration
        .iter()
        .map(|way| known_by(*way))
        .collect();
    if !ways.is_empty() {
        sheet.fact("Register by", &ways.join(", or "));
    }
    if !needs.scopes.is_empty() {
        sheet.fact("Asks for", &scopes(sheet, &needs.scopes));
    }
    let yes_no = |yes| if yes { "yes" } else { "no" };
    sheet.fact("Device code", yes_no(needs.device));
    sheet.fact("PKCE S256", yes_no(needs.pkce));
    if let Some(broken) = &needs.broken {
        sheet.styled("", &format!("! {broken}"), Role::Warn);
    }
}

/// What was asked when the server was looked at, what it answered, and what follows.
pub(super) fn evidence(sheet: &mut Sheet, connector: &ConnectorView) {
    if connector.evidence.is_empty() {
        return;
    }
    sheet.heading("How that was found out");
    let theme = sheet.theme;
    for seen in &connector.evidence {
        let request = server::request(&seen.request, &connector.url);
        let text = format!("{} {request}", theme.pick("·", "-"));
        sheet.text(&text, Role::Quiet, "  ");
        let room = sheet.width.saturating_sub(4);
        let answer = server::quoted(theme, &seen.answer, room * 2);
        for line in sanitise::wrap(&answer, room) {
            sheet.lines.push(Line::raw(format!("  {line}")));
        }
        let means = format!("  {} {}", theme.pick("→", ">"), seen.means);
        let lines = rows::wrapped(theme, Role::Text, &means, sheet.width, "    ");
        sheet.lines.extend(lines);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::tests::board::connector;

    #[test]
    fn everything_that_the_vault_holds_is_named() {
        let mut one = connector("wiki");
        assert!(secrets(&one).is_empty());
        one.method = AuthMethod::Header {
            names: vec!["X-Key".to_owned(), "X-Org".to_owned()],
        };
        one.target = Target::Http {
            url: one.url.clone(),
            query: true,
        };
        assert_eq!(
            secrets(&one),
            ["the value of X-Key, X-Org", "the query of its URL"]
        );
        one.method = AuthMethod::None;
        one.target = Target::Program {
            command: "/bin/x".to_owned(),
            args: vec![],
            env: vec!["A".to_owned(), "B".to_owned()],
            path: None,
            cwd: "/".to_owned(),
        };
        assert_eq!(secrets(&one), ["the values of A, B"]);
        assert!(method(&one).starts_with("nothing"));
    }
}
