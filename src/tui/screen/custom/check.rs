//! What is wrong with what was typed, at its field, as it is typed.

use super::form::{Slot, State};
use crate::domain::{AuthKind, AuthMethod, ConnectorName};
use crate::guard::address::read_address;
use crate::tui::model::Model;
use crate::tui::widget::field::SecretField;

impl State {
    /// Whether the URL is fine but for being plain http to another machine.
    pub(super) fn wants_plain_http(&self) -> bool {
        let text = self.url.text();
        read_address(text, false).is_err() && read_address(text, true).is_ok()
    }

    /// The host that is to be trusted, where the URL has one.
    pub(super) fn host(&self) -> Option<String> {
        if self.program {
            return split_words(self.command.text())
                .ok()
                .and_then(|words| words.into_iter().next());
        }
        let url = read_address(self.url.text(), true).ok()?;
        let host = url.host_str()?;
        Some(match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    }

    /// Whether a secret may stay empty: the vault has one for this already.
    pub(super) fn keeps_secret(&self, kind: AuthKind) -> bool {
        !self.needs_trust()
            && self
                .editing
                .as_ref()
                .is_some_and(|editing| !editing.lacks_secret && editing.method.kind() == kind)
    }
}

/// What is wrong at a slot; `None` where nothing is, or nothing can be said yet.
pub(super) fn wrong(model: &Model, slot: Slot) -> Option<String> {
    let form = &model.tabs.custom;
    let empty = |text: &str| text.trim().is_empty();
    match slot {
        Slot::Name if empty(form.name.text()) && !form.tried => None,
        Slot::Name => name(model),
        Slot::Url if empty(form.url.text()) && !form.tried => None,
        Slot::Url => read_address(form.url.text(), form.plain_http)
            .err()
            .map(|fault| fault.message),
        Slot::Variable(_) | Slot::SecretVariable(_) | Slot::ChosenVariable(_) => {
            form.variable_wrong(slot)
        }
        Slot::PlainHttp if form.plain_http && sends_secret(form) => Some(
            "no secret travels over plain http; choose none, or an https:// address".to_owned(),
        ),
        Slot::Command if empty(form.command.text()) && !form.tried => None,
        Slot::Command => match split_words(form.command.text()) {
            Ok(words) if words.is_empty() => Some("the command line is empty".to_owned()),
            Ok(_) => None,
            Err(why) => Some(why),
        },
        Slot::Authorities | Slot::Proxy | Slot::TimeOut | Slot::Variables => {
            form.option_wrong(slot)
        }
        Slot::ClientId
        | Slot::Scopes
        | Slot::CallbackPort
        | Slot::RedirectUrl
        | Slot::Issuer
        | Slot::ClientDocument
        | Slot::Machine => form.client_wrong(slot),
        _ if !form.tried => None,
        Slot::Auth if form.auth_in_force() == Some(AuthKind::Unknown) => {
            Some("it wants something, and does not say what: choose".to_owned())
        }
        Slot::Token if form.token.is_empty() && !form.keeps_secret(AuthKind::Bearer) => {
            Some("type or paste the token".to_owned())
        }
        Slot::User if empty(form.user.text()) => Some("a user name is needed".to_owned()),
        Slot::User if form.user.text().contains(':') => {
            Some("a user name has no colon (RFC 7617)".to_owned())
        }
        Slot::Password if form.password.is_empty() && !form.keeps_secret(AuthKind::Basic) => {
            Some("type or paste the password".to_owned())
        }
        Slot::HeaderName => header(form.header_name.text().trim()),
        Slot::HeaderValue
            if form.header_value.is_empty() && !form.keeps_secret(AuthKind::Header) =>
        {
            Some("type or paste the header's value".to_owned())
        }
        Slot::MoreHeader(_)
            if form.secret(slot).is_some_and(SecretField::is_empty)
                && form
                    .entry
                    .as_ref()
                    .and_then(|it| it.header(slot))
                    .is_some_and(|it| it.required) =>
        {
            Some("type or paste its value".to_owned())
        }
        Slot::Trust if !form.trust => {
            Some("nothing is connected that you do not trust: Space ticks it".to_owned())
        }
        _ => None,
    }
}

/// The first slot at which something is wrong.
pub(super) fn first_wrong(model: &Model) -> Option<Slot> {
    let form = &model.tabs.custom;
    // What is folded away counts too.
    form.slots()
        .into_iter()
        .chain(form.client_slots().iter().copied())
        .chain(form.options())
        .find(|slot| wrong(model, *slot).is_some())
}

fn name(model: &Model) -> Option<String> {
    let name = match ConnectorName::parse(model.tabs.custom.name.text()) {
        Ok(name) => name,
        Err(error) => return Some(error.to_string()),
    };
    // The board may say that it has it before it says how connecting went.
    if model.tabs.custom.connecting.is_some() {
        return None;
    }
    let own = model
        .tabs
        .custom
        .editing
        .as_ref()
        .map(|editing| &editing.id);
    let taken = model
        .mirror
        .connectors
        .iter()
        .find(|other| other.name.folded() == name.folded() && Some(&other.id) != own)?;
    Some(format!("there is a connector {} already", taken.name))
}

fn sends_secret(form: &State) -> bool {
    matches!(
        form.auth_in_force(),
        Some(AuthKind::Bearer | AuthKind::Basic | AuthKind::Header | AuthKind::Oauth)
    )
}

/// RFC 9110 section 5.6.2: the characters of a token.
fn header(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("the header's name is needed, for instance X-Api-Key".to_owned());
    }
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    name.chars().position(|letter| !fits(letter)).map(|place| {
        let place = place.saturating_add(1);
        format!("a header's name has no such character as at place {place}")
    })
}

/// How the form says that it is to be authenticated.
pub(super) fn method(form: &State, kind: AuthKind) -> Option<AuthMethod> {
    Some(match kind {
        AuthKind::None => AuthMethod::None,
        AuthKind::Bearer => AuthMethod::Bearer,
        AuthKind::Basic => AuthMethod::Basic {
            user: form.user.text().trim().to_owned(),
        },
        AuthKind::Header => AuthMethod::Header {
            names: [form.header_name.text().trim()]
                .into_iter()
                .chain(form.further_headers().into_iter().map(|(name, _)| name))
                .map(str::to_owned)
                .collect(),
        },
        AuthKind::Oauth => AuthMethod::Oauth,
        AuthKind::Unknown => return None,
    })
}

/// Splits a command line as a shell does, without expanding anything: blanks
/// separate, quotes and backslashes keep together.
pub(in crate::tui) fn split_words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' => words.extend(word.take()),
            '\'' | '"' => {
                let text = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        Some(end) if end == letter => break,
                        Some('\\') if letter == '"' => text.extend(letters.next()),
                        Some(inner) => text.push(inner),
                        None => return Err(format!("a {letter} is opened and not closed")),
                    }
                }
            }
            '\\' => match letters.next() {
                Some(next) => word.get_or_insert_default().push(next),
                None => return Err("nothing follows the last backslash".to_owned()),
            },
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_split_as_a_shell_does() {
        let split = |line| split_words(line).unwrap();
        assert_eq!(split("npx -y  server"), ["npx", "-y", "server"]);
        assert_eq!(
            split(r#"a 'b c' "d \"e" f\ g ''"#),
            ["a", "b c", "d \"e", "f g", ""]
        );
        assert_eq!(split("$HOME *"), ["$HOME", "*"]);
        assert!(split_words("a 'b").is_err());
        assert!(split_words("a \\").is_err());
    }

    #[test]
    fn a_header_is_named_by_its_own_rules() {
        assert_eq!(header("X-Api-Key"), None);
        assert!(header("X Api").unwrap().contains("place 2"));
        assert!(header("").is_some());
    }
}
