//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "mistral_chat",
    format: Format::MistralChat,
    provider: Some("mistral_ai"),
    ..openai_chat::WIRE
};
