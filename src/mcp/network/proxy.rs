//! Proxies: a connector's own, and the environment's.

use reqwest::{NoProxy, Proxy};
use url::Url;

use crate::domain::Fault;

/// This machine is never reached through a proxy that the environment names: the
/// proxy's localhost is another machine.
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// What the environment says about proxies, in the names that curl reads.
#[derive(Clone, Default)]
pub(super) struct ProxyEnvironment {
    /// Variable and value, for http, https and everything.
    http: Option<(&'static str, String)>,
    https: Option<(&'static str, String)>,
    all: Option<(&'static str, String)>,
    exempt: Option<String>,
}

impl ProxyEnvironment {
    /// Reads it through `look_up`. `HTTP_PROXY` in capitals is not read where a
    /// CGI could have set it from a request's header.
    pub(super) fn read(look_up: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| {
                let value = look_up(name).filter(|value| !value.trim().is_empty())?;
                Some((*name, value))
            })
        };
        let cgi = look_up("REQUEST_METHOD").is_some();
        Self {
            http: first(if cgi {
                &["http_proxy"]
            } else {
                &["http_proxy", "HTTP_PROXY"]
            }),
            https: first(&["https_proxy", "HTTPS_PROXY"]),
            all: first(&["all_proxy", "ALL_PROXY"]),
            exempt: first(&["no_proxy", "NO_PROXY"]).map(|(_, value)| value),
        }
    }

    /// The proxies, the more special first.
    ///
    /// # Errors
    /// [`crate::domain::FaultKind::Config`] naming the variable: going around a
    /// proxy that cannot be read would be the wrong guess.
    pub(super) fn proxies(&self) -> Result<Vec<Proxy>, Fault> {
        type Make = fn(Url) -> reqwest::Result<Proxy>;
        let kinds: [(&Option<(&'static str, String)>, Make); 3] = [
            (&self.http, Proxy::http),
            (&self.https, Proxy::https),
            (&self.all, Proxy::all),
        ];
        let mut proxies = Vec::new();
        for (setting, make) in kinds {
            let Some((name, value)) = setting else {
                continue;
            };
            let broken = |what: &str| {
                Fault::config(format!("the environment variable {name} {what}")).hint(format!(
                    "correct or unset {name} and start the board again: callboard stop"
                ))
            };
            let url = proxy_url(value).map_err(|what| broken(&what))?;
            let proxy = make(url).map_err(|_| broken("is not a proxy's address"))?;
            proxies.push(proxy.no_proxy(self.exemptions()));
        }
        Ok(proxies)
    }

    fn exemptions(&self) -> Option<NoProxy> {
        let list = match &self.exempt {
            Some(names) => format!("{THIS_MACHINE},{names}"),
            None => THIS_MACHINE.to_owned(),
        };
        NoProxy::from_string(&list)
    }
}

/// Reads the proxy of one connector. It is used for every address, this machine's
/// too: the operator said so for this one.
///
/// # Errors
/// [`crate::domain::FaultKind::User`]; the address is not repeated, because it may
/// hold a password.
pub(super) fn read_proxy(text: &str) -> Result<Proxy, Fault> {
    let broken = |what: &str| {
        Fault::user(format!("the proxy's address {what}")).hint(
            "give --proxy one such as http://proxy.example.com:3128 or socks5h://127.0.0.1:1080",
        )
    };
    let url = proxy_url(text).map_err(|what| broken(&what))?;
    Proxy::all(url).map_err(|_| broken("cannot be used"))
}

/// The address of a proxy; a bare host means http, as everywhere else.
fn proxy_url(text: &str) -> Result<Url, String> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let mut url = Url::parse(&whole).map_err(|error| format!("cannot be read: {error}"))?;
    let known = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];
    if !known.contains(&url.scheme()) {
        return Err(format!(
            "begins with {}://, which is none of {}",
            url.scheme(),
            known.join(", ")
        ));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("has no host".to_owned());
    }
    if url.scheme().starts_with("socks") && url.port().is_none() {
        // Its port has no default in the URL standard; 1080 is the registered one.
        let _ = url.set_port(Some(1080));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> ProxyEnvironment {
        ProxyEnvironment::read(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn small_letters_come_before_capitals_and_empty_ones_do_not_count() {
        let read = environment(&[
            ("https_proxy", "a:1"),
            ("HTTPS_PROXY", "b:1"),
            ("all_proxy", " "),
            ("ALL_PROXY", "c:1"),
        ]);
        assert_eq!(read.https, Some(("https_proxy", "a:1".to_owned())));
        assert_eq!(read.all, Some(("ALL_PROXY", "c:1".to_owned())));
        assert_eq!(read.proxies().expect("proxies").len(), 2);
    }

    #[test]
    fn a_request_header_cannot_name_the_proxy_of_a_cgi() {
        let read = environment(&[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "evil:1")]);
        assert_eq!(read.http, None);
    }

    #[test]
    fn a_proxy_that_cannot_be_read_is_named_without_its_password() {
        for text in [
            "http://me:hunter2@",
            "ftp://me:hunter2@host",
            "http://me:hunter2@host:99999",
            "http://me:hunter2@ho st",
        ] {
            let fault = read_proxy(text).expect_err(text);
            assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
            let fault = environment(&[("ALL_PROXY", text)])
                .proxies()
                .expect_err(text);
            assert!(fault.message.contains("ALL_PROXY"));
            assert!(!format!("{fault:?}").contains("hunter2"), "{fault:?}");
        }
    }

    #[test]
    fn a_proxy_is_read_with_and_without_a_scheme() {
        for (text, url) in [
            ("proxy.example.com:3128", "http://proxy.example.com:3128/"),
            (
                "http://me:pw@proxy.example.com:3128",
                "http://me:pw@proxy.example.com:3128/",
            ),
            ("socks5h://127.0.0.1", "socks5h://127.0.0.1:1080"),
        ] {
            assert_eq!(proxy_url(text).expect(text).as_str(), url);
            assert!(read_proxy(text).is_ok());
        }
    }
}
