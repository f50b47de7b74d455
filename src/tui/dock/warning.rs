//! Something that happened behind the operator's back and may need them. It is said
//! once, takes nothing away, and goes by itself when it is over.

use ratatui::text::Line;

use super::{Kind, Prompt, close};
use crate::domain::{AuthMethod, ConnectorId, Status};
use crate::protocol::{ConnectorView, EventKind};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::{connectors, functions};
use crate::tui::tab::Tab;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::rows;

/// What is said.
#[derive(Debug)]
pub(super) struct Warning {
    connector: ConnectorId,
    name: String,
    status: Status,
    /// What is wrong, in a few words.
    what: &'static str,
    why: String,
}

impl Warning {
    /// What stands in the frame.
    pub(super) fn title(&self, theme: Theme) -> String {
        format!(" ! {}{}{} ", self.name, theme.dot(), self.what)
    }

    /// What it says, and what looking at it opens.
    pub(super) fn lines(&self, theme: Theme, width: usize) -> Vec<Line<'static>> {
        rows::wrapped(theme, Role::Text, &self.why, width, "")
    }
}

/// Hears what the board says, before the mirror does: what was is known still.
pub(super) fn heard(model: &mut Model, event: &EventKind) {
    match event {
        EventKind::Connector(now) => {
            forget(model, now);
            if let Some(warning) = worth_saying(model, now) {
                super::join(model, Kind::Warning(warning));
            }
        }
        EventKind::Removed { id } => retain(model, |warning| warning.connector != *id),
        EventKind::Snapshot(board) => retain(model, |warning| {
            board
                .connectors
                .iter()
                .any(|now| now.id == warning.connector && now.status == warning.status)
        }),
        _ => {}
    }
}

/// What is over is not said any more.
fn forget(model: &mut Model, now: &ConnectorView) {
    retain(model, |warning| {
        warning.connector != now.id || warning.status == now.status
    });
}

fn retain(model: &mut Model, keep: impl Fn(&Warning) -> bool) {
    super::retain(model, |prompt| match &prompt.kind {
        Kind::Warning(warning) => keep(warning),
        _ => true,
    });
}

/// A connector fares worse than it did, and nobody here has brought that about.
fn worth_saying(model: &Model, now: &ConnectorView) -> Option<Warning> {
    let before = model.mirror.connector(&now.id)?;
    let ours = model.is_under_way(|purpose| match purpose {
        Purpose::Connector(id, _) => *id == now.id,
        Purpose::Connect => true,
        _ => false,
    });
    if ours || before.status == now.status {
        return None;
    }
    let name = now.name.as_str();
    let (what, why) = match now.status {
        Status::Changed => (
            "functions changed",
            format!(
                "{name} lists functions that are not as you accepted them, or are new. \
                 They run for nobody until you have looked at them."
            ),
        ),
        Status::SignIn if connectors::lacks_secret(now) => (
            "secret refused",
            format!(
                "{name} does not take its secret any more. Its functions run for nobody until \
                 it is given again."
            ),
        ),
        Status::SignIn if !was_signed_in(before, now) => return None,
        Status::SignIn => (
            "sign-in needed",
            format!(
                "{name} does not take its sign-in any more. Its functions run for nobody until \
                 somebody signs in again: {} on the connector.",
                model.key(Action::SignIn)
            ),
        ),
        // What comes and goes with the network comes back by itself.
        _ => return None,
    };
    Some(Warning {
        connector: now.id.clone(),
        name: name.to_owned(),
        status: now.status,
        what,
        why,
    })
}

/// Whether there was a sign-in to lose. One that was never signed in to waits for that
/// since it was added.
fn was_signed_in(before: &ConnectorView, now: &ConnectorView) -> bool {
    let worked = matches!(before.status, Status::Connected | Status::Changed);
    now.method != AuthMethod::Oauth || now.sign_in.is_some() || worked
}

/// Opens what it is about.
pub(super) fn look(model: &mut Model) -> Vec<Effect> {
    let Some(Prompt {
        kind: Kind::Warning(warning),
        ..
    }) = close(model)
    else {
        return vec![];
    };
    connectors::choose(model, &warning.connector);
    if warning.status == Status::Changed {
        model.open_tab(Tab::Functions);
        return functions::show_unread(model, &warning.connector);
    }
    model.open_tab(Tab::Connectors);
    vec![]
}
