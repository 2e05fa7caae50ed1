//! OpenAI responses (`POST /responses`), whole and streamed, as OpenAI, Azure and compatible servers write
//! them. Source: the API reference, "Create a model response" and "The response object".

mod events;
mod shell;
#[cfg(test)]
mod tests;

use super::{Chunks, Format, Reading, Wire, answer::Answer, error::WireError, openai_chat::tool_definition};
use crate::{
    config::MAX_PARTS,
    json::{Node, Object},
    messages::{Conversation, Message, Part, answer, instructions, substitute_blob},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "openai_responses",
    format: Format::OpenAiResponses,
    provider: Some("openai"),
    request,
    response,
    chunks: || Box::<events::Building>::default(),
};

/// Request fields that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("model", "gen_ai.request.model"),
    ("max_output_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    // Not OpenAI's, but of servers that speak its format.
    ("top_k", "gen_ai.request.top_k"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
];

/// Reads the body of a request.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.parameters(payload, PARAMETERS);
    reading.text("gen_ai.request.reasoning.level", payload.at(&["reasoning", "effort"]));
    conversation(payload, reading);
    if reading.keep.inputs {
        let mut conversation = Conversation::read(payload.get("input"), reading.keep.messages);
        // Developers may speak in the input as well; what stands beside it comes first.
        conversation.system.splice(0..0, instructions(payload.get("instructions")));
        reading.conversation(&conversation);
    }
    let tools = payload.get("tools").items().chain(added_tools(payload.get("input")));
    reading.tools(tools, tool_definition);
}

/// Tools that the model may use from some place of the input on.
fn added_tools(input: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    input.items().filter(|item| is_tools(*item)).flat_map(|item| item.get("tools").items())
}

fn is_tools(item: Node<'_>) -> bool {
    item.get("type").is("additional_tools")
}

/// The conversation that a request or an answer belongs to. A chain of responses has no id of its own, so
/// the response that is gone on from stands for it, where there is no conversation: it ties a turn to the
/// one before, not all turns together.
fn conversation(payload: Node<'_>, reading: &mut Reading) {
    const KEY: &str = "gen_ai.conversation.id";
    let conversation = payload.get("conversation");
    reading.text(KEY, if conversation.is_object() { conversation.get("id") } else { conversation });
    if !reading.attributes.contains(KEY) {
        reading.text(KEY, payload.get("previous_response_id"));
    }
}

/// Reads the body of an answer.
fn response(payload: Node<'_>, reading: &mut Reading) {
    head(payload, reading);
    if reading.keep.outputs {
        let parts = output(payload.get("output"), reading);
        tell(parts, payload, reading);
    }
}

/// All but the content.
fn head(response: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.model", response.get("model"));
    reading.text("gen_ai.response.id", response.get("id"));
    conversation(response, reading);
    if response.get("usage").is_object() {
        reading.usage = usage(response.get("usage"));
    }
    reading.finish_reasons(finish_reason(response).into_iter().map(Into::into));
    let error = response.get("error");
    if error.is_some() {
        reading.fail(WireError::of(error));
    } else if response.get("status").is("failed") {
        reading.fail(WireError { kind: "failed".to_owned(), message: None });
    }
}

/// Why a response is over: what made it incomplete, or how it ended. Nothing while it is not.
fn finish_reason(response: Node<'_>) -> Option<String> {
    let status =
        response.get("status").words().filter(|status| !matches!(&**status, "in_progress" | "queued"));
    let reason = response.at(&["incomplete_details", "reason"]).words();
    reason.or(status).map(Into::into)
}

/// What an item of an output says. Tools that it adds say nothing, and stay as they are: what opens somebody
/// else's server is in requests alone.
fn parts_of(item: Node<'_>) -> Vec<Part<'_>> {
    if is_tools(item) { vec![Part::Other(item)] } else { answer(item).parts }
}

/// What all items of an output say together: they are one answer. Items without room are counted.
fn output<'a>(output: Node<'a>, reading: &mut Reading) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for item in output.items() {
        if parts.len() < MAX_PARTS && item.has_room() {
            parts.extend(parts_of(item));
        } else {
            reading.removed.messages += 1;
        }
    }
    reading.as_many_as_fit(parts.into_iter(), MAX_PARTS)
}

fn tell(parts: Vec<Part<'_>>, response: Node<'_>, reading: &mut Reading) {
    let message = Message::answer(parts).stopped(finish_reason(response).map(Into::into));
    if !message.parts.is_empty() {
        reading.output(&[message]);
    }
}

/// OpenAI counts cached tokens inside the input and reasoning inside the output, as the conventions do.
fn usage(usage: Node<'_>) -> Usage {
    let count = |path: &[&str]| tokens_of(usage.at(path));
    Usage {
        input: count(&["input_tokens"]),
        output: count(&["output_tokens"]),
        total: count(&["total_tokens"]),
        cache_read: count(&["input_tokens_details", "cached_tokens"]),
        cache_creation: count(&["input_tokens_details", "cache_write_tokens"]),
        reasoning: count(&["output_tokens_details", "reasoning_tokens"]),
    }
}
