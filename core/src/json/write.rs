//! JSON text in its one usual form, piece by piece.

use std::fmt::Write;

use serde_json::Value;

use super::{
    double::{read_double, write_double},
    tape::Node,
    text::each_special,
};
use crate::{ids::Id, time::Timestamp};

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
    each_special(text.as_bytes(), |at| {
        out.push_str(text.get(from..at).unwrap_or_default());
        match text.as_bytes().get(at) {
            // It stands for itself behind a backslash, and is copied with what follows.
            Some(b'"' | b'\\') => {
                out.push('\\');
                from = at;
            }
            control => {
                escape(out, control.copied().unwrap_or_default());
                from = at + 1;
            }
        }
    });
    out.push_str(text.get(from..).unwrap_or_default());
}

fn escape(out: &mut String, control: u8) {
    let escaped = match control {
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0c => "\\f",
        _ => {
            // Infallible: a text takes whatever is written.
            let _ = write!(out, "\\u{control:04x}");
            return;
        }
    };
    out.push_str(escaped);
}

/// Writes a number: integers as they are, others as the shortest digits of their double; what is no number
/// of JSON (`NaN`, beyond the range of a double) as a string of itself.
pub(super) fn number(out: &mut String, token: &str) {
    if is_usual(token) {
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

/// Writes a moment as the double that its seconds are.
fn write_moment(out: &mut String, moment: Timestamp) {
    /// Up to here, the year 2242, doubles are so dense that one stands for every microsecond alone, and its shortest
    /// digits are those of the microsecond. One of less than a second may have an exponent.
    const DENSE: std::ops::Range<i64> = 1_000_000..(1 << 33) * 1_000_000;
    /// Digits of the whole seconds, up to there.
    const WHOLE: usize = 10;
    let micros = moment.micros();
    if !DENSE.contains(&micros) {
        return write_double(out, moment.seconds());
    }
    let whole = digits::<WHOLE>(micros / 1_000_000);
    out.push_str(str::from_utf8(&whole).unwrap_or_default().trim_start_matches('0'));
    out.push('.');
    match micros % 1_000_000 {
        0 => out.push('0'),
        rest => out.push_str(str::from_utf8(&digits::<6>(rest)).unwrap_or_default().trim_end_matches('0')),
    }
}

/// The last digits of a number, with zeros before it.
fn digits<const COUNT: usize>(number: i64) -> [u8; COUNT] {
    let (mut digits, mut rest) = ([0; COUNT], number.unsigned_abs());
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    digits
}

/// Whether a number surely stands as it would be written: an integer, or digits without an exponent that are the
/// shortest of their double. No two decimals of 15 digits are the same double, and from 1e-5 on (here: 1e-4) none is
/// written with an exponent.
pub(super) fn is_usual(token: &str) -> bool {
    let number = token.strip_prefix('-').unwrap_or(token).as_bytes();
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(number);
    let is_zero = number.first() == Some(&b'0');
    if whole == 0 || (is_zero && whole > 1) {
        return false;
    }
    match number.get(whole..) {
        Some([]) => true,
        Some([b'.', fraction @ ..]) => {
            digits(fraction) == fraction.len()
                && whole + fraction.len() <= 15
                && !(is_zero && fraction.starts_with(b"000"))
                && (fraction == b"0" || !matches!(fraction, [] | [.., b'0']))
        }
        _ => false,
    }
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

    /// A member that is an id.
    pub fn id<const BYTES: usize>(self, name: &str, id: Id<BYTES>) -> Self {
        self.member(name, |out| {
            out.push('"');
            out.push_str(id.digits().as_str());
            out.push('"');
        })
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
        self.member(name, |out| write_moment(out, moment))
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
    fn a_moment_is_the_double_of_its_seconds() {
        let mut micros: Vec<i64> = (0..60).flat_map(|bits| [1 << bits, (1 << bits) - 1]).collect();
        for tens in (0..16).map(|power| 10_i64.pow(power)) {
            micros.extend([0, 1, -1, 7, 10, 500_000, 123_456].map(|more| tens + more));
            micros.extend([1, 19, 120, 123_450].map(|more| 1_700_000_000_000_000 + tens + more));
        }
        micros.extend((0..10_000).map(|step| (1 << 33) * 1_000_000 - step * step * 7));
        for micros in micros {
            let moment = Timestamp::from_micros(micros);
            let mut out = String::new();
            write_moment(&mut out, moment);
            assert_eq!(out, Value::from(moment.seconds()).to_string(), "{micros}");
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
