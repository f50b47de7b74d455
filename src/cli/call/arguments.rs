//! The arguments of a call, from the words of a command line.

use std::fs;
use std::io::Read;

use serde_json::{Map, Value};

use crate::cli::ask;
use crate::domain::{Fault, Function};
use crate::guard::arguments;
use crate::guard::json::{Limits, read_strict};

/// Longest JSON that is read, in bytes.
const LIMIT: usize = 16 * 1024 * 1024;

/// Reads the arguments, and checks them against the schema.
///
/// # Errors
/// `user`, with the place of the fault.
pub(super) async fn read(
    flag: Option<&str>,
    words: &[String],
    function: &Function,
) -> Result<Map<String, Value>, Fault> {
    let schema = &function.input_schema.value();
    let read = match flag {
        Some(flag) => object(&text(flag).await?)?,
        None => arguments::from_words(schema, words)?,
    };
    arguments::check(schema, &read)
        .map_err(|faults| arguments::fault_of(&function.name, &faults))?;
    Ok(read)
}

/// The bytes that `--args` stands for: itself, a file after `@`, stdin for `-`. One
/// byte more than is allowed is read, so that the strict reader sees that it is too
/// much.
async fn text(flag: &str) -> Result<Vec<u8>, Fault> {
    if flag == "-" {
        ask::stdin(LIMIT as u64 + 1).await
    } else if let Some(path) = flag.strip_prefix('@') {
        let mut bytes = Vec::new();
        fs::File::open(path)
            .and_then(|file| file.take(LIMIT as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| {
                Fault::user(format!("cannot read the arguments from {path}: {error}"))
            })?;
        Ok(bytes)
    } else {
        Ok(flag.as_bytes().to_vec())
    }
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    match read_strict(bytes, Limits::bytes(LIMIT)) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Fault::user("the arguments are not a JSON object")
            .hint("e.g. --args '{\"query\":\"cats\"}'")),
        Err(fault) => Err(
            Fault::user(format!("the arguments cannot be read: {fault}"))
                .hint("--args takes a JSON object, @FILE, or - for stdin"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_is_taken_and_read_strictly() {
        assert_eq!(object(br#"{"a":1}"#).unwrap().len(), 1);
        assert_eq!(object(b"[1]").unwrap_err().kind.exit_code(), 2);
        let twice = object(br#"{"a":1,"a":2}"#).unwrap_err();
        assert!(twice.message.contains("twice"), "{}", twice.message);
    }

    #[tokio::test]
    async fn the_flag_is_json_or_says_where_it_is() {
        assert_eq!(text("{}").await.unwrap(), b"{}");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("args.json");
        fs::write(&path, "{\"a\":2}").unwrap();
        let from_file = text(&format!("@{}", path.display())).await.unwrap();
        assert_eq!(from_file, b"{\"a\":2}");
        let fault = text("@/nowhere/at/all").await.unwrap_err();
        assert!(fault.message.contains("/nowhere"));
    }
}
