//! A browser without windows: it follows redirects, keeps cookies, and fills in forms.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

/// Most redirects of one step.
const REDIRECTS: usize = 20;

/// A page that it stands on.
#[derive(Clone, Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub text: String,
}

/// A form of a page.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub action: String,
    pub post: bool,
    /// Fields and what is in them.
    pub fields: Vec<(String, String)>,
    /// Buttons: name, and what they send. What cannot be sent has no name.
    pub buttons: Vec<(String, String)>,
}

/// A browser.
pub struct Browser {
    client: reqwest::Client,
    /// Cookies by host and port.
    jar: BTreeMap<String, BTreeMap<String, String>>,
    /// Addresses that begin so are out of its reach.
    unreachable: Option<String>,
}

impl Browser {
    pub fn new() -> Self {
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(tls)
            .build()
            .unwrap();
        Self {
            client,
            jar: BTreeMap::new(),
            unreachable: None,
        }
    }

    /// One on another machine: it cannot reach addresses that begin so, and ends there
    /// with an empty page.
    pub fn elsewhere(unreachable: &str) -> Self {
        Self {
            unreachable: Some(unreachable.to_owned()),
            ..Self::new()
        }
    }

    /// Opens an address and goes wherever it leads.
    pub async fn open(&mut self, url: &str) -> Page {
        let url = Url::parse(url).unwrap();
        self.go(self.client.get(url.clone()), url).await
    }

    /// Fills in the form of a page and presses a button.
    ///
    /// # Panics
    /// Where the page has no such form.
    pub async fn submit(&mut self, page: &Page, fill: &[(&str, &str)], button: &str) -> Page {
        let forms = page.forms();
        let pressed = |form: &Form| {
            let found = form.buttons.iter().find(|(_, value)| value == button);
            found.cloned()
        };
        let (form, (name, value)) = forms
            .iter()
            .find_map(|form| Some((form, pressed(form)?)))
            .unwrap_or_else(|| panic!("no button {button}: {} {}", page.url, page.text));
        let mut fields = form.fields.clone();
        for (key, text) in fill {
            match fields.iter_mut().find(|(known, _)| known == key) {
                Some(field) => field.1 = (*text).to_owned(),
                None => panic!("no field {key}: {}", page.text),
            }
        }
        if !name.is_empty() {
            fields.push((name, value));
        }
        let pairs: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut url = page.url.join(&form.action).unwrap();
        if !form.post {
            url.set_query(Some(&pairs));
            return self.go(self.client.get(url.clone()), url).await;
        }
        let asked = self
            .client
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", page.url.origin().ascii_serialization())
            .body(pairs);
        self.go(asked, url).await
    }

    async fn go(&mut self, first: reqwest::RequestBuilder, at: Url) -> Page {
        let (mut asked, mut url) = (first, at);
        for _ in 0..REDIRECTS {
            let place = url.authority().to_owned();
            let cookies = self.jar.entry(place.clone()).or_default();
            let said: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            if !said.is_empty() {
                asked = asked.header(COOKIE, said.join("; "));
            }
            let response = asked.send().await.unwrap();
            for value in response.headers().get_all(SET_COOKIE) {
                self.keep(&place, value.to_str().unwrap());
            }
            let status = response.status();
            let leads = response
                .headers()
                .get(LOCATION)
                .filter(|_| status.is_redirection());
            let Some(leads) = leads.map(|place| place.to_str().unwrap().to_owned()) else {
                return Page {
                    url,
                    status: status.as_u16(),
                    text: response.text().await.unwrap(),
                };
            };
            url = url.join(&leads).unwrap();
            let unreachable = self.unreachable.as_deref();
            if unreachable.is_some_and(|begin| url.as_str().starts_with(begin)) {
                return Page {
                    url,
                    status: 200,
                    text: String::new(),
                };
            }
            asked = self.client.get(url.clone());
        }
        panic!("it leads nowhere: {url}");
    }

    fn keep(&mut self, place: &str, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let jar = self.jar.entry(place.to_owned()).or_default();
        let gone =
            parts.any(|part| part.eq_ignore_ascii_case("max-age=0") || part.contains("1970"));
        if gone || value.is_empty() {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Page {
    /// Its forms, as far as a test needs them.
    pub fn forms(&self) -> Vec<Form> {
        let mut forms: Vec<Form> = Vec::new();
        let mut open = false;
        for tag in self.text.split('<').skip(1) {
            let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
            let name = inside.split_whitespace().next().unwrap_or_default();
            let said = |key: &str| attribute(inside, key).unwrap_or_default();
            match (name.to_ascii_lowercase().as_str(), forms.last_mut()) {
                ("form", _) => {
                    open = true;
                    forms.push(Form {
                        action: said("action"),
                        post: said("method").eq_ignore_ascii_case("post"),
                        ..Form::default()
                    });
                }
                ("/form", _) => open = false,
                ("input", Some(form)) if open && said("type") == "submit" => {
                    form.buttons.push((said("name"), said("value")));
                }
                ("input", Some(form)) if open => form.fields.push((said("name"), said("value"))),
                ("button", Some(form)) if open => {
                    let label = attribute(inside, "value").unwrap_or_else(|| plain(after));
                    form.buttons.push((said("name"), label));
                }
                _ => {}
            }
        }
        forms
    }
}

fn attribute(tag: &str, key: &str) -> Option<String> {
    let (_, rest) = tag
        .split_once(&format!(" {key}="))
        .or_else(|| tag.split_once(&format!("\n{key}=")))?;
    let value = match rest.strip_prefix(['"', '\'']) {
        // The quote that it began with is the one that ends it.
        Some(inside) => inside.split(rest.chars().next()?).next()?,
        None => rest.split_whitespace().next()?,
    };
    Some(plain(value))
}

fn plain(text: &str) -> String {
    text.trim()
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
