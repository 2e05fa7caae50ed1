//! The format of an endpoint.

use crate::vendors::Format;

/// Ends of paths that belong to one format alone; of two that fit, the longer stands first.
const ENDS: &[(&str, Format)] = &[
    ("/chat/completions", Format::OpenAiChat),
    ("/completions", Format::OpenAiChat),
    ("/responses", Format::OpenAiResponses),
    ("/api/embeddings", Format::OllamaChat),
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

/// Ends of paths behind which every model speaks the format of its maker.
const MODELS: [&str; 4] = [":rawPredict", ":streamRawPredict", "/invoke", "/invoke-with-response-stream"];

/// The format of an endpoint, by its URL or path.
pub(in crate::vendors) fn by_path(url: &str) -> Option<Format> {
    let path = url.split(['?', '#']).next()?.trim_end_matches('/');
    if MODELS.iter().any(|end| path.ends_with(end)) {
        return path.contains("anthropic").then_some(Format::AnthropicMessages);
    }
    let (_, format) = ENDS.iter().find(|(end, _)| path.ends_with(end))?;
    let is_mistral = path.contains("://api.mistral.ai/") || path.contains("://codestral.mistral.ai/");
    Some(if *format == Format::OpenAiChat && is_mistral { Format::MistralChat } else { *format })
}
