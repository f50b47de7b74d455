//! What a server offers besides functions: resources are listed and read, prompts
//! listed and filled in (MCP, server/resources and server/prompts).
//!
//! What is listed is read leniently, entry by entry; what is read or filled in comes
//! through exactly as it was sent.

mod entries;

use std::{collections::BTreeMap, time::Duration};

use rmcp::{
    ServiceError,
    model::{
        ClientRequest, ErrorCode, GetPromptRequest, GetPromptRequestParams, ListPromptsRequest,
        ListResourceTemplatesRequest, ListResourcesRequest, PaginatedRequestParams,
        ReadResourceRequest, ReadResourceRequestParams,
    },
};
use serde_json::{Map, Value};

use self::entries::{each, prompt, resource, template};
use super::{
    Session,
    fault::{self, Reach, WireFault},
    pages::Pages,
    request::InFlight,
    wire::{Kept, Kind},
};
use crate::{
    domain::{Era, Fault, FaultKind, Prompt, Resources, Untrusted},
    guard::sanitise,
};

/// Longest URI, template or name that something is asked for by, in bytes. It travels
/// in a header too, where servers take no more.
const MAX_KEY: usize = 8 * 1024;
/// How much of a server's words a fault quotes, in characters.
const QUOTE: usize = 300;

/// A resource as it was read, or a prompt as it was filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct RawReading {
    /// The whole result as the server gave it.
    pub result: Value,
    /// How many bytes the message had that brought it.
    pub bytes: u64,
}

/// What is asked for, and what its answer has to hold.
#[derive(Clone, Copy)]
enum Wanted {
    Resource,
    Prompt,
}

impl Wanted {
    fn word(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Prompt => "prompt",
        }
    }

    /// The list that its result has (MCP `ReadResourceResult`, `GetPromptResult`).
    fn member(self) -> &'static str {
        match self {
            Self::Resource => "contents",
            Self::Prompt => "messages",
        }
    }
}

impl Session {
    /// Everything that can be read, one by one and by families, in the server's order;
    /// of two with one URI the first. An entry without a URI is left out.
    ///
    /// # Errors
    ///
    /// The server refuses, is gone, or sends a list without end.
    pub async fn list_resources(&self) -> Result<Resources, Fault> {
        let one_by_one = |params| {
            ClientRequest::ListResourcesRequest(ListResourcesRequest {
                params,
                ..ListResourcesRequest::default()
            })
        };
        let families = |params| {
            ClientRequest::ListResourceTemplatesRequest(ListResourceTemplatesRequest {
                params,
                ..ListResourceTemplatesRequest::default()
            })
        };
        let resources = self
            .whole_list("resources", "resources", one_by_one)
            .await?;
        let templates = self
            .whole_list("resource templates", "resourceTemplates", families)
            .await?;
        Ok(Resources {
            resources: each(resources, resource, |one| one.uri.raw()),
            templates: each(templates, template, |one| one.uri_template.raw()),
            subscribe: self.info().offers.subscribe,
        })
    }

    /// Every prompt, in the server's order; of two with one name the first.
    ///
    /// # Errors
    ///
    /// As for [`Session::list_resources`].
    pub async fn list_prompts(&self) -> Result<Vec<Prompt>, Fault> {
        let request = |params| {
            ClientRequest::ListPromptsRequest(ListPromptsRequest {
                params,
                ..ListPromptsRequest::default()
            })
        };
        let prompts = self.whole_list("prompts", "prompts", request).await?;
        Ok(each(prompts, prompt, |one| one.name.raw()))
    }

    /// Reads a resource. Dropping this future takes the request back at the server.
    ///
    /// # Errors
    ///
    /// `not-found` where the server knows no such resource; otherwise it refuses, is
    /// gone, or sends what is no resource.
    pub async fn read_resource(&self, uri: &str) -> Result<RawReading, Fault> {
        self.check_key(uri, "address of the resource")?;
        let params = ReadResourceRequestParams::new(uri);
        let request = ClientRequest::ReadResourceRequest(ReadResourceRequest::new(params));
        self.ask(request, Wanted::Resource).await
    }

    /// Has a prompt filled in. Dropping this future takes the request back.
    ///
    /// # Errors
    ///
    /// As for [`Session::read_resource`].
    pub async fn get_prompt(
        &self,
        name: &str,
        arguments: &BTreeMap<String, String>,
    ) -> Result<RawReading, Fault> {
        self.check_key(name, "name of the prompt")?;
        let mut params = GetPromptRequestParams::new(name);
        if !arguments.is_empty() {
            let arguments = arguments.iter();
            let arguments: Map<String, Value> = arguments
                .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                .collect();
            params = params.with_arguments(arguments);
        }
        let request = ClientRequest::GetPromptRequest(GetPromptRequest::new(params));
        self.ask(request, Wanted::Prompt).await
    }

    fn check_key(&self, key: &str, what: &str) -> Result<(), Fault> {
        match key.len() {
            0 => Err(Fault::user(format!("the {what} is empty"))),
            length if length > MAX_KEY => Err(Fault::user(format!(
                "the {what} is longer than {MAX_KEY} bytes"
            ))),
            _ => Ok(()),
        }
    }

    /// All pages of one list. A server that has no such list has nothing on it: many
    /// have resources and know no templates.
    async fn whole_list(
        &self,
        what: &'static str,
        key: &str,
        request: impl Fn(Option<PaginatedRequestParams>) -> ClientRequest,
    ) -> Result<Vec<Value>, Fault> {
        let mut pages = Pages::of(what);
        let mut all = Vec::new();
        let mut params = None;
        loop {
            let page = match self.fetch_page(request(params), Kind::Whole, what).await {
                Ok(page) => page,
                Err(wire) if wire.code == Some(ErrorCode::METHOD_NOT_FOUND) => return Ok(all),
                Err(wire) => {
                    self.lost_if(&wire).await;
                    return Err(self.hidden().fault(wire.fault));
                }
            };
            let (items, next) = pages.open(page.raw, key, page.bytes)?;
            all.extend(items);
            match next {
                Some(cursor) => {
                    let next = PaginatedRequestParams::default();
                    params = Some(next.with_cursor(Some(cursor)));
                }
                None => return Ok(all),
            }
        }
    }

    async fn ask(&self, request: ClientRequest, wanted: Wanted) -> Result<RawReading, Fault> {
        match self.answer_to(request, wanted).await {
            Ok(reading) => Ok(reading),
            Err(wire) => {
                self.lost_if(&wire).await;
                Err(self.hidden().fault(wire.fault))
            }
        }
    }

    async fn answer_to(
        &self,
        request: ClientRequest,
        wanted: Wanted,
    ) -> Result<RawReading, WireFault> {
        let mut flight = InFlight::start(self, request, Kind::Whole).await?;
        let idle = self.idle_wait();
        let Some(answer) = flight.answer_while_alive(idle).await else {
            flight.cancel("no sign of life").await;
            return Err(WireFault::new(silent(idle), Reach::Unknown));
        };
        match (answer, flight.take()) {
            (_, Some(Kept::Spoiled(fault))) => Err(WireFault::new(fault, Reach::Unknown)),
            (Ok(_), Some(Kept::Result(result, bytes))) => {
                match unusable(&result, wanted, self.info().era) {
                    Some(fault) => Err(WireFault::new(fault, Reach::Refused)),
                    None => Ok(RawReading { result, bytes }),
                }
            }
            (Ok(_), None) => {
                let fault = Fault::new(FaultKind::Server, "the server's answer makes no sense");
                Err(WireFault::new(fault, Reach::Unknown))
            }
            (Err(error), _) => Err(self.refused(&error, wanted)),
        }
    }

    /// What a failure means. A server that knows no such resource says so by a code of
    /// its own, or of late by that of a wrong argument (MCP 2026-07-28).
    fn refused(&self, error: &ServiceError, wanted: Wanted) -> WireFault {
        let ServiceError::McpError(said) = error else {
            return fault::from_service(error, self.wire());
        };
        let missing = match wanted {
            Wanted::Resource => {
                [ErrorCode::RESOURCE_NOT_FOUND, ErrorCode::INVALID_PARAMS].contains(&said.code)
            }
            // A wrong argument is a wrong name or a value that the prompt does not take.
            Wanted::Prompt => false,
        };
        if !missing {
            return fault::from_service(error, self.wire());
        }
        let words = Untrusted::from(said.message.as_ref());
        let message = format!(
            "the server has no such resource: \"{}\"",
            sanitise::line(&words, QUOTE)
        );
        WireFault::new(Fault::not_found(message), Reach::Refused)
    }
}

/// Why a result is not what was asked for, if it is not.
fn unusable(result: &Value, wanted: Wanted, era: Era) -> Option<Fault> {
    let word = wanted.word();
    let kind = result.get("resultType").and_then(Value::as_str);
    let message = match kind {
        // Legacy servers know no such member (MCP 2026-07-28, `resultType`).
        _ if era == Era::Legacy => None,
        None | Some("complete") => None,
        Some("input_required") => Some(format!(
            "the server wants to ask something before it gives this {word}, which callboard \
             does not pass on"
        )),
        Some(_) => Some(format!(
            "the server answers for this {word} with a kind of result that callboard does not know"
        )),
    };
    if let Some(message) = message {
        return Some(Fault::new(FaultKind::Server, message));
    }
    let member = wanted.member();
    match result.get(member) {
        Some(Value::Array(_)) => None,
        _ => Some(Fault::new(
            FaultKind::NotMcp,
            format!("what the server sent is no {word}: it has no list of {member}"),
        )),
    }
}

fn silent(idle: Duration) -> Fault {
    Fault::new(
        FaultKind::Network,
        format!(
            "the server gave no sign of life for {} s and was not waited for any longer",
            idle.as_secs()
        ),
    )
    .hint("a longer time-out can be set for the connector")
    .retryable()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_resource_is_named() {
        let fault = |result: Value, era| unusable(&result, Wanted::Resource, era);
        assert_eq!(fault(json!({"contents": []}), Era::Legacy), None);
        let odd = json!({"contents": [], "resultType": "task"});
        assert_eq!(fault(odd.clone(), Era::Legacy), None);
        assert!(fault(odd, Era::Modern).is_some());
        for wrong in [json!(null), json!({}), json!({"contents": {}}), json!([])] {
            let fault = fault(wrong, Era::Modern).unwrap();
            assert_eq!(fault.kind, FaultKind::NotMcp);
            assert!(fault.message.contains("contents"), "{fault}");
        }
        let asks = json!({"resultType": "input_required", "inputRequests": {}});
        let fault = unusable(&asks, Wanted::Prompt, Era::Modern).unwrap();
        assert!(fault.message.contains("prompt"), "{fault}");
    }
}
