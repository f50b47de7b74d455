//! A file that a result goes into.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::context::Context;
use super::pieces::{NAME_LIMIT, Whole};
use super::report::Failure;
use crate::domain::{Fault, Untrusted};
use crate::guard::sanitise;

/// A new file that the result goes into. Opened before anything is sent, so that a
/// result is never lost to a name that is taken; gone again if nothing comes.
pub(super) struct Destination {
    path: PathBuf,
    file: File,
    kept: bool,
}

/// What was written.
pub(super) struct Written {
    path: String,
    bytes: usize,
    mime_type: String,
}

impl Written {
    /// Says what was written.
    pub(super) fn say(&self, context: &Context) -> Result<(), Failure> {
        if context.json() {
            return context.output.document(&self.document());
        }
        context.terminal.say(&format!(
            "wrote {}: {} bytes, {}",
            self.path, self.bytes, self.mime_type
        ));
        Ok(())
    }

    fn document(&self) -> Value {
        json!({
            "output": self.path,
            "bytes": self.bytes,
            "mime_type": self.mime_type,
        })
    }
}

impl Destination {
    pub(super) fn open(path: &PathBuf) -> Result<Self, Fault> {
        let shown = path.display();
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        let file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Fault::user(format!("{shown} is there already"))
                .hint("nothing is overwritten: move it away, or give another name"),
            _ => Fault::user(format!("cannot write {shown}: {error}")),
        })?;
        Ok(Self {
            path: path.clone(),
            file,
            kept: false,
        })
    }

    /// Writes it.
    pub(super) fn write(mut self, whole: &Whole) -> Result<Written, Fault> {
        let shown = self.path.display().to_string();
        self.file
            .write_all(&whole.bytes)
            .and_then(|()| self.file.sync_all())
            .map_err(|error| Fault::config(format!("cannot write {shown}: {error}")))?;
        self.kept = true;
        Ok(Written {
            path: shown,
            bytes: whole.bytes.len(),
            mime_type: sanitise::line(&Untrusted::from(whole.mime.as_str()), NAME_LIMIT),
        })
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.path);
        }
    }
}

/// Nothing came: the empty file that held the place goes away. If it does not, an
/// empty file is left, which harms nobody.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.png");
        drop(Destination::open(&path).unwrap());
        assert!(!path.exists(), "nothing came, nothing is left");
        fs::write(&path, "mine").unwrap();
        let Err(fault) = Destination::open(&path) else {
            panic!("it is taken");
        };
        assert_eq!(fault.kind.exit_code(), 2);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn what_came_is_written_and_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.txt");
        let whole = Whole {
            bytes: b"hi".to_vec(),
            mime: "text/\u{1b}plain".to_owned(),
        };
        let written = Destination::open(&path).unwrap().write(&whole).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"hi");
        assert_eq!(
            written.document(),
            json!({"output": path, "bytes": 2, "mime_type": "text/⟨U+001B⟩plain"})
        );
    }
}
