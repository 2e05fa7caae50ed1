//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire = Wire {
    name: "google_generate_content",
    format: Format::GoogleGenerateContent,
    provider: Some("gcp.gemini"),
    ..openai_chat::WIRE
};
