//! Reads the two documents of OAuth metadata.

use serde_json::{Map, Value};
use url::Url;

use super::places::named_url;
use super::probe::{Answer, Content, Response};
use crate::domain::{OAuthNeeds, Registration, Untrusted};
use crate::guard::sanitise;

/// Most entries that are read of a list in a document.
const LIST_LIMIT: usize = 64;

/// What a request for a document brought.
pub(super) enum Read {
    /// A JSON object.
    Found(Map<String, Value>),
    /// It is elsewhere on the same origin.
    Moved(Url),
    /// It is not there, or is no JSON object.
    Absent(String),
    /// It may be there at another time.
    Failed(String),
}

/// Reads the answer to the request for a document.
pub(super) fn read_document(answer: Answer, asked: &Url) -> Read {
    let response = match answer {
        Answer::Failed(fault) => return Read::Failed(format!("cannot be fetched: {fault}")),
        Answer::Response(response) => response,
    };
    match response.status {
        200 => read_body(response),
        301 | 302 | 307 | 308 => {
            let target = response
                .header("location")
                .and_then(|place| asked.join(place).ok());
            match target.filter(|url| url.origin() == asked.origin()) {
                Some(url) => Read::Moved(url),
                None => Read::Absent("redirects to another host".to_owned()),
            }
        }
        status @ (408 | 425 | 429 | 500..) => Read::Failed(format!("answered {status}")),
        status => Read::Absent(format!("answered {status}")),
    }
}

fn read_body(response: Response) -> Read {
    match response.content {
        Content::Document(body) => match serde_json::from_slice(&body) {
            Ok(Value::Object(document)) => Read::Found(document),
            _ => Read::Absent("is no JSON object".to_owned()),
        },
        Content::Event { .. } => Read::Absent("is an event stream".to_owned()),
        Content::TooLarge => Read::Absent("is larger than 64 KiB".to_owned()),
        Content::Unfinished => Read::Failed("did not end in time".to_owned()),
        Content::Cut(_) => Read::Failed("was cut off".to_owned()),
    }
}

/// A protected resource's document (RFC 9728 section 2), as far as it is needed.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) resource: Option<String>,
    pub(super) issuers: Vec<String>,
    pub(super) scopes: Vec<String>,
}

pub(super) fn read_resource(document: &Map<String, Value>) -> Resource {
    Resource {
        resource: text(document, "resource").map(str::to_owned),
        issuers: texts(document, "authorization_servers"),
        scopes: texts(document, "scopes_supported"),
    }
}

impl Resource {
    /// Why this document does not speak for a server (RFC 9728 section 3.3); `None`
    /// where it does: same origin, and the server's path at or under the
    /// resource's.
    pub(super) fn refusal(&self, server: &Url) -> Option<String> {
        let Some(resource) = &self.resource else {
            return Some("does not say which resource it is for".to_owned());
        };
        let covers = Url::parse(resource).is_ok_and(|named| {
            let under = named.path().trim_end_matches('/');
            let rest = server.path().strip_prefix(under);
            named.origin() == server.origin()
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        let quoted = || sanitise::line(&Untrusted::new(resource.as_str()), 100);
        (!covers).then(|| format!("is for another resource (“{}”)", quoted()))
    }
}

/// What a sign-in would need, from an authorization server's document (RFC 8414
/// section 2); scopes and resource are left for the caller.
///
/// # Errors
/// Says what makes it unusable, to follow the document's address in a sentence.
pub(super) fn needs_of(
    document: &Map<String, Value>,
    issuer: &str,
    server: &Url,
) -> Result<OAuthNeeds, String> {
    let claimed = text(document, "issuer").ok_or("does not name its issuer")?;
    if without_root_slash(claimed) != without_root_slash(issuer) {
        let quoted = sanitise::line(&Untrusted::new(claimed), 100);
        return Err(format!("is of another issuer (“{quoted}”)"));
    }
    let endpoint = |key: &str| {
        let value = text(document, key)?;
        // An endpoint is absolute: against a base that nothing can be joined to.
        let parsed = Url::parse(value).map_err(|_| "is not an address".to_owned());
        Some(parsed.and_then(|url| named_url(url.as_str(), &url, server)))
    };
    let required = |key: &str| match endpoint(key) {
        Some(Ok(url)) => Ok(url),
        Some(Err(why)) => Err(format!("has an {key} that {why}")),
        None => Err(format!("has no {key}")),
    };
    let authorization = required("authorization_endpoint")?;
    required("token_endpoint")?;
    let mut registration = Vec::new();
    if document.get("client_id_metadata_document_supported") == Some(&Value::Bool(true)) {
        registration.push(Registration::Cimd);
    }
    if matches!(endpoint("registration_endpoint"), Some(Ok(_))) {
        registration.push(Registration::Dynamic);
    }
    registration.push(Registration::Manual);
    let challenges = texts(document, "code_challenge_methods_supported");
    Ok(OAuthNeeds {
        issuer: Untrusted::new(claimed),
        registration,
        device: matches!(endpoint("device_authorization_endpoint"), Some(Ok(_))),
        pkce: challenges.iter().any(|method| method == "S256"),
        scopes: Vec::new(),
        resource: None,
        authorization_endpoint: Some(Untrusted::new(authorization.as_str())),
        broken: None,
    })
}

/// An issuer is compared letter by letter (RFC 8414 section 3.3), but for the
/// slash that half the world puts behind a bare host.
fn without_root_slash(issuer: &str) -> &str {
    let bare = issuer.strip_suffix('/').unwrap_or(issuer);
    let (_, rest) = bare.split_once("://").unwrap_or(("", bare));
    if rest.contains('/') { issuer } else { bare }
}

fn text<'a>(document: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    document.get(key)?.as_str()
}

fn texts(document: &Map<String, Value>, key: &str) -> Vec<String> {
    let Some(Value::Array(list)) = document.get(key) else {
        return Vec::new();
    };
    let words = list.iter().filter_map(Value::as_str).map(str::to_owned);
    words.take(LIST_LIMIT).collect()
}
