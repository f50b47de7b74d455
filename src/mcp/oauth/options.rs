//! Whether what the operator set for a sign-in can be used, as far as that is known
//! before anybody is asked.

use url::Url;

use super::callback::place_of;
use super::registration::read_document_url;
use crate::domain::{Fault, SignInOptions};
use crate::guard::address::is_loopback;

/// Looks at all of it.
///
/// # Errors
/// [`crate::domain::FaultKind::User`]: the first that cannot be used, and why.
pub fn check(options: &SignInOptions) -> Result<(), Fault> {
    if let Some(id) = &options.client_id {
        check_client_id(id)?;
    }
    if let Some(text) = &options.client_metadata_url {
        read_document_url(text)?;
    }
    for scope in &options.scopes {
        check_scope(scope)?;
    }
    if options.callback_port == Some(0) {
        return Err(Fault::user("no browser can end at port 0")
            .hint("choose one with --callback-port, or leave it out for a free one"));
    }
    if let Some(redirect) = &options.redirect_url {
        place_of(redirect, options.callback_port)?;
    }
    options.issuer.as_deref().map_or(Ok(()), check_issuer)
}

/// RFC 6749 appendix A.1.
fn check_client_id(id: &str) -> Result<(), Fault> {
    if !id.is_empty() && id.chars().all(|c| matches!(c, ' '..='~')) {
        return Ok(());
    }
    Err(
        Fault::user("the client id is empty or holds strange characters")
            .hint("copy it once more from the provider's page"),
    )
}

/// RFC 6749 section 3.3.
fn check_scope(scope: &str) -> Result<(), Fault> {
    if !scope.is_empty()
        && scope
            .chars()
            .all(|c| matches!(c, '!' | '#'..='[' | ']'..='~'))
    {
        return Ok(());
    }
    Err(
        Fault::user("a scope is one word of ASCII letters and signs")
            .hint("give each its own flag: --scope read --scope write"),
    )
}

/// RFC 8414 section 2.
fn check_issuer(issuer: &str) -> Result<(), Fault> {
    let url = Url::parse(issuer).ok();
    let fits = |url: &Url| url.scheme() == "https" || url.scheme() == "http" && is_loopback(url);
    if url.as_ref().is_some_and(fits) {
        return Ok(());
    }
    Err(Fault::user("the issuer is not an https address")
        .hint("give it as the provider writes it, such as --issuer https://login.example"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_said_before_anybody_is_asked() {
        let usual = SignInOptions::default;
        assert_eq!(check(&usual()), Ok(()));
        let text = |text: &str| Some(text.to_owned());
        for wrong in [
            SignInOptions {
                client_id: text(""),
                ..usual()
            },
            SignInOptions {
                client_id: text("a\nb"),
                ..usual()
            },
            SignInOptions {
                client_metadata_url: text("http://a.example/c"),
                ..usual()
            },
            SignInOptions {
                scopes: vec!["a b".to_owned()],
                ..usual()
            },
            SignInOptions {
                scopes: vec!["a\\b".to_owned()],
                ..usual()
            },
            SignInOptions {
                callback_port: Some(0),
                ..usual()
            },
            SignInOptions {
                redirect_url: text("javascript:x"),
                ..usual()
            },
            SignInOptions {
                issuer: text("http://as.example"),
                ..usual()
            },
            SignInOptions {
                issuer: text("as.example"),
                ..usual()
            },
        ] {
            let fault = check(&wrong).unwrap_err();
            assert_eq!(fault.kind, crate::domain::FaultKind::User, "{wrong:?}");
            assert!(!fault.hints.is_empty());
        }
        let right = SignInOptions {
            client_id: text("a b"),
            client_metadata_url: text("https://a.example/c.json"),
            scopes: vec!["mcp:read".to_owned(), "https://x.example/all".to_owned()],
            callback_port: Some(8080),
            redirect_url: text("http://localhost:8080/cb"),
            issuer: text("http://127.0.0.1:9"),
            ..usual()
        };
        assert_eq!(check(&right), Ok(()));
    }
}
