//! The format of a request.

use super::has;
use crate::{json::Node, vendors::Format};

/// Messages that are looked at: a long conversation is of one format.
const LOOKED_AT: usize = 16;

/// Members that only one format has. A format of which another has a part stands behind it.
const OWN: &[(Format, &[&str])] = &[
    (
        Format::GoogleGenerateContent,
        &["contents", "systemInstruction", "system_instruction", "generationConfig", "generation_config"],
    ),
    (
        Format::BedrockConverse,
        &["modelId", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields"],
    ),
    (Format::CohereEmbed, &["texts", "embedding_types"]),
    (Format::CohereChat, &["safety_mode", "citation_options", "strict_tools"]),
    (Format::MistralChat, &["safe_prompt", "random_seed", "prompt_mode"]),
    (Format::OllamaChat, &["options", "keep_alive", "think", "raw", "template"]),
    (Format::AnthropicMessages, &["anthropic_version", "anthropic_beta", "output_config"]),
    (Format::Neutral, &["system_instructions", "reasoning_level"]),
    (Format::OpenAiResponses, &["previous_response_id", "instructions", "max_output_tokens", "conversation"]),
];

/// The format of a request.
pub(in crate::vendors) fn request(payload: Node<'_>) -> Option<Format> {
    if has(payload, &["query"]) && has(payload, &["documents"]) {
        return Some(Format::CohereRerank);
    }
    let first = payload.get("requests").items().next().unwrap_or(payload);
    let instance = payload.get("instances").items().next().unwrap_or(Node::MISSING);
    if first.get("content").is_object() || instance.get("content").is_string() {
        return Some(Format::GoogleEmbedContent);
    }
    if let Some((format, _)) = OWN.iter().find(|(_, names)| has(payload, names)) {
        return Some(*format);
    }
    if payload.get("message").is_string() && has(payload, &["chat_history", "preamble", "connectors"]) {
        return Some(Format::CohereChat);
    }
    if payload.get("messages").is_some() {
        return Some(chat(payload));
    }
    if payload.get("input").is_some() {
        return Some(input(payload));
    }
    match payload.get("prompt") {
        prompt if prompt.is_object() => Some(Format::OpenAiResponses),
        prompt if prompt.is_some() => Some(Format::OpenAiChat),
        _ => None,
    }
}

/// The format of a request with messages.
fn chat(payload: Node<'_>) -> Format {
    let messages = payload.get("messages").items().take(LOOKED_AT);
    let of_content = |message: Node<'_>| message.get("content").items().take(LOOKED_AT).find_map(block);
    let told = messages.clone().find_map(of_message).or_else(|| messages.clone().find_map(of_content));
    if let Some(format) = told {
        return format;
    }
    let thinking = payload.get("thinking");
    let has_schema = payload.get("tools").items().any(|tool| has(tool, &["input_schema"]));
    if has(payload, &["system"]) || has_schema || has(thinking, &["budget_tokens"]) {
        return Format::AnthropicMessages;
    }
    if has(payload, &["k", "p", "documents"]) || has(thinking, &["token_budget"]) {
        return Format::CohereChat;
    }
    if payload.get("provider").is_string() {
        return Format::Neutral;
    }
    let is_claude = payload.get("model").str().is_some_and(|model| model.starts_with("claude"));
    // Anthropic asks for a limit, and nobody else calls its models by their bare names and sets one.
    if is_claude && has(payload, &["max_tokens"]) {
        return Format::AnthropicMessages;
    }
    Format::OpenAiChat
}

/// The format that a message is in by members of its own.
fn of_message(message: Node<'_>) -> Option<Format> {
    if message.get("parts").is_array() {
        return Some(Format::Neutral);
    }
    if has(message, &["tool_plan"]) {
        return Some(Format::CohereChat);
    }
    let has_images = message.get("images").items().any(Node::is_string);
    (has_images || has(message, &["tool_name"])).then_some(Format::OllamaChat)
}

/// The format that a block of a content is in.
fn block(block: Node<'_>) -> Option<Format> {
    const BEDROCK: [&str; 7] =
        ["text", "toolUse", "toolResult", "image", "document", "reasoningContent", "cachePoint"];
    let Some(kind) = block.get("type").str() else {
        return (block.is_object() && has(block, &BEDROCK)).then_some(Format::BedrockConverse);
    };
    match &*kind {
        "tool_use" | "tool_result" | "redacted_thinking" | "server_tool_use" => {
            Some(Format::AnthropicMessages)
        }
        "image" | "document" if has(block, &["source"]) => Some(Format::AnthropicMessages),
        "thinking" if has(block, &["signature"]) => Some(Format::AnthropicMessages),
        // Mistral's address of an image is a text, OpenAI's an object.
        "image_url" if block.get("image_url").is_string() => Some(Format::MistralChat),
        "document_url" => Some(Format::MistralChat),
        _ => None,
    }
}

/// The format of a request with an input: something to embed, or to answer.
fn input(payload: Node<'_>) -> Format {
    const EMBEDDINGS: [&str; 3] = ["dimensions", "encoding_format", "input_type"];
    const RESPONSES: [&str; 9] =
        ["reasoning", "text", "include", "store", "tools", "stream", "temperature", "top_p", "background"];
    let input = payload.get("input");
    if payload.get("truncate").bool().is_some() {
        return Format::OllamaEmbed;
    }
    let is_plain = input.items().next().is_some_and(|item| !item.is_object());
    if has(payload, &EMBEDDINGS) || is_plain {
        return Format::OpenAiEmbeddings;
    }
    if payload.get("provider").is_string() {
        return Format::Neutral;
    }
    let is_embedding = payload.get("model").str().is_some_and(|model| model.contains("embed"));
    if is_embedding && !has(payload, &RESPONSES) { Format::OpenAiEmbeddings } else { Format::OpenAiResponses }
}
