//! Streams whose text is cut anywhere: as strings and as bytes, in the middle of a number, a string or a character.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{attribute, finish, settings, spans};
use serde_json::{Value, json};
use spanwire::{
    client::Client,
    config::MAX_EVENT_BYTES,
    delivery::Stats,
    json::Json,
    span::{Change, Gathered},
    vendors::Format,
};

const EVENTS: &str = "data: {\"model\":\"g\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße 42 🙂\"}}]}\n\n\
    data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" \\\"é\\\" [1] {}\"},\"finish_reason\":\"stop\"}]}\n\n\
    data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n";

const LINES: &str = "{\"model\":\"l\",\"message\":{\"role\":\"assistant\",\"content\":\"Grüße 42 🙂\"},\"done\":false}\n\
    {\"model\":\"l\",\"message\":{\"content\":\" \\\"é\\\" [1] {}\"},\"done\":true,\"done_reason\":\"stop\",\
    \"prompt_eval_count\":10,\"eval_count\":3}\n";

const LIST: &str = "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Grüße 42 🙂\"}]}}]}\n,\n\
    {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" \\\"é\\\" [1] {}\"}]},\"finishReason\":\"stop\"}],\
    \"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":3}}\n]\n";

fn chunk(piece: impl Into<Vec<u8>>) -> Change {
    Change::of_json("chunk", Json::new(piece), Gathered::ByHand).unwrap()
}

/// What a span says of a stream in that format, and the counts.
fn told(format: &str, chunks: Vec<Change>) -> (Value, Stats) {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    let format = Format::find(Some(format)).unwrap();
    let mut changes = vec![Change::Request(Json::new("{}"), format, Gathered::ByHand)];
    changes.extend(chunks);
    finish(&mut client, &settings, 1, changes);
    client.handle_flush();
    let span = spans(&client.poll_transmit(common::at(2.0)).unwrap().body).remove(0);
    let keys = ["output.messages", "usage.input_tokens", "usage.output_tokens", "response.finish_reasons"];
    let told = keys.map(|key| attribute(&span, &format!("gen_ai.{key}")).cloned().unwrap_or_default());
    (told.to_vec().into(), client.stats())
}

#[test]
fn a_stream_says_the_same_however_it_is_cut() {
    let messages = json!([{"role": "assistant", "parts": [{"type": "text", "content": "Grüße 42 🙂 \"é\" [1] {}"}],
        "finish_reason": "stop"}]);
    for (format, text) in [("openai_chat", EVENTS), ("ollama_chat", LINES), ("google_generate_content", LIST)]
    {
        let whole = told(format, vec![chunk(text)]).0;
        let said: Value = serde_json::from_str(whole[0].as_str().unwrap()).unwrap();
        assert_eq!((said, &whole[1], &whole[2]), (messages.clone(), &json!(10), &json!(3)), "{format}");
        for size in 1..=text.len() {
            let bytes = text.as_bytes().chunks(size).map(chunk).collect();
            assert_eq!(told(format, bytes).0, whole, "{format}, {size} bytes at a time");
            let letters: Vec<char> = text.chars().collect();
            let strings = letters.chunks(size).map(|piece| piece.iter().collect::<String>());
            let strings = strings.map(|piece| chunk(json!(piece).to_string())).collect();
            assert_eq!(told(format, strings).0, whole, "{format}, {size} letters at a time");
        }
    }
}

#[test]
fn a_stream_may_come_as_lines_without_their_ends() {
    const NAMED: &str = "event: message_start\n\
        data: {\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"usage\":{\"input_tokens\":10}}}\n\nevent: ping\n\
        data: {\"type\":\"ping\"}\n\n: still here\n\nevent: content_block_delta\n\
        data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"text\":\"data: }\"}}\n\nevent: message_delta\n\
        data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"stop\"},\"usage\":{\"output_tokens\":3}}\n\n";
    for (format, text) in [
        ("openai_chat", EVENTS),
        ("anthropic_messages", NAMED),
        ("ollama_chat", LINES),
        ("google_generate_content", LIST),
    ] {
        let whole = told(format, vec![chunk(text)]).0;
        assert_eq!((&whole[1], &whole[2]), (&json!(10), &json!(3)), "{format}");
        for has_empty in [true, false] {
            let lines = || text.split('\n').filter(|line| has_empty || !line.is_empty());
            assert_eq!(told(format, lines().map(chunk).collect()).0, whole, "{format}, bytes");
            let strings = lines().map(|line| chunk(json!(line).to_string())).collect();
            assert_eq!(told(format, strings).0, whole, "{format}, strings");
        }
    }
}

#[test]
fn an_event_without_an_end_is_counted_and_what_follows_it_is_read() {
    let piece = "x".repeat(1 << 20);
    let pieces = || (0..MAX_EVENT_BYTES / piece.len() + 2).map(|_| chunk(piece.clone().into_bytes()));
    for (format, text, begin) in
        [("openai_chat", EVENTS, "data: {\"x\":\""), ("ollama_chat", LINES, "{\"x\":\"")]
    {
        let whole = told(format, vec![chunk(text)]).0;
        let mut chunks = vec![chunk(begin)];
        chunks.extend(pieces());
        chunks.extend([chunk("\"}\n\n"), chunk(text)]);
        let (said, stats) = told(format, chunks);
        assert_eq!(said, whole, "{format}");
        assert!(stats.removed.characters > MAX_EVENT_BYTES as u64, "{format}: {:?}", stats.removed);
    }
}
