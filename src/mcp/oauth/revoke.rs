//! Takes tokens back (RFC 7009), for `logout` and `remove`.

use super::ask::{Asker, Reply};
use super::record::SignInRecord;
use super::request::Field;
use super::said::{Refusal, strange};
use super::trail::{SignInEvent, Trail};
use crate::domain::{ConnectionOptions, Exchange, Fault, Secret, SignInStage};
use crate::mcp::network::Network;

/// What became of the tokens of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The server took them back.
    Accepted,
    /// The server offers no way to. They end by themselves.
    NotOffered,
    /// It could not be told, or the server refused, in a sentence.
    Failed(Fault),
}

/// Revokes the refresh token, and with it whatever came of it, then the access token.
/// The requests are told to `on_exchange`.
pub async fn revoke(
    network: &Network,
    options: &ConnectionOptions,
    record: &SignInRecord,
    on_exchange: &mut (dyn FnMut(&Exchange) + Send),
) -> Revoked {
    let Some(endpoint) = &record.revocation else {
        return Revoked::NotOffered;
    };
    let asker = match Asker::new(network, options, record.rules()) {
        Ok(asker) => asker,
        Err(fault) => return Revoked::Failed(fault),
    };
    let refresh = record
        .refresh_token
        .as_ref()
        .map(|token| ("refresh_token", "REFRESH_TOKEN", token));
    let access = ("access_token", "ACCESS_TOKEN", &record.access_token);
    let mut told = |event| {
        if let SignInEvent::Step(step) = event
            && let Some(exchange) = step.exchanges.last()
        {
            on_exchange(exchange);
        }
    };
    let mut trail = Trail::new(&mut told);
    trail.begin(SignInStage::Token);
    let mut trouble = None;
    for (hint, variable, token) in refresh.into_iter().chain([access]) {
        let fields = vec![
            ("token", hidden(variable, token)),
            ("token_type_hint", hint.into()),
        ];
        let request = record.client.request(endpoint, fields);
        let host = endpoint.host_str().unwrap_or_default();
        match asker.ask(&request, &mut trail, means).await {
            Ok(reply) if reply.is_success() && refusal(&reply).is_none() => {}
            Ok(reply) => {
                // A server that takes back refresh tokens alone says so (section 2.2.1).
                let refusal = refusal(&reply);
                let unsupported = refusal
                    .as_ref()
                    .is_some_and(|one| one.code == "unsupported_token_type");
                if !(unsupported && hint == "access_token") {
                    trouble = Some(match refusal {
                        Some(refusal) => {
                            let what = format!("{host} does not take the token back");
                            request.hidden().fault(refusal.fault(&what))
                        }
                        None => strange(&reply, endpoint, "the revocation"),
                    });
                }
            }
            Err(fault) => trouble = Some(fault),
        }
    }
    match trouble {
        None => Revoked::Accepted,
        Some(fault) => Revoked::Failed(fault),
    }
}

fn hidden(variable: &'static str, token: &Secret) -> Field {
    Field::Hidden(variable, token.clone())
}

fn refusal(reply: &Reply) -> Option<Refusal> {
    Refusal::read(reply.object().ok().as_ref()?)
}

fn means(reply: &Reply) -> String {
    if reply.is_success() {
        "taken back".to_owned()
    } else {
        "not taken back".to_owned()
    }
}
