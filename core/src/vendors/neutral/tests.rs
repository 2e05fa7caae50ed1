//! What the neutral format says.

use serde_json::{Value, json};

use super::WIRE;
use crate::vendors::testing::{read, stream, survives};

fn text(text: &str) -> Value {
    json!({"type": "text", "content": text})
}

#[test]
fn a_request_is_the_arguments_of_a_call() {
    let request = json!({
        "model": "m", "provider": "acme", "temperature": 0.5, "max_tokens": 64, "top_p": null, "reasoning_level": "low",
        "stop_sequences": ["END"], "conversation_id": "c", "system_instructions": "Be brief.",
        "messages": [{"role": "human", "content": "Hi"}, {"role": "ai", "parts": [text("Hello")]}],
        "tools": [{"type": "function", "function": {"name": "f"}}, {"name": "g"}],
        "record_inputs": true, "attributes": {"a": 1}, "nonsense": 1,
    });
    assert_eq!(
        read(&WIRE, &request, &json!({})),
        json!({
            "gen_ai.request.model": "m", "gen_ai.provider.name": "acme", "gen_ai.request.temperature": 0.5,
            "gen_ai.request.max_tokens": 64, "gen_ai.request.reasoning.level": "low",
            "gen_ai.request.stop_sequences": ["END"], "gen_ai.conversation.id": "c",
            "gen_ai.system_instructions": [text("Be brief.")],
            "gen_ai.input.messages": [{"role": "user", "parts": [text("Hi")]},
                                      {"role": "assistant", "parts": [text("Hello")]}],
            "gen_ai.tool.definitions": [{"type": "function", "name": "f"}, {"type": "function", "name": "g"}],
        })
    );
    survives(&WIRE, &request);
}

#[test]
fn an_input_is_a_message_or_is_embedded() {
    let said = |request: Value| read(&WIRE, &request, &json!({}));
    assert_eq!(
        said(json!({"input": "Hi"}))["gen_ai.input.messages"],
        json!([{"role": "user", "parts": [text("Hi")]}])
    );
    assert_eq!(
        said(json!({"operation": "embeddings", "input": ["a", "b"]})),
        json!({"gen_ai.embeddings.input": ["a", "b"]})
    );
}

#[test]
fn pieces_become_the_answer_that_would_have_come_at_once() {
    let usage = json!({"input_tokens": 10, "output_tokens": 7, "total_tokens": 17, "cache_read_input_tokens": 4,
                       "cache_creation_input_tokens": 2, "reasoning_output_tokens": 3});
    let image = json!({"type": "blob", "modality": "image", "mime_type": "image/png", "content": "QUJD"});
    let call = |id: &str| json!({"type": "tool_call", "id": id, "name": "f", "arguments": {"a": 1}});
    let whole = json!({
        "model": "m-1", "id": "r1", "conversation_id": "c", "finish_reasons": ["tool_calls"], "usage": usage,
        "output": {"role": "assistant", "parts": [
            {"type": "reasoning", "content": "Hm."}, text("Look: "), image, text("and"), call("a"), call("b"),
        ]},
    });
    let chunks = [
        json!({"model": "m-1", "id": "r1", "conversation_id": "c"}),
        json!({"reasoning": "Hm"}),
        json!({"reasoning": "."}),
        json!("Look"),
        json!({"text": ": "}),
        json!({"part": image}),
        json!("and"),
        json!({"tool_call": {"index": 0, "id": "a", "name": "f", "arguments": ""}}),
        json!({"tool_call": {"index": 1, "id": "b", "name": "f", "arguments": {"a": 1}}}),
        json!({"tool_call": {"index": 0, "arguments": "{\"a\""}}),
        json!({"tool_call": {"id": "a", "arguments": ":1}"}}),
        json!({"usage": {"input_tokens": 10, "output_tokens": 1}}),
        json!({"usage": usage, "finish_reason": "tool_calls"}),
    ];
    let said = read(&WIRE, &json!({}), &whole);
    assert_eq!(stream(&WIRE, &chunks), said);
    assert_eq!(said["gen_ai.usage.reasoning.output_tokens"], 3);
    survives(&WIRE, &whole);
    for chunk in &chunks {
        survives(&WIRE, chunk);
    }
}

#[test]
fn calls_without_names_of_their_own_go_on_with_the_last_one() {
    let chunks = [
        json!({"tool_call": {"name": "f"}}),
        json!({"tool_call": {"arguments": "{\"a\":1}"}}),
        json!({"tool_call": {"name": "g", "arguments": "{}"}}),
    ];
    let call =
        |name: &str, arguments: Value| json!({"type": "tool_call", "name": name, "arguments": arguments});
    assert_eq!(
        stream(&WIRE, &chunks)["gen_ai.output.messages"][0]["parts"],
        json!([call("f", json!({"a": 1})), call("g", json!({}))])
    );
}

#[test]
fn an_answer_may_be_nothing_but_its_output() {
    let output = |response: Value| read(&WIRE, &json!({}), &response)["gen_ai.output.messages"].take();
    let hello = json!([{"role": "assistant", "parts": [text("Hello")]}]);
    assert_eq!(output(json!("Hello")), hello);
    assert_eq!(output(json!({"output": "Hello"})), hello);
    assert_eq!(output(json!([{"role": "ai", "content": "Hello"}])), hello);
    assert_eq!(
        read(
            &WIRE,
            &json!({}),
            &json!({"messages": [
                {"role": "assistant", "content": "a", "finish_reason": "stop"},
                {"role": "assistant", "content": "b", "finish_reason": "length"},
            ]})
        )["gen_ai.response.finish_reasons"],
        json!(["stop", "length"])
    );
    assert_eq!(output(json!({"output": ""})), Value::Null);
}
