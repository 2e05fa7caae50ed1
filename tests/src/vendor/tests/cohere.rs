//! Cohere chat and rerank.

use serde_json::json;

use super::{ask, at, events, function, joined, types};
use crate::BlockingServers;

#[test]
fn a_streamed_text() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({
        "model": "command-a", "stream": true, "thinking": { "type": "enabled" },
        "messages": [{ "role": "user", "content": "Hello there" }],
    });
    let events = events(&servers, "/v2/chat", &request);
    let content = ["content-start", "content-delta", "content-end"];
    let expected = [&["message-start"][..], &content, &content, &["message-end"]].concat();
    assert_eq!(types(&events), expected);
    assert_eq!(joined(&events, "/delta/message/content/thinking"), "The user says: Hello there");
    let text = "This is the answer to what you said: Hello there";
    assert_eq!(joined(&events, "/delta/message/content/text"), text);
    let end = events.last().unwrap();
    assert_eq!(at(end, "/delta/finish_reason"), "COMPLETE");
    let usage = json!({
        "billed_units": { "input_tokens": 26, "output_tokens": 104 },
        "tokens": { "input_tokens": 101, "output_tokens": 169 },
        "cached_tokens": 52,
    });
    assert_eq!(at(end, "/delta/usage"), &usage);
}

#[test]
fn a_streamed_call() {
    let servers = BlockingServers::start().unwrap();
    let tool = json!({ "type": "function", "function": function("get_weather", "parameters") });
    let request = json!({
        "model": "command-a", "stream": true, "tools": [tool],
        "messages": [{ "role": "user", "content": "How is the weather?" }],
    });
    let events = events(&servers, "/v2/chat", &request);
    let expected = [
        "message-start",
        "tool-plan-delta",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-end",
        "message-end",
    ];
    assert_eq!(types(&events), expected);
    assert_eq!(joined(&events, "/delta/message/tool_plan"), "I will call get_weather.");
    assert_eq!(joined(&events, "/delta/message/tool_calls/function/arguments"), "{\"city\":\"Paris\"}");
    assert_eq!(at(events.last().unwrap(), "/delta/finish_reason"), "TOOL_CALL");
}

#[test]
fn documents_stay_in_their_order() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({ "model": "rerank-v3.5", "query": "q", "documents": ["a", "b", "c"], "top_n": 2 });
    let answer = ask(&servers, "/v2/rerank", &request);
    let results = json!([{ "index": 0, "relevance_score": 1.0 }, { "index": 1, "relevance_score": 0.5 }]);
    assert_eq!(at(&answer, "/results"), &results);
    assert_eq!(at(&answer, "/meta/billed_units"), &json!({ "search_units": 1 }));
}
