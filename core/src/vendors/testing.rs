//! What the readers' own tests have in common: payloads in, attributes out.

use serde_json::{Map, Value, json};

use super::{Reading, Wire};
use crate::{config::InputMessages, json::Doc};

fn reading() -> Reading {
    let mut reading = Reading::new(InputMessages::All);
    (reading.keep.inputs, reading.keep.outputs) = (true, true);
    reading
}

/// What a request and its answer say.
pub(super) fn read(wire: &Wire, request: &Value, response: &Value) -> Value {
    let mut reading = reading();
    for (read, payload) in [(wire.request, request), (wire.response, response)] {
        let text = payload.to_string();
        read(Doc::parse(text.as_bytes()).unwrap().root(), &mut reading);
    }
    said(&reading)
}

/// What the pieces of an answer say together.
pub(super) fn stream(wire: &Wire, chunks: &[Value]) -> Value {
    let mut gathered = (wire.chunks)();
    for chunk in chunks {
        let text = chunk.to_string();
        gathered.push(Doc::parse(text.as_bytes()).unwrap().root());
    }
    let mut reading = reading();
    gathered.finish(&mut reading);
    said(&reading)
}

/// The error that an answer brings, whole or in pieces: its class and its words.
pub(super) fn fails(wire: &Wire, response: &Value, chunks: &[Value]) -> Option<(String, Option<String>)> {
    let mut reading = reading();
    let text = response.to_string();
    (wire.response)(Doc::parse(text.as_bytes()).unwrap().root(), &mut reading);
    let mut gathered = (wire.chunks)();
    for chunk in chunks {
        let text = chunk.to_string();
        gathered.push(Doc::parse(text.as_bytes()).unwrap().root());
    }
    gathered.finish(&mut reading);
    reading.error.map(|error| (error.kind, error.message))
}

/// Attributes by key, JSON inside texts as structure, with the usage.
fn said(reading: &Reading) -> Value {
    let structure = |value: &crate::attributes::Value| {
        let plain = value.to_json();
        plain
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok())
            .filter(Value::is_array)
            .unwrap_or(plain)
    };
    let mut all: Map<String, Value> =
        reading.attributes.iter().map(|(key, value)| (key.to_owned(), structure(value))).collect();
    all.extend(
        reading.usage.settled().attributes().map(|(key, count)| (key.name().to_owned(), json!(count))),
    );
    all.into()
}

/// Reads a payload with every value in it replaced by odd ones, one at a time, in every way: a reader that
/// is total says something or nothing, and never panics.
pub(super) fn survives(wire: &Wire, payload: &Value) {
    let odd = [json!(null), json!(-1), json!("odd"), json!([]), json!({}), json!([[{"a": []}, 1]])];
    for path in paths(payload) {
        for value in &odd {
            let mut twisted = payload.clone();
            if let Some(target) = twisted.pointer_mut(&path) {
                *target = value.clone();
            }
            read(wire, &twisted, &twisted);
            stream(wire, &[payload.clone(), twisted.clone(), payload.clone()]);
        }
    }
}

/// Where every value of a payload stands.
fn paths(payload: &Value) -> Vec<String> {
    let below = |(name, value): (String, &Value)| -> Vec<String> {
        paths(value).into_iter().map(|path| format!("/{name}{path}")).collect()
    };
    let inner: Vec<String> = match payload {
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).flat_map(below).collect()
        }
        Value::Object(members) => {
            members.iter().map(|(name, item)| (name.clone(), item)).flat_map(below).collect()
        }
        _ => Vec::new(),
    };
    [vec![String::new()], inner].concat()
}
