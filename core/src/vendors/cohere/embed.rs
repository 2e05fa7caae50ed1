//! `POST /v2/embed`: texts, images, or inputs that mix them.

use super::{Format, Node, Reading, Wire, chat, usage};
use crate::messages::{data_or_address, read_parts};

pub(in crate::vendors) const WIRE: Wire = Wire {
    name: "cohere_embed",
    format: Format::CohereEmbed,
    provider: Some("cohere"),
    request,
    response,
    // Nobody streams vectors; what comes in pieces nevertheless says its usage.
    chunks: chat::WIRE.chunks,
};

fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.request.model", payload.get("model"));
    if reading.keep.inputs {
        let texts = payload.get("texts").items().map(read_parts);
        let images = payload.get("images").items();
        let images = images.map(|image| data_or_address("image", image).into_iter().collect());
        let mixed = payload.get("inputs").items().map(|input| read_parts(input.get("content")));
        reading.embedded(texts.chain(images).chain(mixed));
    }
}

/// The vectors are not even looked at.
fn response(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.id", payload.get("id"));
    reading.usage = usage(payload.get("meta"));
    // Nothing is generated, and some answers count that.
    reading.usage.output = None;
}
