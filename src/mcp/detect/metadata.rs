//! Looks for OAuth metadata, and judges what is found.
//!
//! Order (MCP 2026-07-28, basic/authorization): the resource's document that the
//! challenge names, else at its well-known places (RFC 9728 section 3.1); then the
//! authorization server's (RFC 8414 section 3.1, OpenID Connect Discovery section
//! 4); without a resource document, an authorization server at the origin's root
//! (MCP 2025-03-26). Every address here was named by somebody who is not trusted
//! yet, so [`may_fetch`] comes before each request.

use std::collections::VecDeque;

use serde_json::{Map, Value};
use url::Url;

use super::documents::{Read, Resource, needs_of, read_document, read_resource};
use super::places::{brief, issuer_places, may_fetch, named_url, well_known};
use super::probe::{Answer, REDIRECT_LIMIT};
use crate::domain::{Confidence, OAuthNeeds, Registration, Untrusted};
use crate::mcp::challenge::Challenge;

/// Most authorization servers of one resource that are asked.
const ISSUER_LIMIT: usize = 2;

/// A search under way.
#[derive(Debug)]
pub(super) struct Search {
    server: Url,
    queue: VecDeque<Candidate>,
    current: Option<Candidate>,
    redirects: usize,
    /// Scopes that the challenge asked for.
    scope: Option<String>,
    resource: Option<Resource>,
    found: Option<(OAuthNeeds, Confidence)>,
    trouble: Option<Trouble>,
    fell_back: bool,
}

#[derive(Clone, Debug)]
struct Candidate {
    url: Url,
    role: Role,
}

#[derive(Clone, Debug, PartialEq)]
enum Role {
    /// The resource's document: named by the challenge, or at a well-known place.
    Resource { named: bool },
    /// The document of an authorization server that the resource names.
    Issuer(String),
    /// An authorization server's document at the server's own origin.
    Origin,
}

/// The gravest thing that went wrong.
#[derive(Clone, Debug)]
struct Trouble {
    weight: Weight,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// A guessed document could not be asked for.
    Unreachable,
    /// A document that was named is not there.
    Missing,
    /// A document that was named is wrong or may not be fetched.
    Wrong,
}

/// What a search ends with.
#[derive(Debug)]
pub(super) enum Finding {
    /// OAuth, with what it needs or why that cannot work.
    Oauth(Box<OAuthNeeds>, Confidence),
    /// No sign of OAuth.
    Nothing,
    /// It could not be told, because a request failed.
    Unreachable,
}

impl Search {
    /// A search for the metadata of a server, after its Bearer challenge if it
    /// sent one.
    pub(super) fn new(server: &Url, challenge: Option<&Challenge>) -> Self {
        let mut search = Self {
            server: server.clone(),
            queue: VecDeque::new(),
            current: None,
            redirects: 0,
            scope: challenge
                .and_then(|one| one.param("scope"))
                .map(str::to_owned),
            resource: None,
            found: None,
            trouble: None,
            fell_back: false,
        };
        if let Some(text) = challenge.and_then(|one| one.param("resource_metadata")) {
            match named_url(text, server, server) {
                Ok(url) => search.push(url, Role::Resource { named: true }),
                Err(why) => search.note(
                    Weight::Wrong,
                    format!("the metadata address that the challenge names {why}"),
                ),
            }
        }
        for url in well_known(server, "oauth-protected-resource") {
            search.push(url, Role::Resource { named: false });
        }
        search
    }

    /// A look at the one well-known place nearest to an open server.
    pub(super) fn optional(server: &Url) -> Self {
        let mut search = Self::new(server, None);
        search.queue.truncate(1);
        search.fell_back = true;
        search
    }

    fn push(&mut self, url: Url, role: Role) {
        let known = self.queue.iter().any(|one| one.url == url);
        if !known && may_fetch(&url, &self.server).is_ok() {
            self.queue.push_back(Candidate { url, role });
        }
    }

    fn note(&mut self, weight: Weight, text: String) {
        if self
            .trouble
            .as_ref()
            .is_none_or(|known| known.weight < weight)
        {
            self.trouble = Some(Trouble { weight, text });
        }
    }

    /// The next document to ask for; `None` when the search is over.
    pub(super) fn next(&mut self) -> Option<Url> {
        if self.found.is_some() {
            return None;
        }
        if self.queue.is_empty() && self.resource.is_none() && !self.fell_back {
            self.fell_back = true;
            if let Ok(url) = self.server.join("/.well-known/oauth-authorization-server") {
                self.push(url, Role::Origin);
            }
        }
        self.current = self.queue.pop_front();
        self.current.as_ref().map(|one| one.url.clone())
    }

    /// Takes an answer in; returns what it means.
    pub(super) fn told(&mut self, answer: Answer) -> String {
        let Some(candidate) = self.current.take() else {
            return "nothing was asked".to_owned();
        };
        match read_document(answer, &candidate.url) {
            Read::Found(document) => self.judge(candidate, &document),
            Read::Moved(url) if self.redirects < REDIRECT_LIMIT => {
                self.redirects += 1;
                self.queue.push_front(Candidate {
                    url,
                    role: candidate.role,
                });
                "it is elsewhere on the same host".to_owned()
            }
            Read::Moved(_) => self.missed(&candidate, Weight::Wrong, "redirects too often"),
            Read::Absent(what) => self.missed(&candidate, Weight::Missing, &what),
            Read::Failed(what) => self.missed(&candidate, Weight::Unreachable, &what),
        }
    }

    /// A candidate brought nothing: grave only where somebody had named it.
    fn missed(&mut self, candidate: &Candidate, weight: Weight, what: &str) -> String {
        let text = format!("{} {what}", brief(&candidate.url));
        match candidate.role {
            Role::Resource { named: false } | Role::Origin => {
                if weight == Weight::Unreachable {
                    self.note(weight, text);
                    return "whether there is OAuth metadata cannot be told now".to_owned();
                }
                "no OAuth metadata here".to_owned()
            }
            Role::Resource { named: true } => {
                self.note(weight.max(Weight::Missing), text);
                "the metadata that the challenge names cannot be had".to_owned()
            }
            Role::Issuer(_) => {
                self.note(weight.max(Weight::Missing), text);
                "no metadata of the authorization server here".to_owned()
            }
        }
    }

    fn judge(&mut self, candidate: Candidate, document: &Map<String, Value>) -> String {
        match &candidate.role {
            Role::Resource { named } => self.judge_resource(&candidate, document, *named),
            Role::Issuer(issuer) => {
                let issuer = issuer.clone();
                self.judge_server(&candidate, document, &issuer, Confidence::Certain)
            }
            Role::Origin => {
                if !document.contains_key("authorization_endpoint") {
                    return "no OAuth metadata here".to_owned();
                }
                let issuer = self.server.origin().ascii_serialization();
                self.judge_server(&candidate, document, &issuer, Confidence::Likely)
            }
        }
    }

    fn judge_resource(
        &mut self,
        candidate: &Candidate,
        document: &Map<String, Value>,
        named: bool,
    ) -> String {
        // Some servers answer everything with some JSON.
        let speaks =
            document.contains_key("resource") || document.contains_key("authorization_servers");
        if !named && !speaks {
            return "no OAuth metadata here".to_owned();
        }
        let resource = read_resource(document);
        // What went wrong before is over: here is the document.
        self.trouble = None;
        self.queue.clear();
        let mut wrong = resource.refusal(&self.server);
        for issuer in resource.issuers.iter().take(ISSUER_LIMIT) {
            if wrong.is_some() {
                break;
            }
            match named_url(issuer, &self.server, &self.server) {
                Ok(url) => {
                    for place in issuer_places(&url) {
                        self.push(place, Role::Issuer(issuer.clone()));
                    }
                }
                Err(why) => wrong = Some(format!("names an authorization server that {why}")),
            }
        }
        self.resource = Some(resource);
        if !self.queue.is_empty() {
            return "the server is protected by OAuth and names its authorization server"
                .to_owned();
        }
        let what = wrong.unwrap_or_else(|| "names no authorization server".to_owned());
        self.note(Weight::Wrong, format!("{} {what}", brief(&candidate.url)));
        "the server is protected by OAuth, but its metadata is wrong".to_owned()
    }

    fn judge_server(
        &mut self,
        candidate: &Candidate,
        document: &Map<String, Value>,
        issuer: &str,
        confidence: Confidence,
    ) -> String {
        match needs_of(document, issuer, &self.server) {
            Ok(mut needs) => {
                self.add_what_the_resource_says(&mut needs);
                self.found = Some((needs, confidence));
                "OAuth 2.1 with this authorization server".to_owned()
            }
            Err(what) => {
                self.note(Weight::Wrong, format!("{} {what}", brief(&candidate.url)));
                "metadata of an authorization server that cannot be used".to_owned()
            }
        }
    }

    /// Scopes: the challenge's, else the resource's, else none asked for.
    fn add_what_the_resource_says(&self, needs: &mut OAuthNeeds) {
        needs.resource = self
            .resource
            .as_ref()
            .and_then(|one| one.resource.clone())
            .map(Untrusted::new);
        let scopes: Vec<String> = match (&self.scope, &self.resource) {
            (Some(scope), _) => scope.split_ascii_whitespace().map(str::to_owned).collect(),
            (None, Some(resource)) => resource.scopes.clone(),
            (None, None) => Vec::new(),
        };
        needs.scopes = scopes.into_iter().map(Untrusted::new).collect();
    }

    /// The conclusion.
    pub(super) fn conclude(mut self) -> Finding {
        if let Some((needs, confidence)) = self.found.take() {
            return Finding::Oauth(Box::new(needs), confidence);
        }
        let left = !self.queue.is_empty() || self.current.is_some();
        match self.trouble.take() {
            Some(trouble) if trouble.weight > Weight::Unreachable || self.resource.is_some() => {
                Finding::Oauth(Box::new(self.broken(trouble.text)), Confidence::Likely)
            }
            None if self.resource.is_some() => {
                let text = "the metadata leads to more documents than are read".to_owned();
                Finding::Oauth(Box::new(self.broken(text)), Confidence::Likely)
            }
            Some(_) => Finding::Unreachable,
            None if left => Finding::Unreachable,
            None => Finding::Nothing,
        }
    }

    fn broken(&self, why: String) -> OAuthNeeds {
        let issuer = self
            .resource
            .as_ref()
            .and_then(|one| one.issuers.first().cloned());
        let mut needs = OAuthNeeds {
            issuer: Untrusted::new(issuer.unwrap_or_default()),
            registration: vec![Registration::Manual],
            device: false,
            pkce: false,
            scopes: Vec::new(),
            resource: None,
            authorization_endpoint: None,
            broken: Some(why),
        };
        self.add_what_the_resource_says(&mut needs);
        needs
    }
}
