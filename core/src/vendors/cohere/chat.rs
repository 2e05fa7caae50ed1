//! `POST /v2/chat`: the request, and its answer where it is not streamed; what is of version 1 goes on to [`v1`].

use super::{Chunks, Format, Node, Reading, Wire, chunks::Building, failure, usage, v1};
use crate::{messages::answer, vendors::openai_chat::tool_definition};

pub(in crate::vendors) const WIRE: Wire = Wire {
    name: "cohere_chat",
    format: Format::CohereChat,
    provider: Some("cohere"),
    request,
    response,
    chunks: || -> Box<dyn Chunks> { Box::<Building>::default() },
};

/// Request fields that are attributes as they are. `thinking.token_budget` is a number of tokens, not a level.
const PARAMETERS: &[(&str, &str)] = &[
    ("model", "gen_ai.request.model"),
    ("max_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("p", "gen_ai.request.top_p"),
    ("k", "gen_ai.request.top_k"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
    ("seed", "gen_ai.request.seed"),
    ("stop_sequences", "gen_ai.request.stop_sequences"),
];

fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.parameters(payload, PARAMETERS);
    if v1::is_request(payload) {
        return v1::request(payload, reading);
    }
    reading.input(payload.get("messages"));
    reading.tools(payload.get("tools").items(), tool_definition);
}

/// An answer names no model: it is the one that was asked. Citations, which say where words come from, have
/// no place in the conventions.
fn response(payload: Node<'_>, reading: &mut Reading) {
    if v1::is_response(payload) {
        return v1::response(payload, reading);
    }
    reading.text("gen_ai.response.id", payload.get("id"));
    reading.usage = usage(payload.get("usage"));
    let reason = payload.get("finish_reason");
    if let Some(error) = failure(reason, Node::MISSING) {
        reading.fail(error);
    }
    reading.finish_reasons(reason.str().into_iter());
    let message = payload.get("message");
    if reading.keep.outputs && message.is_object() {
        reading.said(answer(message).stopped(reason.words()));
    }
}
