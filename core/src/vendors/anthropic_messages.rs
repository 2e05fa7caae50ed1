//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "anthropic_messages",
    format: Format::AnthropicMessages,
    provider: Some("anthropic"),
    ..openai_chat::WIRE
};
