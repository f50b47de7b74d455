//! The functions of a connector, close together.
//!
//! A server may offer thousands, of which a list shows a line each. What the line is made
//! of stands side by side; what is only read of the one that is looked at, the
//! description and the schemas, is deflated, some dozens at a time: they are much alike.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::domain::{Function, FunctionState, Hints, Permission, Schema, Untrusted};

/// So many functions are deflated together.
const TOGETHER: usize = 64;

/// What is read of a function that is looked at.
type Rest = (Untrusted, Schema, Option<Schema>);

/// See the module.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct Packed {
    /// Names, titles, and digests that are no SHA-256, one after another.
    texts: String,
    rows: Vec<Row>,
    /// Deflated lines of JSON, one for each function.
    deflated: Vec<Box<[u8]>>,
    /// The lines that are not deflated yet.
    open: Vec<u8>,
}

/// What is kept of each function as it is.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Where its texts begin.
    start: u32,
    name: u32,
    /// `None`: it has no title.
    title: Option<u32>,
    /// `None`: the digest is the last of its texts.
    digest: Option<[u8; 32]>,
    permission: Permission,
    state: FunctionState,
    hints: Hints,
}

impl Packed {
    /// No function.
    pub(in crate::tui) const NONE: Self = Self {
        texts: String::new(),
        rows: Vec::new(),
        deflated: Vec::new(),
        open: Vec::new(),
    };

    /// How many there are.
    pub(in crate::tui) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One more.
    pub(in crate::tui) fn push(&mut self, function: &Function) {
        let mut add = |text: &str| {
            self.texts.push_str(text);
            small(text.len())
        };
        let name = add(function.name.raw());
        let title = function.title.as_ref().map(|title| add(title.raw()));
        let digest = bytes_of(&function.digest);
        let rest = match digest {
            Some(_) => 0,
            None => add(&function.digest),
        };
        let length = name + title.unwrap_or(0) + rest;
        self.rows.push(Row {
            start: small(self.texts.len()) - length,
            name,
            title,
            digest,
            permission: function.permission,
            state: function.state,
            hints: function.hints,
        });
        let rest = (
            &function.description,
            &function.input_schema,
            &function.output_schema,
        );
        // A text and two schemas are JSON, always; without its line one would be shown
        // empty, and nothing would fit it.
        self.open
            .extend(serde_json::to_vec(&rest).unwrap_or_default());
        self.open.push(b'\n');
        if self.rows.len().is_multiple_of(TOGETHER) {
            let open = std::mem::take(&mut self.open);
            self.deflated.push(deflated(&open));
            self.open = open;
            self.open.clear();
        }
    }

    /// No more come: gives back the room that was kept for them.
    pub(in crate::tui) fn close(&mut self) {
        self.texts.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.deflated.shrink_to_fit();
        self.open.shrink_to_fit();
    }

    /// The one in this place.
    pub(in crate::tui) fn get(&self, place: usize) -> Option<Listed<'_>> {
        let row = self.rows.get(place)?;
        Some(Listed {
            all: self,
            place,
            row,
        })
    }

    /// All of them, in the server's order.
    pub(in crate::tui) fn iter(&self) -> impl Iterator<Item = Listed<'_>> {
        self.rows.iter().enumerate().map(|(place, row)| Listed {
            all: self,
            place,
            row,
        })
    }

    /// The one with this name.
    pub(in crate::tui) fn named(&self, name: &str) -> Option<Listed<'_>> {
        self.iter().find(|function| function.raw_name() == name)
    }

    fn rest(&self, place: usize) -> Option<Rest> {
        let lines = match self.deflated.get(place / TOGETHER) {
            Some(deflated) => {
                let mut lines = Vec::new();
                DeflateDecoder::new(&**deflated)
                    .read_to_end(&mut lines)
                    .ok()?;
                lines
            }
            None => self.open.clone(),
        };
        let line = lines.split(|byte| *byte == b'\n').nth(place % TOGETHER)?;
        serde_json::from_slice(line).ok()
    }
}

impl<'a> FromIterator<&'a Function> for Packed {
    fn from_iter<T: IntoIterator<Item = &'a Function>>(functions: T) -> Self {
        let mut packed = Self::default();
        for function in functions {
            packed.push(function);
        }
        packed.close();
        packed
    }
}

impl From<Vec<Function>> for Packed {
    fn from(functions: Vec<Function>) -> Self {
        functions.iter().collect()
    }
}

/// A function of a list.
#[derive(Clone, Copy, Debug)]
pub(in crate::tui) struct Listed<'a> {
    all: &'a Packed,
    place: usize,
    row: &'a Row,
}

impl<'a> Listed<'a> {
    fn text(self, from: u32, length: u32) -> &'a str {
        let (from, length) = (from as usize, length as usize);
        let to = from.saturating_add(length);
        self.all.texts.get(from..to).unwrap_or_default()
    }

    /// Its name as it came, for comparing and sending back. Never for a screen.
    pub(in crate::tui) fn raw_name(self) -> &'a str {
        self.text(self.row.start, self.row.name)
    }

    /// Its title as it came, to be searched in.
    pub(in crate::tui) fn raw_title(self) -> Option<&'a str> {
        let row = self.row;
        Some(self.text(row.start.saturating_add(row.name), row.title?))
    }

    /// What it is called by.
    pub(in crate::tui) fn name(self) -> Untrusted {
        self.raw_name().into()
    }

    /// What is allowed.
    pub(in crate::tui) fn permission(self) -> Permission {
        self.row.permission
    }

    /// Whether its definition was accepted.
    pub(in crate::tui) fn state(self) -> FunctionState {
        self.row.state
    }

    /// What the server claims about it.
    pub(in crate::tui) fn hints(self) -> Hints {
        self.row.hints
    }

    /// The digest of its definition.
    pub(in crate::tui) fn digest(self) -> String {
        let row = self.row;
        if let Some(digest) = row.digest {
            return digest.iter().map(|byte| format!("{byte:02x}")).collect();
        }
        let before = row.name.saturating_add(row.title.unwrap_or(0));
        let from = row.start.saturating_add(before);
        let next = self.all.rows.get(self.place.saturating_add(1));
        let end = next.map_or(small(self.all.texts.len()), |next| next.start);
        self.text(from, end.saturating_sub(from)).to_owned()
    }

    /// All that is known of it.
    pub(in crate::tui) fn whole(self) -> Function {
        let nothing = || {
            (
                Untrusted::default(),
                serde_json::Value::Bool(false).into(),
                None,
            )
        };
        let (description, input_schema, output_schema) =
            self.all.rest(self.place).unwrap_or_else(nothing);
        Function {
            name: self.name(),
            title: self.raw_title().map(Untrusted::from),
            description,
            permission: self.permission(),
            state: self.state(),
            hints: self.hints(),
            input_schema,
            output_schema,
            digest: self.digest(),
        }
    }
}

/// The texts of a list are far from four gigabytes: what a server may send is bounded.
fn small(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Writing into memory does not fail.
fn deflated(lines: &[u8]) -> Box<[u8]> {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
    let written = deflate.write_all(lines).and_then(|()| deflate.finish());
    written.unwrap_or_default().into()
}

/// A SHA-256 in hex as bytes; `None`: it is written in another way.
fn bytes_of(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let pairs = hex.as_bytes().chunks_exact(2);
    if hex.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let &[high, low] = pair else { return None };
        *byte = value(high)? * 16 + value(low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn function(number: usize) -> Function {
        let digest = match number % 3 {
            0 => "0af9".repeat(16),
            1 => "0AF9".repeat(16),
            _ => format!("digest {number}"),
        };
        Function {
            name: format!("get_\u{1b}é_{number}").into(),
            title: number
                .is_multiple_of(2)
                .then(|| format!("Gets {number}\nand more").into()),
            description: format!("Does\n{number}").into(),
            permission: Permission::Ask,
            state: FunctionState::New,
            hints: Hints {
                read_only: Some(number.is_multiple_of(2)),
                ..Hints::default()
            },
            input_schema: json!({ "b": number, "a": "x\ny" }).into(),
            output_schema: number.is_multiple_of(5).then(|| json!({ "n": 1 }).into()),
            digest,
        }
    }

    #[test]
    fn each_comes_out_as_it_went_in() {
        for count in [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER + 5] {
            let functions: Vec<Function> = (0..count).map(function).collect();
            let packed = Packed::from(functions.clone());
            assert_eq!(packed.len(), count);
            let whole: Vec<Function> = packed.iter().map(Listed::whole).collect();
            assert_eq!(whole, functions);
            for (place, function) in functions.iter().enumerate() {
                let listed = packed.get(place).unwrap();
                assert_eq!(listed.raw_name(), function.name.raw());
                assert_eq!(packed.named(function.name.raw()).unwrap().place, place);
            }
            assert!(packed.get(count).is_none());
            assert!(packed.named("none").is_none());
        }
    }

    #[test]
    fn ten_thousand_take_a_fraction_of_what_they_are() {
        let long = "Does one thing with what it was given, or with several. ".repeat(6);
        let functions: Vec<Function> = (0..10_000)
            .map(|number| Function {
                description: format!("{long} {number}").into(),
                digest: "0af9".repeat(16),
                ..function(number)
            })
            .collect();
        let packed = Packed::from(functions);
        let deflated: usize = packed.deflated.iter().map(|it| it.len()).sum();
        let bytes = packed.texts.len() + packed.rows.len() * size_of::<Row>() + deflated;
        assert!(bytes < 2 << 20, "{bytes} bytes");
    }
}
