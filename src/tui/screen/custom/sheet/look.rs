//! What detection saw and concluded, under the choice of authentication.

use ratatui::text::{Line, Span};

use super::{LABELS, Sheet};
use crate::domain::{AuthKind, Confidence, Evidence};
use crate::guard::sanitise;
use crate::tui::model::Purpose;
use crate::tui::screen::custom::connect::conclusion;
use crate::tui::screen::custom::form::Look;
use crate::tui::theme::Role;
use crate::tui::widget::server;

/// Cells below which a server's answer is left out.
const SHORTEST_ANSWER: usize = 16;

impl Sheet<'_> {
    /// What detection saw and concluded.
    pub(super) fn look(&mut self) {
        let theme = self.theme;
        let looking = matches!(self.form().look, Look::Looking(_) | Look::Soon(_));
        let evidence = self.form().evidence.clone();
        for (place, seen) in evidence.iter().enumerate() {
            // Several places tried in vain are one piece of evidence.
            let before = evidence.iter().take(place);
            if before.clone().all(|other| other.means != seen.means) {
                self.evidence(seen);
            }
        }
        if looking {
            let mut text = self
                .model
                .waiting("looking at the server", |it| *it == Purpose::Detect);
            if self.model.is_under_way(|it| *it == Purpose::Detect) {
                text.push_str(theme.dot());
                text.push_str(&self.model.words("{cancel} stops"));
            }
            self.below(&text, Role::Quiet);
        }
        match &self.form().look {
            Look::Found(found) => {
                let sure = match found.confidence {
                    Confidence::Certain => "",
                    Confidence::Likely => ", most likely",
                    Confidence::Guess => ", as a guess",
                };
                let what = match found.auth {
                    AuthKind::None => "no authentication".to_owned(),
                    AuthKind::Bearer => "HTTP Bearer token".to_owned(),
                    AuthKind::Basic => "HTTP Basic: user and password".to_owned(),
                    AuthKind::Oauth => "OAuth 2.1: a sign-in in a browser".to_owned(),
                    AuthKind::Header => "a header of its own".to_owned(),
                    AuthKind::Unknown => "something that it does not name".to_owned(),
                };
                let how = conclusion(self.form()).unwrap_or_default();
                let text = format!("{} detected: {what}{sure}", theme.pick("●", "*"));
                self.below(&text, Role::Good);
                if !how.is_empty() {
                    self.below(&format!("  {how}"), Role::Quiet);
                }
                if found.auth == AuthKind::Oauth && !self.form().is_edit() {
                    self.below("  connecting begins the sign-in", Role::Quiet);
                }
            }
            Look::Failed(fault) => {
                let fault = fault.clone();
                self.below(
                    &format!("{} {}", theme.pick("✕", "x"), fault.message),
                    Role::Bad,
                );
                for hint in &fault.hints {
                    self.below(&format!("  {} {hint}", theme.pick("→", ">")), Role::Text);
                }
            }
            Look::Nothing | Look::Soon(_) | Look::Looking(_) => {}
        }
    }

    fn evidence(&mut self, seen: &Evidence) {
        let room = self.width.saturating_sub(LABELS + 2);
        let request = server::request(&seen.request, self.form().url.text().trim());
        let request = sanitise::cut(&request, room);
        let rest = room.saturating_sub(sanitise::width(&request) + 1);
        // A stump of an answer says less than none.
        let answer = if rest < SHORTEST_ANSWER {
            String::new()
        } else {
            server::quoted(self.theme, &seen.answer, rest)
        };
        let dot = self.theme.pick("·", "-");
        self.lines.push(Line::from(vec![
            Span::raw(" ".repeat(LABELS)),
            Span::styled(format!("{dot} {request} "), self.theme.style(Role::Quiet)),
            Span::raw(answer),
        ]));
        self.below(&format!("  {}", seen.means), Role::Text);
    }
}
