//! The sign-in that is in force: whose, for what, until when, and how it is kept going.

use super::super::sheet::Sheet;
use super::{known_by, server};
use crate::domain::{Scope, SignIn};
use crate::tui::dock::scope_names;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::view::since;

/// Everything that is known of it.
pub(super) fn lines(model: &Model, sheet: &mut Sheet, sign_in: &SignIn) {
    let (theme, room) = (sheet.theme, sheet.room());
    let when = since(model, sign_in.signed_in_at);
    let who = match &sign_in.account {
        Some(account) => format!("as {}, {when}", server::quoted(theme, account, room)),
        None => format!("{when}; the server does not say as whom"),
    };
    sheet.fact("Signed in", &who);
    sheet.fact("Issuer", &server::quoted(theme, &sign_in.issuer, room * 2));
    scopes(sheet, sign_in);
    expiry(model, sheet, sign_in);
    let client = server::quoted(theme, &sign_in.client_id, room);
    sheet.fact(
        "Known there",
        &format!("by {}, as {client}", known_by(sign_in.registration)),
    );
    if let Some(redirect) = &sign_in.redirect_url {
        sheet.fact("Redirect", redirect);
    }
}

/// What was granted, and what was asked for and is not among it.
fn scopes(sheet: &mut Sheet, sign_in: &SignIn) {
    let theme = sheet.theme;
    let (asked, granted) = (&sign_in.scopes_asked, &sign_in.scopes);
    let lacks = |has: &[Scope], one: &Scope| !has.iter().any(|other| other.name == one.name);
    let refused: Vec<Scope> = asked
        .iter()
        .filter(|one| lacks(granted, one))
        .cloned()
        .collect();
    let beyond: Vec<Scope> = granted
        .iter()
        .filter(|one| lacks(asked, one))
        .cloned()
        .collect();
    match granted.as_slice() {
        [] => sheet.fact("May", "what the server gives by itself"),
        granted => sheet.fact("May", &scope_names(theme, granted)),
    }
    if !refused.is_empty() {
        let text = format!(
            "! asked for and not granted: {}",
            scope_names(theme, &refused)
        );
        sheet.styled("", &text, Role::Warn);
    }
    if !beyond.is_empty() && !asked.is_empty() {
        let text = format!(
            "! granted without being asked for: {}",
            scope_names(theme, &beyond)
        );
        sheet.styled("", &text, Role::Warn);
    }
}

fn expiry(model: &Model, sheet: &mut Sheet, sign_in: &SignIn) {
    let over = sign_in
        .expires_at
        .is_some_and(|end| end <= model.clock.wall);
    let until = match sign_in.expires_at {
        None => "the server does not say".to_owned(),
        Some(end) => {
            let local = model.zone.local(end);
            let verb = if over { "ended" } else { "ends" };
            format!("the token {verb} {} {}", local.date, local.time)
        }
    };
    match (sign_in.refreshable, over) {
        (true, _) => sheet.fact("Until", &format!("{until}; it is refreshed before that")),
        (false, false) => sheet.fact("Until", &format!("{until}; then somebody signs in again")),
        (false, true) => sheet.styled("Until", &format!("! {until}"), Role::Warn),
    }
    if sign_in.refreshable {
        let last = sign_in.refreshed_at.map_or_else(
            || "not since the sign-in".to_owned(),
            |last| since(model, last),
        );
        sheet.fact("Refreshed", &last);
    }
}
