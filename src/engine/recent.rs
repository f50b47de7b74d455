//! The last calls whole, in memory alone: what was sent and what came back, for
//! whoever looks at one. Never on disk, and gone when the vault is locked.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::Engine;
use crate::domain::Fault;
use crate::protocol::CallRecord;

/// Calls that are kept.
const CALLS: usize = 100;
/// How much of them altogether, in bytes of JSON.
const BYTES: usize = 4 * 1024 * 1024;
/// Arguments and results that are larger are left out, in bytes of JSON.
const BYTES_OF_ONE: usize = 1024 * 1024;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    kept: VecDeque<Kept>,
    bytes: usize,
}

/// One call, as text: a value takes many times its own bytes.
#[derive(Debug)]
struct Kept {
    /// Its line in the journal, and that of the decision before it.
    lines: [Option<i64>; 2],
    arguments: Option<Box<str>>,
    result: Option<Box<str>>,
}

impl Kept {
    fn bytes(&self) -> usize {
        let size = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
        size(&self.arguments) + size(&self.result)
    }
}

/// A value as it is kept; `None` where it is too large.
pub(super) fn text(value: &Value) -> Option<Box<str>> {
    let text = value.to_string();
    (text.len() <= BYTES_OF_ONE).then(|| text.into_boxed_str())
}

impl Recent {
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a call under its lines in the journal; the oldest make room.
    pub(super) fn keep(
        &self,
        lines: [Option<i64>; 2],
        arguments: Option<Box<str>>,
        result: Option<Box<str>>,
    ) {
        let kept = Kept {
            lines,
            arguments,
            result,
        };
        let mut calls = self.lock();
        calls.bytes += kept.bytes();
        calls.kept.push_back(kept);
        while calls.kept.len() > CALLS || calls.bytes > BYTES {
            let Some(oldest) = calls.kept.pop_front() else {
                break;
            };
            calls.bytes -= oldest.bytes();
        }
    }

    /// Arguments and result of the call with this line, as far as they are kept.
    fn find(&self, seq: i64) -> (Option<Value>, Option<Value>) {
        let read = |text: &Option<Box<str>>| serde_json::from_str(text.as_deref()?).ok();
        let calls = self.lock();
        let found = calls
            .kept
            .iter()
            .find(|kept| kept.lines.contains(&Some(seq)));
        found.map_or((None, None), |kept| {
            (read(&kept.arguments), read(&kept.result))
        })
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        *self.lock() = Calls::default();
    }
}

impl Engine {
    /// One call whole, as far as it is still kept.
    ///
    /// # Errors
    /// `not-found` where the journal has no such line; `config` where it cannot be
    /// read.
    pub async fn whole_call(&self, seq: i64) -> Result<CallRecord, Fault> {
        let store = self.board.store().await;
        let entry = store
            .journal_line(seq)
            .await
            .map_err(|error| self.board.storage_failed(error))?
            .ok_or_else(|| {
                Fault::not_found(format!("the journal has no line {seq}"))
                    .hint("`callboard log --json` shows each line's `seq`")
            })?;
        let (arguments, result) = self.board.recent.find(seq);
        Ok(CallRecord {
            entry,
            arguments,
            result,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_call_is_found_by_either_of_its_lines() {
        let recent = Recent::default();
        let (sent, came) = (json!({"a": 1}), json!({"content": []}));
        recent.keep([Some(7), Some(6)], text(&sent), text(&came));
        assert_eq!(recent.find(7), (Some(sent.clone()), Some(came)));
        assert_eq!(recent.find(6).0, Some(sent));
        assert_eq!(recent.find(8), (None, None));
        recent.clear();
        assert_eq!(recent.find(7), (None, None));
    }

    #[test]
    fn what_is_large_is_left_out_and_the_oldest_make_room() {
        assert_eq!(text(&json!("x".repeat(BYTES_OF_ONE))), None);
        let recent = Recent::default();
        let large = json!("x".repeat(BYTES_OF_ONE - 2));
        for seq in 0..6 {
            recent.keep([Some(seq), None], None, text(&large));
        }
        let kept: Vec<bool> = (0..6).map(|seq| recent.find(seq).1.is_some()).collect();
        assert_eq!(kept, [false, false, true, true, true, true]);
        for seq in 10..10 + 150 {
            recent.keep([Some(seq), None], text(&json!({})), None);
        }
        assert_eq!(recent.lock().kept.len(), CALLS);
        assert_eq!(recent.lock().bytes, CALLS * 2);
        assert!(recent.find(59).0.is_none() && recent.find(60).0.is_some());
    }
}
