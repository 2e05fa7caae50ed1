//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire =
    Wire { name: "ollama_chat", format: Format::OllamaChat, provider: Some("ollama"), ..openai_chat::WIRE };
