//! A place in the file, for whoever finds out later that what stands there cannot be.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::domain::Fault;

/// A line and a column of `config.toml`, both counted from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl Spot {
    /// The place of bytes in the text of a file; its beginning where none are known.
    pub(super) fn of(path: &Path, text: &str, span: Option<Range<usize>>) -> Self {
        let offset = span.map_or(0, |span| span.start);
        let before = text.get(..offset).unwrap_or(text);
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
        }
    }

    /// Line and column.
    pub fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }

    /// A fault of what stands here: a `config` one, which names the place.
    pub fn fault(&self, said: &str) -> Fault {
        let path = self.path.display();
        let Self { line, column, .. } = self;
        Fault::config(format!("{path}, line {line}, column {column}: {said}"))
            .hint(format!("mend {path}; nothing was changed in it"))
    }
}
