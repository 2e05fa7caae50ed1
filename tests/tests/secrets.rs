//! Content that was gathered automatically leaves only where the policy says so: every payload of every vector,
//! with a mark in each of its texts, replayed as an integration would hand it over.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test of files that stand beside it")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spanwire::span::Gathered;
use spanwire_tests::vectors::{Vector, all, replay_as};

const MARK: &str = "TOP-SECRET";

/// Members whose texts are no content: what a span says with every policy (models, ids, reasons, classes), and
/// what the format is told by.
#[rustfmt::skip]
const ALWAYS: &[&str] = &[
    "model", "modelId", "modelVersion", "model_version", "id", "responseId", "response_id", "message_id", "provider",
    "role", "type", "object", "event", "status", "code", "stop_reason", "stopReason", "finish_reason", "finishReason",
    "done_reason", "finish_reasons", "blockReason", "block_reason", "reason", "reasoning_effort", "effort",
    "stop", "stop_sequences", "stopSequences", "seed", "encoding_format", "service_tier", "conversation",
    "previous_response_id", "level", "thinkingLevel", "thinking_level", "think",
    "maxReasoningEffort", "reasoning_level", "invokedModelId", "conversation_id",
    // Errors are told with every policy; their words are the vendor's.
    "error", "Error", "__type", "msg",
];

/// A payload with a mark before every text that is content.
fn marked(value: &Value) -> Value {
    match value {
        Value::String(text) => marked_text(text),
        Value::Array(items) => items.iter().map(marked).collect(),
        Value::Object(members) => {
            // An error's words: beside `{"type": "error"}`, or the text that stands where an answer would.
            let is_kept = |name: &str, value: &Value| {
                ALWAYS.contains(&name)
                    || name.ends_with("Exception")
                    || (name == "message" && value.is_string())
            };
            members
                .iter()
                .map(|(name, value)| {
                    let value = match value {
                        value if is_kept(name, value) && !holds_messages(value) => value.clone(),
                        value => marked(value),
                    };
                    (name.clone(), value)
                })
                .collect()
        }
        other => other.clone(),
    }
}

/// `message` and the like may be an error's words, or an answer.
fn holds_messages(value: &Value) -> bool {
    value.get("content").is_some() || value.get("parts").is_some()
}

/// A text is content, or holds JSON: a body, or events of a stream.
fn marked_text(text: &str) -> Value {
    if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str::<Value>(text) {
        return marked(&inner).to_string().into();
    }
    if !text.contains("data:") && !text.contains('{') {
        return format!("{MARK} {text}").into();
    }
    let line = |line: &str| {
        let (head, json) = line.find(['{', '[']).map_or((line, ""), |at| line.split_at(at));
        match serde_json::from_str::<Value>(json.trim_end()) {
            Ok(inner) => format!("{head}{}", marked(&inner)),
            Err(_) => line.to_owned(),
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n").into()
}

/// What a vector records of wire data, span by span, as programs of their own.
fn programs(vector: &Vector) -> Vec<Vec<Value>> {
    fn gather(steps: &[Value], found: &mut BTreeMap<String, Vec<Value>>) {
        for step in steps {
            let is_record =
                step.get("call").and_then(Value::as_str).is_some_and(|call| call.starts_with("record_"));
            if let (Some(name), Some(args), true) = (step.get("on"), step.get("args"), is_record)
                && args.get("payload").or_else(|| args.get("chunk")).is_some()
            {
                let mut step = step.clone();
                for member in ["payload", "chunk"] {
                    if let Some(payload) = step.pointer_mut(&format!("/args/{member}")) {
                        *payload = marked(payload);
                    }
                }
                step["on"] = "c".into();
                found.entry(name.to_string()).or_default().push(step);
            }
            gather(step.get("within").and_then(Value::as_array).map_or(&[], Vec::as_slice), found);
        }
    }
    let mut found = BTreeMap::new();
    gather(&vector.steps, &mut found);
    let block = |steps: Vec<Value>| vec![json!({"call": "chat", "args": {}, "as": "c", "within": steps})];
    found.into_values().map(block).collect()
}

/// What leaves, and the stats.
fn sent(vector: &Vector, steps: Vec<Value>, is_recorded: bool) -> String {
    let mut options = vector.options.clone();
    for name in ["record_inputs", "record_outputs"] {
        options.as_object_mut().unwrap().remove(name);
    }
    options["send_default_pii"] = is_recorded.into();
    options["input_messages"] = "all".into();
    let program = Vector { options, hooks: Value::Null, steps, ..vector.clone() };
    let outcome = replay_as(&program, Gathered::Automatically).unwrap();
    outcome.envelopes.iter().map(|envelope| String::from_utf8_lossy(envelope).into_owned()).collect()
}

/// How the names of vectors begin, a format and a streamed form each: in one of them at least a mark must show when all
/// is recorded, or the test would prove nothing of that format.
#[rustfmt::skip]
const PROVEN: &[&str] = &[
    "openai_chat_tools", "openai_chat_stream", "openai_responses_text", "openai_responses_stream", "openai_embeddings",
    "anthropic_plain", "anthropic_stream", "google_plain", "google_stream", "google_embeddings",
    "cohere_chat_tools", "cohere_chat_stream", "cohere_embed", "cohere_rerank", "mistral_chat_tools", "mistral_chat_stream",
    "bedrock_converse", "bedrock_stream", "ollama_chat_tools", "ollama_chat_stream", "neutral_chat", "neutral_stream",
];

#[test]
fn nothing_that_was_gathered_leaves_against_the_policy() {
    let (mut leaks, mut shown, mut count) = (Vec::new(), 0, 0);
    let mut unproven = PROVEN.to_vec();
    for (path, vector) in all().unwrap() {
        for steps in programs(&vector) {
            count += 1;
            if sent(&vector, steps.clone(), true).contains(MARK) {
                shown += 1;
                let name = path.file_stem().unwrap().to_string_lossy();
                unproven.retain(|beginning| !name.starts_with(beginning));
            }
            let quiet = sent(&vector, steps, false);
            if let Some(at) = quiet.find(MARK) {
                let from = quiet.floor_char_boundary(at.saturating_sub(200));
                leaks.push(format!("{}: {}", path.display(), &quiet[from..at + MARK.len()]));
            }
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(unproven.is_empty(), "no mark shows in {unproven:?}");
    // The same marks are there where they may be, or the test would prove nothing.
    assert!(
        count >= 20 && shown * 10 >= count * 7,
        "{shown} of {count} programs show a mark when all is recorded"
    );
}
