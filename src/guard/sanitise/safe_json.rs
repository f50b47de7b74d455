//! JSON that a terminal may be shown.

use std::io;

use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::judge::Judge;

/// The value as one line of JSON in which every character that would be obeyed or not
/// be seen is written `\uXXXX`. Any JSON reader has the very same value from it.
pub fn json_ascii_safe(value: &Value) -> String {
    written(value, SafeFormatter(CompactFormatter))
}

/// [`json_ascii_safe`], indented by two blanks.
pub fn json_ascii_safe_pretty(value: &Value) -> String {
    written(value, SafeFormatter(PrettyFormatter::new()))
}

fn written<F: Formatter>(value: &Value, formatter: F) -> String {
    use serde::Serialize as _;

    let mut json = Vec::new();
    // Writing a value to memory has no way to fail.
    let written = value.serialize(&mut Serializer::with_formatter(&mut json, formatter));
    match (written, String::from_utf8(json)) {
        (Ok(()), Ok(json)) => json,
        _ => "null".to_owned(),
    }
}

/// Writes as the formatter inside does, strings made safe for a terminal.
#[derive(Clone, Debug)]
pub struct SafeFormatter<F>(pub F);

impl<F: Formatter> Formatter for SafeFormatter<F> {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let mut judge = Judge::default();
        let mut from = 0;
        for (at, c) in fragment.char_indices() {
            if judge.is_seen(c) {
                continue;
            }
            writer.write_all(bytes(fragment, from, at))?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        writer.write_all(bytes(fragment, from, fragment.len()))
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

fn bytes(text: &str, from: usize, to: usize) -> &[u8] {
    text.get(from..to).unwrap_or_default().as_bytes()
}
