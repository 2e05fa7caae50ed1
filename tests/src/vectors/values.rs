//! The values of a step: what JSON cannot say is written as `{"$float": ...}` and `{"$int": ...}`.

use serde_json::{Map, Value};
use spanwire::{attributes::Value as Attribute, json::Json};

/// A value as an attribute of its own.
pub fn attribute(value: &Value) -> Option<Attribute> {
    match special(value) {
        Some(Special::Float(float)) => Some(Attribute::double(float)),
        Some(Special::Int(digits)) => {
            Some(digits.parse().map_or_else(|_| Attribute::from(digits), Attribute::Int))
        }
        None => Attribute::from_json(value.clone()),
    }
}

/// A value as JSON text.
pub fn json(value: &Value) -> Json {
    let mut text = String::new();
    write(&mut text, value);
    Json::new(text)
}

/// Some members of an object as JSON text.
pub fn object(fields: &Map<String, Value>, without: &[&str]) -> Json {
    let kept: Map<String, Value> = fields
        .iter()
        .filter(|(key, _)| !without.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    json(&Value::Object(kept))
}

enum Special<'a> {
    Float(f64),
    Int(&'a str),
}

fn special(value: &Value) -> Option<Special<'_>> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    match text("$float") {
        Some("NaN") => Some(Special::Float(f64::NAN)),
        Some("Infinity") => Some(Special::Float(f64::INFINITY)),
        Some("-Infinity") => Some(Special::Float(f64::NEG_INFINITY)),
        _ => text("$int").map(Special::Int),
    }
}

fn write(out: &mut String, value: &Value) {
    match (special(value), value) {
        (Some(Special::Int(digits)), _) => out.push_str(digits),
        (Some(Special::Float(float)), _) => {
            out.push_str(&Attribute::double(float).to_json().to_string());
        }
        (None, Value::Array(items)) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        (None, Value::Object(fields)) => {
            out.push('{');
            for (position, (key, item)) in fields.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(out, item);
            }
            out.push('}');
        }
        (None, plain) => out.push_str(&plain.to_string()),
    }
}
