//! What an authorization server says when it refuses (RFC 6749 sections 4.1.2.1 and
//! 5.2, RFC 7591 section 3.2.2, RFC 8628 section 3.5, RFC 8707 section 2).

use serde_json::{Map, Value};
use url::Url;

use super::ask::{Reply, busy};
use crate::domain::{Fault, FaultKind, Untrusted};
use crate::guard::sanitise;

/// An error in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    description: Option<String>,
}

impl Refusal {
    pub(super) fn new(code: impl Into<String>, description: Option<String>) -> Self {
        Self {
            code: code.into(),
            description,
        }
    }

    /// Reads one out of an answer. Some servers send it with status 200.
    pub(super) fn read(object: &Map<String, Value>) -> Option<Self> {
        let code = object.get("error")?.as_str()?;
        let description = object.get("error_description").and_then(Value::as_str);
        Some(Self::new(code, description.map(str::to_owned)))
    }

    /// The fault of `what`, such as *as.example refuses the token request*.
    pub(super) fn fault(&self, what: &str) -> Fault {
        let quote = |text: &str, chars| sanitise::line(&Untrusted::new(text), chars);
        let mut message = format!("{what}: {}", quote(&self.code, 60));
        if let Some(words) = &self.description {
            message.push_str(&format!(" (“{}”)", quote(words, 200)));
        }
        let kind = match self.code.as_str() {
            "access_denied" => FaultKind::Denied,
            "temporarily_unavailable" | "server_error" => FaultKind::Server,
            _ => FaultKind::SignIn,
        };
        let fault = Fault::new(kind, message).hint(self.cure());
        match kind {
            FaultKind::Server => fault.retryable(),
            _ => fault,
        }
    }

    /// What probably mends it.
    fn cure(&self) -> &'static str {
        match self.code.as_str() {
            "access_denied" => "sign in again and approve, or ask who runs the server for access",
            "temporarily_unavailable" | "server_error" => "try again later",
            "invalid_grant" => {
                "sign in again; the code or the token was used already, revoked, or has expired"
            }
            "invalid_client" => {
                "sign in again, so that callboard registers anew; a client registered by hand \
                 is given with --client-id and its secret"
            }
            "unauthorized_client" => {
                "allow the authorization code and refresh token grants for this client with \
                 the provider"
            }
            "invalid_redirect_uri" | "redirect_uri_mismatch" => {
                "register the redirect URL shown, letter by letter, or give the registered one \
                 with --redirect-url or --callback-port"
            }
            "invalid_client_metadata"
            | "invalid_software_statement"
            | "unapproved_software_statement" => {
                "register a client by hand with the provider and give it with --client-id"
            }
            "invalid_scope" => "ask for other scopes with --scope",
            "insufficient_scope" => "sign in again with the scopes it names",
            "invalid_target" => "tell whoever runs the server that its resource is not known there",
            "unsupported_grant_type" | "unsupported_response_type" => {
                "tell whoever runs the server; it does not do what OAuth 2.1 asks of it"
            }
            "login_required"
            | "consent_required"
            | "interaction_required"
            | "account_selection_required" => "sign in again and approve in the browser",
            "expired_token" => "the code was not typed in time; sign in again",
            _ => "sign in again; if it stays, tell whoever runs the server",
        }
    }
}

/// The fault of an answer that is neither what was asked for nor a refusal in the
/// server's words.
pub(super) fn strange(reply: &Reply, url: &Url, what: &str) -> Fault {
    if reply.is_passing() {
        return busy(reply, url);
    }
    let host = url.host_str().unwrap_or_default();
    if reply.moved(url).is_some() {
        return Fault::new(
            FaultKind::SignIn,
            format!("{host} redirects {what}, which would give secrets to another address"),
        )
        .hint("tell whoever runs the server");
    }
    Fault::new(
        FaultKind::SignIn,
        format!("{host} answers {what} with {} and no reason", reply.status),
    )
    .hint("sign in again; if it stays, tell whoever runs the server")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_told_in_the_server_s_words_and_with_a_cure() {
        let answer = json!({ "error": "invalid_grant",
            "error_description": "code \u{1b}[31mused" });
        let refusal = Refusal::read(answer.as_object().unwrap()).unwrap();
        let fault = refusal.fault("as.example refuses the code");
        assert_eq!(fault.kind, FaultKind::SignIn);
        assert!(!fault.message.contains('\u{1b}'));
        assert!(
            fault
                .message
                .starts_with("as.example refuses the code: invalid_grant (“code ")
        );
        assert!(fault.hints[0].starts_with("sign in again"));
        assert_eq!(
            Refusal::read(json!({ "error": 7 }).as_object().unwrap()),
            None
        );
    }
}
