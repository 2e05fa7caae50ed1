//! The whole answer and the streamed one, candidate by candidate, and what is counted.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::{
    json::Doc,
    vendors::testing::{read, stream, survives},
};

fn candidate(index: u64, parts: &Value, finish_reason: Option<&str>) -> Value {
    json!({"content": {"parts": parts, "role": "model"}, "finishReason": finish_reason, "index": index})
}

fn answer(candidates: &[Value], usage: &Value) -> Value {
    json!({"candidates": candidates, "usageMetadata": usage, "modelVersion": "gemini-2.5-flash",
           "responseId": "LvR3aPq1EpKm"})
}

fn whole(response: &Value) -> Value {
    read(&WIRE, &json!({}), response)
}

/// The same payload as Google's SDK for Python hands it over.
fn snake(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(snake).collect(),
        Value::Object(members) => {
            let renamed = members.iter().map(|(name, value)| {
                let letters = name.chars().flat_map(|letter| {
                    let mark = letter.is_ascii_uppercase().then_some('_');
                    mark.into_iter().chain([letter.to_ascii_lowercase()])
                });
                (letters.collect(), snake(value))
            });
            renamed.collect::<Map<String, Value>>().into()
        }
        other => other.clone(),
    }
}

#[test]
fn a_stream_is_the_answer_that_would_have_come_at_once() {
    let usage = |thoughts: u64, candidates: u64| {
        json!({"promptTokenCount": 8, "thoughtsTokenCount": thoughts, "candidatesTokenCount": candidates,
               "totalTokenCount": 8 + thoughts + candidates})
    };
    let thought = |text: &str| json!({"text": text, "thought": true});
    let run = json!({"executableCode": {"language": "PYTHON", "code": "2 + 2"}});
    let ran = json!({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "4"}});
    let call = json!({"functionCall": {"name": "f", "args": {"a": 1}}, "thoughtSignature": "CkQB"});
    let chunk =
        |parts: Value, reason: Option<&str>, usage: Value| answer(&[candidate(0, &parts, reason)], &usage);
    let chunks = [
        chunk(json!([thought("Let me ")]), None, usage(3, 0)),
        chunk(json!([thought("see"), {"text": "It "}]), None, usage(5, 1)),
        chunk(json!([{"text": "is:"}, run, ran]), None, usage(5, 4)),
        chunk(json!([{"text": "four"}, call]), None, usage(5, 9)),
        chunk(json!([{"text": "", "thoughtSignature": "CkQB"}]), Some("STOP"), usage(5, 10)),
    ];
    let parts = json!([thought("Let me see"), {"text": "It is:"}, run, ran, {"text": "four"}, call]);
    let expected = whole(&answer(&[candidate(0, &parts, Some("STOP"))], &usage(5, 10)));
    assert_eq!(expected["gen_ai.output.messages"][0]["parts"].as_array().unwrap().len(), 6);
    assert_eq!(expected["gen_ai.usage.output_tokens"], 15);
    assert_eq!(stream(&WIRE, &chunks), expected);
    assert_eq!(whole(&snake(&answer(&[candidate(0, &parts, Some("STOP"))], &usage(5, 10)))), expected);
    assert_eq!(stream(&WIRE, &chunks.each_ref().map(snake)), expected);
}

#[test]
fn candidates_go_on_side_by_side() {
    let text = |text: &str| json!([{"text": text}]);
    let chunks = [
        answer(&[candidate(0, &text("On"), None), candidate(1, &text("Tw"), None)], &json!(null)),
        answer(&[candidate(1, &text("o"), Some("MAX_TOKENS"))], &json!(null)),
        answer(&[candidate(0, &text("e"), Some("STOP"))], &json!(null)),
    ];
    let both = [candidate(0, &text("One"), Some("STOP")), candidate(1, &text("Two"), Some("MAX_TOKENS"))];
    let said = whole(&answer(&both, &json!(null)));
    assert_eq!(said["gen_ai.response.finish_reasons"], json!(["STOP", "MAX_TOKENS"]));
    assert_eq!(said["gen_ai.output.messages"].as_array().unwrap().len(), 2);
    assert_eq!(stream(&WIRE, &chunks), said);
}

#[test]
fn a_blocked_prompt_says_why_there_is_no_answer() {
    let blocked = json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
                         "usageMetadata": {"promptTokenCount": 4, "totalTokenCount": 4}});
    let said = json!({"gen_ai.response.finish_reasons": "PROHIBITED_CONTENT", "gen_ai.usage.input_tokens": 4,
                      "gen_ai.usage.total_tokens": 4});
    assert_eq!(whole(&blocked), said);
    assert_eq!(stream(&WIRE, &[blocked]), said);
    let refused = json!({"candidates": [{"finishReason": "SAFETY", "index": 0}]});
    assert_eq!(whole(&refused), json!({"gen_ai.response.finish_reasons": "SAFETY"}));
    assert_eq!(stream(&WIRE, std::slice::from_ref(&refused)), whole(&refused));
}

#[test]
fn arguments_of_calls_may_be_streamed() {
    let piece = |call: Value| answer(&[candidate(0, &json!([{"functionCall": call}]), None)], &json!(null));
    let bit = |text: &str| json!([{"jsonPath": "$.city", "stringValue": text, "willContinue": true}]);
    let chunks = [
        piece(json!({"name": "f", "id": "c1", "willContinue": true})),
        piece(json!({"partialArgs": bit("Par"), "willContinue": true})),
        piece(json!({"partialArgs": bit("is"), "willContinue": true})),
        piece(json!({})),
        piece(json!({"name": "g", "args": {}})),
        // The stream is cut here.
        piece(json!({"name": "f", "willContinue": true, "partialArgs": bit("Ro")})),
    ];
    let calls = json!([{"functionCall": {"name": "f", "id": "c1", "args": {"city": "Paris"}}},
                       {"functionCall": {"name": "g", "args": {}}},
                       {"functionCall": {"name": "f", "args": {"city": "Ro"}}}]);
    assert_eq!(stream(&WIRE, &chunks), whole(&answer(&[candidate(0, &calls, None)], &json!(null))));
}

#[test]
fn content_begins_with_the_first_word() {
    let mut chunks = (WIRE.chunks)();
    let mut says = |parts: Value| {
        let text = answer(&[candidate(0, &parts, None)], &json!(null)).to_string();
        chunks.push(Doc::parse(text.as_bytes()).unwrap().root())
    };
    assert!(!says(json!([{"text": ""}])));
    assert!(says(json!([{"text": "Hm", "thought": true}])));
    assert!(says(json!([{"functionCall": {"name": "f"}}])));
}

#[test]
fn each_token_is_counted_once() {
    let counts = |usage: Value| {
        let said = whole(&json!({"usageMetadata": usage}));
        ["input", "output", "total"].map(|name| said[format!("gen_ai.usage.{name}_tokens")].clone())
    };
    // What Google's own tools brought in stands beside the prompt, what was cached inside of it.
    assert_eq!(
        counts(json!({"promptTokenCount": 80, "cachedContentTokenCount": 64, "toolUsePromptTokenCount": 237,
                      "candidatesTokenCount": 173, "thoughtsTokenCount": 60, "totalTokenCount": 550})),
        [json!(317), json!(233), json!(550)]
    );
    // Some models count thoughts among the candidates.
    assert_eq!(
        counts(
            json!({"promptTokenCount": 10, "candidatesTokenCount": 50, "thoughtsTokenCount": 40, "totalTokenCount": 60})
        ),
        [json!(10), json!(50), json!(60)]
    );
    // All the room went to thoughts.
    assert_eq!(
        counts(json!({"promptTokenCount": 10, "thoughtsTokenCount": 40, "totalTokenCount": 50})),
        [json!(10), json!(40), json!(50)]
    );
    // A total that was told before there were thoughts says nothing of them.
    assert_eq!(
        counts(json!({"promptTokenCount": 10, "thoughtsTokenCount": 40, "totalTokenCount": 10})),
        [json!(10), json!(40), json!(50)]
    );
    assert_eq!(counts(json!({"promptTokenCount": 10})), [json!(10), json!(null), json!(null)]);
    assert_eq!(counts(json!({})), [json!(null), json!(null), json!(null)]);
}

#[test]
fn a_count_that_is_not_repeated_still_counts() {
    let usages = [
        json!({"cachedContentTokenCount": 5100, "trafficType": "ON_DEMAND"}),
        json!({"promptTokenCount": 5105, "candidatesTokenCount": 4, "totalTokenCount": 5109}),
        json!({"promptTokenCount": 5105, "candidatesTokenCount": 16, "totalTokenCount": 5121}),
        json!(null),
    ];
    assert_eq!(
        stream(&WIRE, &usages.map(|usage| json!({"usageMetadata": usage}))),
        json!({"gen_ai.usage.input_tokens": 5105, "gen_ai.usage.output_tokens": 16,
               "gen_ai.usage.total_tokens": 5121, "gen_ai.usage.cache_read.input_tokens": 5100})
    );
}

#[test]
fn a_request_says_what_is_asked_for() {
    let declared = json!({"name": "f", "description": "d", "parametersJsonSchema": {"type": "object"}});
    let config = json!({"temperature": 0.5, "topP": 0.9, "topK": 40, "maxOutputTokens": 100, "seed": 7,
                        "stopSequences": ["END"], "presencePenalty": 0.1, "frequencyPenalty": 0.2,
                        "candidateCount": 1, "thinkingConfig": {"thinkingLevel": "low", "includeThoughts": true}});
    let request = json!({
        "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": config,
        "tools": [{"functionDeclarations": [declared], "googleMaps": {"authConfig": {"apiKey": "secret"}}},
                  {"codeExecution": {}}],
    });
    let text = |text: &str| json!({"type": "text", "content": text});
    let expected = json!({
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.top_k": 40,
        "gen_ai.request.max_tokens": 100,
        "gen_ai.request.seed": "7",
        "gen_ai.request.stop_sequences": ["END"],
        "gen_ai.request.presence_penalty": 0.1,
        "gen_ai.request.frequency_penalty": 0.2,
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.system_instructions": [text("Be brief.")],
        "gen_ai.input.messages": [{"role": "user", "parts": [text("Hi")]}],
        "gen_ai.tool.definitions": [
            {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}},
            {"type": "googleMaps"}, {"type": "codeExecution"},
        ],
    });
    assert_eq!(read(&WIRE, &request, &json!({})), expected);
}

#[test]
fn what_the_sdks_hand_over_says_the_same() {
    let ask = |request: Value| read(&WIRE, &request, &json!({}));
    let said = ask(json!({
        "model": "models/gemini-2.5-flash", "contents": "Hi",
        "config": {"system_instruction": "Be brief.", "max_output_tokens": 100,
                   "tools": [{"google_search": {}, "code_execution": null}]},
    }));
    assert_eq!(
        said,
        json!({
            "gen_ai.request.model": "gemini-2.5-flash",
            "gen_ai.request.max_tokens": 100,
            "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
            "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}],
            "gen_ai.tool.definitions": [{"type": "google_search"}],
        })
    );
    for (name, short) in [
        ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("projects/p/locations/l/publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("tunedModels/mine", "tunedModels/mine"),
        ("projects/p/locations/l/endpoints/7", "projects/p/locations/l/endpoints/7"),
    ] {
        assert_eq!(ask(json!({"model": name})), json!({"gen_ai.request.model": short}));
    }
}

#[test]
fn results_of_functions_are_turns_of_tools() {
    let said = read(
        &WIRE,
        &json!({"contents": [
            {"role": "user", "parts": [{"text": "Weather?"}]},
            {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": 1}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"output": "sunny"}}}]},
        ]}),
        &json!({}),
    );
    let roles: Vec<&Value> =
        said["gen_ai.input.messages"].as_array().unwrap().iter().map(|turn| &turn["role"]).collect();
    assert_eq!(roles, ["user", "assistant", "tool"]);
}

#[test]
fn nonsense_never_panics() {
    let parts = json!([
        {"text": "a", "thought": true},
        {"functionCall": {"id": "c", "name": "f", "args": {"a": 1}}},
        {"functionCall": {"name": "f", "partialArgs": [{"jsonPath": "$.a", "stringValue": "b"}], "willContinue": true}},
        {"functionResponse": {"name": "f", "response": {"a": 1}, "parts": [{"inlineData": {"data": "QUJD"}}]}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://a/b"}},
        {"executableCode": {"language": "PYTHON", "code": "2"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "4"}},
    ]);
    survives(
        &WIRE,
        &json!({"model": "m", "contents": [{"role": "user", "parts": parts}],
                "systemInstruction": {"parts": [{"text": "a"}]}, "generationConfig": {"topK": 1},
                "tools": [{"functionDeclarations": [{"name": "f", "parameters": {}}], "googleSearch": {}}]}),
    );
    survives(&WIRE, &answer(&[candidate(0, &parts, Some("STOP"))], &json!({"promptTokenCount": 1})));
    survives(&WIRE, &json!({"promptFeedback": {"blockReason": "SAFETY"}}));
}
