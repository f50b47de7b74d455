//! callboard as a client of one authorization server.

use serde::{Deserialize, Serialize};
use url::Url;

use super::metadata::server::ServerMetadata;
use super::request::{Field, Request};
use crate::domain::{Fault, FaultKind, Registration, Secret, Timestamp};

/// How a client shows who it is at the token endpoint (RFC 6749 section 2.3, RFC
/// 8414 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuth {
    /// Its name alone: a public client.
    None,
    /// Name and secret as Basic authentication.
    Basic,
    /// Name and secret in the form.
    Post,
}

impl ClientAuth {
    /// The name in the registry.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        [Self::None, Self::Basic, Self::Post]
            .into_iter()
            .find(|one| one.method() == text)
    }

    /// How a client with a secret authenticates at a server: the first way that it
    /// lists. Without a word of its own a server takes Basic (RFC 8414 section 2).
    ///
    /// # Errors
    /// Where it takes neither.
    pub(super) fn with_secret(server: &ServerMetadata) -> Result<Self, Fault> {
        let Some(methods) = &server.client_auth else {
            return Ok(Self::Basic);
        };
        methods
            .iter()
            .filter_map(|method| Self::read(method))
            .find(|one| *one != Self::None)
            .ok_or_else(|| {
                Fault::new(
                    FaultKind::SignIn,
                    "the authorization server takes no client secret, neither as Basic \
                     authentication nor in the form",
                )
                .hint("register a public client and give it with --client-id alone")
            })
    }
}

/// A registered client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// How it was registered.
    pub kind: Registration,
    /// Its name at the server.
    pub id: String,
    /// Its secret, where it has one.
    pub secret: Option<Secret>,
    /// When the secret ends (RFC 7591 section 3.2.1).
    pub secret_expires_at: Option<Timestamp>,
    /// How it authenticates.
    pub auth: ClientAuth,
}

impl Client {
    /// A POST of a form with this client's credentials.
    pub(super) fn request(&self, url: &Url, mut fields: Vec<(&'static str, Field)>) -> Request {
        // Some servers look a client up by this field before they read its Basic
        // credentials.
        fields.push(("client_id", Field::Plain(self.id.clone())));
        match (&self.secret, self.auth) {
            (Some(secret), ClientAuth::Basic) => {
                let mut request = Request::form(url, fields);
                request.basic = Some((self.id.clone(), secret.clone()));
                request
            }
            (Some(secret), ClientAuth::Post) => {
                let secret = Field::Hidden("CLIENT_SECRET", secret.clone());
                fields.push(("client_secret", secret));
                Request::form(url, fields)
            }
            _ => Request::form(url, fields),
        }
    }
}
