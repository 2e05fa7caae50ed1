//! OpenAI chat completions (`POST /chat/completions`) and text completions (`POST /completions`), whole and
//! streamed, as OpenAI, Azure and the many compatible servers write them.
//! Source: the API reference, "Chat completion object" and "Chat completion chunk object".

mod chunks;
#[cfg(test)]
mod tests;

use super::{Chunks, Format, Reading, Wire, answer::Answer, error::WireError};
use crate::{
    config::MAX_MESSAGES,
    json::{Node, Object},
    messages::{Conversation, Message, Part, Text, answer},
    span::{Usage, tokens_of},
};

pub(super) use chunks::Choices;

pub(super) const WIRE: Wire = Wire {
    name: "openai_chat",
    format: Format::OpenAiChat,
    provider: Some("openai"),
    request,
    response,
    chunks: || Box::<Choices>::default(),
};

/// Request fields that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("model", "gen_ai.request.model"),
    ("max_tokens", "gen_ai.request.max_tokens"),
    // The newer name of the same limit, which wins where both are given.
    ("max_completion_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("top_k", "gen_ai.request.top_k"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
    ("seed", "gen_ai.request.seed"),
    ("stop", "gen_ai.request.stop_sequences"),
    ("reasoning_effort", "gen_ai.request.reasoning.level"),
];

/// Reads the body of a request.
pub(super) fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.parameters(payload, PARAMETERS);
    reading.text("gen_ai.request.reasoning.level", payload.at(&["reasoning", "effort"]));
    if payload.get("messages").is_some() {
        reading.input(payload.get("messages"));
    } else if reading.keep.inputs {
        let messages = reading.as_many_as_fit(prompts(payload.get("prompt")), MAX_MESSAGES);
        reading.conversation(&Conversation { messages, ..Conversation::default() });
    }
    let tools = ["tools", "functions"].into_iter().flat_map(|name| payload.get(name).items());
    reading.tools(tools, tool_definition);
}

/// What text completions continue: a text or tokens, or a list of one or the other. Each is a message, and
/// tokens stay numbers, for only the model's tokenizer knows their text.
fn prompts(prompt: Node<'_>) -> impl Iterator<Item = Message<'_>> {
    let is_list = prompt.items().any(|item| item.is_string() || item.is_array());
    let one = Some(prompt).filter(|prompt| prompt.is_some() && !is_list);
    prompt.items().filter(move |_| is_list).chain(one).map(|prompt| {
        let text = prompt.str().unwrap_or_else(|| prompt.compact().into());
        Message { role: "user".into(), parts: vec![Part::Text(text)], finish_reason: None }
    })
}

/// `{type, function: {name, ...}}` as `{type, name, ...}`, the shape that the conventions show; so are the
/// older functions without a type. What opens somebody else's server stays where it is.
pub(super) fn tool_definition(out: &mut String, tool: Node<'_>) {
    const SECRETS: [&str; 2] = ["authorization", "headers"];
    let kind = tool.get("type").str();
    let inner = tool.get(kind.as_deref().unwrap_or("function"));
    let (kind, members) = match (kind, inner.is_object()) {
        (kind, true) => (Some(kind.unwrap_or("function".into())), inner),
        (None, false) if tool.get("name").is_string() => (Some("function".into()), tool),
        (_, false) => (None, tool),
    };
    if !members.is_object() {
        return members.write(out);
    }
    let mut definition = Object::begin(out).maybe("type", kind.as_deref());
    for (key, value) in members.members().filter(|(key, _)| !SECRETS.contains(&&*key.text())) {
        definition = definition.entry(&key.text(), value);
    }
    definition.end();
}

/// Reads the body of an answer.
pub(super) fn response(payload: Node<'_>, reading: &mut Reading) {
    head(payload.get("model").str(), payload.get("id").str(), reading);
    reading.usage = usage_of(payload).unwrap_or(reading.usage);
    let choices = || payload.get("choices").items();
    if let Some(error) = choices().find_map(failure) {
        reading.fail(error);
    }
    reading.finish_reasons(choices().filter_map(|choice| choice.get("finish_reason").str()));
    if reading.keep.outputs {
        let said = reading.as_many_as_fit(choices().filter_map(choice), MAX_MESSAGES);
        reading.output(&said);
    }
}

fn head(model: Option<Text<'_>>, id: Option<Text<'_>>, reading: &mut Reading) {
    for (key, text) in [("gen_ai.response.model", model), ("gen_ai.response.id", id)] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            reading.attributes.set(key, text.into_owned());
        }
    }
}

/// `OpenRouter` says in a choice what went wrong after it had answered that all is well.
fn failure(choice: Node<'_>) -> Option<WireError> {
    let error = choice.get("error");
    error.is_object().then(|| WireError::of(error))
}

/// The message of a choice; text completions have only a text.
fn choice(choice: Node<'_>) -> Option<Message<'_>> {
    let message = choice.get("message");
    let said = match (message.is_some(), choice.get("text").str()) {
        (true, _) => answer(message),
        (false, text) => Message::answer(vec![Part::Text(text?)]),
    };
    Some(said.stopped(choice.get("finish_reason").words()))
}

/// What an answer or a chunk counts; Groq does so in a corner of its own.
fn usage_of(payload: Node<'_>) -> Option<Usage> {
    let counts =
        [payload.get("usage"), payload.at(&["x_groq", "usage"])].into_iter().find(|node| node.is_object());
    counts.map(usage).filter(|counts| *counts != Usage::default())
}

/// OpenAI counts cached tokens inside the prompt and reasoning inside the completion, as the conventions do.
/// `prompt_cache_hit_tokens` is DeepSeek's name, `cached_tokens` beside the others Moonshot's,
/// `num_cached_tokens` Mistral's.
pub(super) fn usage(usage: Node<'_>) -> Usage {
    let count = |path: &[&str]| tokens_of(usage.at(path));
    let counts = Usage {
        input: count(&["prompt_tokens"]),
        output: count(&["completion_tokens"]),
        total: count(&["total_tokens"]),
        cache_read: count(&["prompt_tokens_details", "cached_tokens"])
            .or_else(|| count(&["prompt_cache_hit_tokens"]))
            .or_else(|| count(&["cached_tokens"]))
            .or_else(|| count(&["num_cached_tokens"])),
        cache_creation: count(&["prompt_tokens_details", "cache_write_tokens"]),
        reasoning: count(&["completion_tokens_details", "reasoning_tokens"]),
    };
    Usage { output: output_with_reasoning(&counts).or(counts.output), ..counts }
}

/// xAI counts reasoning beside the completion, which shows in its total (xAI's documentation, "Consumption
/// and rate limits").
fn output_with_reasoning(counts: &Usage) -> Option<i64> {
    let all = counts.output?.checked_add(counts.reasoning?)?;
    (counts.total? == counts.input?.checked_add(all)?).then_some(all)
}
