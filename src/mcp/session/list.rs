//! Lists every function, page by page.

use std::{collections::HashSet, time::Duration};

use rmcp::model::{ClientRequest, ListToolsRequest, PaginatedRequestParams, ServerResult};
use serde_json::{Map, Value};

use super::{
    Session,
    fault::{self, Reach, WireFault},
    request::InFlight,
    wire::{Kept, Kind, mentions_header},
};
use crate::domain::{Fault, FaultKind, Untrusted};

/// Most pages of one list.
const MAX_PAGES: usize = 200;
/// Most functions of one server.
const MAX_FUNCTIONS: usize = 10_000;
/// Most bytes of one list.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Longest cursor, in bytes.
const MAX_CURSOR: usize = 64 * 1024;

/// A function as its server defines it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawFunction {
    /// What it is called by.
    pub name: Untrusted,
    /// The whole definition, exactly as it was sent.
    pub definition: Map<String, Value>,
}

/// A list as it grows.
#[derive(Default)]
struct Listing {
    functions: Vec<RawFunction>,
    names: HashSet<String>,
    cursors: HashSet<String>,
    pages: usize,
    bytes: u64,
}

impl Listing {
    /// Takes one page in. The next cursor, or `None` at the end.
    fn page(&mut self, page: Value, bytes: u64) -> Result<Option<String>, Fault> {
        self.pages += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        let Value::Object(mut page) = page else {
            return Err(not_a_list());
        };
        let Some(Value::Array(items)) = page.remove("tools") else {
            return Err(not_a_list());
        };
        for item in items {
            // One malformed definition does not hide the others.
            if let Some(function) = read(item)
                && self.names.insert(function.name.raw().to_owned())
            {
                self.functions.push(function);
            }
        }
        if self.functions.len() > MAX_FUNCTIONS {
            return Err(endless(format!("more than {MAX_FUNCTIONS} functions")));
        }
        if self.bytes > MAX_BYTES {
            return Err(endless(format!("more than {} MiB", MAX_BYTES >> 20)));
        }
        match page.remove("nextCursor") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(cursor)) => self.next(cursor).map(Some),
            Some(_) => Err(not_a_list()),
        }
    }

    fn next(&mut self, cursor: String) -> Result<String, Fault> {
        if self.pages >= MAX_PAGES {
            return Err(endless(format!("more than {MAX_PAGES} pages")));
        }
        if cursor.len() > MAX_CURSOR {
            return Err(endless("a cursor that is far too long".to_owned()));
        }
        if !self.cursors.insert(cursor.clone()) {
            return Err(endless("the same page again and again".to_owned()));
        }
        Ok(cursor)
    }
}

fn read(item: Value) -> Option<RawFunction> {
    let Value::Object(definition) = item else {
        return None;
    };
    let name = definition.get("name")?.as_str().filter(|n| !n.is_empty())?;
    // Without a schema nobody could say what may be sent.
    definition.get("inputSchema").filter(|s| s.is_object())?;
    Some(RawFunction {
        name: Untrusted::from(name),
        definition,
    })
}

fn not_a_list() -> Fault {
    Fault::new(
        FaultKind::NotMcp,
        "the server's list of functions is not a list",
    )
}

fn endless(what: String) -> Fault {
    Fault::new(
        FaultKind::Server,
        format!("the server's list of functions does not end: {what}"),
    )
}

impl Session {
    /// Every function on every page, in the server's order; of two with one name
    /// the first. A definition without a name or schema is left out.
    ///
    /// # Errors
    ///
    /// The server refuses, is gone, or sends a list without end.
    pub async fn list_functions(&self) -> Result<Vec<RawFunction>, Fault> {
        let mut listing = Listing::default();
        let mut cursor = None;
        loop {
            let (page, bytes) = match self.page(cursor).await {
                Ok(page) => page,
                // Some servers have functions and do not say so; the others refuse.
                Err(wire) if wire.reach == Reach::Refused && !self.says_functions() => {
                    return Ok(Vec::new());
                }
                Err(wire) => {
                    self.lost_if(&wire).await;
                    return Err(self.hidden().fault(wire.fault));
                }
            };
            match listing.page(page, bytes)? {
                Some(next) => cursor = Some(next),
                None => return Ok(listing.functions),
            }
        }
    }

    async fn page(&self, cursor: Option<String>) -> Result<(Value, u64), WireFault> {
        let params =
            cursor.map(|cursor| PaginatedRequestParams::default().with_cursor(Some(cursor)));
        let request = ClientRequest::ListToolsRequest(ListToolsRequest {
            params,
            ..ListToolsRequest::default()
        });
        let mut flight = InFlight::start(self, request, Kind::List).await?;
        let wait: Duration = self.answer_wait();
        let Ok(answer) = tokio::time::timeout(wait, flight.answer()).await else {
            flight.cancel("no answer in time").await;
            let fault = Fault::new(
                FaultKind::Network,
                format!(
                    "the server did not list its functions within {} s",
                    wait.as_secs()
                ),
            );
            return Err(WireFault::new(fault.retryable(), Reach::Unknown));
        };
        let typed = match answer {
            Ok(typed) => Some(typed),
            Err(error) => match flight.take() {
                Some(Kept::Spoiled(fault)) => {
                    return Err(WireFault::new(fault, Reach::Refused));
                }
                _ => return Err(fault::from_service(&error, self.wire())),
            },
        };
        match flight.take() {
            Some(Kept::Result(mut page, bytes)) => {
                if let Some(ServerResult::ListToolsResult(list)) = typed {
                    let sound = list.tools.iter().map(|tool| tool.name.as_ref());
                    drop_unsound(&mut page, &sound.collect());
                }
                Ok((page, bytes))
            }
            Some(Kept::Spoiled(fault)) => Err(WireFault::new(fault, Reach::Refused)),
            None => Err(WireFault::new(not_a_list(), Reach::Refused)),
        }
    }
}

/// Leaves out functions whose `x-mcp-header` marks rmcp found invalid: a client
/// must not offer these (MCP 2026-07-28, basic/transports).
fn drop_unsound(page: &mut Value, sound: &HashSet<&str>) {
    let Some(Value::Array(items)) = page.get_mut("tools") else {
        return;
    };
    items.retain(|item| {
        let marked = item.get("inputSchema").is_some_and(mentions_header);
        let name = item.get("name").and_then(Value::as_str);
        !marked || name.is_some_and(|name| sound.contains(name))
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(name: &str) -> Value {
        json!({"name": name, "inputSchema": {"type": "object"}, "x-unknown": [1]})
    }

    #[test]
    fn a_definition_comes_through_whole_and_a_malformed_one_hurts_no_other() {
        let mut listing = Listing::default();
        let page = json!({"tools": [tool("a"), 7, {"name": "b"}, {"inputSchema": {}}, tool("c")]});
        assert_eq!(listing.page(page, 1).unwrap(), None);
        let names: Vec<_> = listing.functions.iter().map(|f| f.name.raw()).collect();
        assert_eq!(names, ["a", "c"]);
        assert_eq!(
            Value::Object(listing.functions[0].definition.clone()),
            tool("a")
        );
    }

    #[test]
    fn of_two_with_one_name_the_first_counts() {
        let mut listing = Listing::default();
        let mut second = tool("a");
        second["description"] = json!("evil twin");
        listing
            .page(json!({"tools": [tool("a"), second]}), 1)
            .unwrap();
        assert_eq!(listing.functions.len(), 1);
        assert!(!listing.functions[0].definition.contains_key("description"));
    }

    #[test]
    fn a_list_that_goes_round_is_named() {
        let mut listing = Listing::default();
        let page = || json!({"tools": [], "nextCursor": "again"});
        assert_eq!(listing.page(page(), 1).unwrap().unwrap(), "again");
        let fault = listing.page(page(), 1).unwrap_err();
        assert!(fault.message.contains("again and again"));
    }

    #[test]
    fn a_list_that_never_ends_is_named() {
        let mut listing = Listing::default();
        let fault = (0..)
            .find_map(|n| {
                listing
                    .page(json!({"tools": [], "nextCursor": format!("{n}")}), 1)
                    .err()
            })
            .unwrap();
        assert!(fault.message.contains("pages"));
        let mut listing = Listing::default();
        let fault = listing
            .page(json!({"tools": []}), MAX_BYTES + 1)
            .unwrap_err();
        assert!(fault.message.contains("MiB"));
    }

    #[test]
    fn functions_with_invalid_header_marks_are_left_out() {
        let marked = |name: &str| json!({"name": name, "inputSchema": {"properties": {"a": {"x-mcp-header": "A"}}}});
        let mut page = json!({"tools": [tool("plain"), marked("good"), marked("bad")]});
        drop_unsound(&mut page, &HashSet::from(["good"]));
        assert_eq!(page["tools"].as_array().unwrap().len(), 2);
    }
}
