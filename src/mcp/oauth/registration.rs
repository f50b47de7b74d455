//! How callboard becomes known to an authorization server, in the order of MCP
//! 2026-07-28 (basic/authorization, "Client registration approaches"): a client
//! registered by hand, a client ID metadata document
//! (draft-ietf-oauth-client-id-metadata-document), dynamic registration (RFC 7591),
//! else a form that says what to register where.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};
use url::Url;

use super::ask::Asker;
use super::client::{Client, ClientAuth};
use super::metadata::server::ServerMetadata;
use super::request::Request;
use super::said::{Refusal, strange};
use super::trail::Trail;
use crate::domain::{
    Fault, FaultKind, ManualRegistration, Registration, Secret, SignInOptions, Timestamp, Untrusted,
};
use crate::guard::sanitise;

/// The name that people read when they are asked for their consent.
const CLIENT_NAME: &str = "callboard";

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// This client is known already.
    Known(Client),
    /// Register here.
    Dynamic(Url),
    /// A person has to register one.
    ByHand,
}

/// The client of an earlier sign-in, and the redirect URL it was registered with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier<'a> {
    pub(super) client: &'a Client,
    pub(super) issuer: &'a str,
    pub(super) redirect: Option<&'a str>,
}

/// Decides. A client is only used at the issuer that it was registered with, and a
/// registration that still fits is not repeated.
///
/// # Errors
/// Where what the operator set cannot be used.
pub(super) fn plan(
    server: &ServerMetadata,
    options: &SignInOptions,
    secret: Option<&Secret>,
    earlier: Option<Earlier<'_>>,
    redirect: Option<&str>,
    now: Timestamp,
) -> Result<Plan, Fault> {
    if let Some(id) = &options.client_id {
        let auth = match secret {
            Some(_) => ClientAuth::with_secret(server)?,
            None => ClientAuth::None,
        };
        return Ok(Plan::Known(Client {
            kind: Registration::Manual,
            id: id.clone(),
            secret: secret.cloned(),
            secret_expires_at: None,
            auth,
        }));
    }
    if options.machine {
        return Err(
            Fault::user("a machine account needs a client that was registered by hand")
                .hint("give it with --client-id and --client-secret-stdin"),
        );
    }
    if let Some(earlier) = earlier
        && earlier.issuer == server.issuer
        && earlier.redirect == redirect
        && earlier.client.kind == Registration::Dynamic
        && earlier.client.secret_expires_at.is_none_or(|end| end > now)
    {
        return Ok(Plan::Known(earlier.client.clone()));
    }
    if server.cimd
        && let Some(text) = &options.client_metadata_url
    {
        let url = read_document_url(text)?;
        return Ok(Plan::Known(Client {
            kind: Registration::Cimd,
            id: url,
            secret: None,
            secret_expires_at: None,
            auth: ClientAuth::None,
        }));
    }
    match &server.registration {
        Some(url) => Ok(Plan::Dynamic(url.clone())),
        None => Ok(Plan::ByHand),
    }
}

/// The address of a client ID metadata document: https, with a path, without user,
/// fragment and dot segments (section 3 of the draft). It is sent letter by letter.
pub(super) fn read_document_url(text: &str) -> Result<String, Fault> {
    let wrong = |what: &str| {
        Fault::user(format!(
            "the address of the client ID metadata document {what}"
        ))
        .hint("give one such as https://example.com/callboard/client.json")
    };
    let url = Url::parse(text).map_err(|_| wrong("is not an address"))?;
    if url.scheme() != "https" {
        return Err(wrong("is not https"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(wrong("has a user or a fragment"));
    }
    if url.path() == "/" {
        return Err(wrong("has no path"));
    }
    if url.as_str() != text {
        return Err(wrong("is not in its plain form"));
    }
    Ok(text.to_owned())
}

/// What a person has to register.
pub(super) fn by_hand(
    server: &ServerMetadata,
    redirect: Option<&str>,
    scopes: &[String],
) -> (Fault, ManualRegistration) {
    let issuer = sanitise::line(&Untrusted::new(server.issuer.as_str()), 100);
    let mut fault = Fault::new(
        FaultKind::SignIn,
        format!("“{issuer}” registers no clients by itself"),
    );
    if let Some(redirect) = redirect {
        fault = fault.hint(format!(
            "register a public (native) client there with exactly this redirect URL: {redirect}"
        ));
    }
    fault = fault.hint("then give its id: --client-id ID, and a secret if it has one");
    for why in &server.refused {
        fault = fault.hint(format!("its metadata {why}"));
    }
    let form = ManualRegistration {
        issuer: Untrusted::new(server.issuer.as_str()),
        documentation: server.documentation.as_ref().map(Url::to_string),
        redirect_url: redirect.map(str::to_owned),
        grants: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
        scopes: super::scopes::described(scopes),
    };
    (fault, form)
}

/// Registers dynamically (RFC 7591). `redirects` are tried in their order where the
/// server refuses one; the one that was taken comes back with the client.
///
/// # Errors
/// In the server's words.
pub(super) async fn register(
    asker: &Asker<'_>,
    server: &ServerMetadata,
    endpoint: &Url,
    redirects: &[String],
    scopes: &[String],
    trail: &mut Trail<'_>,
) -> Result<(Client, String), Fault> {
    let mut redirects = redirects.iter();
    let mut redirect = redirects
        .next()
        .ok_or_else(|| Fault::internal("a registration without a redirect URL"))?;
    let mut methods = wishes(server).into_iter();
    let mut auth = methods.next().unwrap_or(ClientAuth::None);
    let mut named: &[String] = scopes;
    loop {
        let document = document(redirect, auth, named, server.device.is_some());
        let request = Request::json(endpoint, document);
        let reply = asker
            .ask(&request, trail, |reply| match reply.status {
                200 | 201 => "callboard is registered".to_owned(),
                _ => "callboard is not registered".to_owned(),
            })
            .await?;
        let object = reply.object();
        if reply.is_success() {
            let host = endpoint.host_str().unwrap_or_default();
            let object = object.map_err(|what| wrong(host, &what))?;
            if Refusal::read(&object).is_none() {
                let client = read(&object, redirect, auth).map_err(|what| wrong(host, &what))?;
                return Ok((client, redirect.clone()));
            }
        }
        let refusal = reply.object().ok().as_ref().and_then(Refusal::read);
        let code = refusal.as_ref().map(|one| one.code.as_str());
        match code {
            Some("invalid_redirect_uri") => {
                if let Some(next) = redirects.next() {
                    redirect = next;
                    continue;
                }
            }
            Some("invalid_client_metadata") => {
                // Some register no scopes but their own, and grant the resource's.
                if !named.is_empty() {
                    named = &[];
                    continue;
                }
                if let Some(next) = methods.next() {
                    auth = next;
                    continue;
                }
            }
            _ => {}
        }
        let host = endpoint.host_str().unwrap_or_default();
        return Err(match refusal {
            Some(refusal) => refusal
                .fault(&format!("{host} does not register callboard"))
                .hint(format!("redirect URL that was asked for: {redirect}")),
            None => strange(&reply, endpoint, "the registration"),
        });
    }
}

/// The ways to authenticate that are asked for, best first: a public client has
/// nothing that could be lost.
fn wishes(server: &ServerMetadata) -> Vec<ClientAuth> {
    let all = [ClientAuth::None, ClientAuth::Basic, ClientAuth::Post];
    let Some(methods) = &server.client_auth else {
        return all.to_vec();
    };
    let mut listed: Vec<ClientAuth> = methods
        .iter()
        .filter_map(|method| ClientAuth::read(method))
        .collect();
    // Stable: the others stay in the server's order.
    listed.sort_by_key(|one| *one != ClientAuth::None);
    if listed.is_empty() {
        all.to_vec()
    } else {
        listed
    }
}

/// RFC 7591 section 2; `application_type` of OpenID Connect Registration 1.0, which MCP
/// asks for.
fn document(redirect: &str, auth: ClientAuth, scopes: &[String], device: bool) -> Value {
    let mut grants = vec!["authorization_code", "refresh_token"];
    if device {
        grants.push("urn:ietf:params:oauth:grant-type:device_code");
    }
    let mut document = json!({
        "client_name": CLIENT_NAME,
        "application_type": "native",
        "redirect_uris": [redirect],
        "grant_types": grants,
        "response_types": ["code"],
        "token_endpoint_auth_method": auth.method(),
        "software_id": "callboard",
        "software_version": env!("CARGO_PKG_VERSION"),
    });
    if let (false, Some(document)) = (scopes.is_empty(), document.as_object_mut()) {
        document.insert("scope".to_owned(), scopes.join(" ").into());
    }
    document
}

/// Reads the answer (RFC 7591 section 3.2.1).
fn read(object: &Map<String, Value>, redirect: &str, asked: ClientAuth) -> Result<Client, String> {
    let id = object
        .get("client_id")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty() && id.chars().all(|c| matches!(c, ' '..='~')))
        .ok_or("names no client_id")?;
    if let Some(Value::Array(list)) = object.get("redirect_uris")
        && !list.is_empty()
        && !list.iter().any(|one| one.as_str() == Some(redirect))
    {
        return Err("registered another redirect URL than was asked for".to_owned());
    }
    let secret = object
        .get("client_secret")
        .and_then(Value::as_str)
        .filter(|secret| !secret.is_empty())
        .map(Secret::new);
    let auth = match object
        .get("token_endpoint_auth_method")
        .and_then(Value::as_str)
    {
        Some(method) => ClientAuth::read(method)
            .ok_or("wants a kind of client authentication that callboard does not do")?,
        None if secret.is_some() && asked == ClientAuth::None => ClientAuth::Basic,
        None => asked,
    };
    if auth != ClientAuth::None && secret.is_none() {
        return Err("wants a client secret and gives none".to_owned());
    }
    // Zero: never (RFC 7591 section 3.2.1).
    let ends = object
        .get("client_secret_expires_at")
        .and_then(Value::as_i64)
        .filter(|seconds| *seconds > 0)
        .map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000)));
    Ok(Client {
        kind: Registration::Dynamic,
        id: id.to_owned(),
        secret_expires_at: ends.filter(|_| secret.is_some()),
        secret,
        auth,
    })
}

fn wrong(host: &str, what: &str) -> Fault {
    Fault::new(
        FaultKind::SignIn,
        format!("the answer of {host} to the registration {what}"),
    )
    .hint("register a client by hand with the provider and give it with --client-id")
}
