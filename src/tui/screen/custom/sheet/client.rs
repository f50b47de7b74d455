//! How a connector signs in by OAuth 2.1, where that differs from the usual.

use ratatui::text::Span;

use super::{LABELS, Sheet};
use crate::domain::{ManualRegistration, Untrusted};
use crate::guard::sanitise;
use crate::tui::screen::custom::form::Slot;
use crate::tui::theme::Role;
use crate::tui::widget::server;

impl Sheet<'_> {
    /// The line that stands for it, or what is behind that line.
    pub(super) fn client(&mut self, slot: Slot) {
        match slot {
            Slot::SignIn => self.sign_in(),
            Slot::ClientId => {
                let by_hand = self.form().editing.as_ref();
                if let Some(by_hand) = by_hand.and_then(|it| it.by_hand.clone()) {
                    self.register(&by_hand);
                }
                self.text(slot, "  Client id", "if you registered one");
            }
            Slot::ClientSecret => self.secret(slot, "  Client secret"),
            Slot::Scopes => self.text(slot, "  Scopes", "else as asked for"),
            Slot::CallbackPort => {
                self.text(slot, "  Callback port", "on 127.0.0.1; else a free one")
            }
            Slot::RedirectUrl => self.text(slot, "  Redirect URL", "else on that port"),
            Slot::Issuer => self.text(slot, "  Issuer", "this one alone"),
            Slot::ClientDocument => self.text(slot, "  Metadata URL", "of the client"),
            _ => {
                let text = match slot {
                    Slot::Machine => "a machine account: no person signs in",
                    Slot::NoPkce => "accept a provider that does not promise to check PKCE",
                    _ => "accept a provider in a private network",
                };
                let ticked = self.form().client.ticked(slot).unwrap_or_default();
                self.tick(slot, ticked, text);
            }
        }
    }

    /// What is known of the secret of a client while its field is empty.
    pub(super) fn about_client_secret(&self, place: &str) -> String {
        let form = self.form();
        let editing = form.editing.as_ref().filter(|_| !form.needs_trust());
        match editing {
            Some(editing) if editing.sign_in.client_id.is_some() => {
                "empty: what the vault has stays".to_owned()
            }
            _ => format!("if it has one; {place}"),
        }
    }

    fn sign_in(&mut self) {
        let set = self.form().client_set();
        let open = self.form().client.open;
        let text = set.as_deref().unwrap_or("as the server says");
        self.folds(Slot::SignIn, "Sign-in", text, set.is_some(), open);
    }

    /// A line that stands for slots, which it opens and folds.
    pub(super) fn folds(&mut self, slot: Slot, label: &str, text: &str, set: bool, open: bool) {
        self.controls.push(self.lines.len());
        let mut spans = self.label(slot, label);
        let role = match (set, self.is_here(slot)) {
            (_, true) => Role::Chosen,
            (true, false) => Role::Text,
            (false, false) => Role::Quiet,
        };
        let how = if open {
            "  {press} folds"
        } else {
            "  {press} opens"
        };
        let how = self.model.words(how);
        let room = self
            .width
            .saturating_sub(LABELS.saturating_add(sanitise::width(&how)));
        let text = sanitise::cut(text, room);
        spans.push(Span::styled(text, self.theme.style(role)));
        spans.push(Span::styled(how, self.theme.style(Role::Quiet)));
        self.lines.push(spans.into());
    }

    /// What has to be registered where before these fields can be filled in.
    fn register(&mut self, by_hand: &ManualRegistration) {
        let quoted = |text: &Untrusted| server::quoted(self.theme, text, 120);
        let mut text = format!("! register callboard with {}", quoted(&by_hand.issuer));
        if let Some(page) = &by_hand.documentation {
            let page = quoted(&Untrusted::new(page.as_str()));
            text.push_str(&format!(", which says how at {page}"));
        }
        self.below(&text, Role::Warn);
        if let Some(redirect) = &by_hand.redirect_url {
            self.below("with this redirect URL, letter by letter:", Role::Text);
            self.below(redirect, Role::Strong);
        }
        self.below("then fill in what it gives you:", Role::Text);
    }
}
