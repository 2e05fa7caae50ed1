//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "openai_embeddings",
    format: Format::OpenAiEmbeddings,
    provider: Some("openai"),
    ..openai_chat::WIRE
};
