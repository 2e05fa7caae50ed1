//! `POST /v2/rerank`: a query and documents go in, the order of the documents comes out.

use super::{Format, Node, Reading, Wire, chat, usage};
use crate::messages::{Conversation, Message, Part, read_parts};

pub(in crate::vendors) const WIRE: Wire = Wire {
    name: "cohere_rerank",
    format: Format::CohereRerank,
    provider: Some("cohere"),
    request,
    response,
    chunks: chat::WIRE.chunks,
};

/// The conventions have no place for documents: they are what the user says besides the query.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.request.model", payload.get("model"));
    if reading.keep.inputs {
        let mut parts = read_parts(payload.get("query"));
        parts.extend(read_parts(payload.get("documents")));
        parts.retain(|part| !part.is_empty());
        if !parts.is_empty() {
            let message = Message { role: "user".into(), parts, finish_reason: None };
            reading.conversation(&Conversation { messages: vec![message], ..Conversation::default() });
        }
    }
}

/// What it says is the list of results as JSON: which document, and how relevant it is.
fn response(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.id", payload.get("id"));
    reading.usage = usage(payload.get("meta"));
    if reading.keep.outputs {
        let results = payload.get("results");
        let results = results.items().next().map(|_| Part::Text(results.compact().into()));
        reading.said(Message::answer(results.into_iter().collect()));
    }
}
