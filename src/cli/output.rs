//! Results, on stdout and nowhere else.

use std::io::{self, Write};

use serde::Serialize;

use super::report::Failure;
use crate::domain::Fault;
use crate::guard::sanitise;

/// Where the results of a command go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether results are for a script.
    pub(super) fn json(self) -> bool {
        self.json
    }

    /// Prints text for people, as it is: what comes from outside has been through
    /// the sanitiser already.
    pub(super) fn text(self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            self.bytes(b"\n")?;
        }
        Ok(())
    }

    /// Prints one JSON document on a line of its own, with every character that a
    /// terminal would obey or a reader would not see escaped.
    pub(super) fn document<T: Serialize>(self, value: &T) -> Result<(), Failure> {
        let value = serde_json::to_value(value)
            .map_err(|error| Fault::internal(format!("cannot write JSON: {error}")))?;
        self.bytes(sanitise::json_ascii_safe(&value).as_bytes())?;
        self.bytes(b"\n")
    }

    /// Prints the document in JSON, or the text made by `people` for people.
    pub(super) fn either<T: Serialize>(
        self,
        value: &T,
        people: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.json {
            self.document(value)
        } else {
            self.text(&people())
        }
    }

    /// Prints bytes as they are. Each write is flushed, so that who reads a stream
    /// has every line at once.
    pub(super) fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()?;
        Ok(())
    }
}
