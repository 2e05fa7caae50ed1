//! Mistral chat completions (`POST /v1/chat/completions`) and fill-in-the-middle (`POST /v1/fim/completions`):
//! OpenAI's shape, with content in chunks and a few names of its own.
//! Source: the API reference, "Chat" and "FIM", and the types of the `mistralai` packages.

use super::{Format, Reading, Wire, openai_chat};
use crate::json::Node;

pub(super) const WIRE: Wire = Wire {
    name: "mistral_chat",
    format: Format::MistralChat,
    provider: Some("mistral_ai"),
    request,
    ..openai_chat::WIRE
};

/// Request fields that OpenAI calls otherwise.
const PARAMETERS: &[(&str, &str)] = &[("random_seed", "gen_ai.request.seed")];

/// Reads the body of a request. An assistant's last message may be the `prefix` of the answer, which then
/// begins with it: it is a message as any other.
fn request(payload: Node<'_>, reading: &mut Reading) {
    openai_chat::request(payload, reading);
    reading.parameters(payload, PARAMETERS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::{read, stream, survives};
    use serde_json::{Value, json};

    fn chunk(delta: &Value, reason: &Value) -> Value {
        json!({"id": "m1", "object": "chat.completion.chunk", "model": "magistral-medium-2507",
               "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
    }

    fn thinking(text: &str) -> Value {
        json!({"type": "thinking", "thinking": [{"type": "text", "text": text}]})
    }

    #[test]
    fn names_of_its_own() {
        let request = json!({"model": "mistral-large-latest", "random_seed": 7, "max_tokens": 64, "prompt_mode": "reasoning",
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "What is this?"},
                                         {"type": "document_url", "document_url": "https://a.b/c.pdf"}]},
            {"role": "assistant", "content": "It is", "prefix": true},
        ]});
        assert_eq!(
            read(&WIRE, &request, &json!({})),
            json!({
                "gen_ai.request.model": "mistral-large-latest", "gen_ai.request.seed": "7",
                "gen_ai.request.max_tokens": 64,
                "gen_ai.input.messages": [
                    {"role": "user", "parts": [
                        {"type": "text", "content": "What is this?"},
                        {"type": "uri", "modality": "document", "mime_type": "", "uri": "https://a.b/c.pdf"},
                    ]},
                    {"role": "assistant", "parts": [{"type": "text", "content": "It is"}]},
                ],
            })
        );
        survives(&WIRE, &request);
    }

    #[test]
    fn chunks_become_the_answer_that_would_have_come_at_once() {
        let call =
            json!({"id": "D681PevKs", "index": 0, "function": {"name": "f", "arguments": "{\"a\": 1}"}});
        let usage = json!({"prompt_tokens": 1013, "completion_tokens": 30, "total_tokens": 1043,
                           "num_cached_tokens": 1008});
        let whole = json!({"id": "m1", "object": "chat.completion", "model": "magistral-medium-2507",
        "usage": usage,
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
            "role": "assistant", "tool_calls": [call],
            "content": [thinking("Hm. Yes."), {"type": "text", "text": "Let me look"}],
        }}]});
        let mut last = chunk(&json!({"content": "", "tool_calls": [call]}), &json!("tool_calls"));
        last["usage"] = usage;
        let chunks = [
            chunk(&json!({"role": "assistant", "content": ""}), &Value::Null),
            chunk(&json!({"content": [thinking("Hm. ")]}), &Value::Null),
            chunk(&json!({"content": [thinking("Yes.")]}), &Value::Null),
            chunk(&json!({"content": "Let me "}), &Value::Null),
            chunk(&json!({"content": [{"type": "text", "text": "look"}]}), &Value::Null),
            last,
        ];
        let said = read(&WIRE, &json!({}), &whole);
        assert_eq!(stream(&WIRE, &chunks), said);
        assert_eq!(said["gen_ai.usage.cache_read.input_tokens"], 1008);
        assert_eq!(said["gen_ai.usage.input_tokens"], 1013);
        survives(&WIRE, &whole);
    }

    #[test]
    fn references_and_media_stand_between_the_texts_of_a_stream() {
        let text = |text: &str| json!({"type": "text", "text": text});
        let reference = json!({"type": "reference", "reference_ids": [1]});
        let image = json!({"type": "image_url", "image_url": "data:image/png;base64,QUJDRA=="});
        let message = json!({"role": "assistant", "content": [
            thinking("Hm."), text("It is"), reference, text(" so."), image, image,
        ]});
        let whole = json!({"id": "m1", "object": "chat.completion", "model": "magistral-medium-2507",
                           "choices": [{"index": 0, "finish_reason": "stop", "message": message}]});
        let chunks = [
            chunk(&json!({"role": "assistant", "content": [thinking("Hm."), text("It ")]}), &Value::Null),
            chunk(&json!({"content": [text("is"), reference]}), &Value::Null),
            chunk(&json!({"content": " so"}), &Value::Null),
            chunk(&json!({"content": [text("."), image]}), &Value::Null),
            chunk(&json!({"content": [image, 5, "a"]}), &json!("stop")),
        ];
        let said = read(&WIRE, &json!({}), &whole);
        assert_eq!(stream(&WIRE, &chunks), said);
        assert_eq!(said["gen_ai.output.messages"][0]["parts"].as_array().map(Vec::len), Some(6));
        chunks.iter().for_each(|chunk| survives(&WIRE, chunk));
    }
}
