//! Any JSON into any reader: never a panic, always a span.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{Numbers, at, finish, settings, spans};
use serde_json::{Map, Value};
use spanwire::{
    client::Client,
    json::Json,
    span::{Change, Content, Gathered},
    vendors::Format,
};

/// Words that readers look for, so that nonsense gets past their first look.
const WORDS: &[&str] = &[
    "role",
    "content",
    "parts",
    "type",
    "text",
    "choices",
    "message",
    "delta",
    "index",
    "tool_calls",
    "function",
    "name",
    "arguments",
    "id",
    "model",
    "usage",
    "prompt_tokens",
    "completion_tokens",
    "error",
    "messages",
    "assistant",
    "user",
    "system",
    "tool",
    "image_url",
    "url",
    "data:image/png;base64,AA",
    "finish_reason",
    "stop",
    "tools",
    "attributes",
    "conversation_id",
    "input_audio",
    "file",
    "uri",
    "reasoning",
    "",
    "\u{FFFD}",
    "é{[\\",
];

fn value(numbers: &mut Numbers, depth: usize) -> Value {
    let word = |numbers: &mut Numbers| WORDS[numbers.below(WORDS.len())];
    match numbers.below(if depth == 0 { 6 } else { 10 }) {
        0 => Value::Null,
        1 => Value::Bool(numbers.below(2) == 0),
        2 => Value::from(numbers.below(1000)),
        3 => Value::from(-1.5e300),
        4 | 5 => Value::from(word(numbers)),
        6 | 7 => (0..numbers.below(5)).map(|_| value(numbers, depth - 1)).collect(),
        _ => {
            let fields: Map<String, Value> = (0..numbers.below(7))
                .map(|_| (word(numbers).to_owned(), value(numbers, depth - 1)))
                .collect();
            Value::Object(fields)
        }
    }
}

fn change(numbers: &mut Numbers) -> Change {
    let text = value(numbers, 5).to_string();
    // Every so often the text is cut: then it is no JSON at all.
    let end = if numbers.below(8) == 0 { numbers.below(text.len().max(1)) } else { text.len() };
    let json = Json::new(&text.as_bytes()[..end]);
    let how = Gathered::Automatically;
    match numbers.below(12) {
        0 => Change::Attributes(json),
        1 => Change::Arguments(json),
        2 => Change::Usage(json),
        3 => Change::Request(json, Some(Format::OpenAiChat.into()), how),
        4 => Change::Request(json, None, how),
        5 | 6 => Change::Response(json, how),
        7 | 8 => Change::Chunk(json, how),
        9 => Change::Content(Content::Input, json, how),
        10 => Change::Content(Content::Output, json, how),
        _ => {
            let key = WORDS[numbers.below(WORDS.len())];
            Change::Attribute(format!("gen_ai.{key}"), text.into())
        }
    }
}

#[test]
fn nonsense_gives_spans() {
    let settings = settings(r#"{"send_default_pii": true, "input_messages": "all"}"#);
    let mut client = Client::new(settings.clone());
    let mut numbers = Numbers(88_172_645_463_325_252);
    for _ in 0..5_000 {
        let changes = (0..numbers.below(6)).map(|_| change(&mut numbers)).collect();
        finish(&mut client, &settings, 1, changes);
        let transmit = client.poll_transmit(at(1.0)).unwrap();
        assert_eq!(spans(&transmit.body).len(), 1);
        client.handle_response(at(1.0), transmit.id, 200, std::iter::empty());
    }
    assert_eq!(client.stats().sent, 5_000);
}
