//! Vendors' wire JSON -> what a span says of it. One file a format; every reader is total.

mod answer;
mod anthropic_messages;
mod bedrock_converse;
mod cohere;
mod error;
mod events;
mod frames;
mod google_embed_content;
mod google_generate_content;
mod hugging_face;
mod mistral_chat;
mod neutral;
mod numbered;
mod ollama_chat;
mod ollama_embed;
mod openai_chat;
mod openai_embeddings;
mod openai_responses;
mod provider;
mod reading;
mod recognise;
#[cfg(test)]
mod testing;
mod transcript;

use std::fmt;

pub use {
    provider::origin_of,
    recognise::{Endpoint, endpoint_of},
};
pub(crate) use {
    provider::provider_named, provider::provider_of_host, reading::Reading, transcript::Transcript,
};

use crate::{error::UnknownFormat, json::Node};

/// A wire format that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenAI chat completions (and the older text completions), and the many servers that speak them.
    OpenAiChat,
    /// OpenAI responses.
    OpenAiResponses,
    /// OpenAI embeddings.
    OpenAiEmbeddings,
    /// Anthropic messages.
    AnthropicMessages,
    /// Google `generateContent` and `streamGenerateContent`.
    GoogleGenerateContent,
    /// Google `embedContent` and `batchEmbedContents`.
    GoogleEmbedContent,
    /// Cohere chat, version 2, and the one before it.
    CohereChat,
    /// Cohere embed, version 2.
    CohereEmbed,
    /// Cohere rerank, version 2.
    CohereRerank,
    /// Mistral chat completions.
    MistralChat,
    /// Amazon Bedrock `Converse` and `ConverseStream`.
    BedrockConverse,
    /// Ollama chat and generate.
    OllamaChat,
    /// Ollama embed, and the embeddings before it.
    OllamaEmbed,
    /// Text generation of Hugging Face's servers.
    TextGeneration,
    /// Feature extraction of Hugging Face's servers: what a text is as a vector.
    FeatureExtraction,
    /// The names of this API, for frameworks that have a shape of their own.
    ///
    /// - A request is the arguments of a call: `model`, `provider`, `messages` or `input`,
    ///   `system_instructions`, `tools`, `temperature`, `max_tokens`, and the others by their names. Messages
    ///   are `{role, parts}` or `{role, content}`. `operation: "embeddings"` makes `input` what is embedded.
    /// - A response has `output` (a text or messages), `model`, `id`, `conversation_id`, `finish_reasons`,
    ///   `usage` (by the names of `set_usage`) and `error` (`type`, `message`); a text alone is its output.
    /// - A chunk is a text, or has `text`, `reasoning`, `tool_call` (`id`, `name`, `arguments`, `index`; the
    ///   arguments may come in bits), `part`, or any member of a response but `output`.
    Neutral,
}

/// What a caller says of a request: its format, or the endpoint that it went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// How it is written, where that was told; else its shape tells.
    pub format: Option<Format>,
    /// Whose the endpoint is, where its host is well known: many speak OpenAI's formats.
    pub provider: Option<&'static str>,
}

impl From<Format> for Stated {
    fn from(format: Format) -> Self {
        Self { format: Some(format), provider: None }
    }
}

/// How a format is read.
struct Wire {
    name: &'static str,
    format: Format,
    /// Whose it is, where the endpoint does not say otherwise.
    provider: Option<&'static str>,
    request: fn(Node<'_>, &mut Reading),
    response: fn(Node<'_>, &mut Reading),
    chunks: fn() -> Box<dyn Chunks>,
}

/// Takes a streamed answer piece by piece.
trait Chunks: Copied + Send {
    /// Takes one piece; true when it brings content (the first one often names only the role).
    fn push(&mut self, chunk: Node<'_>) -> bool;

    /// Tells what came, as if it had come at once.
    fn finish(self: Box<Self>, reading: &mut Reading);
}

/// A copy of what nobody knows the type of.
trait Copied {
    fn copied(&self) -> Box<dyn Chunks>;
}

impl<T: Chunks + Clone + 'static> Copied for T {
    fn copied(&self) -> Box<dyn Chunks> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Chunks> {
    fn clone(&self) -> Self {
        (**self).copied()
    }
}

/// Without what came: as a part of the trait this would link the `Debug` of everything that any format gathers.
impl fmt::Debug for dyn Chunks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Chunks")
    }
}

#[rustfmt::skip]
const WIRES: [Wire; 16] = [
    openai_chat::WIRE,
    openai_responses::WIRE,
    openai_embeddings::WIRE,
    anthropic_messages::WIRE,
    google_generate_content::WIRE,
    google_embed_content::WIRE,
    cohere::CHAT,
    cohere::EMBED,
    cohere::RERANK,
    mistral_chat::WIRE,
    bedrock_converse::WIRE,
    ollama_chat::WIRE,
    ollama_embed::WIRE,
    hugging_face::GENERATION,
    hugging_face::EXTRACTION,
    neutral::WIRE,
];

impl Format {
    /// The format by its name in the API (`openai_chat`), or by the URL or path of its endpoint. `None` where
    /// none is given, which leaves it to the shape of what is recorded.
    ///
    /// # Errors
    /// A name that is no URL and that nobody here reads.
    pub fn find(name: Option<&str>) -> Result<Option<Stated>, UnknownFormat> {
        let Some(name) = name else { return Ok(None) };
        if name.contains('/') {
            let provider = host_of(name).and_then(provider_of_host);
            return Ok(Some(Stated { format: recognise::by_path(name), provider }));
        }
        match WIRES.iter().find(|wire| wire.name == name) {
            Some(wire) => Ok(Some(wire.format.into())),
            None => {
                Err(UnknownFormat { name: name.to_owned(), allowed: WIRES.map(|wire| wire.name).join(", ") })
            }
        }
    }

    fn wire(self) -> &'static Wire {
        WIRES.iter().find(|wire| wire.format == self).unwrap_or(&neutral::WIRE)
    }
}

/// The host of a URL, without its port; `None` where it names none.
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    host.split(':').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named() {
        let chat = Some(Format::OpenAiChat);
        let stated = |format, provider| Ok(Some(Stated { format, provider }));
        assert_eq!(Format::find(None), Ok(None));
        assert_eq!(Format::find(Some("openai_chat")), stated(chat, None));
        assert_eq!(
            Format::find(Some("https://api.groq.com:443/openai/v1/chat/completions")),
            stated(chat, Some("groq"))
        );
        assert_eq!(Format::find(Some("http://localhost/v1/chat/completions")), stated(chat, None));
        assert_eq!(Format::find(Some("/teapot")), stated(None, None));
        assert!(
            Format::find(Some("soap")).unwrap_err().to_string().contains("openai_chat, openai_responses")
        );
    }

    #[test]
    fn every_format_has_one_reader() {
        for wire in &WIRES {
            assert_eq!(wire.format.wire().name, wire.name);
        }
    }
}
