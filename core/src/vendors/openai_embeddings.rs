//! OpenAI embeddings (`POST /embeddings`), as OpenAI, Azure and the many compatible servers write them.
//! Source: the API reference, "Create embeddings".

use super::{Format, Reading, Wire, openai_chat};
use crate::{
    json::Node,
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "openai_embeddings",
    format: Format::OpenAiEmbeddings,
    provider: Some("openai"),
    request,
    response,
    // Nobody streams embeddings; what comes in pieces nevertheless says its model and its usage.
    chunks: openai_chat::WIRE.chunks,
};

/// Reads the body of a request. The input is a text, tokens, or a list of one or the other.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.request.model", payload.get("model"));
    reading.content("gen_ai.embeddings.input", payload.get("input"));
}

/// Reads the body of an answer. The vectors are not even looked at.
fn response(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.model", payload.get("model"));
    reading.text("gen_ai.response.id", payload.get("id"));
    // Everything that is embedded goes in: where only a total is told, it is what went in.
    let [input, total] =
        ["prompt_tokens", "total_tokens"].map(|name| tokens_of(payload.at(&["usage", name])));
    reading.usage = Usage { input: input.or(total), total, ..Usage::default() };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::{read, survives};
    use serde_json::{Value, json};

    fn input(input: &Value) -> Value {
        read(&WIRE, &json!({"input": input}), &json!({}))["gen_ai.embeddings.input"].take()
    }

    #[test]
    fn every_sort_of_input() {
        for several in [json!(["a", "b"]), json!([1, 2]), json!([[1, 2], [3]])] {
            assert_eq!(input(&several), several);
        }
        assert_eq!(input(&json!("a text")), "a text");
    }

    #[test]
    fn only_what_goes_in_is_counted() {
        let request = json!({"model": "m", "input": "a", "dimensions": 256, "encoding_format": "float"});
        let response = json!({"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.1]}],
                              "model": "m-1", "usage": {"prompt_tokens": 8, "total_tokens": 8}});
        assert_eq!(
            read(&WIRE, &request, &response),
            json!({"gen_ai.request.model": "m", "gen_ai.response.model": "m-1",
                   "gen_ai.embeddings.input": "a",
                   "gen_ai.usage.input_tokens": 8, "gen_ai.usage.total_tokens": 8})
        );
        assert_eq!(read(&WIRE, &json!({}), &json!({"data": null, "usage": null})), json!({}));
        survives(&WIRE, &request);
        survives(&WIRE, &response);
    }
}
