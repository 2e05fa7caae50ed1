//! Lists that are longer than a span holds: what of them is left out is counted.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{attribute, finish, settings, spans};
use serde_json::{Value, json};
use spanwire::{
    client::Client,
    config::{MAX_CHOICES, MAX_MESSAGES, MAX_PARTS, MAX_PIECES},
    json::Json,
    span::{Change, Gathered},
    vendors::Format,
};

/// How many items more than fit.
const SURPLUS: usize = 7;

/// What a span says under a key, and how many items were counted as left out.
fn kept(change: Change, key: &str) -> (Vec<Value>, u64) {
    let settings = settings(r#"{"send_default_pii": true}"#);
    let mut client = Client::new(settings.clone());
    finish(&mut client, &settings, 1, vec![change]);
    client.handle_flush();
    let span = spans(&client.poll_transmit(common::at(2.0)).unwrap().body).remove(0);
    let text = attribute(&span, key).unwrap().as_str().unwrap();
    (serde_json::from_str(text).unwrap(), client.stats().removed.messages)
}

fn request(format: &str, payload: &Value) -> Change {
    let format = Format::find(Some(format)).unwrap();
    Change::Request(Json::new(payload.to_string()), format, Gathered::Automatically)
}

fn response(payload: &Value) -> Change {
    Change::of_json("response", Json::new(payload.to_string()), Gathered::Automatically).unwrap()
}

fn many(item: Value, limit: usize) -> Value {
    vec![item; limit + SURPLUS].into()
}

#[test]
fn of_requests() {
    let tool = json!({"type": "function", "function": {"name": "f"}});
    let system = json!({"role": "system", "content": "s"});
    let user = json!({"role": "user", "content": "u"});
    let text = json!({"parts": [{"text": "t"}]});
    for (format, payload, key, limit) in [
        ("openai_chat", json!({"tools": many(tool, MAX_MESSAGES)}), "gen_ai.tool.definitions", MAX_MESSAGES),
        (
            "openai_chat",
            json!({"messages": many(system, MAX_MESSAGES)}),
            "gen_ai.system_instructions",
            MAX_MESSAGES,
        ),
        ("openai_chat", json!({"messages": many(user, MAX_MESSAGES)}), "gen_ai.input.messages", MAX_MESSAGES),
        (
            "openai_chat",
            json!({"prompt": many(json!("p"), MAX_MESSAGES)}),
            "gen_ai.input.messages",
            MAX_MESSAGES,
        ),
        (
            "google_embed_content",
            json!({"contents": many(text, MAX_MESSAGES)}),
            "gen_ai.embeddings.input",
            MAX_MESSAGES,
        ),
    ] {
        let (items, removed) = kept(request(format, &payload), key);
        assert_eq!((items.len(), removed), (limit, SURPLUS as u64), "{format}, {key}");
    }
}

#[test]
fn of_answers() {
    let choice = json!({"message": {"role": "assistant", "content": "c"}});
    let choices = json!({"object": "chat.completion", "choices": many(choice, MAX_MESSAGES)});
    let (items, removed) = kept(response(&choices), "gen_ai.output.messages");
    assert_eq!((items.len(), removed), (MAX_MESSAGES, SURPLUS as u64));
    let item =
        json!({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]});
    let output = json!({"object": "response", "output": many(item, MAX_PARTS)});
    let (items, removed) = kept(response(&output), "gen_ai.output.messages");
    let parts = items[0]["parts"].as_array().unwrap();
    assert_eq!((items.len(), parts.len(), removed), (1, MAX_PARTS, SURPLUS as u64));
}

#[test]
fn of_candidates_and_of_parts_in_one_message() {
    let candidate = json!({"content": {"parts": [{"text": "c"}]}});
    let candidates = json!({"candidates": many(candidate, MAX_CHOICES)});
    let (items, removed) = kept(response(&candidates), "gen_ai.output.messages");
    assert_eq!((items.len(), removed), (MAX_CHOICES, SURPLUS as u64));
    let message = json!({"role": "user", "content": many(json!({"type": "text", "text": "t"}), MAX_PARTS)});
    let (items, removed) =
        kept(request("openai_chat", &json!({"messages": [message]})), "gen_ai.input.messages");
    assert_eq!((items[0]["parts"].as_array().unwrap().len(), removed), (MAX_PARTS, SURPLUS as u64));
}

#[test]
fn of_streams() {
    let call = json!({"type": "tool_use", "id": "i", "name": "n", "input": {}});
    let events: Vec<Value> = (0..MAX_PIECES + SURPLUS)
        .map(|index| json!({"type": "content_block_start", "index": index, "content_block": call}))
        .collect();
    let (items, removed) = kept(response(&events.into()), "gen_ai.output.messages");
    assert_eq!((items[0]["parts"].as_array().unwrap().len(), removed), (MAX_PIECES, SURPLUS as u64));
    let choices: Vec<Value> =
        (0..MAX_CHOICES + SURPLUS).map(|index| json!({"index": index, "delta": {"content": "c"}})).collect();
    let chunk = json!([{"object": "chat.completion.chunk", "choices": choices}]);
    let (items, removed) = kept(response(&chunk), "gen_ai.output.messages");
    assert_eq!((items.len(), removed), (MAX_CHOICES, SURPLUS as u64));
}
