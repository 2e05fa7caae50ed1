//! Answers of Mistral, Bedrock, Cohere and Ollama, and of frameworks in the neutral format.

use serde_json::{Value, json};

use super::{Sample, pieces, words};

pub(super) fn mistral(bytes: usize) -> Sample {
    let text = words(bytes);
    let chunk = |delta: Value, reason: Value| json!({"id": "cmpl-e5cc70bb28c444948073e77776eb30ef", "object": "chat.completion.chunk", "created": 1_741_569_952, "model": "mistral-large-2411", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]});
    let usage = json!({"prompt_tokens": 1013, "total_tokens": 1043, "completion_tokens": 30, "num_cached_tokens": 1008});
    let mut chunks = vec![chunk(json!({"role": "assistant", "content": ""}), Value::Null)];
    chunks.extend(pieces(&text).into_iter().map(|piece| chunk(json!({"content": piece}), Value::Null)));
    let mut last = chunk(json!({"content": ""}), "stop".into());
    last["usage"] = usage.clone();
    chunks.push(last);
    Sample {
        format: "mistral_chat",
        request: json!({"model": "mistral-large-latest", "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}),
        response: json!({"id": "cmpl-e5cc70bb28c444948073e77776eb30ef", "object": "chat.completion", "created": 1_741_569_952, "model": "mistral-large-2411",
            "choices": [{"index": 0, "message": {"role": "assistant", "tool_calls": null, "content": text}, "finish_reason": "stop"}], "usage": usage}),
        chunks,
    }
}

pub(super) fn bedrock(bytes: usize) -> Sample {
    let text = words(bytes);
    let usage = json!({"inputTokens": 30, "outputTokens": 628, "totalTokens": 658, "cacheReadInputTokens": 0, "cacheWriteInputTokens": 0});
    let mut chunks = vec![json!({"messageStart": {"role": "assistant"}})];
    chunks.extend(
        pieces(&text)
            .into_iter()
            .map(|piece| json!({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": piece}}})),
    );
    chunks.push(json!({"contentBlockStop": {"contentBlockIndex": 0}}));
    chunks.push(json!({"messageStop": {"stopReason": "end_turn"}}));
    chunks.push(json!({"metadata": {"usage": usage, "metrics": {"latencyMs": 1275}}}));
    Sample {
        format: "bedrock_converse",
        request: json!({"modelId": "us.amazon.nova-lite-v1:0", "system": [{"text": "Be brief."}], "messages": [{"role": "user", "content": [{"text": "What is the weather in Paris?"}]}], "inferenceConfig": {"maxTokens": 512}}),
        response: json!({"output": {"message": {"role": "assistant", "content": [{"text": text}]}}, "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 1275}}),
        chunks,
    }
}

pub(super) fn cohere_chat(bytes: usize) -> Sample {
    let text = words(bytes);
    let usage = json!({"billed_units": {"input_tokens": 17, "output_tokens": 12}, "tokens": {"input_tokens": 215, "output_tokens": 62}});
    let mut chunks = vec![
        json!({"id": "c14c80c3-18eb-4519-9460-6c92edd8cfb4", "type": "message-start", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}}),
        json!({"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}}),
    ];
    chunks.extend(pieces(&text).into_iter().map(
        |piece| json!({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": piece}}}}),
    ));
    chunks.push(json!({"type": "content-end", "index": 0}));
    chunks.push(json!({"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": usage}}));
    Sample {
        format: "cohere_chat",
        request: json!({"model": "command-a-03-2025", "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}),
        response: json!({"id": "c14c80c3-18eb-4519-9460-6c92edd8cfb4", "finish_reason": "COMPLETE", "message": {"role": "assistant", "content": [{"type": "text", "text": text}]}, "usage": usage}),
        chunks,
    }
}

/// As many documents as fit into so many bytes of an answer, their scores with the digits of a 32-bit float.
pub(super) fn cohere_rerank(bytes: usize) -> Sample {
    let score = |index: usize| (99_907_170.0 / (index + 1) as f64).round() / 1e8;
    let result = |index: usize| json!({"index": index, "relevance_score": score(index)});
    let documents = bytes / result(100).to_string().len();
    let results: Vec<Value> = (0..documents).map(result).collect();
    Sample {
        format: "cohere_rerank",
        request: json!({"model": "rerank-v3.5", "query": "What is the capital of France?", "documents": ["Paris", "Rome"], "top_n": documents}),
        response: json!({"results": results, "id": "07734bd2-2473-4f07-94e1-0d9f0e6843cf", "meta": {"api_version": {"version": "2", "is_experimental": false}, "billed_units": {"search_units": 1}}}),
        chunks: Vec::new(),
    }
}

pub(super) fn ollama(bytes: usize) -> Sample {
    let text = words(bytes);
    let line = |text: &str| json!({"model": "llama3.2", "created_at": "2023-08-04T08:52:19.385406455-07:00", "message": {"role": "assistant", "content": text}, "done": false});
    let ended = |text: &str| {
        let mut last = line(text);
        for (name, value) in [
            ("done", json!(true)),
            ("done_reason", "stop".into()),
            ("total_duration", 4_883_583_458_u64.into()),
            ("load_duration", 1_334_875.into()),
            ("prompt_eval_count", 26.into()),
            ("prompt_eval_duration", 342_546_000.into()),
            ("eval_count", 282.into()),
            ("eval_duration", 4_535_599_000_u64.into()),
        ] {
            last[name] = value;
        }
        last
    };
    let mut chunks: Vec<Value> = pieces(&text).iter().map(|piece| line(piece)).collect();
    chunks.push(ended(""));
    Sample {
        format: "ollama_chat",
        request: json!({"model": "llama3.2", "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}),
        response: ended(&text),
        chunks,
    }
}

pub(super) fn neutral(bytes: usize) -> Sample {
    let text = words(bytes);
    let usage = json!({"input_tokens": 1117, "output_tokens": 460, "total_tokens": 1577, "cache_read_input_tokens": 1024, "reasoning_output_tokens": 128});
    let mut chunks: Vec<Value> = pieces(&text).into_iter().map(|piece| json!({"text": piece})).collect();
    chunks.push(json!({"model": "gpt-4o-mini-2024-07-18", "finish_reasons": ["stop"], "usage": usage}));
    Sample {
        format: "neutral",
        request: json!({"model": "gpt-4o-mini", "provider": "openai", "messages": [{"role": "user", "content": "What is the weather in Paris?"}]}),
        response: json!({"output": [{"role": "assistant", "parts": [{"type": "text", "content": text}]}], "model": "gpt-4o-mini-2024-07-18", "id": "run-4a5d2fd0", "finish_reasons": ["stop"], "usage": usage}),
        chunks,
    }
}
