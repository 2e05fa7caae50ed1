//! Which format something is in, by its shape or by the path of its endpoint.

use super::Format;
use crate::json::Node;

/// Parts of paths that belong to one format alone, the longer ones first.
const PATHS: &[(&str, Format)] = &[
    ("/chat/completions", Format::OpenAiChat),
    ("/completions", Format::OpenAiChat),
    ("/responses", Format::OpenAiResponses),
    ("/embeddings", Format::OpenAiEmbeddings),
    ("/v1/messages", Format::AnthropicMessages),
    (":generateContent", Format::GoogleGenerateContent),
    (":streamGenerateContent", Format::GoogleGenerateContent),
    (":embedContent", Format::GoogleEmbedContent),
    (":batchEmbedContents", Format::GoogleEmbedContent),
    ("/converse-stream", Format::BedrockConverse),
    ("/converse", Format::BedrockConverse),
    ("/v2/chat", Format::CohereChat),
    ("/api/chat", Format::OllamaChat),
    ("/api/generate", Format::OllamaChat),
    ("/api/embed", Format::OllamaChat),
    ("/rerank", Format::CohereRerank),
    ("/embed", Format::CohereEmbed),
];

/// The format of an endpoint, by its URL or path.
pub(super) fn by_path(url: &str) -> Option<Format> {
    let path = url.split(['?', '#']).next()?;
    let (_, format) = PATHS.iter().find(|(end, _)| path.ends_with(end))?;
    if *format == Format::OpenAiChat && path.contains("api.mistral.ai") {
        return Some(Format::MistralChat);
    }
    Some(*format)
}

/// The format of a request, by the members that only it has.
pub(super) fn request(payload: Node<'_>) -> Option<Format> {
    let has = |name: &str| payload.get(name).is_some();
    (has("messages") || has("prompt")).then_some(Format::OpenAiChat)
}

/// The format of an answer.
pub(super) fn response(payload: Node<'_>) -> Option<Format> {
    payload.has("choices").then_some(Format::OpenAiChat)
}

/// The format of a piece of a streamed answer.
pub(super) fn chunk(payload: Node<'_>) -> Option<Format> {
    payload.has("choices").then_some(Format::OpenAiChat)
}
