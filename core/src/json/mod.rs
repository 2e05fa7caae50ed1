//! JSON as hosts and vendors really send it: lone surrogates and broken UTF-8 do not lose the rest.

mod double;
mod scan;
mod tape;
mod text;
mod write;

use serde_json::Value;

pub use double::Doubles;
pub(crate) use double::{read_double, write_double};
pub(crate) use tape::{Doc, Key, Node, Sort};
pub use write::quote;
pub(crate) use write::{Object, escape_text, list, to_text, write_value};

/// Stands before and after a raw string: one that is written as it is, with nothing escaped. It is a record separator
/// (U+001E), which JSON has nowhere outside of a string. A host may write strings so that hold none: to escape one can
/// take ten times as long as to copy it.
pub const RAW: u8 = 0x1e;

/// Whether what follows a name is its end: it is quoted or raw.
pub(crate) const fn ends_name(after: &[u8]) -> bool {
    matches!(after.first(), Some(&(b'"' | RAW)))
}

/// Writes a string raw, or quoted where it holds the mark itself.
pub fn write_raw(out: &mut String, text: &str) {
    if text::holds(RAW, text.as_bytes()) {
        return quote(out, text);
    }
    out.reserve(text.len() + 2);
    out.push(char::from(RAW));
    out.push_str(text);
    out.push(char::from(RAW));
}

/// JSON text as a host or a vendor wrote it: copied on the hot path, read in the back room. A string may be [raw](RAW).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json {
    bytes: Vec<u8>,
    cut: Cut,
}

/// What a host left out of a value because it was too large to be written. The text has marks in those places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Characters of texts.
    pub characters: u32,
    /// Items of lists and members of objects.
    pub items: u32,
}

impl Json {
    /// Takes bytes that should be one JSON value; whether they are shows when they are read.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let mut bytes: Vec<u8> = bytes.into();
        // It may wait for long, and a text that was written piece by piece has room for as much again.
        if bytes.capacity() / 4 > bytes.len() / 3 {
            bytes.shrink_to_fit();
        }
        Self { bytes, cut: Cut::default() }
    }

    /// The same, of a value of which a host left something out.
    #[must_use]
    pub fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// What was left out.
    pub(crate) const fn left_out(&self) -> Cut {
        self.cut
    }

    /// A JSON string holding `text`.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + 2);
        quote(&mut out, text);
        Self::new(out)
    }

    /// Whether it begins as a string does.
    pub(crate) fn is_string(&self) -> bool {
        matches!(self.bytes.trim_ascii_start().first(), Some(&(b'"' | RAW)))
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes of memory behind it.
    pub(crate) const fn held(&self) -> usize {
        self.bytes.capacity()
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes, as they came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The values, where they stand.
    pub(crate) fn doc(&self) -> Doc<'_> {
        Doc::read(&self.bytes)
    }

    /// The value; bytes that are no JSON are a string of themselves, so that nothing is lost.
    pub fn read(&self) -> Value {
        parse(&self.bytes).unwrap_or_else(|| Value::from(String::from_utf8_lossy(&self.bytes)))
    }
}

/// Reads one JSON value. What is broken inside a string becomes U+FFFD; `None` where it is no JSON,
/// or nested deeper than 128 levels.
pub fn parse(bytes: &[u8]) -> Option<Value> {
    Some(Doc::parse(bytes)?.root().value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_become_the_replacement_character() {
        let read = |text: &str| parse(text.as_bytes()).unwrap();
        assert_eq!(read(r#""a\ud800b""#), "a\u{FFFD}b");
        assert_eq!(read(r#""\udc00\ud83d\ude00\ud83d""#), "\u{FFFD}\u{1F600}\u{FFFD}");
        assert_eq!(read(r#""\\ud800 \ud800""#), "\\ud800 \u{FFFD}");
    }

    #[test]
    fn broken_utf8_is_kept_as_far_as_it_goes() {
        assert_eq!(parse(b"\"a\xFFb\"").unwrap(), "a\u{FFFD}b");
    }

    #[test]
    fn what_is_no_json_is_a_string() {
        assert_eq!(Json::new("{oops").read(), "{oops");
        assert_eq!(parse(b"\\"), None);
        assert_eq!(parse("\\é".as_bytes()), None);
    }
}
