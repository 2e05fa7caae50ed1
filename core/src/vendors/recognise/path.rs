//! The format of an endpoint.

use crate::{span::Operation, vendors::Format};

/// Ends of paths that belong to one format alone; of two that fit, the longer stands first.
const ENDS: &[(&str, Format)] = &[
    ("/chat/completions", Format::OpenAiChat),
    ("/completions", Format::OpenAiChat),
    ("/responses", Format::OpenAiResponses),
    ("/responses/compact", Format::OpenAiResponses),
    ("/api/embeddings", Format::OllamaEmbed),
    ("/embeddings", Format::OpenAiEmbeddings),
    ("/v1/messages", Format::AnthropicMessages),
    (":generateContent", Format::GoogleGenerateContent),
    (":streamGenerateContent", Format::GoogleGenerateContent),
    (":embedContent", Format::GoogleEmbedContent),
    (":batchEmbedContents", Format::GoogleEmbedContent),
    ("/converse-stream", Format::BedrockConverse),
    ("/converse", Format::BedrockConverse),
    ("/v2/chat", Format::CohereChat),
    ("/v1/chat", Format::CohereChat),
    ("/api/chat", Format::OllamaChat),
    ("/api/generate", Format::OllamaChat),
    ("/api/embed", Format::OllamaEmbed),
    ("/rerank", Format::CohereRerank),
    ("/embed", Format::CohereEmbed),
];

/// Ends of paths that speak OpenAI's format and answer messages: Mistral's agents have a path of their own.
const CHATS: [&str; 2] = ["/chat/completions", "/agents/completions"];

/// Ends of paths behind which every model speaks the format of its maker.
const MODELS: [&str; 4] = [":rawPredict", ":streamRawPredict", "/invoke", "/invoke-with-response-stream"];

/// The format of an endpoint, by its URL or path.
pub(in crate::vendors) fn by_path(url: &str) -> Option<Format> {
    let path = url.split(['?', '#']).next()?.trim_end_matches('/');
    if MODELS.iter().any(|end| path.ends_with(end)) {
        return path.contains("anthropic").then_some(Format::AnthropicMessages);
    }
    // `predict` is the method of every model of Vertex AI, and of every sort: what its body is the model tells.
    if let Some(model) = path.strip_suffix(":predict") {
        let name = model.rsplit('/').next().unwrap_or_default();
        return name.contains("embedding").then_some(Format::GoogleEmbedContent);
    }
    let (_, format) = ENDS.iter().find(|(end, _)| path.ends_with(end))?;
    let is_mistral = path.contains("://api.mistral.ai/") || path.contains("://codestral.mistral.ai/");
    Some(if *format == Format::OpenAiChat && is_mistral { Format::MistralChat } else { *format })
}

/// What a URL says of a request to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// What the request does.
    pub operation: Operation,
    /// The model, where it stands in the URL.
    pub model: Option<String>,
}

/// What the URL of a request says of it; `None` where its path belongs to no format.
pub fn endpoint_of(url: &str) -> Option<Endpoint> {
    let format = by_path(url)?;
    let path = url.split(['?', '#']).next()?.trim_end_matches('/');
    let ends = |end: &str| path.ends_with(end);
    let operation = match format {
        Format::OpenAiEmbeddings | Format::GoogleEmbedContent | Format::CohereEmbed | Format::OllamaEmbed => {
            Operation::Embeddings
        }
        Format::OllamaChat if ends("/generate") => Operation::TextCompletion,
        // Mistral's agents are asked with messages, as its models are.
        Format::OpenAiChat | Format::MistralChat if !CHATS.iter().any(|end| ends(end)) => {
            Operation::TextCompletion
        }
        Format::OpenAiResponses => Operation::Responses,
        Format::GoogleGenerateContent => Operation::GenerateContent,
        Format::CohereRerank => Operation::Rerank,
        _ => Operation::Chat,
    };
    Some(Endpoint { operation, model: model_of(path) })
}

/// The model that a path names: a deployment of Azure's, or what Google and Amazon put before the method.
fn model_of(path: &str) -> Option<String> {
    let parts = [
        ("/deployments/", '/'),
        ("/models/", ':'),
        ("/tunedModels/", ':'),
        ("/endpoints/", ':'),
        ("/model/", '/'),
    ];
    let (rest, end) = parts.iter().find_map(|(part, end)| Some((path.split_once(part)?.1, *end)))?;
    let name = rest.split(end).next().filter(|name| !name.is_empty())?;
    Some(name.replace("%3A", ":").replace("%3a", ":").replace("%2F", "/").replace("%2f", "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_tells_operation_and_model() {
        let told = |url| endpoint_of(url).map(|found| (found.operation.name(), found.model));
        let none = |operation| Some((operation, None));
        let named = |operation, model: &str| Some((operation, Some(model.to_owned())));
        assert_eq!(told("https://api.groq.com/openai/v1/chat/completions?a=b"), none("chat"));
        assert_eq!(told("https://x/v1/completions"), none("text_completion"));
        assert_eq!(told("https://x/v1/agents/completions"), none("chat"));
        assert_eq!(told("https://x/v1/fim/completions"), none("text_completion"));
        assert_eq!(told("https://x/v1/responses/compact"), none("responses"));
        assert_eq!(told("https://x/v1/chat"), none("chat"));
        assert_eq!(told("http://x/api/generate"), none("text_completion"));
        assert_eq!(told("http://x/api/embed"), none("embeddings"));
        assert_eq!(told("http://x/api/embeddings"), none("embeddings"));
        assert_eq!(told("https://x/v2/rerank/"), none("rerank"));
        assert_eq!(
            told("https://x/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse"),
            named("generate_content", "gemini-2.0-flash")
        );
        assert_eq!(
            told("/publishers/google/models/text-embedding-005:predict"),
            named("embeddings", "text-embedding-005")
        );
        assert_eq!(told("/publishers/google/models/imagen-4.0:predict"), None);
        assert_eq!(told("/tunedModels/mine:generateContent"), named("generate_content", "mine"));
        assert_eq!(told("/projects/p/endpoints/7:generateContent"), named("generate_content", "7"));
        assert_eq!(
            told("https://x/model/anthropic.claude-v1%3A0/converse"),
            named("chat", "anthropic.claude-v1:0")
        );
        assert_eq!(
            told("https://x/openai/deployments/mine/chat/completions?api-version=1"),
            named("chat", "mine")
        );
        let predict = |model| format!("https://x/v1/publishers/google/models/{model}:predict");
        let (embedding, image) = (predict("text-embedding-005"), predict("imagen-4.0"));
        assert_eq!(told(&embedding), named("embeddings", "text-embedding-005"));
        assert_eq!(told(&image), None);
        assert_eq!(told("https://x/v1/models"), None);
    }
}
