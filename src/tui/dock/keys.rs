//! The last line of a prompt: the keys that answer it, and why they do not yet.

use ratatui::text::{Line, Span};

use super::consent::Consenting;
use super::vault::Stage;
use super::{Kind, Prompt, is_armed, view};
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// A key and what it does, or words in its place.
enum Item {
    Key(Action, &'static str),
    Words(String),
}

/// The line, in so many cells.
pub(super) fn line(model: &Model, prompt: &Prompt, width: usize) -> Line<'static> {
    if !model.focus.in_dock() {
        let what = match &prompt.kind {
            Kind::Warning(_) => "goes to this",
            Kind::Consent(_) => "goes to this sign-in",
            _ => "goes to this question",
        };
        return drawn(model, vec![Item::Key(Action::ToDock, what)]);
    }
    let Some((yes, what)) = yes(prompt) else {
        return drawn(model, others(model, prompt));
    };
    if is_armed(model) {
        let mut items = vec![Item::Key(yes, what)];
        items.extend(others(model, prompt));
        return drawn(model, items);
    }
    // The shorter one where the longer one would push a key off the line.
    let mut last = Line::default();
    for why in not_yet(model, prompt, yes) {
        let mut items = vec![Item::Words(why)];
        items.extend(others(model, prompt));
        last = drawn(model, items);
        if last.width() <= width {
            break;
        }
    }
    last
}

/// The key that lets something happen.
fn yes(prompt: &Prompt) -> Option<(Action, &'static str)> {
    match &prompt.kind {
        Kind::Call(_) => Some((Action::AllowCall, "run it this once")),
        Kind::Several(_) => Some((Action::ConfirmSeveral, "set them")),
        Kind::Asked(asking) if asking.form.is_some() => Some((Action::SendForm, "send")),
        Kind::Asked(_) => Some((Action::AgreePage, "I visit it")),
        Kind::Vault(_)
        | Kind::Remove(_)
        | Kind::Logout(_)
        | Kind::StepUp(_)
        | Kind::Consent(_)
        | Kind::Warning(_) => None,
    }
}

/// The other keys.
fn others(model: &Model, prompt: &Prompt) -> Vec<Item> {
    use Item::Key;
    match &prompt.kind {
        Kind::Call(_) => vec![Key(Action::DenyCall, "do not run it")],
        Kind::Several(_) => vec![Key(Action::DockBack, "leave them as they are")],
        Kind::Asked(asking) => {
            let mut items = vec![Key(Action::DeclineQuestion, "decline")];
            if asking.form.is_none() {
                items.push(Key(Action::CopyLink, "copy"));
            } else if model.dock.has_more() {
                items.push(Key(Action::FormNextPrompt, "next"));
            }
            items.push(Key(Action::DockBack, "later"));
            items
        }
        Kind::Warning(_) => vec![
            Key(Action::SeeWarning, "look"),
            Key(Action::DockBack, "put it away"),
        ],
        Kind::Remove(_) => vec![
            Key(Action::ConfirmRemove, "remove it"),
            Key(Action::DockBack, "keep it"),
        ],
        Kind::Logout(_) => vec![
            Key(Action::ConfirmLogout, "sign out"),
            Key(Action::DockBack, "stay signed in"),
        ],
        Kind::StepUp(_) => {
            let mut items = vec![
                Key(Action::GiveMore, "sign in for more"),
                Key(Action::GiveNoMore, "no, do not ask again"),
            ];
            if super::reads_on(model) {
                items.push(Key(Action::ReadOn, "reads on"));
            }
            items.push(Key(Action::DockBack, "not now"));
            items
        }
        Kind::Consent(consenting) => of_consent(model, consenting),
        Kind::Vault(question) => {
            let next = match question.stage {
                Stage::Place(_) => Action::ChoosePlace,
                Stage::New { .. } | Stage::Unlock(_) => Action::PassphraseNext,
            };
            vec![Key(next, "go on"), Key(Action::DockBack, "back")]
        }
    }
}

/// Those of a sign-in; what opens its address stands beside that.
fn of_consent(model: &Model, consenting: &Consenting) -> Vec<Item> {
    use Item::Key;
    match consenting.focus() {
        Focus::DockPaste => vec![
            Key(Action::HandIn, "hand it in"),
            Key(Action::LeavePaste, "back"),
        ],
        Focus::DockConsentOver => {
            let mut items = vec![Key(Action::SignInAgain, "begin anew")];
            if consenting.has_failed() {
                items.push(Key(Action::SeeReport, "see each step"));
            }
            items.push(Key(Action::DockBack, "put it away"));
            items
        }
        _ => {
            let mut items = vec![
                Key(Action::PutAway, "put away; it waits on"),
                Key(Action::StopSignIn, "stop it"),
            ];
            if super::reads_on(model) {
                items.push(Key(Action::ReadOn, "reads on"));
            }
            items
        }
    }
}

/// Why a yes is not taken yet, the longest way to say it first.
fn not_yet(model: &Model, prompt: &Prompt, yes: Action) -> Vec<String> {
    let unread =
        prompt.seen < view::lines_to_see(model, prompt) && view::last_top(model, prompt) > 0;
    let on = match &prompt.kind {
        Kind::Asked(asking) if asking.form.is_some() => Action::FormReadOn,
        _ => Action::ReadOn,
    };
    let (yes, on) = (model.key(yes), model.key(on));
    let all = if unread {
        vec![
            format!("{on} reads on; {yes} works when you have seen all of it"),
            format!("{on} reads on, then {yes}"),
        ]
    } else {
        vec![format!("{yes} works in a moment"), format!("{yes} soon")]
    };
    all.iter().map(|why| sanitise::cut(why, 60)).collect()
}

fn drawn(model: &Model, items: Vec<Item>) -> Line<'static> {
    let theme = model.theme;
    let mut spans = Vec::new();
    for item in items {
        if !spans.is_empty() {
            spans.push(Span::raw("   "));
        }
        match item {
            Item::Key(action, what) => {
                spans.push(Span::styled(model.key(action), theme.style(Role::Key)));
                spans.push(Span::raw(format!(" {what}")));
            }
            Item::Words(words) => spans.push(Span::styled(words, theme.style(Role::Quiet))),
        }
    }
    Line::from(spans)
}
