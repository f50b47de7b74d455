//! The options that most connectors do without: certificate authorities, a proxy,
//! a time-out, the variables of a local program. One line stands for them until
//! somebody opens it.

use url::Url;
use zeroize::Zeroize;

use super::form::{Slot, State};
use crate::domain::{ConnectionOptions, TIMEOUT_RANGE};
use crate::protocol::ConnectorView;
use crate::tui::effect::{Gather, Gathered};
use crate::tui::widget::field::Field;

/// Schemes that a proxy's address may begin with.
const PROXY_SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The options as typed.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The fields are shown.
    pub(super) open: bool,
    pub(super) authorities: Field,
    /// The authorities that the connector has already stay.
    pub(super) keep_authorities: bool,
    pub(super) proxy: Field,
    pub(super) time_out: Field,
    pub(super) variables: Field,
    /// What was wrong with what a field names, when it was read.
    pub(super) unread: Option<(Slot, String)>,
}

impl Reach {
    /// The options of a connector.
    pub(super) fn of(connector: &ConnectorView) -> Self {
        let options = &connector.options;
        let seconds = options.timeout_seconds.map(|seconds| seconds.to_string());
        Self {
            keep_authorities: options.ca_pem.is_some(),
            proxy: Field::with(options.proxy.as_deref().unwrap_or_default()),
            time_out: Field::with(&seconds.unwrap_or_default()),
            ..Self::default()
        }
    }

    /// The text of a slot.
    pub(super) fn field(&self, slot: Slot) -> Option<&Field> {
        Some(match slot {
            Slot::Authorities => &self.authorities,
            Slot::Proxy => &self.proxy,
            Slot::TimeOut => &self.time_out,
            Slot::Variables => &self.variables,
            _ => return None,
        })
    }

    /// The text of a slot, to be typed into.
    pub(super) fn field_mut(&mut self, slot: Slot) -> Option<&mut Field> {
        Some(match slot {
            Slot::Authorities => &mut self.authorities,
            Slot::Proxy => &mut self.proxy,
            Slot::TimeOut => &mut self.time_out,
            Slot::Variables => &mut self.variables,
            _ => return None,
        })
    }

    /// Empties a proxy's address that holds a password. Returns whether one did.
    pub(super) fn wipe_password(&mut self) -> bool {
        let mut address = self.address().unwrap_or_default();
        let held = Url::parse(&address).is_ok_and(|url| url.password().is_some());
        if held {
            self.proxy = Field::default();
        }
        address.zeroize();
        held
    }

    /// The proxy's address; a bare host means http, as everywhere else.
    fn address(&self) -> Option<String> {
        let text = self.proxy.text().trim();
        match text {
            "" => None,
            whole if whole.contains("://") => Some(whole.to_owned()),
            bare => Some(format!("http://{bare}")),
        }
    }

    /// The names of the variables, blanks or commas between them.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.variables.text().split([' ', ',', '\t']) {
            if !name.is_empty() && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

impl State {
    /// The slots behind the one line, from above.
    pub(super) fn options(&self) -> Vec<Slot> {
        if self.program {
            return vec![Slot::Variables, Slot::TimeOut];
        }
        let had = self
            .editing
            .as_ref()
            .is_some_and(|editing| editing.options.ca_pem.is_some());
        let mut slots = vec![Slot::Authorities];
        if had && self.reach.authorities.text().trim().is_empty() {
            slots.push(Slot::KeepAuthorities);
        }
        slots.extend([Slot::Proxy, Slot::TimeOut]);
        slots
    }

    /// What is set of them, in a few words; `None`: nothing is.
    pub(super) fn options_set(&self) -> Option<String> {
        let reach = &self.reach;
        let typed = |field: &Field| !field.text().trim().is_empty();
        let mut words = Vec::new();
        if self.program {
            match reach.names().len() {
                0 => {}
                1 => words.push("1 variable".to_owned()),
                many => words.push(format!("{many} variables")),
            }
        } else {
            if typed(&reach.authorities) || reach.keep_authorities {
                words.push("CA of its own".to_owned());
            }
            if typed(&reach.proxy) {
                words.push("proxy".to_owned());
            }
        }
        if typed(&reach.time_out) {
            words.push(format!("time-out {} s", reach.time_out.text().trim()));
        }
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// What is to be read before the board can be told; `None`: nothing.
    pub(super) fn to_gather(&self) -> Option<Gather> {
        let path = self.reach.authorities.text().trim();
        let wanted = if self.program {
            Gather {
                authorities: None,
                variables: self.reach.names(),
            }
        } else {
            Gather {
                authorities: (!path.is_empty()).then(|| path.into()),
                variables: vec![],
            }
        };
        (wanted != Gather::default()).then_some(wanted)
    }

    /// Takes note of what could not be read. Returns its slot.
    pub(super) fn note_unread(&mut self, gathered: &Gathered) -> Option<Slot> {
        let unset = gathered
            .variables
            .iter()
            .find(|(_, value)| value.is_none())
            .map(|(name, _)| (Slot::Variables, format!("{name} is not set here, or empty")));
        let unread = match &gathered.authorities {
            Some(Err(fault)) => Some((Slot::Authorities, fault.message.clone())),
            _ => unset,
        };
        let slot = unread.as_ref().map(|(slot, _)| *slot);
        self.reach.unread = unread;
        slot
    }

    /// How the server is to be reached, or the program waited for.
    pub(super) fn connection_options(&self, authorities: Option<String>) -> ConnectionOptions {
        let before = self
            .editing
            .as_ref()
            .map(|editing| editing.options.clone())
            .unwrap_or_default();
        let timeout_seconds = self.reach.time_out.text().trim().parse().ok();
        if self.program {
            return ConnectionOptions {
                timeout_seconds,
                ..before
            };
        }
        let kept = before.ca_pem.filter(|_| self.reach.keep_authorities);
        let typed = self.reach.proxy.text().trim();
        ConnectionOptions {
            ca_pem: authorities.or(kept),
            // As it was: the address that is shown may lack its password.
            proxy: if before.proxy.as_deref() == Some(typed) {
                before.proxy
            } else {
                self.reach.address()
            },
            timeout_seconds,
            plain_http: self.plain_http,
        }
    }

    /// What is wrong at one of the slots, as far as the text tells.
    pub(super) fn option_wrong(&self, slot: Slot) -> Option<String> {
        if let Some((unread, why)) = &self.reach.unread
            && *unread == slot
        {
            return Some(why.clone());
        }
        let text = self.reach.field(slot)?.text().trim();
        match slot {
            _ if text.is_empty() => None,
            Slot::Proxy => self.reach.address().and_then(|address| proxy(&address)),
            Slot::TimeOut => match text.parse::<u32>() {
                Ok(seconds) if TIMEOUT_RANGE.contains(&seconds) => None,
                _ => Some(format!(
                    "a whole number of seconds, {} to {}",
                    TIMEOUT_RANGE.start(),
                    TIMEOUT_RANGE.end()
                )),
            },
            Slot::Variables => self.variables_wrong(),
            _ => None,
        }
    }

    fn variables_wrong(&self) -> Option<String> {
        let names = self.reach.names();
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        // Never quoted: somebody may have typed the value itself.
        if !names.iter().all(|name| name.bytes().all(letter)) {
            return Some("names alone, of letters, digits and _; no values".to_owned());
        }
        let editing = self.editing.as_ref()?;
        let other = names
            .iter()
            .find(|name| !editing.variables.contains(name))?;
        Some(format!(
            "{other} is not among its variables; remove it and add it anew with this one"
        ))
    }
}

/// What is wrong with a proxy's address, which is never repeated: it may hold a
/// password.
fn proxy(address: &str) -> Option<String> {
    let fits = Url::parse(address).is_ok_and(|url| {
        PROXY_SCHEMES.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty())
    });
    (!fits).then(|| "an address such as http://HOST:PORT or socks5h://HOST:PORT".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(slot: Slot, text: &str) -> State {
        let mut form = State::default();
        form.program = slot == Slot::Variables;
        *form.reach.field_mut(slot).unwrap() = Field::with(text);
        form
    }

    #[test]
    fn a_time_out_is_within_its_range() {
        for (text, fits) in [
            ("1", true),
            ("3600", true),
            ("0", false),
            ("3601", false),
            ("5s", false),
            ("-1", false),
        ] {
            let form = typed(Slot::TimeOut, text);
            assert_eq!(form.option_wrong(Slot::TimeOut).is_none(), fits, "{text}");
        }
    }

    #[test]
    fn a_proxy_needs_a_host_and_a_known_scheme() {
        for (text, fits) in [
            ("proxy.example:3128", true),
            ("socks5h://127.0.0.1", true),
            ("ftp://proxy.example", false),
            ("http://ana:hunter2@", false),
        ] {
            let form = typed(Slot::Proxy, text);
            let wrong = form.option_wrong(Slot::Proxy);
            assert_eq!(wrong.is_none(), fits, "{text}");
            assert!(!wrong.unwrap_or_default().contains("hunter2"));
        }
    }

    #[test]
    fn a_bare_proxy_is_written_out_so_that_its_password_can_be_told() {
        let form = typed(Slot::Proxy, "ana:hunter2@proxy:3128");
        let options = form.connection_options(None);
        assert_eq!(
            options.proxy.as_deref(),
            Some("http://ana:hunter2@proxy:3128")
        );
        let mut form = form;
        assert!(form.reach.wipe_password());
        assert_eq!(form.reach.proxy.text(), "");
    }

    #[test]
    fn variables_are_names_and_nothing_else() {
        let form = typed(Slot::Variables, "A, B_2  A");
        assert_eq!(form.to_gather().unwrap().variables, ["A", "B_2"]);
        assert_eq!(form.option_wrong(Slot::Variables), None);
        let form = typed(Slot::Variables, "TOKEN=hunter2");
        let wrong = form.option_wrong(Slot::Variables).unwrap();
        assert!(!wrong.contains("hunter2"));
    }
}
