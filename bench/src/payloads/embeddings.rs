//! Vectors: long lists of numbers, which no reader needs to look at. Nobody streams them.

use serde_json::{Value, json};

use super::Sample;

/// A number as models give it, with the digits of a 32-bit float written as a 64-bit one.
fn number(at: usize) -> f64 {
    f64::from((at as f32 * 0.73).sin() * 0.07)
}

/// Vectors of so many dimensions (those of `text-embedding-3-small`, or one that is shorter), of about so many
/// bytes in all.
fn vectors(bytes: usize) -> Vec<Vec<f64>> {
    const DIMENSIONS: usize = 1536;
    const NUMBER_BYTES: usize = 22;
    let numbers: Vec<f64> = (1..=bytes / NUMBER_BYTES).map(number).collect();
    numbers.chunks(DIMENSIONS).map(<[f64]>::to_vec).collect()
}

pub(super) fn openai(bytes: usize) -> Sample {
    let data: Vec<Value> = vectors(bytes)
        .into_iter()
        .enumerate()
        .map(|(index, vector)| json!({"object": "embedding", "index": index, "embedding": vector}))
        .collect();
    Sample {
        format: "openai_embeddings",
        request: json!({"model": "text-embedding-3-small", "input": "What is the weather in Paris?", "encoding_format": "float"}),
        response: json!({"object": "list", "data": data, "model": "text-embedding-3-small", "usage": {"prompt_tokens": 8, "total_tokens": 8}}),
        chunks: Vec::new(),
    }
}

pub(super) fn google(bytes: usize) -> Sample {
    let embeddings: Vec<Value> = vectors(bytes).into_iter().map(|vector| json!({"values": vector})).collect();
    Sample {
        format: "google_embed_content",
        request: json!({"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "What is the weather in Paris?"}]}}),
        response: json!({"embeddings": embeddings, "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8}}),
        chunks: Vec::new(),
    }
}

pub(super) fn cohere(bytes: usize) -> Sample {
    Sample {
        format: "cohere_embed",
        request: json!({"model": "embed-v4.0", "texts": ["What is the weather in Paris?"], "input_type": "search_query", "embedding_types": ["float"]}),
        response: json!({"id": "5807ee2e-0cda-445a-9ec8-864c60a06606", "embeddings": {"float": vectors(bytes)}, "texts": ["What is the weather in Paris?"], "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 8}}, "response_type": "embeddings_by_type"}),
        chunks: Vec::new(),
    }
}
