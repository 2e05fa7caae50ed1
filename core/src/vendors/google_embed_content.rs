//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "google_embed_content",
    format: Format::GoogleEmbedContent,
    provider: Some("gcp.gemini"),
    ..openai_chat::WIRE
};
