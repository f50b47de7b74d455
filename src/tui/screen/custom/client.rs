//! How a connector signs in by OAuth 2.1, where that differs from the usual: a client
//! that was registered by hand, scopes, where the browser ends. One line stands for
//! all of it until somebody opens it, and only where the sign-in is by OAuth.

use serde::{Deserialize, Serialize};
use url::Url;

use super::form::{Slot, State};
use crate::domain::{AuthKind, ManualRegistration, SignInOptions};
use crate::guard::address::is_loopback;
use crate::protocol::ConnectorView;
use crate::tui::widget::field::{Field, SecretField};

/// The options as typed.
#[derive(Debug, Default)]
pub(super) struct Client {
    /// The fields are shown.
    pub(super) open: bool,
    id: Field,
    pub(super) secret: SecretField,
    scopes: Field,
    port: Field,
    redirect: Field,
    issuer: Field,
    document: Field,
    machine: bool,
    no_pkce: bool,
    private_network: bool,
}

/// The same as it is kept for the next start; never the secret.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct KeptClient {
    id: String,
    scopes: String,
    port: String,
    redirect: String,
    issuer: String,
    document: String,
    machine: bool,
    no_pkce: bool,
    private_network: bool,
}

/// The slots, from above.
const SLOTS: &[Slot] = &[
    Slot::ClientId,
    Slot::ClientSecret,
    Slot::Scopes,
    Slot::CallbackPort,
    Slot::RedirectUrl,
    Slot::Issuer,
    Slot::ClientDocument,
    Slot::Machine,
    Slot::NoPkce,
    Slot::PrivateNetwork,
];

impl Client {
    /// What is set for a connector.
    pub(super) fn of(connector: &ConnectorView) -> Self {
        let set = &connector.sign_in_options;
        let text = |text: &Option<String>| Field::with(text.as_deref().unwrap_or_default());
        Self {
            // Whoever comes from *register a client by hand* is here for this.
            open: by_hand(connector).is_some(),
            id: text(&set.client_id),
            secret: SecretField::default(),
            scopes: Field::with(&set.scopes.join(" ")),
            port: text(&set.callback_port.map(|port| port.to_string())),
            redirect: text(&set.redirect_url),
            issuer: text(&set.issuer),
            document: text(&set.client_metadata_url),
            machine: set.machine,
            no_pkce: set.unadvertised_pkce,
            private_network: set.private_network,
        }
    }

    /// The text of a slot.
    pub(super) fn field(&self, slot: Slot) -> Option<&Field> {
        Some(match slot {
            Slot::ClientId => &self.id,
            Slot::Scopes => &self.scopes,
            Slot::CallbackPort => &self.port,
            Slot::RedirectUrl => &self.redirect,
            Slot::Issuer => &self.issuer,
            Slot::ClientDocument => &self.document,
            _ => return None,
        })
    }

    /// The text of a slot, to be typed into.
    pub(super) fn field_mut(&mut self, slot: Slot) -> Option<&mut Field> {
        Some(match slot {
            Slot::ClientId => &mut self.id,
            Slot::Scopes => &mut self.scopes,
            Slot::CallbackPort => &mut self.port,
            Slot::RedirectUrl => &mut self.redirect,
            Slot::Issuer => &mut self.issuer,
            Slot::ClientDocument => &mut self.document,
            _ => return None,
        })
    }

    /// Whether a slot is ticked; `None` where it is none that can be.
    pub(super) fn ticked(&self, slot: Slot) -> Option<bool> {
        Some(match slot {
            Slot::Machine => self.machine,
            Slot::NoPkce => self.no_pkce,
            Slot::PrivateNetwork => self.private_network,
            _ => return None,
        })
    }

    /// Ticks a slot, or takes that back.
    pub(super) fn tick(&mut self, slot: Slot) {
        let tick = match slot {
            Slot::Machine => &mut self.machine,
            Slot::NoPkce => &mut self.no_pkce,
            Slot::PrivateNetwork => &mut self.private_network,
            _ => return,
        };
        *tick = !*tick;
    }

    /// What is kept of it.
    pub(super) fn kept(&self) -> KeptClient {
        let text = |field: &Field| field.text().to_owned();
        KeptClient {
            id: text(&self.id),
            scopes: text(&self.scopes),
            port: text(&self.port),
            redirect: text(&self.redirect),
            issuer: text(&self.issuer),
            document: text(&self.document),
            machine: self.machine,
            no_pkce: self.no_pkce,
            private_network: self.private_network,
        }
    }

    /// Fills in what was kept.
    pub(super) fn fill_in(&mut self, kept: &KeptClient) {
        self.id = Field::with(&kept.id);
        self.scopes = Field::with(&kept.scopes);
        self.port = Field::with(&kept.port);
        self.redirect = Field::with(&kept.redirect);
        self.issuer = Field::with(&kept.issuer);
        self.document = Field::with(&kept.document);
        self.machine = kept.machine;
        self.no_pkce = kept.no_pkce;
        self.private_network = kept.private_network;
    }

    fn given(&self, slot: Slot) -> Option<String> {
        let text = self.field(slot)?.text().trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The scopes, blanks between them.
    fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        for scope in self.scopes.text().split_whitespace() {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        scopes
    }

    /// These, laid over what is set and has no field here.
    fn options(&self, before: SignInOptions) -> SignInOptions {
        SignInOptions {
            client_id: self.given(Slot::ClientId),
            client_metadata_url: self.given(Slot::ClientDocument),
            scopes: self.scopes(),
            callback_port: self.port.text().trim().parse().ok(),
            redirect_url: self.given(Slot::RedirectUrl),
            issuer: self.given(Slot::Issuer),
            unadvertised_pkce: self.no_pkce,
            private_network: self.private_network,
            machine: self.machine,
            ..before
        }
    }
}

/// What there is to register by hand, where the last sign-in ended with that.
pub(super) fn by_hand(connector: &ConnectorView) -> Option<&ManualRegistration> {
    connector.sign_in_report.as_ref()?.by_hand.as_deref()
}

impl State {
    /// Whether it will sign in by OAuth, as far as that is known.
    pub(super) fn signs_in(&self) -> bool {
        !self.program && self.auth_in_force() == Some(AuthKind::Oauth)
    }

    /// The slots behind the one line, from above; none where there is no sign-in.
    pub(super) fn client_slots(&self) -> &'static [Slot] {
        if self.signs_in() { SLOTS } else { &[] }
    }

    /// How it is to sign in, as the board is told; the usual way where it does not.
    pub(super) fn sign_in_options(&self) -> SignInOptions {
        let before = self.editing.as_ref().map(|it| it.sign_in.clone());
        let before = before.unwrap_or_default();
        if self.signs_in() {
            self.client.options(before)
        } else {
            before
        }
    }

    /// Whether anything of it is not as usual.
    pub(super) fn has_client(&self) -> bool {
        let usual = SignInOptions::default();
        self.signs_in() && (self.sign_in_options() != usual || !self.client.secret.is_empty())
    }

    /// What is set of it, in a few words; `None`: nothing is.
    pub(super) fn client_set(&self) -> Option<String> {
        let set = self.sign_in_options();
        let mut words = Vec::new();
        if set.machine {
            words.push("machine account".to_owned());
        }
        if set.client_id.is_some() || !self.client.secret.is_empty() {
            words.push("a client of yours".to_owned());
        }
        match set.scopes.len() {
            0 => {}
            1 => words.push("1 scope".to_owned()),
            many => words.push(format!("{many} scopes")),
        }
        if let Some(port) = set.callback_port {
            words.push(format!("port {port}"));
        }
        let rest = [
            (set.redirect_url.is_some(), "redirect URL"),
            (set.issuer.is_some(), "issuer"),
            (set.client_metadata_url.is_some(), "metadata document"),
            (set.unadvertised_pkce, "without a promise of PKCE"),
            (set.private_network, "private network"),
        ];
        words.extend(
            rest.iter()
                .filter(|(is_set, _)| *is_set)
                .map(|(_, word)| (*word).to_owned()),
        );
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// What is wrong at one of the slots, as far as the text tells.
    pub(super) fn client_wrong(&self, slot: Slot) -> Option<String> {
        let text = match slot {
            Slot::Machine => "",
            _ => self.client.field(slot)?.text().trim(),
        };
        let has_id = !self.client.id.text().trim().is_empty();
        match slot {
            Slot::ClientId if has_id => client_id(text),
            Slot::ClientId if !self.client.secret.is_empty() => {
                Some("a secret belongs to a client: its id is needed".to_owned())
            }
            Slot::Machine if self.client.machine && !has_id => {
                Some("a machine account needs the id and the secret of a client".to_owned())
            }
            _ if text.is_empty() => None,
            Slot::Scopes => scopes(text),
            Slot::CallbackPort => match text.parse::<u16>() {
                Ok(1..) => None,
                _ => Some("a port, 1 to 65535".to_owned()),
            },
            Slot::RedirectUrl => redirect(text),
            Slot::Issuer => issuer(text),
            Slot::ClientDocument => document(text),
            _ => None,
        }
    }
}

/// RFC 6749 appendix A.1: visible ASCII and blanks.
fn client_id(text: &str) -> Option<String> {
    let fits = text.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    (!fits).then(|| "an id is made of ASCII letters and signs".to_owned())
}

/// RFC 6749 section 3.3: the characters of a scope.
fn scopes(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '"' | '\\');
    let wrong = text
        .chars()
        .find(|letter| !letter.is_whitespace() && !fits(*letter))?;
    Some(match wrong {
        '"' | '\\' => format!("a scope has no {wrong}; blanks stand between two"),
        _ => "a scope is made of ASCII letters and signs".to_owned(),
    })
}

/// What a browser may end at: this machine, or a page of yours whose address is pasted.
fn redirect(text: &str) -> Option<String> {
    let Ok(url) = Url::parse(text) else {
        return Some("an address such as http://127.0.0.1:41763/callback".to_owned());
    };
    let here = is_loopback(&url);
    if url.fragment().is_some() {
        return Some("a redirect URL has no # and nothing behind it".to_owned());
    }
    let fits = matches!((url.scheme(), here), ("https", false) | ("http", true));
    (!fits).then(|| "https, or http on this machine: http://127.0.0.1:PORT/…".to_owned())
}

fn issuer(text: &str) -> Option<String> {
    let fits = Url::parse(text)
        .is_ok_and(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)));
    (!fits).then(|| "the issuer's address, which begins with https://".to_owned())
}

/// Section 3 of draft-ietf-oauth-client-id-metadata-document.
fn document(text: &str) -> Option<String> {
    let fits = Url::parse(text)
        .is_ok_and(|url| url.scheme() == "https" && url.path() != "/" && url.fragment().is_none());
    (!fits).then(|| "an address with a path, such as https://example.com/client.json".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::form::AuthChoice;
    use super::*;

    fn typed(slot: Slot, text: &str) -> State {
        let mut form = State::default();
        form.auth = AuthChoice::Given(AuthKind::Oauth);
        *form.client.field_mut(slot).unwrap() = Field::with(text);
        form
    }

    #[test]
    fn what_cannot_be_right_is_named_at_its_field() {
        for (slot, text, fits) in [
            (Slot::ClientId, "my-client 1", true),
            (Slot::ClientId, "clïent", false),
            (Slot::Scopes, "read  write:all", true),
            (Slot::Scopes, "read \"write\"", false),
            (Slot::Scopes, "read\\x", false),
            (Slot::CallbackPort, "41763", true),
            (Slot::CallbackPort, "0", false),
            (Slot::CallbackPort, "65536", false),
            (Slot::RedirectUrl, "http://127.0.0.1:41763/callback", true),
            (Slot::RedirectUrl, "http://localhost:8/cb", true),
            (Slot::RedirectUrl, "https://me.example/cb?x=1", true),
            (Slot::RedirectUrl, "http://me.example/cb", false),
            (Slot::RedirectUrl, "https://me.example/cb#x", false),
            (Slot::RedirectUrl, "javascript:alert(1)", false),
            (Slot::RedirectUrl, "callback", false),
            (Slot::Issuer, "https://as.example/tenant", true),
            (Slot::Issuer, "as.example", false),
            (Slot::ClientDocument, "https://me.example/c.json", true),
            (Slot::ClientDocument, "https://me.example", false),
        ] {
            let form = typed(slot, text);
            assert_eq!(form.client_wrong(slot).is_none(), fits, "{slot:?} {text}");
        }
    }

    #[test]
    fn a_secret_and_a_machine_need_the_id_of_their_client() {
        let mut form = typed(Slot::ClientId, "");
        assert_eq!(form.client_wrong(Slot::ClientId), None);
        form.client.secret = SecretField::with("s3cret").unwrap();
        assert!(form.client_wrong(Slot::ClientId).is_some());
        form.client.tick(Slot::Machine);
        assert!(form.client_wrong(Slot::Machine).is_some());
        *form.client.field_mut(Slot::ClientId).unwrap() = Field::with("mine");
        assert_eq!(form.client_wrong(Slot::ClientId), None);
        assert_eq!(form.client_wrong(Slot::Machine), None);
    }

    #[test]
    fn nothing_of_it_counts_where_there_is_no_sign_in() {
        let mut form = typed(Slot::ClientId, "mine");
        assert!(form.has_client());
        form.auth = AuthChoice::Given(AuthKind::Bearer);
        assert!(!form.has_client());
        assert_eq!(form.sign_in_options(), SignInOptions::default());
        assert!(form.client_slots().is_empty());
    }
}
