//! OpenAI responses.

use serde_json::{Value, json};

use super::{ask, at, events, function, joined, types, with};
use crate::BlockingServers;

const PATH: &str = "/v1/responses";

fn hello(model: &str) -> Value {
    json!({ "model": model, "input": "Hello there" })
}

#[test]
fn a_whole_answer() {
    let servers = BlockingServers::start().unwrap();
    let answer = ask(&servers, PATH, &with(hello("gpt-4o"), "instructions", json!("Be kind.")));
    assert_eq!((at(&answer, "/object"), at(&answer, "/status")), (&json!("response"), &json!("completed")));
    assert_eq!(at(&answer, "/instructions"), "Be kind.");
    assert_eq!(at(&answer, "/output/0/content/0/text"), "This is the answer to what you said: Hello there");
    let usage = json!({
        "input_tokens": 161, "input_tokens_details": { "cached_tokens": 82, "cache_write_tokens": 43 },
        "output_tokens": 104, "output_tokens_details": { "reasoning_tokens": 0 }, "total_tokens": 265,
    });
    assert_eq!(at(&answer, "/usage"), &usage);
}

#[test]
fn a_conversation_goes_on_from_an_answer() {
    let servers = BlockingServers::start().unwrap();
    let tools = json!([with(function("get_weather", "parameters"), "type", json!("function"))]);
    let request =
        json!({ "model": "gpt-4o", "input": "How is the weather?", "tools": tools, "instructions": "Hi" });
    let first = ask(&servers, PATH, &request);
    let id = at(&first, "/output/0/call_id");
    let result = json!([{ "type": "function_call_output", "call_id": id, "output": "Rain" }]);
    let request = with(with(request, "input", result), "previous_response_id", at(&first, "/id").clone());
    let second = ask(&servers, PATH, &request);
    assert_eq!(at(&second, "/output/0/content/0/text"), "The tool has answered: Rain");
    assert!(at(&second, "/usage/input_tokens").as_u64() > at(&first, "/usage/input_tokens").as_u64());
    let lost = ask(&servers, PATH, &with(request, "previous_response_id", json!("resp_unknown")));
    assert_eq!(at(&lost, "/error/code"), "previous_response_not_found");
}

#[test]
fn thoughts_are_shown_to_those_who_ask() {
    let servers = BlockingServers::start().unwrap();
    let hidden = ask(&servers, PATH, &hello("o3-mini"));
    assert_eq!(
        (at(&hidden, "/output/0/type"), at(&hidden, "/output/0/summary")),
        (&json!("reasoning"), &json!([]))
    );
    assert_eq!(at(&hidden, "/usage/output_tokens_details/reasoning_tokens"), 65);
    let asked = with(hello("o3-mini"), "reasoning", json!({ "summary": "auto" }));
    let shown = ask(&servers, PATH, &with(asked, "include", json!(["reasoning.encrypted_content"])));
    assert_eq!(at(&shown, "/output/0/summary/0/text"), "The user says: Hello there");
    assert!(at(&shown, "/output/0/encrypted_content").is_string());
}

#[test]
fn a_stream_has_every_event_in_order() {
    let servers = BlockingServers::start().unwrap();
    let request = with(hello("o3-mini"), "reasoning", json!({ "summary": "auto" }));
    let events = events(&servers, PATH, &with(request, "stream", json!(true)));
    let expected = [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ];
    assert_eq!(types(&events), expected.map(|name| format!("response.{name}")));
    let numbers: Vec<u64> =
        events.iter().map(|event| at(event, "/sequence_number").as_u64().unwrap()).collect();
    assert!(numbers.iter().copied().eq(0..events.len() as u64));
    let deltas: Vec<Value> =
        events.iter().filter(|event| at(event, "/type") == "response.output_text.delta").cloned().collect();
    assert_eq!(joined(&deltas, "/delta"), "This is the answer to what you said: Hello there");
    let last = at(events.last().unwrap(), "/response");
    assert_eq!(at(last, "/output/1"), at(&events[events.len() - 2], "/item"));
    assert_eq!(at(last, "/usage/output_tokens"), 104 + 65);
}

#[test]
fn an_answer_can_end_in_several_ways() {
    let servers = BlockingServers::start().unwrap();
    let short = with(hello("gpt-4o"), "max_output_tokens", json!(2));
    let cases = [
        (short, "incomplete", "response.incomplete"),
        (hello("gpt-4o-failed"), "failed", "response.failed"),
        (hello("gpt-4o-refusal"), "completed", "response.completed"),
    ];
    for (request, status, event) in cases {
        let whole = ask(&servers, PATH, &request);
        assert_eq!(at(&whole, "/status"), status);
        let events = events(&servers, PATH, &with(request, "stream", json!(true)));
        assert_eq!(types(&events).last(), Some(&event));
        assert_eq!(at(events.last().unwrap(), "/response"), &whole);
    }
    let refusal = ask(&servers, PATH, &hello("gpt-4o-refusal"));
    assert_eq!(at(&refusal, "/output/0/content/0/type"), "refusal");
    let failed = ask(&servers, PATH, &hello("gpt-4o-failed"));
    assert_eq!((at(&failed, "/error/code"), at(&failed, "/usage")), (&json!("server_error"), &Value::Null));
}

#[test]
fn an_error_is_an_event_like_any_other() {
    let servers = BlockingServers::start().unwrap();
    let events = events(&servers, PATH, &with(hello("gpt-4o-fault-stream-error"), "stream", json!(true)));
    assert_eq!(at(events.last().unwrap(), "/type"), "error");
    assert_eq!(at(events.last().unwrap(), "/code"), "server_error");
}

#[test]
fn a_schema_shapes_the_text() {
    let servers = BlockingServers::start().unwrap();
    let schema = json!({ "type": "object", "properties": { "days": { "type": "integer" } } });
    let format = json!({ "format": { "type": "json_schema", "name": "days", "schema": schema } });
    let answer = ask(&servers, PATH, &with(hello("gpt-4o"), "text", format));
    assert_eq!(at(&answer, "/output/0/content/0/text"), "{\"days\":1}");
}
