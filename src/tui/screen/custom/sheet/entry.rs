//! What a server of the directory brings to the form.

use ratatui::text::{Line, Span};

use super::{LABELS, Sheet};
use crate::domain::{AuthKind, EntryInput, Untrusted};
use crate::guard::sanitise;
use crate::tui::screen::custom::form::{Look, Slot};
use crate::tui::theme::Role;
use crate::tui::widget::server;

/// Longest text of the entry under a field, in cells.
const LONGEST: usize = 240;

impl Sheet<'_> {
    /// The choice of an address.
    pub(super) fn remote(&mut self) {
        let Some(entry) = &self.form().entry else {
            return;
        };
        let (number, count) = entry.counted();
        let transport = entry.transport();
        let mut spans = self.label(Slot::Remote, "Address");
        spans.extend(self.choices(Slot::Remote, &[(&format!("{number} of {count}"), true)]));
        spans.push(Span::styled(transport, self.theme.style(Role::Quiet)));
        self.lines.push(Line::from(spans));
    }

    /// A variable of the address.
    pub(super) fn variable(&mut self, slot: Slot) {
        let form = self.form();
        let Some(entry) = &form.entry else {
            return;
        };
        let Some(input) = entry.variable(slot) else {
            return;
        };
        let label = sanitise::cut(&input.name, LABELS - 2);
        match slot {
            Slot::SecretVariable(_) => self.secret(slot, &label),
            Slot::ChosenVariable(_) => {
                let Some((choice, number, count)) = entry.chosen(slot) else {
                    return;
                };
                let mut spans = self.label(slot, &label);
                let room = self.width.saturating_sub(LABELS + 14).max(8);
                let text = choice.map_or_else(
                    || "none yet".to_owned(),
                    |choice| server::name(self.theme, choice, room),
                );
                spans.extend(self.choices(slot, &[(&text, true)]));
                let count = format!("{number} of {count}");
                spans.push(Span::styled(count, self.theme.style(Role::Quiet)));
                self.lines.push(Line::from(spans));
            }
            _ => {
                let behind = if input.required { "" } else { "optional" };
                self.text(slot, &label, behind);
            }
        }
        self.said(input);
        if form.is_last_variable(slot) {
            self.made_url();
        }
    }

    /// A further header.
    pub(super) fn more_header(&mut self, slot: Slot) {
        let Some(input) = self.form().entry.as_ref().and_then(|it| it.header(slot)) else {
            return;
        };
        self.secret(slot, &sanitise::cut(&input.name, LABELS - 2));
        self.said(input);
    }

    /// What the entry says of something that it wants: its words, in quotes.
    fn said(&mut self, input: &EntryInput) {
        let quoted = |text: &Untrusted| server::quoted(self.theme, text, LONGEST);
        let mut parts = Vec::new();
        parts.extend(input.description.as_ref().map(quoted));
        if let Some(example) = &input.placeholder {
            parts.push(format!("for instance {}", quoted(example)));
        }
        if !parts.is_empty() {
            self.below(&parts.join(", "), Role::Quiet);
        }
    }

    /// The address that the variables make, whole.
    fn made_url(&mut self) {
        let room = self.width.saturating_sub(LABELS + 1).max(16);
        let shown = sanitise::line(&self.form().url.text().into(), usize::MAX);
        for (place, line) in sanitise::wrap(&shown, room).into_iter().enumerate() {
            let label = if place == 0 { " Connection server" } else { "" };
            self.lines.push(Line::from(vec![
                Span::styled(format!("{label:<LABELS$}"), self.theme.style(Role::Quiet)),
                Span::styled(line, self.theme.style(Role::Strong)),
            ]));
        }
    }

    /// How the server signs in, as the entry says; the look may find otherwise.
    pub(super) fn claim(&mut self) {
        let form = self.form();
        let Some(claim) = form.entry.as_ref().and_then(|it| it.authentication) else {
            return;
        };
        let differs = matches!(&form.look, Look::Found(found) if found.auth != claim);
        let (sign, role) = if differs {
            ("!", Role::Warn)
        } else {
            (self.theme.pick("·", "-"), Role::Quiet)
        };
        let text = format!("{sign} the directory says: {}", claim_word(claim));
        self.below(&text, role);
    }

    /// What the entry says of a field that every form has.
    pub(super) fn about_entry(&mut self, slot: Slot) {
        let form = self.form();
        let Some(entry) = &form.entry else {
            return;
        };
        match slot {
            Slot::Token | Slot::User | Slot::HeaderName => {
                let (name, written) = match slot {
                    Slot::Token => ("Authorization", "; callboard writes Bearer itself"),
                    Slot::User => (
                        "Authorization",
                        "; callboard writes Basic and base64 itself",
                    ),
                    _ => (form.header_name.text().trim(), ""),
                };
                let words = entry
                    .header_named(name)
                    .and_then(|it| it.description.as_ref());
                if let Some(words) = words {
                    let words = server::quoted(self.theme, words, LONGEST);
                    self.below(&format!("{words}{written}"), Role::Quiet);
                }
            }
            _ => {}
        }
    }
}

fn claim_word(claim: AuthKind) -> &'static str {
    match claim {
        AuthKind::None => "no authentication",
        AuthKind::Bearer => "HTTP Bearer token",
        AuthKind::Basic => "HTTP Basic: user and password",
        AuthKind::Oauth => "OAuth 2.1: a sign-in in a browser",
        AuthKind::Header => "a header of its own",
        AuthKind::Unknown => "nothing",
    }
}
