//! Lists come in pages, and a server may have pages without end.

use std::{collections::HashSet, time::Duration};

use rmcp::model::{ClientRequest, ServerResult};
use serde_json::Value;

use super::{
    Session,
    fault::{self, Reach, WireFault},
    request::InFlight,
    wire::{Kept, Kind},
};
use crate::domain::{Fault, FaultKind};

/// Most pages of one list.
const MAX_PAGES: usize = 200;
/// Most things on one list.
const MAX_ITEMS: usize = 10_000;
/// Most bytes of one list.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Longest cursor, in bytes.
const MAX_CURSOR: usize = 64 * 1024;

/// What has been seen of a list, and how much more of it may come.
pub(super) struct Pages {
    what: &'static str,
    cursors: HashSet<String>,
    pages: usize,
    items: usize,
    bytes: u64,
}

/// One page as it came.
pub(super) struct Page {
    /// The result exactly as it was sent.
    pub(super) raw: Value,
    /// How many bytes its message had.
    pub(super) bytes: u64,
    /// What rmcp made of it.
    pub(super) typed: ServerResult,
}

impl Pages {
    /// A list of these, in the plural.
    pub(super) fn of(what: &'static str) -> Self {
        Self {
            what,
            cursors: HashSet::new(),
            pages: 0,
            items: 0,
            bytes: 0,
        }
    }

    /// Takes one page apart: what stands under `key`, and the next cursor or `None`
    /// at the end.
    pub(super) fn open(
        &mut self,
        page: Value,
        key: &str,
        bytes: u64,
    ) -> Result<(Vec<Value>, Option<String>), Fault> {
        self.pages += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        let Value::Object(mut page) = page else {
            return Err(not_a_list(self.what));
        };
        let Some(Value::Array(items)) = page.remove(key) else {
            return Err(not_a_list(self.what));
        };
        self.items = self.items.saturating_add(items.len());
        if self.items > MAX_ITEMS {
            return Err(self.endless(&format!("more than {MAX_ITEMS} {}", self.what)));
        }
        if self.bytes > MAX_BYTES {
            return Err(self.endless(&format!("more than {} MiB", MAX_BYTES >> 20)));
        }
        let next = match page.remove("nextCursor") {
            None | Some(Value::Null) => None,
            Some(Value::String(cursor)) => Some(self.next(cursor)?),
            Some(_) => return Err(not_a_list(self.what)),
        };
        Ok((items, next))
    }

    fn next(&mut self, cursor: String) -> Result<String, Fault> {
        if self.pages >= MAX_PAGES {
            return Err(self.endless(&format!("more than {MAX_PAGES} pages")));
        }
        if cursor.len() > MAX_CURSOR {
            return Err(self.endless("a cursor that is far too long"));
        }
        if !self.cursors.insert(cursor.clone()) {
            return Err(self.endless("the same page again and again"));
        }
        Ok(cursor)
    }

    fn endless(&self, why: &str) -> Fault {
        Fault::new(
            FaultKind::Server,
            format!("the server's list of {} does not end: {why}", self.what),
        )
    }
}

fn not_a_list(what: &str) -> Fault {
    Fault::new(
        FaultKind::NotMcp,
        format!("the server's list of {what} is not a list"),
    )
}

impl Session {
    /// Asks for one page of a list of these, in the plural.
    pub(super) async fn fetch_page(
        &self,
        request: ClientRequest,
        kind: Kind,
        what: &str,
    ) -> Result<Page, WireFault> {
        let mut flight = InFlight::start(self, request, kind).await?;
        let wait: Duration = self.answer_wait();
        let Ok(answer) = tokio::time::timeout(wait, flight.answer()).await else {
            flight.cancel("no answer in time").await;
            let fault = Fault::new(
                FaultKind::Network,
                format!(
                    "the server did not list its {what} within {} s",
                    wait.as_secs()
                ),
            );
            return Err(WireFault::new(fault.retryable(), Reach::Unknown));
        };
        match (answer, flight.take()) {
            (_, Some(Kept::Spoiled(fault))) => Err(WireFault::new(fault, Reach::Refused)),
            (Err(error), _) => Err(fault::from_service(&error, self.wire())),
            (Ok(typed), Some(Kept::Result(raw, bytes))) => Ok(Page { raw, bytes, typed }),
            (Ok(_), None) => Err(WireFault::new(not_a_list(what), Reach::Refused)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_that_goes_round_is_named() {
        let mut pages = Pages::of("functions");
        let page = || json!({"tools": [], "nextCursor": "again"});
        let (_, next) = pages.open(page(), "tools", 1).unwrap();
        assert_eq!(next.unwrap(), "again");
        let fault = pages.open(page(), "tools", 1).unwrap_err();
        assert!(fault.message.contains("again and again"));
    }

    #[test]
    fn a_list_that_never_ends_is_named() {
        let mut pages = Pages::of("prompts");
        let fault = (0..)
            .find_map(|n| {
                let page = json!({"prompts": [], "nextCursor": format!("{n}")});
                pages.open(page, "prompts", 1).err()
            })
            .unwrap();
        assert!(fault.message.contains("pages"));
        let mut pages = Pages::of("prompts");
        let page = json!({"prompts": []});
        let fault = pages.open(page, "prompts", MAX_BYTES + 1).unwrap_err();
        assert!(fault.message.contains("MiB"));
        let mut pages = Pages::of("prompts");
        let page = json!({"prompts": vec![0; MAX_ITEMS + 1]});
        let fault = pages.open(page, "prompts", 1).unwrap_err();
        assert!(fault.message.contains("more than 10000 prompts"), "{fault}");
    }

    #[test]
    fn what_is_no_list_is_named() {
        for page in [
            json!(7),
            json!({}),
            json!({"prompts": {}}),
            json!({"prompts": [], "nextCursor": 7}),
        ] {
            let fault = Pages::of("prompts").open(page, "prompts", 1).unwrap_err();
            assert_eq!(fault.kind, FaultKind::NotMcp);
        }
    }
}
