//! Wire payloads of a wanted size, in the shapes of the vendors' API references.

mod embeddings;
mod others;

use serde_json::{Value, json};

/// Words of about so many bytes, with the quotes, newlines and accents that answers have.
#[must_use]
pub fn words(bytes: usize) -> String {
    const SENTENCE: &str = "The café in Paris opens at nine, says the guide: \"take an umbrella\".\n";
    SENTENCE.repeat(bytes / SENTENCE.len() + 1).chars().take(bytes).collect()
}

/// A format with a request, an answer and the pieces of a streamed one.
pub struct Sample {
    /// As `record_request` takes it.
    pub format: &'static str,
    /// A conversation of a few turns with tools.
    pub request: Value,
    /// An answer of about the wanted size.
    pub response: Value,
    /// The same answer in pieces; none where nobody streams it.
    pub chunks: Vec<Value>,
}

/// Every format; `bytes` is about the length of the answer's text, or of its numbers.
#[must_use]
pub fn samples(bytes: usize) -> Vec<Sample> {
    [
        openai_chat,
        openai_responses,
        embeddings::openai,
        anthropic,
        google,
        embeddings::google,
        others::cohere_chat,
        embeddings::cohere,
        others::cohere_rerank,
        others::mistral,
        others::bedrock,
        others::ollama,
        others::neutral,
    ]
    .map(|sample| sample(bytes))
    .into()
}

/// Bytes of text in one piece of a streamed answer: a token or two.
const PIECE_BYTES: usize = 12;

fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(PIECE_BYTES).map(|piece| piece.iter().collect()).collect()
}

fn openai_chat(bytes: usize) -> Sample {
    let text = words(bytes);
    let chunk = |delta: Value| json!({"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion.chunk", "created": 1_741_569_952, "model": "gpt-4o-mini-2024-07-18", "system_fingerprint": "fp_44709d6fcb", "choices": [{"index": 0, "delta": delta, "logprobs": null, "finish_reason": null}]});
    let mut chunks = vec![chunk(json!({"role": "assistant", "content": ""}))];
    chunks.extend(pieces(&text).into_iter().map(|piece| chunk(json!({"content": piece}))));
    let tool = |name: &str| json!({"type": "function", "function": {"name": name, "description": "Looks out of the window", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}});
    Sample {
        format: "openai_chat",
        request: json!({"model": "gpt-4o-mini", "temperature": 0.2, "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is the weather in Paris?"},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\":\"Paris\"}"}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "{\"sky\":\"rain\"}"}
        ], "tools": [tool("get_weather"), tool("get_time")]}),
        response: json!({"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion", "created": 1_741_569_952, "model": "gpt-4o-mini-2024-07-18",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text, "refusal": null, "annotations": []}, "logprobs": null, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1117, "completion_tokens": 460, "total_tokens": 1577, "prompt_tokens_details": {"cached_tokens": 1024, "audio_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 128, "audio_tokens": 0}},
            "service_tier": "default", "system_fingerprint": "fp_44709d6fcb"}),
        chunks,
    }
}

fn openai_responses(bytes: usize) -> Sample {
    let text = words(bytes);
    let head = |status: &str| json!({"id": "resp_67ccd3a9da748190baa7f1570fe91ac604becb25c45c1d41", "object": "response", "created_at": 1_741_476_777, "status": status, "model": "gpt-4o-2024-08-06", "output": []});
    let mut response = head("completed");
    response["output"] = json!([{"type": "message", "id": "msg_67ccd3acc8d48190a77525dc6de64b4104becb25c45c1d41", "status": "completed", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]}]);
    response["usage"] = json!({"input_tokens": 328, "input_tokens_details": {"cached_tokens": 64}, "output_tokens": 52, "output_tokens_details": {"reasoning_tokens": 10}, "total_tokens": 380});
    let mut chunks =
        vec![json!({"type": "response.created", "response": head("in_progress"), "sequence_number": 0})];
    chunks.extend(pieces(&text).into_iter().map(|piece| json!({"type": "response.output_text.delta", "item_id": "msg_67ccd3acc8d48190a77525dc6de64b4104becb25c45c1d41", "output_index": 0, "content_index": 0, "delta": piece, "sequence_number": 4, "logprobs": []})));
    chunks.push(json!({"type": "response.completed", "response": response, "sequence_number": 9}));
    Sample {
        format: "openai_responses",
        request: json!({"model": "gpt-4o", "instructions": "Be brief.", "input": [{"role": "user", "content": "What is the weather in Paris?"}], "tools": []}),
        response,
        chunks,
    }
}

fn anthropic(bytes: usize) -> Sample {
    let text = words(bytes);
    let head = json!({"id": "msg_01XFDUDYJgAACzvnptvVoYEL", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929", "content": [], "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 20, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 100, "output_tokens": 1}});
    let mut chunks = vec![
        json!({"type": "message_start", "message": head}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
    ];
    chunks.extend(pieces(&text).into_iter().map(|piece| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})));
    chunks.push(json!({"type": "content_block_stop", "index": 0}));
    chunks.push(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null}, "usage": {"output_tokens": 150}}));
    let mut response = head;
    response["content"] = json!([{"type": "text", "text": text}]);
    response["stop_reason"] = "end_turn".into();
    Sample {
        format: "anthropic_messages",
        request: json!({"model": "claude-sonnet-4-5", "max_tokens": 1024, "system": "Be brief.", "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}),
        response,
        chunks,
    }
}

fn google(bytes: usize) -> Sample {
    let text = words(bytes);
    let answer = |text: &str| json!({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": "STOP", "index": 0}], "usageMetadata": {"promptTokenCount": 8, "candidatesTokenCount": 120, "totalTokenCount": 150, "thoughtsTokenCount": 22}, "modelVersion": "gemini-2.5-flash", "responseId": "mAitaLmkHPPlz7IPvtfUqQ4"});
    Sample {
        format: "google_generate_content",
        request: json!({"model": "gemini-2.5-flash", "contents": [{"role": "user", "parts": [{"text": "What is the weather in Paris?"}]}], "systemInstruction": {"parts": [{"text": "Be brief."}]}}),
        response: answer(&text),
        chunks: pieces(&text).iter().map(|piece| answer(piece)).collect(),
    }
}
