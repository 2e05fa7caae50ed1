//! Attribute values and the map that holds them.

mod convert;
pub mod legacy;
mod map;
pub mod registry;

use std::fmt::Write;

use serde_json::Value as JsonValue;

use crate::{
    config::MAX_MESSAGES,
    json::{Node, Sort, list, quote, to_text, write_double, write_value},
};

pub use map::{Attributes, Key};

/// A text of an attribute: a short one needs no memory beside itself.
pub type Text = compact_str::CompactString;

/// A value as span v2 has it: `{"type": T, "value": V}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `boolean`
    Bool(bool),
    /// `integer`, 64 bits with a sign
    Int(i64),
    /// `double`, always finite
    Double(f64),
    /// `string`
    String(Text),
    /// `array` of strings, numbers or booleans
    Array(Vec<JsonValue>),
}

impl Value {
    /// A finite number as it is; what JSON cannot hold as a string (`NaN`, `Infinity`, `-Infinity`).
    pub fn double(number: f64) -> Self {
        if number.is_finite() {
            Self::Double(number)
        } else if number.is_nan() {
            Self::String(Text::const_new("NaN"))
        } else {
            Self::String(Text::const_new(if number > 0.0 { "Infinity" } else { "-Infinity" }))
        }
    }

    /// The attribute for a JSON value: structures become strings of JSON, lists of plain values arrays,
    /// integers beyond 64 bits their digits. `None` for null.
    pub fn from_json(value: JsonValue) -> Option<Self> {
        Some(match value {
            JsonValue::Null => return None,
            JsonValue::Bool(flag) => Self::Bool(flag),
            JsonValue::Number(number) => match (number.as_i64(), number.is_u64(), number.as_f64()) {
                (Some(integer), _, _) => Self::Int(integer),
                (None, false, Some(float)) => Self::double(float),
                _ => to_text(&JsonValue::Number(number)).into(),
            },
            JsonValue::String(text) => text.into(),
            JsonValue::Array(items) if is_flat(&items) => Self::Array(items),
            structure @ (JsonValue::Array(_) | JsonValue::Object(_)) => to_text(&structure).into(),
        })
    }

    /// The attribute for a value of a payload, in the same way; `None` for null and for nothing.
    pub(crate) fn from_node(node: Node<'_>) -> Option<Self> {
        Some(match node.sort() {
            Sort::Missing | Sort::Null => return None,
            Sort::Bool => Self::Bool(node.bool()?),
            Sort::Number => match node.i64() {
                Some(integer) => Self::Int(integer),
                None => match node.compact() {
                    digits if digits.contains(['.', 'e', 'E']) => Self::double(node.f64()?),
                    digits => digits.into(),
                },
            },
            Sort::String => Self::String(node.str()?.into()),
            Sort::Array => flat(node).map_or_else(|| node.compact().into(), Self::Array),
            Sort::Object => node.compact().into(),
        })
    }

    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Bytes of memory behind it, beside itself.
    pub(crate) fn held(&self) -> usize {
        match self {
            Self::Bool(_) | Self::Int(_) | Self::Double(_) => 0,
            Self::String(text) => held(text),
            Self::Array(items) => {
                let behind = items.iter().filter_map(JsonValue::as_str).map(str::len).sum::<usize>();
                behind + items.capacity() * size_of::<JsonValue>()
            }
        }
    }

    /// About how many bytes of text it is; single numbers are none.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::String(text) => text.len(),
            Self::Array(items) => items.iter().map(|item| item.as_str().map_or(8, str::len)).sum(),
            Self::Bool(_) | Self::Int(_) | Self::Double(_) => 0,
        }
    }

    /// Writes it as plain JSON, without the type that span v2 has beside it.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            // Infallible: a text takes whatever is written.
            Self::Int(integer) => _ = write!(out, "{integer}"),
            Self::Double(float) => write_double(out, *float),
            Self::String(text) => quote(out, text),
            Self::Array(items) => list(out, items, write_value),
        }
    }

    /// Back to plain JSON.
    pub fn to_json(&self) -> JsonValue {
        match self {
            Self::Bool(flag) => (*flag).into(),
            Self::Int(integer) => (*integer).into(),
            Self::Double(float) => (*float).into(),
            Self::String(text) => text.as_str().into(),
            Self::Array(items) => items.clone().into(),
        }
    }
}

/// Bytes of memory behind a text.
fn held(text: &Text) -> usize {
    if text.is_heap_allocated() { text.capacity() } else { 0 }
}

/// The items of a list that can be an `array` on the wire; a longer one than anybody means is JSON.
fn flat(list: Node<'_>) -> Option<Vec<JsonValue>> {
    let sort = list.items().next().map_or(Sort::String, Node::sort);
    let is_plain = matches!(sort, Sort::String | Sort::Number | Sort::Bool);
    if !is_plain || list.items().nth(MAX_MESSAGES).is_some() || list.items().any(|item| item.sort() != sort) {
        return None;
    }
    list.items().map(|item| Some(Value::from_node(item)?.to_json())).collect()
}

/// Whether a list can be an `array` on the wire: plain values, all of one sort.
fn is_flat(items: &[JsonValue]) -> bool {
    let sort = |value: &JsonValue| match value {
        JsonValue::String(_) => Some(0),
        JsonValue::Number(_) => Some(1),
        JsonValue::Bool(_) => Some(2),
        _ => None,
    };
    match items.first() {
        None => true,
        Some(first) => sort(first).is_some() && items.iter().all(|item| sort(item) == sort(first)),
    }
}

/// Writes a value as span v2 has it.
pub(crate) fn write_typed(out: &mut String, value: &Value) {
    out.push_str(match value {
        Value::Bool(_) => "{\"type\":\"boolean\",\"value\":",
        Value::Int(_) => "{\"type\":\"integer\",\"value\":",
        Value::Double(_) => "{\"type\":\"double\",\"value\":",
        Value::String(_) => "{\"type\":\"string\",\"value\":",
        Value::Array(_) => "{\"type\":\"array\",\"value\":",
    });
    value.write(out);
    out.push('}');
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Int(integer)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stored(key: &'static str, value: impl Into<Value>) -> Value {
        let mut attributes = Attributes::default();
        attributes.set(key, value);
        attributes.remove(key).unwrap()
    }

    #[test]
    fn a_value_takes_the_type_of_the_conventions() {
        assert_eq!(stored("gen_ai.usage.input_tokens", "12"), Value::Int(12));
        assert_eq!(stored("gen_ai.usage.input_tokens", "many"), "many".into());
        assert_eq!(stored("mcp.request.argument.count", 3), "3".into());
        assert_eq!(stored("my.own", "12"), "12".into());
    }

    #[test]
    fn json_becomes_attributes() {
        assert_eq!(Value::from_json(json!(null)), None);
        assert_eq!(Value::from_json(json!(["a", "b"])), Some(Value::Array(vec!["a".into(), "b".into()])));
        assert_eq!(Value::from_json(json!(["a", 1])), Some("[\"a\",1]".into()));
        assert_eq!(Value::from_json(json!({"a": 1})), Some("{\"a\":1}".into()));
        assert_eq!(Value::from_json(json!(u64::MAX)), Some("18446744073709551615".into()));
    }

    #[test]
    fn numbers_that_json_cannot_hold_are_words() {
        assert_eq!(Value::double(f64::NAN), "NaN".into());
        assert_eq!(Value::double(f64::NEG_INFINITY), "-Infinity".into());
    }
}
