//! Anthropic messages.

use serde_json::{Value, json};

use super::{ask, at, data_of, events, function, joined, types, with};
use crate::BlockingServers;
use crate::testing::{post, text};

const PATH: &str = "/v1/messages";

fn hello(model: &str) -> Value {
    json!({ "model": model, "max_tokens": 2000, "messages": [{ "role": "user", "content": "Hello there" }] })
}

#[test]
fn input_is_counted_in_three_parts() {
    let servers = BlockingServers::start().unwrap();
    let answer =
        ask(&servers, PATH, &with(hello("claude-sonnet-4-5"), "thinking", json!({ "type": "enabled" })));
    let counts = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"];
    assert_eq!(
        counts.map(|count| at(&answer, &format!("/usage/{count}")).as_u64().unwrap()),
        [26, 23, 52, 169]
    );
    assert_eq!(at(&answer, "/usage/output_tokens_details/thinking_tokens"), 65);
    assert_eq!(at(&answer, "/content/0/thinking"), "The user says: Hello there");
    assert_eq!(at(&answer, "/model"), "claude-sonnet-4-5-20260101");
    let counted = ask(&servers, "/v1/messages/count_tokens", &json!({ "model": "m", "messages": [] }));
    assert_eq!(counted, json!({ "input_tokens": 41 }));
}

#[test]
fn a_stream_with_every_kind_of_block() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({
        "model": "claude-sonnet-4-5", "max_tokens": 2000, "stream": true, "thinking": { "type": "adaptive" },
        "system": [{ "type": "text", "text": "Be kind." }],
        "tools": [function("get_weather", "input_schema")],
        "messages": [{ "role": "user", "content": [{ "type": "text", "text": "How is the weather?" }] }],
    });
    let events = events(&servers, PATH, &request);
    let block = ["content_block_start", "content_block_delta", "content_block_stop"];
    let blocks = ["message_start", block[0], "ping", block[1], block[2]];
    let rest = ["message_delta", "message_stop"];
    assert_eq!(types(&events), [&blocks[..], &block, &block, &rest].concat());
    assert_eq!(joined(&events, "/delta/thinking"), "The user says: How is the weather?");
    assert_eq!(joined(&events, "/delta/text"), "I will call get_weather.");
    assert_eq!(joined(&events, "/delta/partial_json"), "{\"city\":\"Paris\"}");
    assert!(!joined(&events, "/delta/signature").is_empty());
    assert_eq!(at(&events[0], "/message/usage/output_tokens"), 7);
    let delta = &events[events.len() - 2];
    assert_eq!(at(delta, "/delta/stop_reason"), "tool_use");
    assert_eq!(at(delta, "/usage/output_tokens"), 164 + 65);
}

#[test]
fn events_are_named_twice() {
    let servers = BlockingServers::start().unwrap();
    let body = text(post(&format!("{}{PATH}", servers.vendor()), &with(hello("m"), "stream", json!(true))));
    for (event, data) in body.split_terminator("\n\n").zip(data_of(&body)) {
        let name = event.lines().next().unwrap().strip_prefix("event: ").unwrap();
        assert_eq!(at(&serde_json::from_str(&data).unwrap(), "/type"), name);
    }
}

#[test]
fn an_answer_can_end_in_several_ways() {
    let servers = BlockingServers::start().unwrap();
    let reason = |request: &Value| at(&ask(&servers, PATH, request), "/stop_reason").clone();
    assert_eq!(reason(&hello("m")), "end_turn");
    assert_eq!(reason(&with(hello("m"), "max_tokens", json!(2))), "max_tokens");
    assert_eq!(reason(&hello("m-refusal")), "refusal");
    assert_eq!(reason(&hello("m-pause-turn")), "pause_turn");
    let begun =
        json!([{ "role": "user", "content": "Hi" }, { "role": "assistant", "content": "Let me look" }]);
    assert_eq!(reason(&with(hello("m-pause-turn"), "messages", begun)), "end_turn");
}

#[test]
fn tool_choice_is_obeyed() {
    let servers = BlockingServers::start().unwrap();
    let tools = json!([
        function("one", "input_schema"), function("two", "input_schema"),
        { "type": "web_search_20250305", "name": "web_search" },
    ]);
    let names = |choice: Value| -> Vec<String> {
        let request = with(with(hello("m"), "tools", tools.clone()), "tool_choice", choice);
        let answer = ask(&servers, PATH, &request);
        let content = at(&answer, "/content").as_array().unwrap().clone();
        content.iter().filter_map(|block| Some(at(block, "/name").as_str()?.to_owned())).collect()
    };
    assert_eq!(names(json!({ "type": "auto" })), [""; 0]);
    assert_eq!(names(json!({ "type": "any" })), ["one", "two"]);
    assert_eq!(names(json!({ "type": "any", "disable_parallel_tool_use": true })), ["one"]);
    assert_eq!(names(json!({ "type": "tool", "name": "two" })), ["two"]);
    assert_eq!(names(json!({ "type": "none" })), [""; 0]);
}

#[test]
fn a_schema_shapes_the_text() {
    let servers = BlockingServers::start().unwrap();
    let schema = json!({ "type": "object", "properties": { "sure": { "type": "boolean" } } });
    let format = json!({ "type": "json_schema", "schema": schema });
    for (name, value) in [("output_config", json!({ "format": format })), ("output_format", format)] {
        assert_eq!(
            at(&ask(&servers, PATH, &with(hello("m"), name, value)), "/content/0/text"),
            "{\"sure\":true}"
        );
    }
}

#[test]
fn errors_have_anthropics_shape() {
    let servers = BlockingServers::start().unwrap();
    let cases = [
        (hello("m-fault-529"), "overloaded_error"),
        (hello("m-fault-429"), "rate_limit_error"),
        (json!({ "model": "m", "messages": [] }), "invalid_request_error"),
    ];
    for (request, kind) in cases {
        let error = ask(&servers, PATH, &request);
        assert_eq!((at(&error, "/type"), at(&error, "/error/type")), (&json!("error"), &json!(kind)));
    }
    let events = events(&servers, PATH, &with(hello("m-fault-stream-error"), "stream", json!(true)));
    assert_eq!(types(&events).last(), Some(&"error"));
}
