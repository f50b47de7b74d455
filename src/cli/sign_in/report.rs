//! A sign-in that stands, and one that failed, for people.

use std::fmt::Write as _;

use crate::domain::{Registration, Scope, SignIn, SignInReport, SignInState, Timestamp, Untrusted};
use crate::guard::sanitise;

/// Longest text of a server's that is shown, in characters.
const LIMIT: usize = 200;

/// Who is signed in, as pairs of name and text.
pub(in crate::cli) fn signed_in(sign_in: &SignIn, now: Timestamp) -> Vec<(&'static str, String)> {
    let quoted = |text: &Untrusted| format!("\"{}\"", sanitise::line(text, LIMIT));
    let names = |scopes: &[Scope]| {
        let names: Vec<String> = scopes.iter().map(|scope| quoted(&scope.name)).collect();
        match names.is_empty() {
            true => "none named".to_owned(),
            false => names.join(", "),
        }
    };
    let who = match &sign_in.account {
        Some(account) => format!("as {}", quoted(account)),
        None => "yes; the server does not say as whom".to_owned(),
    };
    let mut rows = vec![
        ("signed in", who),
        ("issuer", quoted(&sign_in.issuer)),
        (
            "client",
            format!(
                "{}, {}",
                quoted(&sign_in.client_id),
                known_by(sign_in.registration)
            ),
        ),
        ("granted", names(&sign_in.scopes)),
    ];
    let missing: Vec<Scope> = sign_in
        .scopes_asked
        .iter()
        .filter(|asked| !sign_in.scopes.iter().any(|one| one.name == asked.name))
        .cloned()
        .collect();
    if !missing.is_empty() {
        rows.push(("refused", names(&missing)));
    }
    let ends = match sign_in.expires_at {
        Some(end) if end <= now => format!("ended at {end}"),
        Some(end) => format!("until {end}"),
        None => "the server does not say until when".to_owned(),
    };
    let renewed = match (sign_in.refreshable, sign_in.refreshed_at) {
        (true, Some(at)) => format!("renewed by itself, last at {at}"),
        (true, None) => "renewed by itself".to_owned(),
        (false, _) => "cannot be renewed without you".to_owned(),
    };
    rows.push(("token", format!("{ends}; {renewed}")));
    rows
}

fn known_by(way: Registration) -> &'static str {
    match way {
        Registration::Cimd => "known by its metadata document",
        Registration::Dynamic => "registered by itself",
        Registration::Manual => "registered by hand",
    }
}

/// A sign-in that failed: each stage with its requests, what they mean, and how to
/// repeat them.
pub(in crate::cli) fn report(report: &SignInReport) -> String {
    let mut text = format!(
        "the sign-in failed at {}: {}\n",
        report.at, report.fault.message
    );
    // Writing to a string has no way to fail.
    for step in &report.steps {
        let sign = match step.state {
            SignInState::Done => "✓",
            SignInState::Started => "…",
            SignInState::Failed => "✕",
        };
        let _ = writeln!(text, "  {sign} {}", step.stage.title());
        for exchange in &step.exchanges {
            let answer = sanitise::line(&exchange.answer, LIMIT);
            let _ = writeln!(text, "    · {}  \"{answer}\"", exchange.request);
            let _ = writeln!(text, "      {}", exchange.means);
            let _ = writeln!(text, "      $ {}", exchange.curl);
        }
        if let Some(cause) = &step.cause {
            let _ = writeln!(text, "    cause: {cause}");
        }
        if let Some(cure) = &step.cure {
            let _ = writeln!(text, "    cure: {cure}");
        }
    }
    if let Some(form) = &report.by_hand {
        let _ = writeln!(text, "  register callboard by hand:");
        let _ = writeln!(
            text,
            "    with         {}",
            sanitise::line(&form.issuer, LIMIT)
        );
        if let Some(page) = &form.documentation {
            let _ = writeln!(text, "    as told at   {page}");
        }
        if let Some(url) = &form.redirect_url {
            let _ = writeln!(text, "    redirect URL {url}");
        }
        let _ = writeln!(text, "    grants       {}", form.grants.join(", "));
    }
    text
}
