//! Anthropic messages (`POST /v1/messages`), whole and streamed, as Anthropic, Bedrock, Vertex AI and the
//! servers that speak its format write them. Source: the API reference, "Create a Message".

mod events;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{Chunks, Format, Reading, Wire, answer::Answer};
use crate::{
    json::{Node, Object},
    messages::{Conversation, Message, Part, instructions, read_parts},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "anthropic_messages",
    format: Format::AnthropicMessages,
    provider: Some("anthropic"),
    request,
    response,
    chunks: || Box::<events::Building>::default(),
};

/// Request fields that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("model", "gen_ai.request.model"),
    ("max_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("top_k", "gen_ai.request.top_k"),
    ("stop_sequences", "gen_ai.request.stop_sequences"),
];

/// Reads the body of a request.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.parameters(payload, PARAMETERS);
    // `thinking.budget_tokens` is a number of tokens: to call it a level would be ours, not the caller's.
    reading.text("gen_ai.request.reasoning.level", payload.at(&["output_config", "effort"]));
    if reading.keep.inputs {
        let mut conversation = Conversation::read(payload.get("messages"), reading.keep.messages);
        // The system may speak among the messages as well; what stands beside them comes first.
        conversation.system.splice(0..0, instructions(payload.get("system")));
        reading.conversation(&conversation);
    }
    reading.tools(payload.get("tools").items(), tool_definition);
}

/// A tool of the caller in the shape that the conventions show; Anthropic's own tools as they are.
fn tool_definition(out: &mut String, tool: Node<'_>) {
    if !tool.get("input_schema").is_object() {
        return tool.write(out);
    }
    let mut definition = Object::begin(out).text("type", "function");
    for (key, value) in tool.members() {
        definition = match &*key.text() {
            "type" => definition,
            "input_schema" => definition.entry("parameters", value),
            name => definition.entry(name, value),
        };
    }
    definition.end();
}

/// Reads the body of an answer.
fn response(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.model", payload.get("model"));
    reading.text("gen_ai.response.id", payload.get("id"));
    if payload.get("usage").is_some() {
        let mut counts = Counts::default();
        counts.take(payload.get("usage"));
        reading.usage = counts.usage();
    }
    let reason = payload.get("stop_reason").words();
    reading.finish_reasons(reason.clone().into_iter());
    if reading.keep.outputs {
        tell(read_parts(payload.get("content")), reason, reading);
    }
}

/// Tells what the model said, if it said anything.
fn tell(mut parts: Vec<Part<'_>>, reason: Option<Cow<'_, str>>, reading: &mut Reading) {
    // Thoughts that are not to be shown come without a word.
    parts.retain(|part| !part.is_empty());
    if !parts.is_empty() {
        reading.output(&[Message::answer(parts).stopped(reason)]);
    }
}

/// Counts as Anthropic reports them: what was read from the cache or written to it stands beside the input,
/// what was thought is part of the output.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    input: Option<i64>,
    cache_read: Option<i64>,
    cache_creation: Option<i64>,
    output: Option<i64>,
    thinking: Option<i64>,
    /// What the compactions of a conversation took beside all these, in the order of [`COMPACTED`].
    compacted: [Option<i64>; 4],
}

/// What is counted of a compaction.
const COMPACTED: [&str; 4] =
    ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"];

/// The sums over all compactions. Other iterations are part of the counts already (`message`,
/// `fallback_message`), or belong to another model, whose tokens are none of this one's (`advisor_message`).
fn compacted(iterations: Node<'_>) -> [Option<i64>; 4] {
    COMPACTED.map(|name| {
        let compactions = iterations.items().filter(|iteration| iteration.get("type").is("compaction"));
        compactions.filter_map(|iteration| tokens_of(iteration.get(name))).reduce(i64::saturating_add)
    })
}

impl Counts {
    /// Takes counts in the place of those before: in a stream each report is the sum of all so far, and
    /// says nothing of what has not changed.
    fn take(&mut self, usage: Node<'_>) {
        for (key, value) in usage.members() {
            let (count, value) = match &*key.text() {
                "input_tokens" => (&mut self.input, value),
                "cache_read_input_tokens" => (&mut self.cache_read, value),
                "cache_creation_input_tokens" => (&mut self.cache_creation, value),
                "output_tokens" => (&mut self.output, value),
                "output_tokens_details" => (&mut self.thinking, value.get("thinking_tokens")),
                "iterations" if value.is_array() => {
                    self.compacted = compacted(value);
                    continue;
                }
                _ => continue,
            };
            // A sum does not fall to nothing: servers that do not know a count any more say 0 at the end.
            *count = tokens_of(value).filter(|reported| *reported > 0 || count.is_none()).or(*count);
        }
    }

    /// The counts as the conventions want them, the input with both its cached parts. Their sum is known only
    /// where the input is.
    fn usage(&self) -> Usage {
        let sum = |one: Option<i64>, other: Option<i64>| {
            [one, other].into_iter().flatten().reduce(i64::saturating_add)
        };
        let [input, output, cache_read, cache_creation] = self.compacted;
        let cache_read = sum(self.cache_read, cache_read);
        let cache_creation = sum(self.cache_creation, cache_creation);
        let known = self.input.and(sum(self.input, input));
        Usage {
            input: known.and(sum(known, sum(cache_read, cache_creation))),
            output: self.output.and(sum(self.output, output)),
            total: None,
            cache_read,
            cache_creation,
            reasoning: self.thinking,
        }
    }
}
