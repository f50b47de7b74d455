//! Which addresses of a server's metadata may be used, and for what.

use url::Url;

use crate::domain::Untrusted;
use crate::guard::address::{AddressClass, class_of};
use crate::guard::sanitise;
use crate::mcp::detect::places::may_fetch;

/// Longest address that is taken from metadata, in bytes.
const LIMIT: usize = 8 * 1024;

/// On whose behalf an address is used.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// The MCP server.
    pub(super) server: Url,
    /// The operator accepts private networks for this server.
    pub(super) private_network: bool,
}

impl Rules {
    /// Whether an address that a server named may be asked or opened: https, or http
    /// where both are this machine; no user, no fragment; no address of a network that
    /// the MCP server is not in (MCP 2026-07-28, security best practices, "SSRF" and
    /// "OAuth authorization URL").
    ///
    /// # Errors
    /// Says why not, to follow the address's name in a sentence.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        if url.fragment().is_some() {
            return Err("has a fragment".to_owned());
        }
        match may_fetch(url, &self.server) {
            Err(why) if !self.accepts(url) => Err(why.to_owned()),
            _ => Ok(()),
        }
    }

    fn accepts(&self, url: &Url) -> bool {
        let inner = matches!(
            class_of(url),
            AddressClass::Private | AddressClass::Loopback
        );
        let bare = url.username().is_empty() && url.password().is_none();
        self.private_network && inner && bare && url.scheme() == "https"
    }

    /// An address as metadata writes it: absolute and allowed.
    ///
    /// # Errors
    /// As [`Self::check`], with the address quoted.
    pub(super) fn read(&self, text: &str) -> Result<Url, String> {
        let quoted = || sanitise::line(&Untrusted::new(text), 100);
        if text.len() > LIMIT {
            return Err(format!("is longer than {LIMIT} bytes"));
        }
        let url = Url::parse(text).map_err(|_| format!("is not an address (“{}”)", quoted()))?;
        self.check(&url)
            .map_err(|why| format!("{why} (“{}”)", quoted()))?;
        Ok(url)
    }
}

/// An address as it is shown, copied and handed to a browser: what no address may hold
/// (RFC 3986 section 2) and parsers leave standing all the same is percent-encoded.
pub(super) fn openable(url: &Url) -> String {
    let mut text = String::new();
    for letter in url.as_str().chars() {
        match letter {
            '"' | '\'' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                text.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(server: &str, private_network: bool) -> Rules {
        Rules {
            server: Url::parse(server).unwrap(),
            private_network,
        }
    }

    #[test]
    fn an_address_that_nobody_should_open_is_refused_with_the_reason() {
        let public = rules("https://mcp.example/mcp", false);
        for (text, why) in [
            ("javascript:alert(1)//x", "is neither https nor http"),
            ("data:text/html,x", "is neither https nor http"),
            ("file:///etc/passwd", "is neither https nor http"),
            ("vbscript:x", "is neither https nor http"),
            ("http://as.example/authorize", "is plain http"),
            ("http://127.0.0.1/authorize", "is plain http"),
            ("https://127.0.0.1/authorize", "points at this machine"),
            ("https://localhost/authorize", "points at this machine"),
            ("https://10.0.0.7/a", "points into a private network"),
            (
                "https://[::ffff:10.0.0.7]/a",
                "points into a private network",
            ),
            ("https://2130706433/a", "points at this machine"),
            ("https://169.254.169.254/a", "points at the local link"),
            ("https://0.0.0.0/a", "is no address of a server"),
            ("https://u:p@as.example/a", "holds a user or a password"),
            ("https://as.example/a#x", "has a fragment"),
            ("/authorize", "is not an address"),
            ("calc.exe", "is not an address"),
        ] {
            let said = public.read(text).unwrap_err();
            assert!(said.starts_with(why), "{text}: {said}");
        }
        assert!(public.read("https://as.example/$(calc)").is_ok());
    }

    #[test]
    fn what_no_address_may_hold_is_encoded() {
        let url = Url::parse("https://as.example/a'b^c?d=`e|f{g}'h&i=%60").unwrap();
        assert_eq!(
            openable(&url),
            "https://as.example/a%27b%5Ec?d=%60e%7Cf%7Bg%7D%27h&i=%60"
        );
    }

    #[test]
    fn a_server_at_home_may_name_its_own_kind_of_network() {
        assert!(
            rules("http://127.0.0.1:1/mcp", false)
                .read("http://localhost:2/a")
                .is_ok()
        );
        assert!(
            rules("https://10.0.0.1/mcp", false)
                .read("https://10.0.0.2/a")
                .is_ok()
        );
        assert!(
            rules("https://mcp.example", true)
                .read("https://10.0.0.2/a")
                .is_ok()
        );
        assert!(
            rules("https://mcp.example", true)
                .read("http://10.0.0.2/a")
                .is_err()
        );
        assert!(
            rules("https://mcp.example", true)
                .read("https://169.254.169.254/a")
                .is_err()
        );
    }
}
