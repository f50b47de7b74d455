//! Arguments of a call against the JSON Schema of its function.
//!
//! The schema comes from the server and is no more trusted than its words: nothing is
//! fetched for it, its size and the work it can cause are bounded, and what it says
//! about an argument is quoted only through the sanitiser.

mod bounds;
mod check;
mod describe;
mod summary;
#[cfg(test)]
mod tests;
mod words;

use crate::domain::{Fault, Untrusted};

use super::sanitise;

pub use bounds::pointer;
pub use check::check;
pub use summary::{ArgumentRow, summary};
pub use words::from_words;

/// Faults that are told at once.
pub const MAX_FAULTS: usize = 8;

/// What stands where a fault has no place among the arguments.
const THE_ARGUMENTS: &str = "(the arguments)";
const THE_SCHEMA: &str = "(the schema)";

/// One thing that is wrong with the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentFault {
    /// Where: `labels[2]`, `(the arguments)`, or `(the schema)` where the fault is the
    /// server's.
    pub place: String,
    /// What, without a full stop: `must be a whole number, and is a text`.
    pub message: String,
}

impl ArgumentFault {
    /// Whether the server's schema is to blame, so that nothing could be checked.
    pub fn is_of_schema(&self) -> bool {
        self.place == THE_SCHEMA
    }

    /// Whether it is of the arguments as a whole: something lacks, or is too much.
    pub fn is_of_the_whole(&self) -> bool {
        self.place == THE_ARGUMENTS
    }

    fn of_schema(why: impl AsRef<str>) -> Self {
        Self {
            place: THE_SCHEMA.to_owned(),
            message: format!(
                "the server's schema of this function cannot be used: {}",
                why.as_ref()
            ),
        }
    }
}

/// The faults of a call's arguments as one, with the first in its message and the
/// others among its hints.
pub fn fault_of(function: &Untrusted, faults: &[ArgumentFault]) -> Fault {
    let name = sanitise::line(function, 60);
    let mut told = faults.iter().map(|fault| match fault.place.as_str() {
        THE_SCHEMA => fault.message.clone(),
        THE_ARGUMENTS => of_the_whole(&fault.message),
        place => format!("{place} {}", fault.message),
    });
    let first = told.next().unwrap_or_else(|| "they do not fit".to_owned());
    let message = match faults.first() {
        Some(fault) if fault.is_of_schema() => format!("{name} cannot be called: {first}"),
        _ => format!("the arguments do not fit {name}: {first}"),
    };
    told.fold(Fault::user(message), |fault, other| {
        fault.hint(format!("also: {other}"))
    })
}

/// What is wrong with the arguments as a whole, by the names of those it is about.
fn of_the_whole(message: &str) -> String {
    for (words, instead) in [
        ("must have \"", "must be given"),
        ("must not have \"", "must not be given"),
    ] {
        if let Some(names) = message.strip_prefix(words) {
            return format!("\"{names} {instead}");
        }
    }
    format!("as a whole it {message}")
}

/// A text from outside as a short quotation.
fn quoted(text: &str) -> String {
    format!("\"{}\"", sanitise::line(&Untrusted::from(text), 40))
}
