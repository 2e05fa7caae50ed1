//! Ollama's embeddings: `POST /api/embed`, and the older `/api/embeddings`, whose text is a `prompt`.
//! Source: Ollama's documentation, "API", and the types of the `ollama` packages.

use super::{Format, Reading, Wire, ollama_chat};
use crate::{
    json::Node,
    messages::{Part, read_parts},
};

pub(super) const WIRE: Wire =
    Wire { name: "ollama_embed", format: Format::OllamaEmbed, request, ..ollama_chat::WIRE };

/// Reads the body of a request. Its options are those of a generation, of which there is none.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.request.model", payload.get("model"));
    embedded(payload.any(&["input", "prompt"]), reading);
}

/// Takes what is embedded: a text, or a list of texts.
pub(super) fn embedded(input: Node<'_>, reading: &mut Reading) {
    if reading.keep.inputs {
        reading.embedded(inputs(input));
    }
}

fn inputs<'a>(input: Node<'a>) -> impl Iterator<Item = Vec<Part<'a>>> {
    let only = (!input.is_array()).then_some(input);
    input.items().chain(only).map(read_parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::{read, survives};
    use serde_json::{Value, json};

    #[test]
    fn what_is_embedded_by_either_name() {
        let input = |request: &Value| read(&WIRE, request, &json!({}));
        let said = |input: Value| json!({"gen_ai.request.model": "m", "gen_ai.embeddings.input": input});
        let older = json!({"model": "m", "prompt": "a", "options": {"temperature": 0.5}});
        assert_eq!(input(&older), said(json!("a")));
        assert_eq!(input(&json!({"model": "m", "input": "a"})), said(json!("a")));
        assert_eq!(input(&json!({"model": "m", "input": ["a", "b"]})), said(json!(["a", "b"])));
        survives(&WIRE, &older);
    }

    #[test]
    fn vectors_are_not_even_looked_at() {
        assert_eq!(read(&WIRE, &json!({}), &json!({"embedding": [0.1, 0.2]})), json!({}));
        let newer = json!({"model": "m", "embeddings": [[0.1]], "prompt_eval_count": 8});
        assert_eq!(
            read(&WIRE, &json!({}), &newer),
            json!({"gen_ai.response.model": "m", "gen_ai.usage.input_tokens": 8})
        );
    }
}
