//! Who is behind an endpoint, and who made a span.

/// `sentry.origin` of a span that the integration of that name made; `manual` where there is none.
pub fn origin_of(integration: Option<&str>) -> &'static str {
    match integration {
        Some("openai") => "auto.ai.openai",
        Some("anthropic") => "auto.ai.anthropic",
        Some("google_genai") => "auto.ai.google_genai",
        Some("openai_agents") => "auto.ai.openai_agents",
        Some("langchain") => "auto.ai.langchain",
        Some("langgraph") => "auto.ai.langgraph",
        Some("litellm") => "auto.ai.litellm",
        Some("pydantic_ai") => "auto.ai.pydantic_ai",
        Some("cohere") => "auto.ai.cohere",
        Some("mistralai") => "auto.ai.mistralai",
        Some("bedrock") => "auto.ai.bedrock",
        Some("ollama") => "auto.ai.ollama",
        Some("huggingface_hub") => "auto.ai.huggingface_hub",
        Some("httpx") => "auto.ai.httpx",
        Some("mcp") => "auto.ai.mcp",
        _ => "manual",
    }
}

/// The provider behind an endpoint, by the well-known names of the conventions.
pub(crate) fn provider_of_host(host: &str) -> Option<&'static str> {
    /// Ends of host names, and the names that OpenTelemetry's `gen_ai.provider.name` gives their owners.
    const PROVIDERS: &[(&str, &str)] = &[
        ("api.openai.com", "openai"),
        ("openai.azure.com", "azure.ai.openai"),
        ("services.ai.azure.com", "azure.ai.inference"),
        ("api.anthropic.com", "anthropic"),
        ("generativelanguage.googleapis.com", "gcp.gemini"),
        ("aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("api.groq.com", "groq"),
        ("api.cohere.com", "cohere"),
        ("api.cohere.ai", "cohere"),
        ("api.deepseek.com", "deepseek"),
        ("api.mistral.ai", "mistral_ai"),
        ("api.perplexity.ai", "perplexity"),
        ("api.x.ai", "x_ai"),
        ("huggingface.co", "huggingface"),
        ("endpoints.huggingface.cloud", "huggingface"),
    ];
    PROVIDERS
        .iter()
        .find(|(end, _)| {
            // `us-central1-aiplatform.googleapis.com`: Google puts the region before a hyphen.
            let is_end = |rest: &str| {
                rest.is_empty()
                    || rest.ends_with('.')
                    || (end.starts_with("aiplatform") && rest.ends_with('-'))
            };
            host.strip_suffix(end).is_some_and(is_end)
        })
        .map(|(_, provider)| *provider)
        .or_else(|| {
            // Its own API, and those of models' makers that it speaks as well.
            let is_bedrock = (host.starts_with("bedrock-runtime.") && host.contains(".amazonaws.com"))
                || (host.starts_with("bedrock-mantle.") && host.ends_with(".api.aws"));
            is_bedrock.then_some("aws.bedrock")
        })
}

/// The provider that a framework calls by a name of its own; other names are taken as they are. `LiteLLM` is none: it
/// asks others, and what goes over the wire tells whom.
pub(crate) fn provider_named(name: &str) -> Option<&str> {
    Some(match name {
        "litellm" | "litellm_proxy" => return None,
        "azure" | "azure_text" => "azure.ai.openai",
        "azure_ai" => "azure.ai.inference",
        "text-completion-openai" => "openai",
        "gemini" | "google" | "google_genai" => "gcp.gemini",
        "vertex_ai" | "vertex_ai_beta" | "google-cloud" | "google_vertexai" => "gcp.vertex_ai",
        "bedrock" | "bedrock_converse" | "bedrock-mantle" | "amazon_bedrock" => "aws.bedrock",
        "cohere_chat" => "cohere",
        "mistral" | "codestral" => "mistral_ai",
        "ollama_chat" => "ollama",
        "watsonx" | "watsonx_text" => "ibm.watsonx.ai",
        "xai" => "x_ai",
        _ => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_one_name() {
        assert_eq!(provider_named("vertex_ai"), Some("gcp.vertex_ai"));
        assert_eq!(provider_named("anthropic"), Some("anthropic"));
        assert_eq!(provider_named("litellm"), None);
    }

    #[test]
    fn a_provider_is_told_by_its_whole_domain() {
        assert_eq!(provider_of_host("my-thing.openai.azure.com"), Some("azure.ai.openai"));
        assert_eq!(provider_of_host("us-central1-aiplatform.googleapis.com"), Some("gcp.vertex_ai"));
        assert_eq!(provider_of_host("bedrock-runtime.us-east-1.amazonaws.com"), Some("aws.bedrock"));
        assert_eq!(provider_of_host("bedrock-mantle.us-east-1.api.aws"), Some("aws.bedrock"));
        assert_eq!(provider_of_host("evil-api.openai.com.example.org"), None);
        assert_eq!(provider_of_host("fakeapi.openai.com"), None);
    }
}
