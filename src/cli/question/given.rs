//! An answer that a script gives.

use std::str::FromStr;

use serde_json::{Map, Value};

use crate::domain::{Asked, Fault, QuestionAnswer};
use crate::guard::json::{Limits, read_strict};
use crate::guard::question;

/// Longest answer that is read, in bytes.
const LIMIT: usize = 1024 * 1024;

/// What `--answer` takes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::cli) enum Given {
    /// The form filled in, its defaults left out; nothing for a page.
    Accept(Map<String, Value>),
    /// No.
    Decline,
    /// Put away.
    Cancel,
}

impl FromStr for Given {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "decline" => Ok(Self::Decline),
            "cancel" => Ok(Self::Cancel),
            _ if !text.trim_start().starts_with('{') => {
                Err("it is decline, cancel, or a JSON object with the fields".to_owned())
            }
            _ => match read_strict(text.as_bytes(), Limits::bytes(LIMIT)) {
                Ok(Value::Object(content)) => Ok(Self::Accept(content)),
                Ok(_) => Err("it is decline, cancel, or a JSON object with the fields".to_owned()),
                Err(fault) => Err(fault.to_string()),
            },
        }
    }
}

impl Given {
    /// The answer to this question: what is left out of a form gets its default.
    ///
    /// # Errors
    /// `user`, where it does not fit; nothing was sent then.
    pub(in crate::cli) fn answer(self, asked: &Asked) -> Result<QuestionAnswer, Fault> {
        let answer = match (self, asked) {
            (Self::Decline, _) => QuestionAnswer::Decline,
            (Self::Cancel, _) => QuestionAnswer::Cancel,
            (Self::Accept(content), Asked::Form { schema, .. }) => QuestionAnswer::Accept {
                content: question::with_defaults(schema, content),
            },
            (Self::Accept(content), Asked::Url { .. }) => QuestionAnswer::Accept { content },
        };
        question::check(asked, &answer)?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::Untrusted;

    #[test]
    fn words_and_objects_are_answers_and_nothing_else_is() {
        assert_eq!("decline".parse(), Ok(Given::Decline));
        assert_eq!("cancel".parse(), Ok(Given::Cancel));
        assert_eq!("{}".parse(), Ok(Given::Accept(Map::new())));
        for wrong in ["yes", "[1]", "{\"a\":1,\"a\":2}", ""] {
            assert!(wrong.parse::<Given>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_left_out_gets_its_default_and_the_whole_is_checked() {
        let asked = Asked::Form {
            message: Untrusted::from("m"),
            schema: json!({
                "type": "object",
                "properties": {
                    "a": { "type": "integer", "default": 3 },
                    "b": { "type": "string" }
                },
                "required": ["a", "b"]
            }),
        };
        let given = |text: &str| text.parse::<Given>().unwrap().answer(&asked);
        let Ok(QuestionAnswer::Accept { content }) = given("{\"b\":\"x\"}") else {
            panic!("it fits");
        };
        assert_eq!(Value::Object(content), json!({ "b": "x", "a": 3 }));
        let fault = given("{}").unwrap_err();
        assert_eq!(fault.message, "the answer does not fit: it must have \"b\"");
        assert_eq!(given("decline"), Ok(QuestionAnswer::Decline));
    }
}
