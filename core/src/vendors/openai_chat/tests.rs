//! Chat completions and text completions, whole and in chunks.

use super::*;
use crate::vendors::testing::{read, stream, survives};
use serde_json::{Value, json};

fn chunk(delta: &Value) -> Value {
    json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

#[test]
fn chunks_become_the_answer_that_would_have_come_at_once() {
    let function = |function| json!({"tool_calls": [{"index": 0, "function": function}]});
    let chunks = [
        chunk(&json!({"role": "assistant", "content": ""})),
        chunk(&json!({"reasoning_content": "Hm"})),
        chunk(&json!({"content": "Let me "})),
        chunk(&json!({"content": "look"})),
        chunk(&json!({"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]})),
        chunk(&function(json!({"arguments": "{\"a\""}))),
        chunk(&function(json!({"arguments": ":1}"}))),
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}),
        json!({"choices": [], "usage": {"prompt_tokens": 1}}),
    ];
    let whole = json!({"id": "c", "model": "m", "usage": {"prompt_tokens": 1}, "choices": [{
        "message": {"role": "assistant", "reasoning_content": "Hm", "content": "Let me look", "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}
        ]},
        "finish_reason": "tool_calls"
    }]});
    assert_eq!(stream(&WIRE, &chunks), read(&WIRE, &json!({}), &whole));
}

#[test]
fn a_chunk_that_only_names_the_role_brings_no_content() {
    let mut chunks = Choices::default();
    let says = |chunks: &mut Choices, delta| {
        let text = chunk(&delta).to_string();
        chunks.push(crate::json::Doc::parse(text.as_bytes()).unwrap().root())
    };
    assert!(!says(&mut chunks, json!({"role": "assistant", "content": ""})));
    assert!(says(&mut chunks, json!({"content": "Hi"})));
}

#[test]
fn text_completions_and_their_streams() {
    let whole = json!({"id": "t", "choices": [{"text": "Hello", "finish_reason": "stop"}]});
    let chunks = [
        json!({"id": "t", "choices": [{"text": "Hel"}]}),
        json!({"choices": [{"text": "lo", "finish_reason": "stop"}]}),
    ];
    let said = read(&WIRE, &json!({"prompt": "Say hello"}), &whole);
    assert_eq!(
        said["gen_ai.output.messages"],
        json!([{"role": "assistant", "parts": [{"type": "text", "content": "Hello"}], "finish_reason": "stop"}])
    );
    assert_eq!(
        said["gen_ai.input.messages"],
        json!([{"role": "user", "parts": [{"type": "text", "content": "Say hello"}]}])
    );
    assert_eq!(stream(&WIRE, &chunks)["gen_ai.output.messages"], said["gen_ai.output.messages"]);
}

/// What the chunks say, which must be what the whole answer says.
fn both(chunks: &[Value], whole: &Value) -> Value {
    let said = read(&WIRE, &json!({}), whole);
    assert_eq!(stream(&WIRE, chunks), said);
    said
}

/// The parts of the one answer.
fn parts(said: &Value) -> &Value {
    &said["gen_ai.output.messages"][0]["parts"]
}

#[test]
fn speech_is_its_words_and_how_much_sound_there_was() {
    let audio = |audio: Value| chunk(&json!({"audio": audio}));
    let said = both(
        &[
            audio(json!({"id": "audio_1", "transcript": "Good "})),
            audio(json!({"data": "QUJD"})),
            audio(json!({"transcript": "day", "data": "REVG"})),
            audio(json!({"expires_at": 1_729_234_747})),
        ],
        &json!({"id": "c", "model": "m", "choices": [{"index": 0, "message": {
            "role": "assistant", "content": null, "refusal": null,
            "audio": {"id": "audio_1", "data": "QUJDREVG", "transcript": "Good day", "expires_at": 1_729_234_747}
        }}]}),
    );
    let blob = json!({"type": "blob", "modality": "audio", "mime_type": "",
                      "content": "[Blob substitute]", "size": 6});
    assert_eq!(parts(&said), &json!([{"type": "text", "content": "Good day"}, blob]));
}

#[test]
fn an_older_answer_in_sound_stays_with_openai() {
    let request = json!({"messages": [{"role": "assistant", "audio": {"id": "audio_1"}}]});
    let file = json!({"type": "file", "modality": "audio", "mime_type": "", "file_id": "audio_1"});
    let said = read(&WIRE, &request, &json!({}));
    assert_eq!(said["gen_ai.input.messages"], json!([{"role": "assistant", "parts": [file]}]));
}

#[test]
fn custom_tools_take_a_text() {
    let call =
        |custom: Value| chunk(&json!({"tool_calls": [{"index": 0, "type": "custom", "custom": custom}]}));
    let said = both(
        &[
            chunk(&json!({"tool_calls": [{"index": 0, "id": "call_1", "type": "custom",
                                          "custom": {"name": "sql", "input": ""}}]})),
            call(json!({"input": "SELECT "})),
            call(json!({"input": "1"})),
        ],
        &json!({"id": "c", "model": "m", "choices": [{"message": {"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_1", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}
        ]}}]}),
    );
    assert_eq!(
        parts(&said),
        &json!([{"type": "tool_call", "id": "call_1", "name": "sql", "arguments": "SELECT 1"}])
    );
}

#[test]
fn functions_before_there_were_tools() {
    let said = read(
        &WIRE,
        &json!({"model": "m", "functions": [{"name": "f", "parameters": {}}],
                "messages": [{"role": "function", "name": "f", "content": "sunny"}]}),
        &json!({"choices": [{"message": {"role": "assistant", "content": null,
                "function_call": {"name": "f", "arguments": "{\"a\":1}"}}, "finish_reason": "function_call"}]}),
    );
    assert_eq!(said["gen_ai.tool.definitions"], json!([{"type": "function", "name": "f", "parameters": {}}]));
    assert_eq!(said["gen_ai.input.messages"][0]["parts"][0]["id"], "f");
    assert_eq!(parts(&said), &json!([{"type": "tool_call", "name": "f", "arguments": {"a": 1}}]));
    let pieces = [
        chunk(&json!({"function_call": {"name": "f", "arguments": "{\"a\""}})),
        chunk(&json!({"function_call": {"arguments": ":1}"}})),
    ];
    assert_eq!(parts(&stream(&WIRE, &pieces)), parts(&said));
}

#[test]
fn every_name_of_a_thought() {
    let details = json!([{"type": "reasoning.text", "text": "H", "index": 0},
                         {"type": "reasoning.encrypted", "data": "x"}, {"type": "reasoning.summary", "summary": "m"}]);
    for message in [
        json!({"reasoning_content": "Hm", "reasoning": "Hm", "content": "Hi"}),
        json!({"reasoning_content": "", "reasoning": "Hm", "content": "Hi"}),
        json!({"reasoning": "Hm", "reasoning_details": details, "content": "Hi"}),
        json!({"reasoning_details": details, "content": "Hi"}),
    ] {
        let said =
            both(&[chunk(&message)], &json!({"id": "c", "model": "m", "choices": [{"message": message}]}));
        assert_eq!(
            parts(&said),
            &json!([{"type": "reasoning", "content": "Hm"}, {"type": "text", "content": "Hi"}])
        );
    }
}

#[test]
fn pictures_of_openrouter() {
    let images = json!([{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}]);
    let said = both(
        &[chunk(&json!({"content": "Here"})), chunk(&json!({"images": images}))],
        &json!({"id": "c", "model": "m", "choices": [{"message": {"content": "Here", "images": images}}]}),
    );
    assert_eq!(parts(&said)[1]["mime_type"], "image/png");
    assert_eq!(parts(&said)[1]["size"], 3);
}

#[test]
fn azure_says_first_what_its_filters_found() {
    let filters = json!({"hate": {"filtered": false, "severity": "safe"}});
    let choice = |delta: Value, reason: Value| json!({"index": 0, "delta": delta, "finish_reason": reason, "content_filter_results": filters});
    let said = both(
        &[
            json!({"id": "", "model": "", "object": "", "created": 0, "choices": [],
                   "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": filters}]}),
            json!({"id": "c", "model": "m", "choices": [choice(json!({"role": "assistant", "content": ""}), json!(null))]}),
            json!({"id": "c", "model": "m", "choices": [choice(json!({}), json!("content_filter"))]}),
        ],
        &json!({"id": "c", "model": "m", "prompt_filter_results": [], "choices": [
            {"index": 0, "message": {}, "finish_reason": "content_filter", "content_filter_results": filters}
        ]}),
    );
    assert_eq!(
        said,
        json!({"gen_ai.response.id": "c", "gen_ai.response.model": "m",
               "gen_ai.response.finish_reasons": "content_filter",
               "gen_ai.output.messages":
                   [{"role": "assistant", "parts": [], "finish_reason": "content_filter"}]})
    );
}

#[test]
fn calls_of_gemini_share_an_index() {
    let call = |id: &str, name: &str| {
        chunk(&json!({"tool_calls": [{"index": 0, "id": id, "type": "function",
                                      "function": {"name": name, "arguments": "{}"}}]}))
    };
    let said = stream(&WIRE, &[call("1", "f"), call("2", "g")]);
    assert_eq!(parts(&said).as_array().unwrap().len(), 2);
    // Others repeat the id with every piece of one call.
    let again = chunk(&json!({"tool_calls": [{"index": 0, "id": "1", "function": {"arguments": "}"}}]}));
    let first =
        chunk(&json!({"tool_calls": [{"index": 0, "id": "1", "function": {"name": "f", "arguments": "{"}}]}));
    assert_eq!(parts(&stream(&WIRE, &[first, again]))[0]["arguments"], json!({}));
}

#[test]
fn usage_comes_last_often_or_in_a_corner() {
    let counts =
        |prompt: u64, completion: u64| json!({"prompt_tokens": prompt, "completion_tokens": completion});
    let tokens = |chunks: &[Value]| {
        let said = stream(&WIRE, chunks);
        (said["gen_ai.usage.input_tokens"].clone(), said["gen_ai.usage.output_tokens"].clone())
    };
    let with = |usage: Value| json!({"choices": [], "usage": usage});
    assert_eq!(tokens(&[with(counts(5, 1)), with(counts(5, 2)), with(json!(null))]), (json!(5), json!(2)));
    assert_eq!(tokens(&[json!({"x_groq": {"usage": counts(5, 2)}})]), (json!(5), json!(2)));
    assert_eq!(tokens(&[with(json!({}))]), (json!(null), json!(null)));
}

#[test]
fn reasoning_is_output_whichever_way_it_is_counted() {
    let output = |completion: u64, reasoning: u64, total: u64| {
        let usage = json!({"prompt_tokens": 10, "completion_tokens": completion, "total_tokens": total,
                           "completion_tokens_details": {"reasoning_tokens": reasoning}});
        read(&WIRE, &json!({}), &json!({"usage": usage}))["gen_ai.usage.output_tokens"].clone()
    };
    assert_eq!(output(20, 5, 30), 20, "OpenAI");
    assert_eq!(output(20, 5, 35), 25, "xAI");
    assert_eq!(output(1, 386, 397), 387, "xAI");
}

#[test]
fn prompts_of_text_completions() {
    let texts = |prompt: &Value| -> Vec<Value> {
        let said = read(&WIRE, &json!({"prompt": prompt}), &json!({}));
        let messages = said["gen_ai.input.messages"].as_array().cloned().unwrap_or_default();
        messages.iter().map(|message| message["parts"][0]["content"].clone()).collect()
    };
    assert_eq!(texts(&json!("a")), ["a"]);
    assert_eq!(texts(&json!(["a", "b"])), ["a", "b"]);
    assert_eq!(texts(&json!([1, 2])), ["[1,2]"]);
    assert_eq!(texts(&json!([[1, 2], [3]])), ["[1,2]", "[3]"]);
    assert!(texts(&json!(null)).is_empty() && texts(&json!([])).len() <= 1);
}

#[test]
fn answers_without_choices_are_answers() {
    for choices in [json!(null), json!([]), json!({}), json!([null]), json!([{"index": 0}])] {
        let said = read(&WIRE, &json!({}), &json!({"id": "c", "choices": choices}));
        assert_eq!(said, json!({"gen_ai.response.id": "c"}), "{choices}");
    }
}

#[test]
fn nonsense_anywhere_is_survived() {
    let message = json!({"role": "assistant", "content": "Hi", "refusal": "No", "reasoning_content": "Hm",
        "audio": {"id": "a", "transcript": "t", "data": "QUJD"}, "function_call": {"name": "f", "arguments": "{}"},
        "tool_calls": [{"index": 0, "id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                       {"index": 1, "id": "2", "type": "custom", "custom": {"name": "g", "input": "i"}}],
        "images": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}]});
    let choice = json!({"index": 0, "message": message, "delta": message, "text": "t", "finish_reason": "stop",
                        "error": {"code": 502, "message": "m"}});
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2,
                       "prompt_tokens_details": {"cached_tokens": 1}, "completion_tokens_details": {"reasoning_tokens": 1}});
    survives(
        &WIRE,
        &json!({"id": "c", "model": "m", "messages": [message], "prompt": ["a"], "choices": [choice],
                            "tools": [{"type": "function", "function": {"name": "f"}}], "usage": usage,
                            "x_groq": {"usage": usage}}),
    );
}

#[test]
fn a_call_that_is_named_with_every_bit_has_its_name_once() {
    let bit = |arguments: &str| {
        let function = json!({"name": "f", "arguments": arguments});
        chunk(&json!({"tool_calls": [{"index": 0, "id": "c1", "function": function}]}))
    };
    let said = stream(&WIRE, &[bit("{\"a\""), bit(":1}")]);
    let part = &said["gen_ai.output.messages"][0]["parts"][0];
    assert_eq!((&part["name"], &part["arguments"]), (&json!("f"), &json!({"a": 1})));
}
