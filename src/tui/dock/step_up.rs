//! A server that refused a call for want of scopes: what it was given, what it asks for
//! besides, and whether somebody signs in for that.
//!
//! The board knows what is wanted and asks for it at the next sign-in, whoever begins
//! that; here the difference is shown. It permits nothing by itself: the yes is given in
//! the browser, so it needs no arming. A no is remembered by the board.

use ratatui::text::{Line, Span};

use super::consent::names;
use super::{Kind, Prompt, SignInWish, close};
use crate::domain::{ConnectorId, Scope};
use crate::guard::sanitise;
use crate::protocol::{CancelLogin, ConnectorView, EventKind};
use crate::tui::effect::{Ask, Effect};
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::rows;

/// Cells for what stands before the scopes.
const LABELS: usize = 12;

/// What is asked.
#[derive(Debug)]
pub(super) struct Question {
    connector: ConnectorId,
    name: String,
    /// What the sign-in that stands was given.
    granted: Vec<Scope>,
    /// What is wanted besides.
    wanted: Vec<Scope>,
}

impl Question {
    fn of(connector: &ConnectorView) -> Self {
        let sign_in = connector.sign_in.as_ref();
        Self {
            connector: connector.id.clone(),
            name: connector.name.as_str().to_owned(),
            granted: sign_in.map_or_else(Vec::new, |it| it.scopes.clone()),
            wanted: connector.scopes_wanted.clone(),
        }
    }

    /// What stands in the frame.
    pub(super) fn title(&self) -> String {
        format!(" {} wants more ", sanitise::cut(&self.name, 32))
    }

    /// What was given and what is wanted, in words.
    pub(super) fn lines(&self, theme: Theme, width: usize) -> Vec<Line<'static>> {
        let name = &self.name;
        let text = format!(
            "Its server refused a call: your sign-in to {name} may not do that. Signing in for \
             more asks for both; what you gave stays until that is done."
        );
        let mut lines = rows::wrapped(theme, Role::Text, &text, width, "");
        let granted = match self.granted.as_slice() {
            [] => "what the server gives by itself".to_owned(),
            granted => names(theme, granted),
        };
        lines.extend(listed(theme, "  You gave", &granted, Role::Text, width));
        let wanted = names(theme, &self.wanted);
        lines.extend(listed(theme, "+ It wants", &wanted, Role::Warn, width));
        lines
    }
}

/// A label, and behind it a text in as many lines as that takes.
fn listed(theme: Theme, label: &str, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    let room = width.saturating_sub(LABELS).max(8);
    let pieces = sanitise::wrap(text, room).into_iter().enumerate();
    let line = |(place, piece): (usize, String)| {
        let label = if place == 0 { label } else { "" };
        Line::from(vec![
            Span::styled(format!("{label:<LABELS$}"), theme.style(Role::Quiet)),
            Span::styled(piece, theme.style(role)),
        ])
    };
    pieces.map(line).collect()
}

/// Hears what the board says, before the mirror does: what was is known still.
pub(super) fn heard(model: &mut Model, event: &EventKind) {
    match event {
        EventKind::Connector(now) => {
            let before = model.mirror.connector(&now.id);
            let is_news = before.is_none_or(|it| it.scopes_wanted != now.scopes_wanted);
            take(model, now, is_news);
        }
        EventKind::Snapshot(board) => {
            let here = |id: &ConnectorId| board.connectors.iter().any(|now| now.id == *id);
            retain(model, |question| here(&question.connector));
            for now in &board.connectors {
                take(model, now, true);
            }
        }
        EventKind::Removed { id } => retain(model, |question| question.connector != *id),
        _ => {}
    }
}

/// Asks, or asks no more, as a connector stands now.
fn take(model: &mut Model, now: &ConnectorView, is_news: bool) {
    let wants = !now.scopes_wanted.is_empty() && !now.signing_in;
    retain(model, |question| {
        question.connector != now.id || (wants && question.wanted == now.scopes_wanted)
    });
    let asked = model.dock.prompts.iter().any(|prompt| match &prompt.kind {
        Kind::StepUp(question) => question.connector == now.id,
        _ => false,
    });
    if wants && is_news && !asked {
        super::join(model, Kind::StepUp(Question::of(now)));
    }
}

fn retain(model: &mut Model, keep: impl Fn(&Question) -> bool) {
    super::retain(model, |prompt| match &prompt.kind {
        Kind::StepUp(question) => keep(question),
        _ => true,
    });
}

/// Takes the question on the screen away, if it is one of these.
fn taken(model: &mut Model) -> Option<Question> {
    match model.dock.prompts.front().map(|prompt| &prompt.kind) {
        Some(Kind::StepUp(_)) => {}
        _ => return None,
    }
    match close(model) {
        Some(Prompt {
            kind: Kind::StepUp(question),
            ..
        }) => Some(question),
        _ => None,
    }
}

/// Somebody signs in for it.
pub(super) fn give(model: &mut Model) -> Vec<Effect> {
    match taken(model) {
        Some(question) => connectors::sign_in(model, &question.connector, false),
        None => vec![],
    }
}

/// It is not given, which the board remembers.
pub(super) fn refuse(model: &mut Model) -> Vec<Effect> {
    let Some(Question { name, .. }) = taken(model) else {
        return vec![];
    };
    let purpose = Purpose::SignIn(SignInWish::NoMore(name.clone()));
    vec![model.ask(purpose, Ask::CancelLogin(CancelLogin { name }))]
}
