//! The neutral format: the names of this API as JSON, for frameworks that have a shape of their own. An
//! integration turns what its framework says into this instead of teaching the core one more vendor.
//!
//! **Request**: the arguments of the API's calls (`span/kind.rs`), as in
//! `{"model", "provider", "messages", "system_instructions", "tools", "temperature", "max_tokens", ...}`.
//! `messages` (or `input`) is a text, a message or a list of them; a message is `{"role", "parts": [...]}`, as
//! the conventions have it, or `{"role", "content"}` with the content of any vendor. `operation` (`embeddings`)
//! says what the request is for, where it is no chat: then `input` is what is embedded.
//!
//! **Response**: `{"output", "model", "id", "conversation_id", "finish_reasons", "usage": {"input_tokens",
//! "output_tokens", "total_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
//! "reasoning_output_tokens"}}`. `output` (or `messages`) is as above, `finish_reasons` a text or a list. An
//! answer that is a text or a list of messages alone is its output. `error` is `{"type", "message"}`.
//!
//! **Chunks**: a text, or `{"text"}`, `{"reasoning"}`, `{"tool_call": {"id", "name", "arguments", "index"}}`,
//! `{"part": {...}}`, and the other members of a response, in the order in which they come. A call goes on
//! with the pieces that bring its `index`, its `id`, or neither and no name; a name comes once, arguments as
//! text in bits or as structure at once. Of counts, the last ones win.

mod pieces;
#[cfg(test)]
mod tests;

use super::{Chunks, Format, Reading, Wire, answer::Answer, openai_chat::tool_definition};
use crate::{
    attributes::{Value, registry::Known},
    config::MAX_MESSAGES,
    json::{Node, Sort},
    messages::{Conversation, Message, answers, instructions},
    span::{Argument, Kind, Operation, Usage, argument},
};

pub(super) const WIRE: Wire = Wire {
    name: "neutral",
    format: Format::Neutral,
    provider: None,
    request,
    response,
    chunks: || Box::<pieces::Pieces>::default(),
};

/// Reads a request.
fn request(payload: Node<'_>, reading: &mut Reading) {
    let operation = payload.get("operation").str();
    let kind = operation.and_then(|operation| Kind::of_call(&operation).ok());
    let kind = kind.unwrap_or(Kind::Request(Operation::Chat));
    let (mut input, mut system) = (Node::MISSING, Node::MISSING);
    for (name, value) in payload.members().filter(|(_, value)| value.is_some()) {
        match argument(&kind, &name.text()) {
            Some(Argument::Attribute(key)) => attribute(key, value, reading),
            Some(Argument::Input) => input = value,
            Some(Argument::System) => system = value,
            // What is said of a span by hand, not by a framework.
            Some(Argument::Attributes | Argument::ToAgent | Argument::Policy | Argument::Provider) | None => {
            }
        }
    }
    if reading.keep.inputs {
        let mut conversation = match input.sort() {
            Sort::Missing => Conversation::default(),
            _ => Conversation::read(input, reading.keep.messages),
        };
        conversation.system.splice(0..0, instructions(system));
        reading.conversation(&conversation);
    }
}

/// An argument that is an attribute; those that hold content are subject to policy.
fn attribute(key: Known, value: Node<'_>, reading: &mut Reading) {
    match key.name() {
        "gen_ai.tool.definitions" if value.is_array() => reading.tools(value.items(), tool_definition),
        "gen_ai.tool.definitions" | "gen_ai.tool.call.arguments" | "gen_ai.embeddings.input" => {
            reading.content(key, value);
        }
        _ => {
            if let Some(value) = Value::from_node(value) {
                reading.attributes.set(key, value);
            }
        }
    }
}

/// Members of a response that are attributes as they are.
const HEAD: [(&str, &str); 3] = [
    ("model", "gen_ai.response.model"),
    ("id", "gen_ai.response.id"),
    ("conversation_id", "gen_ai.conversation.id"),
];

/// Reads a response.
fn response(payload: Node<'_>, reading: &mut Reading) {
    for (name, key) in HEAD {
        reading.text(key, payload.get(name));
    }
    if payload.get("usage").is_object() {
        reading.usage = Usage::from_api(payload.get("usage"));
    }
    let output =
        if payload.is_object() { payload.any(&["output", "messages", "output_messages"]) } else { payload };
    let mut messages = if reading.keep.outputs { answers(output) } else { Vec::new() };
    let reasons = payload.any(&["finish_reasons", "finish_reason"]);
    let given: Vec<Node<'_>> =
        reasons.items().chain(reasons.is_string().then_some(reasons)).take(MAX_MESSAGES).collect();
    // Of several messages the last ones are those that the model stopped after.
    for (message, reason) in messages.iter_mut().rev().zip(given.iter().rev()) {
        message.finish_reason = message.finish_reason.take().or_else(|| reason.words());
    }
    reading.finish_reasons(given.iter().filter_map(|reason| reason.str()));
    if given.is_empty() {
        reading.finish_reasons(messages.iter().filter_map(|message| message.finish_reason.clone()));
    }
    messages.iter_mut().for_each(|message| message.parts.retain(|part| !part.is_empty()));
    messages.retain(|message: &Message<'_>| !message.parts.is_empty());
    reading.output(&messages);
}
