//! JSON text in its one usual form, piece by piece.

use std::fmt::Write;

use serde_json::Value;

use super::{
    double::{read_double, write_double},
    tape::Node,
    text::next_special,
};
use crate::time::Timestamp;

/// Writes a string with its quotes, with the escapes that `serde_json` writes.
pub fn quote(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    escape_text(out, text);
    out.push('"');
}

/// Writes what stands between the quotes: a text that comes in pieces goes on with it.
pub(crate) fn escape_text(out: &mut String, text: &str) {
    let mut from = 0;
    while let Some(at) = next_special(text.as_bytes(), from) {
        out.push_str(text.get(from..at).unwrap_or_default());
        escape(out, text.as_bytes().get(at).copied().unwrap_or_default());
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

fn escape(out: &mut String, byte: u8) {
    let escaped = match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        _ => {
            // Infallible: a text takes whatever is written.
            let _ = write!(out, "\\u{byte:04x}");
            return;
        }
    };
    out.push_str(escaped);
}

/// Writes a number: integers as they are, others as the shortest digits of their double; what is no number
/// of JSON (`NaN`, beyond the range of a double) as a string of itself.
pub(super) fn number(out: &mut String, token: &str) {
    let digits = token.strip_prefix('-').unwrap_or(token);
    let is_integer = digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.is_empty()
        && (digits == "0" || !digits.starts_with('0'));
    if is_integer {
        return out.push_str(token);
    }
    if is_shortest(digits) {
        return out.push_str(token);
    }
    match read_double(token) {
        Some(number) => write_double(out, number),
        None => quote(out, token),
    }
}

/// Writes a value as `serde_json` does, whose own writer would bring its tables of doubles along.
pub(crate) fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        // Infallible: a text takes whatever is written.
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => _ = write!(out, "{integer}"),
            (None, Some(integer)) => _ = write!(out, "{integer}"),
            (None, None) => write_double(out, number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => quote(out, text),
        Value::Array(items) => list(out, items, write_value),
        Value::Object(members) => members
            .iter()
            .fold(Object::begin(out), |object, (key, value)| object.any(key, |out| write_value(out, value)))
            .end(),
    }
}

/// A value as JSON text.
pub(crate) fn to_text(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

/// Whether these digits, without an exponent, are surely those that the double would be written with: no two
/// decimals of 15 digits are the same double, and from 1e-5 on (here: 1e-4) none is written with an exponent.
fn is_shortest(digits: &str) -> bool {
    let Some((whole, fraction)) = digits.split_once('.') else { return false };
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_digits(whole)
        && is_digits(fraction)
        && whole.len() + fraction.len() <= 15
        && (whole == "0" || !whole.starts_with('0'))
        && (whole != "0" || !fraction.starts_with("000"))
        && (fraction == "0" || !fraction.ends_with('0'))
}

/// Writes an object, member by member.
pub(crate) struct Object<'o> {
    out: &'o mut String,
    is_first: bool,
}

impl<'o> Object<'o> {
    /// Begins an object.
    pub fn begin(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, is_first: true }
    }

    /// A member that `write` writes. Names here need no escapes.
    pub fn member(mut self, name: &str, write: impl FnOnce(&mut String)) -> Self {
        self.name(name);
        write(self.out);
        self
    }

    // Not part of `member`, of which every closure makes a copy.
    fn name(&mut self, name: &str) {
        self.out.push_str(if self.is_first { "\"" } else { ",\"" });
        self.is_first = false;
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    /// A member of a payload; its name may be anything.
    pub fn entry(self, name: &str, value: Node<'_>) -> Self {
        self.any(name, |out| value.write(out))
    }

    /// A member of any name that `write` writes.
    pub fn any(mut self, name: &str, write: impl FnOnce(&mut String)) -> Self {
        if !self.is_first {
            self.out.push(',');
        }
        self.is_first = false;
        quote(self.out, name);
        self.out.push(':');
        write(self.out);
        self
    }

    /// A member that is a text.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.member(name, |out| quote(out, text))
    }

    /// A member that is a text, where there is one.
    pub fn maybe(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A member that is a text, or null.
    pub fn or_null(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self.json(name, "null"),
        }
    }

    /// A member that is an integer.
    pub fn count(self, name: &str, number: u64) -> Self {
        // Infallible: a text takes whatever is written.
        self.member(name, |out| _ = write!(out, "{number}"))
    }

    /// A member that is a truth value.
    pub fn flag(self, name: &str, flag: bool) -> Self {
        self.member(name, |out| out.push_str(if flag { "true" } else { "false" }))
    }

    /// A member that is a moment, in seconds since the epoch.
    pub fn moment(self, name: &str, moment: Timestamp) -> Self {
        self.member(name, |out| write_double(out, moment.seconds()))
    }

    /// A member that is JSON already.
    pub fn json(self, name: &str, json: &str) -> Self {
        self.member(name, |out| out.push_str(json))
    }

    /// Ends the object.
    pub fn end(self) {
        self.out.push('}');
    }
}

/// Writes a list, each item by `write`.
pub(crate) fn list<T>(out: &mut String, items: impl IntoIterator<Item = T>, write: impl Fn(&mut String, T)) {
    out.push('[');
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_serde() {
        let written = |token: &str| {
            let mut out = String::new();
            number(&mut out, token);
            out
        };
        let fractions = ["0", "5", "50", "05", "005", "0005", "00005", "12345678901234", "123456789012345"];
        for whole in ["0", "1", "10", "00", "99999999999", "123456789012345"] {
            for fraction in fractions {
                for token in [format!("{whole}.{fraction}"), format!("-{whole}.{fraction}")] {
                    let expected = Value::from(token.parse::<f64>().unwrap()).to_string();
                    assert_eq!(written(&token), expected, "{token}");
                }
            }
        }
        for (token, expected) in [("1.", "1.0"), ("-.5", "-0.5"), ("1.5e3", "1500.0"), ("1.5-", "\"1.5-\"")] {
            assert_eq!(written(token), expected);
        }
    }

    #[test]
    fn values_are_those_of_serde() {
        let numbers = "[0,-7,18446744073709551615,1e21,1e-7,-0.0,5e-324,1.7976931348623157e308,0.1,1.0]";
        for text in [numbers, "[]", "{}", r#"{"b":[null,true,{"a\"":"\n"}],"a":false}"#] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(to_text(&value), value.to_string());
        }
    }

    #[test]
    fn escapes_are_those_of_serde() {
        let text: String = (0..0x180).filter_map(char::from_u32).chain("é😀".chars()).collect();
        for text in [text.as_str(), "", "\"", "a\nb", "no escapes"] {
            let mut out = String::new();
            quote(&mut out, text);
            assert_eq!(out, Value::from(text).to_string());
        }
    }
}
