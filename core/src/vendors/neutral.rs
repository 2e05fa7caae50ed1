//! TODO by its helper.

use super::{Format, Wire, openai_chat};

pub(super) const WIRE: Wire =
    Wire { name: "neutral", format: Format::Neutral, provider: None, ..openai_chat::WIRE };
