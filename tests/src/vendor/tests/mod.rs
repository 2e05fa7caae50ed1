//! The vendor over a real socket: the scenario, the streams, the faults, one file a format.
#![allow(clippy::unwrap_used, reason = "a test")]

mod openai_chat;

use serde_json::{Value, json};

use crate::BlockingServers;
use crate::testing::{json as read_json, post, text};

fn ask(servers: &BlockingServers, path: &str, request: &Value) -> Value {
    read_json(post(&format!("{}{path}", servers.vendor()), request))
}

/// The data of the events of a streamed answer.
fn data(servers: &BlockingServers, path: &str, request: &Value) -> Vec<String> {
    let body = text(post(&format!("{}{path}", servers.vendor()), request));
    let data = |event: &str| event.lines().find_map(|line| Some(line.strip_prefix("data: ")?.to_owned()));
    body.split_terminator("\n\n").map(|event| data(event).unwrap()).collect()
}

/// A function as formats declare it, its schema under `schema`.
fn function(name: &str, schema: &str) -> Value {
    let properties = match name {
        "get_weather" => json!({ "city": { "type": "string" } }),
        name if name.starts_with("transfer_to_") => json!({}),
        _ => json!({ "days": { "type": "integer" } }),
    };
    json!({ "name": name, schema: { "type": "object", "properties": properties } })
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn with(mut request: Value, key: &str, value: Value) -> Value {
    super::json::set(&mut request, key, value);
    request
}
