//! Cohere's API, version 2: chat, embed and rerank, and how all of them count; the chat of version 1.
//! Source: the API reference, "Chat", "Embed" and "Rerank", and the types of the `cohere` packages.

mod chat;
mod chunks;
mod embed;
mod rerank;
#[cfg(test)]
mod tests;
mod v1;

use super::{Chunks, Format, Reading, Wire, answer::Answer, error::WireError};
use crate::{
    json::Node,
    span::{Usage, tokens_of},
};

pub(super) use {chat::WIRE as CHAT, embed::WIRE as EMBED, rerank::WIRE as RERANK};

/// Counts as the conventions want them. `tokens` is what went through the model; `billed_units` leaves out
/// what Cohere itself puts around a prompt, so it stands in only where that is all there is, as in embed.
/// Cached tokens are some of the prompt's. Search units, which rerank is billed by, are no tokens.
fn usage(counts: Node<'_>) -> Usage {
    let count = |name| ["tokens", "billed_units"].iter().find_map(|of| tokens_of(counts.at(&[of, name])));
    Usage {
        input: count("input_tokens"),
        output: count("output_tokens"),
        cache_read: tokens_of(counts.get("cached_tokens")),
        ..Usage::default()
    }
}

/// The failure that a reason to stop stands for: the answer came, and the generation failed nevertheless.
fn failure(reason: Node<'_>, message: Node<'_>) -> Option<WireError> {
    let reason = reason.words().filter(|reason| reason.starts_with("ERROR") || reason == "TIMEOUT");
    let message = message.words();
    if reason.is_none() && message.is_none() {
        return None;
    }
    Some(WireError {
        kind: reason.unwrap_or_else(|| "ERROR".into()).into_owned(),
        message: message.map(Into::into),
    })
}
