//! Embeddings in every format: the same vector for the same text, and what it cost.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{ask, at, last_told};
use crate::BlockingServers;

#[test]
fn a_text_has_the_same_vector_everywhere() {
    let servers = BlockingServers::start().unwrap();
    let texts = json!(["Hello there", "Bye"]);
    let google = ["Hello there", "Bye"].map(|text| json!({ "content": { "parts": [{ "text": text }] } }));
    let cases = [
        ("/v1/embeddings", json!({ "model": "m", "input": texts }), "/data/0/embedding"),
        ("/openai/deployments/m/embeddings", json!({ "input": texts }), "/data/0/embedding"),
        ("/mistral/v1/embeddings", json!({ "model": "m", "inputs": texts }), "/data/0/embedding"),
        ("/v2/embed", json!({ "model": "m", "texts": texts }), "/embeddings/float/0"),
        ("/api/embed", json!({ "model": "m", "input": texts }), "/embeddings/0"),
        ("/v1beta/models/m:batchEmbedContents", json!({ "requests": google }), "/embeddings/0/values"),
        ("/v1beta1/publishers/google/models/m:embedContent", google[0].clone(), "/embedding/values"),
    ];
    let expected = json!(super::super::embedding::vector("Hello there", None));
    for (path, request, place) in cases {
        let answer = ask(&servers, path, &request);
        assert_eq!(at(&answer, place), &expected, "{path}");
        let input = if path.ends_with(":embedContent") { 21 } else { 31 };
        assert_eq!(at(&last_told(&servers), "/tokens/input_tokens"), input, "{path}");
    }
}

#[test]
fn numbers_come_as_base64_to_those_who_ask() {
    let servers = BlockingServers::start().unwrap();
    let request =
        |encoding: &str| json!({ "model": "m", "input": "a", "dimensions": 3, "encoding_format": encoding });
    let vector = |encoding: &str| -> Value {
        at(&ask(&servers, "/v1/embeddings", &request(encoding)), "/data/0/embedding").clone()
    };
    let bytes = STANDARD.decode(vector("base64").as_str().unwrap()).unwrap();
    let numbers: Vec<f32> =
        bytes.chunks(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect();
    assert_eq!(numbers.len(), 3);
    assert_eq!(json!(numbers), vector("float"));
}

#[test]
fn vertex_counts_each_text() {
    let servers = BlockingServers::start().unwrap();
    let request = json!({ "instances": [{ "content": "Hello there" }, { "content": "Bye" }] });
    let answer = ask(&servers, "/v1/publishers/google/models/text-embedding-005:predict", &request);
    let count =
        |index: usize| at(&answer, &format!("/predictions/{index}/embeddings/statistics/token_count"));
    assert_eq!((count(0), count(1)), (&json!(21), &json!(11)));
}
