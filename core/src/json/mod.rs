//! JSON as hosts and vendors really send it: lone surrogates and broken UTF-8 do not lose the rest.

mod scan;
mod tape;
mod text;
mod write;

use serde_json::Value;

pub(crate) use tape::{Doc, Key, Node, Sort};
pub use write::quote;
pub(crate) use write::{Object, escape_text, list, write_double};

/// JSON text as a host or a vendor wrote it: copied on the hot path, read in the back room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json(Vec<u8>);

impl Json {
    /// Takes bytes that should be one JSON value; whether they are shows when they are read.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let mut bytes: Vec<u8> = bytes.into();
        // It may wait for long, and a text that was written piece by piece has room for as much again.
        if bytes.capacity() / 4 > bytes.len() / 3 {
            bytes.shrink_to_fit();
        }
        Self(bytes)
    }

    /// A JSON string holding `text`.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len() + 2);
        quote(&mut out, text);
        Self::new(out)
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Bytes of memory behind it.
    pub(crate) const fn held(&self) -> usize {
        self.0.capacity()
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes, as they came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The values, where they stand.
    pub(crate) fn doc(&self) -> Doc<'_> {
        Doc::read(&self.0)
    }

    /// The value; bytes that are no JSON are a string of themselves, so that nothing is lost.
    pub fn read(&self) -> Value {
        parse(&self.0).unwrap_or_else(|| Value::from(String::from_utf8_lossy(&self.0)))
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
