//! A token that is renewed while a session stands.

use std::fmt;

use futures_util::future::BoxFuture;
use url::Url;

use super::answer::challenges;
use super::fault::{Reach, WireFault};
use crate::domain::{Fault, FaultKind, Secret};
use crate::mcp::challenge::{Challenge, find, read_challenges};

/// Times that one request is sent with another token, after the first.
const RENEWALS: usize = 1;

/// A token to use now.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token.
    pub bearer: Secret,
    /// Rises with every renewal.
    pub generation: u64,
}

/// Where the token of a sign-in comes from (RFC 6750). Asked for each request, so that
/// a session outlives its tokens.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// The token for a request to `url`; renewed before where its end is near.
    ///
    /// # Errors
    /// [`FaultKind::SignIn`] where only a person can mend it, [`FaultKind::Denied`]
    /// where it is for another server, or why it cannot be renewed now.
    fn token(&self, url: &Url) -> BoxFuture<'static, Result<Token, Fault>>;

    /// The server did not accept it. Renews it, unless somebody did already.
    ///
    /// # Errors
    /// As [`TokenSource::token`].
    fn refused(&self, generation: u64) -> BoxFuture<'static, Result<(), Fault>>;

    /// The server accepted it.
    fn accepted(&self, generation: u64);

    /// The server answered that the token lacks a right (RFC 6750 section 3.1); says
    /// what to tell whoever asked, where another consent could mend it.
    fn lacks(&self, challenge: &Challenge) -> Option<Fault>;

    /// What nothing may quote.
    fn secrets(&self) -> Vec<Secret>;
}

/// Sends a request with a token, and once more with a new one where it was refused.
pub(super) async fn with_token<S, F>(
    source: &dyn TokenSource,
    url: &Url,
    mut send: S,
) -> Result<reqwest::Response, WireFault>
where
    S: FnMut(Token) -> F,
    F: Future<Output = Result<reqwest::Response, WireFault>>,
{
    let not_sent = |fault| WireFault::new(fault, Reach::NotSent);
    for _ in 0..=RENEWALS {
        let token = source.token(url).await.map_err(not_sent)?;
        let generation = token.generation;
        let response = send(token).await?;
        match response.status() {
            http::StatusCode::UNAUTHORIZED => source
                .refused(generation)
                .await
                .map_err(|fault| WireFault::new(fault, Reach::Refused))?,
            http::StatusCode::FORBIDDEN => {
                source.accepted(generation);
                let said = challenges(response.headers());
                let lacking = find(&read_challenges([said.as_str()]), "bearer")
                    .and_then(|challenge| source.lacks(challenge));
                return match lacking {
                    Some(fault) => Err(WireFault::new(fault, Reach::Refused)),
                    None => Ok(response),
                };
            }
            _ => {
                source.accepted(generation);
                return Ok(response);
            }
        }
    }
    // The source says no the second time; this is for one that does not.
    let fault = Fault::new(
        FaultKind::SignIn,
        "the server accepts no token that it is given",
    );
    Err(WireFault::new(fault, Reach::Refused))
}
