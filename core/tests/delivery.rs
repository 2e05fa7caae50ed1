//! The client on a made-up clock: retries, limits, pressure, and a ledger that adds up.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{at, attribute, chat, finish, settings, spans};
use serde_json::json;
use spanwire::{
    client::{Client, Settings},
    config::{FAILURES_IN_A_ROW, MAX_IN_FLIGHT, MAX_TRIES, MAX_WAITING_BYTES},
    delivery::{Inbox, Reason},
    json::Json,
    span::{Change, Content, Gathered, Kind, Span, Start},
};

fn no_headers() -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::empty()
}

#[test]
fn a_function_of_the_host_is_called_with_one_at_a_time_in_order() {
    let settings = settings(r#"{"transport": "callable"}"#);
    let mut client = Client::new(settings.clone());
    finish(&mut client, &settings, 1, vec![]);
    finish(&mut client, &settings, 2, vec![]);
    let first = client.poll_transmit(at(1.0)).unwrap();
    assert!(client.poll_transmit(at(1.0)).is_none());
    client.handle_response(at(1.1), first.id, 200, no_headers());
    let second = client.poll_transmit(at(1.1)).unwrap();
    assert!(spans(&first.body) != spans(&second.body));
    client.handle_response(at(1.2), second.id, 200, no_headers());
    assert!(client.is_idle() && client.poll_timeout().is_none());
}

#[test]
fn a_flush_does_not_wait_for_answers() {
    let settings = settings(r#"{"transport": "callable"}"#);
    let mut client = Client::new(settings.clone());
    for seed in 1..4 {
        finish(&mut client, &settings, seed, vec![]);
    }
    client.handle_flush();
    let sent: Vec<_> = std::iter::from_fn(|| client.poll_transmit(at(1.0))).collect();
    assert_eq!(sent.len(), 3);
    for transmit in sent {
        client.handle_response(at(1.1), transmit.id, 200, no_headers());
    }
    assert!(client.is_idle());
    finish(&mut client, &settings, 4, vec![]);
    finish(&mut client, &settings, 5, vec![]);
    assert!(client.poll_transmit(at(2.0)).is_some() && client.poll_transmit(at(2.0)).is_none());
}

#[test]
fn a_server_far_away_is_asked_several_things_at_the_same_time() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    for seed in 0..20 {
        finish(&mut client, &settings, seed, vec![]);
    }
    let first = client.poll_transmit(at(1.0)).unwrap();
    assert!(client.poll_transmit(at(1.0)).is_none(), "first it has to show that it is there");
    client.handle_response(at(1.0), first.id, 200, no_headers());
    let sent: Vec<_> = std::iter::from_fn(|| client.poll_transmit(at(1.0))).collect();
    assert_eq!(sent.len(), MAX_IN_FLIGHT);
    // One that was away is tried with one: these five are the failures in a row that show it.
    for transmit in &sent {
        client.handle_failure(at(2.0), transmit.id, "refused", 0.5);
    }
    assert!(client.poll_transmit(at(2.0)).is_none());
    let resume = client.poll_timeout().unwrap();
    client.handle_timeout(resume);
    let first = client.poll_transmit(resume).unwrap();
    assert!(client.poll_transmit(resume).is_none());
    client.handle_response(resume, first.id, 200, no_headers());
    assert!(client.poll_transmit(resume).is_some() && client.poll_transmit(resume).is_some());
}

#[test]
fn what_is_too_large_for_the_server_is_lost_and_said_once() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    for seed in 1..3 {
        finish(&mut client, &settings, seed, vec![]);
        let transmit = client.poll_transmit(at(1.0)).unwrap();
        client.handle_response(at(1.1), transmit.id, 413, no_headers());
    }
    assert_eq!(client.stats().lost["send_error"], 2);
    let said: Vec<_> = std::iter::from_fn(|| client.poll_notice()).collect();
    assert_eq!(said, ["the server answered 413, it was too large; what was sent is lost"]);
}

#[test]
fn a_request_that_meets_no_server_waits_longer_each_time_and_is_given_up() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    finish(&mut client, &settings, 1, vec![]);
    let mut now = at(1.0);
    for expected in [1, 2, 4, 8, 16, 32].into_iter().chain(std::iter::repeat_n(60, MAX_TRIES as usize - 7)) {
        let transmit = client.poll_transmit(now).unwrap();
        client.handle_failure(now, transmit.id, "refused", 0.999_999_9);
        assert!(client.poll_transmit(now).is_none(), "not before its time");
        let resume = client.poll_timeout().unwrap();
        assert_eq!(resume.since(now).as_secs_f64().round() as u64, expected);
        now = resume;
        client.handle_timeout(now);
    }
    let last = client.poll_transmit(now).unwrap();
    client.handle_failure(now, last.id, "refused", 0.5);
    assert_eq!(client.stats().lost.get("network_error"), Some(&1));
    assert!(client.is_idle());
}

#[test]
fn nothing_goes_out_during_a_limit_and_the_loss_is_reported_after_it() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    finish(&mut client, &settings, 1, vec![]);
    let first = client.poll_transmit(at(1.0)).unwrap();
    client.handle_response(at(1.0), first.id, 429, [("Retry-After", "10")].into_iter());
    finish(&mut client, &settings, 2, vec![]);
    assert!(client.poll_transmit(at(10.9)).is_none());
    finish(&mut client, &settings, 3, vec![]);
    let after = client.poll_transmit(at(11.0)).unwrap();
    let text = String::from_utf8(after.body).unwrap();
    // The span that the server refused itself is its own to count; the one held back is ours.
    assert!(text.contains(r#"{"reason":"ratelimit_backoff","category":"span","quantity":1}"#), "{text}");
    client.handle_response(at(11.0), after.id, 200, no_headers());
    let stats = client.stats();
    assert_eq!((stats.started, stats.sent, stats.waiting), (3, 1, 0));
    assert_eq!(stats.lost.get("ratelimit_backoff"), Some(&2));
}

#[test]
fn under_pressure_the_oldest_trace_goes_and_is_counted() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    let text = "x".repeat(200_000);
    let count = 2 * MAX_WAITING_BYTES / text.len();
    for number in 0..count {
        let attribute = Change::Attribute(format!("k{number}"), format!("[{text}]").into());
        finish(&mut client, &settings, u8::try_from(number).unwrap(), vec![attribute]);
    }
    let lost = client.stats().lost.get("queue_overflow").copied().unwrap();
    assert!(lost > 0 && (lost as usize) < count);
    client.discard(Reason::NetworkError);
    let stats = client.stats();
    assert_eq!((stats.waiting, stats.lost.values().sum::<u64>()), (0, count as u64));
}

#[test]
fn a_span_that_is_too_large_loses_its_largest_value_and_goes() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    // Each of these takes six bytes on the wire, so that what fits a span does not fit an item.
    let huge = Change::Attribute("huge".into(), "\u{1}".repeat(250_000).into());
    let small = Change::Attribute("small".into(), "kept".into());
    finish(&mut client, &settings, 1, vec![huge, small]);
    let sent = spans(&client.poll_transmit(at(1.0)).unwrap().body);
    assert_eq!(attribute(&sent[0], "small"), Some(&json!("kept")));
    assert_eq!(attribute(&sent[0], "huge"), None);
    assert_eq!(client.stats().removed.characters, 250_000);
}

#[test]
fn policy_keeps_what_is_by_hand_and_nothing_else() {
    const SECRET: &str = "marked-secret";
    let request = json!({"model": "m", "messages": [{"role": "system", "content": SECRET},
        {"role": "user", "content": SECRET}], "tools": [{"type": "function", "function": {"name": SECRET}}]});
    let response = json!({"model": "m-1", "choices": [{"message": {"role": "assistant", "content": SECRET},
        "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": SECRET}}]});
    let gathered = |how| {
        vec![
            Change::Request(Json::new(request.to_string()), None, how),
            Change::Response(Json::new(response.to_string()), how),
            Change::Chunk(Json::new(chunk.to_string()), how),
            Change::Content(Content::ToolArguments, Json::text(SECRET), how),
            Change::Content(Content::ToolResult, Json::text(SECRET), how),
        ]
    };
    let sent = |options, how| {
        let settings = settings(options);
        let mut client = Client::new(settings.clone());
        finish(&mut client, &settings, 1, gathered(how));
        String::from_utf8(client.poll_transmit(at(1.0)).unwrap().body).unwrap()
    };
    assert!(!sent("{}", Gathered::Automatically).contains(SECRET));
    assert!(sent("{}", Gathered::Automatically).contains("finish_reasons"));
    assert_eq!(sent("{}", Gathered::ByHand).matches(SECRET).count(), 6);
    let inputs = sent(r#"{"record_inputs": true}"#, Gathered::Automatically);
    assert!(inputs.contains("gen_ai.tool.call.arguments") && !inputs.contains("gen_ai.output.messages"));
    let outputs = sent(r#"{"record_outputs": true}"#, Gathered::Automatically);
    assert!(outputs.contains("gen_ai.output.messages") && !outputs.contains("gen_ai.input.messages"));
}

/// A tool of a chat that ends before it.
fn tool(settings: &Arc<Settings>, root: &Span, seed: u8) -> Span {
    let start = Start {
        kind: Kind::ExecuteTool,
        subject: Some("t"),
        name: None,
        origin: "manual",
        parent: Some(root.context()),
        scope: Arc::default(),
        sample_rate: None,
    };
    Span::start(settings, &start, at(0.0), &[seed; 32])
}

/// Lives until `end`; gives when something left, and all of it.
fn live_until(client: &mut Client, end: f64) -> Vec<(f64, Vec<u8>)> {
    let mut left = Vec::new();
    while let Some(due) = client.poll_timeout().filter(|due| *due <= at(end)) {
        client.handle_timeout(due);
        while let Some(transmit) = client.poll_transmit(due) {
            client.handle_response(due, transmit.id, 200, no_headers());
            left.push((due.since(at(0.0)).as_secs_f64(), transmit.body));
        }
    }
    left
}

#[test]
fn what_waits_for_a_segment_that_was_lost_on_its_way_leaves_after_a_while() {
    let settings = settings(r#"{"trace_lifecycle": "static", "max_waiting_bytes": 4194304}"#);
    let mut client = Client::new(settings.clone());
    let (mut root, mut open) = (chat(&settings, 1), chat(&settings, 3));
    for (root, seed) in [(&root, 2), (&open, 4)] {
        client.handle_span(at(1.0), tool(&settings, root, seed).finish(at(1.0)).unwrap());
    }
    // There is no room for it between the host and the client.
    let mut inbox = Inbox::default();
    for number in 0..20_000 {
        root.change(at(1.0), Change::Attribute(format!("my.own.{number}"), "x".repeat(100).into()));
    }
    inbox.push(&settings, root.finish(at(1.0)).unwrap());
    assert!(inbox.is_empty());
    let left = live_until(&mut client, 60.0);
    assert_eq!(left.len(), 1, "a segment that goes on is waited for");
    assert!((5.0..=11.0).contains(&left[0].0), "after {} s", left[0].0);
    let text = String::from_utf8_lossy(&left[0].1);
    assert!(text.contains("\"transaction\":\"execute_tool t\""), "{text}");
    for lost in [r#""category":"transaction","quantity":1"#, r#""category":"span","quantity":1"#] {
        assert!(text.contains(lost), "{text}");
    }
    client.handle_span(at(60.0), open.finish(at(60.0)).unwrap());
    assert!(client.poll_transmit(at(60.0)).is_some());
    let stats = client.stats();
    assert_eq!((stats.started, stats.sent, stats.lost["queue_overflow"]), (4, 1, 1));
}

#[test]
fn nobody_is_woken_for_segments_that_have_left() {
    let settings = settings(r#"{"trace_lifecycle": "static"}"#);
    let mut client = Client::new(settings.clone());
    let (mut ends, goes_on) = (chat(&settings, 1), chat(&settings, 3));
    for (root, seed) in [(&ends, 2), (&goes_on, 4)] {
        client.handle_span(at(1.0), tool(&settings, root, seed).finish(at(1.0)).unwrap());
        assert!(client.poll_timeout().is_some());
    }
    client.handle_span(at(2.0), ends.finish(at(2.0)).unwrap());
    client.handle_close();
    for _ in 0..2 {
        let transmit = client.poll_transmit(at(2.0)).unwrap();
        client.handle_response(at(2.0), transmit.id, 200, no_headers());
    }
    assert!(client.is_idle() && client.poll_timeout().is_none());
}

#[test]
fn a_child_without_its_segment_leaves_after_a_while() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    let root = chat(&settings, 1);
    let mut child = tool(&settings, &root, 2);
    client.handle_span(at(1.0), child.finish(at(1.0)).unwrap());
    assert!(client.poll_transmit(at(1.0)).is_none());
    let due = client.poll_timeout().unwrap();
    let wait = due.since(at(1.0)).as_secs_f64();
    assert!((4.0..=5.0).contains(&wait), "{wait}");
    client.handle_timeout(due);
    assert_eq!(spans(&client.poll_transmit(due).unwrap().body).len(), 1);
    assert_eq!(client.stats().waiting, 2, "one open, one on the way");
}

#[test]
fn a_connection_that_breaks_stops_nobody_else_and_several_in_a_row_stop_all() {
    let settings = settings("{}");
    let mut client = Client::new(settings.clone());
    let spans = 3 + FAILURES_IN_A_ROW as u8;
    (1..=spans).for_each(|seed| finish(&mut client, &settings, seed, vec![]));
    let fail = |client: &mut Client| {
        let transmit = client.poll_transmit(at(1.0)).unwrap();
        client.handle_failure(at(1.0), transmit.id, "broken", 0.5);
    };
    fail(&mut client);
    fail(&mut client);
    let other = client.poll_transmit(at(1.0)).unwrap();
    client.handle_response(at(1.0), other.id, 200, no_headers());
    assert_eq!(client.stats().sent, 1, "the next one leaves while the first two wait");
    (0..FAILURES_IN_A_ROW).for_each(|_| fail(&mut client));
    assert!(client.poll_transmit(at(1.0)).is_none(), "the server is away");
    assert_eq!(client.poll_timeout(), Some(at(1.5)));
    let mut sent = 1;
    while let Some(transmit) = client.poll_transmit(at(1.5)) {
        client.handle_response(at(1.5), transmit.id, 200, no_headers());
        sent += 1;
    }
    assert_eq!(sent, spans);
    assert!(client.is_idle());
}
