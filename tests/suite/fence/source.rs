//! Source files, with comments and strings set apart.

use std::fs;
use std::path::Path;

/// One file.
pub struct Source {
    /// From the repository's root, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// The same with comments and what strings say blanked out, line for line.
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: code_of(text),
        }
    }

    /// The folders and the stem below `src`: `["mcp", "detect"]`.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let path = path.strip_suffix(".rs").unwrap_or(path);
        path.split('/').collect()
    }

    /// Every string, as it is written, with the byte where it starts.
    pub fn strings(&self) -> Vec<(usize, &str)> {
        let found = literals(&self.text).into_iter();
        let strings = found.map(|(start, end)| (start, &self.text[start..end]));
        strings
            .filter(|(_, text)| text.starts_with('"') || text.starts_with('r'))
            .collect()
    }

    /// `path:line` of a byte of the file.
    pub fn place(&self, byte: usize) -> String {
        let line = self.text.as_bytes()[..byte]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        format!("{}:{}", self.path, line + 1)
    }
}

/// All Rust files below these folders of the repository; a missing folder has none.
pub fn repository(folders: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for folder in folders {
        gather(root, &root.join(folder), &mut sources);
    }
    sources
}

fn gather(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            sources.push(Source::new(name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Identifiers of a code with the byte where each starts.
pub fn identifiers(code: &str) -> Vec<(usize, &str)> {
    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    let bytes = code.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && is_part(bytes[at]) {
            at += 1;
        }
        if at > start {
            found.push((start, &code[start..at]));
        } else {
            at += 1;
        }
    }
    found
}

/// Blanks comments and strings; keeps length and lines.
fn code_of(text: &str) -> String {
    let mut code = text.as_bytes().to_vec();
    for (start, end) in literals(text) {
        for byte in &mut code[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// Where comments, strings and characters begin and end.
fn literals(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let end = at + literal(&bytes[at..], at.checked_sub(1).map(|before| bytes[before]));
        if end > at {
            found.push((at, end));
        }
        at = end.max(at + 1);
    }
    found
}

/// How many bytes of comment, string or character start here; 0 where it is code.
fn literal(rest: &[u8], before: Option<u8>) -> usize {
    let word_before = before.is_some_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    match rest {
        [b'/', b'/', ..] => find(rest, b"\n", 2),
        [b'/', b'*', ..] => block_comment(rest),
        [b'"', ..] => quoted(rest, b'"'),
        [b'r', b'"' | b'#', ..] if !word_before => raw_string(rest),
        // A lifetime has no closing quote two or more bytes on.
        [b'\'', b'\\', ..] => quoted(rest, b'\''),
        [b'\'', first, ..] => {
            let width = 1 + first.leading_ones().max(1) as usize;
            match rest.get(width) {
                Some(b'\'') => width + 1,
                _ => 0,
            }
        }
        _ => 0,
    }
}

fn find(rest: &[u8], mark: &[u8], from: usize) -> usize {
    rest[from..]
        .windows(mark.len())
        .position(|window| window == mark)
        .map_or(rest.len(), |position| from + position)
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &[u8]) -> usize {
    let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return 0; // r#keyword
    }
    let mut end = vec![b'"'];
    end.resize(1 + hashes, b'#');
    (find(rest, &end, 2 + hashes) + end.len()).min(rest.len())
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "a /* b /* c */ d */ e // f\n'g' \"h\\\"i\" r#\"j\"k\"# l::<'m>() 'é' '\\'' n\n";
    let source = Source::new("src/x/y.rs", text);
    let words: Vec<&str> = identifiers(&source.code)
        .iter()
        .map(|found| found.1)
        .collect();
    assert_eq!(words, ["a", "e", "l", "m", "n"]);
    assert_eq!(source.code.len(), text.len());
    assert_eq!(source.place(text.find('n').unwrap()), "src/x/y.rs:2");
    assert_eq!(source.module(), ["x", "y"]);
}
