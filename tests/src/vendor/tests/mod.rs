//! The vendor over a real socket: the scenario in every format, then what only one format has.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod anthropic;
mod bedrock;
mod clients;
mod cohere;
mod embeddings;
mod google;
mod ollama;
mod openai_chat;
mod openai_responses;
mod scenario;

use serde_json::{Value, json};

use crate::BlockingServers;
use crate::testing::{get_json, json as read_json, post, text};

fn ask(servers: &BlockingServers, path: &str, request: &Value) -> Value {
    read_json(post(&format!("{}{path}", servers.vendor()), request))
}

/// The data of the events of a streamed answer.
fn data(servers: &BlockingServers, path: &str, request: &Value) -> Vec<String> {
    data_of(&text(post(&format!("{}{path}", servers.vendor()), request)))
}

fn data_of(body: &str) -> Vec<String> {
    let data = |event: &str| event.lines().find_map(|line| Some(line.strip_prefix("data: ")?.to_owned()));
    body.split_terminator("\n\n").map(|event| data(event).unwrap()).collect()
}

/// The events of a streamed answer, as JSON.
fn events(servers: &BlockingServers, path: &str, request: &Value) -> Vec<Value> {
    let data = data(servers, path, request);
    data.iter().filter(|data| *data != "[DONE]").map(|data| serde_json::from_str(data).unwrap()).collect()
}

/// The pieces of a streamed answer, whatever they are framed in.
fn pieces(format: &str, body: &[u8]) -> Vec<Value> {
    match format {
        "bedrock" => bedrock::decode(body).into_iter().map(|(_, payload)| payload).collect(),
        "ollama" => {
            body.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
        }
        _ => {
            let data = data_of(std::str::from_utf8(body).unwrap());
            data.iter().filter_map(|data| serde_json::from_str(data).ok()).collect()
        }
    }
}

/// What the last request was told.
fn last_told(servers: &BlockingServers) -> Value {
    let kept = get_json(&format!("{}/__requests", servers.vendor()));
    at(kept.as_array().unwrap().last().unwrap(), "/answered").clone()
}

/// The texts at a pointer, joined.
fn joined(events: &[Value], pointer: &str) -> String {
    events.iter().filter_map(|event| at(event, pointer).as_str()).collect()
}

/// The `type` of each event, runs of the same one told once.
fn types(events: &[Value]) -> Vec<&str> {
    let mut types: Vec<&str> = events.iter().map(|event| at(event, "/type").as_str().unwrap()).collect();
    types.dedup();
    types
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
