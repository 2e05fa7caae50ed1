//! Spans that gather more than may wait: they are read on the spot, what a span cannot hold goes, is marked and is
//! counted, and what the span is about always arrives.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{at, attribute, chat, settings, spans};
use serde_json::{Value, json};
use spanwire::{
    client::{Client, Settings},
    config::{MAX_CAPTURE_BYTES, MAX_CONTENT_BYTES},
    delivery::{Inbox, Stats, Waiting},
    json::Json,
    span::{Change, Content, Finished, Gathered, Prepared, Span},
    vendors::Format,
};

const HOW: Gathered = Gathered::Automatically;
const ALL: &str = r#"{"send_default_pii": true}"#;

/// What is sent of a span, and what is counted, after it has waited as it does between host and client.
fn sent(settings: &Arc<Settings>, finished: Finished) -> (Value, Stats) {
    let mut client = Client::new(Arc::clone(settings));
    let mut inbox = Inbox::default();
    inbox.push(settings, finished);
    client.handle_span(at(1.0), next(&mut inbox));
    client.handle_flush();
    let span = spans(&client.poll_transmit(at(2.0)).unwrap().body).remove(0);
    (span, client.stats())
}

fn of_changes(options: &str, changes: Vec<Change>) -> (Value, Stats) {
    let settings = settings(options);
    let mut span = chat(&settings, 1);
    changes.into_iter().for_each(|change| span.change(at(0.5), change));
    sent(&settings, span.finish(at(1.0)).unwrap())
}

fn request(payload: &Value) -> Change {
    Change::Request(Json::new(payload.to_string()), None, HOW)
}

fn response(payload: &Value) -> Change {
    Change::Response(Json::new(payload.to_string()), HOW)
}

fn chunk(payload: &Value) -> Change {
    Change::Chunk(Json::new(payload.to_string()), HOW)
}

fn text_of(span: &Value, key: &str) -> String {
    attribute(span, key).unwrap().as_str().unwrap().to_owned()
}

/// How many characters the marks in a text say went.
fn marked(text: &str) -> u64 {
    let marks = text.split("[... ").skip(1).filter_map(|rest| rest.split_once(" characters removed ...]"));
    marks.map(|(number, _)| number.parse::<u64>().unwrap()).sum()
}

fn next(inbox: &mut Inbox) -> Finished {
    match inbox.pop() {
        Some(Waiting::Span(span)) => span,
        other => panic!("no span: {other:?}"),
    }
}

#[test]
fn vectors_of_many_megabytes_cost_neither_the_span_nor_its_neighbours() {
    let numbers: Vec<f64> = (0..3072).map(|n| f64::from(n) / 7.0).collect();
    for (embedding, inputs) in [(json!("QUJD".repeat(4096)), 600), (json!(numbers), 150)] {
        for options in ["{}", ALL] {
            let settings = settings(options);
            let mut inbox = Inbox::default();
            inbox.push(&settings, chat(&settings, 2).finish(at(0.1)).unwrap());
            let data: Vec<Value> = (0..inputs).map(|n| json!({"index": n, "embedding": embedding})).collect();
            let answer = json!({"object": "list", "data": data, "model": "e-3",
                                "usage": {"prompt_tokens": 512, "total_tokens": 512}});
            let mut span = chat(&settings, 1);
            span.change(
                at(0.2),
                Change::Request(
                    Json::new(r#"{"model":"e","input":["a"]}"#),
                    Format::find(Some("openai_embeddings")).unwrap(),
                    HOW,
                ),
            );
            span.change(at(0.5), response(&answer));
            let finished = span.finish(at(1.0)).unwrap();
            assert!(finished.size_hint() < 16 * 1024, "{}", finished.size_hint());
            inbox.push(&settings, finished);
            assert_eq!(inbox.len(), 2);
            let mut client = Client::new(Arc::clone(&settings));
            inbox.pop();
            client.handle_span(at(1.0), next(&mut inbox));
            let span = spans(&client.poll_transmit(at(2.0)).unwrap().body).remove(0);
            assert_eq!(attribute(&span, "gen_ai.response.model"), Some(&json!("e-3")));
            assert_eq!(attribute(&span, "gen_ai.usage.input_tokens"), Some(&json!(512)));
            assert_eq!(client.stats().removed.characters, 0, "nobody reads vectors");
        }
    }
}

#[test]
fn a_stream_of_many_small_chunks_is_whole() {
    let settings = settings(ALL);
    let mut span = chat(&settings, 1);
    let words: Vec<String> = (0..20_000).map(|n| format!("{n:05} ")).collect();
    for (number, word) in words.iter().enumerate() {
        let chunk = json!({"id": "c", "object": "chat.completion.chunk", "model": "m-1", "choices": [
            {"index": 0, "delta": {"content": word}, "logprobs": null, "finish_reason": null}],
            "obfuscation": "o".repeat(150)});
        span.change(at(0.1 + number as f64 / 1e5), Change::Chunk(Json::new(chunk.to_string()), HOW));
    }
    let (span, stats) = sent(&settings, span.finish(at(1.0)).unwrap());
    let said: Value = serde_json::from_str(&text_of(&span, "gen_ai.output.messages")).unwrap();
    assert_eq!(said[0]["parts"][0]["content"], words.concat());
    assert_eq!(stats.removed.characters, 0);
    let first = attribute(&span, "gen_ai.response.time_to_first_chunk").unwrap().as_f64().unwrap();
    assert!((first - 0.1).abs() < 1e-3, "{first}");
}

#[test]
fn marks_and_stats_agree() {
    for megabytes in [1, 3, 6] {
        let result = Change::Content(Content::ToolResult, Json::text(&"w ".repeat(megabytes << 19)), HOW);
        let (span, stats) = of_changes(ALL, vec![result]);
        let text = text_of(&span, "gen_ai.tool.call.result");
        assert!(stats.removed.characters > (megabytes << 20) as u64 - 270_000);
        assert_eq!(stats.removed.characters, marked(&text));
        assert!(text.len() > MAX_CONTENT_BYTES - 8192, "{}", text.len());
    }
}

#[test]
fn the_newest_of_a_very_long_history_stays() {
    let mut messages: Vec<Value> =
        (0..900).map(|_| json!({"role": "user", "content": "w ".repeat(3000)})).collect();
    messages.push(json!({"role": "user", "content": "LAST"}));
    let request = request(&json!({"model": "m", "messages": messages, "temperature": 0.5}));
    let answer = json!({"model": "m-1", "choices": [{"message": {"role": "assistant", "content": "x".repeat(90)},
        "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
    let (span, stats) = of_changes(ALL, vec![request, response(&answer)]);
    let kept: Value = serde_json::from_str(&text_of(&span, "gen_ai.input.messages")).unwrap();
    let kept = kept.as_array().unwrap();
    assert_eq!(kept.last().unwrap()["parts"][0]["content"], "LAST");
    assert_eq!((stats.removed.messages, stats.removed.characters), (901 - kept.len() as u64, 0));
    assert_eq!(attribute(&span, "gen_ai.request.temperature"), Some(&json!(0.5)));
    assert_eq!(attribute(&span, "gen_ai.usage.output_tokens"), Some(&json!(2)));
    assert!(text_of(&span, "gen_ai.output.messages").contains(&"x".repeat(90)));
}

#[test]
fn what_policy_keeps_back_is_neither_sent_nor_counted() {
    let secret = "secret ".repeat(MAX_CAPTURE_BYTES / 4);
    let payload = json!({"model": "m", "messages": [{"role": "user", "content": secret}]});
    let said = json!({"id": "i", "choices": [{"index": 0, "delta": {"content": secret}}]});
    let (span, stats) = of_changes("{}", vec![request(&payload), chunk(&said), chunk(&said)]);
    assert!(!span.to_string().contains("secret"));
    assert_eq!((stats.removed.messages, stats.removed.characters), (0, 0));
    assert_eq!(attribute(&span, "gen_ai.response.id"), Some(&json!("i")));
    // Spotlight sees everything, also of what was read early.
    let settings = settings(r#"{"spotlight": true}"#);
    let mut span = chat(&settings, 1);
    span.change(at(0.5), request(&payload));
    let finished = span.finish(at(1.0)).unwrap();
    let second = settings.for_spotlight().unwrap();
    assert!(Prepared::of(finished.for_spotlight(), &second).mapping().contains("secret"));
    assert!(!Prepared::of(finished, &settings).mapping().contains("secret"));
}

#[test]
fn a_span_that_is_too_large_alone_drives_nobody_out() {
    let settings = settings(r#"{"send_default_pii": true, "max_waiting_bytes": 4194304}"#);
    let mut inbox = Inbox::default();
    inbox.push(&settings, chat(&settings, 2).finish(at(0.1)).unwrap());
    let mut large: Span = chat(&settings, 1);
    large.change(at(0.5), Change::Content(Content::ToolResult, Json::text(&"x ".repeat(1_500_000)), HOW));
    inbox.push(&settings, large.finish(at(1.0)).unwrap());
    assert_eq!(inbox.len(), 2);
    assert!(inbox.bytes() < 2 * MAX_CONTENT_BYTES, "{}", inbox.bytes());
}

#[test]
fn names_of_any_length_are_short_while_they_wait() {
    let settings = settings("{}");
    let mut span = chat(&settings, 1);
    span.change(at(0.5), Change::Name("n".repeat(MAX_CAPTURE_BYTES + 1)));
    let (span, _) = sent(&settings, span.finish(at(1.0)).unwrap());
    assert_eq!(span["name"].as_str().unwrap().len(), 1000);
}

#[test]
fn a_very_long_stream_keeps_its_ends_and_its_usage_and_says_what_went() {
    let settings = settings(r#"{"send_default_pii": true}"#);
    let mut client = Client::new(settings.clone());
    let mut changes = vec![];
    let filler = "z".repeat(10_000);
    for _ in 0..2 * MAX_CAPTURE_BYTES / filler.len() {
        let chunk = json!({"id": "c", "choices": [{"index": 0, "delta": {"content": filler}}]});
        changes.push(Change::Chunk(Json::new(chunk.to_string()), Gathered::Automatically));
    }
    let last = json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
    changes.push(Change::Chunk(Json::new(last.to_string()), Gathered::Automatically));
    let mut span = chat(&settings, 1);
    for change in changes {
        span.change(at(0.5), change);
    }
    let finished = span.finish(at(1.0)).unwrap();
    assert!(finished.size_hint() < MAX_CAPTURE_BYTES / 4);
    client.handle_span(at(1.0), finished);
    let sent = spans(&client.poll_transmit(at(1.0)).unwrap().body);
    assert_eq!(attribute(&sent[0], "gen_ai.usage.output_tokens"), Some(&json!(2)));
    assert_eq!(client.stats().removed.characters, marked(&text_of(&sent[0], "gen_ai.output.messages")));
}

#[test]
fn an_image_of_many_megabytes_costs_neither_the_span_nor_the_queue() {
    let settings = settings(r#"{"send_default_pii": true}"#);
    let mut client = Client::new(settings.clone());
    let url = format!("data:image/png;base64,{}", "A".repeat(20_000_000));
    let request = json!({"model": "m", "messages": [{"role": "user", "content": [
        {"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]}]});
    let mut span = chat(&settings, 1);
    let captured = Change::Request(Json::new(request.to_string()), None, Gathered::Automatically);
    span.change(at(0.1), captured);
    let finished = span.finish(at(1.0)).unwrap();
    assert!(finished.size_hint() < MAX_CAPTURE_BYTES / 4);
    client.handle_span(at(1.0), finished);
    let sent = spans(&client.poll_transmit(at(1.0)).unwrap().body);
    let messages = attribute(&sent[0], "gen_ai.input.messages").unwrap().as_str().unwrap();
    assert!(messages.contains("What is this?") && messages.contains("[Blob substitute]"));
    assert!(!messages.contains("AAAA"));
}
