//! What a refusal without credentials says about how to sign in.

use http::header::WWW_AUTHENTICATE;
use url::Url;

use super::metadata::Finding;
use super::probe::Response;
use super::verdict;
use crate::domain::{AuthKind, Confidence, Fault, OAuthNeeds};
use crate::mcp::challenge::{self, Challenge};

/// A 401 or 403.
#[derive(Debug)]
pub(super) struct Asked {
    forbidden: bool,
    challenges: Vec<Challenge>,
}

/// Schemes that need more than a fixed header. Any other unknown one is taken for
/// a header of the server's own.
const UNSUPPORTED: [&str; 8] = [
    "digest",
    "negotiate",
    "ntlm",
    "mutual",
    "hoba",
    "dpop",
    "gnap",
    "aws4-hmac-sha256",
];

impl Asked {
    /// Reads a refusal; `None` where the answer is none.
    pub(super) fn read(response: &Response) -> Option<Self> {
        if !matches!(response.status, 401 | 403) {
            return None;
        }
        let values = response.headers.get_all(WWW_AUTHENTICATE);
        // A value that is no ASCII may still hold a challenge in its readable part.
        let values: Vec<String> = values
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        Some(Self {
            forbidden: response.status == 403,
            challenges: challenge::read_challenges(values.iter().map(String::as_str)),
        })
    }

    /// The Bearer challenge.
    pub(super) fn bearer(&self) -> Option<&Challenge> {
        challenge::find(&self.challenges, "bearer")
    }

    fn wants(&self, scheme: &str) -> bool {
        challenge::find(&self.challenges, scheme).is_some()
    }

    /// What the refusal alone means.
    pub(super) fn means(&self) -> String {
        let what = match (self.forbidden, self.wants("bearer"), self.wants("basic")) {
            (_, true, true) => "it wants a Bearer token or a user and a password",
            (_, true, false) => "it wants a Bearer token",
            (_, false, true) => "it wants a user and a password",
            (false, ..) if self.challenges.is_empty() => {
                "it wants a sign-in and does not say which kind"
            }
            (true, ..) if self.challenges.is_empty() => {
                "it forbids the request: a missing key, a list of allowed addresses or a firewall"
            }
            _ => "it wants a sign-in of a kind of its own",
        };
        what.to_owned()
    }

    /// How the server wants to be authenticated, with what the search for OAuth
    /// metadata found.
    ///
    /// # Errors
    /// Where it is a way that callboard does not do.
    pub(super) fn conclude(
        &self,
        finding: Finding,
        url: &Url,
    ) -> Result<(AuthKind, Confidence, Option<OAuthNeeds>), Fault> {
        if let Finding::Oauth(needs, confidence) = finding {
            return Ok((AuthKind::Oauth, confidence, Some(*needs)));
        }
        if self.wants("basic") && !self.wants("bearer") {
            return Ok((AuthKind::Basic, Confidence::Certain, None));
        }
        if matches!(finding, Finding::Unreachable) {
            // Bearer would be the wrong guess for what may be OAuth a minute later.
            return Ok((AuthKind::Unknown, Confidence::Guess, None));
        }
        if self.wants("bearer") {
            return Ok((AuthKind::Bearer, Confidence::Certain, None));
        }
        match self.challenges.first() {
            Some(_)
                if self
                    .challenges
                    .iter()
                    .all(|one| UNSUPPORTED.contains(&one.scheme.as_str())) =>
            {
                let schemes: Vec<&str> = self
                    .challenges
                    .iter()
                    .map(|one| one.scheme.as_str())
                    .collect();
                Err(verdict::unsupported(url, &schemes.join(", ")))
            }
            Some(_) => Ok((AuthKind::Header, Confidence::Likely, None)),
            None if self.forbidden => Ok((AuthKind::Unknown, Confidence::Guess, None)),
            None => Ok((AuthKind::Bearer, Confidence::Guess, None)),
        }
    }
}
