//! Text generation and feature extraction as Hugging Face's servers have them (`POST` to the address of a model).
//! Source: the documentation of Text Generation Inference, "generate" and "generate_stream", and of the Inference API.

use super::{Chunks, Format, Reading, Wire, answer::Answer, ollama_embed::embedded};
use crate::{
    json::Node,
    messages::{Conversation, Message, Part, read_parts},
    span::{Usage, tokens_of},
};

pub(super) const GENERATION: Wire = Wire {
    name: "text_generation",
    format: Format::TextGeneration,
    provider: Some("huggingface"),
    request,
    response,
    chunks: || Box::<Tokens>::default(),
};

/// An answer is nothing but vectors.
pub(super) const EXTRACTION: Wire = Wire {
    name: "feature_extraction",
    format: Format::FeatureExtraction,
    provider: Some("huggingface"),
    request: |payload, reading| embedded(payload.get("inputs"), reading),
    response: |_, _| {},
    chunks: GENERATION.chunks,
};

/// Members of `parameters` that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("max_new_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("top_k", "gen_ai.request.top_k"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("seed", "gen_ai.request.seed"),
    ("stop", "gen_ai.request.stop_sequences"),
];

/// The model stands in the address.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.parameters(payload.get("parameters"), PARAMETERS);
    if reading.keep.inputs {
        let mut parts = read_parts(payload.get("inputs"));
        parts.retain(|part| !part.is_empty());
        if !parts.is_empty() {
            let message = Message { role: "user".into(), parts, finish_reason: None };
            reading.conversation(&Conversation { messages: vec![message], ..Conversation::default() });
        }
    }
}

/// One answer, alone or in a list.
fn response(payload: Node<'_>, reading: &mut Reading) {
    let first = payload.items().next().unwrap_or(payload);
    let details = first.get("details");
    reading.usage = usage(details);
    let reason = details.get("finish_reason");
    reading.finish_reasons(reason.str().into_iter());
    if reading.keep.outputs {
        let said = first.get("generated_text").words().map(Part::Text);
        reading.said(Message::answer(said.into_iter().collect()).stopped(reason.words()));
    }
}

/// What went in is counted only where a program asks for its tokens, or streams.
fn usage(details: Node<'_>) -> Usage {
    let prefilled = i64::try_from(details.get("prefill").items().count()).ok().filter(|count| *count > 0);
    Usage {
        input: tokens_of(details.get("input_length")).or(prefilled),
        output: tokens_of(details.get("generated_tokens")),
        ..Usage::default()
    }
}

/// Tokens of a stream -> the answer that would have come at once.
#[derive(Clone, Debug, Default)]
struct Tokens {
    usage: Usage,
    answer: Answer,
}

impl Chunks for Tokens {
    fn push(&mut self, chunk: Node<'_>) -> bool {
        let details = chunk.get("details");
        if details.is_object() {
            self.usage = usage(details);
            self.answer.stop(details.get("finish_reason"));
        }
        let token = chunk.get("token");
        // The end of a sequence is a token, and no text of the answer.
        let is_special = token.get("special").bool() == Some(true);
        let text = token.get("text").str().filter(|_| !is_special).unwrap_or_default();
        self.answer.text(0, &text)
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        reading.usage = self.usage;
        self.answer.tell(reading);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::{read, stream, survives};
    use serde_json::json;

    #[test]
    fn tokens_become_the_answer_that_would_have_come_at_once() {
        let request = json!({"inputs": "Why?", "stream": true, "parameters": {
            "max_new_tokens": 20, "temperature": 0.5, "top_k": 4, "stop": ["END"], "details": true,
        }});
        let details = json!({"finish_reason": "length", "generated_tokens": 2, "input_length": 5});
        let whole = json!([{"generated_text": "Because", "details": details}]);
        let said = read(&GENERATION, &request, &whole);
        assert_eq!(said["gen_ai.request.max_tokens"], 20);
        assert_eq!(said["gen_ai.input.messages"][0]["parts"][0]["content"], "Why?");
        assert_eq!(said["gen_ai.output.messages"][0]["parts"][0]["content"], "Because");
        assert_eq!(said["gen_ai.response.finish_reasons"], "length");
        let token = |text: &str, special: bool| json!({"token": {"text": text, "special": special}});
        let last = json!({"token": {"text": "</s>", "special": true}, "generated_text": "Because", "details": details});
        let chunks = [token("Be", false), token("cause", false), last];
        let output = |said: &serde_json::Value| said["gen_ai.output.messages"].clone();
        let streamed = stream(&GENERATION, &chunks);
        assert_eq!(output(&streamed), output(&read(&GENERATION, &json!({}), &whole)));
        assert_eq!(streamed["gen_ai.usage.input_tokens"], 5);
        assert_eq!(streamed["gen_ai.usage.output_tokens"], 2);
        survives(&GENERATION, &request);
        survives(&GENERATION, &whole);
    }

    #[test]
    fn what_is_embedded() {
        let request = json!({"inputs": ["a", "b"], "normalize": true});
        let said = read(&EXTRACTION, &request, &json!([[0.1, 0.2]]));
        assert_eq!(said, json!({"gen_ai.embeddings.input": ["a", "b"]}));
        survives(&EXTRACTION, &request);
    }

    #[test]
    fn an_answer_without_details() {
        let said = read(&GENERATION, &json!({"inputs": "Why?"}), &json!({"generated_text": "Because"}));
        assert_eq!(said["gen_ai.output.messages"][0]["parts"][0]["content"], "Because");
        assert!(said.get("gen_ai.usage.output_tokens").is_none());
    }
}
