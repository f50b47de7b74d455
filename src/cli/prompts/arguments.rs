//! What a prompt is filled in with, from the words of a command line.

use std::collections::BTreeMap;

use crate::cli::nearest::nearest;
use crate::domain::{Fault, Prompt, Untrusted};
use crate::guard::sanitise;

/// Longest name that a fault quotes, in characters.
const NAME_LIMIT: usize = 60;

/// Reads `ARG=VALUE` words: every value is a text (MCP `GetPromptRequestParams`).
///
/// # Errors
/// `user`: a word without `=`, a name that the prompt does not have, one given twice,
/// and all that it needs and was not given.
pub(super) fn read(prompt: &Prompt, words: &[String]) -> Result<BTreeMap<String, String>, Fault> {
    let mut given = BTreeMap::new();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Fault::user(format!("{} is not ARG=VALUE", quoted(word)))
                .hint("give each argument as ARG=VALUE"));
        };
        if !prompt.arguments.iter().any(|one| one.name.raw() == name) {
            return Err(unknown(prompt, name));
        }
        if given.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(Fault::user(format!("{} is given twice", quoted(name))));
        }
    }
    let missing: Vec<String> = prompt
        .arguments
        .iter()
        .filter(|one| one.required && !given.contains_key(one.name.raw()))
        .map(|one| line(one.name.raw()))
        .collect();
    if missing.is_empty() {
        return Ok(given);
    }
    let blanks: Vec<String> = missing.iter().map(|name| format!("{name}=…")).collect();
    Err(Fault::user(format!(
        "the prompt {} needs {}",
        line(prompt.name.raw()),
        missing.join(" and ")
    ))
    .hint(format!("add {}", blanks.join(" "))))
}

fn unknown(prompt: &Prompt, name: &str) -> Fault {
    let names: Vec<String> = prompt
        .arguments
        .iter()
        .map(|one| line(one.name.raw()))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fault = Fault::user(format!(
        "the prompt {} has no argument {}",
        line(prompt.name.raw()),
        quoted(name)
    ));
    match nearest(name, &names) {
        Some(near) => fault.hint(format!("did you mean {near}?")),
        None if names.is_empty() => fault.hint("it takes none"),
        None => fault.hint(format!("it takes {}", names.join(", "))),
    }
}

fn line(text: &str) -> String {
    sanitise::line(&Untrusted::from(text), NAME_LIMIT)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", line(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PromptArgument;

    fn greet() -> Prompt {
        let argument = |name: &str, required| PromptArgument {
            name: name.into(),
            description: None,
            required,
        };
        Prompt {
            name: "greet".into(),
            title: None,
            description: None,
            arguments: vec![
                argument("who", true),
                argument("where", true),
                argument("how", false),
            ],
        }
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_value_is_a_text_whatever_it_looks_like() {
        let read = read(&greet(), &words(&["who=7", "where=a=b", "how="])).unwrap();
        assert_eq!(
            (&*read["who"], &*read["where"], &*read["how"]),
            ("7", "a=b", "")
        );
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let fault = read(&greet(), &words(&["how=well"])).unwrap_err();
        assert_eq!(fault.message, "the prompt greet needs who and where");
        assert_eq!(fault.hints, ["add who=… where=…"]);
        assert_eq!(fault.kind.exit_code(), 2);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let said = |list: &[&str]| {
            let fault = read(&greet(), &words(list)).unwrap_err();
            (fault.message, fault.hints.join("; "))
        };
        assert_eq!(said(&["who"]).0, "\"who\" is not ARG=VALUE");
        assert_eq!(said(&["who=a", "who=b"]).0, "\"who\" is given twice");
        assert_eq!(said(&["whre=a"]).1, "did you mean where?");
        assert_eq!(said(&["colour=a"]).1, "it takes who, where, how");
    }
}
