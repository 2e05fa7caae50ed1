//! Which format something is in, by its shape or by the path of its endpoint.
//!
//! Formats have much in common, so the member decides that the fewest of them have. What every format has
//! (a model, messages with a role and a text) reads the same in OpenAI's chat completions, which most servers
//! speak: that is what is left when nothing decides.

mod path;
mod request;
#[cfg(test)]
mod tests;

pub(super) use path::by_path;
pub use path::{Endpoint, endpoint_of};
pub(super) use request::request;

use super::Format;
use crate::json::Node;

/// Whether there is one of several members.
fn has(payload: Node<'_>, names: &[&str]) -> bool {
    payload.any(names).is_some()
}

/// The format of a call. An answer tells more than a request; only Mistral's looks like OpenAI's.
pub(super) fn agreed(requested: Option<Format>, answered: Option<Format>) -> Option<Format> {
    match (requested, answered) {
        (Some(Format::MistralChat), Some(Format::OpenAiChat)) => requested,
        _ => answered.or(requested),
    }
}

/// The format of an answer.
pub(super) fn response(payload: Node<'_>) -> Option<Format> {
    let is = |name: &str, word: &str| payload.get(name).is(word);
    if payload.has("choices") || is("object", "chat.completion") || is("object", "text_completion") {
        return Some(Format::OpenAiChat);
    }
    if is("object", "response") || has(payload, &["incomplete_details", "previous_response_id"]) {
        return Some(Format::OpenAiResponses);
    }
    if is("type", "message") || has(payload, &["stop_reason"]) {
        return Some(Format::AnthropicMessages);
    }
    if has(payload, &["candidates", "usageMetadata", "usage_metadata", "promptFeedback", "prompt_feedback"]) {
        // Vectors are counted by the same name.
        let is_vector = vectors(payload) == Some(Format::GoogleEmbedContent);
        return Some(if is_vector { Format::GoogleEmbedContent } else { Format::GoogleGenerateContent });
    }
    if has(payload, &["stopReason"]) || payload.at(&["output", "message"]).is_object() {
        return Some(Format::BedrockConverse);
    }
    if has(payload, &["done", "done_reason", "eval_count", "prompt_eval_count", "total_duration"]) {
        return Some(Format::OllamaChat);
    }
    vectors(payload).or_else(|| talk(payload))
}

/// The format of an answer that holds vectors, or ranks.
fn vectors(payload: Node<'_>) -> Option<Format> {
    let first = |name: &str| payload.get(name).items().next().unwrap_or(Node::MISSING);
    if has(first("data"), &["embedding"]) {
        return Some(Format::OpenAiEmbeddings);
    }
    if has(first("results"), &["relevance_score"]) {
        return Some(Format::CohereRerank);
    }
    if payload.get("embeddings").is_object() || has(payload, &["response_type"]) {
        return Some(Format::CohereEmbed);
    }
    // Vertex AI's predictions may be of anything; only those of texts have vectors.
    let holders = [first("embeddings"), payload.get("embedding"), first("predictions").get("embeddings")];
    if holders.iter().any(|holder| has(*holder, &["values"])) {
        return Some(Format::GoogleEmbedContent);
    }
    let is_bare = first("embeddings").is_array() || payload.get("embedding").is_array();
    is_bare.then_some(Format::OllamaEmbed)
}

/// The format of an answer in words that has nothing of its own but where the words stand.
fn talk(payload: Node<'_>) -> Option<Format> {
    let billed = payload.at(&["usage", "billed_units"]);
    // The first version of Cohere's chat.
    let has_history =
        has(payload, &["event_type", "generation_id"]) || payload.get("chat_history").is_array();
    if billed.is_some()
        || has_history
        || (payload.get("message").is_object() && has(payload, &["finish_reason"]))
    {
        return Some(Format::CohereChat);
    }
    let output = payload.get("output");
    if output.items().any(|item| item.get("type").is_string()) {
        return Some(Format::OpenAiResponses);
    }
    let counts = ["input_tokens", "output_tokens", "total_tokens"];
    let is_neutral = output.is_some()
        || has(payload, &["messages", "output_messages"])
        || has(payload.get("usage"), &counts);
    is_neutral.then_some(Format::Neutral)
}

/// The format of a piece of a streamed answer.
pub(super) fn chunk(payload: Node<'_>) -> Option<Format> {
    const BEDROCK: [&str; 6] = [
        "messageStart",
        "contentBlockStart",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "contentBlockIndex",
    ];
    if payload.has("choices") {
        return Some(Format::OpenAiChat);
    }
    if let Some(format) = payload.get("type").str().and_then(|kind| event(&kind)) {
        return Some(format);
    }
    if has(payload, &BEDROCK) || has(payload.get("metadata"), &["usage", "metrics"]) {
        return Some(Format::BedrockConverse);
    }
    response(payload)
}

/// Whether a piece of an answer of which nothing else is known says what the neutral format says.
pub(super) fn is_neutral_piece(piece: Node<'_>) -> bool {
    has(piece, &["text", "reasoning", "tool_call", "part"])
}

/// Whether a text may be the beginning of a stream's: events or JSON. Anything else is what a model said.
pub(super) fn may_be_wire(text: &str) -> bool {
    const FIELDS: [&str; 7] = ["data:", "event:", "id:", "retry:", ":", "{", "["];
    let text = text.trim_start_matches('\u{feff}').trim_start();
    FIELDS.iter().any(|field| text.starts_with(field))
}

/// The format of an event by its type: dots are OpenAI's, underscores Anthropic's, hyphens Cohere's.
fn event(kind: &str) -> Option<Format> {
    const ANTHROPIC: [&str; 4] = ["message_", "content_block_", "ping", "vertex_event"];
    const COHERE: [&str; 4] = ["message-", "content-", "tool-", "citation-"];
    let begins = |with: &[&str]| with.iter().any(|with| kind.starts_with(with));
    if kind.starts_with("response.") {
        Some(Format::OpenAiResponses)
    } else if begins(&ANTHROPIC) {
        Some(Format::AnthropicMessages)
    } else if begins(&COHERE) {
        Some(Format::CohereChat)
    } else {
        None
    }
}
