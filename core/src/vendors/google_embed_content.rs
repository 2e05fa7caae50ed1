//! Google `embedContent` and `batchEmbedContents` of the Gemini API, Vertex AI's `predict` for texts, and what
//! Google's SDKs hand over. Source: the API references, "Embeddings" and "Text embeddings API".

use super::{
    Format, Reading, Wire,
    google_generate_content::{self as generate, Counts},
};
use crate::{
    config::MAX_MESSAGES,
    json::Node,
    messages::{Part, read_parts},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "google_embed_content",
    format: Format::GoogleEmbedContent,
    provider: Some("gcp.gemini"),
    request,
    response,
    // Nobody streams embeddings; what comes in pieces nevertheless says its usage.
    chunks: generate::WIRE.chunks,
};

/// Reads the body of a request. In a batch every request says its model, which is the same for all.
fn request(payload: Node<'_>, reading: &mut Reading) {
    let first = payload.get("requests").items().next().unwrap_or(Node::MISSING);
    for holder in [first, payload] {
        generate::model("gen_ai.request.model", holder.get("model"), reading);
    }
    if reading.keep.inputs {
        // Before their parts are read, which share one room.
        let contents = reading.as_many_as_fit(contents(payload), MAX_MESSAGES);
        reading.embedded(contents.into_iter().map(parts));
    }
}

/// What is embedded: one content, each of a batch, or the contents of the SDKs.
fn contents(payload: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let batch = payload.any(&["requests", "instances"]);
    let contents = payload.any(&["content", "contents"]);
    let each = batch.items().map(|request| request.get("content")).chain(contents.items());
    let only = (!contents.is_array()).then_some(contents);
    each.chain(only)
}

/// The parts of a content, which in the SDKs may also be a text or a part.
fn parts(content: Node<'_>) -> Vec<Part<'_>> {
    let parts = content.get("parts");
    read_parts(if parts.is_some() { parts } else { content })
}

/// Reads the body of an answer. The vectors are not even looked at.
fn response(payload: Node<'_>, reading: &mut Reading) {
    let mut counts = Counts::default();
    counts.take(payload.any(&["usageMetadata", "usage_metadata"]));
    let reported = counts.usage();
    // Everything that is embedded goes in: a total says the same again.
    let input = reported.input.or(reported.total).or_else(|| counted_each(payload));
    reading.usage = Usage { input, ..Usage::default() };
}

/// The sum of the counts that Vertex AI reports with each vector.
fn counted_each(payload: Node<'_>) -> Option<i64> {
    let predictions = payload.get("predictions").items().map(|prediction| prediction.get("embeddings"));
    let embeddings = payload.get("embeddings").items().chain([payload.get("embedding")]).chain(predictions);
    let counts = embeddings
        .filter_map(|embedding| tokens_of(embedding.get("statistics").any(&["tokenCount", "token_count"])));
    counts.reduce(i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::read;
    use serde_json::{Value, json};

    fn input(request: &Value) -> Value {
        read(&WIRE, request, &json!({}))["gen_ai.embeddings.input"].take()
    }

    fn tokens(response: &Value) -> Value {
        read(&WIRE, &json!({}), response)["gen_ai.usage.input_tokens"].take()
    }

    #[test]
    fn one_content_is_its_text() {
        let request = json!({"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]},
                             "taskType": "RETRIEVAL_QUERY", "outputDimensionality": 768});
        assert_eq!(
            read(&WIRE, &request, &json!({"embedding": {"values": [0.1, 0.2]}})),
            json!({"gen_ai.request.model": "gemini-embedding-001", "gen_ai.embeddings.input": "a"})
        );
        assert_eq!(input(&json!({"model": "m", "contents": "a"})), "a");
        assert_eq!(input(&json!({"instances": [{"content": "a", "task_type": "CLUSTERING"}]})), "a");
    }

    #[test]
    fn several_contents_are_a_list() {
        let request = |text: &str| json!({"model": "models/m", "content": {"parts": [{"text": text}]}});
        let batch = json!({"requests": [request("a"), request("b")]});
        assert_eq!(input(&batch), json!(["a", "b"]));
        assert_eq!(read(&WIRE, &batch, &json!({}))["gen_ai.request.model"], "m");
        assert_eq!(input(&json!({"contents": ["a", {"parts": [{"text": "b"}]}]})), json!(["a", "b"]));
    }

    #[test]
    fn an_input_that_is_more_than_a_text_is_its_parts() {
        let image = json!({"inlineData": {"mimeType": "image/png", "data": "QUJD"}});
        let blob = json!({"type": "blob", "modality": "image", "mime_type": "image/png",
                          "content": "[Blob substitute]", "size": 3});
        assert_eq!(
            input(&json!({"content": {"parts": [{"text": "a"}, image]}})),
            json!([[{"type": "text", "content": "a"}, blob]])
        );
    }

    #[test]
    fn tokens_are_counted_once_where_they_are_counted() {
        assert_eq!(tokens(&json!({"embeddings": [{"values": [0.1]}]})), json!(null));
        let usage = json!({"promptTokenCount": 7, "totalTokenCount": 7});
        assert_eq!(tokens(&json!({"embedding": {"values": [0.1]}, "usageMetadata": usage})), 7);
        let embedding = |count: Value| json!({"values": [0.1], "statistics": {"token_count": count}});
        assert_eq!(tokens(&json!({"embeddings": [embedding(json!(3.0)), embedding(json!(4))]})), 7);
        assert_eq!(tokens(&json!({"predictions": [{"embeddings": embedding(json!(5))}]})), 5);
    }

    #[test]
    fn nonsense_says_nothing() {
        for odd in [json!(null), json!(5), json!([]), json!({"requests": 5, "content": [], "embeddings": {}})]
        {
            assert_eq!(read(&WIRE, &odd, &odd), json!({}));
        }
    }
}
