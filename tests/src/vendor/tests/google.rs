//! Google `generateContent`.

use serde_json::{Value, json};

use super::{ask, at, events, function, joined, with};
use crate::BlockingServers;

fn hello() -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": "Hello there" }] }] })
}

fn path(model: &str, method: &str) -> String {
    format!("/v1beta/models/{model}:{method}")
}

#[test]
fn thoughts_are_counted_beside_the_candidates() {
    let servers = BlockingServers::start().unwrap();
    let answer = ask(&servers, &path("gemini-2.5-flash", "generateContent"), &hello());
    let counts =
        ["promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount", "thoughtsTokenCount"];
    let counts = counts.map(|count| at(&answer, &format!("/usageMetadata/{count}")).as_u64().unwrap());
    assert_eq!(counts, [101, 52, 104, 65]);
    assert_eq!(at(&answer, "/usageMetadata/totalTokenCount"), 101 + 104 + 65);
    assert_eq!(at(&answer, "/modelVersion"), "gemini-2.5-flash-001");
    let none = json!({ "thinkingConfig": { "thinkingBudget": 0 } });
    let answer =
        ask(&servers, &path("gemini-2.5-flash", "generateContent"), &with(hello(), "generationConfig", none));
    assert!(at(&answer, "/usageMetadata/thoughtsTokenCount").is_null());
}

#[test]
fn thoughts_are_shown_to_those_who_ask_in_either_case() {
    let servers = BlockingServers::start().unwrap();
    for config in [json!({ "includeThoughts": true }), json!({ "include_thoughts": true })] {
        let request = with(hello(), "generationConfig", json!({ "thinkingConfig": config }));
        let answer = ask(&servers, &path("gemini-2.5-flash", "generateContent"), &request);
        let thought = json!({ "text": "The user says: Hello there", "thought": true });
        assert_eq!(at(&answer, "/candidates/0/content/parts/0"), &thought);
    }
}

#[test]
fn counts_of_a_stream_go_up_to_those_of_the_whole() {
    let servers = BlockingServers::start().unwrap();
    let whole = ask(&servers, &path("gemini-2.0-flash", "generateContent"), &hello());
    let chunks = events(&servers, &path("gemini-2.0-flash", "streamGenerateContent?alt=sse"), &hello());
    let counts: Vec<u64> = chunks
        .iter()
        .map(|chunk| at(chunk, "/usageMetadata/candidatesTokenCount").as_u64().unwrap())
        .collect();
    assert!(counts.is_sorted() && counts.first() < counts.last());
    let last = chunks.last().unwrap();
    assert_eq!(at(last, "/usageMetadata"), at(&whole, "/usageMetadata"));
    assert_eq!(at(last, "/candidates/0/finishReason"), "STOP");
    let text = joined(&chunks, "/candidates/0/content/parts/0/text");
    assert_eq!(at(&whole, "/candidates/0/content/parts/0/text"), &json!(text));
}

#[test]
fn calls_have_ids_and_signatures_where_the_model_gives_them() {
    let servers = BlockingServers::start().unwrap();
    let weather = json!([{ "parts": [{ "text": "How is the weather?" }] }]);
    let tools = json!([{ "functionDeclarations": [function("get_weather", "parametersJsonSchema")] }]);
    let request = with(with(hello(), "contents", weather), "tools", tools);
    for (model, has_id, is_signed) in [("gemini-2.0-flash", false, false), ("gemini-3-pro", true, true)] {
        let answer = ask(&servers, &path(model, "generateContent"), &request);
        let part = at(&answer, "/candidates/0/content/parts/0");
        assert_eq!(at(part, "/functionCall/args"), &json!({ "city": "Paris" }));
        assert_eq!(at(part, "/functionCall/id").is_string(), has_id);
        assert_eq!(at(part, "/thoughtSignature").is_string(), is_signed);
        assert_eq!(at(&answer, "/candidates/0/finishReason"), "STOP");
    }
}

#[test]
fn functions_can_be_forced_and_forbidden() {
    let servers = BlockingServers::start().unwrap();
    let declarations = ["one", "two"].map(|name| function(name, "parameters"));
    let request = with(hello(), "tools", json!([{ "functionDeclarations": declarations }]));
    let names = |config: Value| -> Vec<String> {
        let request = with(request.clone(), "toolConfig", json!({ "functionCallingConfig": config }));
        let answer = ask(&servers, &path("m", "generateContent"), &request);
        let parts = at(&answer, "/candidates/0/content/parts").as_array().unwrap().clone();
        parts.iter().filter_map(|part| Some(at(part, "/functionCall/name").as_str()?.to_owned())).collect()
    };
    assert_eq!(names(json!({ "mode": "AUTO" })), [""; 0]);
    assert_eq!(names(json!({ "mode": "ANY" })), ["one", "two"]);
    assert_eq!(names(json!({ "mode": "ANY", "allowedFunctionNames": ["two"] })), ["two"]);
    assert_eq!(names(json!({ "mode": "NONE" })), [""; 0]);
}

#[test]
fn a_schema_in_the_vendors_own_words() {
    let servers = BlockingServers::start().unwrap();
    let days = json!({ "type": "ARRAY", "items": { "type": "INTEGER" } });
    let schema = json!({ "type": "OBJECT", "properties": { "days": days } });
    let config =
        json!({ "responseMimeType": "application/json", "responseSchema": schema, "maxOutputTokens": 9 });
    let answer = ask(&servers, &path("m", "generateContent"), &with(hello(), "generationConfig", config));
    assert_eq!(at(&answer, "/candidates/0/content/parts/0/text"), "{\"days\":[1]}");
}

#[test]
fn a_refusal_has_no_content() {
    let servers = BlockingServers::start().unwrap();
    let answer = ask(&servers, &path("m-refusal", "generateContent"), &hello());
    assert_eq!(at(&answer, "/candidates/0"), &json!({ "index": 0, "finishReason": "SAFETY" }));
}

#[test]
fn an_answer_that_pauses_goes_on_with_its_token() {
    let servers = BlockingServers::start().unwrap();
    let path = path("gemini-pause-turn", "generateContent");
    let answer = ask(&servers, &path, &hello());
    assert_eq!(at(&answer, "/candidates/0/finishReason"), "CONTINUATION");
    let token = at(&answer, "/candidates/0/continuationToken").clone();
    let rest = ask(&servers, &path, &with(hello(), "continuationToken", token));
    assert_eq!(at(&rest, "/candidates/0/finishReason"), "STOP");
    assert!(at(&rest, "/candidates/0/continuationToken").is_null());
}

#[test]
fn vertex_paths_lead_here_too() {
    let servers = BlockingServers::start().unwrap();
    let project = "/v1beta1/projects/p/locations/l/publishers/google/models/gemini-2.0-flash:generateContent";
    let express = "/v1/publishers/google/models/gemini-2.0-flash:generateContent";
    let deployed = "/v1beta1/projects/p/locations/l/endpoints/gemini-2.0-flash:generateContent";
    let tuned = "/v1beta/tunedModels/gemini-2.0-flash:generateContent";
    for path in [project, express, deployed, tuned] {
        assert_eq!(at(&ask(&servers, path, &hello()), "/modelVersion"), "gemini-2.0-flash-001");
    }
    let unknown = ask(&servers, &path("m", "fly"), &hello());
    assert_eq!(at(&unknown, "/error/code"), "unknown_url");
    let count = ask(&servers, &path("m", "countTokens"), &hello());
    assert_eq!(at(&count, "/totalTokens"), 101);
}
