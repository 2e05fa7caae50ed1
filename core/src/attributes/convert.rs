//! A value in the type that the conventions give its name, where that loses nothing.

use serde_json::Value as JsonValue;

use super::{Value, registry::Type};
use crate::{
    config::{MAX_INLINE_BYTES, MAX_MESSAGES},
    json::{Doc, read_double, to_text, write_double},
};

impl Value {
    /// This value as `wanted`, where it can be had back; else as it is.
    pub(super) fn converted(self, wanted: Type) -> Self {
        match (wanted, self) {
            (Type::String, Self::String(text)) => Self::String(text),
            (Type::String, value) => value.text().into(),
            (Type::Integer, Self::Double(float)) if is_whole(float) => Self::Int(float as i64),
            (Type::Integer, Self::String(text)) => integer(&text).map_or(Self::String(text), Self::Int),
            (Type::Double, Self::Int(integer)) if is_exact(integer) => Self::Double(integer as f64),
            (Type::Double, Self::String(text)) => double(&text).map_or(Self::String(text), Self::Double),
            (Type::Boolean, Self::String(text)) => match text.as_str() {
                "true" => Self::Bool(true),
                "false" => Self::Bool(false),
                _ => Self::String(text),
            },
            (Type::StringList, value) => Self::Array(value.texts()),
            (_, value) => value,
        }
    }

    /// Plain values as their words, a list as JSON.
    fn text(self) -> String {
        match self {
            Self::String(text) => text.into(),
            other => {
                let mut out = String::new();
                other.write(&mut out);
                out
            }
        }
    }

    /// The items of a list, also of one that is written as JSON, as their words; another value is the one
    /// item.
    fn texts(self) -> Vec<JsonValue> {
        let item = |item: JsonValue| match item {
            JsonValue::String(_) => item,
            other => to_text(&other).into(),
        };
        match self {
            Self::Array(items) => items.into_iter().map(item).collect(),
            Self::String(text) => listed(&text).unwrap_or_else(|| vec![text.as_str().into()]),
            other => vec![other.text().into()],
        }
    }
}

/// The items of a list of texts that is written as JSON, if it is no longer than anybody means.
fn listed(text: &str) -> Option<Vec<JsonValue>> {
    let doc = if text.len() > MAX_INLINE_BYTES { None } else { Doc::parse(text.as_bytes()) }?;
    let list = doc.root();
    let is_list = list.is_array() && list.items().nth(MAX_MESSAGES).is_none();
    is_list.then(|| list.items().map(|item| Some(item.str()?.into_owned().into())).collect())?
}

/// The largest integer up to which a double holds every one.
const EXACT: i64 = 1 << f64::MANTISSA_DIGITS;

/// Whether a double is an integer that a program can have meant.
fn is_whole(float: f64) -> bool {
    float.fract() == 0.0 && float.abs() <= EXACT as f64
}

/// Whether an integer is as exact as a double.
const fn is_exact(integer: i64) -> bool {
    integer.unsigned_abs() <= EXACT.unsigned_abs()
}

/// The integer that a text writes in the one usual way: `007` may be an id, `+7` a telephone number.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|integer: &i64| integer.to_string() == text)
}

/// The double that a text writes in decimal digits, as many as a double holds, or exactly as a double is
/// written.
fn double(text: &str) -> Option<f64> {
    let float = read_double(text)?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_decimal = text.strip_prefix('-').unwrap_or(text).starts_with(|first: char| first.is_ascii_digit());
    let mut usual = String::new();
    write_double(&mut usual, float);
    let fits = digits <= f64::DIGITS as usize || usual == text;
    (is_decimal && fits).then_some(float)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(items: JsonValue) -> Value {
        Value::from_json(items).unwrap()
    }

    #[test]
    fn to_a_string_everything_goes() {
        let text = |value: Value| value.converted(Type::String);
        assert_eq!(text(42.into()), "42".into());
        assert_eq!(text(i64::MIN.into()), "-9223372036854775808".into());
        assert_eq!(text(true.into()), "true".into());
        assert_eq!(text(Value::Double(1.5)), "1.5".into());
        assert_eq!(text(Value::Double(1.0)), "1.0".into());
        assert_eq!(text(list(json!(["a", "b"]))), "[\"a\",\"b\"]".into());
        assert_eq!(text(list(json!([]))), "[]".into());
        assert_eq!(text("a".into()), "a".into());
    }

    #[test]
    fn to_an_integer_what_is_one() {
        let integer = |value: Value| value.converted(Type::Integer);
        for (value, wanted) in [
            ("12".into(), 12.into()),
            ("-12".into(), (-12).into()),
            ("9223372036854775807".into(), i64::MAX.into()),
            (Value::Double(12.0), 12.into()),
            (Value::Double(-9_007_199_254_740_992.0), (-EXACT).into()),
        ] {
            assert_eq!(integer(value), wanted);
        }
        for odd in ["", " 12", "12 ", "+12", "012", "-0", "12.0", "1e3", "9223372036854775808", "twelve"] {
            assert_eq!(integer(odd.into()), odd.into());
        }
        for odd in [Value::Double(1.5), Value::Double(1e300), true.into(), list(json!([12]))] {
            assert_eq!(integer(odd.clone()), odd);
        }
    }

    #[test]
    fn to_a_double_what_it_holds_exactly() {
        let double = |value: Value| value.converted(Type::Double);
        for (value, wanted) in [
            (1.into(), 1.0),
            (EXACT.into(), 9_007_199_254_740_992.0),
            ("0.7".into(), 0.7),
            ("1".into(), 1.0),
            ("-2.50".into(), -2.5),
            ("1e-7".into(), 1e-7),
            ("0.30000000000000004".into(), 0.300_000_000_000_000_04),
        ] {
            assert_eq!(double(value), Value::Double(wanted));
        }
        for odd in ["", "NaN", "inf", "Infinity", "1e999", ".5", "+1", "0.1234567890123456789", "0x1", "hot"]
        {
            assert_eq!(double(odd.into()), odd.into());
        }
        for odd in [(EXACT + 1).into(), i64::MAX.into(), false.into(), list(json!([0.5]))] {
            assert_eq!(double(odd.clone()), odd);
        }
    }

    #[test]
    fn to_a_boolean_its_two_words() {
        let boolean = |value: Value| value.converted(Type::Boolean);
        assert_eq!(boolean("true".into()), true.into());
        assert_eq!(boolean("false".into()), false.into());
        for odd in
            ["True".into(), "1".into(), "yes".into(), 1.into(), Value::Double(0.0), list(json!([true]))]
        {
            assert_eq!(boolean(odd.clone()), odd);
        }
    }

    #[test]
    fn to_a_list_of_strings_any_list_and_one_alone() {
        let strings = |value: Value| value.converted(Type::StringList).to_json();
        assert_eq!(strings("END".into()), json!(["END"]));
        assert_eq!(strings("[\"a\", \"b\"]".into()), json!(["a", "b"]));
        assert_eq!(strings("[1]".into()), json!(["[1]"]));
        assert_eq!(strings(list(json!(["a"]))), json!(["a"]));
        assert_eq!(strings(list(json!([1, 2.5]))), json!(["1", "2.5"]));
        assert_eq!(strings(5.into()), json!(["5"]));
        assert_eq!(strings(list(json!([]))), json!([]));
    }
}
