//! Lists every function, page by page.

use std::collections::HashSet;

use rmcp::model::{ClientRequest, ListToolsRequest, PaginatedRequestParams, ServerResult};
use serde_json::{Map, Value};

use super::{
    Session,
    fault::{Reach, WireFault},
    pages::Pages,
    wire::{Kind, mentions_header},
};
use crate::domain::{Fault, Untrusted};

/// A function as its server defines it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawFunction {
    /// What it is called by.
    pub name: Untrusted,
    /// The whole definition, exactly as it was sent.
    pub definition: Map<String, Value>,
}

/// A list as it grows.
struct Listing {
    functions: Vec<RawFunction>,
    names: HashSet<String>,
    pages: Pages,
}

impl Listing {
    fn new() -> Self {
        Self {
            functions: Vec::new(),
            names: HashSet::new(),
            pages: Pages::of("functions"),
        }
    }

    /// Takes one page in. The next cursor, or `None` at the end.
    fn page(&mut self, page: Value, bytes: u64) -> Result<Option<String>, Fault> {
        let (items, next) = self.pages.open(page, "tools", bytes)?;
        for item in items {
            // One malformed definition does not hide the others.
            if let Some(function) = read(item)
                && self.names.insert(function.name.raw().to_owned())
            {
                self.functions.push(function);
            }
        }
        Ok(next)
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

impl Session {
    /// Every function on every page, in the server's order; of two with one name
    /// the first. A definition without a name or schema is left out.
    ///
    /// # Errors
    ///
    /// The server refuses, is gone, or sends a list without end.
    pub async fn list_functions(&self) -> Result<Vec<RawFunction>, Fault> {
        let mut listing = Listing::new();
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
        let mut page = self.fetch_page(request, Kind::List, "functions").await?;
        if let ServerResult::ListToolsResult(list) = page.typed {
            let sound = list.tools.iter().map(|tool| tool.name.as_ref());
            drop_unsound(&mut page.raw, &sound.collect());
        }
        Ok((page.raw, page.bytes))
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
        let mut listing = Listing::new();
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
        let mut listing = Listing::new();
        let mut second = tool("a");
        second["description"] = json!("evil twin");
        listing
            .page(json!({"tools": [tool("a"), second]}), 1)
            .unwrap();
        assert_eq!(listing.functions.len(), 1);
        assert!(!listing.functions[0].definition.contains_key("description"));
    }

    #[test]
    fn functions_with_invalid_header_marks_are_left_out() {
        let marked = |name: &str| json!({"name": name, "inputSchema": {"properties": {"a": {"x-mcp-header": "A"}}}});
        let mut page = json!({"tools": [tool("plain"), marked("good"), marked("bad")]});
        drop_unsound(&mut page, &HashSet::from(["good"]));
        assert_eq!(page["tools"].as_array().unwrap().len(), 2);
    }
}
