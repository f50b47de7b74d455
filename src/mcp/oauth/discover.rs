//! Finds the authorization server of an MCP server.
//!
//! Order (MCP 2026-07-28, basic/authorization): the resource's document that the
//! challenge names, else at its well-known places (RFC 9728 section 3.1); then the
//! authorization server's (RFC 8414 section 3.1, OpenID Connect Discovery section 4).
//! Without a resource document: an authorization server at the origin's root, then
//! the endpoints that MCP 2025-03-26 assumes.

use serde_json::{Map, Value};
use url::Url;

use super::ask::{Asker, busy};
use super::metadata::resource::{ResourceMetadata, speaks};
use super::metadata::server::{ServerMetadata, same_issuer};
use super::request::Request;
use super::trail::Trail;
use crate::domain::{Fault, FaultKind, SignInStage, Untrusted};
use crate::guard::address::shown;
use crate::guard::sanitise;
use crate::mcp::challenge::Challenge;
use crate::mcp::detect::places::{issuer_places, well_known};

/// Most authorization servers of one resource that are asked.
const ISSUER_LIMIT: usize = 4;
/// Most redirects of one document, all of them on one origin.
const REDIRECT_LIMIT: usize = 5;

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Discovered {
    pub(super) resource: Option<ResourceMetadata>,
    pub(super) server: ServerMetadata,
}

/// What a request for a document brought.
enum Found {
    Document(Map<String, Value>),
    /// Nothing there.
    Absent(String),
}

/// Finds it. `wanted` is the issuer that the operator chose, or that the sign-in
/// before was with.
///
/// # Errors
/// - [`FaultKind::Network`], [`FaultKind::Server`]: a document could not be had now;
/// - [`FaultKind::SignIn`]: nothing there can be signed in to, with the reason;
/// - [`FaultKind::Denied`]: what is there must not be used.
pub(super) async fn discover(
    asker: &Asker<'_>,
    challenge: Option<&Challenge>,
    wanted: Wanted<'_>,
    trail: &mut Trail<'_>,
) -> Result<Discovered, Fault> {
    trail.begin(SignInStage::Resource);
    let resource = find_resource(asker, challenge, trail).await?;
    trail.begin(SignInStage::Issuer);
    let Some(resource) = resource else {
        let server = at_the_root(asker, trail).await?;
        if let Wanted::Only(issuer) = wanted
            && !same_issuer(&server.issuer, issuer)
        {
            return Err(another(std::slice::from_ref(&server.issuer), issuer));
        }
        return Ok(Discovered {
            resource: None,
            server,
        });
    };
    let issuers = choose(&resource.issuers, wanted)?;
    let mut trouble = None;
    for issuer in issuers.iter().take(ISSUER_LIMIT) {
        match find_server(asker, issuer, trail).await {
            Ok(server) => {
                return Ok(Discovered {
                    resource: Some(resource),
                    server,
                });
            }
            Err(fault) => trouble = trouble.or(Some(fault)),
        }
    }
    Err(trouble.unwrap_or_else(|| {
        Fault::new(
            FaultKind::SignIn,
            "the server is protected by OAuth and names no authorization server",
        )
        .hint("tell whoever runs the server; where it also takes a token: --auth bearer")
    }))
}

/// Which issuer is preferred.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// The first that answers.
    Any,
    /// This one where it is listed: the sign-in before was with it.
    Rather(&'a str),
    /// This one and no other: the operator's choice, or what a client's secret is
    /// bound to.
    Only(&'a str),
}

/// The issuers to ask, best first.
fn choose<'a>(listed: &'a [String], wanted: Wanted<'_>) -> Result<Vec<&'a String>, Fault> {
    match wanted {
        Wanted::Any => Ok(listed.iter().collect()),
        Wanted::Rather(issuer) => {
            let mut best: Vec<&String> = listed.iter().collect();
            best.sort_by_key(|one| !same_issuer(one, issuer));
            Ok(best)
        }
        Wanted::Only(issuer) => {
            let found: Vec<&String> = listed
                .iter()
                .filter(|one| same_issuer(one, issuer))
                .collect();
            if found.is_empty() {
                return Err(another(listed, issuer));
            }
            Ok(found)
        }
    }
}

fn another(listed: &[String], wanted: &str) -> Fault {
    let quoted = |text: &str| sanitise::line(&Untrusted::new(text), 100);
    let named: Vec<String> = listed
        .iter()
        .take(ISSUER_LIMIT)
        .map(|one| quoted(one))
        .collect();
    Fault::denied(format!(
        "the server names another authorization server (“{}”) than the one that this client \
         is registered with (“{}”)",
        named.join("”, “"),
        quoted(wanted)
    ))
    .hint("if the provider moved, register there and give the new client with --client-id and --issuer")
}

async fn find_resource(
    asker: &Asker<'_>,
    challenge: Option<&Challenge>,
    trail: &mut Trail<'_>,
) -> Result<Option<ResourceMetadata>, Fault> {
    let server = &asker.rules.server;
    let mut places = Vec::new();
    let mut trouble = None;
    // An empty one would be the server's own address, whose query may be a key.
    let named = challenge.and_then(|one| one.param("resource_metadata"));
    if let Some(text) = named.filter(|text| !text.trim().is_empty()) {
        let joined = server
            .join(text)
            .map_err(|_| "is not an address".to_owned());
        match joined.and_then(|url| asker.rules.check(&url).map(|()| url)) {
            Ok(url) => places.push((url, true)),
            Err(why) => {
                let quoted = sanitise::line(&Untrusted::new(text), 100);
                let what = format!("the metadata address that the server names {why} (“{quoted}”)");
                trouble = Some(Fault::denied(what).hint("tell whoever runs the server"));
            }
        }
    }
    for url in well_known(server, "oauth-protected-resource") {
        if asker.rules.check(&url).is_ok() && !places.iter().any(|(known, _)| *known == url) {
            places.push((url, false));
        }
    }
    for (url, named) in places {
        let document = match fetch(asker, &url, trail).await {
            Ok(Found::Document(document)) => document,
            Ok(Found::Absent(what)) => {
                if named {
                    trouble = Some(broken(&url, &what));
                }
                continue;
            }
            // Doubt: that it cannot be had now does not mean that it is not there.
            Err(fault) => return Err(fault),
        };
        if !named && !speaks(&document) {
            continue;
        }
        return match ResourceMetadata::read(&document, server) {
            Ok(found) => Ok(Some(found)),
            Err(what) => Err(broken(&url, &what)),
        };
    }
    trouble.map_or(Ok(None), Err)
}

/// The authorization server of an issuer that was named.
pub(super) async fn find_server(
    asker: &Asker<'_>,
    issuer: &str,
    trail: &mut Trail<'_>,
) -> Result<ServerMetadata, Fault> {
    let url = asker.rules.read(issuer).and_then(|url| match url.query() {
        Some(_) => Err("has a query, which no issuer has".to_owned()),
        None => Ok(url),
    });
    let url = url.map_err(|why| {
        Fault::denied(format!(
            "the server names an authorization server that {why}"
        ))
        .hint("tell whoever runs the server")
    })?;
    let mut trouble = None;
    for place in issuer_places(&url) {
        match fetch(asker, &place, trail).await? {
            Found::Document(document) => {
                match ServerMetadata::read(&document, issuer, &asker.rules) {
                    Ok(found) => return Ok(found),
                    Err(what) => trouble = Some(broken(&place, &what)),
                }
            }
            Found::Absent(what) => {
                trouble = trouble.or_else(|| Some(broken(&place, &what)));
            }
        }
    }
    Err(trouble.unwrap_or_else(|| broken(&url, "has no metadata")))
}

/// Without a resource document (MCP 2025-03-26).
async fn at_the_root(asker: &Asker<'_>, trail: &mut Trail<'_>) -> Result<ServerMetadata, Fault> {
    let origin = asker.rules.server.origin().ascii_serialization();
    let root = Url::parse(&origin)
        .map_err(|_| Fault::user("the server's address has no host to sign in at"))?;
    for place in issuer_places(&root) {
        let Found::Document(document) = fetch(asker, &place, trail).await? else {
            continue;
        };
        if document.contains_key("token_endpoint") {
            return ServerMetadata::read(&document, &origin, &asker.rules)
                .map_err(|what| broken(&place, &what));
        }
    }
    ServerMetadata::assumed(&asker.rules).map_err(|what| broken(&root, &what))
}

/// One document; redirects on its own origin are followed.
async fn fetch(asker: &Asker<'_>, url: &Url, trail: &mut Trail<'_>) -> Result<Found, Fault> {
    let mut url = url.clone();
    for _ in 0..=REDIRECT_LIMIT {
        let reply = asker
            .ask(&Request::get(&url), trail, |reply| match reply.status {
                200 if reply.object().is_ok() => "the document".to_owned(),
                200 => "no document that can be read".to_owned(),
                300..400 => "it is elsewhere".to_owned(),
                _ if reply.is_passing() => "busy or broken now".to_owned(),
                _ => "no document here".to_owned(),
            })
            .await?;
        if reply.is_passing() {
            return Err(busy(&reply, &url));
        }
        if let Some(target) = reply.moved(&url) {
            if target.origin() != url.origin() {
                return Ok(Found::Absent("redirects to another host".to_owned()));
            }
            url = target;
            continue;
        }
        if reply.status != 200 {
            return Ok(Found::Absent(format!("answered {}", reply.status)));
        }
        return Ok(match reply.object() {
            Ok(document) => Found::Document(document),
            Err(what) => Found::Absent(what),
        });
    }
    Ok(Found::Absent("redirects too often".to_owned()))
}

fn broken(url: &Url, what: &str) -> Fault {
    let place = sanitise::line(&Untrusted::new(shown(url)), 200);
    Fault::new(FaultKind::SignIn, format!("{place} {what}"))
        .hint("tell whoever runs the server; until they mend it nobody can sign in there")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_s_secret_goes_to_the_server_it_was_registered_with_and_no_other() {
        let listed = ["https://new.example".to_owned()];
        let fault = choose(&listed, Wanted::Only("https://old.example")).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Denied);
        let both = [
            "https://new.example".to_owned(),
            "https://old.example".to_owned(),
        ];
        let found = choose(&both, Wanted::Rather("https://old.example/")).unwrap();
        assert_eq!(found, ["https://old.example", "https://new.example"]);
        assert_eq!(
            choose(&both, Wanted::Only("https://old.example"))
                .unwrap()
                .len(),
            1
        );
    }
}
