//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "openai_responses",
    format: Format::OpenAiResponses,
    provider: Some("openai"),
    ..openai_chat::WIRE
};
