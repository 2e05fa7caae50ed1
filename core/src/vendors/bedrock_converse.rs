//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "bedrock_converse",
    format: Format::BedrockConverse,
    provider: Some("aws.bedrock"),
    ..openai_chat::WIRE
};
