//! The last sign-in that failed: each step with its request, answer, likely cause and
//! cure, and a line to repeat it by.

use ratatui::text::Line;

use super::super::sheet::Sheet;
use super::{sanitise, server};
use crate::domain::{
    Exchange, ManualRegistration, SignInReport, SignInState, SignInStep, Untrusted,
};
use crate::tui::action::Action;
use crate::tui::clipboard;
use crate::tui::dock::scope_names;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::connectors::{chosen, fault_lines};
use crate::tui::theme::Role;
use crate::tui::view::since;
use crate::tui::widget::rows;

/// The whole report.
pub(super) fn lines(model: &Model, sheet: &mut Sheet, report: &SignInReport) {
    let when = since(model, report.at);
    sheet.heading(&format!("The last sign-in failed, {when}"));
    let said = fault_lines(model, &report.fault, sheet.width);
    sheet.lines.extend(said);
    if let Some(by_hand) = &report.by_hand {
        register(model, sheet, by_hand);
    }
    let failed = failed(report);
    for one in &report.steps {
        step(
            model,
            sheet,
            one,
            failed.is_some_and(|it| std::ptr::eq(it, one)),
        );
    }
}

/// The step that failed: the last one.
fn failed(report: &SignInReport) -> Option<&SignInStep> {
    let mut steps = report.steps.iter().rev();
    steps.find(|step| step.state == SignInState::Failed)
}

/// The request at which it failed.
fn culprit(report: &SignInReport) -> Option<&Exchange> {
    failed(report)?.exchanges.last()
}

fn step(model: &Model, sheet: &mut Sheet, step: &SignInStep, is_culprit: bool) {
    let theme = sheet.theme;
    let (sign, role) = match step.state {
        SignInState::Started => (theme.pick("○", "-"), Role::Quiet),
        SignInState::Done => (theme.pick("●", "*"), Role::Good),
        SignInState::Failed => (theme.pick("✕", "x"), Role::Bad),
    };
    sheet.text(&format!("{sign} {}", step.stage.title()), role, "  ");
    for exchange in &step.exchanges {
        seen(sheet, exchange);
    }
    if let Some(cause) = &step.cause {
        sheet.text(&format!("  {cause}"), Role::Text, "  ");
    }
    if let Some(cure) = &step.cure {
        let arrow = theme.pick("→", ">");
        sheet.text(&format!("  {arrow} {cure}"), Role::Key, "    ");
    }
    if let Some(exchange) = step.exchanges.last().filter(|_| is_culprit) {
        let key = model.key(Action::CopyCurl);
        let text = format!("  To repeat it in a shell ({key} copies it; put the secrets in):");
        sheet.text(&text, Role::Quiet, "  ");
        let room = sheet.width.saturating_sub(2);
        let curl = Untrusted::new(exchange.curl.as_str());
        for line in server::behind_gutter(theme, &curl, room) {
            sheet.lines.push(indented(line));
        }
    }
}

fn indented(line: Line<'static>) -> Line<'static> {
    let mut spans = vec!["  ".into()];
    spans.extend(line.spans);
    Line::from(spans)
}

/// One request, its answer, and what that means.
fn seen(sheet: &mut Sheet, exchange: &Exchange) {
    let theme = sheet.theme;
    let room = sheet.width.saturating_sub(4);
    let request = Untrusted::new(exchange.request.as_str());
    let request = server::name(theme, &request, room * 3);
    sheet.text(
        &format!("  {} {request}", theme.pick("·", "-")),
        Role::Quiet,
        "    ",
    );
    let answer = server::quoted(theme, &exchange.answer, room * 3);
    for line in sanitise::wrap(&answer, room) {
        sheet.lines.push(Line::raw(format!("    {line}")));
    }
    let means = format!("    {} {}", theme.pick("→", ">"), exchange.means);
    let means = rows::wrapped(theme, Role::Text, &means, sheet.width, "      ");
    sheet.lines.extend(means);
}

/// What to register where, letter by letter.
fn register(model: &Model, sheet: &mut Sheet, by_hand: &ManualRegistration) {
    let (theme, room) = (sheet.theme, sheet.room());
    sheet.heading("Register callboard with the provider");
    sheet.fact("Issuer", &server::quoted(theme, &by_hand.issuer, room * 2));
    if let Some(place) = &by_hand.documentation {
        let place = Untrusted::new(place.as_str());
        sheet.fact(
            "How",
            &format!("it says how at {}", server::quoted(theme, &place, room * 2)),
        );
    }
    if let Some(redirect) = &by_hand.redirect_url {
        sheet.styled("Redirect", redirect, Role::Strong);
        sheet.fact("", "letter by letter; it is the same at every sign-in");
    }
    if !by_hand.grants.is_empty() {
        sheet.fact("Grants", &by_hand.grants.join(", "));
    }
    if !by_hand.scopes.is_empty() {
        sheet.fact("Scopes", &scope_names(theme, &by_hand.scopes));
    }
    let then = "{edit} opens the form where the client's id and secret go, under Sign-in; then \
                {sign-in} signs in";
    sheet.styled("Then", &model.words(then), Role::Key);
    sheet.blank();
}

/// Whether there is a line to copy.
pub(in crate::tui::screen::connectors::details) fn has_curl(model: &Model) -> bool {
    let report = chosen(model).and_then(|connector| connector.sign_in_report.as_ref());
    report.and_then(culprit).is_some()
}

/// Copies the line that repeats the request at which it failed.
pub(in crate::tui::screen::connectors::details) fn copy_curl(model: &mut Model) -> Vec<Effect> {
    let report = chosen(model).and_then(|connector| connector.sign_in_report.as_ref());
    let Some(curl) = report.and_then(culprit).map(|it| it.curl.clone()) else {
        return vec![model.say("there is no failed request to repeat")];
    };
    clipboard::copy(model, "the curl line", &curl, "select it with the mouse")
}
