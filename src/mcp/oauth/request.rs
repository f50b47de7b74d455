//! A request of the flow as plain data: what is sent, how it is shown, and the
//! `curl` line that repeats it. Only [`Request::payload`] and [`Request::authorization`]
//! give its secrets away.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::domain::Secret;
use crate::mcp::hide::Hidden;

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    /// User and password of Basic authentication (RFC 6749 section 2.3.1).
    pub(super) basic: Option<(String, Secret)>,
    pub(super) body: Body,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    None,
    Form(Vec<(&'static str, Field)>),
    Json(Value),
}

/// A field of a form.
#[derive(Clone, Debug)]
pub(super) enum Field {
    Plain(String),
    /// Shown as a variable of this name.
    Hidden(&'static str, Secret),
}

impl Field {
    fn value(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Hidden(_, secret) => secret.expose(),
        }
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl Request {
    pub(super) fn get(url: &Url) -> Self {
        Self {
            method: Method::GET,
            url: url.clone(),
            basic: None,
            body: Body::None,
        }
    }

    pub(super) fn form(url: &Url, fields: Vec<(&'static str, Field)>) -> Self {
        Self {
            method: Method::POST,
            url: url.clone(),
            basic: None,
            body: Body::Form(fields),
        }
    }

    pub(super) fn json(url: &Url, body: Value) -> Self {
        Self {
            method: Method::POST,
            url: url.clone(),
            basic: None,
            body: Body::Json(body),
        }
    }

    /// Takes its secrets out of what a server says.
    pub(super) fn hidden(&self) -> Hidden {
        Hidden::of_forms(self.secrets())
    }

    /// Every secret in it, in the forms that a server could quote.
    fn secrets(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Some((_, password)) = &self.basic {
            found.push(password.expose().to_owned());
            found.extend(self.authorization());
        }
        if let Body::Form(fields) = &self.body {
            for (_, field) in fields {
                if let Field::Hidden(_, secret) = field {
                    found.push(secret.expose().to_owned());
                    found.push(encoded(secret.expose()));
                }
            }
        }
        found
    }

    /// Content type and body as they go out.
    pub(super) fn payload(&self) -> Option<(&'static str, Vec<u8>)> {
        match &self.body {
            Body::None => None,
            Body::Json(value) => Some(("application/json", value.to_string().into_bytes())),
            Body::Form(fields) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (name, field) in fields {
                    form.append_pair(name, field.value());
                }
                let body = form.finish().into_bytes();
                Some(("application/x-www-form-urlencoded", body))
            }
        }
    }

    /// The credentials of Basic authentication: both halves are form-encoded first
    /// (RFC 6749 section 2.3.1).
    pub(super) fn authorization(&self) -> Option<String> {
        let (user, password) = self.basic.as_ref()?;
        let pair = format!("{}:{}", encoded(user), encoded(password.expose()));
        Some(STANDARD.encode(pair))
    }

    /// `POST https://as.example/token`; a query is cut to `?…`.
    pub(super) fn shown(&self) -> String {
        format!(
            "{} {}",
            self.method,
            crate::guard::address::shown(&self.url)
        )
    }

    /// A `curl` line that repeats it. Whatever is secret stands as a variable of the
    /// shell; everything else is percent-encoded or in single quotes, so that a
    /// server's text is never read by the shell.
    pub(super) fn curl(&self) -> String {
        let mut line = String::from("curl -sS");
        if self.method != Method::GET && !matches!(self.body, Body::Form(_) | Body::Json(_)) {
            line.push_str(&format!(" -X {}", self.method));
        }
        line.push_str(" -H 'Accept: application/json'");
        if let Some((user, _)) = &self.basic {
            line.push_str(&format!(
                " -u {}:\"$CLIENT_SECRET\"",
                quoted(&encoded(user))
            ));
        }
        match &self.body {
            Body::None => {}
            Body::Json(value) => {
                line.push_str(" -H 'Content-Type: application/json' --data ");
                line.push_str(&quoted(&ascii_json(value)));
            }
            Body::Form(fields) => {
                for (name, field) in fields {
                    match field {
                        Field::Plain(text) => {
                            line.push_str(&format!(" --data '{name}={}'", encoded(text)));
                        }
                        Field::Hidden(variable, _) => {
                            line.push_str(&format!(" --data-urlencode \"{name}=${variable}\""));
                        }
                    }
                }
            }
        }
        line.push(' ');
        line.push_str(&quoted(self.url.as_str()));
        line
    }
}

/// `application/x-www-form-urlencoded`: ASCII letters, digits, `%`, `+`, `*-._`.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// JSON with everything that is not printable ASCII as `\u`.
fn ascii_json(value: &Value) -> String {
    let mut ascii = String::new();
    for unit in value.to_string().encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ 0x20..=0x7e) => ascii.push(char::from(byte)),
            _ => ascii.push_str(&format!("\\u{unit:04x}")),
        }
    }
    ascii
}

/// A word of a shell's command line.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn url() -> Url {
        Url::parse("https://as.example/token?tenant=7").unwrap()
    }

    #[test]
    fn a_curl_line_holds_no_secret() {
        let fields = vec![
            ("grant_type", "authorization_code".into()),
            ("code", Field::Hidden("CODE", Secret::new("c0de-s3cret"))),
        ];
        let mut request = Request::form(&url(), fields);
        request.basic = Some(("a b".to_owned(), Secret::new("cl1ent-s3cret")));
        let line = request.curl();
        assert!(!line.contains("s3cret"), "{line}");
        assert_eq!(
            line,
            "curl -sS -H 'Accept: application/json' -u 'a+b':\"$CLIENT_SECRET\" \
             --data 'grant_type=authorization_code' --data-urlencode \"code=$CODE\" \
             'https://as.example/token?tenant=7'"
        );
        assert!(!format!("{request:?}").contains("s3cret"));
        assert_eq!(request.shown(), "POST https://as.example/token?…");
    }

    #[test]
    fn a_server_s_text_cannot_leave_the_quotes_of_a_curl_line() {
        let evil = Url::parse("https://as.example/'$(id)").unwrap();
        assert_eq!(
            Request::get(&evil).curl(),
            r"curl -sS -H 'Accept: application/json' 'https://as.example/'\''$(id)'"
        );
        let body = json!({ "client_name": "it's\u{1b}[2J" });
        let line = Request::json(&url(), body).curl();
        assert!(line.contains(r"it'\''s\u001b[2J"), "{line}");
        let fields = vec![("client_id", "x' ; rm -rf ~ #".into())];
        assert!(
            Request::form(&url(), fields)
                .curl()
                .contains("--data 'client_id=x%27+%3B+rm+-rf+%7E+%23'")
        );
    }

    #[test]
    fn both_halves_of_basic_credentials_are_encoded_first() {
        let mut request = Request::form(&url(), Vec::new());
        request.basic = Some(("a:b".to_owned(), Secret::new("p@ss word")));
        let expected = STANDARD.encode("a%3Ab:p%40ss+word");
        assert_eq!(request.authorization(), Some(expected));
    }
}
