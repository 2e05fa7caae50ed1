//! Vendors' wire JSON -> what a span says of it. One file a format; every reader is total.

mod openai_chat;
mod stream;

use serde_json::Value;

pub(crate) use stream::Transcript;

use crate::{
    attributes::Attributes,
    error::UnknownFormat,
    messages::{Message, Part},
    span::Usage,
};

/// A wire format that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenAI chat completions, and the many servers that speak it.
    OpenAiChat,
}

impl Format {
    /// The format by its name in the API.
    ///
    /// # Errors
    /// Nobody here reads a format of that name.
    pub fn find(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "openai_chat" => Ok(Self::OpenAiChat),
            _ => Err(UnknownFormat { name: name.to_owned(), allowed: "openai_chat".to_owned() }),
        }
    }

    /// The format that a request or response has the shape of.
    fn recognise(payload: &Value) -> Option<Self> {
        let has = |key: &str| payload.get(key).is_some();
        (has("messages") || has("choices")).then_some(Self::OpenAiChat)
    }
}

/// What the wire said of one call.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub attributes: Attributes,
    pub usage: Usage,
    pub provider: Option<&'static str>,
    pub system: Vec<Part>,
    pub input: Vec<Message>,
    pub output: Vec<Message>,
    pub tools: Vec<Value>,
    pub error: Option<WireError>,
}

/// A vendor's error object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WireError {
    pub kind: String,
    pub message: Option<String>,
}

impl WireError {
    /// `{"error": {"type", "code", "message"}}`, or the error as a text.
    fn read(payload: &Value) -> Option<Self> {
        let error = payload.get("error").filter(|error| !error.is_null())?;
        let text = |key: &str| error.get(key).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            kind: text("type").or_else(|| text("code")).unwrap_or_else(|| "error".to_owned()),
            message: text("message").or_else(|| error.as_str().map(str::to_owned)),
        })
    }
}

/// `sentry.origin` of a span that the integration of that name made; `manual` where there is none.
pub fn origin_of(integration: Option<&str>) -> &'static str {
    match integration {
        Some("openai") => "auto.ai.openai",
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
        ("api.groq.com", "groq"),
        ("api.deepseek.com", "deepseek"),
        ("api.mistral.ai", "mistral_ai"),
        ("api.perplexity.ai", "perplexity"),
        ("api.x.ai", "x_ai"),
    ];
    PROVIDERS
        .iter()
        .find(|(end, _)| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
        .map(|(_, provider)| *provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named_or_recognised() {
        assert_eq!(Format::find("openai_chat"), Ok(Format::OpenAiChat));
        assert!(Format::find("soap").unwrap_err().to_string().contains("openai_chat"));
        assert_eq!(Format::recognise(&serde_json::json!({"messages": []})), Some(Format::OpenAiChat));
        assert_eq!(Format::recognise(&serde_json::json!([1])), None);
    }

    #[test]
    fn a_provider_is_told_by_its_whole_domain() {
        assert_eq!(provider_of_host("my-thing.openai.azure.com"), Some("azure.ai.openai"));
        assert_eq!(provider_of_host("evil-api.openai.com.example.org"), None);
        assert_eq!(provider_of_host("fakeapi.openai.com"), None);
    }
}
