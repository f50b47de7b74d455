//! A consent in lines, and as a line of JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::config::Environment;
use crate::domain::{Scope, SignInState};
use crate::guard::sanitise;
use crate::protocol::{ConsentView, SignInNews};

/// Longest word of a server's that is shown, in characters.
const LIMIT: usize = 80;

/// What a sign-in says, as a line for scripts.
pub(in crate::cli) fn event(news: &SignInNews) -> Value {
    match news {
        SignInNews::Step(step) => json!({
            "event": "step", "name": step.stage, "state": step.state,
            "exchanges": step.exchanges, "cause": step.cause, "cure": step.cure,
        }),
        SignInNews::Refused(fault) => json!({ "event": "refused", "fault": fault }),
        SignInNews::Consent(view) => {
            let consent = &view.consent;
            json!({
                "event": "consent",
                "name": view.name,
                "url": consent.url,
                "host": consent.host,
                "callback": consent.redirect_url,
                "expires_at": consent.expires_at,
                "scopes": consent.scopes,
                "added": consent.added,
                "issuer": consent.issuer,
                "registration": consent.registration,
                "device": consent.device.as_ref().map(|device| json!({
                    "code": device.code, "url": device.url,
                    "url_with_code": device.url_with_code, "expires_at": device.expires_at,
                })),
            })
        }
    }
}

/// A stage on one line; `None` while it is under way.
pub(super) fn stage(news: &SignInNews) -> Option<String> {
    match news {
        SignInNews::Step(step) => match step.state {
            SignInState::Started => None,
            SignInState::Done => Some(format!("  ✓ {}", step.stage.title())),
            SignInState::Failed => Some(format!("  ✕ {}", step.stage.title())),
        },
        SignInNews::Refused(fault) => {
            let mut text = format!("  ! {}", fault.message);
            for hint in &fault.hints {
                let _ = write!(text, "\n    {hint}");
            }
            Some(text)
        }
        SignInNews::Consent(_) => None,
    }
}

/// Everything that a person needs to consent, in lines of `name  what`.
pub(super) fn lines(view: &ConsentView, user_at_host: &str, asks: bool) -> String {
    let consent = &view.consent;
    let mut text = format!("Sign in to {} at {}:\n", view.name, consent.host);
    let mut line = |name: &str, what: &str| {
        // Writing to a string has no way to fail.
        let _ = writeln!(text, "  {name:<9} {what}");
    };
    if let Some(url) = &consent.url {
        line("open", url);
    }
    if !consent.scopes.is_empty() {
        line("allows", &scopes(&consent.scopes));
    }
    if !consent.added.is_empty() {
        line("new", &scopes(&consent.added));
    }
    if consent.unadvertised_pkce {
        line(
            "warning",
            "it does not promise to check PKCE; you accepted that",
        );
    }
    if let Some(redirect) = &consent.redirect_url {
        line("ends at", redirect);
    }
    if let Some(port) = consent.callback_port {
        line(
            "elsewhere",
            "for a browser on another machine, run there first:",
        );
        line(
            "",
            &format!("ssh -L {port}:127.0.0.1:{port} {user_at_host}"),
        );
    }
    if let Some(device) = &consent.device {
        let code = sanitise::line(&device.code, LIMIT);
        line("or type", &format!("{code} at {}", device.url));
    }
    if consent.url.is_some() {
        let here = if asks { "here, or elsewhere: " } else { "" };
        let name = &view.name;
        line(
            "or paste",
            &format!(
                "the address that the browser ends at: {here}callboard login {name} --paste -"
            ),
        );
    }
    line("until", &consent.expires_at.to_string());
    text
}

fn scopes(scopes: &[Scope]) -> String {
    let shown: Vec<String> = scopes
        .iter()
        .map(|scope| {
            let name = sanitise::line(&scope.name, LIMIT);
            match &scope.words {
                Some(words) => format!("\"{name}\" ({words})"),
                None => format!("\"{name}\""),
            }
        })
        .collect();
    shown.join(", ")
}

/// Who `ssh` would have to be told, to come back here.
pub(super) fn user_at_host(environment: &Environment) -> String {
    let word = |text: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        !text.is_empty() && !text.starts_with('-') && text.chars().all(plain)
    };
    let user = environment
        .get("USER")
        .or_else(|| environment.get("LOGNAME"))
        .filter(|user| word(user));
    let name = rustix::system::uname();
    let host = name.nodename().to_string_lossy();
    let host = if word(&host) { host.as_ref() } else { "HOST" };
    match user {
        Some(user) => format!("{user}@{host}"),
        None => host.to_owned(),
    }
}
