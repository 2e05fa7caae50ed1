//! JSON as hosts and vendors really send it: lone surrogates and broken UTF-8 do not lose the rest.

use serde_json::Value;

use crate::messages::shorten;

/// JSON text as a host or a vendor wrote it: copied on the hot path, read in the back room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json(Vec<u8>);

impl Json {
    /// Takes bytes that should be one JSON value; whether they are shows when they are read.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// A JSON string holding `text`.
    pub fn text(text: &str) -> Self {
        Self(Value::from(text).to_string().into_bytes())
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Shortens every long string inside.
    pub(crate) fn shorten_strings(&mut self) {
        let mut value = self.read();
        shorten_strings(&mut value);
        self.0 = value.to_string().into_bytes();
    }

    /// The value; bytes that are no JSON are a string of themselves, so that nothing is lost.
    pub fn read(&self) -> Value {
        parse(&self.0).unwrap_or_else(|| Value::from(String::from_utf8_lossy(&self.0)))
    }
}

fn shorten_strings(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(short) = shorten(text) {
                *text = short;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten_strings),
        Value::Object(fields) => fields.values_mut().for_each(shorten_strings),
        _ => {}
    }
}

/// Reads one JSON value. What is broken inside a string becomes U+FFFD; `None` where it is no JSON,
/// or nested deeper than serde_json goes (128 levels).
pub fn parse(bytes: &[u8]) -> Option<Value> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Some(value);
    }
    let text = String::from_utf8_lossy(bytes);
    serde_json::from_str(&without_lone_surrogates(&text)).ok()
}

/// Replaces every `\uD800`-`\uDFFF` escape that has no partner by `\uFFFD`.
fn without_lone_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find('\\') {
        let (before, escape) = rest.split_at(position);
        mended.push_str(before);
        let length = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(Half::High), Some(Half::Low)) => 12,
            (Some(_), _) => {
                mended.push_str("\\uFFFD");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            (None, _) => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (kept, after) = escape.split_at(length);
        mended.push_str(kept);
        rest = after;
    }
    mended.push_str(rest);
    mended
}

enum Half {
    High,
    Low,
}

/// Which half of a surrogate pair the text begins with, written as an escape.
fn surrogate(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Half::High),
        0xDC00..=0xDFFF => Some(Half::Low),
        _ => None,
    }
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
