//! The whole answer and the streamed one, block by block, and what is counted.

use serde_json::{Value, json};

use super::WIRE;
use crate::{
    json::Doc,
    vendors::testing::{read, stream, survives},
};

fn message(content: &Value, stop_reason: &str, usage: &Value) -> Value {
    json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
           "content": content, "stop_reason": stop_reason, "stop_sequence": null, "usage": usage})
}

fn start(usage: &Value) -> Value {
    let mut begun = message(&json!([]), "", usage);
    begun["stop_reason"] = json!(null);
    json!({"type": "message_start", "message": begun})
}

fn block(index: u64, block: &Value, deltas: &[Value]) -> Vec<Value> {
    let delta = |delta| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let mut events = vec![json!({"type": "content_block_start", "index": index, "content_block": block})];
    events.extend(deltas.iter().map(delta));
    events.push(json!({"type": "content_block_stop", "index": index}));
    events
}

fn stop(stop_reason: &str, usage: &Value) -> Vec<Value> {
    vec![
        json!({"type": "message_delta", "delta": {"stop_reason": stop_reason, "stop_sequence": null}, "usage": usage}),
        json!({"type": "message_stop"}),
    ]
}

fn whole(message: &Value) -> Value {
    read(&WIRE, &json!({}), message)
}

#[test]
fn a_stream_is_the_answer_that_would_have_come_at_once() {
    let redacted = json!({"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3p"});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
        {"type": "web_search_result", "url": "https://a.b", "title": "T", "encrypted_content": "Eqgf"}
    ]});
    let text = |text: &str| json!({"type": "text_delta", "text": text});
    let input = |json: &str| json!({"type": "input_json_delta", "partial_json": json});
    let thought = |text: &str| json!({"type": "thinking_delta", "thinking": text});
    let call =
        |kind: &str, id: &str, input: Value| json!({"type": kind, "id": id, "name": "f", "input": input});
    let events = [
        vec![start(&json!({"input_tokens": 5, "output_tokens": 1})), json!({"type": "ping"})],
        block(
            0,
            &json!({"type": "thinking", "thinking": "", "signature": ""}),
            &[thought("Let me "), thought("see"), json!({"type": "signature_delta", "signature": "EqQB"})],
        ),
        block(1, &redacted, &[]),
        block(
            2,
            &call("server_tool_use", "srvtoolu_1", json!({})),
            &[input(""), input("{\"q\":"), input("1}")],
        ),
        block(3, &found, &[]),
        block(
            4,
            &json!({"type": "text", "text": "", "citations": []}),
            &[
                text("It "),
                json!({"type": "citations_delta", "citation": {"type": "char_location"}}),
                text("is"),
            ],
        ),
        block(5, &call("mcp_tool_use", "mcptoolu_1", json!({})), &[]),
        block(6, &call("tool_use", "toolu_1", json!({"whole": true})), &[]),
        block(7, &call("tool_use", "toolu_2", json!({"early": true})), &[input("{\"late\":true}")]),
        stop("tool_use", &json!({"output_tokens": 20})),
    ];
    let content = json!([
        {"type": "thinking", "thinking": "Let me see", "signature": "EqQB"},
        redacted,
        call("server_tool_use", "srvtoolu_1", json!({"q": 1})),
        found,
        {"type": "text", "text": "It is", "citations": [{"type": "char_location"}]},
        call("mcp_tool_use", "mcptoolu_1", json!({})),
        call("tool_use", "toolu_1", json!({"whole": true})),
        call("tool_use", "toolu_2", json!({"late": true})),
    ]);
    let expected = whole(&message(&content, "tool_use", &json!({"input_tokens": 5, "output_tokens": 20})));
    assert_eq!(expected["gen_ai.output.messages"][0]["parts"].as_array().unwrap().len(), 8);
    assert_eq!(stream(&WIRE, &events.concat()), expected);
}

#[test]
fn blocks_without_a_word_say_nothing() {
    let hidden = json!({"type": "thinking", "thinking": "", "signature": "EqQB"});
    let signature = json!({"type": "signature_delta", "signature": "EqQB"});
    let events = [
        vec![start(&json!({}))],
        block(0, &json!({"type": "thinking", "thinking": "", "signature": ""}), &[signature]),
        stop("refusal", &json!({})),
    ];
    let said = whole(&message(&json!([hidden]), "refusal", &json!({})));
    assert_eq!(
        (said.get("gen_ai.output.messages"), &said["gen_ai.response.finish_reasons"]),
        (None, &json!("refusal"))
    );
    assert_eq!(stream(&WIRE, &events.concat()), said);
}

#[test]
fn a_compaction_is_told_in_its_words() {
    let events = [block(
        0,
        &json!({"type": "compaction", "content": null}),
        &[json!({"type": "compaction_delta", "content": "They said hello.", "encrypted_content": "Emwk"})],
    )];
    let content = json!([{"type": "compaction", "content": "They said hello."}]);
    assert_eq!(stream(&WIRE, &events.concat()), whole(&json!({"content": content})));
}

#[test]
fn content_begins_with_the_first_word() {
    let mut chunks = (WIRE.chunks)();
    let mut says = |event: Value| {
        let text = event.to_string();
        chunks.push(Doc::parse(text.as_bytes()).unwrap().root())
    };
    assert!(!says(start(&json!({"input_tokens": 5}))));
    let begun =
        block(0, &json!({"type": "text", "text": ""}), &[json!({"type": "text_delta", "text": "Hi"})]);
    assert_eq!(begun.into_iter().map(&mut says).collect::<Vec<_>>(), [false, true, false]);
    assert!(says(json!({"type": "content_block_start", "index": 1, "content_block":
                        {"type": "tool_use", "id": "t", "name": "f", "input": {}}})));
    assert!(!says(json!({"type": "ping"})));
}

#[test]
fn what_the_cache_holds_is_part_of_the_input() {
    let usage = json!({"input_tokens": 10, "cache_read_input_tokens": 200, "cache_creation_input_tokens": 30,
                       "cache_creation": {"ephemeral_5m_input_tokens": 30, "ephemeral_1h_input_tokens": 0},
                       "output_tokens": 50, "output_tokens_details": {"thinking_tokens": 40},
                       "service_tier": "standard"});
    let said = whole(&json!({"usage": usage}));
    assert_eq!(
        said,
        json!({"gen_ai.usage.input_tokens": 240, "gen_ai.usage.output_tokens": 50,
               "gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.usage.cache_creation.input_tokens": 30,
               "gen_ai.usage.reasoning.output_tokens": 40})
    );
    // The end of a stream repeats what its beginning said: the latest counts, and counts once.
    let begun = json!({"input_tokens": 10, "cache_read_input_tokens": 200, "cache_creation_input_tokens": 30, "output_tokens": 1});
    let [id, model] = ["gen_ai.response.id", "gen_ai.response.model"];
    let mut streamed = stream(&WIRE, &[vec![start(&begun)], stop("", &usage)].concat());
    streamed.as_object_mut().unwrap().retain(|key, _| key != id && key != model);
    assert_eq!(streamed, said);
}

#[test]
fn compactions_are_counted_beside_the_answer_and_advisors_are_not() {
    let counts = |kind: &str, input: i64| {
        json!({"type": kind, "input_tokens": input, "output_tokens": 3, "cache_read_input_tokens": 20,
               "cache_creation_input_tokens": 0})
    };
    let usage = json!({"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 100,
                       "iterations": [counts("compaction", 1000), counts("compaction", 2000), counts("message", 10),
                                      counts("advisor_message", 7)]});
    let said = whole(&json!({"usage": usage}));
    assert_eq!(
        said,
        json!({"gen_ai.usage.input_tokens": 3150, "gen_ai.usage.output_tokens": 11,
               "gen_ai.usage.cache_read.input_tokens": 140, "gen_ai.usage.cache_creation.input_tokens": 0})
    );
    assert_eq!(stream(&WIRE, &stop("", &usage)), said);
}

#[test]
fn an_answer_is_the_model_s_that_fell_in() {
    let fallback = json!({"type": "fallback", "from": {"model": "claude-opus-5"}, "to": {"model": "claude-sonnet-5"},
                          "trigger": {"type": "refusal"}});
    let text = |text: &str| json!({"type": "text", "text": text});
    let events = [
        vec![start(&json!({}))],
        block(0, &text("I "), &[]),
        block(1, &fallback, &[]),
        block(2, &text("will"), &[]),
        stop("end_turn", &json!({})),
    ];
    let mut message = message(&json!([text("I "), fallback, text("will")]), "end_turn", &json!({}));
    message["model"] = json!("claude-sonnet-5");
    assert_eq!(stream(&WIRE, &events.concat()), whole(&message));
}

#[test]
fn counts_that_nobody_reported_stay_away() {
    let count = |events: &[Value], key: &str| stream(&WIRE, events).get(key).cloned();
    let [input, output] = ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"];
    let cut = [start(&json!({"input_tokens": 9, "output_tokens": 1}))];
    // What a message starts with is no count of an answer that broke off.
    assert_eq!((count(&cut, input), count(&cut, output)), (Some(json!(9)), None));
    let ended = [cut[0].clone(), json!({"type": "message_stop"})];
    assert_eq!(count(&ended, output), Some(json!(1)));
    let late =
        stop("end_turn", &json!({"input_tokens": 9, "cache_read_input_tokens": null, "output_tokens": 4}));
    assert_eq!((count(&late, input), count(&late, output)), (Some(json!(9)), Some(json!(4))));
    let only_cache = json!({"usage": {"cache_read_input_tokens": 5}});
    assert_eq!(whole(&only_cache), json!({"gen_ai.usage.cache_read.input_tokens": 5}));
    assert_eq!(whole(&json!({"usage": {}, "content": []})), json!({}));
}

#[test]
fn a_request_says_what_is_asked_for() {
    let said = read(
        &WIRE,
        &json!({
            "model": "claude-sonnet-4-5", "max_tokens": 1024, "temperature": 1.0, "top_k": 5, "top_p": 0.9,
            "stop_sequences": ["END"], "thinking": {"type": "enabled", "budget_tokens": 2048},
            "output_config": {"effort": "medium"},
            "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
            "messages": [{"role": "system", "content": "Now in French."}, {"role": "user", "content": "Hi"}],
            "tools": [
                {"name": "f", "description": "d", "input_schema": {"type": "object"}},
                {"type": "web_search_20250305", "name": "web_search", "max_uses": 5},
            ],
        }),
        &json!({}),
    );
    let text = |text: &str| json!({"type": "text", "content": text});
    assert_eq!(
        said,
        json!({
            "gen_ai.request.model": "claude-sonnet-4-5",
            "gen_ai.request.max_tokens": 1024,
            "gen_ai.request.temperature": 1.0,
            "gen_ai.request.top_k": 5,
            "gen_ai.request.top_p": 0.9,
            "gen_ai.request.stop_sequences": ["END"],
            "gen_ai.request.reasoning.level": "medium",
            "gen_ai.system_instructions": [text("Be brief."), text("Now in French.")],
            "gen_ai.input.messages": [{"role": "user", "parts": [text("Hi")]}],
            "gen_ai.tool.definitions": [
                {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
                {"type": "web_search_20250305", "name": "web_search", "max_uses": 5},
            ],
        })
    );
}

#[test]
fn results_of_tools_are_turns_of_tools() {
    let said = read(
        &WIRE,
        &json!({"messages": [
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "sunny"}]},
        ]}),
        &json!({}),
    );
    assert_eq!(
        said["gen_ai.input.messages"],
        json!([
            {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
            {"role": "assistant", "parts": [{"type": "tool_call", "id": "t", "name": "f", "arguments": {"a": 1}}]},
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "t", "response": "sunny"}]},
        ])
    );
}

#[test]
fn nonsense_never_panics() {
    let source = json!({"type": "base64", "media_type": "image/png", "data": "QUJD"});
    let blocks = json!([
        {"type": "text", "text": "a"},
        {"type": "thinking", "thinking": "a"},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
        {"type": "image", "source": source},
        {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "a"}]}},
        {"type": "web_fetch_tool_result", "tool_use_id": "t",
         "content": {"type": "web_fetch_result", "content": {"type": "document", "source": source}}},
        {"type": "tool_result", "tool_use_id": "t", "is_error": true, "content": [{"type": "text", "text": "a"}]},
    ]);
    survives(
        &WIRE,
        &json!({"model": "m", "system": [{"type": "text", "text": "a"}], "output_config": {"effort": "low"},
                "messages": [{"role": "user", "content": blocks}], "tools": [{"name": "f", "input_schema": {}}]}),
    );
    let usage =
        json!({"input_tokens": 1, "output_tokens": 1, "output_tokens_details": {"thinking_tokens": 1}});
    survives(&WIRE, &message(&blocks, "end_turn", &usage));
    survives(&WIRE, &json!({"type": "message_start", "message": message(&blocks, "", &usage)}));
    for event in
        [stop("end_turn", &usage), block(0, &blocks[0], &[json!({"type": "text_delta", "text": "a"})])]
    {
        event.iter().for_each(|event| survives(&WIRE, event));
    }
    let begun = block(0, &blocks[2], &[json!({"type": "input_json_delta", "partial_json": "{}"})]);
    begun.iter().for_each(|event| survives(&WIRE, event));
}

#[test]
fn blocks_that_all_have_the_same_number_are_all_there() {
    let text = json!({"type": "text_delta", "text": "Hi"});
    let input = json!({"type": "input_json_delta", "partial_json": "{\"a\":1}"});
    let call = |id: &str| json!({"type": "tool_use", "id": id, "name": "f", "input": {}});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "s", "content": []});
    let events = [
        vec![start(&json!({}))],
        block(0, &json!({"type": "text", "text": ""}), &[text]),
        block(0, &call("a"), std::slice::from_ref(&input)),
        block(0, &call("b"), &[input]),
        block(0, &found, &[]),
    ];
    let said = stream(&WIRE, &events.concat());
    let parts = said["gen_ai.output.messages"][0]["parts"].as_array().unwrap();
    let told: Vec<_> = parts.iter().map(|part| (&part["id"], &part["arguments"])).collect();
    let (none, arguments) = (&json!(null), &json!({"a": 1}));
    assert_eq!(
        told,
        [(none, none), (&json!("a"), arguments), (&json!("b"), arguments), (&json!("s"), none)],
        "{parts:?}"
    );
}

#[test]
fn a_count_that_was_reported_does_not_fall_to_nothing() {
    let begun = start(&json!({"input_tokens": 25, "cache_read_input_tokens": 4, "output_tokens": 1}));
    let events = [
        vec![begun],
        stop("end_turn", &json!({"input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 9})),
    ];
    let said = stream(&WIRE, &events.concat());
    assert_eq!(
        (&said["gen_ai.usage.input_tokens"], &said["gen_ai.usage.output_tokens"]),
        (&json!(29), &json!(9))
    );
    let nothing = whole(&message(&json!([]), "end_turn", &json!({"input_tokens": 3, "output_tokens": 0})));
    assert_eq!(nothing["gen_ai.usage.output_tokens"], json!(0));
}
