//! What Cohere's formats say.

use serde_json::{Value, json};

use super::{CHAT, EMBED, RERANK};
use crate::vendors::testing::{fails, read, stream, survives};

fn event(kind: &str, index: u64, message: &Value) -> Value {
    json!({"type": kind, "index": index, "delta": {"message": message}})
}

fn usage() -> Value {
    json!({"billed_units": {"input_tokens": 17, "output_tokens": 12},
           "tokens": {"input_tokens": 215, "output_tokens": 62}, "cached_tokens": 128})
}

#[test]
fn a_request_with_every_parameter() {
    let request = json!({
        "model": "command-a-03-2025", "max_tokens": 100, "temperature": 0.3, "p": 0.75, "k": 40, "seed": 7,
        "frequency_penalty": 0.5, "presence_penalty": 0.25, "stop_sequences": ["END"],
        "thinking": {"type": "enabled", "token_budget": 500},
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    });
    assert_eq!(
        read(&CHAT, &request, &json!({})),
        json!({
            "gen_ai.request.model": "command-a-03-2025", "gen_ai.request.max_tokens": 100,
            "gen_ai.request.temperature": 0.3, "gen_ai.request.top_p": 0.75, "gen_ai.request.top_k": 40,
            "gen_ai.request.seed": "7", "gen_ai.request.frequency_penalty": 0.5,
            "gen_ai.request.presence_penalty": 0.25, "gen_ai.request.stop_sequences": ["END"],
            "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
            "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}],
            "gen_ai.tool.definitions": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
        })
    );
}

#[test]
fn a_stream_of_thoughts_and_words_is_the_answer_that_would_have_come_at_once() {
    let whole = json!({"id": "c1", "finish_reason": "COMPLETE", "usage": usage(), "message": {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Hello"}],
        "citations": [{"start": 0, "end": 5, "text": "Hello", "sources": []}],
    }});
    let chunks = [
        json!({"type": "message-start", "id": "c1", "delta": {"message": {"role": "assistant", "content": []}}}),
        event("content-start", 0, &json!({"content": {"type": "thinking", "thinking": ""}})),
        event("content-delta", 0, &json!({"content": {"thinking": "Hm."}})),
        json!({"type": "content-end", "index": 0}),
        event("content-start", 1, &json!({"content": {"type": "text", "text": ""}})),
        event("content-delta", 1, &json!({"content": {"text": "Hel"}})),
        event("content-delta", 1, &json!({"content": {"text": "lo"}})),
        event("citation-start", 0, &json!({"citations": {"start": 0, "end": 5, "text": "Hello"}})),
        json!({"type": "citation-end", "index": 0}),
        json!({"type": "content-end", "index": 1}),
        json!({"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": usage()}}),
    ];
    let said = read(&CHAT, &json!({}), &whole);
    assert_eq!(stream(&CHAT, &chunks), said);
    assert_eq!(said["gen_ai.usage.input_tokens"], 215);
    assert_eq!(said["gen_ai.usage.cache_read.input_tokens"], 128);
    survives(&CHAT, &whole);
    for chunk in &chunks {
        survives(&CHAT, chunk);
    }
}

#[test]
fn a_stream_of_tool_calls_is_the_answer_that_would_have_come_at_once() {
    let call = |id: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}});
    let whole = json!({"id": "c2", "finish_reason": "TOOL_CALL", "message": {
        "role": "assistant", "tool_plan": "I will look.", "tool_calls": [call("a", "{\"n\":1}"), call("b", "{}")],
    }});
    let more = |index: u64, arguments: &str| {
        event("tool-call-delta", index, &json!({"tool_calls": {"function": {"arguments": arguments}}}))
    };
    let chunks = [
        json!({"type": "message-start", "id": "c2"}),
        event("tool-plan-delta", 0, &json!({"tool_plan": "I will "})),
        event("tool-plan-delta", 0, &json!({"tool_plan": "look."})),
        event("tool-call-start", 0, &json!({"tool_calls": call("a", "")})),
        more(0, "{\"n\""),
        more(0, ":1}"),
        json!({"type": "tool-call-end", "index": 0}),
        event("tool-call-start", 1, &json!({"tool_calls": call("b", "{}")})),
        json!({"type": "message-end", "delta": {"finish_reason": "TOOL_CALL"}}),
    ];
    let said = read(&CHAT, &json!({}), &whole);
    assert_eq!(stream(&CHAT, &chunks), said);
    assert_eq!(said["gen_ai.output.messages"][0]["parts"].as_array().map(Vec::len), Some(3));
    survives(&CHAT, &whole);
}

#[test]
fn a_generation_that_failed_is_an_error() {
    let whole = json!({"id": "c3", "finish_reason": "TIMEOUT", "message": {"role": "assistant"}});
    assert_eq!(fails(&CHAT, &whole, &[]), Some(("TIMEOUT".to_owned(), None)));
    let end = json!({"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "broken"}});
    assert_eq!(fails(&CHAT, &json!({}), &[end]), Some(("ERROR".to_owned(), Some("broken".to_owned()))));
    assert_eq!(fails(&CHAT, &json!({"finish_reason": "COMPLETE"}), &[]), None);
}

#[test]
fn every_sort_of_embedding() {
    let input = |request: Value| read(&EMBED, &request, &json!({}))["gen_ai.embeddings.input"].take();
    assert_eq!(input(json!({"texts": ["one"]})), "one");
    assert_eq!(input(json!({"texts": ["one", "two"]})), json!(["one", "two"]));
    let blob = json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                      "content": "[Blob substitute]", "size": 4});
    let url = "data:image/png;base64,QUJDRA==";
    assert_eq!(input(json!({"images": [url]})), json!([[blob]]));
    let mixed = json!([{"content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": url}}]}]);
    assert_eq!(input(json!({"inputs": mixed})), json!([[{"type": "text", "content": "a"}, blob]]));
    let response = json!({"id": "e1", "response_type": "embeddings_by_type", "embeddings": {"float": [[0.1]]},
                          "texts": ["one"], "meta": {"billed_units": {"input_tokens": 2}}});
    assert_eq!(
        read(&EMBED, &json!({"model": "embed-v4.0"}), &response),
        json!({"gen_ai.request.model": "embed-v4.0", "gen_ai.response.id": "e1", "gen_ai.usage.input_tokens": 2})
    );
    survives(&EMBED, &json!({"texts": ["one"], "images": [url], "inputs": mixed}));
    survives(&EMBED, &response);
}

#[test]
fn documents_go_in_and_their_order_comes_out() {
    let request =
        json!({"model": "rerank-v3.5", "query": "q", "documents": ["a", {"text": "b"}], "top_n": 1});
    let response = json!({"id": "r1", "results": [{"index": 1, "relevance_score": 0.9}],
                          "meta": {"billed_units": {"search_units": 1}}});
    let text = |text: &str| json!({"type": "text", "content": text});
    assert_eq!(
        read(&RERANK, &request, &response),
        json!({
            "gen_ai.request.model": "rerank-v3.5", "gen_ai.response.id": "r1",
            "gen_ai.input.messages": [{"role": "user", "parts": [text("q"), text("a"), text("b")]}],
            "gen_ai.output.messages": [
                {"role": "assistant", "parts": [text("[{\"index\":1,\"relevance_score\":0.9}]")]}
            ],
        })
    );
    survives(&RERANK, &request);
    survives(&RERANK, &response);
}

#[test]
fn the_chat_of_the_first_version() {
    let request = json!({
        "model": "command-r", "message": "And now?", "preamble": "Be brief.", "stream": false, "p": 0.5,
        "chat_history": [
            {"role": "USER", "message": "Hi"}, {"role": "CHATBOT", "message": "Hello"},
            {"role": "CHATBOT", "tool_calls": [{"name": "f", "parameters": {"a": 1}}]},
        ],
        "tool_results": [{"call": {"name": "f", "parameters": {"a": 1}}, "outputs": [{"b": 2}]}],
        "tools": [{"name": "f", "description": "F.", "parameter_definitions": {"a": {"type": "int"}}}],
    });
    let said = read(&CHAT, &request, &json!({}));
    assert_eq!(said["gen_ai.request.top_p"], 0.5);
    assert_eq!(said["gen_ai.system_instructions"], json!([{"type": "text", "content": "Be brief."}]));
    let text = |role: &str, text: &str| json!({"role": role, "parts": [{"type": "text", "content": text}]});
    let call = json!({"type": "tool_call", "name": "f", "arguments": {"a": 1}});
    assert_eq!(
        said["gen_ai.input.messages"],
        json!([
            text("user", "Hi"), text("assistant", "Hello"), {"role": "assistant", "parts": [call]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "f", "response": [{"b": 2}]}]},
            text("user", "And now?"),
        ])
    );
    assert_eq!(
        said["gen_ai.tool.definitions"],
        json!([{"type": "function", "name": "f", "description": "F.", "parameters": {"a": {"type": "int"}}}])
    );
    survives(&CHAT, &request);
}

#[test]
fn a_stream_of_the_first_version_is_the_answer_that_would_have_come_at_once() {
    let whole = json!({
        "response_id": "r1", "generation_id": "g1", "text": "Hello", "finish_reason": "COMPLETE",
        "chat_history": [], "tool_calls": [{"name": "f", "parameters": {"a": 1}}],
        "meta": {"api_version": {"version": "1"}, "billed_units": {"input_tokens": 4, "output_tokens": 2},
                 "tokens": {"input_tokens": 70, "output_tokens": 3}},
    });
    let chunks = [
        json!({"event_type": "stream-start", "is_finished": false, "generation_id": "g1"}),
        json!({"event_type": "text-generation", "is_finished": false, "text": "Hel"}),
        json!({"event_type": "text-generation", "is_finished": false, "text": "lo"}),
        json!({"event_type": "tool-calls-chunk", "is_finished": false, "tool_call_delta": {"index": 0}}),
        json!({"event_type": "tool-calls-generation", "is_finished": false, "text": "Hello",
               "tool_calls": [{"name": "f", "parameters": {"a": 1}}]}),
        json!({"event_type": "stream-end", "is_finished": true, "finish_reason": "COMPLETE", "response": whole}),
    ];
    let said = read(&CHAT, &json!({}), &whole);
    assert_eq!(said["gen_ai.response.id"], "r1");
    assert_eq!(said["gen_ai.usage.input_tokens"], 70);
    assert_eq!(said["gen_ai.output.messages"][0]["parts"][0]["content"], "Hello");
    let mut streamed = stream(&CHAT, &chunks);
    // Arguments that came in pieces are a text, where they are no JSON.
    assert_eq!(streamed["gen_ai.output.messages"][0]["parts"][1]["name"], "f");
    streamed["gen_ai.output.messages"][0]["parts"][1] = said["gen_ai.output.messages"][0]["parts"][1].clone();
    assert_eq!(streamed, said);
    let broken = stream(&CHAT, &chunks[..2]);
    assert_eq!(broken["gen_ai.response.id"], "g1");
    survives(&CHAT, &whole);
}
