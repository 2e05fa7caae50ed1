//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const CHAT: Wire =
    Wire { name: "cohere_chat", format: Format::CohereChat, provider: Some("cohere"), ..openai_chat::WIRE };
pub(super) const EMBED: Wire = Wire { name: "cohere_embed", format: Format::CohereEmbed, ..CHAT };
pub(super) const RERANK: Wire = Wire { name: "cohere_rerank", format: Format::CohereRerank, ..CHAT };
